"""robots.txt per RFC 9309, with Crawl-delay, once per origin and run, or once a day.

4xx means that everything is allowed; 5xx or no answer means that nothing is, for now (RFC 9309,
2.3.1); 429 is taken like 5xx. Where the job has a cache, an answer of an earlier run serves while
it holds, and for a day where the origin answers with 5xx. Raises the delay of each host to what
robots.txt asks, and tells the job of the sitemaps that it names.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.middlewares.pace import raise_floor
from crawler.middlewares.robots_cache import LONGEST_S, RobotsCache, lifetime_s
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
_MOST_SITEMAPS: Final = 100
_LONGEST_URL: Final = 2_048
"""Of a sitemap's address (sitemaps.org)."""


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


@dataclass(frozen=True, slots=True)
class _Rules:
    """What an origin allows."""

    rules: Protego
    until: float
    """On the monotonic clock."""


class RobotsMiddleware:
    """Asks each host's robots.txt before its first page."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._rules: dict[str, asyncio.Task[_Rules | _Refusal]] = {}

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
        found = await self._of(origin, request)
        if isinstance(found, _Refusal):
            raise found.kind(found.text)
        if not found.rules.can_fetch(request.url, AGENT):
            raise RobotsError(f"{origin}/robots.txt forbids {parts.path or '/'}")

    async def _of(self, origin: str, request: Request) -> _Rules | _Refusal:
        """Return what holds for an origin, asking it if need be; many pages wait for one answer."""
        task = self._rules.get(origin)
        if task is None or (task.done() and task.result().until < monotonic()):
            headers = {"User-Agent": request.headers.get("User-Agent", AGENT)}
            task = asyncio.ensure_future(self._read(origin, headers, request.meta["outlet"]))
            self._rules[origin] = task
        return await task

    async def _read(
        self, origin: str, headers: dict[str, Any], outlet: Outlet
    ) -> _Rules | _Refusal:
        cache = self._cache()
        kept = cache.get(origin) if cache is not None else None
        if kept is not None and kept.is_fresh:
            return self._parsed(kept.text, origin, outlet)
        found = await self._asked(origin, headers, outlet)
        if isinstance(found, _Refusal):
            return found
        if not is_passing(found.status):
            data = _text(found)
            self._keep(cache, origin, data, found)
            return self._parsed(data, origin, outlet)
        if kept is not None:
            return self._parsed(kept.text, origin, outlet)
        text = f"{origin}/robots.txt answered {found.status}"
        return _Refusal(UnreachableRobotsError, text, monotonic() + AGAIN_S)

    async def _asked(
        self, origin: str, headers: dict[str, Any], outlet: Outlet
    ) -> Response | _Refusal:
        request = Request(
            f"{origin}/robots.txt",
            priority=1000,
            callback=NO_CALLBACK,
            headers=headers,
            meta={"robots": True, "outlet": outlet},
        )
        until = monotonic() + AGAIN_S
        try:
            return await self.crawler.engine.download_async(request)
        except IgnoreRequest as error:
            if type(error) is IgnoreRequest:  # redirected too often: as good as none (2.3.1.2)
                return Response(request.url, status=HTTPStatus.NOT_FOUND)
            return _Refusal(type(error), str(error), until)
        except Exception as error:  # noqa: BLE001  whatever the network raises means no answer
            text = f"{origin} could not be reached: {_line(error)}"
            return _Refusal(UnreachableRobotsError, text, until)

    def _parsed(self, data: bytes, origin: str, outlet: Outlet) -> _Rules:
        rules = Protego.parse(data.decode("utf-8", "replace"))
        delay = rules.crawl_delay(AGENT)
        if delay:
            asked = max(outlet.fetch.delay_s, min(float(delay), MAX_DELAY_S))
            raise_floor(self.crawler, urlsplit(origin).netloc, asked)
        job = getattr(self.crawler.spider, "job", None)
        if job is not None:
            job.robots_read(outlet, origin, _sitemaps(rules))
        return _Rules(rules, monotonic() + LONGEST_S)

    def _cache(self) -> RobotsCache | None:
        job = getattr(self.crawler.spider, "job", None)
        folder = job.robots_cache if job is not None else None
        return RobotsCache(folder, most_bytes=MAX_BYTES) if folder is not None else None

    def _keep(
        self, cache: RobotsCache | None, origin: str, text: bytes, response: Response
    ) -> None:
        said, age = (response.headers.get(name) for name in ("Cache-Control", "Age"))
        lifetime = lifetime_s(
            said.decode("latin-1") if said else None, age.decode("latin-1") if age else None
        )
        if cache is not None and lifetime is not None:
            cache.put(origin, text, lifetime)


def _text(response: Response) -> bytes:
    """Return as much of a robots.txt as is read; nothing of an answer that says there is none."""
    found = response.body if response.status == HTTPStatus.OK else b""
    if found.startswith(b"\x1f\x8b"):  # though no encoding was asked for
        found = _unpacked(found)
    return bytes(found[:MAX_BYTES])


def _sitemaps(rules: Protego) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names, in order, each once."""
    named = (one.strip() for one in rules.sitemaps)
    right = (
        one for one in named if one.startswith(("http://", "https://")) and len(one) <= _LONGEST_URL
    )
    return tuple(islice(dict.fromkeys(right), _MOST_SITEMAPS))


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
