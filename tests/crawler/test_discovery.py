"""Which sources a crawl asks, and that each article is asked for once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.crawler.conftest import PARAGRAPHS, article_html, outlet_toml

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawler.conftest import Kliping, Site

_FEEDS = 'feeds = ["{url}/feed/"]\nsitemaps = ["{url}/sitemap.xml"]\n'


def rewrite(config: Path, site: Site, discover: str, more: str = "") -> None:
    """Give the outlet other sources than feed and sitemap."""
    text = outlet_toml(site, with_port=True).replace(_FEEDS.format(url=site.url), discover)
    (config / "outlets" / "warta.toml").write_text(text + more)


def put_articles(site: Site, *slugs: str) -> list[str]:
    """Put articles online; return their paths."""
    for slug in slugs:
        body = (*PARAGRAPHS, f"Laporan dari {slug} ditulis untuk pembaca Warta Uji.")
        site.put(f"/berita/{slug}", article_html(f"Kabar {slug.title()} Terbaru", body))
    return [f"/berita/{slug}" for slug in slugs]


def feed(site: Site, *paths: str, path: str = "/feed/") -> None:
    items = "".join(
        f"<item><title>Kabar</title><link>{site.url}{one}</link></item>" for one in paths
    )
    site.put(path, f'<rss version="2.0"><channel>{items}</channel></rss>', media_type="text/xml")


def sitemap(site: Site, *paths: str, path: str = "/sitemap.xml") -> None:
    urls = "".join(f"<url><loc>{site.url}{one}</loc></url>" for one in paths)
    site.put(path, f"<urlset>{urls}</urlset>", media_type="text/xml")


def listing(*paths: str) -> str:
    links = "".join(f'<li><a href="{one}">Kabar dari {one}</a></li>' for one in paths)
    return f"<html><body><ul>{links}</ul></body></html>"


def put_listing(site: Site, paths: list[str], *, each: int) -> None:
    """Put the pages of a listing online, with so many articles each."""
    for number, start in enumerate(range(0, len(paths), each)):
        site.put(f"/indeks/{number + 1}", listing(*paths[start : start + each]))


def pages(site: Site) -> list[str]:
    return sorted(path for path in site.asked if path.startswith("/berita"))


def test_one_article_under_several_addresses_is_asked_for_once(
    kliping: Kliping, site: Site
) -> None:
    put_articles(site, "padi", "jagung")
    feed(site, "/berita/padi?utm_source=rss", "/berita/jagung#komentar")
    sitemap(site, "/berita/padi", "/berita/jagung?fbclid=7", "/berita/jagung")
    (first,) = kliping.lines("crawl", "warta", "--json")
    assert (first["new"], first["unchanged"]) == (2, 0)
    assert pages(site) == ["/berita/jagung", "/berita/padi"]


def test_an_article_known_by_its_canonical_url_is_not_asked_for(
    kliping: Kliping, site: Site
) -> None:
    put_articles(site, "padi")
    canonical = f'<link rel="canonical" href="{site.url}/berita/padi">'
    site.put("/berita/cetak/padi", article_html(extra=canonical))
    kliping.lines("recrawl", f"{site.url}/berita/cetak/padi", "--json")
    site.asked.clear()
    feed(site, "/berita/padi")
    (first,) = kliping.lines("crawl", "warta", "--json", code=0)
    assert (first["new"], pages(site)) == (0, [])


def test_a_json_feed_is_a_feed(kliping: Kliping, site: Site) -> None:
    (path,) = put_articles(site, "padi")
    items = [{"id": "1", "url": site.url + path, "date_published": "2026-11-05T08:15:00+07:00"}]
    found = {"version": "https://jsonfeed.org/version/1.1", "title": "Warta", "items": items}
    site.put("/feed/", json.dumps(found), media_type="application/feed+json")
    sitemap(site)
    (first,) = kliping.lines("crawl", "warta", "--json")
    assert first["new"] == 1


@pytest.mark.parametrize("discover", ["", 'feeds = ["{url}/feed/"]\n'])
def test_sitemaps_that_robots_txt_names_count(
    kliping: Kliping, config: Path, site: Site, discover: str
) -> None:
    rewrite(config, site, discover.format(url=site.url))
    paths = put_articles(site, "padi", "jagung", "kedelai")
    feed(site, paths[0])
    site.put("/", listing(paths[0]))
    # Without the port, as WordPress writes it.
    site.put("/robots.txt", "User-agent: *\nSitemap: http://127.0.0.1/peta.xml\n")
    sitemap(site, *paths, path="/peta.xml")
    (first,) = kliping.lines("crawl", "warta", "--json")
    assert first["new"] == 3


def test_a_gap_in_the_feed_is_closed_by_listings_and_only_then(
    kliping: Kliping, config: Path, site: Site
) -> None:
    rewrite(
        config,
        site,
        f'feeds = ["{site.url}/feed/"]\nlistings = ["{site.url}/indeks/{{page}}"]\n',
    )
    paths = put_articles(site, *(f"kabar-{n}" for n in range(7)))
    feed(site, *paths[:2])
    put_listing(site, paths, each=3)
    (first,) = kliping.lines("crawl", "warta", "--json")
    assert (first["new"], first["errors"]) == (7, 0)
    assert "/indeks/4" in site.asked
    site.asked.clear()
    (again,) = kliping.lines("crawl", "warta", "--json")
    assert (again["new"], site.asked) == (0, ["/robots.txt", "/feed/"])
    fresh = put_articles(site, "segar")
    feed(site, *fresh, paths[0])
    site.asked.clear()
    (third,) = kliping.lines("crawl", "warta", "--json")
    assert (third["new"], [one for one in site.asked if "indeks" in one]) == (1, [])


def test_a_dated_index_is_read_by_day_and_page(kliping: Kliping, config: Path, site: Site) -> None:
    rewrite(
        config,
        site,
        f'dated_index = {{ url = "{site.url}/indeks?d={{date}}&p={{page}}", '
        'date_format = "%d-%m-%Y" }\n',
    )
    paths = put_articles(site, *(f"kabar-{n}" for n in range(5)))
    today = datetime.now(ZoneInfo("Asia/Jakarta")).date()
    days = [f"{today - timedelta(days=n):%d-%m-%Y}" for n in range(3)]
    site.put(f"/indeks?d={days[0]}&p=1", listing(*paths[:2]))
    site.put(f"/indeks?d={days[0]}&p=2", listing(paths[2]))
    site.put(f"/indeks?d={days[1]}&p=1", listing(paths[3]))
    site.put(f"/indeks?d={days[2]}&p=1", listing(paths[4]))
    (first,) = kliping.lines("crawl", "warta", "--since", f"{today - timedelta(days=1)}", "--json")
    assert (first["new"], first["errors"]) == (4, 0)
    assert f"/indeks?d={days[0]}&p=3" in site.asked
    assert f"/indeks?d={days[2]}&p=1" not in site.asked


def test_a_source_is_due_again_only_when_it_may_have_something(
    kliping: Kliping, site: Site
) -> None:
    paths = put_articles(site, "padi")
    feed(site, *paths)
    sitemap(site, *paths)
    (first,) = kliping.lines("crawl", "--due", "--json")
    assert first["new"] == 1
    site.asked.clear()
    assert kliping.lines("crawl", "--due", "--json") == []
    assert site.asked == []
    (asked,) = kliping.lines("crawl", "--json")
    assert (asked["new"], "/feed/" in site.asked) == (0, True)


def test_a_broken_schedule_costs_requests_and_nothing_else(kliping: Kliping, site: Site) -> None:
    paths = put_articles(site, "padi")
    feed(site, *paths)
    sitemap(site, *paths)
    kliping("crawl", "warta")
    schedule = kliping.root() / kliping.archive / "schedules" / "warta.json"
    assert json.loads(schedule.read_text())["sources"].keys() == {
        f"{site.url}/feed/",
        f"{site.url}/sitemap.xml",
    }
    schedule.write_text('{"sources": {"x": 7}, "walked": 3, "crawled_on": []')
    (again,) = kliping.lines("crawl", "--due", "--json")
    assert (again["new"], again["errors"]) == (0, 0)


def test_a_source_that_died_is_said_once_it_is_sure(kliping: Kliping, site: Site) -> None:
    paths = put_articles(site, "padi")
    sitemap(site, *paths)
    site.put("/feed/", "rusak", status=404)
    done = kliping.run("crawl", "warta")
    assert done.returncode == 0
    schedule = kliping.root() / kliping.archive / "schedules" / "warta.json"
    known = json.loads(schedule.read_text())
    long_ago = datetime.now(UTC) - timedelta(days=3)
    known["sources"][f"{site.url}/feed/"] |= {
        "failures": 12,
        "failing_since": long_ago.isoformat(),
    }
    schedule.write_text(json.dumps(known))
    done = kliping.run("--quiet", "crawl", "warta")
    assert done.returncode == 1
    assert (
        f"{site.url}/feed/: wanted an answer, found none since {long_ago:%Y-%m-%d}" in done.stderr
    )
    feed(site, *paths)
    assert kliping.run("--quiet", "crawl", "warta").stderr == ""


def test_an_address_that_leads_to_another_article_is_gone(kliping: Kliping, site: Site) -> None:
    paths = put_articles(site, "padi", "padi-2")
    feed(site, *paths)
    sitemap(site, *paths)
    (first,) = kliping.lines("crawl", "warta", "--json")
    assert first["new"] == 2
    # As WordPress guesses where the reader of a deleted post wanted to go.
    site.put(paths[0], "", status=301, Location=paths[1])
    (gone,) = kliping.lines("recrawl", site.url + paths[0], "--json")
    assert (gone["status"], gone["reason"]) == ("gone", "moved")
    rows = kliping.rows("SELECT url, gone_at IS NOT NULL AS gone FROM latest ORDER BY url")
    assert [(row["url"].rpartition("/")[2], row["gone"]) for row in rows] == [
        ("padi", True),
        ("padi-2", False),
    ]
    assert kliping.rows("SELECT count(*) AS n FROM articles") == [{"n": 2}]


def test_an_address_that_leads_to_the_home_page_is_gone(kliping: Kliping, site: Site) -> None:
    (path,) = put_articles(site, "padi")
    kliping("recrawl", site.url + path)
    site.put("/", listing("/berita/lain"))
    site.put(path, "", status=302, Location="/")
    (gone,) = kliping.lines("recrawl", site.url + path, "--json")
    assert (gone["status"], gone["reason"]) == ("gone", "moved")


def test_the_same_path_with_a_slash_is_the_same_article(kliping: Kliping, site: Site) -> None:
    (path,) = put_articles(site, "padi")
    kliping("recrawl", site.url + path)
    site.put(f"{path}/", site.answers[path].body)
    site.put(path, "", status=301, Location=f"{path}/")
    (again,) = kliping.lines("recrawl", site.url + path, "--json")
    assert again["status"] != "gone"


def test_what_vanished_from_the_end_of_a_sitemap_is_looked_at(kliping: Kliping, site: Site) -> None:
    paths = put_articles(site, "padi", "jagung", "kedelai")
    feed(site, paths[0])
    sitemap(site, *paths)
    kliping("crawl", "warta")
    sitemap(site, *paths[:2])
    del site.answers[paths[2]]
    (again,) = kliping.lines("crawl", "warta", "--json")
    assert again["errors"] == 0
    assert kliping.rows("SELECT count(*) AS n FROM latest WHERE gone_at IS NOT NULL") == [{"n": 1}]


def test_a_crawl_cut_short_leaves_nothing_behind(
    kliping: Kliping, config: Path, site: Site
) -> None:
    rewrite(config, site, f'listings = ["{site.url}/indeks/{{page}}"]\n')
    old = put_articles(site, *(f"lama-{n}" for n in range(3)))
    site.put("/indeks/1", listing(*old))
    (first,) = kliping.lines("crawl", "warta", "--json")
    assert (first["new"], first["errors"]) == (3, 0)
    new = put_articles(site, *(f"baru-{n}" for n in range(9)))
    put_listing(site, new, each=3)
    site.put("/indeks/4", listing(*old))
    # The newest are fetched, then the run is over.
    (cut,) = kliping.lines("crawl", "warta", "--limit", "3", "--json")
    assert cut["new"] == 3
    (rest,) = kliping.lines("crawl", "warta", "--json")
    assert rest["new"] == 6
    site.asked.clear()
    kliping("crawl", "warta")
    assert site.asked == ["/robots.txt", "/indeks/1"]


def test_a_gap_is_closed_though_a_run_was_killed_over_it(
    kliping: Kliping, config: Path, site: Site
) -> None:
    sources = f'feeds = ["{site.url}/feed/"]\nlistings = ["{site.url}/indeks/{{page}}"]\n'
    rewrite(config, site, sources)
    text = (config / "outlets" / "warta.toml").read_text()
    (config / "outlets" / "warta.toml").write_text(text.replace("delay_s = 0.0", "delay_s = 0.1"))
    paths = put_articles(site, *(f"kabar-{n}" for n in range(30)))
    feed(site, *paths[:2])
    put_listing(site, paths, each=10)
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", "crawl", "warta"],
        cwd=kliping.root(),
        env={**os.environ, **kliping.env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ends = time.monotonic() + 60
    while len(pages(site)) < 8 and process.poll() is None and time.monotonic() < ends:
        time.sleep(0.01)
    process.kill()
    process.wait()
    (rest,) = kliping.lines("crawl", "warta", "--json")
    assert rest["errors"] == 0
    assert kliping.rows("SELECT count(*) AS n FROM latest") == [{"n": 30}]


def test_a_listing_that_ends_in_404_is_read_to_its_end_once(
    kliping: Kliping, config: Path, site: Site
) -> None:
    rewrite(config, site, f'listings = ["{site.url}/indeks/{{page}}"]\n')
    paths = put_articles(site, *(f"kabar-{n}" for n in range(4)))
    put_listing(site, paths, each=2)
    kliping("crawl", "warta")
    assert "/indeks/3" in site.asked
    site.asked.clear()
    kliping("crawl", "warta")
    assert site.asked == ["/robots.txt", "/indeks/1"]


def test_hostile_sources_cost_the_outlet_nothing_else(
    kliping: Kliping, config: Path, site: Site
) -> None:
    rewrite(config, site, f'feeds = ["{site.url}/feed/"]\n')
    paths = put_articles(site, "padi", "jagung")
    feed(site, paths[0])
    lines = ("http://[127.0.0.1/x.xml", "http://127.0.0.1:99999999/x.xml", f"{site.url}/peta.xml")
    site.put("/robots.txt", "".join(f"Sitemap: {line}\n" for line in lines))
    urls = "".join(
        f"<url><loc>{site.url}{path}</loc><lastmod>9999-12-31T23:59:59Z</lastmod></url>"
        for path in paths
    )
    site.put("/peta.xml", f"<urlset>{urls}</urlset>", media_type="text/xml")
    (first,) = kliping.lines("crawl", "warta", "--json")
    assert (first["new"], first["errors"]) == (2, 0)


def test_a_listing_is_followed_to_what_is_known_and_no_further(
    kliping: Kliping, config: Path, site: Site
) -> None:
    rewrite(config, site, f'listings = ["{site.url}/indeks/{{page}}"]\n')
    old = put_articles(site, *(f"lama-{n}" for n in range(12)))
    new = put_articles(site, *(f"baru-{n}" for n in range(4)))
    put_listing(site, old, each=2)
    kliping("crawl", "warta")
    put_listing(site, [*new, *old], each=2)
    site.asked.clear()
    (again,) = kliping.lines("crawl", "warta", "--json")
    assert again["new"] == 4
    assert [one for one in site.asked if "indeks" in one] == ["/indeks/1", "/indeks/2", "/indeks/3"]
