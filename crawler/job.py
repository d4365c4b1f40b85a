"""What one run is: which outlets, which addresses, where it all goes.

The spider asks a `Job` what to fetch, the sink tells it what came of it, the archive middleware
stores through it. It owns the run, the pool, the leases and the counts, and knows nothing of how
pages are fetched.
"""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from crawler.coverage import Coverage
from crawler.pool import Pool
from crawler.tally import Tally, Window
from pipelines.errors import KlipingError
from pipelines.records import Article, Link, Outcome, Reason, Rejected
from pipelines.store.commit import Counts, Items, Limits, Run, counts_of
from pipelines.store.warc import digest_of
from pipelines.wordpress import post_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from crawler.sink import Result
    from pipelines.outlets import Outlet
    from pipelines.records import Capture, Page
    from pipelines.store.archive import Archive
    from pipelines.store.commit import Row
    from pipelines.store.lease import Lease

_REFUSALS = frozenset((Reason.HTTP_STATUS, Reason.BLOCKED))
_AHEAD = 2
"""Requests of an outlet that wait beside those under way, so that its host is never idle."""
_RENEW_S = 60.0
"""How often leases are renewed; they expire after five minutes."""

_TOGETHER_S = 10.0
"""How often what ended is committed while other outlets go on."""
_FEW_LEASES = 2
"""Outlets from which on one may keep others waiting."""

Command = Literal["crawl", "recheck", "recrawl", "backfill"]


