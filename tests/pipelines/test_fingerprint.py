from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fingerprint import content_hash, near_hash, simhash

BODY = (
    "Pemerintah kota menaikkan tarif bus mulai pekan depan setelah tiga tahun tidak berubah. "
    "Kenaikan itu diumumkan wali kota dalam rapat bersama dewan pada Senin pagi. Warga yang "
    "memakai kartu langganan tetap membayar tarif lama sampai akhir tahun ini. Para pengemudi "
    "meminta agar jadwal malam ditambah karena penumpang terus bertambah sejak awal tahun."
)


def distance(one: str, other: str) -> int:
    return (int(near_hash(one), 16) ^ int(near_hash(other), 16)).bit_count()


def test_white_space_and_normal_form_do_not_count() -> None:
    assert content_hash("Café", "satu  dua\ntiga") == content_hash("Cafe\u0301 ", "satu dua tiga")


def test_title_and_body_are_apart() -> None:
    assert content_hash("satu", "dua tiga") != content_hash("satu dua", "tiga")


def test_near_duplicates_are_near() -> None:
    edited = BODY.replace("Senin pagi", "Senin siang")
    other = " ".join(reversed(BODY.split()))
    assert distance(BODY, BODY.upper().replace(",", "")) == 0
    assert distance(BODY, edited) < 16 < distance(BODY, other)


def test_simhash_needs_a_shingle() -> None:
    with pytest.raises(ValueError, match="wanted at least 4 words, found 2"):
        simhash("dua kata")


@given(st.text(max_size=80))
def test_every_text_has_a_near_hash(text: str) -> None:
    assert len(near_hash(text)) == 16
