from __future__ import annotations

import pytest

from benchmarks.aeb import compared, shingle_f1


def test_runs_of_four_words_are_compared() -> None:
    # Found: a-b-c-d and b-c-d-e; wanted: a-b-c-d.
    assert compared("a b c d e", "a b c d") == (1 / 2, 1.0)


def test_runs_are_counted() -> None:
    # Found: a-a-a-a twice; wanted: once.
    assert compared("a a a a a", "a a a a") == (1 / 2, 1.0)


def test_a_short_text_is_one_run() -> None:
    assert compared("satu dua", "satu, dua.") == (1.0, 1.0)
    assert compared("satu", "satu dua") == (0.0, 0.0)


def test_case_counts() -> None:
    assert compared("Satu", "satu") == (0.0, 0.0)


def test_f1_is_of_the_means() -> None:
    assert shingle_f1([(1.0, 0.5), (0.5, 1.0)]) == 0.75
    # The mean of the pages' own F1 would be 0.5.
    assert shingle_f1([(1.0, 1.0), (0.0, 0.0)]) == 0.5
    assert shingle_f1([(1.0, 0.2), (0.2, 1.0)]) == pytest.approx(0.6)


def test_a_page_without_found_text_costs_recall_only() -> None:
    assert compared("", "satu dua") == (None, 0.0)
    assert shingle_f1([(None, 0.0), (1.0, 1.0)]) == pytest.approx(2 / 3)


def test_nothing_found_at_all_is_zero() -> None:
    assert shingle_f1([(None, 0.0)]) == 0.0
