"""Slows down where a host asks for it or suffers, and gives up for this run where that is no use.

Retry-After in both forms, 429 and 503 with back-off, a delay that follows the latency, a budget of
requests per hour. A pause holds all requests to one host and to no other. Scrapy's own retries know
none of this: they ask again at once. What has to wait longer than a run does is left to a later
one, for which it is noted in the spool.
"""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.middlewares import pace
from crawler.middlewares.ledger import LONGEST_S as LONGEST_ABSENCE_S
from crawler.middlewares.ledger import Ledger

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.job import Job
    from pipelines.outlets import Outlet

LONGEST_S: Final = 120.0
"""A host that wants a longer pause is left alone until a later run."""
REFUSALS: Final = 5
"""Pauses in a row that a host asks for before it is left alone until a later run."""
SILENCES: Final = 5
"""Requests in a row without an answer, likewise."""
FAULTS: Final = 20
"""Answers in a row that speak of trouble (500 and the like), likewise."""
_FIRST_S: Final = 2.0
_ASKS_TO_WAIT = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_BAD = frozenset({HTTPStatus.REQUEST_TIMEOUT})


class LaterError(IgnoreRequest):
    """Nothing is known against the address: it is to be asked for by a later run."""


class BudgetError(LaterError):
    """The outlet's requests of this hour are used up."""


