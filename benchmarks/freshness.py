"""How soon articles are archived and edits noticed, and at what cost, on a simulated clock.

Runs `pipelines.polling` and `pipelines.rechecks`, as the crawl does, for a month of the outlets in
`rates.csv`, and beside them (a) fixed polling with as many requests to sources and looks at fixed
ages, as many, and (b) reading everything again that sources list, with as many requests in all.
Ends with 1 where an aim is missed.

    python -m benchmarks.freshness
    python -m benchmarks.freshness --seed 7 --tick 15 --rates other.csv --json
    python -m benchmarks.freshness --variants
    python -m benchmarks.freshness --plots docs
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import crawling
from benchmarks.newsroom import TABLE, national_events, published, scaled, table, uniform
from benchmarks.plots import Axis, Series, svg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.crawling import Crawl, Watch
    from benchmarks.newsroom import Newsroom, Numbers, Output

_LEAST_DAYS, _MOST_DAYS = 2.0, 366.0
_HALVINGS = 12
_LATEST_H = 48.0
WARM_UP_DAYS = 3.0
"""Figures are given with the cold start and without so many days."""
AIMS = {
    "median_min": 6.0,
    "pages": 1.03,
    "source_requests": 0.6,
    "rechecks": 3.0,
    "caught": 0.95,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the benchmark prints of one way to crawl."""

    median_min: float
    """From publication to archive."""
    p95_min: float
    pages: float
    """Requests for pages per new article, rechecks not counted."""
    source_requests: float
    """Per new article."""
    rechecks: float
    """Per new article."""
    caught: float
    """Share of edits noticed within 24 hours."""
    missed: float
    """Share of articles not archived within two days, or never."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to crawl all outlets."""

    name: str
    crawls: list[Crawl]
    watches: list[Watch]
    again: float | None = None


KLIPING = "Kliping"
FIXED = "(a) fixed"
REREAD = "(b) re-reading"
UNLIMITED = "(b) every 15 min"
"""What re-reading takes to come near; for information, no baseline."""


def figures(outputs: Sequence[Output], way: Way, *, since_h: float, days: float) -> Figures:
    """Add up all outlets.

    Args:
        outputs: What was published.
        way: What came of it.
        since_h: Articles, requests and edits before are left out.
        days: The end.
    """
    end_h = days * 24
    delays, pages, count, missed, polls = [], 0.0, 0, 0, 0
    for output, crawl in zip(outputs, way.crawls, strict=True):
        inside = (output.at_h >= since_h) & (output.at_h < end_h)
        delay = (crawl.brought_h - output.at_h)[inside & output.is_article]
        delays.append(delay)
        missed += int((delay > _LATEST_H).sum())
        count += delay.size
        pages += float(crawl.pages[inside].sum())
        polls += int(((crawl.polls_h >= since_h) & (crawl.polls_h < end_h)).sum())
    count -= sum(int(np.isinf(one).sum()) for one in delays)
    total = np.concatenate(delays) * 60
    looks = sum(
        one.weight * ((one.looks_h >= since_h) & (one.looks_h < end_h)).sum() for one in way.watches
    )
    if way.again is not None:
        looks = way.again * (end_h - since_h) / 24
    # Of later edits nobody knows yet whether they are caught.
    edits = caught = 0.0
    for one in way.watches:
        counts = (one.edits_h >= since_h) & (one.edits_h < end_h - 24)
        edits += one.weight * counts.sum()
        caught += one.weight * (counts & (one.noticed_h <= one.edits_h + 24)).sum()
    return Figures(
        median_min=quantile(total, 0.5),
        p95_min=quantile(total, 0.95),
        pages=pages / count,
        source_requests=polls / count,
        rechecks=float(looks) / count,
        caught=float(caught / edits) if edits else math.nan,
        missed=missed / total.size,
    )


def quantile(values: Numbers, share: float) -> float:
    """Return the value that so large a share does not exceed; infinite values are the largest."""
    place = int(share * (values.size - 1))
    return float(np.partition(values, place)[place])


# Ways to crawl, compared.


def compared(
    rooms: Sequence[Newsroom], *, days: float, tick_min: float, seed: int
) -> tuple[list[Output], list[Way]]:
    """Let all outlets publish, and crawl them in each way."""
    events = national_events(days + 1, seed)
    outputs = [published(one, days=days + 1, seed=seed, events=events) for one in rooms]
    crawls = [crawling.crawled(one, days=days, tick_min=tick_min, seed=seed) for one in outputs]
    watches = [
        crawling.watched(output, crawl, days=days, seed=seed)
        for output, crawl in zip(outputs, crawls, strict=True)
    ]
    own = Way(name=KLIPING, crawls=crawls, watches=watches)
    cost = figures(outputs, own, since_h=0.0, days=days)
    steady = figures(outputs, own, since_h=_warm_h(days), days=days)
    every_h = _matching(
        lambda gap_h: _fixed(outputs, gap_h, days).source_requests, cost.source_requests
    )
    polls = [crawling.fixed(one, every_h=every_h, days=days) for one in outputs]
    looks = [
        crawling.watched_fixed(output, crawl, rechecks=steady.rechecks, days=days, seed=seed)
        for output, crawl in zip(outputs, polls, strict=True)
    ]
    total = cost.pages + cost.source_requests + cost.rechecks
    again_h = _matching(lambda gap_h: _total(outputs, _reread(outputs, gap_h, days), days), total)
    return outputs, [
        own,
        Way(name=FIXED, crawls=polls, watches=looks),
        _reread(outputs, again_h, days, seed),
        replace(_reread(outputs, 0.25, days, seed), name=UNLIMITED),
    ]


