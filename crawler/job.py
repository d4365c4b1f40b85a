"""What one run is: which outlets, which addresses, where it all goes.

The spider asks a `Job` what to fetch, the sink tells it what came of it, the archive middleware
stores through it. It owns the run, the pool, the leases and the counts, and knows nothing of how
pages are fetched.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from crawler.pool import Pool
from pipelines.errors import KlipingError
from pipelines.records import Article, Link, Outcome, Reason, Rejected
from pipelines.store.archive import MissingError
from pipelines.store.commit import Counts, Limits, Run, last_captures, stored_page
from pipelines.store.seen import Seen, known_urls, sources
from pipelines.store.warc import NoPageError, digest_of
from pipelines.urls import url_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Future
    from datetime import date

    from crawler.sink import Result
    from pipelines.outlets import Outlet
    from pipelines.records import Capture, Page
    from pipelines.store.archive import Archive
    from pipelines.store.commit import Row
    from pipelines.store.lease import Lease

_REFUSALS = frozenset((Reason.HTTP_STATUS, Reason.BLOCKED))
_ENOUGH = 10
"""Articles from which on `expect.fields` is held against them."""
_AHEAD = 2
"""Requests of an outlet that wait beside those under way, so that its host is never idle."""
_FEW = 20
"""Articles of one outlet that are fetched again in one crawl, for one reason."""
_SHOWN = 3
"""Pages without one answer that make an outlet's run bad; faults that are named then."""
_FAULTS = 100
"""Lines kept per outlet."""
_RENEW_S = 60.0
"""How often leases are renewed; they expire after five minutes."""

Command = Literal["crawl", "recheck", "recrawl", "backfill"]


