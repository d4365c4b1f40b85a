"""Today's rules over archived pages; what they read differently becomes a new extraction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow.compute as pc

from pipelines.process import EXTRACTOR, process
from pipelines.records import Article
from pipelines.store import tables
from pipelines.store.archive import MissingError
from pipelines.store.commit import Run, captures_by_id, stored_page
from pipelines.store.publish import publish
from pipelines.store.warc import NoPageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from pipelines.outlets import Outlet
    from pipelines.records import Capture
    from pipelines.store.archive import Archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Reextracted:
    """What became of one outlet's captures."""

    outlet: str
    captures: int
    """How many were read: those of each article's newest revision."""
    extracted: int
    """How many gave a new extraction."""


_COLUMNS = (
    *("article_id", "revision", "extraction", "extractor", "rules_digest"),
    *("capture_id", "capture_item", "part_capture_ids"),
)
_BATCH = 500
"""Articles per commit: few, large commits, yet bounded memory."""


def reextract(
    archive: Archive,
    slugs: Sequence[str],
    *,
    outlet_of: Callable[[str], Outlet],
    since: date | None = None,
    publish_after: bool = True,
) -> list[Reextracted]:
    """Process the capture of every revision again, where today's rules are not the stored row's.

    Args:
        archive: Where.
        slugs: Which outlets; all that the archive holds if empty.
        outlet_of: Slug -> today's rules.
        since: Only captures fetched on or after this day, in the outlet's zone.
        publish_after: Whether `latest/` follows at once.
    """
    run = Run(archive, command="reextract", outlet_of=outlet_of)
    try:
        outlets = [outlet_of(slug) for slug in slugs or _outlets_in(archive)]
        done = [_outlet(archive, run, outlet, since) for outlet in outlets]
        run.finish({one.outlet: {"extracted": one.extracted} for one in done})
    finally:
        run.close()
    if publish_after and any(one.extracted for one in done):
        publish(archive)
    return done


def _outlets_in(archive: Archive) -> list[str]:
    found = tables.rows(archive, "articles", columns=["outlet"])
    return sorted(pc.unique(found["outlet"]).to_pylist())


def _outlet(archive: Archive, run: Run, outlet: Outlet, since: date | None) -> Reextracted:
    stale = _stale(archive, outlet, since)
    extracted = 0
    for start in range(0, len(stale), _BATCH):
        batch = stale[start : start + _BATCH]
        wanted = {one for row in batch for one in _captures_of(row)}
        captures = captures_by_id(archive, wanted, outlet.slug)
        for row in batch:
            _read_again(archive, run, outlet, row, captures)
        extracted += sum(row.status == "extracted" for row in run.commit(everything=True))
    return Reextracted(outlet=outlet.slug, captures=len(stale), extracted=extracted)


def _read_again(
    archive: Archive,
    run: Run,
    outlet: Outlet,
    row: dict[str, Any],
    captures: Mapping[str, Capture],
) -> None:
    ids = _captures_of(row)
    if any(one not in captures for one in ids):
        return  # forgotten
    head, *parts = (captures[one] for one in ids)
    try:
        page = stored_page(archive, head, item=row["capture_item"], parts=parts)
    except (MissingError, NoPageError):
        return  # forgotten or damaged: `verify` says which
    made = process(page, outlet)
    if isinstance(made, Article):
        run.reextracted(head, made, item=row["capture_item"], part_capture_ids=ids[1:])


def _captures_of(row: dict[str, Any]) -> list[str]:
    return [row["capture_id"], *(row["part_capture_ids"] or ())]


def _stale(archive: Archive, outlet: Outlet, since: date | None) -> list[dict[str, Any]]:
    """Return the newest extraction of each revision, where it is not of today's rules."""
    where = pc.field("outlet") == outlet.slug
    if since is not None:
        first = datetime.combine(since, time(), ZoneInfo(outlet.timezone)).astimezone(UTC)
        where &= pc.field("fetched_at") >= first
    newest: dict[tuple[str, int], dict[str, Any]] = {}
    for row in tables.rows(archive, "articles", columns=_COLUMNS, where=where).to_pylist():
        key = (row["article_id"], row["revision"])
        if key not in newest or row["extraction"] > newest[key]["extraction"]:
            newest[key] = row
    today = (EXTRACTOR, outlet.rules_digest)
    return [row for row in newest.values() if (row["extractor"], row["rules_digest"]) != today]