def _fixed(outputs: Sequence[Output], every_h: float, days: float) -> Figures:
    crawls = [crawling.fixed(one, every_h=every_h, days=days) for one in outputs]
    way = Way(name=FIXED, crawls=crawls, watches=[])
    return figures(outputs, way, since_h=0.0, days=days)


def _reread(outputs: Sequence[Output], every_h: float, days: float, seed: int | None = None) -> Way:
    """Read all again; without a seed, nobody looks for edits."""
    made = [crawling.reread(one, every_h=every_h, days=days) for one in outputs]
    watches = [
        crawling.watched_rereading(output, one, days=days, seed=seed)
        for output, one in zip(outputs, made, strict=True)
        if seed is not None
    ]
    return Way(
        name=REREAD,
        crawls=[one.crawl for one in made],
        watches=watches,
        again=sum(one.again_a_day for one in made),
    )


def _total(outputs: Sequence[Output], way: Way, days: float) -> float:
    found = figures(outputs, way, since_h=0.0, days=days)
    return found.pages + found.source_requests + found.rechecks


def _matching(cost: Callable[[float], float], wanted: float) -> float:
    """Return the gap in hours that costs what is wanted; costs fall as gaps grow."""
    low, high = 1 / 60, 96.0
    for _ in range(_HALVINGS):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if cost(middle) > wanted else (low, middle)
    return high


def _warm_h(days: float) -> float:
    return min(WARM_UP_DAYS, days / 2) * 24


# What is shown.


def missed_aims(found: Figures) -> list[str]:
    """Say, a line each, which aims are missed."""
    lines = []
    for name, aim in AIMS.items():
        value = getattr(found, name)
        if value < aim if name == "caught" else value > aim:
            lines.append(f"{name}: wanted {aim:g}, found {value:.3f}")
    return lines


_COLUMNS = {
    "median": "min",
    "95 %": "min",
    "pages": "",
    "sources": "",
    "rechecks": "",
    "caught": "%",
    "missed": "%",
}
"""Of the table, with their units; counts are per new article."""


def shown(rows: Sequence[tuple[str, Figures]]) -> str:
    """Return figures as a table."""
    lines = [
        f"{'':26}" + "".join(f"{name:>9}" for name in _COLUMNS),
        f"{'':26}" + "".join(f"{unit:>9}" for unit in _COLUMNS.values()),
    ]
    lines += [
        f"{name:26}{_minutes(one.median_min)}{_minutes(one.p95_min)}{one.pages:9.3f}"
        f"{one.source_requests:9.3f}{one.rechecks:9.2f}{100 * one.caught:9.1f}"
        f"{100 * one.missed:9.2f}"
        for name, one in rows
    ]
    return "\n".join(lines)


def _minutes(value: float) -> str:
    return f"{value:9.1f}" if math.isfinite(value) else f"{'never':>9}"


def variants(rooms: Sequence[Newsroom], *, days: float, tick_min: float, seed: int) -> None:
    """Print what holds of other seeds, other tables and other ticks."""
    others: dict[str, tuple[Sequence[Newsroom], float, int]] = {
        f"seed {seed + 1}": (rooms, tick_min, seed + 1),
        f"seed {seed + 2}": (rooms, tick_min, seed + 2),
        "half the rates": (scaled(rooms, 0.5), tick_min, seed),
        "double the rates": (scaled(rooms, 2.0), tick_min, seed),
        "all the same rate": (uniform(rooms), tick_min, seed),
        "a third of the edits": ([replace(o, edits=o.edits / 3) for o in rooms], tick_min, seed),
        "three times the edits": ([replace(o, edits=o.edits * 3) for o in rooms], tick_min, seed),
        "cron every 15 minutes": (rooms, 15.0, seed),
    }
    for line in shown([]).splitlines():
        print(line)  # noqa: T201  a script
    for name, (some, tick, number) in others.items():
        outputs, ways = compared(some, days=days, tick_min=tick, seed=number)
        rows = [
            (
                name if way.name == KLIPING else f"  {way.name}",
                figures(outputs, way, since_h=_warm_h(days), days=days),
            )
            for way in ways[:2]
        ]
        print("\n".join(shown(rows).splitlines()[2:]), flush=True)  # noqa: T201  a script


