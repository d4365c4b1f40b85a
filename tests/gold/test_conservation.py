"""On pages that others wrote: no word of the body element is lost or made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml.etree import SubElement
from lxml.html import Element

from benchmarks.gold import gold_pages
from pipelines.blocks import lines_in, tidy
from pipelines.body import choose
from pipelines.clean import clean, cut_end
from pipelines.decode import text_from
from pipelines.document import Document
from pipelines.process import process
from pipelines.records import Article, Related, Removed
from pipelines.selectors import elements
from tests.golden import GOLD, MARKS, from_file
from tests.visible import article_words, kept_words, letters, visible_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from benchmarks.gold import GoldPage
    from pipelines.outlets import Outlet

pytestmark = MARKS
PAGES = list(gold_pages(GOLD / "id")) if (GOLD / "id").is_dir() else []


def document_of(one: GoldPage) -> Document:
    return Document(text_from(one.page.payload, "text/html"), one.page.final_url)


def cleaned(
    root: HtmlElement, outlet: Outlet, removed: frozenset[HtmlElement] = frozenset()
) -> tuple[list[str], list[Related | Removed]]:
    result = clean(lines_in(root), root, base="", rules=outlet.clean, removed=removed)
    texts = [(number, tidy(line.text)) for number, line in result.lines]
    left, ends = cut_end(texts, outlet.clean)
    return [text for _, text in left], [item for _, item in (*result.found, *ends)]


@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.name)
def test_body_related_and_removed_are_the_body_element(one: GoldPage) -> None:
    outlet = from_file(one.page.url)
    chosen = choose(document_of(one), outlet)
    assert chosen, "no layout fits"
    found = process(one.page, outlet)
    assert isinstance(found, Article), found
    assert article_words(found) == visible_words(chosen.element)


@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.name)
def test_whole_pages_lose_no_letter(one: GoldPage) -> None:
    outlet, document = from_file(one.page.url), document_of(one)
    cut_out = frozenset(
        element
        for layout in outlet.layouts
        for selector in layout.remove
        for element in elements(document, selector)
    )
    root = document.root.find("body")
    before = visible_words(root)
    texts, found = cleaned(root, outlet, cut_out)
    related = [item for item in found if isinstance(item, Related)]
    removed = [item for item in found if isinstance(item, Removed)]
    # Lists of teasers glue a number to the headline behind it: "1Harga beras".
    assert letters(kept_words(texts, related, removed)) == letters(before)


@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.name)
def test_cleaning_twice_changes_nothing(one: GoldPage) -> None:
    outlet = from_file(one.page.url)
    found = process(one.page, outlet)
    assert isinstance(found, Article), found
    body = found.body.split("\n")
    root = Element("div")
    for text in body:
        SubElement(root, "p").text = text
    assert cleaned(root, outlet) == (body, [])
