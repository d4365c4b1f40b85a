"""When a source is polled next, from what it brought."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.polling import (
    LONGEST,
    SHORTEST,
    Habit,
    dead_since,
    due,
    due_at,
    due_times,
    failed,
    polled,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
LATER = MONDAY + timedelta(days=999)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def wait(habit: Habit) -> timedelta:
    when = due_at(habit)
    assert when is not None
    assert habit.polled_at is not None
    return when - habit.polled_at


def lived(
    days: float,
    links: Callable[[datetime], float],
    *,
    every: timedelta = 20 * MINUTE,
    elsewhere: float = 0.0,
    requests: int = 1,
) -> Habit:
    """Return the habit after polls at fixed times; *links* says how many a day come when.

    Fractions are saved up, and *elsewhere* is the share that others bring first.
    """
    habit = polled(Habit(), at=MONDAY, new=20, listed=1000)
    saved = saved_elsewhere = 0.0
    at = MONDAY
    while at < MONDAY + days * DAY:
        at += every
        saved += links(at) * (every / DAY) * (1 - elsewhere)
        saved_elsewhere += links(at) * (every / DAY) * elsewhere
        habit = polled(
            habit,
            at=at,
            new=int(saved),
            elsewhere=int(saved_elsewhere),
            listed=1000,
            requests=requests,
        )
        saved, saved_elsewhere = saved % 1, saved_elsewhere % 1
    return habit


def test_what_was_never_polled_is_due_now() -> None:
    assert due_at(Habit()) is None
    assert due({"feed": Habit()}, at=MONDAY) == ["feed"]


def test_a_backlog_is_no_rate() -> None:
    few = polled(Habit(), at=MONDAY, new=0, listed=1000)
    many = polled(Habit(), at=MONDAY, new=1000, listed=1000)
    assert wait(few) == wait(many)


def test_stated_dates_are_a_rate_at_once() -> None:
    def after(gap: timedelta) -> timedelta:
        dates = [MONDAY - gap * number for number in range(1, 21)]
        return wait(polled(Habit(), at=MONDAY, new=20, listed=1000, dates=dates))

    assert after(3 * MINUTE) < after(30 * MINUTE) < after(8 * HOUR)
    assert after(3 * MINUTE) < 12 * MINUTE
    assert after(8 * HOUR) > HOUR


def test_dates_that_cannot_be_are_no_rate() -> None:
    unknown = wait(polled(Habit(), at=MONDAY, new=9, listed=1000))
    dates = [None, MONDAY + DAY, MONDAY.replace(tzinfo=None), MONDAY + 9 * DAY]
    assert unknown == wait(polled(Habit(), at=MONDAY, new=9, listed=1000, dates=dates))


def test_a_feed_that_has_been_silent_for_months_is_slow() -> None:
    dates = [MONDAY - 200 * DAY - MINUTE * number for number in range(20)]
    assert wait(polled(Habit(), at=MONDAY, new=20, listed=20, dates=dates)) > 3 * HOUR


def test_the_rate_is_learnt() -> None:
    assert lived(3, lambda _: 24).rhythm.per_day == pytest.approx(24, rel=0.1)
    assert lived(3, lambda _: 300).rhythm.per_day == pytest.approx(300, rel=0.1)


def test_waits_fall_with_the_root_of_the_rate() -> None:
    slow, fast = lived(7, lambda _: 4), lived(7, lambda _: 400)
    assert wait(fast) < 12 * MINUTE
    assert 8 < wait(slow) / wait(fast) < 16


def test_hours_that_bring_nothing_are_slept_through() -> None:
    habit = lived(10, lambda at: 200 if at.hour < 12 else 0)
    night = polled(habit, at=(habit.polled_at or MONDAY) + 16 * HOUR, new=0)
    assert wait(habit) < 20 * MINUTE
    assert wait(night) > 2.5 * wait(habit)
    # It wakes with the source: not much later than midnight.
    assert (due_at(night) or LATER) < MONDAY + 11 * DAY + HOUR


def test_a_burst_is_followed_and_forgotten() -> None:
    calm = lived(10, lambda _: 20)
    assert calm.polled_at is not None
    burst = calm
    for number in range(1, 7):
        burst = polled(burst, at=calm.polled_at + number * 10 * MINUTE, new=4, listed=1000)
    assert wait(burst) < 0.6 * wait(calm)
    after = burst
    for number in range(1, 12):
        new = number % 6 > 0  # 20 a day
        after = polled(after, at=calm.polled_at + HOUR + number * HOUR, new=new, listed=1000)
    assert wait(after) > 0.8 * wait(calm)


def test_a_source_that_comes_second_becomes_rare() -> None:
    first, second = lived(5, lambda _: 100), lived(5, lambda _: 100, elsewhere=0.97)
    assert wait(second) > 10 * wait(first)


def test_a_source_that_comes_second_stands_in_for_one_that_fails() -> None:
    first, second = lived(5, lambda _: 100), lived(5, lambda _: 100, elsewhere=0.97)
    assert first.polled_at is not None
    beside = due_times({"feed": first, "sitemap": second})["sitemap"]
    broken = failed(first, at=first.polled_at + 15 * MINUTE)
    instead = due_times({"feed": broken, "sitemap": second})["sitemap"]
    assert beside is not None
    assert instead is not None
    assert beside - first.polled_at > 3 * HOUR
    assert instead - first.polled_at < 30 * MINUTE


def test_a_source_that_fell_silent_is_not_relied_upon() -> None:
    first, second = lived(5, lambda _: 100), lived(5, lambda _: 100, elsewhere=0.97)
    for _ in range(40):
        first = polled(first, at=due_at(first) or MONDAY, new=0)
    instead = due_times({"feed": first, "sitemap": second})["sitemap"]
    assert instead is not None
    assert second.polled_at is not None
    assert instead - second.polled_at < 30 * MINUTE


def test_where_one_ran_over_the_others_are_polled_once() -> None:
    feed, sitemap = lived(5, lambda _: 100), lived(5, lambda _: 100, elsewhere=0.97)
    assert feed.polled_at is not None
    at = feed.polled_at + HOUR
    feed = polled(feed, at=at, new=10, listed=10)
    assert due({"feed": feed, "sitemap": sitemap}, at=at + MINUTE) == ["sitemap"]
    sitemap = polled(sitemap, at=at + MINUTE, new=3, listed=1000)
    assert due({"feed": feed, "sitemap": sitemap}, at=at + 2 * MINUTE) == []


def test_a_short_feed_is_read_before_it_runs_over() -> None:
    habit = lived(5, lambda _: 400)
    short = polled(habit, at=(habit.polled_at or MONDAY) + MINUTE, new=0, listed=2)
    assert wait(short) < 0.7 * wait(habit)


def test_what_costs_more_requests_is_polled_less() -> None:
    assert 1.8 < wait(lived(5, lambda _: 50, requests=4)) / wait(lived(5, lambda _: 50)) < 2.2


def test_a_304_is_no_empty_list() -> None:
    habit = polled(Habit(), at=MONDAY, new=20, listed=20)
    later = polled(habit, at=MONDAY + HOUR, new=0)
    assert (later.listed, later.is_cut) == (20, False)


def test_failures_are_tried_ever_more_rarely_and_a_source_dies_after_a_day() -> None:
    habit = polled(Habit(), at=MONDAY, new=20, listed=20)
    broken = MONDAY + HOUR
    at, gaps, died = broken, [], None
    while at < broken + 20 * DAY:
        habit = failed(habit, at=at)
        if died is None and dead_since(habit):
            died = at
        then = due_at(habit)
        assert then is not None
        gaps.append(then - at)
        at = then
    assert gaps[0] == 5 * MINUTE
    assert gaps == sorted(gaps)
    assert gaps[-1] == LONGEST
    assert died is not None
    assert DAY <= died - broken < 1.5 * DAY
    assert dead_since(habit) == broken


def test_a_dead_source_revives_with_the_first_answer() -> None:
    habit = lived(3, lambda _: 100)
    usual, at = wait(habit), habit.polled_at or MONDAY
    for number in range(60):
        habit = failed(habit, at=at + number * HOUR)
    assert dead_since(habit) == at
    habit = polled(habit, at=at + 60 * HOUR, new=50, listed=1000)
    assert dead_since(habit) is None
    assert wait(habit) < 3 * usual


def test_a_few_failures_within_minutes_kill_nothing() -> None:
    habit = Habit()
    for number in range(20):
        habit = failed(habit, at=MONDAY + number * MINUTE)
    assert dead_since(habit) is None


def test_a_clock_that_was_set_back_stops_nothing() -> None:
    habit = polled(Habit(), at=MONDAY + 900 * DAY, new=5, listed=5)
    assert due({"feed": habit}, at=MONDAY) == ["feed"]
    back = polled(habit, at=MONDAY, new=5, listed=5)
    assert due({"feed": back}, at=MONDAY) == []
    assert wait(back) <= LONGEST


def test_the_most_overdue_comes_first() -> None:
    early = polled(Habit(), at=MONDAY, new=5, listed=50)
    late = polled(Habit(), at=MONDAY + HOUR, new=5, listed=50)
    habits = {"late": late, "early": early, "never": Habit()}
    assert due(habits, at=MONDAY + 2 * DAY) == ["never", "early", "late"]


def test_a_habit_survives_json() -> None:
    habit = failed(lived(3, lambda _: 77, elsewhere=0.3), at=MONDAY + 4 * DAY)
    read = Habit.from_json(json.loads(json.dumps(habit.to_json())))
    assert due_at(read) == due_at(habit)
    assert read.rhythm.per_day == pytest.approx(habit.rhythm.per_day, rel=1e-3)
    assert Habit.from_json(read.to_json()) == read
    assert Habit.from_json(Habit().to_json()) == Habit()


def test_unknown_keys_are_passed_over() -> None:
    habit = polled(Habit(), at=MONDAY, new=5, listed=5)
    assert Habit.from_json({**habit.to_json(), "mood": "good"}) == habit


@pytest.mark.parametrize(
    "broken",
    [
        None, [], "x", 7,
        {"polled_at": "yesterday"},
        {"polled_at": "2026-11-02T00:00:00"},
        {"polled_at": "9999-12-31T23:59:59+00:00"},
        {"polled_at": 1e9},
        {"failures": -1},
        {"failures": 3},
        {"failures": 1e300},
        {"tried_at": "2026-11-02T00:00:00+00:00"},
        {"first": float("nan")},
        {"first": float("inf")},
        {"first": True},
        {"elsewhere": "many"},
        {"rhythm": []},
        {"rhythm": {"links": -3}},
        {"rhythm": {"hour_links": [1.0] * 23}},
        {"rhythm": {"hour_links": [1.0] * 23 + [None]}},
        {"rhythm": {"weekday_days": {"0": 1}}},
    ],
)  # fmt: skip
def test_broken_state_is_forgotten(broken: object) -> None:
    assert Habit.from_json(broken) == Habit()


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_fields = st.sampled_from(
    ["polled_at", "tried_at", "failing_since", "failures", "listed", "first", "cost", "rhythm"]
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(_fields, _json, max_size=4))
def test_no_state_raises(values: dict[str, Any]) -> None:
    habit = Habit.from_json(values)
    due({"feed": habit}, at=MONDAY)
    dead_since(habit)
    polled(habit, at=MONDAY, new=1, listed=1)


_polls = st.tuples(
    st.floats(-1e6, 1e7), st.integers(-5, 10**9), st.integers(-5, 10**9), st.integers(-5, 10**9)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_polls, min_size=1, max_size=12))
def test_every_wait_is_within_bounds(polls: list[tuple[float, int, int, int]]) -> None:
    habit, at = Habit(), MONDAY
    for gap_s, new, elsewhere, listed in polls:
        at += timedelta(seconds=gap_s)
        habit = polled(habit, at=at, new=new, elsewhere=elsewhere, listed=listed)
        assert SHORTEST <= wait(habit) <= LONGEST
        assert Habit.from_json(habit.to_json()).polled_at == at