@dataclass(slots=True)
class Tally:
    """What happened at one outlet."""

    outlet: Outlet
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """One line each; the first few are printed."""
    queue: deque[Link] = field(default_factory=deque)
    """Links that wait for their turn under `--limit`."""
    queued: set[str] = field(default_factory=set)
    asked: int = 0
    """Pages under way."""
    done: int = 0
    """Pages that ended."""
    answered: int = 0
    """Pages that ended otherwise than by a refusal or a fault."""
    read: int = 0
    """Pages that gave an article."""
    filled: Counter[str] = field(default_factory=Counter)
    """Column of `expect.fields` -> articles that have it."""
    sources_open: int = 0
    sources_failed: int = 0
    fell_back: bool = False
    """Listings were asked, for want of anything better."""
    listed: set[int] = field(default_factory=set)
    """`url_key` of every article that a source listed."""
    missing: list[Link] = field(default_factory=list)
    """What sitemaps no longer list."""
    started: float = field(default_factory=monotonic)
    seconds: float = 0.0

    def needs_a_look(self) -> list[str]:
        """Say, a line each, why the outlet as a whole did badly."""
        lines = []
        if not self.counts["sources"] and self.sources_failed:
            lines += self.faults[:_SHOWN] or ["no source could be read"]
        elif self.done >= _SHOWN and not self.answered:
            reasons = ", ".join(f"{name} {count}" for name, count in self.reasons.most_common(3))
            lines.append(f"wanted pages, found none in {self.done} answers: {reasons}")
        if self.read >= _ENOUGH:
            for name, share in self.outlet.expect.fields.items():
                found = self.filled[name] / self.read
                if found < share:
                    lines.append(
                        f"expect.fields.{name}: wanted {share:.0%} of {self.read} articles, "
                        f"found {found:.0%}"
                    )
        return lines

    def fault(self, url: str, detail: str) -> None:
        """Note what went wrong; a host that is out of reach is one fault, not one per address."""
        line = detail if detail.startswith("http") else f"{url}: {detail}"
        if line not in self.faults and len(self.faults) < _FAULTS:
            self.faults.append(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which links of a crawl count."""

    since: date | None = None
    """First day, in the outlet's zone."""
    until: date | None = None
    """First day that no longer counts."""
    limit: int | None = None
    """New articles per outlet."""


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
        self._known = dict(known or {})
        self._reread: set[str] = set()
        """Captures that today's rules were let read again."""
        self._leases: list[Lease] = []
        self._sources: dict[str, Capture] = {}
        self._seen: dict[str, Seen] = {}
        self._commit: Future[list[Row]] | None = None
        self._thread = ThreadPoolExecutor(1, "commit")
        self.run = (
            Run(archive, command=command, outlet_of=outlet_of, limits=limits or Limits())
            if archive is not None and stores
            else None
        )

    # What to fetch.

    def learn(self) -> None:
        """Read what the archive knows; after the leases, for another run may just have ended."""
        if self.archive is not None and self.asks_sources:
            for one in self.outlets:
                self._sources.update(sources(self.archive, one.slug))
                self._seen[one.slug] = known_urls(self.archive, one.slug)

    async def wanted(
        self,
        links: Iterable[Link],
        outlet: Outlet,
        lastmods: Mapping[str, datetime] = MappingProxyType({}),
    ) -> int:
        """Queue the links that are this outlet's articles, new to the archive and in the window.

        Articles that the source says were changed since they were archived are queued as well.

        Args:
            links: What a source lists.
            outlet: Whose source.
            lastmods: URL -> what the source said last time; without it the time of the fetch
                stands for it, and the outlet's clock had better be right.

        Returns:
            How many were queued.
        """
        tally = self.tallies[outlet.slug]
        seen = self._seen.get(outlet.slug)
        changed, known, before = [], 0, len(tally.queue)
        for link in links:
            if not outlet.owns(link.url) or not outlet.is_article(link.url):
                continue
            tally.listed.add(url_key(link.url))
            if link.url in tally.queued or not self._in_window(link, outlet):
                continue
            fetched_at = seen.fetched_at(link.url) if seen is not None else None
            if fetched_at is None:
                tally.queued.add(link.url)
                tally.queue.append(link)
                continue
            known += 1
            if link.lastmod_at and link.lastmod_at > lastmods.get(link.url, fetched_at):
                changed.append(link)
        # A source that calls every article changed says nothing about any.
        if len(changed) <= max(_FEW, known // 2):
            await self._again(changed, outlet)
        return len(tally.queue) - before

    async def _again(self, links: Sequence[Link], outlet: Outlet) -> None:
        """Queue articles that the archive has, before new ones."""
        if self.archive is None or not links:
            return
        tally = self.tallies[outlet.slug]
        urls = [link.url for link in links]
        found = await asyncio.to_thread(last_captures, self.archive, urls, outlet.slug)
        self._known.update(found)
        for link in links:
            if link.url in found and link.url not in tally.queued:
                tally.queued.add(link.url)
                tally.queue.appendleft(link)

    def missing(self, links: Iterable[Link], outlet: Outlet) -> None:
        """Note articles that a sitemap listed last time and does not list now."""
        self.tallies[outlet.slug].missing += links

    async def look_for_withdrawn(self, outlet: Outlet) -> None:
        """Queue known articles that no source lists any more, a few at a time.

        Only where every source was read: else the article may stand in one that was not.
        """
        tally = self.tallies[outlet.slug]
        seen = self._seen.get(outlet.slug)
        if tally.sources_failed or seen is None or self.window.limit is not None:
            return
        lost = [
            link
            for link in tally.missing
            if url_key(link.url) not in tally.listed and link.url in seen
        ]
        tally.missing = []
        await self._again(lost[:_FEW], outlet)

    def source_asked(self, outlet: Outlet) -> None:
        """Count a source that is under way."""
        self.tallies[outlet.slug].sources_open += 1

    def source_done(self, outlet: Outlet) -> bool:
        """Count a source that ended; tell whether it was the outlet's last."""
        tally = self.tallies[outlet.slug]
        tally.sources_open -= 1
        return tally.sources_open == 0

    def is_blind(self, outlet: Outlet) -> bool:
        """Tell whether no source gave anything, so that listings must serve; once only."""
        tally = self.tallies[outlet.slug]
        if tally.counts["sources"] or tally.fell_back:
            return False
        tally.fell_back = True
        return True

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

    def is_satisfied(self, outlet: Outlet) -> bool:
        """Tell whether `--limit` is reached, so that no further source need be read."""
        limit = self.window.limit
        tally = self.tallies[outlet.slug]
        return limit is not None and tally.counts["articles"] + len(tally.queue) >= limit

    def _in_window(self, link: Link, outlet: Outlet) -> bool:
        moment = link.published_at or link.lastmod_at
        if moment is None:
            return True
        day = moment.astimezone(ZoneInfo(outlet.timezone)).date()
        since, until = self.window.since, self.window.until
        # An article cannot be younger than its lastmod, but it can be older.
        if since and day < since:
            return False
        return not (until and link.published_at and day >= until)

    # What came of it.

    def count(self, outlet: Outlet, what: str) -> None:
        """Count one event of an outlet."""
        self.tallies[outlet.slug].counts[what] += 1

    def store(self, page: Page, meta: Mapping[str, Any]) -> Capture | None:
        """Archive a page as soon as it comes; a payload known already becomes a revisit."""
        if self.run is None:
            return None
        known = self._known.get(page.url)
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
        return self._known.get(url)

    @staticmethod
    def is_revisit(page: Page, known: Capture) -> bool:
        """Tell whether a known article came back to the byte, or is said to be unchanged."""
        if page.status == HTTPStatus.NOT_MODIFIED:
            return True
        is_here = known.outcome in (Outcome.ARTICLE, Outcome.UNCHANGED)
        return is_here and bool(known.article_id) and known.digest == digest_of(page.payload)

    def is_known_source(self, page: Page) -> bool:
        """Tell whether a source says what it said last time."""
        known = self._sources.get(page.url)
        return known is not None and (
            page.status == HTTPStatus.NOT_MODIFIED or known.digest == digest_of(page.payload)
        )

    def is_barren(self, links: Iterable[Link], outlet: Outlet) -> bool:
        """Tell whether none of *links* is an article: a sitemap of tags, authors, pages."""
        return not any(outlet.owns(one.url) and outlet.is_article(one.url) for one in links)

    def source(self, url: str) -> Capture | None:
        """Return a source's last archived answer."""
        return self._sources.get(url)

    async def archived(self, capture: Capture) -> Page | None:
        """Read a source as archived; `None` if it was forgotten or is damaged."""
        if self.archive is None:
            return None
        try:
            return await asyncio.to_thread(stored_page, self.archive, capture)
        except (MissingError, NoPageError):
            return None

    async def reread(self, known: Capture, outlet: Outlet) -> Article | Rejected | None:
        """Let today's rules read a payload that came back unchanged.

        What they make of it belongs to the capture that holds the bytes.

        Returns:
            `None` if those bytes are not there any more.
        """
        first = await self.archived(known)
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
        result: Article | Outcome,
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
        tally.asked -= 1
        tally.done += 1
        names = {
            Outcome.ARTICLE: "articles",
            Outcome.REJECTED: "rejected",
            Outcome.ERROR: "errors",
            Outcome.GONE: "gone",
        }
        is_again = result.url in self._known
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

    # Its life.

    def hold(self, lease: Lease) -> None:
        """Keep a lease alive until the end."""
        self._leases.append(lease)

    async def keep(self) -> None:
        """Commit what is due and renew leases, until cancelled."""
        renewed = monotonic()
        while True:
            await asyncio.sleep(1.0)
            if self.run is None:
                continue
            if self.run.due():
                self._commit = self._thread.submit(self.run.commit, everything=False)
                rows = await asyncio.shield(asyncio.wrap_future(self._commit))
                self._commit = None
                self._committed(rows)
            if monotonic() - renewed > _RENEW_S:
                renewed = monotonic()
                for lease in self._leases:
                    await asyncio.to_thread(lease.renew)

    def abandon(self) -> None:
        """Give the leases back, should that be possible; all else is left to recovery."""
        for lease in self._leases:
            with contextlib.suppress(KlipingError):
                lease.release()

    def finish(self) -> None:
        """Commit the rest, write the run's rows, give the leases back; safe to call twice."""
        for tally in self.tallies.values():
            tally.seconds = monotonic() - tally.started
        with contextlib.ExitStack() as stack:
            stack.callback(self.pool.close)
            stack.callback(self._thread.shutdown)
            for lease in self._leases:
                stack.callback(lease.release)
            self._leases = []
            if self.run is not None:
                run, self.run = self.run, None
                stack.callback(run.close)
                if self._commit is not None:  # under way when the crawl ended
                    self._committed(self._commit.result())
                self._committed(run.commit(everything=True))
                run.finish({slug: self._figures(slug) for slug in self.tallies})

    def _committed(self, rows: Sequence[Row]) -> None:
        for row in rows:
            # Of a page that came back the same, the revisit counts, not that it was read again.
            is_again = row.status == "unchanged" and row.capture_id in self._reread
            if row.outlet in self.tallies and not is_again:
                self.tallies[row.outlet].counts[row.status] += 1
        if self.urls:
            self.rows += rows  # a crawl keeps counts alone: its memory must not grow

    def _figures(self, slug: str) -> Counts:
        counts = self.tallies[slug].counts
        return Counts(
            requests=counts["requests"],
            new=counts["new"],
            changed=counts["changed"],
            unchanged=counts["unchanged"],
            extracted=counts["extracted"],
            gone=counts["gone"],
            rejected=counts["rejected"],
            errors=counts["errors"],
            sources=counts["sources"],
            reasons=dict(self.tallies[slug].reasons),
            finished_at=datetime.now(UTC),
        )
