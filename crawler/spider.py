"""One spider for every outlet: asks the job what to fetch and hands on what comes."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import IgnoreRequest

from crawler.bridge import request_for
from crawler.middlewares.guard import ForbiddenAddressError, GuardedResolver
from crawler.middlewares.robots import RobotsError, UnreachableRobotsError, one_line
from crawler.sink import Sink
from pipelines.decode import DecodeError, payload_of
from pipelines.discover import SourceError, links_in_feed, links_in_sitemap
from pipelines.errors import KlipingError
from pipelines.records import Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.job import Job
    from pipelines.outlets import Outlet

_SITEMAP_DEPTH = 3
"""An index of indexes is the deepest seen; more is a loop."""
_SOURCE_BYTES = 64 * 2**20
"""A sitemap may have 50 MB uncompressed (sitemaps.org)."""


class OutletSpider(scrapy.Spider):
    """Fetches what its job wants: pages by address, or what sources list."""

    name = "outlet"

    def __init__(self, *, job: Job, **kwargs: Any) -> None:  # noqa: ANN401  Scrapy's own arguments
        super().__init__(**kwargs)
        self.job = job
        self.sink = Sink(job)
        self._read: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401  as above
        """Make one; without a job (under Scrapy's own command) from ``-a slug=``."""
        if "job" not in kwargs:
            from crawler.run import job_for_scrapy  # noqa: PLC0415  only Scrapy's command needs it

            kwargs["job"] = job_for_scrapy(kwargs.pop("slug", None))
        return super().from_crawler(crawler, *args, **kwargs)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the job's pages, or for the sources of its outlets."""
        self._keeper = asyncio.ensure_future(self._keep())
        for url, outlet in self.job.urls:
            yield self.page(url, outlet)
        if not self.job.urls:
            for outlet in self.job.outlets:
                for request in self._sources(outlet):
                    yield request

    async def _keep(self) -> None:
        try:
            await self.job.keep()
        except KlipingError as error:
            self.job.failure = error
            await self.crawler.engine.close_spider_async(reason="archive")

    def closed(self, reason: str) -> None:
        """Stop the job's upkeep; its end is up to whoever made it."""
        del reason
        self._keeper.cancel()

    # Pages.

    def page(self, url: str, outlet: Outlet) -> Request:
        """Make the request for a page."""
        return request_for(
            url,
            outlet,
            "article",
            contact=self.job.contact,
            callback=self.parse_page,
            errback=self.page_failed,
        )

    async def parse_page(self, response: Response) -> AsyncIterator[Request]:
        """Settle a page, then ask for those whose turn it is now."""
        meta = response.meta
        outlet: Outlet = meta["outlet"]
        if "page" not in meta:
            self.sink.refuse(
                meta["asked_url"], outlet, Outcome.ERROR, "redirect", "wanted a page, found a loop"
            )
        else:
            await self.sink.take(
                meta["page"], outlet, meta.get("capture"), refused=meta.get("refused")
            )
        for request in self._pages(outlet):
            yield request

    async def page_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Settle a page that gave no answer."""
        request = failure.request  # type: ignore[attr-defined]
        outlet: Outlet = request.meta["outlet"]
        outcome, reason, detail = _verdict(failure.value, request.url)
        self.sink.refuse(request.meta["asked_url"], outlet, outcome, reason, detail)
        for following in self._pages(outlet):
            yield following

    def _pages(self, outlet: Outlet) -> Iterator[Request]:
        if not self.job.urls:
            for link in self.job.next_links(outlet):
                yield self.page(link.url, outlet)

    # Sources.

    def _sources(self, outlet: Outlet) -> Iterator[Request]:
        found = outlet.discover
        for url in found.feeds:
            yield self._source(url, outlet, "feed", 0)
        for url in (*found.news_sitemaps, *found.sitemaps):
            yield self._source(url, outlet, "sitemap", 0)

    def _source(self, url: str, outlet: Outlet, kind: str, depth: int) -> Request:
        self._read.add(url)
        return request_for(
            url,
            outlet,
            "source",
            contact=self.job.contact,
            callback=self.parse_source,
            errback=self.source_failed,
            priority=10 - depth,
            kind=kind,
            depth_of_source=depth,
        )

    async def parse_source(self, response: Response) -> AsyncIterator[Request]:
        """Read a feed or sitemap and ask for what it lists."""
        meta = response.meta
        outlet: Outlet = meta["outlet"]
        capture = meta.get("capture")
        if meta.get("refused") is None and response.status == HTTPStatus.OK:
            try:
                for request in self._listed(meta, outlet):
                    yield request
            except (SourceError, DecodeError) as error:
                self.job.source_failed(outlet, response.url, str(error))
            else:
                self.job.count(outlet, "sources")
        else:
            refused = meta.get("refused")
            found = f"status {response.status}" if refused is None else f"{refused}"
            self.job.source_failed(outlet, response.url, f"wanted a {meta['kind']}, found {found}")
        if capture is not None:
            self.job.settle(capture, Outcome.SOURCE)
        for request in self._pages(outlet):
            yield request

    def _listed(self, meta: dict[str, Any], outlet: Outlet) -> Iterator[Request]:
        page = meta["page"]
        payload = payload_of(page, limit=_SOURCE_BYTES)
        if meta["kind"] == "feed":
            self.job.wanted(links_in_feed(payload, page.final_url), outlet)
            return
        sitemap = links_in_sitemap(payload, page.final_url)
        self.job.wanted(sitemap.links, outlet)
        depth = meta["depth_of_source"] + 1
        for child in sitemap.sitemaps:
            if (
                depth < _SITEMAP_DEPTH
                and child.url not in self._read
                and outlet.owns(child.url)
                and not self.job.is_satisfied(outlet)
            ):
                yield self._source(child.url, outlet, "sitemap", depth)

    async def source_failed(self, failure: Failure) -> None:
        """Count a source that gave no answer."""
        request = failure.request  # type: ignore[attr-defined]
        _, _, detail = _verdict(failure.value, request.url)
        self.job.source_failed(request.meta["outlet"], request.url, detail)


def _verdict(error: BaseException | None, url: str) -> tuple[Outcome, str, str]:
    """Say as what a request without an answer ends: outcome, reason, detail."""
    if isinstance(error, RobotsError):
        return Outcome.REJECTED, Reason.ROBOTS, str(error)
    if isinstance(error, ForbiddenAddressError):
        return Outcome.REJECTED, Reason.ADDRESS, one_line(error)
    host = urlsplit(url).hostname or ""
    if host in GuardedResolver.refused:
        address = GuardedResolver.refused[host]
        return Outcome.REJECTED, Reason.ADDRESS, f"{host} stands for {address}, which is not public"
    if isinstance(error, UnreachableRobotsError):
        return Outcome.ERROR, "unreachable", one_line(error)
    if isinstance(error, IgnoreRequest):
        return Outcome.ERROR, "ignored", one_line(error)
    return Outcome.ERROR, type(error).__name__, f"could not be fetched: {one_line(error)}"
