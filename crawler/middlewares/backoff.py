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
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


class BackoffMiddleware(RetryMiddleware):
    """Scrapy's retries, after the pause that the host asks for."""

    def __init__(self, settings: Any) -> None:  # noqa: ANN401  as Scrapy declares it
        super().__init__(settings)
        self._until: dict[str, float] = {}
        self._strikes: dict[str, int] = {}

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
        else:
            self._strikes.pop(host, None)
        return super().process_response(request, response)

    def _pause(self, host: str, response: Response) -> None:
        strikes = self._strikes[host] = self._strikes.get(host, 0) + 1
        header = response.headers.get("Retry-After")
        asked = retry_after_s(header.decode("latin-1") if header else None, datetime.now(UTC))
        # Jitter, so that hosts of one operator are not all asked again at the same moment.
        own = _FIRST_S * 2 ** min(strikes - 1, 5) * random.uniform(0.75, 1.25)  # noqa: S311  no secret
        wait = own if asked is None else asked
        self._until[host] = max(self._until.get(host, 0.0), monotonic() + wait)
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.delay = min(max(slot.delay, 0.25) * 2, _SLOWEST_S)
