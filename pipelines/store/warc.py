"""Pages in, WARC 1.1 out, and the same pages back: one gzip member per record.

A record is flushed when `append` returns. Reading stops at a torn last record and never guesses.
Three fields go beyond ISO 28500, for facts that it has no place for: `Kliping-Role`,
`Kliping-Requested-URI` (where it differs from the target) and `Kliping-Header-Charset` (where HTTP
headers held characters beyond ISO 8859-1). The parts of a page are named in a `metadata` record.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import uuid
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from pipelines.errors import ArchiveError
from pipelines.records import Capture, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipelines.store.archive import Archive

Role = Literal["article", "source", "part"]

LARGEST_RECORD = 256 * 2**20
"""Bytes of a record's block, uncompressed; longer ones are no pages and are passed over."""

_GZIP_LEVEL = 6
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_SIZE = 1_000
"""Bytes of the line before a chunk, its extensions included."""
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?")
_STATUS = re.compile(r"[0-9]{3}")
_UNSAFE_IN_URI = re.compile(r"[\x00-\x20\x7f]")
_DATE = "%Y-%m-%dT%H:%M:%S.%fZ"


class NoPageError(ArchiveError):
    """The bytes at that place are no page: forgotten, or damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A page as it lies in a WARC file."""

    page: Page
    """Without `item` and `parts`; of a revisit, without the payload."""
    record_id: str
    """`urn:uuid:…`"""
    offset: int
    length: int
    """Bytes up to the next record."""
    digest: str
    """Of the payload as sent; of a revisit, of the payload it stands for."""
    role: Role | None
    """`None` in files that Kliping did not write."""
    refers_to: str | None
    """The record id of the page that a revisit repeats."""
    is_revisit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A whole segment, read back."""

    info: dict[str, str]
    """What the warcinfo record says."""
    records: tuple[Record, ...]
    parts: dict[str, tuple[str, ...]]
    """Record id of a page -> record ids of its further pages, in order."""


def digest_of(payload: bytes) -> str:
    """Return the digest that WARC records and `captures` carry.

    >>> digest_of(b"")
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return _labelled(hashlib.sha1(payload, usedforsecurity=False).digest())


class SegmentFile:
    """A WARC file being written.

    Args:
        path: Where; must not exist.
        info: Fields of the first record, which says how the file came about.
    """

    def __init__(self, path: Path, info: dict[str, str]) -> None:
        self.path = path
        self.size_bytes = 0
        self._file = path.open("xb", buffering=0)
        fields = {"format": "WARC File Format 1.1", **info}
        block = "".join(f"{key}: {_one_line(value)}\r\n" for key, value in fields.items())
        record, self._info_id = _new_record(WarcRecordType.warcinfo, datetime.now(UTC))
        record.headers.set("WARC-Filename", path.name)
        record.headers.set("Content-Type", "application/warc-fields")
        self._write(record, block.encode())

    def append(self, page: Page, *, role: Role, refers_to: Capture | None = None) -> Record:
        """Write a page; with *refers_to* as a revisit of that capture, without its payload."""
        head, charset = _http_head(page)
        kind = WarcRecordType.revisit if refers_to else WarcRecordType.response
        record, record_id = _new_record(kind, page.fetched_at)
        headers = record.headers
        headers.set("WARC-Target-URI", _uri(page.final_url))
        headers.set("WARC-Warcinfo-ID", f"<{self._info_id}>")
        headers.set("Content-Type", "application/http; msgtype=response")
        headers.set("Kliping-Role", role)
        if page.url != page.final_url:
            headers.set("Kliping-Requested-URI", _uri(page.url))
        if charset:
            headers.set("Kliping-Header-Charset", charset)
        block, digest = head + page.payload, digest_of(page.payload)
        if refers_to:
            headers.set(
                "WARC-Profile",
                _NOT_MODIFIED if page.status == HTTPStatus.NOT_MODIFIED else _SAME_PAYLOAD,
            )
            headers.set("WARC-Refers-To", f"<{refers_to.warc_record_id}>")
            headers.set("WARC-Refers-To-Target-URI", _uri(refers_to.final_url))
            headers.set("WARC-Refers-To-Date", _date(refers_to.fetched_at))
            block, digest = head, refers_to.digest
        offset, length = self._write(record, block, digest)
        return Record(
            page=page,
            record_id=record_id,
            offset=offset,
            length=length,
            digest=digest,
            role=role,
            refers_to=refers_to.warc_record_id if refers_to else None,
            is_revisit=refers_to is not None,
        )

    def append_parts(self, record_id: str, parts: Sequence[str]) -> None:
        """Write down which records are the further pages of a page, in order."""
        record, _ = _new_record(WarcRecordType.metadata, datetime.now(UTC))
        record.headers.set("WARC-Refers-To", f"<{record_id}>")
        record.headers.set("Content-Type", "application/warc-fields")
        self._write(record, "".join(f"part: {part}\r\n" for part in parts).encode())

    def sync(self) -> None:
        """Have the disk hold what was written so far."""
        os.fsync(self._file.fileno())

    def handle(self) -> int:
        """Return a file descriptor of its own, to sync and close elsewhere."""
        return os.dup(self._file.fileno())

    def close(self) -> None:
        """Sync and close; a second time does nothing."""
        if not self._file.closed:
            self.sync()
            self._file.close()

    def _write(self, record: WarcRecord, block: bytes, digest: str = "") -> tuple[int, int]:
        record.set_bytes_content(block)
        member = io.BytesIO()
        with GzipWriter(member, compression_level=_GZIP_LEVEL) as writer:
            record.write(
                writer, checksum_data=True, payload_digest=_unlabelled(digest) if digest else None
            )
            writer.finish()
            data = member.getvalue()
        try:
            if self._file.write(data) != len(data):
                raise OSError("the disk took only a part of a record")  # noqa: TRY301  undone below
        except OSError:
            # What follows must not lie behind half a record.
            self._file.truncate(self.size_bytes)
            self._file.seek(self.size_bytes)
            raise
        offset = self.size_bytes
        self.size_bytes += len(data)
        return offset, len(data)


