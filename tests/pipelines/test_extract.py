from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.dateline import dateline_in
from pipelines.document import Document, forbids_archiving
from pipelines.extract import values_of, without_site
from pipelines.outlets import parse_outlet
from pipelines.records import Page
from pipelines.structured import json_ld_in

OUTLET = parse_outlet('name = "Kabar Kita"\ndomains = ["kabar.id"]', slug="kabar", where="x.toml")


def document(head: str, body: str = "<p>teks</p>") -> Document:
    return Document(f"<html><head>{head}</head><body>{body}</body></html>", "https://kabar.id/a/b")


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def test_layout_comes_before_guesses_and_says_so() -> None:
    outlet = parse_outlet(
        'name = "Kabar Kita"\ndomains = ["kabar.id"]\n[[layouts]]\nbody = [".isi"]\n'
        'title = [".tiada", "h2.judul"]\npublished = ["meta:tanggal"]\n'
        'section = ["url:id/(\\\\w+)"]\n'
        'authors = ["datalayer:penulis"]\ntags = ["nextdata:props.tags[].name"]\n'
        "subtitle = ['regex:data-sub=\"([^\"]+)']\nimage = ['img::attr(src)']\n"
        "editors = [\"xpath://b[@class='ed']/text()\"]",
        slug="kabar",
        where="x.toml",
    )
    page = document(
        '<meta property="og:title" content="Lain"><meta name="tanggal" content="1 Mei 2024 10:00">'
        "<script>dataLayer.push({'penulis': 'Sari Dewi'})</script>"
        '<script id="__NEXT_DATA__" type="application/json">{"props":{"tags":[{"name":"padi"},'
        '{"name":"beras"}]}}</script>',
        '<h1>Kabar</h1><h2 class="judul">Harga Beras</h2><i data-sub="Naik lagi"></i>'
        '<b class="ed">Budi Santoso</b><img src="/padi.jpg">',
    )
    found = values_of(page, outlet, outlet.layouts[0])
    assert found.title == "Harga Beras"
    assert found.published_at == datetime(2024, 5, 1, 3, tzinfo=UTC)
    assert (found.section, found.subtitle) == ("a", "Naik lagi")
    assert (found.authors, found.editors) == (("Sari Dewi",), ("Budi Santoso",))
    assert found.tags == ("padi", "beras")
    assert found.image_url == "https://kabar.id/padi.jpg"
    assert found.provenance["title"] == "selector:h2.judul"
    assert found.provenance["published_at"] == "meta:tanggal"


def test_json_ld_in_a_graph_is_read() -> None:
    found = values_of(
        document(
            ld(
                '{"@graph": [{"@type": "WebPage", "name": "x"}, {"@type": ["NewsArticle"],'
                '"headline": "Harga &amp; Beras", "datePublished": "2024-05-01T10:00:00+07:00",'
                '"author": [{"@type": "Person", "name": "Sari"}], "articleSection": ["Ekonomi"],'
                '"image": {"url": "/a.jpg"}, "keywords": "padi, beras"}]}'
            )
        ),
        OUTLET,
        None,
    )
    assert found.title == "Harga & Beras"
    assert found.authors == ("Sari",)
    assert found.section == "Ekonomi"
    assert found.image_url == "https://kabar.id/a.jpg"
    assert found.tags == ("padi", "beras")
    assert found.provenance["published_at"] == "jsonld:NewsArticle.datePublished"


@pytest.mark.parametrize(
    "text",
    [
        '[{"@type": "NewsArticle", "headline": "Judul"}]',
        '{"@type": "NewsArticle", "headline": "Judul",}',
        '{"@type": "NewsArticle", "headline": "Judul", "description": "dua\nbaris"}',
        '<!-- {"@type": "NewsArticle", "headline": "Judul"} -->',
        '{"@type": "NewsArticle", "headline": "Judul"} {"@type": "Person"}',
        '{"@type": "NewsArticle", "headline": "Judul", "articleBody": "kata "kutip" rusak"}',
    ],
)
def test_broken_json_ld_is_mended(text: str) -> None:
    assert json_ld_in([text])[0]["headline"] == "Judul"


def test_a_heading_wins_where_it_agrees_with_the_declared_title() -> None:
    head = '<meta property="og:title" content="Harga beras naik - Kabar Kita">'
    body = "<h1>Ekonomi</h1><h1>Harga Beras Naik</h1>"
    assert values_of(document(head, body), OUTLET, None).title == "Harga Beras Naik"
    assert values_of(document(head, "<h1>Ekonomi</h1>"), OUTLET, None).title == "Harga beras naik"


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Harga Beras Naik - Kabar Kita", "Harga Beras Naik"),
        ("Harga Beras Naik | kabar.id", "Harga Beras Naik"),
        ("Harga Beras Naik - Halaman 2 - Kabar Kita", "Harga Beras Naik"),
        ("Kabar Kita", "Kabar Kita"),
        ("Persib - Arema", "Persib - Arema"),
    ],
)
def test_the_sites_name_is_no_title(title: str, wanted: str) -> None:
    assert without_site(title, ["Kabar Kita", "kabar.id"]) == wanted


def test_an_edit_before_publication_is_none() -> None:
    head = ld(
        '{"@type": "Article", "datePublished": "2024-05-02T10:00:00Z",'
        '"dateModified": "2024-05-01T10:00:00Z"}'
    )
    found = values_of(document(head), OUTLET, None)
    assert found.modified_at is None
    assert "modified_at" not in found.provenance


@pytest.mark.parametrize(
    ("lead", "place"),
    [
        ("Doha, Kabar Kita – Menteri itu tiba.", "Doha"),
        ("JAKARTA, KABAR.com - Menteri itu tiba.", "JAKARTA"),
        ("Kabar6.com, Jakarta - Menteri itu tiba.", "Jakarta"),
        ("KABAR.CO.ID, MEDAN -- Menteri itu tiba.", "MEDAN"),
        ("Mataram, NTB (ANTARA News) - Menteri itu tiba.", "Mataram, NTB"),
        ("Jakarta (ANTARA) - Menteri itu tiba.", "Jakarta"),
        ("Banda Aceh - Menteri itu tiba.", "Banda Aceh"),
        ("SAMOSIR – Menteri itu tiba.", "SAMOSIR"),
        ("Menteri itu - yang tiba kemarin - pergi.", None),
        ("Ronaldo - kapten - pergi.", None),
        ("KPK - lembaga itu - menang.", None),
    ],
)
def test_datelines(lead: str, place: str | None) -> None:
    assert dateline_in(lead, brands=["Kabar Kita"]) == place


def served(body: str, *headers: tuple[str, str]) -> Page:
    return Page(
        url="https://kabar.id/a",
        final_url="https://kabar.id/a",
        status=200,
        headers=(("content-type", "text/html"), *headers),
        payload=body.encode(),
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("body", "header", "forbidden"),
    [
        ("", "noarchive", True),
        ("", "noindex, noarchive", True),
        ("", "googlebot: noarchive", True),
        ("", "otherbot: noarchive", False),
        ("", "index, follow, max-image-preview:large", False),
        ('<meta name="robots" content="noindex,NOARCHIVE">', "", True),
        ("<META content='noarchive' name='googlebot'>", "", True),
        ('<meta name="robots" content="index">', "", False),
        ('<meta name="description" content="noarchive">', "", False),
    ],
)
def test_noarchive(body: str, header: str, forbidden: bool) -> None:  # noqa: FBT001 - a table
    assert forbids_archiving(served(f"<html><head>{body}", ("X-Robots-Tag", header))) is forbidden
