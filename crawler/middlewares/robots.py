"""robots.txt per RFC 9309, with Crawl-delay, once per host and run.

4xx means that everything is allowed; 5xx or no answer means that nothing is, for now (RFC 9309,
2.3.1); 429 is taken like 5xx. Sets the delay of each host as its outlet's file and robots.txt ask.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from crawler.middlewares.backoff import set_delay
from pipelines.decode import DecodeError, gunzipped
from pipelines.fate import is_passing

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from pipelines.outlets import Outlet

MAX_BYTES: Final = 500 * 1024
"""How much of a robots.txt is read (RFC 9309, 2.5)."""
MAX_DELAY_S: Final = 60.0
"""A longer Crawl-delay is cut to this: some files ask for a day."""
AGAIN_S: Final = 300.0
"""After how long a robots.txt that could not be read is asked for again."""
AGENT: Final = "Kliping"
"""The product token that robots.txt groups are matched with."""


class RobotsError(IgnoreRequest):
    """robots.txt forbids the address."""


class UnreachableRobotsError(IgnoreRequest):
    """robots.txt could not be read, so nothing of the host may be fetched now."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why no page of a host may be asked for; raised anew each time, and for a while only."""

    kind: type[IgnoreRequest]
    text: str
    until: float
    """On the monotonic clock."""


class RobotsMiddleware:
    """Asks each host's robots.txt before its first page."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._rules: dict[str, asyncio.Task[Protego | _Refusal]] = {}

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
        rules = await self._of(origin, request)
        if isinstance(rules, _Refusal) and rules.until < monotonic():
            del self._rules[origin]
            rules = await self._of(origin, request)
        if isinstance(rules, _Refusal):
            raise rules.kind(rules.text)
        if not rules.can_fetch(request.url, AGENT):
            raise RobotsError(f"{origin}/robots.txt forbids {parts.path or '/'}")

    async def _of(self, origin: str, request: Request) -> Protego | _Refusal:
        if origin not in self._rules:
            headers = {"User-Agent": request.headers.get("User-Agent", AGENT)}
            self._rules[origin] = asyncio.ensure_future(
                self._read(origin, headers, request.meta["outlet"])
            )
        return await self._rules[origin]

    async def _read(
        self, origin: str, headers: dict[str, Any], outlet: Outlet
    ) -> Protego | _Refusal:
        request = Request(
            f"{origin}/robots.txt",
            priority=1000,
            callback=NO_CALLBACK,
            headers=headers,
            meta={"robots": True, "outlet": outlet},
        )
        until = monotonic() + AGAIN_S
        try:
            response = await self.crawler.engine.download_async(request)
        except IgnoreRequest as error:
            return _Refusal(type(error), str(error), until)
        except Exception as error:  # noqa: BLE001  whatever the network raises means no answer
            text = f"{origin} could not be reached: {_line(error)}"
            return _Refusal(UnreachableRobotsError, text, until)
        if is_passing(response.status):
            text = f"{origin}/robots.txt answered {response.status}"
            return _Refusal(UnreachableRobotsError, text, until)
        found = response.body if response.status == HTTPStatus.OK else b""
        if found.startswith(b"\x1f\x8b"):  # though no encoding was asked for
            found = _unpacked(found)
        text = found[:MAX_BYTES].decode("utf-8", "replace")
        rules = Protego.parse(text)
        delay = rules.crawl_delay(AGENT)
        if delay:
            asked = max(outlet.fetch.delay_s, min(float(delay), MAX_DELAY_S))
            set_delay(self.crawler, urlsplit(origin).netloc, asked)
        return rules


def _unpacked(data: bytes) -> bytes:
    try:
        return gunzipped(data, limit=8 * MAX_BYTES)
    except DecodeError:
        return b""


def _line(error: BaseException | None) -> str:
    """Say a network error in one line, its cause rather than its wrapping."""
    reasons = getattr(error, "reasons", None) or next(
        (one for one in getattr(error, "args", ()) if isinstance(one, list)), None
    )
    if reasons:
        return _line(getattr(reasons[0], "value", reasons[0]))
    text = " ".join(str(error).split()).rstrip(".")
    return text or type(error).__name__


one_line = _line