def was_postponed(error: BaseException | None, request: Request) -> bool:
    """Tell whether an address waits for a later run; one that was asked and refused is a fault."""
    return isinstance(error, LaterError) and not request.meta.get("retry_times")


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
    """Scrapy's retries, at the pace that the host can bear."""

    def __init__(self, settings: Any) -> None:  # noqa: ANN401  as Scrapy declares it
        super().__init__(settings)
        self._ledger: Ledger | None = None
        self._paces: dict[str, pace.Pace] = {}
        self._until: dict[str, float] = {}
        self._refusals: dict[str, int] = {}
        self._silences: dict[str, int] = {}
        self._faults: dict[str, int] = {}
        self._closed: dict[str, str] = {}
        """Host -> why it is not asked again in this run."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one for a crawl."""
        made = super().from_crawler(crawler)
        crawler.signals.connect(made.spider_closed, signal=signals.spider_closed)
        return made

    def spider_closed(self) -> None:
        """Put down what the next runs should know."""
        if self._ledger is not None:
            self._ledger.flush()

    async def process_request(self, request: Request, **_: Any) -> None:  # noqa: ANN401  Scrapy may pass its spider
        """Wait while the host is paused, and count the request."""
        host, outlet = urlsplit(request.url).netloc, request.meta["outlet"]
        job = self._job()
        while True:
            error, rest_s = self._obstacle(request, host, outlet)
            if rest_s <= 0:
                break
            if rest_s > LONGEST_S or (job is not None and job.stopped_by):
                raise error
            await asyncio.sleep(min(rest_s, 1.0))
        self._book().count(outlet.slug)

    def _obstacle(self, request: Request, host: str, outlet: Outlet) -> tuple[LaterError, float]:
        """Return what keeps a request from being sent, and for how many seconds."""
        if host in self._closed:
            return LaterError(self._closed[host]), float("inf")
        rest_s = self._until.get(host, 0.0) - monotonic()
        if not self._is_by_hand():
            rest_s = max(rest_s, self._book().wait_s(host))
        if rest_s > 0:
            at = datetime.now(UTC) + timedelta(seconds=rest_s)
            return LaterError(f"{host} asks to be left alone until {at:%Y-%m-%d %H:%M} UTC"), rest_s
        most = outlet.fetch.requests_per_hour
        # What is begun is ended first: an article lacks no part for want of a few requests.
        if most and request.meta.get("role") != "part":
            rest_s = self._book().full_s(outlet.slug, most)
        return BudgetError(f"fetch.requests_per_hour: all {most} were used"), rest_s

    def _is_by_hand(self) -> bool:
        """Tell whether somebody asks for a page here and now, which is how to see that it works.

        What an earlier run was told does not keep them from trying.
        """
        job = self._job()
        return job is not None and job.command == "recrawl"

    def _job(self) -> Job | None:
        found: Job | None = getattr(self.crawler.spider, "job", None)
        return found

    def _book(self) -> Ledger:
        if self._ledger is None:
            job, path = self._job(), None
            # A dry run leaves no folder behind where there was none.
            if job and job.archive and (job.run is not None or job.archive.spool.is_dir()):
                path = job.archive.spool / "politeness.json"
            self._ledger = Ledger(path)
        return self._ledger

    def process_response(  # type: ignore[override]  # noqa: D102  as the base class says
        self,
        request: Request,
        response: Response,
        **_: Any,  # noqa: ANN401  Scrapy may pass its spider
    ) -> Request | Response:
        host = urlsplit(request.url).netloc
        self._silences.pop(host, None)
        if response.status in _ASKS_TO_WAIT:
            self._pause(host, response)
        elif response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status in _BAD:
            self._count(self._faults, host, FAULTS, f"answered {response.status}")
        else:
            self._faults.pop(host, None)
            if response.status < HTTPStatus.BAD_REQUEST:
                self._relax(host)
        latency_s = request.meta.get("download_latency")
        if latency_s is not None:
            self._pace(host).answered(latency_s, is_good=response.status == HTTPStatus.OK)
            self._apply(host)
        return super().process_response(request, response)

    def process_exception(  # type: ignore[override]  # noqa: D102  as the base class says
        self,
        request: Request,
        exception: Exception,
        **_: Any,  # noqa: ANN401  Scrapy may pass its spider
    ) -> Request | Response | None:
        if isinstance(exception, self.exceptions_to_retry):
            self._count(self._silences, urlsplit(request.url).netloc, SILENCES, "gave no answer")
        return super().process_exception(request, exception)

    def _pause(self, host: str, response: Response) -> None:
        header = response.headers.get("Retry-After")
        asked = retry_after_s(header.decode("latin-1") if header else None, datetime.now(UTC))
        now = monotonic()
        is_paused = self._until.get(host, 0.0) > now
        if is_paused and asked is None:
            return  # an answer to what was under way when the pause began
        if not is_paused:
            self._pace(host).refused(pace.floor_s(self.crawler, host))
            self._apply(host)
            self._count(self._refusals, host, REFUSALS, f"answered {response.status}")
        # Jitter, so that hosts of one operator are not all asked again at the same moment.
        doubled = _FIRST_S * 2 ** min(self._refusals.get(host, 1) - 1, 5)
        wait = doubled * random.uniform(1.0, 1.5)  # noqa: S311  no secret
        if asked is not None:
            wait = min(max(asked, wait if not is_paused else 0.0), LONGEST_ABSENCE_S)
        self._until[host] = max(self._until.get(host, 0.0), now + wait)
        self._book().leave_alone(host, wait)
        if wait > LONGEST_S:
            self._drop_queue(host, f"{host} asks to wait {wait:.0f} s")
        else:
            self._hold_queue(host)

    def _count(self, counts: dict[str, int], host: str, most: int, what: str) -> None:
        """Count one more in a row, and leave the host alone after too many."""
        counts[host] = counts.get(host, 0) + 1
        if counts[host] >= most and host not in self._closed:
            text = f"{host} {what} {counts[host]} times in a row"
            self._closed[host] = text
            self._drop_queue(host, text)

    def _relax(self, host: str) -> None:
        """Take a good answer: come back to the host's own delay step by step."""
        self._refusals.pop(host, None)
        self._pace(host).relax(pace.floor_s(self.crawler, host))
        if self._is_by_hand() and self._until.get(host, 0.0) <= monotonic():
            self._book().may_ask(host)

    def _pace(self, host: str) -> pace.Pace:
        return self._paces.setdefault(host, pace.Pace())

    def _apply(self, host: str) -> None:
        delay_s = self._pace(host).delay_s(pace.floor_s(self.crawler, host))
        pace.set_delay(self.crawler, host, delay_s)

    def _hold_queue(self, host: str) -> None:
        """Hold the requests that wait in the downloader already; its own timer lets them go."""
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.lastseen = max(slot.lastseen, self._until[host] - slot.delay)

    def _drop_queue(self, host: str, why: str) -> None:
        """Let go of the requests that wait in the downloader: the run would wait with them."""
        slot = self.crawler.engine.downloader.slots.get(host)
        while slot is not None and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(LaterError(why))