class Job:
    """One invocation that fetches."""

    def __init__(
        self,
        *,
        command: Command,
        outlets: Sequence[Outlet],
        outlet_of: Callable[[str], Outlet],
        archive: Archive | None,
        stores: bool = True,
        contact: str,
        urls: Sequence[tuple[str, Outlet]] = (),
        window: Window | None = None,
        workers: int = 0,
        known: Mapping[str, Capture] | None = None,
        links: Mapping[str, Sequence[Link]] | None = None,
        limits: Limits | None = None,
        is_by_schedule: bool = False,
        is_quiet: bool = True,
        keeps_results: bool = False,
        page_bytes: int = 20 * 2**20,
        source_bytes: int = 50 * 2**20,
    ) -> None:
        """Prepare a run.

        Args:
            command: What the run is called in `runs`.
            outlets: Whose pages may come.
            outlet_of: Slug -> outlet, for rules of captures read again.
            archive: What is known already, and where to store.
            stores: Whether anything is stored.
            contact: For the User-Agent.
            urls: Pages to fetch; empty to discover them.
            window: Which discovered links count.
            workers: Processes that extract, 0 for a thread.
            known: URL -> its newest capture, where pages are fetched again.
            links: Slug -> pages to fetch, in order; no source is asked then.
            limits: When a segment closes.
            is_by_schedule: Whether only sources are asked that are due.
            keeps_results: Whether `results` is filled although pages are discovered.
            is_quiet: Whether nobody wants to see progress.
            page_bytes: Largest answer of a page that is read at all.
            source_bytes: Largest source that is read.
        """
        self.command = command
        self.outlets = outlets
        self.archive = archive
        self.contact = contact
        self.urls = urls
        self.window = window or Window()
        self.is_quiet = is_quiet
        self.keeps_results = keeps_results
        self.page_bytes = page_bytes
        self.source_bytes = source_bytes
        self.pool = Pool(workers, outlets)
        self.tallies = {outlet.slug: Tally(outlet) for outlet in outlets}
        self.asks_sources = not urls and links is None
        for slug, some in (links or {}).items():
            self.tallies[slug].queue.extend(some)
        self.results: list[Result] = []
        self.rows: list[Row] = []
        self.at_end: Callable[[], object] | None = None
        """What follows the last commit, where nobody waits for the job's end."""
        self.proxies: dict[str, str] = {}
        """Host -> where its requests are sent instead."""
        self.stopped_by: str | None = None
        """Name of the signal that ended the run early."""
        self.failure: Exception | None = None
        """What stopped the run before its end."""
        self.coverage = Coverage(
            archive,
            self.window,
            self.tallies,
            is_backfill=command == "backfill",
            is_by_schedule=is_by_schedule,
            is_dry=not stores,
            known=dict(known or {}),
        )
        self.robots_cache: Path | None = None
        """Where robots.txt files are kept between runs; `None`: each run asks for itself."""
        self.robots_sitemaps: dict[str, tuple[str, ...]] = {}
        """Origin -> what its robots.txt names."""
        self._reread: set[str] = set()
        """Captures that today's rules were let read again."""
        self._leases: list[Lease] = []
        self._giving = Lock()
        self._ended: set[str] = set()
        """Outlets of which nothing more will come."""
        self._noted: set[str] = set()
        self._closed = monotonic()
        self._renewed = monotonic()
        self._commit: Future[list[Row]] | None = None
        self._thread = ThreadPoolExecutor(1, "commit")
        self.run = (
            Run(
                archive,
                command=command,
                outlet_of=outlet_of,
                limits=limits or Limits(),
                items_in=post_ids,
            )
            if archive is not None and stores
            else None
        )

    # What to fetch.

    def next_links(self, outlet: Outlet) -> list[Link]:
        """Take the links whose turn it is: a few, and no more than `--limit` still wants."""
        tally = self.tallies[outlet.slug]
        if self.stopped_by:
            return []
        # One outlet's long queue must not crowd out the others' requests.
        free = outlet.fetch.concurrency + _AHEAD - tally.asked
        if self.window.limit is not None:
            free = min(free, self.window.limit - tally.counts["articles"] - tally.asked)
        free = max(0, free)
        taken = [tally.queue.popleft() for _ in range(min(free, len(tally.queue)))]
        tally.asked += len(taken)
        return taken

    def learn(self) -> None:
        """Read what the archive knows; after the leases, for another run may just have ended."""
        if self.asks_sources:
            self.coverage.learn([one.slug for one in self.outlets])

    def robots_read(self, outlet: Outlet, origin: str, sitemaps: tuple[str, ...]) -> None:
        """Take note of the sitemaps that a robots.txt names."""
        del outlet
        self.robots_sitemaps[origin] = sitemaps

    # What came of it.

    def count(self, outlet: Outlet, what: str) -> None:
        """Count one event of an outlet."""
        tally = self.tallies[outlet.slug]
        tally.counts[what] += 1
        tally.seconds = monotonic() - tally.started

    def store(self, page: Page, meta: Mapping[str, Any]) -> Capture | None:
        """Archive a page as soon as it comes; a payload known already becomes a revisit."""
        if self.run is None:
            return None
        known = self.coverage.known.get(page.url)
        # What is put together from several pages is told by all of them: its first is kept whole.
        is_same = known is not None and meta.get("parts", 1) == 1 and self.is_revisit(page, known)
        return self.run.store(
            page, meta["outlet"], role=meta["role"], refers_to=known if is_same else None
        )

    def store_now(self, page: Page, outlet: Outlet) -> Capture | None:
        """Archive an answer that was held back for retries."""
        return None if self.run is None else self.run.store(page, outlet, role="article")

    def known(self, url: str) -> Capture | None:
        """Return the newest capture of a URL that is fetched again."""
        return self.coverage.known.get(url)

    @staticmethod
    def is_revisit(page: Page, known: Capture) -> bool:
        """Tell whether a known article came back to the byte, or is said to be unchanged."""
        if page.status == HTTPStatus.NOT_MODIFIED:
            return True
        is_here = known.outcome in (Outcome.ARTICLE, Outcome.UNCHANGED)
        return is_here and bool(known.article_id) and known.digest == digest_of(page.payload)

    def is_known_source(self, page: Page) -> bool:
        """Tell whether a source says what it said last time."""
        known = self.coverage.source(page.url)
        return known is not None and (
            page.status == HTTPStatus.NOT_MODIFIED or known.digest == digest_of(page.payload)
        )

    async def reread(self, known: Capture, outlet: Outlet) -> Article | Rejected | None:
        """Let today's rules read a payload that came back unchanged.

        What they make of it belongs to the capture that holds the bytes.

        Returns:
            `None` if those bytes are not there any more.
        """
        first = await self.coverage.archived(known)
        if first is None:
            return None
        made = await self.pool.process(first, outlet)
        if self.run is not None and isinstance(made, Article):
            self._reread.add(known.capture_id)
            self.run.reextracted(known, made)
        return made

    def settle(
        self,
        capture: Capture,
        result: Article | Outcome | Items,
        *,
        parts: Sequence[Capture] = (),
        reason: str | None = None,
        article_id: str | None = None,
    ) -> None:
        """Tell the run what became of a capture and of its article's further *parts*."""
        if self.run is not None:
            self.run.settle(
                capture.capture_id,
                result,
                part_capture_ids=[one.capture_id for one in parts],
                reason=reason,
                article_id=article_id,
            )

    def record(self, result: Result) -> None:
        """Count how a page ended."""
        tally = self.tallies[result.outlet]
        if not result.is_item:
            tally.asked -= 1
        tally.done += 1
        tally.ends.append(monotonic())
        tally.seconds = monotonic() - tally.started
        names = {
            Outcome.ARTICLE: "articles",
            Outcome.REJECTED: "rejected",
            Outcome.ERROR: "errors",
            Outcome.GONE: "gone",
        }
        is_again = result.url in self.coverage.known
        if result.outcome in names and not (is_again and result.outcome is Outcome.ARTICLE):
            tally.counts[names[result.outcome]] += 1
        if result.outcome is not Outcome.ERROR and result.reason not in _REFUSALS:
            tally.answered += 1
        if result.reason:
            tally.reasons[result.reason] += 1
        if result.outcome is Outcome.ERROR:
            tally.fault(result.url, result.detail or "")
        if isinstance(result.article, Article):
            wanted = tally.outlet.expect.fields
            tally.filled.update(name for name in wanted if getattr(result.article, name, None))
            tally.read += 1
        if self.urls or self.keeps_results:
            self.results.append(result)  # else no page is kept: memory must not grow

    def postpone(self, outlet: Outlet, detail: str, *, is_page: bool) -> None:
        """Leave an address that was not asked for to a later run; said once, and no error.

        Args:
            outlet: Whose.
            detail: Why, in words that are the same for all addresses of a host.
            is_page: Whether it is a page; else a source.
        """
        tally = self.tallies[outlet.slug]
        tally.counts["postponed"] += 1
        if is_page:
            tally.asked -= 1
        tally.postponed(detail)

    def source_failed(self, outlet: Outlet, url: str, detail: str) -> None:
        """Count a source that gave nothing."""
        tally = self.tallies[outlet.slug]
        tally.sources_failed += 1
        tally.counts["errors"] += 1
        tally.reasons["source"] += 1
        tally.fault(url, detail)

    def progress(self) -> tuple[int, int]:
        """Return how many pages are done and how many are known so far."""
        tallies = self.tallies.values()
        waiting = sum(len(one.queue) + one.asked for one in tallies)
        done = sum(one.done for one in tallies)
        return done, done + waiting

    def rest_s(self) -> float | None:
        """Estimate the seconds left; `None` while sources are read or too little is known."""
        if self.asks_sources and not self.coverage.is_told(self.outlets):
            return None
        rests = [one.rest_s() for one in self.tallies.values()]
        return None if None in rests else max((one for one in rests if one), default=0.0)

    # Its life.

    def hold(self, lease: Lease) -> None:
        """Keep a lease alive until the end."""
        self._leases.append(lease)

    def leave_out(self, slug: str) -> None:
        """Give an outlet back at which there is nothing to do."""
        self.outlets = [one for one in self.outlets if one.slug != slug]
        del self.tallies[slug]
        for lease in [one for one in self._leases if one.slug == slug]:
            self._leases.remove(lease)
            lease.release()

    async def keep(self) -> None:
        """Commit what is due and renew leases, until cancelled."""
        while True:
            await asyncio.sleep(1.0)
            if self.run is None:
                continue
            self._close_ended(self.run)
            if self.run.due():
                self._commit = self._thread.submit(self.run.commit, everything=False)
                rows = await asyncio.shield(asyncio.wrap_future(self._commit))
                self._commit = None
                self._committed(rows)
            await asyncio.to_thread(self._give_back)
            await asyncio.to_thread(self.renew)

    def _close_ended(self, run: Run) -> None:
        """Let what came of outlets that are done be committed, though others take long.

        Of many outlets that end one after another a few at a time: few, large commits.
        """
        if len(self._leases) < _FEW_LEASES or monotonic() - self._closed < _TOGETHER_S:
            return
        self._closed = monotonic()
        for outlet in self.outlets:
            if outlet.slug not in self._ended and self._is_over(outlet):
                self._ended.add(outlet.slug)
                run.close_segment(outlet.slug)

    def _is_over(self, outlet: Outlet) -> bool:
        """Tell whether nothing more will be asked of an outlet."""
        tally = self.tallies[outlet.slug]
        is_told = not self.asks_sources or self.coverage.is_told([outlet])
        limit = self.window.limit
        is_full = limit is not None and tally.counts["articles"] >= limit
        return is_told and not tally.asked and (is_full or not tally.queue)

    def _give_back(self) -> None:
        """Give back the leases of outlets that ended and are committed."""
        with self._giving:
            for lease in [one for one in self._leases if one.slug in self._ended]:
                if self.run is not None and not self.run.holds(lease.slug):
                    self._note(self.tallies[lease.slug].outlet)
                    self._leases.remove(lease)
                    lease.release()

    def _note(self, outlet: Outlet) -> None:
        if outlet.slug not in self._noted:
            self._noted.add(outlet.slug)
            self.coverage.note(outlet, is_whole=self._is_whole(outlet))

    def renew(self) -> None:
        """Renew the leases where it is time; call it now and then wherever much is read."""
        if monotonic() - self._renewed > _RENEW_S:
            self._renewed = monotonic()
            with self._giving:  # what was given back must stay so
                for lease in self._leases:
                    lease.renew()

    def abandon(self) -> None:
        """Give the leases back, should that be possible; all else is left to recovery."""
        for lease in self._leases:
            with contextlib.suppress(KlipingError):
                lease.release()

    def finish(self) -> None:
        """Commit the rest, write the run's rows, give the leases back; safe to call twice."""
        with contextlib.ExitStack() as stack:
            stack.callback(self.pool.close)
            stack.callback(self._thread.shutdown)
            with self._giving:
                for lease in self._leases:
                    stack.callback(lease.release)
                self._leases = []
            if self.run is not None:
                run, self.run = self.run, None
                stack.callback(run.close)
                if self._commit is not None:  # under way when the crawl ended
                    self._committed(self._commit.result())
                self._committed(run.commit(everything=True))
                for outlet in self.outlets:
                    self._note(outlet)
                run.finish({slug: self._figures(slug) for slug in self.tallies})

    def _is_whole(self, outlet: Outlet) -> bool:
        tally = self.tallies[outlet.slug]
        is_cut = self.stopped_by or self.failure or tally.queue or tally.asked
        return not (is_cut or tally.counts["postponed"])

    def _committed(self, rows: Sequence[Row]) -> None:
        for row in rows:
            # Of a page that came back the same, the revisit counts, not that it was read again.
            is_again = row.status == "unchanged" and row.capture_id in self._reread
            if row.outlet in self.tallies and not is_again:
                self.tallies[row.outlet].counts[row.status] += 1
        if self.urls:
            self.rows += rows  # a crawl keeps counts alone: its memory must not grow

    def _figures(self, slug: str) -> Counts:
        tally = self.tallies[slug]
        figures = counts_of(tally.counts, tally.reasons)
        figures["finished_at"] = datetime.now(UTC)
        return figures
