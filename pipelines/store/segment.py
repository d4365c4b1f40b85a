"""A segment on its way: an open WARC in the spool, then frozen rows beside it.

Freezing writes one Arrow file that holds everything `commit` needs: a row per capture, and in it
the rows of the articles it gave, still without numbers. A segment of extractions has no WARC: its
captures are in the archive already.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from pipelines import __version__
from pipelines.errors import ArchiveError
from pipelines.records import Article, Capture, Outcome, Page, Rejected
from pipelines.store.tables import ARTICLES, CAPTURES
from pipelines.store.warc import Role, SegmentFile
from pipelines.urls import url_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pipelines.outlets import Outlet

Items = Sequence[tuple[str, Article]]
"""The articles of a capture that holds several: item and article."""
Result = Article | Rejected | Outcome | Items

FROZEN = pa.schema([*CAPTURES, pa.field("articles", pa.list_(pa.struct(list(ARTICLES))))])
"""The Arrow file of a segment."""

_STAMP = "%Y%m%dT%H%M%S%fZ"
_AT_ONCE = 200
"""Rows that are Python objects and Arrow at the same time; a whole segment's would be 100 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a segment closes; the first limit reached counts."""

    size_bytes: int = 128 * 2**20
    """Of the WARC, compressed."""
    captures: int = 1_000
    age_s: float = 600.0
    """Since its first capture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of one capture."""

    result: Result
    reason: str | None = None
    article_id: str | None = None
    """For outcomes that carry no article."""
    parts: tuple[str, ...] = ()
    """Capture ids of the further pages, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A closed segment whose rows are fixed but for their numbers."""

    segment: str
    outlet: str
    run_id: str
    kind: Literal["captures", "extractions"]
    warc_bytes: int
    """Size of its WARC file; 0 where it has none."""
    rows: Sequence[dict[str, Any]]
    """By the schema `FROZEN`."""

    @property
    def warc_file(self) -> str:
        """Key of its WARC file."""
        return warc_key(self.segment, self.outlet)

    @property
    def pending_key(self) -> str:
        """Key of its rows while they are not committed."""
        return f"pending/{self.segment}.arrow"

    def to_bytes(self) -> bytes:
        """Return the Arrow file."""
        about = {key: getattr(self, key) for key in _ABOUT}
        schema = FROZEN.with_metadata({"kliping": json.dumps(about)})
        sink = pa.BufferOutputStream()
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with pa.ipc.new_file(sink, schema, options=options) as writer:
            for some in _batches(self.rows):
                writer.write_table(_table(some, schema))
        return bytes(sink.getvalue())

    @classmethod
    def from_bytes(cls, data: bytes, where: str) -> Frozen:
        """Read the Arrow file; *where* is for the error."""
        try:
            file = pa.ipc.open_file(pa.BufferReader(data))
            about = json.loads(file.schema.metadata[b"kliping"])
            batches = map(file.get_batch, range(file.num_record_batches))
            return cls(rows=[row for one in batches for row in one.to_pylist()], **about)
        except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
            raise ArchiveError(f"{where}: wanted frozen rows, found: {error}") from error


_ABOUT = tuple(one.name for one in fields(Frozen) if one.name != "rows")


