"""One spider for every outlet: asks the job what to fetch and hands on what comes."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest

from crawler.bridge import request_for
from crawler.discovery import Discovery, Source
from crawler.middlewares.backoff import LaterError, was_postponed
from crawler.middlewares.guard import ForbiddenAddressError, GuardedResolver
from crawler.middlewares.robots import RobotsError, UnreachableRobotsError, one_line
from crawler.parts import Parts
from crawler.progress import show
from crawler.sink import Sink
from pipelines.errors import KlipingError
from pipelines.records import Outcome, Reason
from pipelines.store.segment import joins_parts
from pipelines.urls import single_page_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.job import Job
    from pipelines.outlets import Outlet
    from pipelines.records import Capture, Page

_REJECTED: dict[type[Exception], Reason] = {
    RobotsError: Reason.ROBOTS,
    ForbiddenAddressError: Reason.ADDRESS,
    DownloadCancelledError: Reason.TOO_LARGE,
}
"""What a request may fail of that says something of the page."""
_log = logging.getLogger(__name__)
_KINDS = {
    "feed": "a feed",
    "sitemap": "a sitemap",
    "listing": "a listing",
    "index": "a dated index",
    "posts": "WordPress's posts",
    "items": "WordPress's posts",
}


class OutletSpider(scrapy.Spider):
    """Fetches what its job wants: pages by address, or what sources list."""

    name = "outlet"

    def __init__(self, *, job: Job, **kwargs: Any) -> None:  # noqa: ANN401  Scrapy's own arguments
        super().__init__(**kwargs)
        self.job = job
        self.sink = Sink(job)
        self.discovery = Discovery(job)
        self._parts: Parts | None = None

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
                    self.discovery.begin(outlet)
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
        if was_postponed(failure.value, request) and not self.job.urls:
            self.job.postpone(outlet, detail, is_page=True)
        else:
            self.sink.refuse(request.meta["asked_url"], outlet, outcome, reason, detail)
        for following in self._due(outlet):
            yield following

    # Sources.

    def _source(self, source: Source, outlet: Outlet) -> Request:
        """Make the request for a source; whole posts are kept like pages."""
        is_conditional = source.is_conditional and source.kind != "items"
        return request_for(
            source.url,
            outlet,
            "article" if source.kind == "items" else "source",
            contact=self.job.contact,
            known=self.job.coverage.source(source.url) if is_conditional else None,
            callback=self.parse_source,
            errback=self.source_failed,
            priority=10 - min(source.number, 9),
            source=source,
            download_maxsize=self.job.source_bytes,
        )

    def _due(self, outlet: Outlet) -> Iterator[Request]:
        """Take the sources and pages whose turn it is."""
        for source in self.discovery.take(outlet):
            yield self._source(source, outlet)
        if not self.job.urls:
            for link in self.job.next_links(outlet):
                yield self.page(link.url, outlet)

    async def parse_source(self, response: Response) -> AsyncIterator[Request]:
        """Read a source and ask for what it lists."""
        source: Source = response.meta["source"]
        outlet: Outlet = response.meta["outlet"]
        capture: Capture | None = response.meta.get("capture")
        try:
            is_settled = await self._read(response, source, outlet)
        except Exception as error:  # noqa: BLE001  whatever the bug is, other sources go on
            _log.exception("%s: cannot be read", source.url)
            self.discovery.failed(source, outlet, source.url, type(error).__name__)
            # Posts taken whole are read again from the archive at the commit.
            is_settled = source.kind == "items"
        if capture is not None and not is_settled:
            self.job.settle(capture, Outcome.SOURCE)
        await self.discovery.ended(outlet)
        for request in self._due(outlet):
            yield request

    async def _read(self, response: Response, source: Source, outlet: Outlet) -> bool:
        """Read a source; tell whether what was archived of it is settled."""
        meta = response.meta
        page: Page | None = meta.get("page")
        is_known = bool(meta.get("is_known"))
        if is_known and response.status == HTTPStatus.NOT_MODIFIED:
            known = self.job.coverage.source(source.url)
            page = await self.job.coverage.archived(known) if known else None
            if page is None:  # what it said is not there any more: ask without a condition
                self.discovery.again(source, outlet)
        elif self.discovery.is_end(source, response.status, outlet):
            page = None
        elif meta.get("refused") is not None or response.status != HTTPStatus.OK:
            found = meta.get("refused") or f"status {response.status}"
            detail = f"wanted {_KINDS[source.kind]}, found {found}"
            self.discovery.failed(source, outlet, response.url, detail)
            page = None
        if page is None:
            return False
        wanted = await self.discovery.answered(page, source, outlet, is_known=is_known)
        if source.kind != "items":
            return False
        await self.sink.take_items(page, outlet, meta.get("capture"), wanted=wanted)
        return True

    async def source_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Count a source that gave no answer."""
        request = failure.request  # type: ignore[attr-defined]
        outlet: Outlet = request.meta["outlet"]
        _, _, detail = _verdict(failure.value, request.url)
        if was_postponed(failure.value, request):
            self.discovery.postponed(request.meta["source"], outlet, detail)
        else:
            self.discovery.failed(request.meta["source"], outlet, request.url, detail)
        await self.discovery.ended(outlet)
        for following in self._due(outlet):
            yield following


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
    if isinstance(error, LaterError):
        return Outcome.ERROR, "later", one_line(error)
    if isinstance(error, IgnoreRequest):
        return Outcome.ERROR, "ignored", one_line(error)
    return Outcome.ERROR, type(error).__name__, f"could not be fetched: {one_line(error)}"
