from __future__ import annotations

import pytest

from pipelines.document import Document
from pipelines.outlets import generic_outlet
from pipelines.topics import are_tags, section_of, shown_keywords, subdomain_of, tag_links

BRANDS = ["Kabar Kita", "kabar.id"]
TITLE = "Panen Padi Dimulai"


def document(body: str, head: str = "", url: str = "https://kabar.id/a") -> Document:
    return Document(f"<html><head>{head}</head><body>{body}</body></html>", url)


@pytest.mark.parametrize(
    ("body", "section"),
    [
        ("<div class='breadcrumb'><a>Home</a><a>Ekonomi</a><a>Pangan</a></div>", "Pangan"),
        ("<ol class='bread-crumbs'><li><a>Beranda</a></li><li><a>Ekonomi</a></li></ol>", "Ekonomi"),
        ("<nav class='breadcrumb'><a>Ekonomi</a><a>Panen Padi Dimulai</a></nav>", "Ekonomi"),
        ("<div itemtype='http://schema.org/BreadcrumbList'><a>Kabar Kita</a><a>Desa</a></div>",
         "Desa"),
        ("<div class='breadcrumb'><a>Home</a></div>", None),
        ("<div class='breadth'><a>Home</a><a>Ekonomi</a></div>", None),
    ],
)  # fmt: skip
def test_the_last_breadcrumb_is_the_section(body: str, section: str | None) -> None:
    found = section_of(document(body), TITLE, BRANDS)
    assert (found and found[0]) == section


def test_declared_breadcrumbs_are_read() -> None:
    crumbs = (
        '{"@type": "BreadcrumbList", "itemListElement": ['
        '{"@type": "ListItem", "name": "Beranda"},'
        '{"@type": "ListItem", "item": {"@id": "/e", "name": "Ekonomi"}},'
        '{"@type": "ListItem", "name": "Panen Padi Dimulai"}]}'
    )
    page = document("", f'<script type="application/ld+json">{crumbs}</script>')
    assert section_of(page, TITLE, BRANDS) == (
        "Ekonomi",
        "jsonld:BreadcrumbList.itemListElement.name",
    )


@pytest.mark.parametrize(
    ("url", "section"),
    [
        ("https://otomotif.kabar.id/a", "Otomotif"),
        ("https://gaya-hidup.kabar.id/a", "Gaya hidup"),
        ("https://www.kabar.id/a", None),
        ("https://m.kabar.id/a", None),
        ("https://news.kabar.id/a", None),
        ("https://warta.kabar.id/a", None),
        ("https://kabar.id/a", None),
    ],
)
def test_a_subdomain_may_be_a_section(url: str, section: str | None) -> None:
    assert subdomain_of(document("", url=url), generic_outlet(url)) == section


@pytest.mark.parametrize(
    ("body", "tags"),
    [
        ("<a rel='tag' href='/tag/padi'>padi</a><a rel='category tag' href='/e'>Ekonomi</a>",
         ["padi"]),
        ("<div class='tags'><a href='/tag/padi'>padi</a><a href='/tag/sawah'>sawah</a></div>",
         ["padi", "sawah"]),
        ("<i class='tag'><a href='/x'>#padi</a></i><i class='tag'><a href='/y'>#desa</a></i>",
         ["#padi", "#desa"]),
        ("<i class='tag'><a href='/topik/a'>a</a></i><p class='tags'><a href='/tag/b'>b</a></p>",
         ["a", "b"]),
        ("<b class=tag><a href='/tag/a'>a</a></b><p><i class=tag><a href='/tag/b'>b</a></i></p>",
         ["a"]),
        ("<div class='trending-tags'><a href='/tag/ramai'>ramai</a></div>", []),
        ("<header><div class='tags'><a href='/tag/ramai'>ramai</a></div></header>", []),
        ("<div class='tags'><a href='/ekonomi'>Ekonomi</a></div>", []),
    ],
)  # fmt: skip
def test_tags_are_links_to_tags(body: str, tags: list[str]) -> None:
    assert tag_links(document(body)) == tags


def test_only_keywords_that_readers_see_are_tags() -> None:
    page = document("<a href='/tag/padi'>Padi</a><a href='/ekonomi'>Ekonomi</a>")
    assert shown_keywords(page, ["padi", "ekonomi", "berita terkini"]) == ["padi"]


@pytest.mark.parametrize(
    ("keywords", "may_be"),
    [
        (["padi", "petani", "bulog"], True),
        (["panen", "padi", "dimulai"], False),
        (["padi"], True),
        ([f"kata {n}" for n in range(30)], False),
    ],
)
def test_the_headlines_words_and_long_lists_are_no_tags(
    keywords: list[str],
    may_be: bool,  # noqa: FBT001 - a table
) -> None:
    assert are_tags(keywords, TITLE) is may_be
