"""Addresses of sources that an outlet file does not spell out."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pipelines.asking import (
    home_of,
    index_url,
    is_outside,
    is_posts_url,
    named_sitemaps,
    posts_api,
    posts_by_id,
    posts_url,
    roots_of,
)
from pipelines.outlets import DatedIndex, Outlet, parse_outlet

API = "https://contoh.id/wp-json/wp/v2/posts"


def outlet(*lines: str, domains: str = "contoh.id") -> Outlet:
    text = "\n".join(['name = "Contoh"', f'domains = ["{domains}"]', *lines])
    return parse_outlet(text, slug="contoh", where="contoh.toml")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["[discover]", "wordpress = true"], API),
        (["[discover]", 'feeds = ["https://www.contoh.id/feed/"]'],
         "https://www.contoh.id/wp-json/wp/v2/posts"),
        (["[discover]", 'feeds = ["https://contoh.id/berita/feed"]'],
         "https://contoh.id/berita/wp-json/wp/v2/posts"),
        (["[discover]", 'feeds = ["https://contoh.id/?feed=rss2"]'], API),
        (["[discover]", 'feeds = ["https://feeds.lain.test/contoh/feed/"]',
          'sitemaps = ["https://contoh.id/peta.xml"]'], API),
        (["allow_private_network = true"], "http://contoh.id/wp-json/wp/v2/posts"),
        (["allow_private_network = true", "[discover]",
          'listings = ["http://contoh.id:8080/page/{page}/"]'],
         "http://contoh.id:8080/wp-json/wp/v2/posts"),
    ],
)  # fmt: skip
def test_the_api_lies_where_the_site_does(lines: list[str], expected: str) -> None:
    assert posts_api(outlet(*lines)) == expected


def test_a_list_of_posts_is_light_and_bounded() -> None:
    url = posts_url(
        API,
        offset=95,
        after=datetime(2026, 10, 31, 16, 59, 59, tzinfo=UTC),
        before=datetime(2026, 11, 1, 17, tzinfo=UTC),
    )
    assert url == (
        f"{API}?per_page=100&orderby=date&order=desc&after=2026-10-31T16:59:59Z"
        "&before=2026-11-01T17:00:00Z&offset=95&_fields=id,link,date_gmt,modified_gmt,title,content.protected"
    )
    assert is_posts_url(url)
    assert not is_posts_url("https://contoh.id/berita/wp-json")


def test_posts_are_asked_for_by_their_ids() -> None:
    expected = f"{API}?include=7,9&per_page=2&_embed=author,wp:term,wp:featuredmedia"
    assert posts_by_id(API, ["7", "9"]) == expected


def test_an_index_counts_pages_as_its_outlet_does() -> None:
    index = DatedIndex(
        url="https://contoh.id/indeks/{date}?p={page}",
        date_format="%d-%m-%Y",
        first_page=0,
        page_step=20,
    )
    day = date(2026, 11, 3)
    assert [index_url(index, day, n) for n in (0, 2)] == [
        "https://contoh.id/indeks/03-11-2026?p=0",
        "https://contoh.id/indeks/03-11-2026?p=40",
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/sitemap-2019-03.xml", True),
        ("/sitemap/2019/03/01.xml", True),
        ("/sitemap_201903.xml", True),
        ("/sitemap-2019.xml", True),
        ("/sitemap-2026-11.xml", False),
        ("/sitemap-2026-09.xml", False),
        ("/sitemap-2027-06.xml", True),
        ("/post-sitemap12.xml", False),
        ("/sitemap.xml?yyyy=2019&mm=03", True),
        ("/sitemap-1201903.xml", False),
        ("/", False),
    ],
)
def test_a_sitemap_of_another_month_is_left_out(path: str, *, expected: bool) -> None:
    window = (date(2026, 10, 5), date(2026, 12, 1))
    assert is_outside(f"https://contoh.id{path}", *window) is expected


def test_robots_txt_names_sitemaps_of_the_outlet_alone() -> None:
    lines = [
        "http://127.0.0.1/wp-sitemap.xml",
        "http://127.0.0.1:8080/news.xml ",
        "http://127.0.0.1:8080/news.xml",
        "https://lain.test/sitemap.xml",
        "/relatif.xml",
        "javascript:alert(1)",
        "http://[127.0.0.1/sitemap.xml",
        "http://127.0.0.1:99999999/sitemap.xml",
    ]
    found = named_sitemaps(lines, "http://127.0.0.1:8080", outlet(domains="127.0.0.1:8080"))
    assert found == ["http://127.0.0.1:8080/wp-sitemap.xml", "http://127.0.0.1:8080/news.xml"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], ["https://contoh.id/"]),
        (["[discover]", 'listings = ["https://contoh.id/{page}"]'], ["https://contoh.id/{page}"]),
        (["[discover]", "wordpress = true", 'feeds = ["https://contoh.id/feed/"]'],
         [API, "https://contoh.id/feed/"]),
        (["[discover]", 'feeds = ["https://contoh.id/feed/"]', "[articles]",
          'content = "wordpress"'], [API]),
        (["[discover]", 'feeds = ["https://contoh.id/a"]', 'sitemaps = ["https://contoh.id/a"]'],
         ["https://contoh.id/a"]),
    ],
)  # fmt: skip
def test_a_schedule_is_kept_of_what_is_asked_first(lines: list[str], expected: list[str]) -> None:
    assert roots_of(outlet(*lines)) == expected


def test_a_private_host_is_asked_without_tls() -> None:
    assert home_of(outlet()) == "https://contoh.id/"
    assert home_of(outlet("allow_private_network = true")) == "http://contoh.id/"
