# ruff: noqa: E501 - sources are as wide as they are
from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.discover import (
    MOST_IN_SITEMAP,
    SourceError,
    links_in_feed,
    links_in_listing,
    links_in_sitemap,
    links_in_wordpress,
)
from pipelines.outlets import parse_outlet
from pipelines.records import Link

if TYPE_CHECKING:
    from pathlib import Path

OUTLET = parse_outlet(
    'name = "Contoh"\ndomains = ["contoh.id"]\n[articles]\nmatch = "/berita/"\ndeny = "/berita/foto/"',
    slug="contoh",
    where="contoh.toml",
)
FEED = "https://contoh.id/feed/"
MAP = "https://contoh.id/sitemap.xml"

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Contoh</title><link>https://contoh.id</link>
<atom:link href="https://contoh.id/feed/" rel="self"/>
<item><title>Harga &amp;amp; beras <![CDATA[<b>naik</b>]]></title><link>https://contoh.id/berita/1#x</link>
<pubDate>Sun, 01 Nov 2026 03:04:05 +0700</pubDate></item>
<item><title>Tanpa zona</title><link> /berita/2 </link><pubDate>Minggu, 01 November 2026 10:00</pubDate></item>
<item><title>Tanpa tanggal</title><guid isPermaLink="true">https://contoh.id/berita/3</guid></item>
<item><title>Lagi</title><link>https://contoh.id/berita/1</link></item>
<item><title>Naskah</title><link>javascript:alert(1)</link></item>
<item><title>Kosong</title></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Contoh</title>
<entry><title type="html">Harga &lt;i&gt;beras&lt;/i&gt;</title>
<link rel="edit" href="https://contoh.id/edit/1"/><link rel="alternate" href="https://contoh.id/berita/1"/>
<published>2026-11-01T10:00:00+07:00</published><updated>2026-11-02T10:00:00Z</updated></entry>
<entry><title>Hanya diperbarui</title><link href="https://contoh.id/berita/2"/>
<updated>2026-11-03T10:00:00Z</updated></entry></feed>"""


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_an_rss_feed_gives_its_entries_once_with_date_and_title() -> None:
    expected = [
        Link(
            url="https://contoh.id/berita/1",
            published_at=at(2026, 10, 31, 20, 4, 5),
            title="Harga & beras naik",
            source=FEED,
        ),
        Link(
            url="https://contoh.id/berita/2",
            published_at=at(2026, 11, 1, 3),
            title="Tanpa zona",
            source=FEED,
        ),
        Link(url="https://contoh.id/berita/3", title="Tanpa tanggal", source=FEED),
    ]
    assert expected == links_in_feed(RSS.encode(), FEED, zone="Asia/Jakarta")


def test_an_atom_feed_tells_publication_from_change() -> None:
    found = links_in_feed(ATOM.encode(), FEED)
    assert [at(2026, 11, 1, 3), None] == [link.published_at for link in found]
    assert [at(2026, 11, 2, 10), at(2026, 11, 3, 10)] == [link.lastmod_at for link in found]
    assert [link.url for link in found] == [
        "https://contoh.id/berita/1",
        "https://contoh.id/berita/2",
    ]
    assert found[0].title == "Harga beras"


@pytest.mark.parametrize(
    "payload",
    [
        "\n\n <!-- komentar -->" + RSS.replace('<?xml version="1.0" encoding="UTF-8"?>', ""),
        RSS.replace("</channel></rss>", ""),
        RSS.replace("Tanpa zona", "Tanpa & zona <br>"),
        "\ufeff" + RSS,
    ],
)
def test_a_broken_feed_gives_what_can_be_read(payload: str) -> None:
    found = links_in_feed(payload.encode(), FEED)
    assert "https://contoh.id/berita/1" in [link.url for link in found]


def test_an_empty_feed_is_a_feed() -> None:
    assert links_in_feed(b'<rss version="2.0"><channel></channel></rss>', FEED) == []


@pytest.mark.parametrize("before", [b"", b"\n\n"])
def test_an_empty_feed_with_a_declaration_is_a_feed(before: bytes) -> None:
    feed = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Kosong</title></channel></rss>'
    assert links_in_feed(before + feed, FEED) == []


@pytest.mark.parametrize(
    "payload", ["<rss><chan", '<rss version="2.0"><channel>', RSS[: RSS.index("<item>") + 8]]
)
def test_a_feed_that_breaks_off_before_its_first_entry_is_refused(payload: str) -> None:
    with pytest.raises(SourceError, match="wanted a feed, found broken XML without an entry"):
        links_in_feed(payload.encode(), FEED)


@pytest.mark.parametrize("payload", [b"", b"<html><body>404</body></html>", b"\x00\xff", b"{}"])
def test_what_is_no_feed_is_refused(payload: bytes) -> None:
    with pytest.raises(SourceError, match="wanted a feed, found"):
        links_in_feed(payload, FEED)


def test_a_feed_is_never_opened_as_a_file(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(RSS, encoding="utf-8")
    with pytest.raises(SourceError):
        links_in_feed(str(file).encode(), FEED)


URLSET = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<!-- dibuat kemarin -->
<url><loc>
  https://contoh.id/berita/1?a=1&amp;b=2 </loc><lastmod>2026-11-02</lastmod><changefreq>daily</changefreq>
 <image:image><image:loc>https://contoh.id/gambar.jpg</image:loc><image:title>Gambar</image:title></image:image>
 <xhtml:link rel="alternate" href="https://contoh.id/en/1"/></url>
<url><news:news><news:publication><news:name>Contoh</news:name></news:publication>
 <news:publication_date>2026-11-01T10:00:00+07:00</news:publication_date>
 <news:title><![CDATA[Harga <beras>]]></news:title></news:news>
 <loc><![CDATA[https://contoh.id/berita/2]]></loc></url>
<url><loc>/berita/3</loc><lastmod>kemarin</lastmod></url>
<url><loc>ftp://contoh.id/berita/4</loc></url>
<url><lastmod>2026-11-02</lastmod></url>
<url><loc>https://contoh.id/berita/2</loc></url>
</urlset>"""


