"""Today's rules over archived pages; what they read differently becomes a new extraction.

Pages that were rejected are read again too: no crawl asks for them a second time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow.compute as pc

from pipelines.process import EXTRACTOR, process
from pipelines.records import Article, Outcome
from pipelines.store import tables
from pipelines.store.archive import MissingError
from pipelines.store.commit import Counts, Run, captures_by_id, stored_page
from pipelines.store.number import captures_of
from pipelines.store.publish import publish
from pipelines.store.seen import SETTLED
from pipelines.store.segment import joins_parts
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
    """How many were read: those of each revision, and those that gave no article so far."""
    extracted: int
    """How many gave a new row."""


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
    """Process every revision's capture, and every rejected page, that today's rules never read.

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
        statuses = {outlet.slug: Counter[str]() for outlet in outlets}
        done = [_outlet(archive, run, one, since, statuses[one.slug]) for one in outlets]
        run.finish({one.outlet: _counts(statuses[one.outlet]) for one in done})
    finally:
        run.close()
    if publish_after and any(one.extracted for one in done):
        publish(archive)
    return done


def _outlets_in(archive: Archive) -> list[str]:
    found = tables.rows(archive, "captures", columns=["outlet"])
    return sorted(pc.unique(found["outlet"]).to_pylist())


def _outlet(
    archive: Archive, run: Run, outlet: Outlet, since: date | None, statuses: Counter[str]
) -> Reextracted:
    """Read what there is to read again of one outlet, and count in *statuses* what it gave."""
    waiting = [*_stale(archive, outlet, since), *_rejected(archive, outlet, since)]
    for start in range(0, len(waiting), _BATCH):
        batch = waiting[start : start + _BATCH]
        wanted = {one for row in batch for one in captures_of(row)}
        captures = captures_by_id(archive, wanted, outlet.slug)
        for row in batch:
            _read_again(archive, run, outlet, row, captures)
        statuses.update(row.status for row in run.commit(everything=True))
    extracted = statuses.total() - statuses["unchanged"]
    return Reextracted(outlet=outlet.slug, captures=len(waiting), extracted=extracted)


def _counts(statuses: Counter[str]) -> Counts:
    return Counts(new=statuses["new"], changed=statuses["changed"], extracted=statuses["extracted"])


def _read_again(
    archive: Archive,
    run: Run,
    outlet: Outlet,
    row: dict[str, Any],
    captures: Mapping[str, Capture],
) -> None:
    ids = captures_of(row)
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


def _fetched(outlet: Outlet, since: date | None) -> pc.Expression:
    """Return the filter for the outlet's rows, fetched on or after a day."""
    where = pc.field("outlet") == outlet.slug
    if since is not None:
        first = datetime.combine(since, time(), ZoneInfo(outlet.timezone)).astimezone(UTC)
        where &= pc.field("fetched_at") >= first
    return where


def _stale(archive: Archive, outlet: Outlet, since: date | None) -> list[dict[str, Any]]:
    """Return the newest extraction of each revision, where it is not of today's rules."""
    newest: dict[tuple[str, int], dict[str, Any]] = {}
    found = tables.rows(archive, "articles", columns=_COLUMNS, where=_fetched(outlet, since))
    for row in found.to_pylist():
        key = (row["article_id"], row["revision"])
        if key not in newest or row["extraction"] > newest[key]["extraction"]:
            newest[key] = row
    return [row for row in newest.values() if _rules_of(row) != _today(outlet)]


def _rejected(archive: Archive, outlet: Outlet, since: date | None) -> list[dict[str, Any]]:
    """Return the pages that other rules than today's rejected, and that gave no article since.

    A page counts by what its address answered last. One whose run never said by which rules it
    judged is read again as well.
    """
    if joins_parts(outlet):
        return []  # a rejected part is no page by itself, and cannot be told from one
    run_of = _refused(archive, outlet, since)
    if not run_of:
        return []
    of_outlet = pc.field("outlet") == outlet.slug
    read_since = tables.rows(
        archive,
        "articles",
        columns=["capture_id"],
        where=of_outlet & pc.field("capture_id").isin(sorted(run_of)),
    )
    runs = tables.rows(
        archive, "runs", columns=["run_id", "extractor", "rules_digest"], where=of_outlet
    )
    by_today = {row["run_id"] for row in runs.to_pylist() if _rules_of(row) == _today(outlet)}
    left = run_of.keys() - set(read_since["capture_id"].to_pylist())
    return [
        {"capture_id": one, "capture_item": None, "part_capture_ids": []}
        for one, run_id in run_of.items()
        if one in left and run_id not in by_today
    ]


def _refused(archive: Archive, outlet: Outlet, since: date | None) -> dict[str, str]:
    """Return capture -> run of each address that last answered with a page that was rejected."""
    settled = tables.rows(
        archive,
        "captures",
        columns=("url_key", "fetched_at", "outcome", "status", "capture_id", "run_id"),
        where=_fetched(outlet, since) & pc.field("outcome").isin([str(one) for one in SETTLED]),
    )
    refused = settled.filter(pc.equal(settled["outcome"], str(Outcome.REJECTED)))
    of_same = settled.filter(pc.is_in(settled["url_key"], pc.unique(refused["url_key"])))
    newest = {row["url_key"]: row for row in of_same.sort_by("fetched_at").to_pylist()}
    return {
        row["capture_id"]: row["run_id"]
        for row in newest.values()
        if (row["outcome"], row["status"]) == (Outcome.REJECTED, HTTPStatus.OK)
    }


def _rules_of(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["extractor"], row["rules_digest"]


def _today(outlet: Outlet) -> tuple[str, str]:
    return EXTRACTOR, outlet.rules_digest
