from __future__ import annotations

import pytest

from benchmarks.rouge import Reference, rouge_lsum
from benchmarks.scoring import Score


def test_words_common_with_any_line_count_once() -> None:
    # The example of Lin 2004, section 3.2: the union is w1 w2 w3 w5.
    found = "w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5"
    assert Score(precision=4 / 10, recall=4 / 5) == rouge_lsum(found, "w1 w2 w3 w4 w5")


def test_a_found_word_is_spent_once() -> None:
    score = rouge_lsum("beras", "beras naik\nberas turun")
    assert Score(precision=1.0, recall=1 / 4) == score


def test_order_counts_within_a_line() -> None:
    # Of "a b" and "b a" one word is common; the walk through the table keeps the first.
    assert Score(precision=1 / 3, recall=1 / 2) == rouge_lsum("b a\na", "a b")


def test_order_of_lines_is_nothing() -> None:
    assert rouge_lsum("dua tiga\nsatu", "satu\ndua tiga").f1 == 1.0


def test_case_and_punctuation_are_nothing() -> None:
    assert rouge_lsum("Harga: BERAS, naik!", "harga beras naik").f1 == 1.0


@pytest.mark.parametrize(("found", "wanted"), [("", "satu"), ("satu", ""), ("", ""), ("…", "satu")])
def test_nothing_shares_nothing(found: str, wanted: str) -> None:
    assert rouge_lsum(found, wanted).f1 == 0.0


@pytest.mark.parametrize("found", ["harga beras naik", "harga beras naik\nfoto petani"])
def test_the_best_choice_of_optional_paragraphs_counts(found: str) -> None:
    paragraphs = ["harga beras naik", "[foto petani]"]
    assert Reference(paragraphs, optional=[1]).score(found).f1 == 1.0


def test_paragraphs_that_are_not_optional_are_missed() -> None:
    score = Reference(["harga beras naik", "[foto petani]"]).score("harga beras naik")
    assert Score(precision=1.0, recall=3 / 5) == score