def test_a_sitemap_gives_its_pages_with_dates_and_news_titles() -> None:
    found = links_in_sitemap(URLSET.encode(), MAP, zone="Asia/Jakarta")
    expected = [
        Link(
            url="https://contoh.id/berita/1?a=1&b=2",
            lastmod_at=at(2026, 11, 1, 17),
            source=MAP,
        ),
        Link(
            url="https://contoh.id/berita/2",
            published_at=at(2026, 11, 1, 3),
            title="Harga",
            source=MAP,
        ),
        Link(url="https://contoh.id/berita/3", source=MAP),
    ]
    assert expected == found.links
    assert found.sitemaps == []
    assert found.complete


def test_a_sitemap_index_gives_its_sitemaps() -> None:
    payload = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <sitemap><loc>https://contoh.id/sitemap-1.xml.gz</loc><lastmod>2026-11-02T00:00:00Z</lastmod></sitemap>
      <sitemap><loc>sitemap-2.xml</loc></sitemap></sitemapindex>"""
    found = links_in_sitemap(payload, MAP)
    assert [link.url for link in found.sitemaps] == [
        "https://contoh.id/sitemap-1.xml.gz",
        "https://contoh.id/sitemap-2.xml",
    ]
    assert at(2026, 11, 2) == found.sitemaps[0].lastmod_at
    assert found.links == []


@pytest.mark.parametrize("junk", ["\ufeff", "\n\n  ", "Peringatan: baris 3\n"])
def test_junk_in_front_of_a_sitemap_is_passed_over(junk: str) -> None:
    found = links_in_sitemap((junk + URLSET).encode(), MAP)
    assert len(found.links) == 3
    assert found.complete


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (URLSET.partition("<url><loc>/berita/3")[0], 2),
        (URLSET.replace("&amp;", "&"), 3),
        (URLSET.replace('xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', ""), 3),
        (URLSET.replace("</lastmod><changefreq>", "<changefreq>"), 3),
    ],
)
def test_a_broken_sitemap_gives_what_can_be_read_and_says_so(broken: str, expected: int) -> None:
    found = links_in_sitemap(broken.encode(), MAP)
    assert not found.complete
    assert len(found.links) == expected
    assert "https://contoh.id/berita/2" in [link.url for link in found.links]


def test_a_sitemap_without_its_namespace_is_read() -> None:
    payload = b"<urlset><url><loc>https://contoh.id/berita/1</loc></url></urlset>"
    assert len(links_in_sitemap(payload, MAP).links) == 1


def test_a_sitemap_may_be_a_list_of_lines() -> None:
    found = links_in_sitemap(
        b"\xef\xbb\xbfhttps://contoh.id/berita/1\r\nhttps://contoh.id/b\n", MAP
    )
    assert [one.url for one in found.links] == ["https://contoh.id/berita/1", "https://contoh.id/b"]


def test_a_sitemap_may_be_a_feed() -> None:
    assert links_in_sitemap(RSS.encode(), MAP).links == links_in_feed(RSS.encode(), MAP)


@pytest.mark.parametrize(
    "payload", [b"", b"<html><head></head><body>x</body></html>", b"tiada", b"<", b"<a><b/></a>"]
)
def test_what_is_no_sitemap_is_refused(payload: bytes) -> None:
    with pytest.raises(SourceError, match="wanted a sitemap, found"):
        links_in_sitemap(payload, MAP)


def test_a_sitemap_ends_at_the_number_that_the_protocol_allows() -> None:
    entry = "<url><loc>https://contoh.id/berita/{}</loc></url>"
    entries = "".join(entry.format(n) for n in range(MOST_IN_SITEMAP + 1))
    found = links_in_sitemap(f"<urlset>{entries}</urlset>".encode(), MAP)
    assert len(found.links) == MOST_IN_SITEMAP
    assert not found.complete


BOMB = "<!DOCTYPE x [<!ENTITY a 'contoh.id/aaaaaaaaaaaaaaaaaa'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("entity", ["'x'", "SYSTEM 'file:///etc/passwd'"])
def test_no_entity_is_expanded_and_no_file_read(entity: str) -> None:
    doctype = f"{BOMB}<!ENTITY z {entity}>]>"
    sitemap = f"{doctype}<urlset><url><loc>https://contoh.id/&i;&z;</loc></url></urlset>"
    item = "<item><title>&i;&z;</title><link>https://contoh.id/1</link></item>"
    feed = f"{doctype}<rss version='2.0'><channel>{item}</channel></rss>"
    started = time.perf_counter()
    links = [*links_in_sitemap(sitemap.encode(), MAP).links, *links_in_feed(feed.encode(), FEED)]
    assert links
    for link in links:
        assert "root:" not in link.url + (link.title or "")
        assert len(link.url) + len(link.title or "") < 1000
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("entity", ["'tambahan'", "SYSTEM 'file:///etc/hostname'"])
def test_an_entity_in_an_address_stays_unread(entity: str) -> None:
    doctype = f"<!DOCTYPE urlset [<!ENTITY z {entity}>]>"
    payload = f"{doctype}<urlset><url><loc>https://contoh.id/berita/&z;</loc></url></urlset>"
    found = links_in_sitemap(payload.encode(), MAP).links
    assert [link.url for link in found] == ["https://contoh.id/berita/"]


LISTING = """<html><head><base href="https://contoh.id/indeks/"></head><body>
<a href="/">Beranda</a> <a href="/berita/1?utm_source=indeks"><img src="x.jpg"></a>
<h2><a href="/berita/1#komentar" title="Judul">Harga
 beras  naik</a></h2><a href="../berita/2" title="Dari atribut"><img></a>
