"""Ways to crawl the simulated outlets: as Kliping does, at fixed times, all over again.

Outputs of `benchmarks.newsroom` enter, what was archived and noticed when leaves, with every
request. Each outlet is crawled alone: none slows another.
"""

from __future__ import annotations

import heapq
import math
import random
import zlib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.newsroom import edited
from pipelines.polling import Habit, due, due_times, failed, polled
from pipelines.rechecks import Edits, edits_from, next_check_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from benchmarks.newsroom import Numbers, Output, Shelf

START = datetime(2026, 11, 2, tzinfo=UTC)
_START_H = 3 / 3600
"""From cron's minute to the first request: the command starts and reads what it knows."""
_ANSWER_H = 0.8 / 3600
_SHORTEST_S = 0.5
"""Between two pages, whatever the outlet allows."""
_FAILS = 0.004
"""Of polls, beside outages."""
_RECHECK_TICK_H = 0.25
_WATCHED_A_DAY = 30.0
"""Articles of one outlet whose rechecks are simulated; of larger ones a sample, weighted."""
_OBSERVED = 3000
"""Newest looks from which an outlet's edits are learnt."""
_FIXED_AGES_H = (24.0, 48.0, 72.0, 96.0, 120.0, 144.0, 168.0)
"""Looks of baseline (a): what catches most within a day at a given number of looks."""


@dataclass(frozen=True, kw_only=True)
class Crawl:
    """What came of one outlet's articles and what it cost."""

    brought_h: Numbers
    """When each article was archived; infinite where it was missed."""
    pages: Numbers
    """Requests for each."""
    polls_h: Numbers
    """When each request to a source was made."""
    by_source: dict[str, int]
    """Name of a source -> requests to it."""


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What came of the edits of an outlet's sampled articles."""

    looks_h: Numbers
    """Moment of each look."""
    edits_h: Numbers
    """Moment of each edit after its article was archived."""
    noticed_h: Numbers
    """When each was noticed; infinite where it was not."""
    weight: float
    """Articles that each sampled one stands for."""
    chosen: Numbers
    """When the sampled articles were archived."""


# The crawl as it is.


def crawled(output: Output, *, days: float, tick_min: float, seed: int) -> Crawl:
    """Let `pipelines.polling` decide when which source is polled."""
    reader = _Reader(output, seed)
    tick_h, free_h = tick_min / 60, 0.0
    while True:
        times = due_times(reader.habits).values()
        next_h = min(0.0 if one is None else hours(one) for one in times)
        # A run that still holds the lease lets cron's next start pass.
        now_h = math.ceil(max(next_h, free_h) / tick_h - 1e-9) * tick_h
        if now_h >= (days + 1) * 24:
            return reader.crawl()
        clock_h = now_h + _START_H
        queue: list[int] = []
        for name in due(reader.habits, at=moment(now_h)):
            clock_h += _ANSWER_H * reader.shelves[name].cost
            queue += reader.poll(name, clock_h)
        free_h = reader.fetch(queue, clock_h)


