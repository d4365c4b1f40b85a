"""Headers + payload -> bytes -> text: the only place that undoes a content encoding or a charset.

Serves articles, feeds and sitemaps, live or replayed from a WARC. Output is bounded however small
the input was. Refuses what it cannot read with `DecodeError`, which carries the `Reason`.
"""

from __future__ import annotations

import codecs
import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import brotli
import zstandard

from pipelines.records import Page, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ARTICLE_LIMIT = 8 * 1024 * 1024
"""Bytes that an article page may have once decompressed; the largest seen had 3 MB."""

_CHUNK = 64 * 1024
_MOST_ENCODINGS = 4
_HEAD = 4096
_REPLACED = 0.02
"""Largest share of characters that may be unreadable before a page counts as no text."""

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What XML and HTML forbid: C0 controls but tab, LF, CR; DEL; C1; lone surrogates; non-characters.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class DecodeError(Exception):
    """The payload cannot be read; becomes a `Rejected`."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def payload_of(page: Page, *, limit: int = ARTICLE_LIMIT) -> bytes:
    """Undo every content encoding, outermost first.

    A body that says it is gzip or deflate but is bare HTML or XML is taken as it is: proxies and
    archives undo an encoding and leave its header.

    Args:
        page: As served or as replayed.
        limit: Most bytes to return.

    Raises:
        DecodeError: `TOO_LARGE`, or `UNDECODABLE`: unknown, broken or broken-off encoding.
    """
    data = page.payload
    names = [
        name.strip().lower()
        for key, value in page.headers
        if key.lower() == "content-encoding"
        for name in value.split(",")
    ]
    names = [name for name in names if name not in ("", "identity", "none", "utf-8")]
    if len(names) > _MOST_ENCODINGS:
        raise DecodeError(Reason.UNDECODABLE, f"{len(names)} content encodings in a row")
    for name in reversed(names):
        data = _undone(name, data, limit)
    if len(data) > limit:
        raise DecodeError(Reason.TOO_LARGE, f"more than {limit} bytes")
    return data


def gunzipped(data: bytes, *, limit: int) -> bytes:
    """Undo gzip where the bytes are gzip whatever the headers say, as with `sitemap.xml.gz`.

    Raises:
        DecodeError: As `payload_of`.
    """
    return _undone("gzip", data, limit) if data[:2] == b"\x1f\x8b" else data


def text_of(page: Page, *, limit: int = ARTICLE_LIMIT) -> str:
    """Return the page as text without NULs and control characters.

    A byte order mark decides; then bytes that are valid UTF-8 and use it beyond ASCII, whatever is
    declared; then the charset of Content-Type, of `<meta>` or of the XML declaration; then
    windows-1252.

    Raises:
        DecodeError: As `payload_of`; `EMPTY`; `UNDECODABLE` too if the bytes are no text.
    """
    data = payload_of(page, limit=limit)
    if not data.strip():
        raise DecodeError(Reason.EMPTY, "no bytes")
    return text_from(data, page.header("content-type") or "")


def text_from(data: bytes, content_type: str = "") -> str:
    r"""Decode *data* as `text_of` does.

    Raises:
        DecodeError: `UNDECODABLE`: the bytes are no text.

    >>> text_from("kopi — teh".encode(), "text/html; charset=iso-8859-1")
    'kopi — teh'
    >>> text_from(b"caf\xe9", "text/html; charset=utf-8")
    'café'
    """
    for bom, charset in _BOMS:
        if data.startswith(bom):
            return _checked(data[len(bom) :].decode(charset, "replace"))
    declared = list(_declared(data, content_type))
    wide = next((charset for charset in declared if charset.startswith(("utf-16", "utf-32"))), None)
    if wide and b"\x00" in data[:_HEAD]:
        return _checked(data.decode(wide, "replace"))
    # ISO-2022-JP and the like are pure ASCII bytes, so only multi-byte UTF-8 overrules a header.
    escapes = any(charset.startswith(("iso2022", "hz", "utf-7")) for charset in declared)
    if not escapes or not data.isascii():
        try:
            return _checked(data.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    found = [_readable(data, charset) for charset in declared]
    found.append(_readable(data, "windows-1252"))
    return _checked(min(found, key=_unreadable))


def _declared(data: bytes, content_type: str) -> Iterator[str]:
    """Name the charsets that headers and markup declare, as Python calls them."""
    head = data[:_HEAD]
    found = [_CHARSET.search(content_type.encode("latin-1", "replace")), _XML_ENCODING.search(head)]
    found.append(_CHARSET.search(head))
    for match in found:
        name = match and _codec(match[1].decode("ascii").lower())
        if name:
            yield name


@lru_cache(maxsize=256)
def _codec(label: str) -> str | None:
    # Browsers read these labels as windows-1252 (WHATWG Encoding Standard, section 4.2).
    if label in ("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii", "iso8859-1"):
        return "windows-1252"
    try:
        info = codecs.lookup(label)
        "".encode(info.name)
        b"".decode(info.name)
    except (LookupError, UnicodeError, TypeError, ValueError):
        return None
    # rot13, hex, zlib and so on are codecs, too, but not of text.
    return info.name if getattr(info, "_is_text_encoding", True) else None


def _readable(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace")
    except (UnicodeError, ValueError):
        return "\ufffd" * len(data)


def _unreadable(text: str) -> int:
    return text.count("\ufffd") + len(_CONTROLS.findall(text))


def _checked(text: str) -> str:
    controls = len(_CONTROLS.findall(text))
    zeros = text.count("\x00")
    bad = text.count("\ufffd") + controls - zeros
    if bad > max(_REPLACED * len(text), 3) or zeros > len(text) // 4:
        raise DecodeError(
            Reason.UNDECODABLE, f"{bad} of {len(text)} characters are no text in any charset named"
        )
    # A second search for nothing would cost as much as the parser.
    return _CONTROLS.sub("", text) if controls else text


def _undone(name: str, data: bytes, limit: int) -> bytes:
    undo = _DECODERS.get(name)
    if undo is None:
        raise DecodeError(Reason.UNDECODABLE, f"unknown content encoding {name[:40]!r}")
    if not data:
        return data
    try:
        return undo(data, limit)
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError, MemoryError) as error:
        if data.lstrip()[:1] == b"<":
            return data
        detail = " ".join(str(error).split())[:120]
        raise DecodeError(Reason.UNDECODABLE, f"broken {name}: {detail}") from error


class _Sink:
    """Collects output up to a limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.chunks: list[bytes] = []

    def take(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self.limit:
            raise DecodeError(Reason.TOO_LARGE, f"more than {self.limit} bytes after decompression")
        self.chunks.append(chunk)


def _inflated(data: bytes, limit: int, wbits: int) -> bytes:
    """Inflate all members; what follows the last member and is no member is ignored."""
    sink = _Sink(limit)
    rest = data
    while rest:
        if sink.chunks and wbits > zlib.MAX_WBITS and rest[:2] != b"\x1f\x8b":
            break
        stream = zlib.decompressobj(wbits)
        chunk = rest
        while chunk and not stream.eof:
            sink.take(stream.decompress(chunk, _CHUNK))
            chunk = stream.unconsumed_tail
        sink.take(stream.flush())
        if not stream.eof:
            raise EOFError("ends in the middle")
        if wbits <= zlib.MAX_WBITS:
            break
        rest = stream.unused_data
    return b"".join(sink.chunks)


def _gzip(data: bytes, limit: int) -> bytes:
    return _inflated(data, limit, 16 + zlib.MAX_WBITS)


def _deflate(data: bytes, limit: int) -> bytes:
    # RFC 9110 section 8.4.1.2 means zlib, but some servers send raw deflate.
    try:
        return _inflated(data, limit, zlib.MAX_WBITS)
    except zlib.error:
        return _inflated(data, limit, -zlib.MAX_WBITS)


def _brotli(data: bytes, limit: int) -> bytes:
    sink = _Sink(limit)
    stream = brotli.Decompressor()
    sink.take(stream.process(data, output_buffer_limit=_CHUNK))
    while not stream.is_finished() and not stream.can_accept_more_data():
        sink.take(stream.process(b"", output_buffer_limit=_CHUNK))
    if not stream.is_finished():
        raise EOFError("ends in the middle")
    return b"".join(sink.chunks)


def _zstd(data: bytes, limit: int) -> bytes:
    sink = _Sink(limit)
    rest = data
    while rest:
        # RFC 8878 section 3.1.1.1.2 asks decoders for 8 MB of window at least; more is refused.
        stream = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024).decompressobj()
        for start in range(0, len(rest), 1024):
            sink.take(stream.decompress(rest[start : start + 1024]))
            if stream.eof:
                rest = stream.unused_data + rest[start + 1024 :]
                break
        else:
            raise EOFError("ends in the middle")
    return b"".join(sink.chunks)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
