"""Someone else's WARC file as a stream of bytes -> its records, one at a time, in bounded memory.

Plain, gzip or zstd (with or without the dictionary of IIPC's *WARC-zstd 1.0*), a member per record
or one for all; WARC 0.18 to 1.1. A damaged record costs itself: reading goes on at the next member
or frame that begins with a record, in one stream at the next line that does. What was damaged is
told, never guessed.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

import zstandard

from pipelines.store.warc import Raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LARGEST_TRUSTED = 2**30
"""Bytes that a record may claim to have before its end is looked for instead of believed."""

_VERSION = re.compile(rb"WARC/[0-9]\.[0-9]{1,2}[ \t]*\r?")
_BEGIN = b"WARC/"
_AGAIN = re.compile(rb"(?:\A|\n)(?=WARC/[0-9]\.[0-9]{1,2}[ \t]*\r?\n)")
_AGAIN_BYTES = 32
_HEADERS_BYTES = 64 * 1024
"""Of one record; real ones have less than 2 kB."""
_STEP = 64 * 1024
_BITE = 1024
"""Bytes of zstd at a time: they can unpack to 45 MB, and nothing bounds that from inside."""
_BITES = 8 * 1024
"""Bytes of gzip at a time; what lies behind a member is copied, and members may be tiny."""
_WINDOW = 128 * 2**20
"""Bytes; what `zstd --long` uses and its command line accepts without being told."""
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_LARGEST_DICTIONARY = 16 * 2**20
_FAULTS = 5
_BLANKS = b"\r\n"
_BLANKS_BYTES = 8
"""At most, between two records."""

Kind = Literal["record", "more", "end", "broken", "over"]
"""Of a piece: a record is known to begin with it; it goes on; a member ends, its checksum right;
bytes are missing; there are no more."""
Piece = tuple[Kind, bytes]


class _BrokenError(Exception):
    """The compressed stream cannot be followed any further, or not from here."""


@dataclass(slots=True)
class Account:
    """What reading a file came upon."""

    records: int = 0
    """Whole ones, of whatever type."""
    damaged: int = 0
    faults: list[str] = field(default_factory=list)
    """What was wanted and found, the first few."""

    def fault(self, line: str) -> None:
        """Note one damage."""
        self.damaged += 1
        if len(self.faults) < _FAULTS:
            self.faults.append(line)


def records_in(
    chunks: Iterable[bytes],
    wants: Callable[[dict[str, str], int], bool],
    account: Account,
) -> Iterator[Raw]:
    """Yield the whole records that are wanted; a file without bytes has none.

    Args:
        chunks: The file, compressed or not.
        wants: Is asked with a record's own headers, by names in lower case, and the bytes of its
            block, before any of the block is held in memory.
        account: Is told what there was.
    """
    sections = _Sections(_pieces(_Raws(chunks), account))
    while sections.advance():
        yield from _section(sections, wants, account)


def _section(
    text: _Sections, wants: Callable[[dict[str, str], int], bool], account: Account
) -> Iterator[Raw]:
    """Yield the records of one section: each follows the one before."""
    while text.skip_blanks():
        try:
            headers, length = _head(text)
            is_wanted = length <= LARGEST_TRUSTED and wants(headers, length)
            block = text.take(length) if is_wanted else b""
            if not is_wanted:
                _pass_over(text, length)
            _end(text)
        except _BrokenError as error:
            if not text.is_broken:  # that was told already
                account.fault(str(error))
            if not text.find_again()[1]:
                return
            continue
        account.records += 1
        if is_wanted:
            yield Raw(headers, block)


def _head(text: _Sections) -> tuple[dict[str, str], int]:
    """Read a record's own headers; of a repeated one the first counts."""
    version = text.line()
    if not _VERSION.fullmatch(version):
        raise _BrokenError(f"wanted a WARC record, found {_shown(version)}")
    headers: dict[str, str] = {}
    name, size = "", len(version)
    while line := text.line().removesuffix(b"\r"):
        size += len(line)
        if size > _HEADERS_BYTES:
            raise _BrokenError(f"wanted {_HEADERS_BYTES} bytes of record headers at most")
        if line[:1] in (b" ", b"\t") and name:  # folded, as WARC 1.0 allows
            headers[name] += " " + line.strip().decode("utf-8", "replace")
            continue
        key, colon, value = line.partition(b":")
        name = key.strip().decode("utf-8", "replace").lower() if colon else ""
        if name and name not in headers:
            headers[name] = value.strip().decode("utf-8", "surrogateescape")
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 19):  # noqa: PLR2004  of 2**63
        raise _BrokenError(f"wanted the record's Content-Length, found {length[:40]!r}")
    return headers, int(length)


def _pass_over(text: _Sections, length: int) -> None:
    """Pass over a block; of one beyond belief no further than to the next record."""
    if length <= LARGEST_TRUSTED:
        text.skip(length)
        return
    passed, _ = text.find_again()
    if not length <= passed <= length + _BLANKS_BYTES:
        raise _BrokenError(f"wanted a block of {length} bytes, found {passed}")


