"""Pages of someone else's WARC files into the archive, as captures like any other.

Each page goes the one path with the date on which it was fetched: stored in a segment of ours,
processed, committed. One that is older than what the archive has stays a capture and makes no
revision. Nothing is taken twice: what the archive holds is looked up before a page is stored, and
what a run left that died is committed before the next one looks.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from pipelines.document import forbids_archiving
from pipelines.process import process
from pipelines.records import Outcome, Reason
from pipelines.store import tables
from pipelines.store.foreign import Account, records_in
from pipelines.store.given import UnreadableError
from pipelines.store.publish import publish
from pipelines.store.recovery import INTERRUPTED, recover
from pipelines.store.segment import capture_from
from pipelines.store.taking import Before, Rehearsal, Taking
from pipelines.store.wanted import Found, Skip, Wanted
from pipelines.urls import url_key
from pipelines.wordpress import post_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pipelines.outlets import Outlet
    from pipelines.records import Article, Capture, Page, Rejected
    from pipelines.store.archive import Archive
    from pipelines.store.config import Registry
    from pipelines.store.given import Given
    from pipelines.store.number import OutletOf
    from pipelines.store.taking import Submit, Tally
    from pipelines.store.warc import Raw

_LOOKED_UP = 256
"""Pages whose captures are looked for at once: one read of the table's keys serves them all."""
_LOOKED_UP_BYTES = 32 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one outlet's records.

    `new`, `changed`, `unchanged`, `rejected` and `skipped` add up to `records`.
    """

    outlet: str
    records: int
    """Responses and revisits under its domains."""
    kept: int
    """Captures that were stored."""
    new: int
    changed: int
    unchanged: int
    """Known text, or older than what the archive has."""
    rejected: int
    """No articles, or pages that ask not to be archived."""
    skipped: int
    """Never looked at as pages."""
    reasons: dict[str, int]
    """Why rejected or skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import did."""

    outlets: tuple[Imported, ...]
    """Those of which there was a record."""
    faults: tuple[str, ...]
    """A line for each file that is damaged, and for each page that met a bug."""


def import_warcs(
    archive: Archive,
    files: Sequence[Given],
    *,
    registry: Registry,
    outlet_of: OutletOf,
    only: Collection[str] = (),
    submit: Submit | None = None,
    ahead: int = 0,
    largest_bytes: int = 40 * 2**20,
    dry_run: bool = False,
    publish_after: bool = True,
    watch: Callable[[int, int], None] = lambda read, kept: None,  # noqa: ARG005  nobody does
) -> Report:
    """Take the pages of registered outlets out of WARC files.

    Args:
        archive: Where to.
        files: In this order. An article's pages give all its revisions if they come in the order
            of their fetching; those within a few thousand pages of each other are put in order.
        registry: All outlets.
        outlet_of: Slug -> today's rules.
        only: Slugs of the outlets that count; all if empty.
        submit: Starts `process` on a page; by default it is done at once.
        ahead: How many pages may be under way.
        largest_bytes: Of a record.
        dry_run: Whether nothing is stored; the counts are those of a run that stores.
        publish_after: Whether `latest/` follows at once.
        watch: Is told of the bytes just read and of the pages kept so far.

    Raises:
        ArchiveError: The archive cannot be reached or written. What was stored is in the spool.
    """
    wanted = Wanted(registry, only, now=datetime.now(UTC), largest_bytes=largest_bytes)
    submit = submit or _at_once
    if dry_run:
        taking = Rehearsal(archive, outlet_of, submit, ahead=ahead)
    else:
        recover(archive, outlet_of=outlet_of, process=process, items_in=post_ids)
        taking = Taking(archive, outlet_of, submit, ahead=ahead, command="import")
    work = _Import(archive, wanted, taking)
    try:
        for one in files:
            work.read(one, watch)
        taking.finish()
    finally:
        taking.close()
    if publish_after and not dry_run and taking.kept():
        publish(archive)
    return Report(
        outlets=tuple(_imported(slug, one) for slug, one in sorted(taking.tallies.items())),
        faults=(*work.faults, *taking.faults),
    )


def _at_once(page: Page, outlet: Outlet) -> Future[Article | Rejected]:
    done: Future[Article | Rejected] = Future()
    try:
        done.set_result(process(page, outlet))
    except Exception as error:  # noqa: BLE001  told where the result is asked for
        done.set_exception(error)
    return done


class _Import:
    """Reads files, and decides of each record whether and how it is taken."""

    def __init__(self, archive: Archive, wanted: Wanted, taking: Rehearsal) -> None:
        self._archive = archive
        self._wanted = wanted
        self._taking = taking
        self._asked: Outlet | None = None
        """Whose record is being read."""
        self._batch: list[Found] = []
        self._batch_bytes = 0
        self.faults: list[str] = []

    def read(self, file: Given, watch: Callable[[int, int], None]) -> None:
        """Take what one file holds."""
        account, before = Account(), self._taking.kept()
        try:
            for raw in records_in(self._chunks(file, watch), self._wants, account):
                self._came(raw)
        except UnreadableError as error:
            account.fault(str(error))
        self._never_came()
        self._judge_batch()
        if not account.records and not account.damaged:
            account.fault("wanted WARC records, found none")
        if account.damaged:
            more = f" (and {account.damaged - 1} more)" if account.damaged > 1 else ""
            self.faults.append(
                f"{file.name}: {account.faults[0]}{more}; read {account.records} whole records, "
                f"kept {self._taking.kept() - before} pages"
            )

    def _chunks(self, file: Given, watch: Callable[[int, int], None]) -> Iterator[bytes]:
        for chunk in file.chunks():
            yield chunk
            watch(len(chunk), self._taking.kept())

    def _wants(self, headers: dict[str, str], length: int) -> bool:
        self._never_came()
        outlet = self._wanted.outlet(headers)
        if outlet is None:
            return False
        skip = self._wanted.unfit(headers, length, outlet)
        if skip is not None:
            self._taking.count(outlet, "skipped", skip)
            return False
        self._asked = outlet
        return True

    def _never_came(self) -> None:
        """Count a record that was asked for and turned out to be damaged."""
        if self._asked is not None:
            self._taking.count(self._asked, "skipped", Skip.DAMAGED)
            self._asked = None

    def _came(self, raw: Raw) -> None:
        outlet, self._asked = self._asked, None
        if outlet is None:
            raise AssertionError  # nothing else was asked for
        found = self._wanted.found(raw, outlet)
        if isinstance(found, Skip):
            self._taking.count(outlet, "skipped", found)
            return
        self._batch.append(found)
        self._batch_bytes += len(raw.block)
        if len(self._batch) >= _LOOKED_UP or self._batch_bytes >= _LOOKED_UP_BYTES:
            self._judge_batch()

    def _judge_batch(self) -> None:
        """Look up at once what the archive has of some pages, then take them one by one."""
        batch, self._batch, self._batch_bytes = self._batch, [], 0
        self._taking.looks_up()
        known = _known(self._archive, batch)
        for found in batch:
            self._judge(found, known)

    def _judge(self, found: Found, known: Mapping[tuple[str, int], list[Before]]) -> None:
        taking, outlet, page = self._taking, found.outlet, found.page

        def captures(url: str) -> list[Before]:
            there = known.get((outlet.slug, url_key(url)), [])
            return sorted([*there, *taking.taken(outlet, url)], key=lambda one: one.fetched_at)

        before = captures(page.url)
        if _is_known(found, before):
            taking.count(outlet, "skipped", Skip.KNOWN)
            return
        if forbids_archiving(page):
            taking.count(outlet, "rejected", Reason.NOARCHIVE)
            return
        origin = None
        if found.origin_url:
            # By where it was found, else by what was asked for, which a redirect led there.
            origin = _origin(found, captures(found.origin_url)) or _origin(found, before)
        if found.record.is_revisit and origin is None:
            taking.count(outlet, "skipped", Skip.ORIGIN)
            return
        digest = origin.digest if origin else found.record.digest
        last = next((one for one in reversed(before) if one.fetched_at <= page.fetched_at), None)
        if last is not None and last.digest == digest and taking.settled(last):
            holder = next(one for one in before if one.digest == digest)
            taking.repeat(page, outlet, last, holder.capture)
            return
        if origin is not None:
            first = taking.page_of(origin)
            if first is None:
                taking.count(outlet, "skipped", Skip.ORIGIN)
                return
            page = replace(page, status=first.status, headers=first.headers, payload=first.payload)
        taking.take(page, outlet, digest)


def _known(archive: Archive, batch: Sequence[Found]) -> dict[tuple[str, int], list[Before]]:
    """Return the archive's captures of the addresses that a batch concerns."""
    if not batch:
        return {}
    urls = {url for one in batch for url in (one.page.url, one.origin_url) if url}
    found = tables.rows(
        archive,
        "captures",
        where=pc.field("outlet").isin(sorted({one.outlet.slug for one in batch}))
        & pc.field("url_key").isin(sorted(map(url_key, urls))),
    )
    by_url = defaultdict(list)
    for row in found.to_pylist():
        # What a run died over was never read: it is taken again.
        if row["reason"] != INTERRUPTED and row["outcome"] != Outcome.SOURCE:
            capture = capture_from(row)
            by_url[capture.outlet, row["url_key"]].append(_before(capture))
    return by_url