<a href="https://lain.id/berita/3">Lain</a><a href="/berita/foto/4">Foto</a>
<a href="javascript:void(0)">x</a><a href="http://[">y</a><a>z</a>
<a href="https://contoh.id@lain.id/berita/5">Tipuan</a></body></html>"""


def test_a_listing_gives_the_articles_of_the_outlet_once() -> None:
    url = "https://contoh.id/terkini"
    expected = [
        Link(
            url="https://contoh.id/berita/1?utm_source=indeks", title="Harga beras naik", source=url
        ),
        Link(url="https://contoh.id/berita/2", title="Dari atribut", source=url),
    ]
    assert expected == links_in_listing(LISTING, url, OUTLET)


def test_a_wordpress_answer_gives_its_posts() -> None:
    posts = [
        {
            "id": 7,
            "link": "https://contoh.id/berita/7/",
            "date": "2026-11-01T10:00:00",
            "date_gmt": "2026-11-01T03:00:00",
            "modified_gmt": "2026-11-02T03:00:00",
            "title": {"rendered": "Harga &#8216;beras&#8217; <em>naik</em>"},
        },
        {"id": 8, "link": "https://contoh.id/berita/8/", "title": None, "date_gmt": None},
        {"id": 9},
        "lain",
    ]
    url = "https://contoh.id/wp-json/wp/v2/posts"
    expected = [
        Link(
            url="https://contoh.id/berita/7/",
            published_at=at(2026, 11, 1, 3),
            lastmod_at=at(2026, 11, 2, 3),
            title="Harga \u2018beras\u2019 naik",
            source=url,
            item="7",
        ),
        Link(url="https://contoh.id/berita/8/", source=url, item="8"),
    ]
    assert expected == links_in_wordpress(json.dumps(posts).encode(), url)


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (b'{"code": "rest_post_invalid_page_number"}', "found rest_post_invalid_page_number"),
        (b"<html>", "found '<html>'"),
        (b"7", "found int"),
        (b"[" * 100_000, "found '"),
    ],
)
def test_what_is_no_wordpress_answer_is_refused(payload: bytes, found: str) -> None:
    with pytest.raises(SourceError, match=found):
        links_in_wordpress(payload, "https://contoh.id/wp-json/wp/v2/posts")


_PIECES = ["<", ">", "<url>", "<loc>", "</loc>", "&a;", "<rss", "<item>", "<link>", "]]>", "http://a",
           "<!DOCTYPE", "<feed>", "\x00", "é", '"', "<urlset>", "<?xml", "[", "{"]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=5), max_size=30).map("".join))
def test_nothing_but_source_error_is_raised(text: str) -> None:
    payload = text.encode("utf-8", "replace")
    for read in (links_in_feed, links_in_sitemap, links_in_wordpress):
        try:
            read(payload, MAP)
        except SourceError:
            continue
    links_in_listing(text, MAP, OUTLET)
