"""One spider for every outlet: asks the job what to fetch and hands on what comes."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest

from crawler.bridge import request_for
from crawler.middlewares.guard import ForbiddenAddressError, GuardedResolver
from crawler.middlewares.robots import RobotsError, UnreachableRobotsError, one_line
from crawler.parts import Parts
from crawler.progress import show
from crawler.sink import Sink
from crawler.sources import Kind, Listed, links_in, withdrawn
from pipelines.decode import DecodeError
from pipelines.discover import SourceError
from pipelines.errors import KlipingError
from pipelines.records import Outcome, Reason
from pipelines.store.segment import joins_parts
from pipelines.urls import single_page_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from datetime import datetime

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.job import Job
    from pipelines.outlets import Outlet
    from pipelines.records import Capture, Link, Page

_REJECTED: dict[type[Exception], Reason] = {
    RobotsError: Reason.ROBOTS,
    ForbiddenAddressError: Reason.ADDRESS,
    DownloadCancelledError: Reason.TOO_LARGE,
}
"""What a request may fail of that says something of the page."""
_SITEMAP_DEPTH = 3
"""An index of indexes is the deepest seen; more is a loop."""
_LISTING_PAGES = 20
"""How far a listing is followed while it shows something new."""


class OutletSpider(scrapy.Spider):
    """Fetches what its job wants: pages by address, or what sources list."""

    name = "outlet"

    def __init__(self, *, job: Job, **kwargs: Any) -> None:  # noqa: ANN401  Scrapy's own arguments
        super().__init__(**kwargs)
        self.job = job
        self.sink = Sink(job)
        self._parts: Parts | None = None
        self._read: set[str] = set()
        self._waiting: dict[str, deque[Request]] = defaultdict(deque)
        """Slug -> sources whose turn has not come: one outlet's must not crowd out the others'."""
        self._active: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401  as above
        """Make one; without a job (under Scrapy's own command) from ``-a slug=``."""
        if "job" not in kwargs:
            from crawler.run import job_for_scrapy  # noqa: PLC0415  only Scrapy's command needs it

            kwargs["job"] = job_for_scrapy(kwargs.pop("slug", None))
        return super().from_crawler(crawler, *args, **kwargs)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the job's pages, or for the sources of its outlets."""
        self._upkeep = [asyncio.ensure_future(self._keep())]
        if not self.job.is_quiet:
            self._upkeep.append(asyncio.ensure_future(show(self.job)))
        for url, outlet in self.job.urls:
            yield self.page(url, outlet)
        if not self.job.urls:
            for outlet in self.job.outlets:
                if self.job.asks_sources:
                    self._sources(outlet)
                for request in self._due(outlet):
                    yield request

    async def _keep(self) -> None:
        try:
            await self.job.keep()
        except KlipingError as error:
            self.job.failure = error
            await self.crawler.engine.close_spider_async(reason="archive")

    def closed(self, reason: str) -> None:
        """Stop the job's upkeep; its end is up to whoever made it, or to itself."""
        del reason
        for one in self._upkeep:
            one.cancel()
        if self.job.at_end is not None:
            self.job.finish()
            self.job.at_end()

    # Pages.

    def page(self, url: str, outlet: Outlet) -> Request:
        """Make the request for a page."""
        return request_for(
            single_page_url(url, outlet),
            outlet,
            "article",
            asked_url=url,
            contact=self.job.contact,
            # A 304 would say nothing of an article's further parts.
            known=None if self.job.urls or joins_parts(outlet) else self.job.known(url),
            callback=self.parse_page,
            errback=self.page_failed,
            download_maxsize=self.job.page_bytes,
        )

    async def parse_page(self, response: Response) -> AsyncIterator[Request]:
        """Settle a page, then ask for those whose turn it is now."""
        meta = response.meta
        outlet: Outlet = meta["outlet"]
        if "page" not in meta:
            detail = f"wanted a page, found status {response.status} that leads nowhere"
            self.sink.refuse(meta["asked_url"], outlet, Outcome.ERROR, "redirect", detail)
        else:
            await self._settle(meta, outlet)
        for request in self._due(outlet):
            yield request

    async def _settle(self, meta: dict[str, Any], outlet: Outlet) -> None:
        """Take a page, its further parts included, to its end."""
        page, capture, refused = meta["page"], meta.get("capture"), meta.get("refused")
        shown = meta.get("parts", 1)
        if shown == 1 or refused is not None or page.status != HTTPStatus.OK:
            await self.sink.take(page, outlet, capture, refused=refused)
            return
        if self._parts is None:
            self._parts = Parts(self.crawler, self.job, lambda error, url: _verdict(error, url)[1:])
        found = await self._parts.joined(page, outlet, shown)
        if found.reason is None:
            await self.sink.take(found.page, outlet, capture, parts=found.captures)
        else:
            self.sink.fail(page, outlet, capture, found)

    async def page_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Settle a page that gave no answer."""
        request = failure.request  # type: ignore[attr-defined]
        outlet: Outlet = request.meta["outlet"]
        outcome, reason, detail = _verdict(failure.value, request.url)
        self.sink.refuse(request.meta["asked_url"], outlet, outcome, reason, detail)
        for following in self._due(outlet):
            yield following

    def _pages(self, outlet: Outlet) -> Iterator[Request]:
        if not self.job.urls:
            for link in self.job.next_links(outlet):
                yield self.page(link.url, outlet)

    # Sources.

    def _sources(self, outlet: Outlet) -> None:
        found = outlet.discover
        for url in found.feeds:
            self._ask(url, outlet, "feed")
        for url in (*found.news_sitemaps, *found.sitemaps):
            self._ask(url, outlet, "sitemap")
        if not (found.feeds or found.sitemaps or found.news_sitemaps):
            self._listings(outlet)

    def _listings(self, outlet: Outlet) -> None:
        for url in outlet.discover.listings:
            self._ask(url.replace("{page}", "1"), outlet, "listing", template=url)

    def _ask(
        self,
        url: str,
        outlet: Outlet,
        kind: Kind,
        *,
        depth: int = 0,
        template: str | None = None,
        is_conditional: bool = True,
    ) -> None:
        """Line up a source."""
        self._read.add(url)
        self.job.source_asked(outlet)
        request = request_for(
            url,
            outlet,
            "source",
            contact=self.job.contact,
            known=self.job.source(url) if is_conditional else None,
            callback=self.parse_source,
            errback=self.source_failed,
            priority=10 - depth,
            kind=kind,
            nesting=depth,
            template=template,
            download_maxsize=self.job.source_bytes,
        )
        self._waiting[outlet.slug].append(request)

    def _due(self, outlet: Outlet) -> Iterator[Request]:
        """Take the sources and pages whose turn it is."""
        waiting = self._waiting[outlet.slug]
        while waiting and self._active[outlet.slug] < outlet.fetch.concurrency + 1:
            self._active[outlet.slug] += 1
            yield waiting.popleft()
        yield from self._pages(outlet)

    async def parse_source(self, response: Response) -> AsyncIterator[Request]:
        """Read a source and ask for what it lists."""
        meta = response.meta
        outlet: Outlet = meta["outlet"]
        page: Page | None = meta.get("page")
        refused = meta.get("refused")
        if meta.get("is_known") and response.status == HTTPStatus.NOT_MODIFIED:
            known = self.job.source(meta["asked_url"])
            page = await self.job.archived(known) if known else None
            if page is None:  # what it said is not there any more: ask without a condition
                self._ask(
                    meta["asked_url"],
                    outlet,
                    meta["kind"],
                    depth=meta["nesting"],
                    template=meta["template"],
                    is_conditional=False,
                )
        elif refused is not None or response.status != HTTPStatus.OK:
            found = refused or f"status {response.status}"
            self.job.source_failed(outlet, response.url, f"wanted a {meta['kind']}, found {found}")
            page = None
        if page is not None:
            await self._listed(page, outlet, meta)
        if (capture := meta.get("capture")) is not None:
            self.job.settle(capture, Outcome.SOURCE)
        await self._after_source(outlet)
        for request in self._due(outlet):
            yield request

    async def source_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Count a source that gave no answer."""
        request = failure.request  # type: ignore[attr-defined]
        outlet: Outlet = request.meta["outlet"]
        _, _, detail = _verdict(failure.value, request.url)
        self.job.source_failed(outlet, request.url, detail)
        await self._after_source(outlet)
        for following in self._due(outlet):
            yield following

    async def _after_source(self, outlet: Outlet) -> None:
        """Note that a source ended; after the last one do what it calls for."""
        self._active[outlet.slug] -= 1
        if self.job.source_done(outlet):
            if self.job.is_blind(outlet):
                self._listings(outlet)
            else:
                await self.job.look_for_withdrawn(outlet)

    async def _listed(self, page: Page, outlet: Outlet, meta: dict[str, Any]) -> None:
        url, depth = meta["asked_url"], meta["nesting"]
        try:
            links, children = await self._links_in(page, meta["kind"], outlet)
        except (SourceError, DecodeError) as error:
            self.job.source_failed(outlet, url, str(error))
            return
        self.job.count(outlet, "sources")
        before = Listed()
        if meta["kind"] == "sitemap" and not meta.get("is_known"):
            before = await self._before(url, outlet)
        fresh = await self.job.wanted(links, outlet, before.lastmods)
        self.job.missing(withdrawn(before.links, links), outlet)
        if meta["template"] and fresh:
            number = depth + 2
            following = meta["template"].replace("{page}", str(number))
            if number <= _LISTING_PAGES and following not in self._read:
                self._ask(following, outlet, "listing", depth=number - 1, template=meta["template"])
        since = self.job.source(url)
        for child in children:
            if self._is_new_child(child, outlet, depth + 1):
                lastmod = (
                    child.lastmod_at if meta.get("is_known") else before.lastmods.get(child.url)
                )
                await self._child(child, outlet, depth + 1, lastmod=lastmod, since=since)

    def _is_new_child(self, child: Link, outlet: Outlet, depth: int) -> bool:
        return (
            depth < _SITEMAP_DEPTH
            and child.url not in self._read
            and outlet.owns(child.url) > 0
            and not self.job.is_satisfied(outlet)
        )

    async def _child(
        self,
        child: Link,
        outlet: Outlet,
        depth: int,
        *,
        lastmod: datetime | None,
        since: Capture | None,
    ) -> None:
        """Ask for a sitemap that an index names, or read it as archived if it did not change.

        Args:
            child: As the index names it now.
            outlet: Whose.
            depth: How many indexes lead to it.
            lastmod: What the index said of it the last time.
            since: The index, as it was archived then.
        """
        known = self.job.source(child.url)
        page = await self.job.archived(known) if known else None
        if page is None or known is None or since is None:
            self._ask(child.url, outlet, "sitemap", depth=depth)
            return
        if child.lastmod_at is None:
            # Nothing says whether it changed: one of articles is asked, one of tags is not.
            is_same = await self._is_barren(page, outlet)
        else:
            # Unchanged since it was read; read since the index was, or since it changed itself.
            is_read = known.fetched_at >= since.fetched_at or child.lastmod_at <= known.fetched_at
            is_same = child.lastmod_at == lastmod and is_read
        if not is_same:
            self._ask(child.url, outlet, "sitemap", depth=depth)
            return
        self._read.add(child.url)
        meta = {
            "asked_url": child.url,
            "kind": "sitemap",
            "nesting": depth,
            "template": None,
            "is_known": True,
        }
        await self._listed(page, outlet, meta)

    async def _is_barren(self, page: Page, outlet: Outlet) -> bool:
        try:
            links, children = await self._links_in(page, "sitemap", outlet)
        except (SourceError, DecodeError):
            return False
        return not children and self.job.is_barren(links, outlet)

    async def _before(self, url: str, outlet: Outlet) -> Listed:
        """Read what a changed sitemap said last time."""
        known = self.job.source(url)
        page = await self.job.archived(known) if known else None
        if page is None:
            return Listed()
        try:
            links, children = await self._links_in(page, "sitemap", outlet)
        except (SourceError, DecodeError):
            return Listed()
        return Listed(
            links=links,
            lastmods={one.url: one.lastmod_at for one in (*links, *children) if one.lastmod_at},
        )

    async def _links_in(
        self, page: Page, kind: Kind, outlet: Outlet
    ) -> tuple[list[Link], list[Link]]:
        """Read a source in a thread: 50,000 entries take seconds."""
        return await asyncio.to_thread(links_in, page, kind, outlet, limit=self.job.source_bytes)


def _verdict(error: BaseException | None, url: str) -> tuple[Outcome, str, str]:
    """Say as what a request without an answer ends: outcome, reason, detail."""
    for kind, rejected in _REJECTED.items():
        if isinstance(error, kind):
            return Outcome.REJECTED, rejected, one_line(error)
    host = urlsplit(url).hostname or ""
    if host in GuardedResolver.refused:
        address = GuardedResolver.refused[host]
        return Outcome.REJECTED, Reason.ADDRESS, f"{host} stands for {address}, which is not public"
    if isinstance(error, UnreachableRobotsError):
        return Outcome.ERROR, "unreachable", one_line(error)
    if isinstance(error, IgnoreRequest):
        return Outcome.ERROR, "ignored", one_line(error)
    return Outcome.ERROR, type(error).__name__, f"could not be fetched: {one_line(error)}"
