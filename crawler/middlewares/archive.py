"""Every response goes into the WARC before anything else happens to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.bridge import page_from_response
from pipelines.document import forbids_archiving
from pipelines.fate import is_passing
from pipelines.parts import parts_in
from pipelines.records import Reason

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class ArchiveMiddleware:
    """Lays the `Page` and its `Capture` into the request's ``meta``.

    What is not archived: robots.txt, redirects (the page they lead to is), answers that are
    retried, pages that forbid it, pages outside the outlet's domains, and sources that say nothing
    new.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveMiddleware:
        """Make one for a crawl."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response, **_: Any) -> Response:  # noqa: ANN401  Scrapy may pass its spider
        """Store *response* and hand it on unchanged."""
        job = getattr(self.crawler.spider, "job", None)
        if job is None or request.meta.get("robots"):
            return response
        job.count(request.meta["outlet"], "requests")
        if response.status in _REDIRECTS:
            return response
        page = page_from_response(response, request)
        request.meta["page"] = page
        request.meta.pop("refused", None)
        if not request.meta["outlet"].owns(response.url):
            request.meta["refused"] = Reason.ADDRESS
        elif forbids_archiving(page):
            request.meta["refused"] = Reason.NOARCHIVE
        elif request.meta["role"] == "source" and job.is_known_source(page):
            request.meta["is_known"] = True  # only counted
        elif not is_passing(response.status):
            request.meta["parts"] = parts_in(page, request.meta["outlet"])
            request.meta["capture"] = job.store(page, request.meta)
        return response