class _Reader:
    """One outlet's crawl: what it brought, what it knows of the sources."""

    def __init__(self, output: Output, seed: int) -> None:
        """Know nothing yet."""
        self.output = output
        self.shelves = {one.name: one for one in output.shelves}
        self.habits = dict.fromkeys(self.shelves, Habit())
        self._rng = random.Random(f"{seed} {output.room.name}")  # noqa: S311  a simulation
        # Lists: reading one number of an array takes longer than all else.
        self._at_h = output.at_h.tolist()
        self._is_retried = output.is_retried.tolist()
        self._seen_h = {name: one.seen_h.tolist() for name, one in self.shelves.items()}
        self._which = {name: one.which.tolist() for name, one in self.shelves.items()}
        self._read = dict.fromkeys(self.shelves, 0)
        self._brought = [math.inf] * len(self._at_h)
        self._pages = [0] * len(self._at_h)
        self._polls: list[float] = []
        self._by_source = dict.fromkeys(self.shelves, 0)

    def poll(self, name: str, clock_h: float) -> list[int]:
        """Ask a source and return the articles that nobody had brought before."""
        shelf, habit, at = self.shelves[name], self.habits[name], moment(clock_h)
        self._polls += [clock_h] * shelf.cost
        self._by_source[name] += shelf.cost
        if self._rng.random() < _FAILS or not shelf.answers(clock_h):
            self.habits[name] = failed(habit, at=at)
            return []
        seen_h, which = self._seen_h[name], self._which[name]
        upto = bisect_right(seen_h, clock_h)
        first = max(0, upto - shelf.shows, bisect_right(seen_h, clock_h - shelf.shows_h))
        fresh = which[max(first, self._read[name]) : upto]
        self._read[name] = upto
        new = [one for one in fresh if not self._pages[one]]
        last_h = -math.inf if habit.polled_at is None else hours(habit.polled_at)
        is_first = habit.polled_at is None and shelf.is_dated
        self.habits[name] = polled(
            habit,
            at=at,
            new=len(new),
            elsewhere=sum(bool(self._pages[one]) and self._brought[one] > last_h for one in fresh),
            listed=upto - first if fresh else None,
            requests=shelf.cost,
            dates=[moment(self._at_h[one]) for one in which[first:upto]] if is_first else (),
        )
        for one in new:
            self._pages[one] = 1
        return new

    def fetch(self, queue: Sequence[int], clock_h: float) -> float:
        """Fetch articles, the newest first, and return when that is done."""
        for one in reversed(queue):
            clock_h += max(self.output.room.delay_s, _SHORTEST_S) / 3600
            self._brought[one] = clock_h + _ANSWER_H
            if self._is_retried[one]:
                self._pages[one] = 2
                self._brought[one] += 1 / 60
        return clock_h

    def crawl(self) -> Crawl:
        """Return what came of it."""
        return Crawl(
            brought_h=np.array(self._brought),
            pages=np.array(self._pages, float),
            polls_h=np.array(self._polls),
            by_source=self._by_source,
        )


def watched(output: Output, crawl: Crawl, *, days: float, seed: int) -> Watch:
    """Let `pipelines.rechecks` decide when which article is looked at again."""
    chosen, weight = _sample(output, crawl, days=days, seed=seed)
    looker = _Looker(output.at_h[chosen], crawl.brought_h[chosen])
    edits = edited(output, chosen, days=days, seed=seed)
    noticed = [np.full(one.size, math.inf) for one in edits]
    looks: list[float] = []
    for one, before_h, now_h in looker.looks(days * 24):
        new = (edits[one] > before_h) & (edits[one] <= now_h)
        noticed[one][new] = now_h
        looks.append(now_h)
        looker.saw(one, now_h, is_changed=bool(new.any()))
    return _watch(edits, noticed, crawl.brought_h[chosen], looks, weight)


