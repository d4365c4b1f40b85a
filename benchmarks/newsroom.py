"""Outlets that exist only as numbers: when they publish, where they list it, when they edit it.

Made from the table in `rates.csv` and a seed; knows nothing of how anybody polls. Times are hours
since the start, which is midnight UTC between a Sunday and a Monday.
"""

from __future__ import annotations

import csv
import math
import re
import zlib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

TABLE = Path(__file__).with_name("rates.csv")
HISTORY_H = 72.0
"""What the sources list at the start."""
HOURS = {
    # Round the clock, thin after midnight, a peak before noon and one in the evening.
    "portal": (3, 2, 1, 1, 2, 4, 6, 8, 9, 10, 10, 10, 9, 9, 9, 9, 9, 9, 8, 8, 8, 7, 6, 4),
    # The print edition's stories at dawn, then what happens.
    "daily": (1, 1, 1, 1, 3, 6, 8, 8, 8, 9, 9, 8, 7, 7, 8, 8, 8, 8, 7, 6, 5, 4, 3, 2),
    # Office hours.
    "office": (0, 0, 0, 0, 0, 1, 2, 4, 8, 10, 10, 9, 6, 7, 9, 9, 8, 6, 4, 3, 2, 2, 1, 0),
    # Editors of another continent, some hours behind.
    "abroad": (3, 2, 2, 1, 1, 1, 2, 3, 3, 3, 4, 4, 5, 6, 8, 9, 9, 9, 8, 8, 7, 6, 5, 4),
}
"""Articles by hour of the day, local time, in any unit."""
_WORDS = {"rhythm": tuple(HOURS), "sitemap": ("news", "index", "-"), "rest": ("yes", "no")}
_FEEDS = re.compile(r"-|\d+|\d+:[\d.]+(\+\d+:[\d.]+)+")
_MOST = {
    "per_day": 10_000.0,
    "zone_h": 14.0,
    "weekend": 10.0,
    "feed_lag_min": 1440.0,
    "sitemap_lag_min": 1440.0,
    "delay_s": 600.0,
    "edits": 100.0,
    "late": 1.0,
}
"""Columns of numbers, and the largest that makes sense."""
_SATURDAY = 5
_STEP_H = 1 / 12
_DAILY = 0.25
"""Scatter of a day's articles, as the standard deviation of their logarithm."""
_EVENTS_A_WEEK = 2.0
"""Of one outlet: for `_EVENT_H` hours it publishes `_EVENT` times as much."""
_EVENT_H = (1.0, 5.0)
_EVENT = (1.5, 4.0)
_NATIONAL_A_WEEK = 1.0
"""Of all outlets together, likewise."""
_BATCHED = 0.2
"""Of articles that are followed by others within minutes: editors release several at once."""
_BATCH_H = 0.05
_NO_ARTICLE = 0.01
"""Of links: videos, quizzes and the like, which show only once they are fetched."""
_RETRIED = 0.01
"""Of pages that need a second request, a minute later."""
_UNTOUCHED = 0.5
"""How unlike an outlet's articles are: shape of the gamma distribution of their edits."""
_OUTAGES_A_MONTH = 0.15
"""Of one source: it answers with errors for hours or days, 0.8 % of the time."""
_OUTAGE_H = (2.0, 72.0)


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """A line of the table."""

    name: str
    per_day: float
    rhythm: str
    zone_h: int
    weekend: float
    feeds: str
    feed_lag_min: float
    sitemap: str
    sitemap_lag_min: float
    rest: bool
    delay_s: float
    edits: float
    late: float


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A source: what it lists when."""

    name: str
    cost: int
    """Requests for one poll."""
    shows: int
    """Articles it lists at most."""
    shows_h: float
    """Hours for which it lists them at most."""
    is_dated: bool
    seen_h: Numbers
    """When each of its articles appears in it, rising."""
    which: NDArray[np.int64]
    """Their numbers in `Output.at_h`."""
    outages: tuple[tuple[float, float], ...]

    def answers(self, at_h: float) -> bool:
        """Tell whether it answers at that moment."""
        return not any(start <= at_h < end for start, end in self.outages)


@dataclass(frozen=True, kw_only=True)
class Output:
    """What one newsroom published, `HISTORY_H` before the start included."""

    room: Newsroom
    at_h: Numbers
    """Rising."""
    is_article: NDArray[np.bool_]
    is_retried: NDArray[np.bool_]
    """Whether its page needs a second request."""
    shelves: tuple[Shelf, ...]
    """The one to rely upon first."""


def table(path: Path = TABLE) -> list[Newsroom]:
    """Read a table of outlets.

    Raises:
        ValueError: What is wrong in which line.
    """
    lines = [
        (number, line)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    wanted = [one.name for one in fields(Newsroom)]
    if not lines or lines[0][1].split(",") != wanted:
        raise ValueError(f"{path}: wanted the columns {','.join(wanted)}")
    rows = csv.reader(line for _, line in lines[1:])
    return [
        _room(f"{path}: line {number}", row, wanted)
        for (number, _), row in zip(lines[1:], rows, strict=True)
    ]


def _room(place: str, row: Sequence[str], wanted: Sequence[str]) -> Newsroom:
    if len(row) != len(wanted):
        raise ValueError(f"{place}: wanted {len(wanted)} values, found {len(row)}")
    values = dict(zip(wanted, row, strict=True))
    for name, allowed in _WORDS.items():
        if values[name] not in allowed:
            raise ValueError(
                f"{place}: {name}: wanted one of {', '.join(allowed)}, found {values[name]!r}"
            )
    if not _FEEDS.fullmatch(values["feeds"]):
        raise ValueError(f"{place}: feeds: wanted items, found {values['feeds']!r}")
    if values["feeds"] == values["sitemap"] == "-" and values["rest"] == "no":
        raise ValueError(f"{place}: wanted a source, found none")
    numbers = {name: _number(place, name, values[name], most) for name, most in _MOST.items()}
    if not numbers["per_day"]:
        raise ValueError(f"{place}: per_day: wanted more than 0")
    return Newsroom(
        name=values["name"],
        rhythm=values["rhythm"],
        zone_h=int(numbers.pop("zone_h")),
        feeds=values["feeds"],
        sitemap=values["sitemap"],
        rest=values["rest"] == "yes",
        **numbers,
    )


def _number(place: str, name: str, text: str, most: float) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found <= most:
        raise ValueError(f"{place}: {name}: wanted a number from 0 to {most:g}, found {text!r}")
    return found


def national_events(days: float, seed: int) -> list[tuple[float, float, float]]:
    """Draw what makes all outlets publish more: start, end, factor."""
    return _events(np.random.default_rng([seed, 1]), days, _NATIONAL_A_WEEK)


def published(
    room: Newsroom, *, days: float, seed: int, events: Sequence[tuple[float, float, float]] = ()
) -> Output:
    """Let a newsroom work for so many days."""
    rng = np.random.default_rng([seed, zlib.crc32(room.name.encode())])
    steps = np.arange(-HISTORY_H, days * 24, _STEP_H)
    local = steps + room.zone_h
    day = np.floor(local / 24).astype(int)
    hours = np.array(HOURS[room.rhythm], float)
    # An outlet's own hours differ from its kind's.
    hours = hours * rng.lognormal(0.0, 0.2, 24)
    hours /= hours.mean()
    is_weekend = day % 7 >= _SATURDAY
    week = (5 + 2 * room.weekend) / 7
    rate = hours[(np.floor(local) % 24).astype(int)] * np.where(is_weekend, room.weekend, 1) / week
    scatter = rng.lognormal(-(_DAILY**2) / 2, _DAILY, day.max() - day.min() + 1)
    rate *= scatter[day - day.min()]
    for start, end, factor in (*events, *_events(rng, days, _EVENTS_A_WEEK)):
        rate[(steps >= start) & (steps < end)] *= factor
    # Events are part of the stated mean, and so is what follows in a batch.
    usual = 1 + _EVENTS_A_WEEK / 168 * sum(_EVENT_H) / 2 * (sum(_EVENT) / 2 - 1) * 1.5
    starts = rng.poisson(rate * room.per_day / 24 * _STEP_H * (1 - _BATCHED) / usual)
    first = np.repeat(steps, starts) + rng.random(starts.sum()) * _STEP_H
    more = rng.geometric(1 - _BATCHED, first.size) - 1
    at_h = np.sort(
        np.concatenate([first, np.repeat(first, more) + rng.random(more.sum()) * _BATCH_H])
    )
    is_article = rng.random(at_h.size) >= _NO_ARTICLE
    return Output(
        room=room,
        at_h=at_h,
        is_article=is_article,
        is_retried=rng.random(at_h.size) < _RETRIED,
        shelves=_shelves(room, at_h, days, rng),
    )


def edited(output: Output, chosen: NDArray[np.int64], *, days: float, seed: int) -> list[Numbers]:
    """Draw when the chosen articles are edited: for each the moments, rising."""
    room = output.room
    rng = np.random.default_rng([seed, zlib.crc32(room.name.encode()), 2])
    moments = []
    for born in output.at_h[chosen]:
        count = rng.poisson(rng.gamma(_UNTOUCHED, room.edits / _UNTOUCHED))
        kind = rng.random(count)
        # A typo is mended and a quote added at once; a story grows for the rest of the day; some
        # are taken up again in the days after.
        soon = rng.lognormal(math.log(0.75), 1.2, count)
        same_day = rng.lognormal(math.log(6.0), 0.8, count)
        days_later = 12.0 + rng.exponential(72.0, count)
        age = np.where(
            kind < room.late, days_later, np.where(kind < room.late + 0.25, same_day, soon)
        )
        at_h = np.sort(born + age)
        moments.append(at_h[at_h < days * 24])
    return moments


def scaled(rooms: Sequence[Newsroom], factor: float) -> list[Newsroom]:
    """Return outlets that publish so many times as much."""
    return [replace(one, per_day=one.per_day * factor) for one in rooms]


def uniform(rooms: Sequence[Newsroom]) -> list[Newsroom]:
    """Return outlets that all publish the same number, their mean."""
    mean = sum(one.per_day for one in rooms) / len(rooms)
    return [replace(one, per_day=mean) for one in rooms]


def _events(
    rng: np.random.Generator, days: float, a_week: float
) -> list[tuple[float, float, float]]:
    starts = rng.uniform(0, days * 24, rng.poisson(a_week * days / 7))
    return [(at, at + rng.uniform(*_EVENT_H), rng.uniform(*_EVENT)) for at in starts]


def _shelves(
    room: Newsroom, at_h: Numbers, days: float, rng: np.random.Generator
) -> tuple[Shelf, ...]:
    found = []
    everything = np.arange(at_h.size)
    if room.feeds != "-":
        sections = [one.partition(":") for one in room.feeds.split("+")]
        shares = np.array([float(share or 1) for _, _, share in sections])
        # Each article is in one section at least, in others by chance, so that shares hold.
        home = rng.choice(len(shares), at_h.size, p=shares / shares.sum())
        also = max(0.0, shares.sum() - 1) / max(1, len(shares) - 1)
        for number, (items, _, _) in enumerate(sections):
            inside = (home == number) | (rng.random(at_h.size) < also)
            name = "feed" if len(sections) == 1 else f"feed {number + 1}"
            found.append(
                (name, 1, int(items), math.inf, True, everything[inside], room.feed_lag_min)
            )
    if room.sitemap == "news":
        found.append(("sitemap", 1, 1000, 48.0, True, everything, room.sitemap_lag_min))
    elif room.sitemap == "index":
        found.append(("sitemap", 2, 1000, math.inf, False, everything, room.sitemap_lag_min))
    if room.rest:
        found.append(("rest", 1, 100, math.inf, True, everything, 0.0))
    return tuple(
        Shelf(
            name=name,
            cost=cost,
            shows=shows,
            shows_h=shows_h,
            is_dated=is_dated,
            seen_h=_cached(at_h[which], lag_min / 60),
            which=which,
            outages=_outages(rng, days),
        )
        for name, cost, shows, shows_h, is_dated, which, lag_min in found
    )


def _cached(at_h: Numbers, lag_h: float) -> Numbers:
    return np.ceil(at_h / lag_h) * lag_h if lag_h else at_h


def _outages(rng: np.random.Generator, days: float) -> tuple[tuple[float, float], ...]:
    starts = rng.uniform(0, days * 24, rng.poisson(_OUTAGES_A_MONTH * days / 30))
    return tuple((float(at), float(at + rng.uniform(*_OUTAGE_H))) for at in starts)
