"""How long to wait between two requests to one host, as its answers have it.

Never less than its outlet's file and robots.txt ask; more where the host is slow, or said that it
was asked too often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

SLOW_S: Final = 1.0
"""From this latency on a host is slow; below, the crawler's own load shows as much."""
SLOWEST_S: Final = 60.0
"""The longest delay that answers can bring about; a file or a Crawl-delay may ask for more."""
_WEIGHT: Final = 0.3
"""Of the newest latency: one slow answer is no slow host."""
_STEP_S: Final = 0.25
"""What a delay of 0 counts as when it is doubled."""
_RECOVERY: Final = 0.8
"""What a good answer leaves of the delay that refusals brought about."""


@dataclass(slots=True)
class Pace:
    """What the answers of one host say of the delay that it needs."""

    latency_s: float = 0.0
    """From request to first header, smoothed."""
    penalty_s: float = 0.0
    """After refusals."""

    def delay_s(self, floor_s: float) -> float:
        """Return the delay, given what the outlet's file and robots.txt ask.

        One request per latency: about one at a time, however many are allowed at once.

        >>> Pace(latency_s=0.4).delay_s(0.0), Pace(latency_s=3.0).delay_s(1.0)
        (0.0, 3.0)
        """
        slow_s = self.latency_s if self.latency_s >= SLOW_S else 0.0
        return max(floor_s, min(max(slow_s, self.penalty_s), SLOWEST_S))

    def answered(self, latency_s: float, *, is_good: bool) -> None:
        """Take the latency of an answer; errors come quickly and never shorten the delay."""
        smooth_s = self.latency_s + _WEIGHT * (latency_s - self.latency_s)
        self.latency_s = smooth_s if is_good else max(self.latency_s, smooth_s)

    def refused(self, floor_s: float) -> None:
        """Double the delay."""
        self.penalty_s = min(2 * max(self.delay_s(floor_s), _STEP_S), SLOWEST_S)

    def relax(self, floor_s: float) -> None:
        """Come back step by step."""
        self.penalty_s *= _RECOVERY
        if self.penalty_s <= max(floor_s, _STEP_S):
            self.penalty_s = 0.0


def start(crawler: Crawler, host: str, *, delay_s: float, concurrency: int) -> None:
    """Tell the downloader how to treat a host before its slot is made; later calls do nothing."""
    asked = {"delay": delay_s, "floor": delay_s, "concurrency": concurrency, "jitter": 0.0}
    crawler.engine.downloader.per_slot_settings.setdefault(host, asked)


def floor_s(crawler: Crawler, host: str) -> float:
    """Return the delay that the outlet's file and robots.txt ask."""
    return float(_settings(crawler, host).get("floor", 0.0))


def raise_floor(crawler: Crawler, host: str, delay_s: float) -> None:
    """Keep at least this delay from now on: robots.txt asks for it."""
    settings = _settings(crawler, host)
    settings["floor"] = max(delay_s, settings.get("floor", 0.0))
    set_delay(crawler, host, max(settings["floor"], settings.get("delay", 0.0)))


def set_delay(crawler: Crawler, host: str, delay_s: float) -> None:
    """Set a host's delay, also for the slot that Scrapy makes anew after a minute's idleness."""
    _settings(crawler, host)["delay"] = delay_s
    slot = crawler.engine.downloader.slots.get(host)
    if slot is not None:
        slot.delay = delay_s
        slot.jitter = 0.0


def _settings(crawler: Crawler, host: str) -> dict[str, Any]:
    found: dict[str, Any] = crawler.engine.downloader.per_slot_settings.setdefault(
        host, {"jitter": 0.0}
    )
    return found