def _end(text: _Sections) -> None:
    """See that a record ends where it says: blank lines, then the next one or the section's end."""
    if text.skip_blanks() and text.peek(len(_BEGIN)) != _BEGIN:
        raise _BrokenError(f"wanted the end of a record, found {_shown(text.peek(20))}")
    if text.is_doubtful():
        raise _BrokenError("wanted a whole record, found the end of what can be read")


def _shown(data: bytes) -> str:
    return repr(data[:40].decode("latin-1"))


class _Raws:
    """The file's own bytes, with a look ahead."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._held = b""
        self._at = 0

    def peek(self, count: int) -> bytes:
        """Return the bytes that follow, fewer at the end."""
        while len(self._held) - self._at < count and (chunk := next(self._chunks, b"")):
            self._held, self._at = self._held[self._at :] + chunk, 0
        return self._held[self._at : self._at + count]

    def take(self, most: int) -> bytes:
        """Take some of the bytes that follow, none at the end."""
        self.peek(1)
        taken = self._held[self._at : self._at + most]
        self._at += len(taken)
        return taken

    def give_back(self, count: int) -> None:
        """Put back bytes of those that were taken last."""
        self._at -= count

    def skip(self, count: int) -> bool:
        """Pass over bytes; `False` if there are not so many."""
        while count and (taken := self.take(min(count, _STEP))):
            count -= len(taken)
        return not count

    def find(self, magic: bytes) -> bool:
        """Go to the next *magic*; `False` at the end."""
        while len(self.peek(len(magic))) == len(magic):
            place = self._held.find(magic, self._at)
            if place >= 0:
                self._at = place
                return True
            self._at = len(self._held) - len(magic) + 1
        return False


def _pieces(raw: _Raws, account: Account) -> Iterator[Piece]:
    """Undo the compression."""
    start = raw.peek(4)
    if not start:
        return
    if start.startswith(_GZIP):
        yield from _members(raw, account, _GZIP, _unzipped)
    elif start == _ZSTD or _SKIPPABLE.match(start):
        try:
            undo = _zstd(_dictionary(raw))
        except _BrokenError as error:
            account.fault(str(error))
            return
        yield from _members(raw, account, _ZSTD, undo)
    else:
        while piece := raw.take(_STEP):
            yield "more", piece


class _Undo(Protocol):
    def __call__(self, raw: _Raws) -> Iterator[bytes]:
        """Yield one member's bytes in pieces of bounded size."""


def _members(raw: _Raws, account: Account, magic: bytes, undo: _Undo) -> Iterator[Piece]:
    """Yield what members hold; behind a broken one only those that begin with a record."""
    is_broken = False
    while raw.peek(1):
        if raw.peek(len(magic)) != magic:
            if not is_broken and _is_no_data(raw):
                continue
            if not is_broken:
                account.fault(f"wanted a compressed member, found {_shown(raw.peek(20))}")
            is_broken = True
            if not raw.find(magic):
                return
        try:
            for kind, piece in _member(undo(raw)):
                is_broken = is_broken and kind != "record"
                if not is_broken:
                    yield kind, piece
        except _BrokenError as error:
            if not is_broken:
                account.fault(str(error))
                yield "broken", b""
            is_broken = True


def _member(pieces: Iterator[bytes]) -> Iterator[Piece]:
    """Tell of a member whether a record begins with it."""
    begun = b""
    for piece in pieces:
        begun += piece
        if len(begun) >= len(_BEGIN):
            break
    yield "record" if begun.startswith(_BEGIN) else "more", begun
    for piece in pieces:
        yield "more", piece
    yield "end", b""


def _is_no_data(raw: _Raws) -> bool:
    """Pass over what is no member but no damage: zeros at the end, frames to be skipped."""
    if raw.peek(1) == b"\0":
        while zeros := raw.take(_BITE):
            if rest := len(zeros.lstrip(b"\0")):
                raw.give_back(rest)
                break
        return True
    head = raw.peek(8)
    if _SKIPPABLE.match(head):
        return raw.skip(8 + int.from_bytes(head[4:], "little"))
    return False


def _unzipped(raw: _Raws) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=31)
    while not member.eof:
        chunk = raw.take(_BITES)
        if not chunk:
            raise _BrokenError("wanted the rest of a gzip member, found the end of the file")
        rest = chunk
        while rest and not member.eof:
            try:
                piece = member.decompress(rest, _STEP)
            except zlib.error as error:
                raw.give_back(len(chunk) - 1)  # the next member may have begun in it
                raise _BrokenError(f"wanted a gzip member, found: {error}") from error
            rest = member.unconsumed_tail
            yield piece
    raw.give_back(len(member.unused_data))


