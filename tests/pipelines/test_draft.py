"""What a draft says of sites of different make, and that no site can say more than it should."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from pipelines.draft import Draft, draft
from pipelines.draft_addresses import is_listing, likely_articles, pattern_of
from pipelines.draft_seen import Site, Source, sampled, slug_of
from pipelines.draft_site import front_of, is_plain_url, plain, template_of
from pipelines.draft_toml import Noted, quoted, written
from pipelines.errors import KlipingError
from pipelines.outlets import Fetch, parse_outlet
from pipelines.process import process
from pipelines.records import Article, Link
from tests.served import served

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.records import Page

ROOT = Path(__file__).resolve().parents[2]
HOME = "https://lembah.example/"
TODAY = date(2026, 11, 23)
FAMILIES = {
    path.stem: path.read_text() for path in (ROOT / "config/outlets/families").glob("*.toml")
}
TOPICS = (
    *("Panen padi di lereng utara", "Jembatan bambu menuju sekolah", "Perahu nelayan pesisir"),
    *("Pasar malam di alun-alun", "Sumur tua milik warga kampung", "Kebun kopi peninggalan lama"),
    *("Lomba layang-layang pelajar", "Bendungan kecil di hulu sungai"),
)
ENDINGS = (
    "mulai dikerjakan warga pada awal pekan ini setelah hujan reda di seluruh kecamatan.",
    "disambut gembira oleh para ibu yang menunggu kabar itu sejak pertengahan bulan lalu.",
    "akan diteruskan sampai musim kemarau tiba, kata kepala desa seusai rapat di balai warga.",
    "tidak memakai anggaran daerah, melainkan iuran yang dikumpulkan dari rumah ke rumah.",
    "menjadi contoh bagi kampung tetangga yang ingin berbuat serupa dengan tenaga sendiri.",
)


def title(n: int) -> str:
    return f"{TOPICS[n % len(TOPICS)]} tahap {n + 1} dimulai"


def text(n: int) -> list[str]:
    return [
        f"{TOPICS[(n + k) % len(TOPICS)]} bagian {n}.{k} {end}" for k, end in enumerate(ENDINGS)
    ]


def slug(n: int) -> str:
    return title(n).lower().replace(" ", "-")


def paragraphs(n: int) -> str:
    return "".join(f"<p>{one}</p>" for one in text(n))


def page(
    n: int,
    body: str,
    *,
    head: str = "",
    url: str = "",
    published: str = "2026-11-{day:02}T10:00:00+07:00",
) -> Page:
    """Return the n-th article, its text in *body*, undated where *published* is empty."""
    moment = published.format(day=n % 28 + 1)
    dated = f'<meta property="article:published_time" content="{moment}">' if moment else ""
    return served(
        f"<html lang=id><head><title>{title(n)} | Suara Lembah</title>{dated}{head}</head>"
        f"<body><nav><a href='/'>Beranda</a></nav><h1>{title(n)}</h1>{body}"
        "<footer><a href='/tentang-kami'>Tentang</a></footer></body></html>",
        url or f"{HOME}berita/{500 + n}/{slug(n)}",
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def home(pages: Sequence[Page], more: str = "", head: str = "") -> Page:
    links = "".join(f'<a href="{one.url}">Judul berita yang cukup panjang</a>' for one in pages)
    return served(f"<html><head>{head}</head><body>{more}{links}</body></html>", HOME)


def drafted(
    pages: Sequence[Page],
    *,
    more: str = "",
    head: str = "",
    sources: Sequence[Source] = (),
    families: dict[str, str] | None = None,
) -> Draft:
    return draft(
        Site(front=front_of(home(pages, more, head)), sources=tuple(sources), pages=tuple(pages)),
        slug="lembah",
        families=FAMILIES if families is None else families,
        fetch=Fetch(),
        today=TODAY,
    )


def made(count: int, body: Callable[[int], str], **more: str) -> list[Page]:
    return [page(n, body(n), **more) for n in range(count)]


FORMS = {
    "dated": "https://lembah.example/2026/{m:02}/{d:02}/{slug}.html",
    "dated WordPress": "https://www.lembah.example/2026/{m:02}/{slug}/",
    "numbers": "https://lembah.example/read/{id}/{slug}",
    "number behind": "https://lembah.example/{section}/{slug}-{id}.html",
    "number before": "https://{section}.lembah.example/{id}-{slug}",
    "section and slug": "https://lembah.example/{section}/{slug}/",
    "slug with an ending": "https://lembah.example/{section}/{slug}%20baru,lagi+.html",
    "slug alone": "https://lembah.example/{slug}/",
    "code": "https://{section}.lembah.example/berita/rk{id}b/{slug}",
    "letter and number": "https://{section}.lembah.example/berita/d-{id}/{slug}",
    "query": "https://lembah.example/baca.php?id={id}",
}
OTHERS = [
    *(
        "https://lembah.example/",
        "https://lembah.example/daerah",
        "https://lembah.example/ekonomi/",
    ),
    *("https://lembah.example/tag/panen-raya-padi/", "https://lembah.example/category/daerah/"),
    *("https://lembah.example/author/rini-astuti-dewi/", "https://lembah.example/page/2/"),
    *("https://lembah.example/tentang-kami/", "https://lembah.example/pedoman-media-siber"),
    *("https://lembah.example/kebijakan-privasi-dan-kuki/", "https://lembah.example/indeks"),
    *("https://lembah.example/search?q=1", "https://www.lembah.example/redaksi.html"),
]


def addresses(form: str, count: int = 24, first: int = 0) -> list[str]:
    sections = ("daerah", "ekonomi", "gaya-hidup")
    return [
        form.format(
            m=n % 12 + 1, d=n % 28 + 1, id=720_100 + n, slug=slug(n), section=sections[n % 3]
        )
        for n in range(first, first + count)
    ]


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_a_pattern_finds_articles_and_nothing_else(form: str) -> None:
    found = pattern_of(addresses(form), OTHERS, ["lembah.example"])
    match, deny = re.compile(found.match), re.compile(found.deny or "(?!)")
    unseen = addresses(form, 30, first=40)
    assert [url for url in (*addresses(form), *unseen) if not match.search(url)] == []
    assert [url for url in unseen if deny.search(url)] == []
    assert [url for url in OTHERS if match.search(url) and not deny.search(url)] == []
    assert not match.search(addresses(form)[0].replace("lembah.example", "lain.example"))
    assert not match.search(addresses(form)[0].replace("lembah.example", "lembah-example.id"))


def test_a_headline_has_more_hyphens_than_any_static_page() -> None:
    found = pattern_of(addresses(FORMS["slug alone"]), OTHERS, ["lembah.example"])
    assert found.deny.count("kebijakan") == 0
    for path in ("syarat-dan-ketentuan", "cara-memasang-iklan-baris", "kontak"):
        assert not re.search(found.match, f"https://lembah.example/{path}/")


def test_a_pattern_of_several_forms_names_what_is_too_rare() -> None:
    rare = "https://lembah.example/khusus/2026/sepuluh-tahun"
    some = [*addresses(FORMS["dated"], 10), *addresses(FORMS["numbers"], 10), rare]
    found = pattern_of(some, OTHERS, ["lembah.example"])
    assert found.left_out == (rare,)
    assert all(re.search(found.match, url) for url in some if url != rare)


def test_addresses_are_escaped_and_no_regex_runs_away() -> None:
    odd = [f"https://lembah.example/a.b+(c)*[d]/{slug(n)}" for n in range(9)]
    patterns = [pattern_of(odd, [], ["lembah.example"]).match]
    assert all(re.search(patterns[0], url) for url in odd)
    assert not re.search(patterns[0], odd[0].replace("a.b+", "aXbb"))
    for form in FORMS.values():
        found = pattern_of(addresses(form), OTHERS, ["lembah.example"])
        patterns += [found.match, found.deny or "(?!)"]
    tails = ["-1" * 1_000, "/a-" * 600, "-" * 2_000, "1" * 2_000, "a-11111" * 280, "?id=" * 500]
    started = perf_counter()
    for pattern in patterns:
        for tail in tails:
            for start in ("", "read/1/", "2026/11/", "berita/d-1/"):
                re.search(pattern, f"https://lembah.example/{start}{tail}\n")
    assert perf_counter() - started < 2


def test_headlines_are_told_from_menus() -> None:
    links = [
        (url, "Judul berita yang cukup panjang") for url in addresses(FORMS["section and slug"])
    ]
    links += [(url, "Daerah") for url in OTHERS]
    assert sorted(likely_articles(links)) == sorted(addresses(FORMS["section and slug"]))
    assert is_listing("https://lembah.example/tag/padi")
    assert not is_listing("https://lembah.example/daerah/panen-padi-di-lereng")


def test_the_body_is_the_element_that_pages_share() -> None:
    def body(n: int) -> str:
        lead = f'<div class="baca-lain">Baca juga: <a href="/berita/1/x">{title(n + 1)}</a></div>'
        return (
            f'<div class="row post-{n}77 kolom-utama">'
            f'<div class="col-md-8 teks-berita" id="isi-{n}123">'
            f"{lead}{paragraphs(n)}</div></div><div class=samping>{'Cuaca hari ini. ' * 9}</div>"
        )

    found = drafted(made(12, body))
    (layout,) = found.facts.layouts
    assert layout.body == ".teks-berita"
    assert [one.value for one in layout.remove] == [".baca-lain"]
    assert "On 12 of 12 pages" in found.text
    assert (found.outlet.family, found.outlet.verified) == ("plain", False)
    article = process(page(3, body(3)), found.outlet)
    assert isinstance(article, Article)
    assert article.body.split("\n") == text(3)
    assert article.provenance["body"] == "selector:.teks-berita"


def test_pages_of_two_templates_give_two_layouts_and_name_what_has_neither() -> None:
    def body(n: int) -> str:
        names = {0: "naskah", 1: "isi-lama"}
        name = names.get(n % 2, "") if n < 11 else ""
        return f'<section><div class="{name}">{paragraphs(n)}</div></section>'

    found = drafted(made(12, body))
    assert {one.body for one in found.facts.layouts} == {".naskah", ".isi-lama"}
    assert f"Without: {page(1, '').url}" in found.text or page(11, "").url in found.text


def test_an_element_that_holds_text_somewhere_is_never_removed() -> None:
    def body(n: int) -> str:
        quote = f'<div class="sisip">{text(n + 50)[0]}</div>' if n == 5 else ""
        ad = f'<div class="sisip"><a href="/x">Pasang iklan di sini {n}</a></div>'
        more = f'<div class="terkait"><a href="/y">{title(n + 1)}</a></div>'
        return f'<div class="naskah">{ad}{paragraphs(n)}{quote}{paragraphs(n + 20)}{more}</div>'

    (layout,) = drafted(made(10, body)).facts.layouts
    assert [one.value for one in layout.remove] == [".terkait"]


def test_a_family_is_named_where_its_template_is_there() -> None:
    def jnews(n: int) -> str:
        return (
            '<div class="entry-header"><h1 class="jeg_post_title">x</h1>'
            '<div class="jeg_meta_author"><a href="/author/rini">Rini Astuti</a></div></div>'
            f'<div class="entry-content"><div class="content-inner">{paragraphs(n)}</div></div>'
        )

    found = drafted(made(8, jnews), head='<meta name="generator" content="WordPress 6.4">')
    assert (found.outlet.family, found.facts.layouts) == ("wordpress", ())
    assert "fit 8 of 8 pages" in found.text
    assert found.outlet.discover.wordpress is False  # no API answered
    assert "wordpress" not in found.text.replace('family = "wordpress"', "").replace(
        "wordpress = false", ""
    )
    # A body of a common name makes no family.
    bare = drafted(made(8, lambda n: f'<div class="article-content">{paragraphs(n)}</div>'))
    assert (bare.outlet.family, bare.facts.layouts[0].body) == ("plain", ".article-content")


def test_values_that_no_metadata_gives_get_selectors() -> None:
    def body(n: int) -> str:
        # Far from the headline, where the general rules do not look.
        return (
            f'<div class="naskah">{paragraphs(n)}</div>{"<p>Cuaca</p>" * 80}'
            f'<div class="bawah"><span class="tgl-terbit">{n + 1} November 2026 '
            f'pukul 10.{n + 10} WITA</span><span class="nama-penulis">Rini Astuti</span></div>'
        )

    found = drafted(made(10, body, published=""))
    article = process(page(4, body(4), published=""), found.outlet)
    assert isinstance(article, Article)
    assert article.published_at == datetime(2026, 11, 5, 2, 14, tzinfo=UTC)
    assert article.authors == ("Rini Astuti",)
    assert found.outlet.timezone == "Asia/Makassar"


@pytest.mark.parametrize(
    ("published", "shown", "zone"),
    [
        ("2026-11-{day:02}T10:00:00+07:00", "", "Asia/Jakarta"),
        ("2026-11-{day:02}T10:00:00+08:00", "", "Asia/Makassar"),
        ("2026-11-{day:02}T10:00:00+09:00", "", "Asia/Jayapura"),
        ("2026-11-{day:02}T03:00:00Z", "<p>Sabtu, 7 November 2026, 12:00 WIT</p>", "Asia/Jayapura"),
    ],
)
def test_the_zone_is_what_stands_behind_clocks(published: str, shown: str, zone: str) -> None:
    def body(n: int) -> str:
        return f'{shown}<div class="naskah">{paragraphs(n)}</div>'

    assert drafted(made(6, body, published=published)).outlet.timezone == zone


def test_a_zone_that_nobody_states_is_called_assumed() -> None:
    found = drafted(
        made(
            6, lambda n: f'<div class="naskah">{paragraphs(n)}</div>', published="2026-11-{day:02}"
        )
    )
    assert "# Assumed: no page says one.\ntimezone = " in found.text
    assert any(line.startswith("timezone: ") for line in found.lacking)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ('<a href="?page=2">2</a><a href="?page=all">Semua</a>', {"query": "page=all"}),
        ('<a href="?page=2">2</a><a href="?page=3">3</a>', {"pages": "?page={n}"}),
        ('<a href="{own}/2">2</a><a href="{own}/3">3</a>', {"pages": "/{n}"}),
        ('<a href="{own}/all">Semua</a>', {"path": "/all"}),
        (
            '<a href="?page=x">2</a><a href="?replytocom=2">Balas</a><a href="{own}/foto">F</a>',
            None,
        ),
    ],
)
def test_further_parts_are_seen(links: str, expected: dict[str, str] | None) -> None:
    def body(n: int) -> str:
        shown = links.replace("{own}", f"{HOME}berita/{500 + n}/{slug(n)}") if n % 2 else ""
        return f'<div class="naskah">{paragraphs(n)}</div>{shown}'

    found = drafted(made(8, body))
    assert tomllib.loads(found.text)["articles"].get("single_page") == expected


def test_all_parts_at_once_are_better_than_parts() -> None:
    def body(n: int) -> str:
        whole = '<a href="?page=all">Semua</a>' if n % 4 == 0 else ""
        return f'<div class="naskah">{paragraphs(n)}</div><a href="?page=2">2</a>{whole}'

    assert drafted(made(8, body)).facts.single_page == ("query", "page=all")


def test_what_is_no_article_is_named_and_does_not_count() -> None:
    static = page(
        0, f"<div class=naskah>{paragraphs(30)}</div>", url=f"{HOME}tentang", published=""
    )
    pages = [*made(9, lambda n: f'<div class="naskah">{paragraphs(n)}</div>'), static]
    found = drafted(pages)
    assert (found.facts.articles, found.facts.pages) == (9, 10)
    assert f"# Not an article: {HOME}tentang (undated" in found.text
    assert not found.outlet.is_article(f"{HOME}tentang")


def test_a_page_of_too_many_tags_is_left_out() -> None:
    pages = made(
        6, lambda n: f'<div class="naskah">{paragraphs(n)}{"<b>x</b>" * 7_000 * (n == 5)}</div>'
    )
    found = drafted(pages)
    assert found.facts.articles == 5
    (refused,) = found.facts.refused
    assert (refused.value, refused.note[:9]) == (pages[5].url, "too_large")


def test_a_site_without_articles_is_refused() -> None:
    pages = [page(n, "<p>Masuk</p>", published="") for n in range(4)]
    with pytest.raises(KlipingError, match=r"^https://lembah\.example/: wanted articles, found 4 "):
        drafted(pages)
    with pytest.raises(KlipingError, match=r"found no link to one$"):
        drafted([])


HOSTILE = "Suara\"\n[articles]\nmatch = 'x'\r# \u202e\x1b[31m\x00\x7f\u2028 ''' \"\"\" \\"


def test_no_page_can_write_into_the_file_or_onto_the_terminal() -> None:
    def escaped(value: str) -> str:
        return value.replace("&", "&amp;").replace('"', "&quot;").replace("\n", "&#10;")

    def body(n: int) -> str:
        widget = f'<div class="iklan">{HOSTILE}</div>'
        return f'<div class="naskah">{paragraphs(n)}{widget}</div>'

    head = f'<meta property="og:site_name" content="{escaped(HOSTILE)}">'
    pages = [page(n, body(n), head=head) for n in range(8)]
    source = Source(
        kind="feed",
        url=f"{HOME}feed/",
        links=tuple(Link(url=one.url) for one in pages),
        note=plain(HOSTILE),
    )
    found = drafted(pages, sources=[source])
    data = tomllib.loads(found.text)
    assert data["articles"]["match"].startswith("^https")
    assert data["name"] == plain(HOSTILE, 80)
    assert data["discover"]["feeds"] == [f"{HOME}feed/"]
    assert all(char == "\n" or char.isprintable() for char in found.text)
    assert plain("a\ud800\u2066b\n\tc") == "ab c"
    assert plain("x" * 100, 10) == "xxxxxxxxx…"


@pytest.mark.parametrize("value", ["a'b", 'a"b', r"^a\.b'", "\x7f\x00", r"\d", "'''", "", "é\\"])
def test_every_string_is_written_as_it_is(value: str) -> None:
    assert tomllib.loads(f"x = {quoted(value)}") == {"x": value}


def test_addresses_that_would_break_a_file_are_not_taken() -> None:
    for url in ("https://x.id/a b", "https://x.id/{page}", "https://x.id/a'b", "https://x.id/é"):
        assert not is_plain_url(url)
    assert is_plain_url("https://x.id/a?b=c&d=%20")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.kabar-desa.co.id/", "kabar-desa"),
        ("https://news.lembah.id/x", "lembah"),
        ("http://127.0.0.1:8000/", "127-0-0-1-8000"),
        ("http://[::1]:80/", "1-80"),
        ("https://___.id/", "outlet"),
        ("https://xn--bcher-kva.id/", "xn--bcher-kva"),
    ],
)
def test_slugs_are_safe_names(url: str, expected: str) -> None:
    assert slug_of(url).replace("--", "-") == expected.replace("--", "-")


def test_the_newest_and_some_old_pages_are_fetched() -> None:
    def links(count: int, first: int) -> tuple[Link, ...]:
        urls = addresses(FORMS["numbers"], count, first)
        return tuple(
            Link(url=url, lastmod_at=datetime(2026, 1, 1 + (n % 28), n % 24, tzinfo=UTC))
            for n, url in enumerate(urls)
        )

    front = front_of(home([]))
    sitemap = Source(kind="sitemap", url=f"{HOME}s.xml", links=links(400, 0))
    feed = Source(kind="feed", url=f"{HOME}f.xml", links=links(8, 900))
    urls = sampled(front, [feed, sitemap])
    assert len(urls) == len(set(urls)) == 20
    assert {one.url for one in feed.links} <= set(urls)
    by_age = sorted(sitemap.links, key=lambda one: one.lastmod_at or TODAY, reverse=True)
    ages = [number for number, one in enumerate(by_age) if one.url in urls]
    assert ages[0] == 0
    assert ages[-1] > 300


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<link rel="next" href="/indeks/page/2/">', "https://lembah.example/indeks/page/{page}/"),
        ('<a href="/indeks?page=2">2</a>', "https://lembah.example/indeks?page={page}"),
        ('<a href="?hal=2&amp;x=1">2</a>', "https://lembah.example/indeks?hal={page}&x=1"),
        ('<a href="/lain/page/2/">2</a>', None),
    ],
)
def test_pages_of_a_listing_are_told(link: str, expected: str | None) -> None:
    listing = served(f"<html><head></head><body>{link}</body></html>", f"{HOME}indeks")
    assert template_of(listing, set()) == expected


def test_what_is_written_is_what_was_seen() -> None:
    pages = made(20, lambda n: f'<div class="naskah">{paragraphs(n)}</div>')
    found = drafted(pages, more="<nav><a href='/tag/padi'>Padi</a></nav>")
    outlet = parse_outlet(found.text, slug="lembah", where="x", families=FAMILIES)
    assert outlet.name == "Suara Lembah"
    assert len(outlet.articles.examples) == 5
    assert all(outlet.is_article(one.url) for one in pages)
    assert not any(
        outlet.is_article(url) for url in (HOME, f"{HOME}tag/padi", f"{HOME}tentang-kami")
    )
    again = written(replace(found.facts, name=Noted(value="Lain")), today=TODAY)
    assert tomllib.loads(again)["name"] == "Lain"
    alone = drafted(pages, families={})
    assert (alone.outlet.family, alone.outlet.is_article(pages[0].url)) == (None, True)
