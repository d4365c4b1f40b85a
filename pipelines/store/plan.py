"""What a backfill is about to fetch, so that one that was cut short goes on where it stopped.

One Parquet object per outlet below `pending/`: the links found so far, and in its metadata for
which days, which sources are read and how far. Which of the links are archived is asked of
`captures`, so it is written while sources are read and not while pages come.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.records import Link
from pipelines.store.archive import MissingError
from pipelines.store.spool import spool_errors

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.store.archive import Archive

_UTC = pa.timestamp("us", tz="UTC")
_LINKS = pa.schema(
    [
        ("url", pa.string()),
        ("published_at", _UTC),
        ("lastmod_at", _UTC),
        ("title", pa.string()),
        ("source", pa.string()),
        ("item", pa.string()),
    ]
)
_ABOUT = b"kliping"


@dataclass(slots=True)
class Plan:
    """The way of one outlet's backfill."""

    since: date | None
    until: date | None
    links: list[Link] = field(default_factory=list)
    """Articles in the window, in the order found."""
    done: set[str] = field(default_factory=set)
    """Sources that need not be read again."""
    reached_at: datetime | None = None
    """The oldest post that the outlet's API gave; what follows is older."""
    is_complete: bool = False
    """All sources are read."""

    def is_of(self, since: date | None, until: date | None) -> bool:
        """Tell whether it was made for these days."""
        return (self.since, self.until) == (since, until)


def load_plan(
    archive: Archive, slug: str, since: date | None, until: date | None, *, is_local: bool = False
) -> Plan:
    """Return what an earlier backfill of the same days left, a fresh plan where there is none.

    Args:
        archive: Where.
        slug: Whose.
        since: First day.
        until: First day that no longer counts.
        is_local: Whether it lies in the spool, beside pages that may not be committed yet: where
            posts are taken whole, no link says what is missing, and both must be lost together.
    """
    fresh = Plan(since, until)
    try:
        data = _path(archive, slug).read_bytes() if is_local else archive.read(_key(slug))
    except (MissingError, FileNotFoundError):
        return fresh
    try:
        table = pq.read_table(pa.BufferReader(data))
        about = json.loads(table.schema.metadata[_ABOUT])
        plan = Plan(
            _day(about["since"]),
            _day(about["until"]),
            links=[Link(**row) for row in table.select(_LINKS.names).to_pylist()],
            done=set(about["done"]),
            reached_at=_moment(about["reached_at"]),
            is_complete=bool(about["is_complete"]),
        )
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError):
        return fresh  # it is read from the sources once more
    return plan if plan.is_of(since, until) else fresh


def save_plan(archive: Archive, slug: str, plan: Plan, *, is_local: bool = False) -> None:
    """Store a plan in place of the one before; *is_local* as in `load_plan`."""
    about = {
        "since": plan.since.isoformat() if plan.since else None,
        "until": plan.until.isoformat() if plan.until else None,
        "done": sorted(plan.done),
        "reached_at": plan.reached_at.isoformat() if plan.reached_at else None,
        "is_complete": plan.is_complete,
    }
    rows = [{name: getattr(link, name) for name in _LINKS.names} for link in plan.links]
    table = pa.Table.from_pylist(rows, schema=_LINKS.with_metadata({_ABOUT: json.dumps(about)}))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    data = bytes(sink.getvalue())
    if not is_local:
        archive.put(_key(slug), data)
        return
    path = _path(archive, slug)
    with spool_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        staged = path.with_suffix(".tmp")
        staged.write_bytes(data)
        staged.replace(path)


def drop_plan(archive: Archive, slug: str, *, is_local: bool = False) -> None:
    """Forget a plan that was carried out; *is_local* as in `load_plan`."""
    if not is_local:
        archive.delete(_key(slug))
        return
    path = _path(archive, slug)
    with spool_errors(path):
        path.unlink(missing_ok=True)


def _path(archive: Archive, slug: str) -> Path:
    return archive.spool / "plans" / f"{slug}.parquet"


def _key(slug: str) -> str:
    return f"pending/backfill-{slug}.parquet"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: Any) -> datetime | None:  # noqa: ANN401  as JSON gave it
    found = datetime.fromisoformat(text) if text else None
    return found.astimezone(UTC) if found else None
