"""How many links a source brings, and when: a rate with its hours, weekdays and bursts.

Counts of links and of time watched enter, a rate at any moment leaves. Everything is shrunk: to a
prior at first, then hours and weekdays to the source's mean, then a burst to what was expected.
Knows neither requests nor clock.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOUR_S = 3600.0
DAY_S = 86400.0
_PRIOR_PER_DAY = 24.0
"""Links a day of a source that nothing is known of; worth `_PRIOR_LINKS` of its own."""
_PRIOR_LINKS = 0.5
_MEMORY_S = 14 * DAY_S
"""After which what was seen counts 1/e: long enough for a weekday to come twice."""
_BURST_S = 3 * HOUR_S
"""Likewise of a burst: an event is news for a morning or an evening."""
_HOUR_LINKS = 2.0
"""Links that an hour of the day must have been expected to bring to be believed by half."""
_WEEKDAY_LINKS = 10.0
_BURST_LINKS = 3.0
_PROFILED_S = 2 * DAY_S
"""A longer gap between two polls says nothing of hours."""
_SEED_DAYS = 1.0
"""What stated dates say counts at most as so much watching."""
_SEEDS = 30
"""So many of the newest dates are looked at: older ones are of a sitemap's past."""
_THURSDAY = 3
"""1 January 1970, Monday being 0."""


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """What a source brought and how long it was watched, the past fading."""

    links: float = 0.0
    days: float = 0.0
    """Watched, contiguous from poll to poll."""
    hour_links: tuple[float, ...] = (0.0,) * 24
    """By hour of the day, UTC."""
    hour_days: tuple[float, ...] = (0.0,) * 24
    weekday_links: tuple[float, ...] = (0.0,) * 7
    """From Monday, UTC."""
    weekday_days: tuple[float, ...] = (0.0,) * 7
    recent: float = 0.0
    """Links of the last hours."""
    awaited: float = 0.0
    """What hours and weekday had led to expect of them."""

    @cached_property
    def per_day(self) -> float:
        """Links a day in the mean."""
        return (self.links + _PRIOR_LINKS) / (self.days + _PRIOR_LINKS / _PRIOR_PER_DAY)

    def rates(self, start_s: float, end_s: float) -> Iterator[tuple[float, float]]:
        """Yield stretches of time, in days, with the links a day to be expected in each.

        Args:
            start_s: Seconds since 1970, the moment up to which the source was watched.
            end_s: Likewise, the end of the last stretch.
        """
        hours, weekdays = self._hours, self._weekdays
        burst = self.burst - 1.0
        per_day = self.per_day
        for hour, weekday, length_s, from_s in _stretches(start_s, end_s):
            fading = burst * math.exp(-(from_s + length_s / 2 - start_s) / _BURST_S)
            yield length_s / DAY_S, per_day * hours[hour] * weekdays[weekday] * (1.0 + fading)

    @cached_property
    def burst(self) -> float:
        """How many times the usual it brings right now."""
        return (self.recent + _BURST_LINKS) / (self.awaited + _BURST_LINKS)

    def expected(self, start_s: float, end_s: float) -> float:
        """Return how many links that time should have brought."""
        if end_s - start_s > _PROFILED_S:
            return self.per_day * (end_s - start_s) / DAY_S
        return sum(days * rate for days, rate in self.rates(start_s, end_s))

    def watched(self, start_s: float, end_s: float, links: float) -> Rhythm:
        """Return the rhythm after a stretch of time that brought so many links."""
        gap_s = end_s - start_s
        if gap_s <= 0:
            return self
        keeps, holds = math.exp(-gap_s / _MEMORY_S), math.exp(-gap_s / _BURST_S)
        if gap_s > _PROFILED_S:
            return Rhythm(
                links=self.links * keeps + links,
                days=self.days * keeps + gap_s / DAY_S,
                hour_links=_faded(self.hour_links, keeps),
                hour_days=_faded(self.hour_days, keeps),
                weekday_links=_faded(self.weekday_links, keeps),
                weekday_days=_faded(self.weekday_days, keeps),
            )
        hours, weekdays = self._hours, self._weekdays
        per_day = self.per_day
        parts = [
            (hour, weekday, length_s / DAY_S, hours[hour] * weekdays[weekday] * length_s / DAY_S)
            for hour, weekday, length_s, _ in _stretches(start_s, end_s)
        ]
        weight = sum(part[3] for part in parts)
        hour_links = [one * keeps for one in self.hour_links]
        hour_days = [one * keeps for one in self.hour_days]
        weekday_links = [one * keeps for one in self.weekday_links]
        weekday_days = [one * keeps for one in self.weekday_days]
        for hour, weekday, days, share in parts:
            hour_links[hour] += links * share / weight
            hour_days[hour] += days
            weekday_links[weekday] += links * share / weight
            weekday_days[weekday] += days
        return Rhythm(
            links=self.links * keeps + links,
            days=self.days * keeps + gap_s / DAY_S,
            hour_links=tuple(hour_links),
            hour_days=tuple(hour_days),
            weekday_links=tuple(weekday_links),
            weekday_days=tuple(weekday_days),
            recent=self.recent * holds + links,
            awaited=self.awaited * holds + per_day * weight,
        )

    @cached_property
    def _hours(self) -> list[float]:
        per_day = self.per_day
        raw = [
            (links + _HOUR_LINKS) / (days * per_day + _HOUR_LINKS)
            for links, days in zip(self.hour_links, self.hour_days, strict=True)
        ]
        # Neighbouring hours are alike: each borrows a quarter from either side.
        smooth = [(raw[i - 1] + 2 * raw[i] + raw[i - 23]) / 4 for i in range(24)]
        mean = sum(smooth) / 24
        return [one / mean for one in smooth]

    @cached_property
    def _weekdays(self) -> list[float]:
        per_day = self.per_day
        raw = [
            (links + _WEEKDAY_LINKS) / (days * per_day + _WEEKDAY_LINKS)
            for links, days in zip(self.weekday_links, self.weekday_days, strict=True)
        ]
        mean = sum(raw) / 7
        return [one / mean for one in raw]


def seeded(dates_s: Sequence[float], at_s: float) -> Rhythm:
    """Return what the dates that links state say of their source's rate.

    Args:
        dates_s: Seconds since 1970, in any order; those after *at_s* are left out.
        at_s: When they were read.
    """
    newest = sorted((one for one in dates_s if one <= at_s), reverse=True)[:_SEEDS]
    if len(newest) <= 1:
        return Rhythm()
    # Up to now, not up to the newest: a feed that has been silent for a month is slow.
    days = max(at_s - newest[-1], HOUR_S) / DAY_S
    weight = min(1.0, _SEED_DAYS / days)
    return Rhythm(links=len(newest) * weight, days=days * weight)


def _faded(values: Sequence[float], keeps: float) -> tuple[float, ...]:
    return tuple(one * keeps for one in values)


def _stretches(start_s: float, end_s: float) -> Iterator[tuple[int, int, float, float]]:
    """Yield hour of the day, weekday, seconds and start of each stretch within one hour."""
    at_s = start_s
    while at_s < end_s:
        hours = int(at_s // HOUR_S)
        until_s = min(end_s, (hours + 1) * HOUR_S)
        yield hours % 24, (hours // 24 + _THURSDAY) % 7, until_s - at_s, at_s
        at_s = until_s
