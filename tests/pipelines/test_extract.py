from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.dateline import dateline_in
from pipelines.document import Document, forbids_archiving
from pipelines.extract import Values, values_of
from pipelines.outlets import Outlet, generic_outlet, parse_outlet
from pipelines.records import Page
from pipelines.structured import json_ld_in
from pipelines.titles import without_site

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


def outlet_with(*lines: str) -> Outlet:
    text = 'name = "Kabar Kita"\ndomains = ["kabar.id"]\n[[layouts]]\nbody = ["p"]\n'
    return parse_outlet(text + "\n".join(lines), slug="kabar", where="x.toml")


def read_with(page: Document, *lines: str) -> Values:
    outlet = outlet_with(*lines)
    return values_of(page, outlet, outlet.layouts[0])


def test_an_empty_list_says_that_there_is_none() -> None:
    head = (
        '<meta name="news_keywords" content="padi, beras"><meta name="author" content="Sari Dewi">'
        '<meta property="article:published_time" content="2024-05-01">'
        '<meta property="og:image" content="/a.jpg">'
        '<meta property="article:section" content="Desa">'
    )
    found = read_with(
        document(head, "<p>Oleh: Sari Dewi</p>"),
        "tags = []",
        "authors = []",
        "published = []",
        "image = []",
        "section = []",
    )
    assert (found.tags, found.authors, found.published_at) == ((), (), None)
    assert (found.image_url, found.section) == (None, None)


def test_tags_are_never_guessed_where_a_layout_says_where_they_would_be() -> None:
    page = document('<meta name="news_keywords" content="padi, beras, petani">')
    assert read_with(page, 'tags = [".tag a"]').tags == ()
    assert read_with(page).tags == ("padi", "beras", "petani")


def test_a_date_is_looked_for_elsewhere_where_the_layouts_selectors_find_none() -> None:
    page = document('<meta property="article:published_time" content="2024-05-01T10:00:00+07:00">')
    found = read_with(page, 'published = [".tanggal"]')
    assert found.published_at == datetime(2024, 5, 1, 3, tzinfo=UTC)


def test_a_date_that_cannot_be_read_is_kept_as_the_page_has_it() -> None:
    page = document("", "<b class='tanggal'>3 jam yang lalu</b><p>teks</p>")
    found = read_with(page, 'published = [".tanggal"]')
    assert (found.published_at, found.published_raw) == (None, "3 jam yang lalu")
    assert found.provenance["published_raw"] == "selector:.tanggal"


def test_a_relative_date_is_read_where_an_attribute_says_when() -> None:
    body = "<b class='tanggal' title='6 November 2023 14:05 WIB'>3 jam yang lalu</b><p>teks</p>"
    found = read_with(document("", body), 'published = [".tanggal"]')
    assert found.published_raw == "6 November 2023 14:05 WIB"


def test_a_z_that_is_local_time_is_left_out_by_a_regex() -> None:
    page = document('<meta name="pubdate" content="2015-11-05T10:08:58Z">')
    selector = 'published = [\'regex:name="pubdate" content="([^"Z]+)\']'
    assert read_with(page, selector).published_at == datetime(2015, 11, 5, 3, 8, 58, tzinfo=UTC)


def test_a_time_without_a_zone_yields_to_the_one_that_readers_see() -> None:
    head = '<meta property="article:published_time" content="2023-11-06T14:05:00Z">'
    body = "<h1>Panen Padi Dimulai</h1><i>Senin, 6 November 2023 14:05 WIB</i><p>teks</p>"
    title = '<meta property="og:title" content="Panen Padi Dimulai">'
    found = values_of(document(head + title, body), OUTLET, None)
    assert found.published_at == datetime(2023, 11, 6, 7, 5, tzinfo=UTC)
    true = head.replace("14:05:00Z", "07:05:31Z")
    assert values_of(document(true + title, body), OUTLET, None).published_precision == "second"


@pytest.mark.parametrize(
    ("url", "text", "day"),
    [
        ("https://news.example.org/a", "The rain fell and the rice of the farmers grew.", 6),
        ("https://warta.example.org/a", "Hujan turun dan padi yang ditanam petani tumbuh.", 7),
        ("https://kabar.co.id/a", "The rain fell and the rice of the farmers grew.", 7),
    ],
)
def test_the_default_zone_is_for_pages_in_its_languages(url: str, text: str, day: int) -> None:
    head = '<meta property="article:published_time" content="2023-11-06T18:30:00Z">'
    page = Document(f"<html><head>{head}</head><body><p>{text}</p></body></html>", url)
    found = values_of(page, generic_outlet(url), None)
    assert found.published_at == datetime(2023, 11, 6, 18, 30, tzinfo=UTC)
    assert found.published_on is not None
    assert found.published_on.day == day