class _Looker:
    """One outlet's articles and what is known of its edits."""

    def __init__(self, born_h: Numbers, archived_h: Numbers) -> None:
        """Know nothing yet."""
        self._born_h, self._last_h = born_h.tolist(), archived_h.tolist()
        self._changes = [0] * born_h.size
        self._checks = [0] * born_h.size
        # Each article's archiving first, so that all looks are made in their order.
        self._queue = [(at, True, one) for one, at in enumerate(self._last_h)]
        heapq.heapify(self._queue)
        self._edits = Edits()
        self._seen: list[tuple[float, float, bool, int]] = []
        self._learnt = 0

    def looks(self, end_h: float) -> Iterator[tuple[int, float, float]]:
        """Yield article, last look and this look, until the end."""
        while self._queue and self._queue[0][0] < end_h:
            now_h, is_new, one = heapq.heappop(self._queue)
            if not is_new:
                yield one, self._last_h[one], now_h
            self._plan(one)

    def saw(self, one: int, now_h: float, *, is_changed: bool) -> None:
        """Note what a look found, and learn from all once there are a few more."""
        born_h, last_h = self._born_h[one], self._last_h[one]
        self._seen.append((last_h - born_h, now_h - born_h, is_changed, self._changes[one]))
        self._last_h[one] = now_h
        self._changes[one] += is_changed
        self._checks[one] += 1
        if len(self._seen) >= max(20, self._learnt * 1.3):
            self._learnt = len(self._seen)
            before, after, was, changes = zip(*self._seen[-_OBSERVED:], strict=True)
            self._edits = edits_from(
                np.array(before), np.array(after), np.array(was), np.array(changes)
            )

    def _plan(self, one: int) -> None:
        when = next_check_at(
            born_at=moment(self._born_h[one]),
            checked_at=moment(self._last_h[one]),
            checks=self._checks[one],
            edits=self._edits,
            changes=self._changes[one],
        )
        if when is not None:
            tick = math.ceil(hours(when) / _RECHECK_TICK_H - 1e-9)
            heapq.heappush(self._queue, (tick * _RECHECK_TICK_H, False, one))


# The baselines.


def fixed(output: Output, *, every_h: float, days: float) -> Crawl:
    """Poll what can be relied upon at fixed times, the other sources once a day."""
    brought = np.full(output.at_h.size, math.inf)
    polls = []
    reliable = _reliable(output)
    for shelf in output.shelves:
        gap_h = every_h if shelf in reliable else max(24.0, every_h)
        times = np.arange(0.0, (days + 1) * 24, gap_h)
        times = times[[shelf.answers(one) for one in times]]
        polls.append(np.repeat(times, shelf.cost))
        np.minimum.at(brought, shelf.which, _first_listed(shelf, times))
    return _fetched(output, brought, np.concatenate(polls))


def watched_fixed(
    output: Output, crawl: Crawl, *, rechecks: float, days: float, seed: int
) -> Watch:
    """Look at each article at fixed ages; the last age by so many that the number is met."""
    chosen, weight = _sample(output, crawl, days=days, seed=seed)
    edits = edited(output, chosen, days=days, seed=seed)
    archived = crawl.brought_h[chosen]
    rng = np.random.default_rng([seed, 4])
    looks: list[float] = []
    noticed = []
    for one, moments in enumerate(edits):
        count = int(rechecks) + (rng.random() < rechecks % 1)
        at = output.at_h[chosen[one]] + np.array(_FIXED_AGES_H[:count])
        at = at[(at > archived[one]) & (at < days * 24)]
        looks += at.tolist()
        noticed.append(_next(at, moments))
    return _watch(edits, noticed, archived, looks, weight)


@dataclass(frozen=True, kw_only=True)
class Reread:
    """What came of reading everything again and again."""

    crawl: Crawl
    polls_h: Numbers
    """When all was read."""
    until_h: Numbers
    """Until when each article was listed anywhere."""
    again_a_day: float
    """Pages fetched that were known."""


def reread(output: Output, *, every_h: float, days: float) -> Reread:
    """Read all sources at fixed times and fetch all that they list, known or not."""
    times = np.arange(0.0, (days + 1) * 24, every_h)
    brought = np.full(output.at_h.size, math.inf)
    until = np.full(output.at_h.size, -math.inf)
    polls = []
    for shelf in output.shelves:
        mine = times[[shelf.answers(one) for one in times]]
        polls.append(np.repeat(mine, shelf.cost))
        np.minimum.at(brought, shelf.which, _first_listed(shelf, mine))
        np.maximum.at(until, shelf.which, _listed_until(shelf))
    again = np.searchsorted(times, until) - np.searchsorted(times, brought, side="right")
    count = again[(output.at_h >= 0) & np.isfinite(brought)].clip(0).sum()
    return Reread(
        crawl=_fetched(output, brought, np.concatenate(polls)),
        polls_h=times,
        until_h=until,
        again_a_day=float(count) / days,
    )


