from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from benchmarks.scoring import (
    left_behind,
    lost_paragraphs,
    same_day,
    same_minute,
    same_names,
    same_title,
    same_words,
    snippets_in,
    token_score,
)


def test_token_score_by_hand() -> None:
    # Shared: harga, beras; found has 4 words, wanted 3.
    score = token_score("Harga beras di pasar", "harga beras naik")
    assert (score.precision, score.recall) == (2 / 4, 2 / 3)
    assert score.f1 == pytest.approx(2 * (1 / 2) * (2 / 3) / (1 / 2 + 2 / 3))


def test_optional_words_may_be_there_or_not() -> None:
    assert token_score("harga naik foto ani", "harga naik", optional="foto ani").f1 == 1.0
    assert token_score("harga naik", "harga naik", optional="foto ani").f1 == 1.0


def test_an_empty_gold_body_wants_nothing() -> None:
    assert token_score("", "").f1 == 1.0
    assert token_score("harga", "").f1 == 0.0


def test_paragraphs_are_lost_white_space_aside() -> None:
    body = "Harga  beras\nnaik."
    assert lost_paragraphs(body, ["Harga beras naik.", "Petani senang."]) == ["Petani senang."]


def test_long_strings_are_left_anywhere() -> None:
    body = "Harga naik. Baca juga: Petani Menanti Panen Raya Tahun Ini"
    assert left_behind(body, ["Petani menanti panen raya tahun ini"]) != []


def test_few_words_are_left_as_a_line_only() -> None:
    prose = "Kabar itu terkait harga beras."
    assert left_behind(prose, ["Terkait", "harga beras"]) == []
    assert left_behind(f"{prose}\nTERKAIT:", ["Terkait", "harga beras"]) == ["Terkait"]


def test_a_signature_is_left_inside_a_paragraph() -> None:
    assert left_behind("Harga naik. (ab/cd)", ["(ab/cd)"]) == ["(ab/cd)"]


def test_what_the_article_says_itself_is_not_left() -> None:
    quote = "harga beras akan naik lagi pekan depan"
    body = f'"Menurut saya {quote}," kata dia.'
    assert left_behind(body, [quote], allowed=body) == []
    assert left_behind(f"{body}\n{quote}", [quote], allowed=body) == [quote]


def test_a_line_that_may_be_there_is_not_left() -> None:
    assert left_behind("Foto: Ani\nHarga naik.", ["Foto: Ani"], allowed="Foto: Ani") == []


def test_snippets_are_found_whatever_their_case() -> None:
    assert snippets_in("Harga BERAS naik", ["beras naik", "turun"]) == 1


def test_titles_are_exact_but_for_white_space() -> None:
    assert same_title("Harga  Beras Naik", ["Harga Beras Naik"])
    assert not same_title("Harga Beras Naik | Kabar", ["Harga Beras Naik"])
    assert not same_title(None, ["Harga Beras Naik"])


def test_names_one_by_one_are_a_list() -> None:
    assert same_names(["Ani", "Budi"], ("Ani", "Budi"), one_by_one=True)
    assert not same_names(["Budi", "Ani"], ("Ani", "Budi"), one_by_one=True)
    assert not same_names(["ANI"], ("Ani",), one_by_one=True)


def test_names_in_one_string_are_split() -> None:
    wanted = ["Ani Sari, Budi, and Citra"]
    assert same_names(["Budi", "Citra", "ANI SARI"], wanted, one_by_one=False)
    assert not same_names(["Budi", "Citra"], wanted, one_by_one=False)
    assert not same_names([], wanted, one_by_one=False)


def test_tags_have_no_order() -> None:
    assert same_words(["Beras", "harga"], ["Harga", "beras"])
    assert not same_words(["Beras"], ["Harga", "beras"])


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        (date(2026, 11, 22), "2026-11-22", True),
        (date(2026, 11, 21), "2026-11-22", False),
        (date(2026, 11, 3), "2026-11", True),
        (date(2026, 10, 3), "2026-11", False),
        (date(2026, 11, 22), "2026-11-22T01:00:00+07:00", True),
        (datetime(2026, 11, 21, 18, 0, tzinfo=UTC), "2026-11-22T01:00:00+07:00", True),
        (datetime(2026, 11, 22, 18, 0, tzinfo=UTC), "2026-11-22T01:00:00+07:00", False),
        (None, "2026-11-22", False),
    ],
)
def test_days(found: date | datetime | None, wanted: str, expected: bool) -> None:  # noqa: FBT001 - a table of cases
    assert expected == same_day(found, wanted)


def test_minutes() -> None:
    wanted = "2026-11-22T01:30:00+07:00"
    assert same_minute(datetime(2026, 11, 21, 18, 30, 59, tzinfo=UTC), wanted)
    assert not same_minute(datetime(2026, 11, 21, 18, 31, tzinfo=UTC), wanted)
    assert same_minute(None, wanted) is False


def test_a_moment_without_an_offset_is_local() -> None:
    assert same_minute(datetime(2026, 11, 22, 1, 30), "2026-11-22T01:30:00+07:00")  # noqa: DTZ001 - as a peer gives it


def test_a_day_states_no_minute() -> None:
    assert same_minute(datetime(2026, 11, 22, tzinfo=UTC), "2026-11-22") is None
