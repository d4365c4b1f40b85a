"""Fetches the further parts of an article that its outlet cuts into pages, one after another.

Each goes the way of every page, robots.txt, pace and archive included. What one of them fails of
is the article's fault: without all its parts it is not stored at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from scrapy.http.request import NO_CALLBACK

from crawler.bridge import request_for
from pipelines.parts import MOST_PARTS, is_part, part_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scrapy import Request
    from scrapy.crawler import Crawler

    from crawler.job import Job
    from pipelines.outlets import Outlet
    from pipelines.records import Capture, Page

PRIORITY: Final = 5
"""Before pages that wait: what is begun is ended first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A page with its further parts, or why they could not be had."""

    page: Page
    captures: tuple[Capture, ...] = ()
    """Of the further parts, in order; empty where nothing is stored."""
    reason: str | None = None
    """Why a part is missing."""
    detail: str = ""


class Parts:
    """Completes pages for a job.

    Args:
        crawler: Through whose engine.
        job: What the run is.
        said: Tells of a request without an answer its reason and its detail.
    """

    def __init__(
        self, crawler: Crawler, job: Job, said: Callable[[Exception, str], tuple[str, str]]
    ) -> None:
        self._crawler = crawler
        self._job = job
        self._said = said

    async def joined(self, page: Page, outlet: Outlet, shown: int) -> Joined:
        """Fetch what follows a page.

        Args:
            page: The first part.
            outlet: Whose.
            shown: How many parts the page shows; each part may show more.
        """
        parts: list[Page] = []
        captures: list[Capture] = []
        number, size = 2, len(page.payload)
        while number <= shown:
            found = await self._part(page, number, shown, outlet)
            if isinstance(found, Joined):
                return replace(found, captures=tuple(captures))
            part, meta = found
            parts.append(part)
            if meta.get("capture") is not None:
                captures.append(meta["capture"])
            size += len(part.payload)
            if fault := _fault(part, number, page, outlet, meta):
                detail = f"{part.url}: wanted part {number} of {shown}, found {fault}"
                return Joined(page=page, captures=tuple(captures), reason="part", detail=detail)
            if size > self._job.page_bytes:
                detail = f"wanted {self._job.page_bytes} bytes in all parts, found more"
                return Joined(page=page, captures=tuple(captures), reason="parts", detail=detail)
            shown = max(shown, meta["parts"])
            number += 1
        return Joined(page=replace(page, parts=tuple(parts)), captures=tuple(captures))

    async def _part(
        self, page: Page, number: int, shown: int, outlet: Outlet
    ) -> Joined | tuple[Page, Mapping[str, Any]]:
        if shown > MOST_PARTS:
            detail = f"wanted {MOST_PARTS} parts at most, found {shown}"
            return Joined(page=page, reason="parts", detail=detail)
        if self._job.stopped_by:
            return Joined(page=page, reason="stopped", detail=f"found {self._job.stopped_by}")
        url = part_url(page.final_url, number, outlet)
        try:
            meta = await self._asked(self._request(url, outlet))
        except Exception as error:  # noqa: BLE001  whatever the network raises means no answer
            reason, detail = self._said(error, url)
            return Joined(page=page, reason=reason, detail=f"part {number} of {shown}: {detail}")
        if "page" not in meta:
            detail = f"{url}: wanted part {number} of {shown}, found a redirect that leads nowhere"
            return Joined(page=page, reason="part", detail=detail)
        return meta["page"], meta

    def _request(self, url: str, outlet: Outlet) -> Request:
        return request_for(
            url,
            outlet,
            "part",
            contact=self._job.contact,
            callback=NO_CALLBACK,
            priority=PRIORITY,
            download_maxsize=self._job.page_bytes,
        )

    async def _asked(self, request: Request) -> dict[str, Any]:
        response = await self._crawler.engine.download_async(request)
        return dict(response.meta)


def _fault(
    part: Page, number: int, page: Page, outlet: Outlet, meta: Mapping[str, Any]
) -> str | None:
    """Say what keeps an answer from being that part of the article."""
    if meta.get("refused") is not None:
        return str(meta["refused"])
    if part.status != HTTPStatus.OK:
        return f"status {part.status}"
    if not is_part(part.final_url, number, page.final_url, outlet):
        return f"a redirect to {part.final_url}"
    return None