def test_an_edit_that_repeats_the_publication_is_none() -> None:
    text = '{{"@type": "Article", "datePublished": "2024-05-02T10:00:00Z", "dateModified": "{}"}}'
    for modified, wanted in (
        ("2024-05-02T10:00:00Z", None),
        ("2024-05-02T10:00:20Z", None),
        ("2024-05-02", None),
        ("2024-05-02T10:05:00Z", datetime(2024, 5, 2, 10, 5, tzinfo=UTC)),
    ):
        found = values_of(document(ld(text.format(modified))), OUTLET, None)
        assert found.modified_at == wanted, modified


def test_the_byline_counts_where_the_metadata_names_the_brand() -> None:
    page = document('<meta name="author" content="Kabar Kita">', "<p>Penulis: Sari Dewi</p>")
    found = values_of(page, OUTLET, None)
    assert (found.authors, found.provenance["authors"]) == (("Sari Dewi",), "selector:byline")


def test_a_reference_to_a_person_is_followed() -> None:
    text = (
        '{"@graph": [{"@type": "Article", "headline": "Judul", "author": {"@id": "#sari"}},'
        '{"@type": "Person", "@id": "#sari", "name": "Sari Dewi"}]}'
    )
    assert values_of(document(ld(text)), OUTLET, None).authors == ("Sari Dewi",)


def test_the_page_comes_before_the_articles_it_lists() -> None:
    text = (
        '[{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Lain"}]},'
        '{"@type": "NewsArticle", "headline": "Judul Ini"}]'
    )
    assert values_of(document(ld(text)), OUTLET, None).title == "Judul Ini"


def test_authors_of_further_articles_are_not_this_ones() -> None:
    text = (
        '[{"@type": "NewsArticle", "author": {"name": "Sari Dewi"}},'
        '{"@type": "NewsArticle", "author": {"name": "Budi Santoso"}}]'
    )
    assert values_of(document(ld(text)), OUTLET, None).authors == ("Sari Dewi",)


@pytest.mark.parametrize(
    ("image", "wanted"),
    [
        ("/foto/padi.jpg", "https://kabar.id/foto/padi.jpg"),
        ("https://cdn.kabar.id/logo-pertanian-baru.jpg",
         "https://cdn.kabar.id/logo-pertanian-baru.jpg"),
        ("/img/logo.png", None),
        ("/img/no-image.jpg", None),
        ("/img/default.jpg", None),
        ("/img/penerbit.png", None),
        ("data:image/gif;base64,R0lGOD", None),
    ],
)  # fmt: skip
def test_logos_and_placeholders_are_no_pictures(image: str, wanted: str | None) -> None:
    publisher = ld('{"@type": "Article", "publisher": {"logo": {"url": "/img/penerbit.png"}}}')
    page = document(f'<meta property="og:image" content="{image}">{publisher}')
    assert values_of(page, OUTLET, None).image_url == wanted


@pytest.mark.parametrize(
    ("declared", "body", "title"),
    [
        ("Panen Padi Mulai Hari Ini", "<h1>Panen Padi Mulai</h1><h1>Panen padi mulai hari ini</h1>",
         "Panen padi mulai hari ini"),
        ("Padi Dipanen, Petani Senang", "<h1>Petani Senang Panen Dimulai Hari Ini</h1>",
         "Petani Senang Panen Dimulai Hari Ini"),
        ("Padi Dipanen, Petani Senang", "<h1>Berita Terkini Dari Segala Penjuru</h1>",
         "Padi Dipanen, Petani Senang"),
        ("Panen Padi Dimulai | Kabar Desa", "", "Panen Padi Dimulai"),
        ("Panen Padi Dimulai - kabar", "", "Panen Padi Dimulai"),
        ("Persib - Arema", "", "Persib - Arema"),
        ("Persib - PSM", "", "Persib - PSM"),
    ],
)  # fmt: skip
def test_titles_of_outlets_without_a_file(declared: str, body: str, title: str) -> None:
    page = document(f'<meta property="og:title" content="{declared}">', body)
    assert values_of(page, generic_outlet(page.url), None).title == title


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
