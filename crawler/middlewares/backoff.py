"""Slows down where a host asks for it: Retry-After in both forms, 429 and 503 with back-off.

A pause holds all requests to one host and to no other. Scrapy's own retries know none of this:
they ask again at once.
"""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

LONGEST_S: Final = 120.0
"""A host that wants a longer pause is left alone until the next run."""
_FIRST_S: Final = 2.0
_SLOWEST_S: Final = 60.0
_ASKS_TO_WAIT = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class AskedToWaitError(IgnoreRequest):
    """The host asked for a pause longer than this run waits."""


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Read a Retry-After header (RFC 9110, 10.2.3): seconds, or a date; `None` if neither.

    >>> retry_after_s("120", datetime.now(UTC))
    120.0
    >>> retry_after_s("Sun, 22 Nov 2026 08:00:30 GMT", datetime(2026, 11, 22, 8, tzinfo=UTC))
    30.0
    >>> retry_after_s("segera", datetime.now(UTC)) is None
    True
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


class BackoffMiddleware(RetryMiddleware):
    """Scrapy's retries, after the pause that the host asks for."""

    def __init__(self, settings: Any) -> None:  # noqa: ANN401  as Scrapy declares it
        super().__init__(settings)
        self._until: dict[str, float] = {}
        self._strikes: dict[str, int] = {}
        self._base: dict[str, float] = {}

    async def process_request(self, request: Request, **_: Any) -> None:  # noqa: ANN401  Scrapy may pass its spider
        """Wait while the host is paused."""
        host = urlsplit(request.url).netloc
        while (rest := self._until.get(host, 0.0) - monotonic()) > 0:
            if rest > LONGEST_S:
                raise AskedToWaitError(f"{host} asks to wait {rest:.0f} s")
            job = getattr(self.crawler.spider, "job", None)
            if job is not None and job.stopped_by:
                raise AskedToWaitError(f"{host} asks to wait {rest:.0f} s, the run was stopped")
            await asyncio.sleep(min(rest, 1.0))

    def process_response(  # type: ignore[override]  # noqa: D102  as the base class says
        self,
        request: Request,
        response: Response,
        **_: Any,  # noqa: ANN401  Scrapy may pass its spider
    ) -> Request | Response:
        host = urlsplit(request.url).netloc
        if response.status in _ASKS_TO_WAIT:
            self._pause(host, response)
        elif response.status < HTTPStatus.BAD_REQUEST:
            self._relax(host)
        return super().process_response(request, response)

    def _pause(self, host: str, response: Response) -> None:
        header = response.headers.get("Retry-After")
        asked = retry_after_s(header.decode("latin-1") if header else None, datetime.now(UTC))
        now = monotonic()
        is_paused = self._until.get(host, 0.0) > now
        if is_paused and asked is None:
            return  # an answer to what was under way when the pause began
        if not is_paused:
            self._strikes[host] = self._strikes.get(host, 0) + 1
        # Jitter, so that hosts of one operator are not all asked again at the same moment.
        doubled = _FIRST_S * 2 ** min(self._strikes.get(host, 1) - 1, 5)
        wait = doubled * random.uniform(1.0, 1.5) if asked is None else asked  # noqa: S311  no secret
        self._until[host] = max(self._until.get(host, 0.0), now + wait)
        if not is_paused:
            delay = self._delay(host)
            self._base.setdefault(host, delay)
            self._set_delay(host, min(max(delay, 0.25) * 2, _SLOWEST_S))
        self._hold_queue(host)

    def _relax(self, host: str) -> None:
        """Forget strikes, and come back to the host's own delay step by step."""
        self._strikes.pop(host, None)
        base = self._base.get(host)
        if base is not None:
            self._set_delay(host, max(base, self._delay(host) * 0.8))

    def _delay(self, host: str) -> float:
        settings = self.crawler.engine.downloader.per_slot_settings.get(host, {})
        return float(settings.get("delay", 0.0))

    def _set_delay(self, host: str, delay_s: float) -> None:
        set_delay(self.crawler, host, delay_s)

    def _hold_queue(self, host: str) -> None:
        """Hold the requests that wait in the downloader already; its own timer lets them go."""
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.lastseen = max(slot.lastseen, self._until[host] - slot.delay)


def set_delay(crawler: Crawler, host: str, delay_s: float) -> None:
    """Set a host's delay, also for the slot that Scrapy makes anew after a minute's idleness."""
    downloader = crawler.engine.downloader
    downloader.per_slot_settings.setdefault(host, {"jitter": 0.0})["delay"] = delay_s
    slot = downloader.slots.get(host)
    if slot is not None:
        slot.delay = delay_s
        slot.jitter = 0.0
