"""What cleaning costs on hostile pages: time that grows with the page, not with its square."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from pipelines.outlets import Outlet, generic_outlet, parse_outlet
from pipelines.process import process
from pipelines.records import Article, Page
from tests.served import served
from tests.visible import article_words, words

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://kabar.test/1"
LONGEST = 2.0
"""Seconds of processor time."""
STORY = (
    "<p>Pasar itu ramai sejak pagi, dan pedagang menunggu pembeli sampai sore tiba di kota kecil"
    " itu. Beberapa warga datang dari desa untuk membeli beras.</p>"
) * 5
LAYOUT = parse_outlet(
    """
name = "Kabar"
domains = ["kabar.test"]
[[layouts]]
body = [".isi"]
title = ["h1"]
remove = ["span.ad"]
""",
    slug="kabar",
    where="kabar.toml",
)


def paragraph(part: str, times: int, before: str = "") -> str:
    return f"<p>{before}{part * times}</p>"


LINKED = paragraph("Baca juga: <a href='/b'>Harga Beras Naik</a> kata dia. ", 100)
HOSTILE = {
    "initials": paragraph(" (abc/def)", 15_000, "Harga beras"),
    "short initials": paragraph(" (abc)", 25_000, "Harga beras"),
    "embeds and marks": paragraph(" [Gambas:Video] kata <b>dia</b>", 4_000),
    "embeds": paragraph(" [Gambas:Video] kata dia", 5_000),
    "credits": paragraph("Editor: Budi Sari Dewi. ", 5_000, "Kata dia. "),
    "credits and initials": paragraph("Editor: Budi Sari Dewi. (abc) ", 4_000, "Kata dia. "),
    "syndication": paragraph("Artikel ini telah tayang di x. ", 4_000),
    "removed elements": paragraph("Kata <span class=ad>iklan</span> dia ", 4_000),
    "linked labels": LINKED * 30,
    "many linked labels": paragraph("Baca juga: <a href='/b'>Harga Naik</a> kata. ", 290) * 12,
    "labels": paragraph("Baca juga: Harga beras naik. ", 4_000),
    "marked labels": paragraph("<b>Baca juga:</b> Harga Naik. ", 4_000),
    "labels without titles": paragraph("Simak juga. ", 12_000),
    "labels without an end": paragraph("Baca juga: Harga ", 8_000),
    "labels in brackets": paragraph("(Baca juga: ", 10_000),
}


def page(html: str) -> Page:
    payload = f"<html><body><h1>Pasar Kota Ramai</h1><div class='isi'>{html}</div></body></html>"
    return served(payload, URL, fetched_at=datetime(2023, 11, 6, tzinfo=UTC))


@pytest.mark.parametrize("outlet", [partial(generic_outlet, URL), lambda: LAYOUT], ids=["no", "a"])
@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_paragraph_costs_little(html: str, outlet: Callable[[], Outlet]) -> None:
    start = time.process_time()
    process(page(STORY + html), outlet())
    assert time.process_time() - start < LONGEST


def test_what_is_removed_is_removed_however_much_it_is() -> None:
    html = paragraph("Kata <span class=ad>iklan</span> dia ", 3_000)
    article = process(page(STORY + html), LAYOUT)
    assert isinstance(article, Article)
    assert "iklan" not in article.body
    assert [one.text for one in article.removed] == ["iklan"] * 3_000
    assert article.body.endswith("Kata dia " * 2_999 + "Kata dia")


def test_what_is_too_much_to_cut_stays() -> None:
    part = "Baca juga: <a href='/b'>Harga Beras Naik</a> kata dia. "
    article = process(page(STORY + paragraph(part, 290)), LAYOUT)
    assert isinstance(article, Article)
    assert "Harga Beras Naik" in article.body
    left = article_words(article)
    assert left == words(_texts(STORY, part, 290))


def _texts(story: str, part: str, times: int) -> list[str]:
    plain = part.replace("<a href='/b'>", "").replace("</a>", "")
    return [story.replace("<p>", " ").replace("</p>", " "), plain * times]