def read_page(archive: Archive, warc_file: str, offset: int, length: int) -> Page:
    """Return the page of one record, without payload if it is a revisit.

    Raises:
        MissingError: There is no such file.
        NoPageError: Another kind of record lies there, or a damaged one.
    """
    return read_record(archive, warc_file, offset, length).page


def read_record(archive: Archive, warc_file: str, offset: int, length: int) -> Record:
    """Return one record; raises as `read_page` does."""
    data = archive.read_range(warc_file, offset, length)
    try:
        found = next((one for _, _, one in _records(io.BytesIO(data), len(data))), None)
        record = None if found is None else record_from(found, offset, length)
    except (OSError, ValueError) as error:
        raise NoPageError(f"{archive.uri}/{warc_file} at {offset}: {error}") from error
    if record is None:
        raise NoPageError(
            f"{archive.uri}/{warc_file} at {offset}: wanted a page, found another record or nothing"
        )
    return record


def pages_in(path: Path) -> Iterator[Record]:
    """Yield every page of a WARC file, Kliping's or not, up to a torn last record.

    Raises:
        ArchiveError: The file is no WARC or is damaged in the middle.
    """
    for offset, length, found in _records_in(path):
        record = record_from(found, offset, length)
        if record is not None:
            yield record


def read_segment(path: Path) -> Contents:
    """Read back a whole segment of Kliping's own; raises as `pages_in` does."""
    info: dict[str, str] = {}
    parts: dict[str, tuple[str, ...]] = {}
    records = []
    for offset, length, found in _records_in(path):
        kind = found.headers.get("warc-type")
        if kind == "warcinfo":
            info = dict(_fields(found.block))
        elif kind == "metadata" and (page_id := _bare(found.headers.get("warc-refers-to"))):
            parts[page_id] = tuple(value for _, value in _fields(found.block))
        elif record := record_from(found, offset, length):
            records.append(record)
    return Contents(info=info, records=tuple(records), parts=parts)


def whole_bytes(path: Path) -> int:
    """Return where the last whole gzip member of *path* ends; what follows is torn."""
    return _scan(path)[0]


def _scan(path: Path) -> tuple[int, bool]:
    """Return where the last whole gzip member ends, and whether only its like follows."""
    end = position = 0
    member = zlib.decompressobj(wbits=31)
    with path.open("rb") as file:
        while chunk := file.read(2**18):
            position += len(chunk)
            while chunk:
                try:
                    member.decompress(chunk)
                except zlib.error:
                    return end, False
                if not member.eof:
                    break
                chunk = member.unused_data
                end = position - len(chunk)
                member = zlib.decompressobj(wbits=31)
    return end, True


def _records_in(path: Path) -> Iterator[tuple[int, int, Raw]]:
    try:
        with path.open("rb") as file:
            yield from _records(file, path.stat().st_size)
    except (OSError, ValueError) as error:
        # fastwarc fails on a header that ends too early as on one that is wrong.
        if not path.is_file() or not _scan(path)[1]:
            raise ArchiveError(f"{path}: wanted a WARC file, found: {error}") from error


@dataclass(frozen=True, slots=True)
class Raw:
    """A record's own headers, by their names in lower case, and its block."""

    headers: dict[str, str]
    block: bytes


def _records(file: Any, size: int) -> Iterator[tuple[int, int, Raw]]:  # noqa: ANN401  any binary stream
    """Yield offset, length and contents of each whole record of a page's or segment's kind."""
    held: tuple[int, Raw] | None = None
    for found in ArchiveIterator(file, parse_http=False):
        if held is not None:
            yield held[0], found.stream_pos - held[0], held[1]
            held = None
        if found.content_length > LARGEST_RECORD:
            continue
        wanted = int(found.headers.get("Content-Length") or 0)
        block = found.reader.read()
        if len(block) == wanted:  # else the file is torn in the middle of this one
            held = (found.stream_pos, Raw(_readable(found.headers), block))
    if held is not None:
        yield held[0], size - held[0], held[1]