def watched_rereading(output: Output, made: Reread, *, days: float, seed: int) -> Watch:
    """Notice what was edited while it was still listed."""
    chosen, weight = _sample(output, made.crawl, days=days, seed=seed)
    edits = edited(output, chosen, days=days, seed=seed)
    brought, until = made.crawl.brought_h[chosen], made.until_h[chosen]
    polls = made.polls_h[made.polls_h < days * 24]
    starts = np.searchsorted(polls, brought, side="right")
    ends = np.searchsorted(polls, until, side="right")
    noticed = [
        _next(polls[start:end], moments)
        for start, end, moments in zip(starts, ends, edits, strict=True)
    ]
    return _watch(edits, noticed, brought, [], weight)


def _reliable(output: Output) -> list[Shelf]:
    feeds = [one for one in output.shelves if one.name.startswith("feed")]
    return feeds or [output.shelves[0]]


def _first_listed(shelf: Shelf, times: Numbers) -> Numbers:
    """Return the first poll that lists each article; infinite if it is pushed out before."""
    number = np.searchsorted(times, shelf.seen_h)
    at = np.append(times, math.inf)[number]
    listed = at <= _listed_until(shelf)
    return np.where(listed, at, math.inf)


def _listed_until(shelf: Shelf) -> Numbers:
    """Return when each article is pushed out by newer ones."""
    pushed = np.append(shelf.seen_h, np.full(shelf.shows, math.inf))[shelf.shows :]
    until: Numbers = np.minimum(pushed[: shelf.seen_h.size], shelf.seen_h + shelf.shows_h)
    return until


def _fetched(output: Output, found: Numbers, polls_h: Numbers) -> Crawl:
    """Fetch what was found at the same poll one after the other, the newest first."""
    order = np.lexsort((-output.at_h, found))
    in_order = found[order]
    starts = np.r_[True, in_order[1:] != in_order[:-1]]
    rank = np.arange(order.size) - np.maximum.accumulate(np.where(starts, np.arange(order.size), 0))
    brought = found.copy()
    gap_h = max(output.room.delay_s, _SHORTEST_S) / 3600
    brought[order] += _START_H + 2 * _ANSWER_H + (rank + 1) * gap_h
    brought[output.is_retried] += 1 / 60
    pages = np.where(np.isfinite(brought), 1.0 + output.is_retried, 0.0)
    return Crawl(brought_h=brought, pages=pages, polls_h=polls_h, by_source={})


def _next(at: Numbers, moments: Numbers) -> Numbers:
    found: Numbers = np.append(at, math.inf)[np.searchsorted(at, moments)]
    return found


def _sample(
    output: Output, crawl: Crawl, *, days: float, seed: int
) -> tuple[NDArray[np.int64], float]:
    """Choose articles to be watched, the same whoever brought them."""
    share = min(1.0, _WATCHED_A_DAY / output.room.per_day)
    rng = np.random.default_rng([seed, 5, zlib.crc32(output.room.name.encode())])
    is_chosen = (rng.random(output.at_h.size) < share) & output.is_article & (output.at_h >= 0)
    return np.flatnonzero(is_chosen & (crawl.brought_h < days * 24)), 1 / share


def _watch(
    edits: Sequence[Numbers],
    noticed: Sequence[Numbers],
    archived: Numbers,
    looks: Sequence[float],
    weight: float,
) -> Watch:
    moments = np.concatenate([np.array([]), *edits])
    after = moments > np.repeat(archived, [len(one) for one in edits])
    return Watch(
        looks_h=np.array(looks, float),
        edits_h=moments[after],
        noticed_h=np.concatenate([np.array([]), *noticed])[after],
        weight=weight,
        chosen=archived,
    )


def hours(at: datetime) -> float:
    """Return a moment as hours since the start."""
    return (at - START).total_seconds() / 3600


def moment(at_h: float) -> datetime:
    """Return hours since the start as a moment."""
    return START + timedelta(hours=float(at_h))