class Segment:
    """An open segment of one outlet in a run's folder; not safe for threads by itself."""

    def __init__(self, folder: Path, *, outlet: Outlet, run_id: str) -> None:
        self.name = name = new_segment_name(outlet.slug)
        self.outlet = outlet.slug
        self.run_id = run_id
        self.captures: dict[str, Capture] = {}
        self.settled: dict[str, Settled] = {}
        self.opened_at = datetime.now(UTC)
        self._joins_parts = joins_parts(outlet)
        self.is_dirty = False
        self.file = SegmentFile(
            folder / f"{name}.warc.gz",
            {
                "software": f"Kliping/{__version__}",
                "conformsTo": (
                    "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
                ),
                "run": run_id,
                "outlet": outlet.slug,
                "segment": name,
            },
        )

    def store(self, page: Page, *, role: Role, refers_to: Capture | None) -> Capture:
        """Append a page."""
        record = self.file.append(page, role=role, refers_to=refers_to)
        self.is_dirty = True
        capture = capture_of(
            page,
            record_id=record.record_id,
            place=(record.offset, record.length),
            digest=record.digest,
            segment=self.name,
            outlet=self.outlet,
            run_id=self.run_id,
            refers_to=refers_to,
        )
        self.captures[capture.capture_id] = capture
        return capture

    def settle(self, capture_id: str, settled: Settled) -> None:
        """Note what became of a capture, and with it of its further pages."""
        # An error may be that of a part: recovery must not take what is there for the whole.
        if settled.result is not Outcome.ERROR and (settled.parts or self._joins_parts):
            self.file.append_parts(
                f"urn:uuid:{_dashed(capture_id)}",
                [f"urn:uuid:{_dashed(part)}" for part in settled.parts],
            )
            self.is_dirty = True
        # The outcome of a part is read from its head.
        self.settled.update(dict.fromkeys(settled.parts, Settled(result=Outcome.SOURCE)))
        self.settled[capture_id] = settled

    def is_settled(self) -> bool:
        """Tell whether nothing is missing."""
        return self.settled.keys() >= self.captures.keys()

    def is_due(self, limits: Limits, now: datetime) -> bool:
        """Tell whether one of *limits* is reached."""
        return bool(self.captures) and (
            self.file.size_bytes >= limits.size_bytes
            or len(self.captures) >= limits.captures
            or (now - self.opened_at).total_seconds() >= limits.age_s
        )

    def freeze(self) -> Frozen:
        """Close the WARC and fix the rows; everything must be settled."""
        self.file.close()
        return frozen(
            segment=self.name,
            outlet=self.outlet,
            run_id=self.run_id,
            warc_bytes=self.file.size_bytes,
            captures=self.captures,
            settled=self.settled,
        )


@dataclass(frozen=True, slots=True)
class _Rows(Sequence[dict[str, Any]]):
    """Rows that are made each time they are asked for, and never all there at once."""

    of: Sequence[str]
    """Capture ids."""
    make: Callable[[str], dict[str, Any]]

    def __len__(self) -> int:
        return len(self.of)

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401  nobody asks for a slice
        return self.make(self.of[place])


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        yield some


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    try:
        return pa.Table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:
        # A page's JSON can smuggle in half a surrogate pair; one page must not cost a segment.
        return pa.Table.from_pylist(_encodable(rows), schema=schema)


def _encodable(value: Any) -> Any:  # noqa: ANN401  rows nest
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list | tuple):
        return type(value)(_encodable(one) for one in value)
    if isinstance(value, dict):
        return {key: _encodable(one) for key, one in value.items()}
    return value


def joins_parts(outlet: Outlet) -> bool:
    """Tell whether an article of the outlet may be put together from several pages."""
    single = outlet.articles.single_page
    return single is not None and single.pages is not None


def capture_id_of(record_id: str) -> str:
    """Return the capture id that goes with a WARC record id.

    >>> capture_id_of("urn:uuid:00112233-4455-4677-8899-aabbccddeeff")
    '00112233445546778899aabbccddeeff'
    """
    return record_id.removeprefix("urn:uuid:").replace("-", "")


def new_run_id() -> str:
    """Return a name that no other run has; names sort by time."""
    return f"{datetime.now(UTC).strftime(_STAMP)}-{os.urandom(5).hex()}"


def new_segment_name(outlet: str) -> str:
    """Return a name that no other segment has; names sort by time."""
    return f"{datetime.now(UTC).strftime(_STAMP)}-{outlet}-{os.urandom(5).hex()}"


def warc_key(segment: str, outlet: str) -> str:
    """Return where a segment's WARC file lies for good.

    >>> warc_key("20261122T180836123456Z-contoh-0011223344", "contoh")
    'warc/outlet=contoh/2026/11/20261122T180836123456Z-contoh-0011223344.warc.gz'
    """
    return f"warc/outlet={outlet}/{segment[:4]}/{segment[4:6]}/{segment}.warc.gz"


def begun_at(name: str) -> datetime:
    """Return when the run or segment of that *name* began.

    >>> begun_at("20261122T180836123456Z-contoh-0011223344").isoformat()
    '2026-11-22T18:08:36.123456+00:00'
    """
    return datetime.strptime(name.partition("-")[0], _STAMP).replace(tzinfo=UTC)