def _readable(headers: Any) -> dict[str, str]:  # noqa: ANN401  fastwarc's own map
    return {
        key.decode("utf-8", "replace").lower(): value.decode("utf-8", "surrogateescape")
        for key, value in headers.items_bytes()
    }


def record_from(raw: Raw, offset: int, length: int) -> Record | None:
    """Make a page's record of a raw one; `None` where it is none, or nobody knows when it came."""
    headers = raw.headers
    kind = headers.get("warc-type")
    if kind not in ("response", "revisit") or not raw.block.startswith(b"HTTP/"):
        return None
    try:
        date = datetime.fromisoformat(headers["warc-date"])
    except (KeyError, ValueError):
        return None  # of no use: nobody knows when it was fetched
    role = headers.get("kliping-role")
    target = headers.get("warc-target-uri", "").strip("<>")
    is_beyond_latin = headers.get("kliping-header-charset") == "utf-8"
    status, http_headers, payload = _http_parts(
        raw.block, "utf-8" if is_beyond_latin else "latin-1"
    )
    if role is None:
        http_headers, payload = _unchunked(http_headers, payload)
    page = Page(
        url=headers.get("kliping-requested-uri", target),
        final_url=target,
        status=status,
        headers=http_headers,
        payload=payload,
        fetched_at=date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC),
    )
    digest = headers.get("warc-payload-digest", "")
    return Record(
        page=page,
        record_id=_bare(headers.get("warc-record-id")),
        offset=offset,
        length=length,
        digest=digest if kind == "revisit" and digest else digest_of(payload),
        role=cast("Role", role) if role in get_args(Role) else None,
        refers_to=_bare(headers.get("warc-refers-to")) or None,
        is_revisit=kind == "revisit",
    )


def _http_head(page: Page) -> tuple[bytes, str]:
    """Return status line and headers as bytes, and their charset where it is not ISO 8859-1."""
    known = {status.value: status.phrase for status in HTTPStatus}
    lines = [f"HTTP/1.1 {page.status} {known.get(page.status, '')}"]
    lines += [f"{_one_line(name)}: {_one_line(value)}" for name, value in page.headers]
    text = "\r\n".join(lines) + "\r\n\r\n"
    try:
        return text.encode("latin-1"), ""
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape"), "utf-8"


def _http_parts(block: bytes, charset: str) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    end = _HEADERS_END.search(block)
    head, payload = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    status, *lines = head.decode(charset, "surrogateescape").replace("\r\n", "\n").split("\n")
    code = status.split(" ")[1:2]
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers.append((name, value.removeprefix(" ")))
    return int(code[0]) if code and _STATUS.fullmatch(code[0]) else 0, tuple(headers), payload


def _unchunked(
    headers: tuple[tuple[str, str], ...], payload: bytes
) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Undo a chunked transfer encoding that another crawler left in its file."""
    if not any(
        name.lower() == "transfer-encoding" and "chunked" in value.lower()
        for name, value in headers
    ):
        return headers, payload
    kept = tuple(pair for pair in headers if pair[0].lower() != "transfer-encoding")
    joined, place = [], 0
    while place < len(payload):
        end = payload.find(b"\n", place, place + _LONGEST_SIZE)
        size = _CHUNK_SIZE.fullmatch(payload, place, end) if end >= 0 else None
        if size is None:
            return kept, payload  # it was undone already, only the header stayed
        length = int(size[1], 16)
        if not length:
            break
        joined.append(payload[end + 1 : end + 1 + length])
        place = end + 1 + length + 2
    return kept, b"".join(joined)


def _new_record(kind: WarcRecordType, date: datetime) -> tuple[WarcRecord, str]:
    urn = f"uuid:{uuid.uuid4()}"
    record = WarcRecord()
    record.init_headers(kind, urn.encode())
    record.headers.set("WARC-Date", _date(date))
    return record, f"urn:{urn}"


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_DATE)


def _uri(url: str) -> str:
    """Keep a URL on one line, whatever it holds."""
    safe = _UNSAFE_IN_URI.sub(lambda match: f"%{ord(match[0]):02X}", url)
    return safe.encode("utf-8", "replace").decode("utf-8")


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _bare(record_id: str | None) -> str:
    return (record_id or "").strip("<> ")


def _fields(block: bytes) -> list[tuple[str, str]]:
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines())
    return [(key.strip(), value.strip()) for key, colon, value in lines if colon]


def _labelled(digest: bytes) -> str:
    return "sha1:" + base64.b32encode(digest).decode()


def _unlabelled(digest: str) -> bytes | None:
    label, _, text = digest.partition(":")
    return base64.b32decode(text) if label == "sha1" else None
