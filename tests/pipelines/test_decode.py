from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime

import brotli
import pytest
import zstandard

from pipelines.decode import DecodeError, gunzipped, payload_of, text_from, text_of
from pipelines.records import Page, Reason

TEXT = "<p>Kopi — teh, “kutipan” café</p>" * 200
UTF8 = TEXT.encode()


def page(payload: bytes, *headers: tuple[str, str]) -> Page:
    return Page(
        url="https://contoh.id/a",
        final_url="https://contoh.id/a",
        status=200,
        headers=headers,
        payload=payload,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def encoded(payload: bytes, encoding: str) -> Page:
    return page(payload, ("content-ENCODING", encoding))


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


PACKED = {
    "gzip": (gzip.compress(UTF8), "gzip"),
    "x-gzip in capitals": (gzip.compress(UTF8), "X-GZIP"),
    "two members": (gzip.compress(UTF8[:100]) + gzip.compress(UTF8[100:]), "gzip"),
    "rubbish behind": (gzip.compress(UTF8) + b"\0\0\0", "gzip"),
    "deflate": (zlib.compress(UTF8), "deflate"),
    "raw deflate": (raw_deflate(UTF8), "deflate"),
    "br": (brotli.compress(UTF8), "br"),
    "zstd": (zstandard.compress(UTF8), "zstd"),
    "two in a row": (gzip.compress(brotli.compress(UTF8)), "br, gzip"),
    "identity": (UTF8, "identity"),
    "says gzip, is not": (UTF8, "gzip"),
}


@pytest.mark.parametrize(("data", "encoding"), PACKED.values(), ids=PACKED)
def test_content_encodings_are_undone(data: bytes, encoding: str) -> None:
    assert payload_of(encoded(data, encoding)) == UTF8


BROKEN = {
    "gzip, broken off": (gzip.compress(UTF8)[:-20], "gzip"),
    "gzip, bad checksum": (gzip.compress(UTF8)[:-8] + bytes(8), "gzip"),
    "br, broken off": (brotli.compress(UTF8)[:-5], "br"),
    "zstd, broken off": (zstandard.compress(UTF8)[:-5], "zstd"),
    "rubbish": (b"\x01\x02\x03", "br"),
    "unknown": (UTF8, "rot13"),
    "too many": (UTF8, "gzip, gzip, gzip, gzip, gzip"),
}


@pytest.mark.parametrize(("data", "encoding"), BROKEN.values(), ids=BROKEN)
def test_broken_encodings_are_undecodable(data: bytes, encoding: str) -> None:
    with pytest.raises(DecodeError) as caught:
        payload_of(encoded(data, encoding))
    assert caught.value.reason == Reason.UNDECODABLE


BOMBS = {
    "gzip": (gzip.compress(bytes(50_000_000)), "gzip"),
    "br": (brotli.compress(bytes(50_000_000), quality=5), "br"),
    "zstd": (zstandard.compress(bytes(50_000_000)), "zstd"),
    "plain": (bytes(2_000_000), "identity"),
}


@pytest.mark.parametrize(("data", "encoding"), BOMBS.values(), ids=BOMBS)
def test_output_is_bounded(data: bytes, encoding: str) -> None:
    with pytest.raises(DecodeError) as caught:
        payload_of(encoded(data, encoding), limit=1_000_000)
    assert caught.value.reason == Reason.TOO_LARGE


def test_gzip_is_known_by_its_bytes() -> None:
    assert gunzipped(gzip.compress(UTF8), limit=10**6) == UTF8
    assert gunzipped(UTF8, limit=10**6) == UTF8


CHARSETS = {
    "header": (TEXT.encode("cp1252"), "text/html; charset=windows-1252"),
    "lying header": (UTF8, "text/html; charset=ISO-8859-1"),
    "lying the other way": (TEXT.encode("cp1252"), "text/html; charset=utf-8"),
    "nothing said, UTF-8": (UTF8, "text/html"),
    "nothing said, windows-1252": (TEXT.encode("cp1252"), ""),
    "unknown charset": (UTF8, "text/html; charset=klingon"),
    "a codec that is no charset": (UTF8, "text/html; charset=rot13"),
    "BOM": (b"\xef\xbb\xbf" + UTF8, "text/html; charset=iso-8859-1"),
    "UTF-16": (TEXT.encode("utf-16"), "text/html"),
    "UTF-16 by header": (TEXT.encode("utf-16-le"), "text/html; charset=utf-16le"),
}


@pytest.mark.parametrize(("data", "content_type"), CHARSETS.values(), ids=CHARSETS)
def test_charsets(data: bytes, content_type: str) -> None:
    assert text_of(page(data, ("Content-Type", content_type))) == TEXT


def test_charset_of_meta() -> None:
    html = '<meta charset="iso-8859-2"><p>łódź</p>'
    assert text_from(html.encode("iso-8859-2")) == html


def test_controls_are_stripped() -> None:
    assert text_from(b"sa\x00tu\x08 dua\x7f\ttiga\n") == "satu dua\ttiga\n"


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00\x01" * 500, b"\x81\x8d" * 500])
def test_bytes_that_are_no_text_are_undecodable(data: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        text_from(data)
    assert caught.value.reason == Reason.UNDECODABLE


def test_no_bytes_are_empty() -> None:
    with pytest.raises(DecodeError) as caught:
        text_of(page(b" \n"))
    assert caught.value.reason == Reason.EMPTY