def capture_of(
    page: Page,
    *,
    record_id: str,
    place: tuple[int, int],
    digest: str,
    segment: str,
    outlet: str,
    run_id: str,
    refers_to: Capture | None = None,
) -> Capture:
    """Make the capture of a stored page; a revisit takes over what the answer left unsaid."""
    mime = (page.header("content-type") or "").partition(";")[0].strip().lower()
    modified = page.header("last-modified")
    offset, length = place
    return Capture(
        capture_id=capture_id_of(record_id),
        outlet=outlet,
        url=page.url,
        final_url=page.final_url,
        fetched_at=page.fetched_at,
        status=page.status,
        mime=mime or (refers_to.mime if refers_to else None),
        etag=page.header("etag") or (refers_to.etag if refers_to else None),
        last_modified=modified or (refers_to.last_modified if refers_to else None),
        digest=digest,
        size_bytes=len(page.payload),
        warc_file=warc_key(segment, outlet),
        warc_offset=offset,
        warc_length=length,
        warc_record_id=record_id,
        run_id=run_id,
        segment=segment,
        article_id=refers_to.article_id if refers_to else None,
    )


def frozen(
    *,
    segment: str,
    outlet: str,
    run_id: str,
    warc_bytes: int,
    captures: Mapping[str, Capture],
    settled: Mapping[str, Settled],
) -> Frozen:
    """Put captures and their results together; both must stay as they are."""
    heads = {part: head for head, one in settled.items() for part in one.parts}

    def row_of(capture_id: str) -> dict[str, Any]:
        capture, one = captures[capture_id], settled[heads.get(capture_id, capture_id)]
        row = _capture_row(capture, one)
        if capture_id not in heads:
            row["articles"] = _article_rows(capture, one, run_id=run_id, segment=segment)
        return row

    return Frozen(
        segment=segment,
        outlet=outlet,
        run_id=run_id,
        kind="captures",
        warc_bytes=warc_bytes,
        rows=_Rows(list(captures), row_of),
    )


def frozen_extractions(
    made: Sequence[tuple[Capture, Settled]], *, segment: str, outlet: str, run_id: str
) -> Frozen:
    """Put newer extractions of captures that the archive has into a segment without a WARC."""
    rows = []
    for capture, settled in made:
        row = _capture_row(capture, settled)
        row["articles"] = _article_rows(capture, settled, run_id=run_id, segment=segment)
        rows.append(row)
    return Frozen(
        segment=segment,
        outlet=outlet,
        run_id=run_id,
        kind="extractions",
        warc_bytes=0,
        rows=rows,
    )


def capture_from(row: Mapping[str, Any]) -> Capture:
    """Make a capture of a row of `captures` or of `FROZEN`."""
    values = {one.name: row[one.name] for one in fields(Capture)}
    outcome = values["outcome"]
    return Capture(**{**values, "outcome": Outcome(outcome) if outcome else None})


def _capture_row(capture: Capture, settled: Settled) -> dict[str, Any]:
    outcome, reason, article_id = _fate(settled)
    row = asdict(replace(capture, article_id=article_id or capture.article_id))
    return {
        **row,
        "url_key": url_key(capture.url),
        "outcome": str(outcome),
        "reason": settled.reason or reason,
        "articles": [],
    }


def _fate(settled: Settled) -> tuple[Outcome, str | None, str | None]:
    """Return outcome, reason and article id."""
    result = settled.result
    if isinstance(result, Article):
        return Outcome.ARTICLE, None, result.article_id
    if isinstance(result, Rejected):
        return Outcome.REJECTED, str(result.reason), settled.article_id
    if isinstance(result, Outcome):
        return result, None, settled.article_id
    return (Outcome.ARTICLE if result else Outcome.SOURCE), None, None


def _article_rows(
    capture: Capture, settled: Settled, *, run_id: str, segment: str
) -> list[dict[str, Any]]:
    result = settled.result
    if isinstance(result, Article):
        items: Sequence[tuple[str | None, Article]] = [(None, result)]
    elif isinstance(result, Rejected | Outcome):
        items = []
    else:
        items = result
    return [
        {
            **asdict(article),
            "provenance": sorted(article.provenance.items()),
            "capture_id": capture.capture_id,
            "capture_item": item,
            "part_capture_ids": list(settled.parts),
            "run_id": run_id,
            "segment": segment,
        }
        for item, article in items
    ]


def _dashed(hex_id: str) -> str:
    """Spell a UUID as in a URN."""
    parts = (hex_id[:8], hex_id[8:12], hex_id[12:16], hex_id[16:20], hex_id[20:])
    return "-".join(parts)