def _zstd(dictionary: zstandard.ZstdCompressionDict | None) -> _Undo:
    def unpacked(raw: _Raws) -> Iterator[bytes]:
        frame = zstandard.ZstdDecompressor(
            dict_data=dictionary, max_window_size=_WINDOW
        ).decompressobj()
        while not frame.eof:
            chunk = raw.take(_BITE)
            if not chunk:
                raise _BrokenError("wanted the rest of a zstd frame, found the end of the file")
            try:
                yield frame.decompress(chunk)
            except (zstandard.ZstdError, MemoryError) as error:
                raw.give_back(len(chunk) - 1)
                raise _BrokenError(f"wanted a zstd frame, found: {error}") from error
        raw.give_back(len(frame.unused_data))

    return unpacked


def _dictionary(raw: _Raws) -> zstandard.ZstdCompressionDict | None:
    """Take the dictionary in front of all records, if there is one.

    Source: IIPC, *Zstandard compression for WARC files 1.0*: a skippable frame that holds it, bare
    or as a zstd frame.
    """
    if raw.peek(4) != _DICTIONARY:
        return None
    size = int.from_bytes(raw.peek(8)[4:], "little")
    if not 0 < size <= _LARGEST_DICTIONARY or len(raw.peek(8 + size)) < 8 + size:
        raise _BrokenError(f"wanted a dictionary, found a frame of {size} bytes or fewer")
    raw.skip(8)
    data = b""
    while len(data) < size:
        data += raw.take(size - len(data))
    if data.startswith(_ZSTD):
        try:
            data = b"".join(_bounded(_zstd(None)(_Raws([data]))))
        except _BrokenError as error:
            raise _BrokenError(f"wanted a dictionary, found: {error}") from error
    return zstandard.ZstdCompressionDict(data)


def _bounded(pieces: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > _LARGEST_DICTIONARY:
            raise _BrokenError(f"more than {_LARGEST_DICTIONARY} bytes")
        yield piece


class _Sections:
    """Decompressed bytes, in sections that begin with a record for sure."""

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self._pieces = pieces
        self._data = bytearray()
        self._next: bytes | None = None
        """The first piece of the section that follows."""
        self._unchecked = 0
        """Bytes that came since a member ended."""
        self._is_begun = False
        self._is_over = False
        self.is_broken = False
        """Whether what follows this section's bytes could not be read."""

    def advance(self) -> bool:
        """Go to the next section, whatever is left of this one; `False` if there is none."""
        self._data.clear()
        while self._next is None and not self._is_over:
            self.is_broken = False
            while self._more():
                self._data.clear()
        if self._next is None:
            return False
        self._data += self._next
        self._next = None
        self._unchecked = len(self._data)
        self.is_broken = False
        return True

    def peek(self, count: int) -> bytes:
        """Return the bytes that follow, fewer at the section's end."""
        while len(self._data) < count and self._more():
            pass
        return bytes(self._data[:count])

    def line(self) -> bytes:
        """Take a line without its line feed."""
        searched = 0
        while (place := self._data.find(b"\n", searched)) < 0:
            searched = len(self._data)
            if searched > _HEADERS_BYTES or not self._more():
                raise _BrokenError("wanted a record's headers, found no end of them")
        line = bytes(self._data[:place])
        del self._data[: place + 1]
        return line

    def take(self, count: int) -> bytes:
        """Take so many bytes."""
        while len(self._data) < count and self._more():
            pass
        if len(self._data) < count:
            raise _BrokenError(f"wanted a block of {count} bytes, found {len(self._data)}")
        taken = bytes(self._data[:count])
        del self._data[:count]
        return taken

    def skip(self, count: int) -> None:
        """Pass over so many bytes."""
        left = count
        while left > len(self._data):
            left -= len(self._data)
            self._data.clear()
            if not self._more():
                raise _BrokenError(f"wanted a block of {count} bytes, found {count - left}")
        del self._data[:left]

    def is_doubtful(self) -> bool:
        """Tell whether bytes were taken of a member that turned out to be broken."""
        return self.is_broken and self._unchecked > len(self._data)

    def skip_blanks(self) -> bool:
        """Pass over line breaks; `False` at the section's end."""
        while self._data or self._more():
            rest = self._data.lstrip(_BLANKS)
            if rest:
                del self._data[: len(self._data) - len(rest)]
                return True
            self._data.clear()
        return False

    def find_again(self) -> tuple[int, bool]:
        """Go to the next line in this section that begins a record, or to its end.

        Returns:
            How many bytes were passed, and whether there is such a line.
        """
        passed = 0
        while (found := _AGAIN.search(self._data)) is None:
            spare = max(0, len(self._data) - _AGAIN_BYTES)
            passed += spare
            del self._data[:spare]
            if not self._more():
                passed += len(self._data)
                self._data.clear()
                return passed, False
        del self._data[: found.end()]
        return passed + found.end(), True

    def _more(self) -> bool:
        """Take in another piece of this section."""
        while self._next is None and not (self.is_broken or self._is_over):
            kind, piece = next(self._pieces, ("over", b""))
            if kind == "record" or (piece and not self._is_begun):
                self._next, self._is_begun = piece, True
            elif piece:
                self._data += piece
                self._unchecked += len(piece)
                return True
            elif kind == "end":
                self._unchecked = 0
            elif kind == "broken":
                self.is_broken = True
            elif kind == "over":
                self._is_over = True
        return False
