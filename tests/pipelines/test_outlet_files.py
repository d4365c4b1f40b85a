"""What holds for every file in `config/outlets`: addresses, rules, and that a page can be read."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections import Counter
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.body import choose
from pipelines.document import Document
from pipelines.outlets import KEYS, Outlet, Selector, parse_outlet
from pipelines.process import process
from pipelines.records import Article, Page
from pipelines.selectors import elements, values
from pipelines.store.config import CONFIG_DIR, load_registry
from pipelines.urls import canonical_url, single_page_url
from tests.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = CONFIG_DIR / "outlets"
REGISTRY = load_registry()
REAL = [outlet for outlet in REGISTRY.all() if not outlet.allow_private_network]
SLUGS = [outlet.slug for outlet in REAL]

PARAGRAPHS = [
    "Hujan deras mengguyur kota sejak Selasa sore hingga air sungai meluap ke permukiman warga.",
    "Petugas membuka tiga posko dan membagikan selimut kepada keluarga yang rumahnya terendam.",
    "Wali kota meminta warga tetap waspada karena cuaca buruk diperkirakan bertahan dua hari.",
]
TITLE = "Sungai meluap, tiga posko dibuka untuk warga"


@cache
def tables() -> dict[str, dict[str, Any]]:
    """Return the TOML of every outlet and family file, by its path in the folder."""
    return {
        str(path.relative_to(FOLDER)): tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.rglob("*.toml"))
    }


def examples() -> list[tuple[str, str]]:
    return [(outlet.slug, url) for outlet in REAL for url in outlet.articles.examples]


def test_there_are_140_of_them_and_the_demo() -> None:
    assert len(REAL) == 140
    assert sum(len(outlet.articles.examples) > 0 for outlet in REAL) >= 50


@pytest.mark.parametrize(("slug", "url"), examples())
def test_an_example_is_an_article_under_its_own_address(slug: str, url: str) -> None:
    outlet = REGISTRY.for_url(url)
    assert slug == outlet.slug
    assert outlet.is_article(url)
    assert url == canonical_url(url, outlet=outlet)
    assert url == canonical_url(single_page_url(url, outlet), outlet=outlet)
    tracked = f"{url}{'&' if '?' in url else '?'}utm_source=umpan"
    assert url == canonical_url(tracked, outlet=outlet)


@pytest.mark.parametrize("outlet", REAL, ids=SLUGS)
def test_addresses_of_sources_belong_to_the_outlet(outlet: Outlet) -> None:
    found = outlet.discover
    urls = (*found.feeds, *found.sitemaps, *found.news_sitemaps, *found.listings)
    assert urls
    if found.dated_index:
        urls = (*urls, found.dated_index.url)
    assert [url for url in urls if outlet.owns(url) == 0] == []
    listed = [url for url in (*found.feeds, *found.sitemaps) if outlet.articles.match]
    assert [url for url in listed if outlet.is_article(url)] == []


def test_what_is_not_crawled_says_why_and_what_nobody_saw_is_not_verified() -> None:
    for outlet in REAL:
        assert bool(outlet.why) != outlet.enabled, outlet.slug
        assert outlet.verified == (outlet.checked is not None), outlet.slug
        assert outlet.verified or outlet.confidence, outlet.slug
        assert outlet.layouts, outlet.slug
        assert outlet.articles.match, outlet.slug
    assert {"bisnis", "investor", "jakartapost", "kontan", "malaymail", "pikiranrakyat"} == {
        outlet.slug for outlet in REAL if not outlet.enabled
    }


def test_where_the_usual_name_is_refused_the_other_one_says_who_asks() -> None:
    named = {outlet.slug: outlet.fetch.user_agent for outlet in REAL if outlet.fetch.user_agent}
    assert {"beritasatu", "tirto"} == set(named)
    assert all("Kliping" in name for name in named.values())


def test_languages_and_zones_are_those_of_the_outlets() -> None:
    assert {"bernama", "bharian", "hmetro", "sinarharian", "utusan", "astroawani"} == {
        outlet.slug for outlet in REAL if outlet.language == "ms"
    }
    assert {"jakartaglobe", "jakartapost", "malaymail"} == {
        outlet.slug for outlet in REAL if outlet.language == "en"
    }
    expected = {
        "Asia/Jakarta": 117,
        "Asia/Tehran": 8,
        "Asia/Kuala_Lumpur": 7,
        "Asia/Makassar": 5,
        "Europe/Berlin": 1,
        "Europe/Istanbul": 1,
        "Europe/London": 1,
    }
    assert expected == Counter(outlet.timezone for outlet in REAL)
    assert {"balipost", "nusabali", "fajar", "kaltimpost", "niagaasia"} == {
        outlet.slug for outlet in REAL if outlet.timezone == "Asia/Makassar"
    }


def test_every_family_is_used() -> None:
    files = {path.stem for path in (FOLDER / "families").glob("*.toml")}
    assert files == {table["family"] for table in tables().values() if "family" in table}


def test_no_file_repeats_another() -> None:
    layouts: dict[str, str] = {}
    denied: dict[str, str] = {}
    for name, table in tables().items():
        for layout in table.get("layouts", []):
            other = layouts.setdefault(json.dumps(layout, sort_keys=True, default=str), name)
            assert other == name, layout
        if deny := table.get("articles", {}).get("deny"):
            assert denied.setdefault(deny, name) == name, deny


@pytest.mark.parametrize("outlet", REAL, ids=SLUGS)
def test_no_rule_is_given_twice_along_the_families(outlet: Outlet) -> None:
    for key in KEYS["clean"]:
        patterns = [one.pattern for one in getattr(outlet.clean, key)]
        assert [one for one, count in Counter(patterns).items() if count > 1] == []


# Reading a page


def markup(selector: Selector) -> tuple[str, str] | None:
    """Return the tags around what a plain CSS selector finds; `None` where it is not plain."""
    if selector.kind != "css":
        return None
    opened, closed = "", ""
    for part in re.split(r"\s*>\s*|\s+", selector.text):
        whole = re.fullmatch(
            r"([a-z0-9]*)((?:[.#][\w-]+|\[[\w-]+[*^]?=['\"]?[^\]'\"]+['\"]?\])*)", part
        )
        if whole is None:
            return None
        tag = whole[1] or "div"
        classes = " ".join(re.findall(r"\.([\w-]+)", re.sub(r"\[.*?\]", "", whole[2])))
        attributes = [f'class="{classes}"'] if classes else []
        attributes += [f'id="{one}"' for one in re.findall(r"#([\w-]+)", whole[2])]
        attributes += [
            f'{one}="{value}"'
            for one, value in re.findall(r"\[([\w-]+)[*^]?=['\"]?([^\]'\"]+)['\"]?\]", whole[2])
        ]
        opened += f"<{' '.join([tag, *attributes])}>"
        closed = f"</{tag}>{closed}"
    return opened, closed


def page_of(outlet: Outlet, opened: str, closed: str) -> Page:
    url = next(iter(outlet.articles.examples), f"https://{outlet.domains[0]}/berita/1")
    data = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-11-05T10:30:00"}
    text = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    html = (
        f"<html lang=id><head><title>{TITLE}</title>"
        f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><h1>{TITLE}</h1>{opened}{text}{closed}</body></html>"
    )
    return served(html, url, fetched_at=datetime(2026, 11, 5, 12, tzinfo=ZoneInfo("Asia/Jakarta")))


def every_body(outlet: Outlet) -> list[Selector]:
    return [one for layout in outlet.layouts for one in layout.body]


def plain_bodies(outlet: Outlet) -> Iterator[tuple[Selector, tuple[str, str]]]:
    for layout in outlet.layouts:
        for one in layout.body:
            if tags := markup(one):
                yield one, tags


@pytest.mark.parametrize("outlet", REAL, ids=SLUGS)
def test_a_page_in_the_first_layout_is_read(outlet: Outlet) -> None:
    body, (opened, closed) = next(plain_bodies(outlet))
    article = process(page_of(outlet, opened, closed), outlet)
    assert isinstance(article, Article), article
    assert article.body.split("\n") == PARAGRAPHS
    assert article.title == TITLE
    assert f"selector:{body.text}" == article.provenance["body"]
    expected = datetime(2026, 11, 5, 10, 30, tzinfo=ZoneInfo(outlet.timezone))
    assert expected == article.published_at


def test_every_plain_body_selector_finds_its_markup() -> None:
    for outlet in REAL:
        for body, (opened, closed) in plain_bodies(outlet):
            text = page_of(outlet, opened, closed).payload.decode()
            document = Document(text, "https://contoh.id/")
            chosen = choose(document, outlet)
            assert chosen is not None, (outlet.slug, body.text)
            assert chosen.element.text_content().startswith(PARAGRAPHS[0]), body.text


@pytest.mark.parametrize(
    ("slug", "inner"),
    [
        ("kumparan", '<div><p data-qa-id="story-paragraph">{}</p></div>'),
        ("alinea", '<p>{}</p><div class="artikelend"></div>'),
        ("bbcindonesia", '<div data-component="text-block"><p>{}</p></div>'),
        ("anadoluid", "<div dir=auto><p>{}</p></div>"),
    ],
)
def test_a_body_that_no_class_names_is_found(slug: str, inner: str) -> None:
    outlet = REGISTRY.get(slug)
    rows = "".join(inner.format(one) for one in PARAGRAPHS)
    if slug == "anadoluid":
        rows = f"<div dir=auto>{''.join(f'<p>{one}</p>' for one in PARAGRAPHS)}</div>"
    html = (
        f"<html><body><nav><p>Beranda</p></nav><div><section>{rows}</section></div></body></html>"
    )
    chosen = choose(Document(html, "https://contoh.id/"), outlet)
    assert chosen is not None
    text = " ".join(chosen.element.text_content().split())
    assert "Beranda" not in text
    assert [one for one in PARAGRAPHS if one not in text] == []


@pytest.mark.parametrize("outlet", REAL, ids=SLUGS)
def test_every_selector_can_be_asked(outlet: Outlet) -> None:
    body, (opened, closed) = next(plain_bodies(outlet))
    page = page_of(outlet, opened, closed)
    document = Document(page.payload.decode(), page.url)
    found = {one.text: list(elements(document, one)) for one in every_body(outlet)}
    assert found[body.text]
    for layout in outlet.layouts:
        taken = [one.text for one in layout.remove if list(elements(document, one))]
        assert taken == []
        for name, selectors in layout.fields.items():
            for one in selectors:
                assert all(isinstance(value, str) for value in values(document, one)), name


# Rules

ORDINARY = [
    *PARAGRAPHS,
    "Ikuti kami ke pasar induk, kata pedagang itu kepada pembeli yang datang dari luar kota.",
    "Ia menyimak siaran radio sambil mengikuti perkembangan harga lewat WhatsApp milik kelompok.",
    "Video itu diunggah seorang warga dan ditonton ribuan orang sebelum dihapus pengelola.",
    "Sumber daya air di kabupaten itu menyusut, sehingga petani menunda musim tanam kedua.",
    "Halaman rumah warga tertutup lumpur setinggi lutut ketika air mulai surut pagi tadi.",
    "Berita lain yang beredar soal penutupan jalan itu dibantah oleh kepala kepolisian resor.",
    "Foto udara memperlihatkan tanggul yang jebol sepanjang dua puluh meter di sisi timur.",
    "Editor majalah itu mundur setelah dewan redaksi menolak laporan yang ditulisnya.",
    "Laporan: dua kata di sampul berkas itu membuat hadirin terdiam hingga ketua membacanya.",
    "Tags adalah istilah asing yang dipakai pemasar, ujar dosen itu di depan mahasiswanya.",
    (
        "Subscribe atau tidak, pembaca tetap boleh membaca kolom itu sampai akhir pekan ini saja, "
        "demikian bunyi pengumuman yang ditempel pengelola di pintu depan kantornya kemarin sore."
    ),
]


@pytest.mark.parametrize("outlet", REAL, ids=SLUGS)
def test_no_rule_takes_an_ordinary_sentence(outlet: Outlet) -> None:
    rules = outlet.clean
    taken = [
        (one.pattern, line)
        for one in (*rules.drop_lines, *rules.signoff, *rules.inline)
        for line in ORDINARY
        if one.search(line)
    ]
    assert taken == []


HOSTILE = [
    *("a" * 5_000, "A" * 5_000, " " * 5_000, "A " * 2_500, "a-" * 2_500, "/" * 5_000),
    *("(a/" * 1_700, "A, " * 1_700, "1/" * 2_500, "A.-' /" * 800, "video " * 800),
    *("https://" + "a/" * 2_000, "https://a.id/" + "a-" * 2_000 + "?", "Dakwah media bca " * 300),
]


def test_no_pattern_runs_away() -> None:
    # Everything together; one pattern that doubles with each character would take for ever.
    started = time.process_time()
    patterns = {
        pattern
        for outlet in REAL
        for pattern in (
            *outlet.clean.drop_lines,
            *outlet.clean.signoff,
            *outlet.clean.inline,
            *outlet.clean.dateline,
            outlet.articles.match,
            outlet.articles.deny,
        )
        if pattern
    }
    for pattern in patterns:
        before = time.process_time()
        for text in HOSTILE:
            pattern.search(text)
        assert time.process_time() - before < 2, pattern.pattern
    assert time.process_time() - started < 60


@pytest.mark.parametrize(
    ("slug", "lead", "place"),
    [
        ("arrahmah", "GAZA (Arrahmah.id) – Hujan turun.", "GAZA"),
        ("balipost", "DENPASAR, BALIPOST.com - Hujan turun.", "DENPASAR"),
        ("beritajatim", "Surabaya (beritajatim.com) - Hujan turun.", "Surabaya"),
        ("bernama", "KUALA LUMPUR, 5 Nov (Bernama) -- Hujan turun.", "KUALA LUMPUR"),
        ("bharian", "KUALA LUMPUR: Hujan turun.", "KUALA LUMPUR"),
        ("bharian", "Hujan turun: banjir.", None),
        ("bloombergtechnoz", "Bloomberg Technoz, Jakarta - Hujan turun.", "Jakarta"),
        ("cnnindonesia", "Jakarta, CNN Indonesia -- Hujan turun.", "Jakarta"),
        ("disway", "PALEMBANG, SUMEKS.DISWAY.ID - Hujan turun.", "PALEMBANG"),
        ("fajar", "FAJAR.CO.ID, MAKASSAR - Hujan turun.", "MAKASSAR"),
        ("iqnaid", "TEHERAN (IQNA) - Hujan turun.", "TEHERAN"),
        ("jpnn", "jpnn.com, JAKARTA - Hujan turun.", "JAKARTA"),
        ("bola", "Bola.com, Jakarta - Hujan turun.", "Jakarta"),
        ("kontan", "KONTAN.CO.ID - JAKARTA. Hujan turun.", "JAKARTA"),
        ("kontan", "KONTAN.CO.ID - PLN menambah daya.", None),
        ("malaymail", "KUALA LUMPUR, Nov 5 — Hujan turun.", "KUALA LUMPUR"),
        ("metrotvnews", "Jakarta: Hujan turun.", "Jakarta"),
        ("metrotvnews", "Hujan turun di Jakarta: banjir.", None),
        ("minanews", "Gaza, MINA – Hujan turun.", "Gaza"),
        ("niagaasia", "SAMARINDA.NIAGA.ASIA – Hujan turun.", "SAMARINDA"),
        ("nuonline", "Jakarta, NU Online", "Jakarta"),
        ("rri", "KBRN, Jakarta : Hujan turun.", "Jakarta"),
        ("sindonews", "JAKARTA - Hujan turun.", "JAKARTA"),
        ("solopos", "Esposin, SOLO – Hujan turun.", "SOLO"),
        ("suaraislam", "Jakarta (SI Online) - Hujan turun.", "Jakarta"),
        ("tvone", "Jakarta, tvOnenews.com - Hujan turun.", "Jakarta"),
        ("viva", "Jakarta, VIVA – Hujan turun.", "Jakarta"),
        ("voaislam", "JAKARTA (voa-islam.com) - Hujan turun.", "JAKARTA"),
        ("waspada", "MEDAN (Waspada): Hujan turun.", "MEDAN"),
        ("wartaekonomi", "Warta Ekonomi, Jakarta - Hujan turun.", "Jakarta"),
    ],
)
def test_datelines_are_read(slug: str, lead: str, place: str | None) -> None:
    rules = REGISTRY.get(slug).clean.dateline
    found = (match["place"] for rule in rules if (match := rule.match(lead)))
    assert place == next(found, None)


def test_no_dateline_is_read_from_an_ordinary_sentence() -> None:
    taken = [
        (outlet.slug, one.pattern, line)
        for outlet in REAL
        for one in outlet.clean.dateline
        for line in ORDINARY
        if one.match(line)
    ]
    assert taken == []


def test_the_families_of_the_files_end() -> None:
    families = {
        path.stem: path.read_text(encoding="utf-8") for path in (FOLDER / "families").glob("*.toml")
    }
    for name in families:
        toml = f'name = "Contoh"\ndomains = ["contoh.id"]\nfamily = "{name}"\n'
        assert parse_outlet(toml, slug="contoh", where="x", families=families).family == name
