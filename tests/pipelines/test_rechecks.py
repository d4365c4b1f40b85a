"""When an article is looked at again, from what past looks at its outlet found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.rechecks import BANDS_H, PRIOR_PER_H, WINDOW_H, Edits, edits_from, next_check_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

BORN = datetime(2026, 11, 2, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


def outlet(times: float, *, articles: int = 500) -> Edits:
    """Return an outlet that edits so many times as often as is usual, well known."""
    hours = [articles * (end - start) for start, end in pairwise(BANDS_H)]
    return Edits(
        tuple(hours), tuple(h * p * times for h, p in zip(hours, PRIOR_PER_H, strict=True))
    )


def ages(edits: Edits, *, changed: int = 0, counts: bool = True) -> list[float]:
    """Return at which ages an article is looked at whose first *changed* looks find an edit."""
    at, found = BORN + 0.1 * HOUR, list[float]()
    for checks in range(100):
        changes = min(checks, changed) if counts else None
        then = next_check_at(
            born_at=BORN, checked_at=at, checks=checks, edits=edits, changes=changes
        )
        if then is None:
            return found
        assert then > at
        found.append((then - BORN) / HOUR)
        at = then
    raise AssertionError(found)


def looks(
    rate_per_h: float, count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Draw looks at various ages of articles that are edited at one rate."""
    rng = np.random.default_rng(7)
    before = rng.uniform(0, 40, count)
    after = before + rng.uniform(1, 30, count)
    return before, after, rng.random(count) < -np.expm1(-rate_per_h * (after - before))


def test_a_day_is_never_missed_while_edits_are_to_be_expected() -> None:
    first = ages(Edits())
    assert first[0] <= 24
    frequent = [0.0, *ages(outlet(3), changed=3)]
    assert frequent[3] < 72
    assert all(b - a <= WINDOW_H + 1e-6 for a, b in pairwise(frequent[:5]))


def test_an_unknown_outlet_takes_three_looks_at_most() -> None:
    assert 1 <= len(ages(Edits())) <= 3
    assert 1 <= len(ages(Edits(), counts=False)) <= 4


def test_looks_end() -> None:
    for times in (0.0, 0.1, 1.0, 10.0, 1000.0):
        for changed in (0, 3, 50):
            assert len(ages(outlet(times), changed=changed)) < 25


def test_an_outlet_that_never_edits_is_hardly_looked_at() -> None:
    assert len(ages(outlet(0.0, articles=20_000))) == 0
    assert len(ages(outlet(0.0, articles=20_000), changed=1)) <= 1


def test_who_edits_more_is_looked_at_more_but_not_in_proportion() -> None:
    rare, usual, often = (len(ages(outlet(times), counts=False)) for times in (0.01, 1.0, 10.0))
    assert rare < usual < often
    assert often < 5 * max(usual, 1)


def test_many_edits_are_not_made_to_wait_a_day() -> None:
    assert ages(outlet(10.0))[0] < 6


def test_what_was_edited_is_looked_at_longer() -> None:
    edits = outlet(1.0)
    untouched, edited = ages(edits), ages(edits, changed=2)
    assert len(edited) > len(untouched)
    assert edited[-1] > untouched[-1]


def test_old_articles_are_left_alone() -> None:
    for age_h in (720, 24 * 365, 24 * 365 * 80):
        at = BORN + age_h * HOUR
        assert next_check_at(born_at=BORN, checked_at=at, checks=0, edits=outlet(1000)) is None


def test_an_article_from_the_future_is_as_good_as_new() -> None:
    at = BORN - 9 * HOUR
    then = next_check_at(born_at=BORN, checked_at=at, checks=0, edits=Edits())
    assert then is not None
    assert at < then <= at + 24 * HOUR


def test_rates_are_learnt_although_looks_span_bands() -> None:
    known = edits_from(*looks(0.02, 4000))
    for (start, end), rate in zip(pairwise(BANDS_H), known.per_h, strict=True):
        if start >= 3 and end <= 48:
            assert rate == pytest.approx(0.02, rel=0.4)
    assert known.expected(3, 48) == pytest.approx(0.02 * 45, rel=0.1)


def test_an_outlet_that_was_found_unchanged_loses_its_looks() -> None:
    count = 3000
    quiet = edits_from(np.full(count, 0.1), np.full(count, 23.0), np.zeros(count, bool))
    assert quiet.expected(0, 720) < 0.02
    assert len(ages(quiet)) < len(ages(Edits()))


def test_little_evidence_changes_little() -> None:
    one = edits_from(np.array([0.1]), np.array([23.0]), np.array([True]))
    assert one.expected(0, 720) == pytest.approx(Edits().expected(0, 720), rel=0.25)


def test_that_the_edited_are_looked_at_longer_is_no_evidence_about_all() -> None:
    # Every late look was at an article edited before, and half of those found another edit.
    before = np.r_[np.full(5000, 0.1), np.full(1000, 24.0)]
    after = np.r_[np.full(5000, 24.0), np.full(1000, 47.0)]
    edited = np.r_[np.arange(5000) < 1000, np.arange(1000) < 500]
    changes = np.r_[np.zeros(5000, int), np.ones(1000, int)]
    blind = edits_from(before, after, edited)
    aware = edits_from(before, after, edited, changes)
    assert aware.expected(24, 48) < 0.6 * blind.expected(24, 48)


def test_broken_looks_are_left_out() -> None:
    before, after, edited = looks(0.02, 300)
    nan, inf = float("nan"), float("inf")
    broken = edits_from(
        np.r_[before, nan, 5.0, 9.0, inf, 3.0],
        np.r_[after, 3.0, nan, 9.0, inf, 1.0],
        np.r_[edited, True, True, True, True, True],
    )
    assert broken == edits_from(before, after, edited)


def test_nothing_seen_is_nothing_known() -> None:
    none = np.array([])
    assert edits_from(none, none, np.array([], bool)) == Edits()


@settings(max_examples=200, deadline=None)
@given(
    st.floats(-1e5, 1e5),
    st.integers(0, 10**9),
    st.none() | st.integers(0, 10**6),
    st.floats(0, 1e4),
)
def test_every_next_look_lies_ahead_and_within_a_month(
    age_h: float, checks: int, changes: int | None, times: float
) -> None:
    at = BORN + age_h * HOUR
    then = next_check_at(
        born_at=BORN, checked_at=at, checks=checks, edits=outlet(times), changes=changes
    )
    assert then is None or at < then <= max(BORN, at) + 721 * HOUR
