"""Records of files that others wrote, whole and damaged."""

from __future__ import annotations

import gzip
import os
import struct
from typing import TYPE_CHECKING

import pytest
import zstandard

from pipelines.store.foreign import Account, records_in

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 2**20


def record(name: object, body: bytes = b"<p>isi</p>", *, length: int | None = None,
           version: str = "WARC/1.0", more: str = "") -> bytes:  # fmt: skip
    """Write a record as another crawler would."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"{version}\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.id/{name}\r\n{more}"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def read(data: bytes, *, step: int = 2**20) -> tuple[str, Account]:
    """Read a file and return the names of the records that were whole."""
    account = Account()
    chunks = (data[start : start + step] for start in range(0, len(data), step))
    found = records_in(chunks, lambda _, length: length <= MOST, account)
    return "".join(one.headers["warc-target-uri"][-1] for one in found), account


def compressed(*records: bytes) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def zstd(*records: bytes) -> bytes:
    compressor = zstandard.ZstdCompressor(write_checksum=True)
    return b"".join(compressor.compress(one) for one in records)


def with_dictionary(*, is_compressed: bool) -> bytes:
    """Write what IIPC's WARC-zstd 1.0 describes: a dictionary in a frame to be skipped."""
    samples: list[bytes | bytearray | memoryview[int]] = [
        record(n, b"<p>berita nomor %d dari desa</p>" % n) for n in range(400)
    ]
    dictionary = zstandard.train_dictionary(1500, samples)
    blob = dictionary.as_bytes()
    if is_compressed:
        blob = zstandard.ZstdCompressor().compress(blob)
    compressor = zstandard.ZstdCompressor(dict_data=dictionary)
    frames = b"".join(compressor.compress(record(one)) for one in "abc")
    return b"\x5d\x2a\x4d\x18" + struct.pack("<I", len(blob)) + blob + frames


ABC = [record(one) for one in "abc"]
NOISE = os.urandom(3_000)


def flipped(data: bytes) -> bytes:
    """Turn one byte over."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


@pytest.mark.parametrize("step", [1, 7, 2**20])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"".join(ABC), id="plain"),
        pytest.param(compressed(*ABC), id="a member per record"),
        pytest.param(compressed(b"".join(ABC)), id="one member"),
        pytest.param(
            compressed(*(b"".join(ABC)[n : n + 61] for n in range(0, len(b"".join(ABC)), 61))),
            id="members cut anywhere",
        ),
        pytest.param(compressed(*ABC) + bytes(100), id="zeros at the end"),
        pytest.param(zstd(*ABC), id="zstd"),
        pytest.param(with_dictionary(is_compressed=False), id="zstd with a dictionary"),
        pytest.param(with_dictionary(is_compressed=True), id="zstd with a compressed one"),
        pytest.param(
            b"".join(record(n, version=v) for n, v in zip("abc", ("WARC/0.18", "WARC/1.0",
                                                                  "WARC/1.1"), strict=True)),
            id="versions",
        ),
        pytest.param(
            b"".join(record(n, more="X-Long: one\r\n two\r\n") for n in "abc"), id="folded"
        ),
    ],
)  # fmt: skip
def test_whole_files_are_read_however_they_are_packed(data: bytes, step: int) -> None:
    assert read(data, step=step) == ("abc", Account(records=3))


@pytest.mark.parametrize("step", [7, 2**20])
@pytest.mark.parametrize(
    ("data", "whole"),
    [
        pytest.param(compressed(*ABC)[:-30], "ab", id="torn gzip"),
        pytest.param(b"".join(ABC)[:-30], "ab", id="torn"),
        pytest.param(compressed(ABC[0], record("b", NOISE), ABC[2])[:-20], "ab", id="torn last"),
        pytest.param(zstd(*ABC)[:-5], "ab", id="torn zstd"),
        pytest.param(
            compressed(ABC[0]) + flipped(compressed(record("b", NOISE))) + compressed(ABC[2]),
            "ac",
            id="a wrong byte",
        ),
        pytest.param(
            zstd(ABC[0]) + flipped(zstd(record("b", NOISE))) + zstd(ABC[2]), "ac", id="in zstd"
        ),
        pytest.param(
            compressed(ABC[0]) + b"no member at all" + compressed(ABC[2]), "ac", id="garbage"
        ),
        pytest.param(
            compressed(ABC[0], record("b", length=10 * 2**30), ABC[2]), "ac", id="10 GB gzip"
        ),
        pytest.param(
            ABC[0] + record("b", length=10 * 2**30) + ABC[2], "ac", id="10 GB plain"
        ),
        pytest.param(compressed(ABC[0], record("b", length=400), ABC[2]), "ac", id="too long"),
        pytest.param(compressed(ABC[0], record("b", length=48), ABC[2]), "ac", id="too short"),
        pytest.param(ABC[0] + record("b", length=48) + ABC[2], "ac", id="too short, plain"),
        pytest.param(ABC[0] + record("b", length=-1) + ABC[2], "ac", id="negative"),
        pytest.param(
            ABC[0] + record("b").replace(b"Content-Length", b"X-Length") + ABC[2], "ac", id="none"
        ),
        pytest.param(ABC[0] + b"WARC/1.0\r\nX: " + b"y" * 200_000 + b"\r\n\r\n" + ABC[2], "ac",
                     id="endless headers"),
        pytest.param(b"<html>bukan arsip</html>\n" * 50, "", id="no WARC"),
        pytest.param(compressed(b"<html>bukan arsip</html>"), "", id="no WARC, gzip"),
        pytest.param(b"\x5d\x2a\x4d\x18\xff\xff\xff\xff", "", id="4 GB dictionary"),
    ],
)  # fmt: skip
def test_a_damaged_record_costs_itself(data: bytes, whole: str, step: int) -> None:
    found, account = read(data, step=step)
    assert whole == found
    assert account.records == len(whole)
    assert account.damaged == len(account.faults) == 1


def test_a_large_record_that_is_not_wanted_is_passed_over() -> None:
    large = record("b", b"x" * (MOST + 1))
    assert read(ABC[0] + large + ABC[2]) == ("ac", Account(records=3))
    assert read(compressed(ABC[0], large, ABC[2])) == ("ac", Account(records=3))


def test_what_unpacks_to_gigabytes_is_held_in_bounded_memory(
    peak_bytes: Callable[[Callable[[], object]], int],
) -> None:
    zeros = bytes(2**20)
    packer = gzip.compress
    block = b"HTTP/1.1 200 OK\r\n\r\n"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {len(block) + 2**28}\r\n\r\n"
    bomb = packer(head.encode() + block + zeros * 256 + b"\r\n\r\n")
    assert peak_bytes(lambda: read(bomb + compressed(ABC[0]))) < 16 * 2**20
    small = zstandard.ZstdCompressor().compress(head.encode() + block + zeros * 256 + b"\r\n\r\n")
    assert peak_bytes(lambda: read(small)) < 128 * 2**20


@pytest.fixture
def peak_bytes() -> Callable[[Callable[[], object]], int]:
    """Tell how much Python allocated at most while something ran."""
    import tracemalloc  # noqa: PLC0415  it slows everything that runs beside it

    def measured(work: Callable[[], object]) -> int:
        tracemalloc.start()
        try:
            work()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return measured


def test_no_file_of_random_bytes_fails_or_hangs() -> None:
    good = compressed(*ABC) + zstd(*ABC)
    for seed in range(60):
        place = seed * 7 % len(good)
        mixed = good[:place] + NOISE[seed : seed + 40] + good[place:]
        found, account = read(mixed)
        assert set(found) <= set("abc")
        assert account.damaged
