from __future__ import annotations

from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fingerprint import near_hash
from pipelines.near import DISTANCE, originals

SENTENCES = [
    "Bupati meresmikan pasar ikan di tepi sungai pada Selasa pagi setelah dua tahun dibangun.",
    "Sebanyak seratus dua puluh pedagang pindah dari lapak lama yang sering terendam banjir.",
    "Menurut kepala dinas, sewa kios digratiskan selama enam bulan pertama bagi pedagang lama.",
    "Pembeli datang sejak subuh karena perahu nelayan kini dapat merapat tepat di belakang los.",
    "Seorang pedagang mengaku dagangannya habis sebelum siang, lebih cepat daripada dahulu.",
    "Pemerintah kabupaten menyiapkan pengolahan limbah agar air sungai tetap bersih.",
    "Jalan masuk diperlebar supaya mobil pengangkut es tidak lagi mengganggu lalu lintas.",
    "Tahap kedua, berupa gudang pendingin, dijadwalkan rampung sebelum musim hujan tahun depan.",
    "Warga berharap harga ikan turun karena jarak angkut dari dermaga menjadi lebih pendek.",
    "Dinas perhubungan menambah dua trayek angkutan yang berhenti di depan pasar itu.",
    "Petugas kebersihan bekerja dalam tiga giliran, dan setiap los memiliki saluran air sendiri.",
    "Pengelola menempelkan daftar harga harian di pintu masuk agar pembeli dapat membandingkan.",
]
BODY = "\n".join(SENTENCES * 2)


def places(*hashes: int) -> list[int]:
    found: list[int] = originals(np.array(hashes, np.uint64)).tolist()
    return found


def places_of(*texts: str) -> list[int]:
    return places(*(int(near_hash(text), 16) for text in texts))


def one_by_one(hashes: list[int]) -> list[int]:
    """Say the same by comparing each with each."""
    found: list[int] = []
    for young, value in enumerate(hashes):
        near = (
            old
            for old in range(young)
            if found[old] < 0 and (value ^ hashes[old]).bit_count() <= DISTANCE
        )
        found.append(next(near, -1))
    return found


def test_the_same_text_with_an_agency_in_front_repeats_it() -> None:
    other = " ".join(reversed(BODY.split()))
    assert places_of(BODY, f"Jakarta (ANTARA) - {BODY}", other, BODY.upper()) == [-1, 0, -1, 0]


def test_the_oldest_is_the_original_wherever_the_others_stand() -> None:
    assert places(31, 1 << 63, 31, (1 << 63) + 1, 31) == [-1, -1, 0, 1, 0]


def test_three_bits_are_near_and_four_are_not() -> None:
    assert places(0, 0b111) == [-1, 0]
    assert places(0, 0b1111) == [-1, -1]
    assert places(0, (1 << 63) | (1 << 31) | 1) == [-1, 0]


def test_there_are_no_chains() -> None:
    assert places(0, 0b111, 0b111111, 0b1111111) == [-1, 0, -1, 2]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 0xFFFF, 0x123456789ABCDEF0]),
            st.lists(st.integers(0, 63), max_size=4),
        ),
        max_size=60,
    )
)
def test_banding_finds_what_comparing_each_with_each_finds(
    drawn: list[tuple[int, list[int]]],
) -> None:
    hashes = [value ^ sum(1 << bit for bit in set(bits)) for value, bits in drawn]
    assert one_by_one(hashes) == places(*hashes)


def test_blocks_too_large_to_compare_are_told_apart_by_other_bits() -> None:
    random = np.random.default_rng(3)
    hashes = random.integers(0, 2**24, 1_500, dtype=np.uint64)  # all share 40 bits
    assert one_by_one(hashes.tolist()) == originals(hashes).tolist()


@pytest.mark.parametrize("kind", ["alike", "different", "sharing a band"])
def test_time_does_not_grow_with_the_square(kind: str) -> None:
    random = np.random.default_rng(5)
    hashes = random.integers(0, 2**64 - 1, 100_000, dtype=np.uint64)
    hashes &= np.uint64({"alike": 0, "different": 2**64 - 1, "sharing a band": 2**48 - 1}[kind])
    started = process_time()
    found = originals(hashes)
    assert process_time() - started < 10  # each with each would take minutes
    assert (found >= 0).sum() == (99_999 if kind == "alike" else 0)


def test_no_hash_is_no_duplicate() -> None:
    assert places() == []
    assert places(5) == [-1]
