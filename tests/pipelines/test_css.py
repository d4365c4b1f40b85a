from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from pipelines.css import Index, plan
from pipelines.outlets import compiled, selector

if TYPE_CHECKING:
    from lxml.html import HtmlElement

PAGE = """<html><body>
<div id="atas" class="a b"><p class="x">satu</p><p class="x y">dua <a href="/1" rel="tag">t</a></p>
<div class="a"><a class="y" href="/2">tiga</a><time datetime="2024">kini</time></div></div>
<ul class="jejak roti"><li><a href="/">Beranda</a></li><li><a href="/e">Ekonomi</a></li></ul>
<h1 class="x">judul</h1><h2>sub</h2><span itemprop="author" data-n="7">Sari</span></body></html>"""

SELECTORS = [
    "h1",
    ".x",
    "p.x",
    ".x.y",
    "#atas",
    "#atas .y",
    ".a a",
    ".a > a",
    "div > p",
    "p + p",
    "p ~ div",
    ".a .a .y",
    "[class*='roti']",
    "[class^='jejak'] a",
    "[id^='at']",
    "a[rel~=tag]",
    "a[href='/2']",
    "a[href$='2']",
    "[itemprop=author]",
    "[data-n]",
    "span[data-n]",
    "p:not(.y)",
    "li:last-child a",
    "li:first-child",
    "p:last-of-type",
    "p:first-of-type",
    "time::attr(datetime)",
    ".x::text",
    "em",
    ".tiada",
    "xpath:(//*[contains(@class, 'roti')]//a)[last()]",
    "xpath://ul[@class='jejak roti']//a",
    "xpath:(//*[contains(@class, 'x')])[last()]",
]


def by_plan(root: HtmlElement, text: str) -> list[object]:
    found = plan(text)
    assert found is not None
    elements = found.elements(Index(root))
    if found.attribute:
        return [one.get(found.attribute) for one in elements if one.get(found.attribute)]
    return [one.text for one in elements] if found.text else [*elements]


@pytest.mark.parametrize("text", SELECTORS)
def test_the_index_finds_what_xpath_finds(text: str) -> None:
    root = document_fromstring(PAGE)
    found = cast("list[object]", compiled(selector(text))(root))
    direct = [one for one in found if not isinstance(one, str) or one.strip()]
    assert [one for one in by_plan(root, text) if one is not None] == direct


@pytest.mark.parametrize("text", ["div:has(> a)", "p:nth-child(2)", "h1, h2", "xpath://p[1]", "["])
def test_what_asks_for_more_is_left_to_xpath(text: str) -> None:
    assert plan(text) is None


TREES = st.recursive(
    st.sampled_from(["<p class='x'>t</p>", "<a class='x y' href='/'>t</a>", "<b id='i'>t</b>"]),
    lambda inner: st.lists(inner, max_size=4).flatmap(
        lambda parts: st.sampled_from(["<div class='a'>{}</div>", "<div class='x a'>{}</div>"]).map(
            lambda frame: frame.format("".join(parts))
        )
    ),
    max_leaves=12,
)
SIMPLE = st.sampled_from(["p", ".x", ".a", "a.y", "div", "#i", "[href]"])


@given(TREES, st.lists(SIMPLE, min_size=1, max_size=3), st.sampled_from([" ", " > ", " + ", " ~ "]))
def test_any_tree_and_chain_agree_with_xpath(tree: str, parts: list[str], by: str) -> None:
    root = document_fromstring(f"<html><body>{tree}</body></html>")
    text = by.join(parts)
    assert by_plan(root, text) == compiled(selector(text))(root)


def test_nested_elements_of_one_class_are_no_puzzle() -> None:
    tree = "<div class=a>" * 200 + "<i>t</i>" + "</div>" * 200
    root = document_fromstring(f"<html><body>{tree}</body></html>")
    assert by_plan(root, ".z > .a .a .a .a .a i") == []