def _before(capture: Capture) -> Before:
    is_article = capture.outcome in (Outcome.ARTICLE, Outcome.UNCHANGED)
    return Before(
        fetched_at=capture.fetched_at,
        digest=capture.digest,
        article_id=capture.article_id if is_article else None,
        capture=capture,
    )


def _is_known(found: Found, before: Sequence[Before]) -> bool:
    """Tell whether a capture of that address, moment and payload is there; of a revisit, moment."""
    same = [one for one in before if one.fetched_at == found.page.fetched_at]
    if found.record.is_revisit:
        return bool(same)
    return found.record.digest in {one.digest for one in same}


def _origin(found: Found, captures: Sequence[Before]) -> Before | None:
    """Return the capture whose payload a revisit repeats."""
    digest, moment = found.record.digest, found.origin_at
    by_date = [one for one in captures if moment is not None and one.fetched_at == moment]
    by_digest = [one for one in captures if digest and one.digest == digest]
    if by_date or by_digest:
        return (by_date or by_digest)[-1]
    if digest or moment is not None:
        return None
    earlier = [one for one in captures if one.fetched_at <= found.page.fetched_at]
    return earlier[-1] if earlier else None


def _imported(slug: str, tally: Tally) -> Imported:
    counts = tally.counts
    unchanged = counts["unchanged"] + counts["extracted"]
    rejected = counts["rejected"] + counts["errors"]
    return Imported(
        outlet=slug,
        records=counts["new"] + counts["changed"] + unchanged + rejected + counts["skipped"],
        kept=counts["kept"],
        new=counts["new"],
        changed=counts["changed"],
        unchanged=unchanged,
        rejected=rejected,
        skipped=counts["skipped"],
        reasons=dict((tally.reasons + tally.skips).most_common()),
    )
