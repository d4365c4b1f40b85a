"""robots.txt per RFC 9309, with Crawl-delay, once per host and run.

4xx means that everything is allowed; 5xx or no answer means that nothing is, for now (RFC 9309,
2.3.1). Sets the delay and the concurrency of each host as its outlet's file and robots.txt ask.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from pipelines.outlets import Outlet

MAX_BYTES: Final = 500 * 1024
"""How much of a robots.txt is read (RFC 9309, 2.5)."""
MAX_DELAY_S: Final = 60.0
"""A longer Crawl-delay is cut to this: some files ask for a day."""
AGENT: Final = "Kliping"
"""The product token that robots.txt groups are matched with."""


class RobotsError(IgnoreRequest):
    """robots.txt forbids the address."""


class UnreachableRobotsError(IgnoreRequest):
    """robots.txt could not be read, so nothing of the host may be fetched now."""


class RobotsMiddleware:
    """Asks each host's robots.txt before its first page."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._rules: dict[str, asyncio.Task[Protego | Exception]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Make one for a crawl."""
        return cls(crawler)

    async def process_request(self, request: Request, **_: Any) -> None:  # noqa: ANN401  Scrapy may pass its spider
        """Raise unless robots.txt lets *request* through."""
        if request.meta.get("robots"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._pace(parts.netloc, request.meta["outlet"])
            self._rules[origin] = asyncio.ensure_future(self._read(origin, request))
        rules = await self._rules[origin]
        if isinstance(rules, Exception):
            raise rules
        if not rules.can_fetch(request.url, AGENT):
            raise RobotsError(f"{origin}/robots.txt forbids {parts.path or '/'}")

    def _pace(self, netloc: str, outlet: Outlet) -> None:
        """Tell the downloader how to treat a host before its slot is made."""
        self.crawler.engine.downloader.per_slot_settings.setdefault(
            netloc, {"delay": outlet.fetch.delay_s, "concurrency": outlet.fetch.concurrency}
        )

    async def _read(self, origin: str, wanted: Request) -> Protego | Exception:
        request = Request(
            f"{origin}/robots.txt",
            priority=1000,
            callback=NO_CALLBACK,
            headers={"User-Agent": wanted.headers.get("User-Agent", AGENT)},
            meta={"robots": True, "outlet": wanted.meta["outlet"]},
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except IgnoreRequest as error:
            return error
        except Exception as error:  # noqa: BLE001  whatever the network raises means no answer
            return UnreachableRobotsError(f"{origin} could not be reached: {_line(error)}")
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return UnreachableRobotsError(f"{origin}/robots.txt answered {response.status}")
        found = response.body[:MAX_BYTES] if response.status == HTTPStatus.OK else b""
        text = found.decode("utf-8", "replace")
        rules = Protego.parse(text)
        delay = rules.crawl_delay(AGENT)
        slot = self.crawler.engine.downloader.slots.get(urlsplit(origin).netloc)
        if delay and slot is not None:
            slot.delay = max(slot.delay, min(float(delay), MAX_DELAY_S))
        return rules


def _line(error: BaseException | None) -> str:
    """Say a network error in one line."""
    reasons = getattr(error, "reasons", None)
    if reasons:
        return _line(getattr(reasons[0], "value", reasons[0]))
    text = " ".join(str(error).split()).rstrip(".")
    return text or type(error).__name__


one_line = _line