def plotted(outputs: Sequence[Output], ways: Sequence[Way], days: float) -> dict[str, str]:
    """Return the docs' plots: name of the file -> SVG."""
    names = {
        KLIPING: KLIPING,
        FIXED: "fixed polling, same requests",
        REREAD: "re-reading, same requests",
    }
    quantiles = np.linspace(0.005, 0.995, 100).tolist()
    curves, dots = [], []
    for way in ways[:3]:
        delays = [
            (crawl.brought_h - output.at_h)[(output.at_h >= _warm_h(days)) & output.is_article] * 60
            for output, crawl in zip(outputs, way.crawls, strict=True)
        ]
        together = np.concatenate(delays)
        at = [quantile(together, one) for one in quantiles]
        curves.append(
            Series(
                name=names[way.name],
                points=[
                    (x, 100 * y) for x, y in zip(at, quantiles, strict=True) if math.isfinite(x)
                ],
            )
        )
        if way.name == KLIPING:
            dots = [
                (output.room.per_day, quantile(one, 0.5))
                for output, one in zip(outputs, delays, strict=True)
                if one.size
            ]
        elif way.name == FIXED:
            middle = quantile(np.concatenate(delays), 0.5)
    delay = svg(
        "From publication to archive",
        Axis(label="delay (minutes)", ticks=(1, 2, 5, 10, 20, 60, 240, 1440), is_log=True),
        Axis(label="share of articles (%)", ticks=(0, 25, 50, 75, 95, 100)),
        curves,
    )
    outlets = svg(
        "Median delay of each outlet",
        Axis(label="articles a day", ticks=(0.5, 2, 10, 50, 200, 600), is_log=True),
        Axis(label="median delay (minutes)", ticks=(2, 5, 10, 20, 60, 180), is_log=True),
        [
            Series(name="Kliping, one outlet each", points=dots, is_line=False),
            Series(name="fixed polling", points=[(0.5, middle), (600.0, middle)]),
        ],
    )
    return {"freshness-delay.svg": delay, "freshness-outlets.svg": outlets}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 where an aim is missed, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.freshness")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--days", type=float, default=30.0)
    parser.add_argument("--tick", type=float, default=2.0, help="minutes between cron's starts")
    parser.add_argument("--rates", type=Path, default=TABLE, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--variants", action="store_true", help="other seeds, tables and ticks")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="write the docs' plots there")
    options = parser.parse_args(arguments)
    if options.seed < 0 or not _LEAST_DAYS <= options.days <= _MOST_DAYS or not _is_tick(options):
        parser.error("wanted a seed from 0, 2 to 366 days and a tick of 0.1 to 1440 minutes")
    started = time.monotonic()
    try:
        rooms = table(options.rates)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    if options.variants:
        variants(rooms, days=options.days, tick_min=options.tick, seed=options.seed)
        return 0
    outputs, ways = compared(rooms, days=options.days, tick_min=options.tick, seed=options.seed)
    found = {
        way.name: {
            "whole": figures(outputs, way, since_h=0.0, days=options.days),
            "after_warm_up": figures(
                outputs, way, since_h=_warm_h(options.days), days=options.days
            ),
        }
        for way in ways
    }
    for name, text in plotted(outputs, ways, options.days).items() if options.plots else ():
        (options.plots / name).write_text(text, encoding="utf-8")
    articles = sum(
        int((one.is_article & (one.at_h >= 0) & (one.at_h < options.days * 24)).sum())
        for one in outputs
    )
    wrong = missed_aims(found[KLIPING]["whole"]) + missed_aims(found[KLIPING]["after_warm_up"])
    if options.json:
        values = {
            "seed": options.seed,
            "days": options.days,
            "tick_min": options.tick,
            "outlets": len(rooms),
            "articles": articles,
            "seconds": round(time.monotonic() - started, 1),
            "aims_missed": wrong,
            "figures": {
                name: {when: asdict(one) for when, one in both.items()}
                for name, both in found.items()
            },
        }
        print(json.dumps(values))  # noqa: T201  a script
        return bool(wrong)
    for when, title in (("whole", "cold start included"), ("after_warm_up", "warmed up")):
        print(f"== {title} " + "=" * (84 - len(title)))  # noqa: T201  a script
        print(shown([(name, both[when]) for name, both in found.items()]), "\n")  # noqa: T201
    print(  # noqa: T201  a script
        f"{len(rooms)} outlets, {articles} articles, {options.days:g} days, seed {options.seed}, "
        f"tick {options.tick:g} min, {time.monotonic() - started:.0f} s"
    )
    for line in wrong:
        print(f"missed: {line}", file=sys.stderr)  # noqa: T201  a script
    return bool(wrong)


def _is_tick(options: argparse.Namespace) -> bool:
    return bool(0.1 <= options.tick <= 1440)  # noqa: PLR2004  as the message says


if __name__ == "__main__":
    sys.exit(main())
