"""A shortened run of the simulation holds the aims, and its parts count what they say."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from benchmarks import crawling, freshness
from benchmarks.freshness import FIXED, KLIPING, REREAD, Figures, compared, figures, missed_aims
from benchmarks.newsroom import TABLE, edited, published, table
from benchmarks.plots import Axis, Series, svg

ROOT = Path(__file__).parents[2]
DAYS = 6.0


@pytest.fixture(scope="module")
def found() -> dict[str, Figures]:
    """Return the figures of every fourth outlet, warmed up."""
    outputs, ways = compared(table()[1::4], days=DAYS, tick_min=2.0, seed=5)
    return {way.name: figures(outputs, way, since_h=48.0, days=DAYS) for way in ways}


def test_the_aims_hold(found: dict[str, Figures]) -> None:
    own = found[KLIPING]
    assert missed_aims(own) == []
    assert own.median_min < 5.9
    assert own.pages < 1.025
    assert own.source_requests < 0.59
    assert own.rechecks < 2.9
    assert own.caught > 0.955
    assert own.missed < 0.005


@pytest.mark.parametrize("name", [FIXED, REREAD])
def test_kliping_beats_both_baselines_at_the_same_cost(
    found: dict[str, Figures], name: str
) -> None:
    own, other = found[KLIPING], found[name]
    assert own.median_min < other.median_min
    assert own.p95_min < other.p95_min
    assert own.caught > other.caught
    assert own.missed <= other.missed


def test_baselines_cost_as_much(found: dict[str, Figures]) -> None:
    own, fixed, reread = found[KLIPING], found[FIXED], found[REREAD]
    assert fixed.source_requests == pytest.approx(own.source_requests, rel=0.05)
    assert fixed.rechecks == pytest.approx(own.rechecks, rel=0.1)
    total = own.pages + own.source_requests + own.rechecks
    assert reread.pages + reread.source_requests + reread.rechecks > 0.7 * total


def test_the_table_is_what_it_says() -> None:
    rooms = table()
    assert len(rooms) == len({one.name for one in rooms}) == 140
    rates = [one.per_day for one in rooms]
    assert (min(rates), max(rates)) == (0.5, 600.0)
    assert sum(one.rest for one in rooms) > 10


def test_newsrooms_publish_as_much_as_the_table_says() -> None:
    for room in table()[3:120:29]:
        output = published(room, days=60, seed=3)
        count = int((output.at_h >= 0).sum())
        assert count == pytest.approx(room.per_day * 60, rel=0.25)
        assert np.all(np.diff(output.at_h) >= 0)


def test_most_edits_come_within_the_first_day() -> None:
    output = published(table()[12], days=60, seed=3)
    early = np.flatnonzero((output.at_h >= 0) & (output.at_h < 24 * 20))
    moments = edited(output, early, days=60, seed=3)
    ages = np.concatenate([at - output.at_h[one] for at, one in zip(moments, early, strict=True)])
    assert ages.min() > 0
    assert 0.8 < float((ages < 24).mean()) < 0.97


def test_same_seed_same_figures() -> None:
    def run(seed: int) -> Figures:
        outputs, ways = compared(table()[60:64], days=3.0, tick_min=2.0, seed=seed)
        return figures(outputs, ways[0], since_h=0.0, days=3.0)

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_no_article_is_archived_before_it_is_listed() -> None:
    output = published(table()[0], days=4, seed=1)
    crawl = crawling.crawled(output, days=3, tick_min=2.0, seed=1)
    assert np.all(crawl.brought_h > output.at_h)
    assert np.all((crawl.pages > 0) == np.isfinite(crawl.brought_h))
    assert sum(crawl.by_source.values()) == crawl.polls_h.size


def test_a_slow_cron_is_no_better_than_its_tick() -> None:
    output = published(table()[0], days=4, seed=1)
    crawl = crawling.crawled(output, days=3, tick_min=30.0, seed=1)
    starts = np.unique(np.floor(crawl.polls_h * 2))
    assert starts.size <= 4 * 48
    assert np.all(crawl.polls_h * 2 % 1 < 0.02)


def test_what_is_pushed_out_of_a_feed_is_missed_by_fixed_polling() -> None:
    room = next(one for one in table() if one.feeds == "20" and one.sitemap == "-")
    output = published(room, days=5, seed=1)
    assert math.inf in crawling.fixed(output, every_h=12.0, days=4).brought_h
    often = crawling.fixed(output, every_h=0.1, days=4)
    assert np.isfinite(often.brought_h[output.at_h > 0]).mean() > 0.95


def test_the_command_reports_as_json_and_names_missed_aims(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    few = tmp_path / "few.csv"
    few.write_text("\n".join([rows[0], rows[40], rows[100]]))
    arguments = ["--rates", str(few), "--days", "2", "--tick", "60", "--json"]
    assert freshness.main([*arguments, "--plots", str(tmp_path)]) == 1
    values = json.loads(capsys.readouterr().out)
    assert values["outlets"] == 2
    assert any(line.startswith("median_min: wanted 6") for line in values["aims_missed"])
    assert values["figures"][KLIPING]["whole"]["median_min"] > 20
    for plot in tmp_path.glob("*.svg"):
        ET.fromstring(plot.read_text())  # noqa: S314  our own


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("per_day", "many", "line 2: per_day: wanted a number from 0 to 10000, found 'many'"),
        ("per_day", "0", "line 2: per_day: wanted more than 0"),
        ("rhythm", "slow", "line 2: rhythm: wanted one of portal, daily"),
        ("feeds", "x", "line 2: feeds: wanted items, found 'x'"),
        ("late", "2", "line 2: late: wanted a number from 0 to 1, found '2'"),
    ],
)
def test_a_broken_table_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str, value: str, fault: str
) -> None:
    rows = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    names, first = next(csv.reader([rows[0]])), next(csv.reader([rows[1]]))
    first[names.index(column)] = value
    broken = tmp_path / "broken.csv"
    broken.write_text(f"{rows[0]}\n{','.join(first)}\n")
    with pytest.raises(SystemExit) as stopped:
        freshness.main(["--rates", str(broken)])
    assert stopped.value.code == 2
    assert f"{broken}: {fault}" in capsys.readouterr().err


def test_a_missing_table_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        freshness.main(["--rates", "no/such.csv"])
    assert "no/such.csv" in capsys.readouterr().err


def test_plots_name_their_axes_and_escape() -> None:
    axis = Axis(label="a < b (h)", ticks=(1, 10, 100), is_log=True)
    text = svg("T & T", axis, axis, [Series(name="one", points=[(0.1, 1), (1e9, 50)])])
    shown = "".join(ET.fromstring(text).itertext())  # noqa: S314  our own
    assert "T & T" in shown
    assert shown.count("a < b (h)") == 2


def test_the_page_shows_the_plots_that_are_there() -> None:
    page = (ROOT / "docs" / "freshness.md").read_text(encoding="utf-8")
    for plot in ("freshness-delay.svg", "freshness-outlets.svg"):
        assert f"]({plot})" in page
        ET.fromstring((ROOT / "docs" / plot).read_text(encoding="utf-8"))  # noqa: S314  our own
