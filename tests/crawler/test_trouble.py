"""One outlet in trouble: it is counted and named, and the others are unharmed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.crawler.conftest import (
    PARAGRAPHS,
    ROOT,
    Answer,
    Kliping,
    Site,
    article_html,
    outlet_toml,
    running_site,
)
from tests.crawler.test_crawl import publish_site

if TYPE_CHECKING:
    from collections.abc import Iterator

_XML = "application/xml"
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


@pytest.fixture
def ill(kliping: Kliping, site: Site) -> Iterator[Site]:
    """Put a healthy outlet and one whose site the test makes ill into the configuration."""
    publish_site(site)
    with running_site() as found:
        text = outlet_toml(found, with_port=True).replace("Warta Uji", "Warta Sakit")
        (kliping.config / "outlets" / "sakit.toml").write_text(text)
        (kliping.config / "kliping.toml").write_text("[politeness]\ntimeout_s = 2.0\nretries = 1\n")
        yield found


def _crawl(kliping: Kliping, code: int) -> dict[str, dict[str, object]]:
    done = kliping.lines("crawl", "sakit", "warta", "--json", code=code)
    found = {str(one["outlet"]): one for one in done}
    assert (found["warta"]["new"], found["warta"]["errors"]) == (5, 0)
    return found


@pytest.mark.parametrize(
    ("feed", "named"),
    [
        ("", "wanted a feed"),
        ("<html><body>Maaf</body></html>", "wanted a feed"),
        ("\x00\x01\x02", "wanted a feed"),
    ],
)
def test_a_feed_that_is_none(kliping: Kliping, ill: Site, feed: str, named: str) -> None:
    ill.put("/feed/", feed, media_type="application/rss+xml")
    done = kliping.run("crawl", "sakit", "warta", "--json")
    assert done.returncode == 1
    assert f"{ill.url}/feed/" in done.stderr
    assert named in done.stderr
    assert '"new": 5' in done.stdout


def test_an_empty_channel_is_no_fault(kliping: Kliping, ill: Site) -> None:
    ill.put("/feed/", "<rss version='2.0'><channel><title>x</title></channel></rss>")
    ill.put("/sitemap.xml", f"<urlset xmlns='{_SITEMAPS}'></urlset>", media_type=_XML)
    assert _crawl(kliping, 0)["sakit"]["new"] == 0


def test_a_sitemap_that_breaks_off_gives_what_stood_before(kliping: Kliping, ill: Site) -> None:
    ill.put("/berita/satu", article_html())
    broken = f"<urlset xmlns='{_SITEMAPS}'><url><loc>{ill.url}/berita/satu</loc></url><url><loc>ht"
    ill.put("/sitemap.xml", broken, media_type=_XML)
    assert _crawl(kliping, 0)["sakit"]["new"] == 1


def test_a_sitemap_that_lists_itself_is_read_once(kliping: Kliping, ill: Site) -> None:
    own = f"<sitemap><loc>{ill.url}/sitemap.xml</loc></sitemap>"
    index = f"<sitemapindex xmlns='{_SITEMAPS}'>{own}{own}</sitemapindex>"
    ill.put("/sitemap.xml", index, media_type=_XML)
    _crawl(kliping, 0)
    assert ill.asked.count("/sitemap.xml") == 1


def test_a_server_in_trouble_is_asked_again_and_then_left(kliping: Kliping, ill: Site) -> None:
    ill.put("/feed/", "rusak", status=500)
    ill.put("/sitemap.xml", "rusak", status=502)
    found = _crawl(kliping, 1)["sakit"]
    assert found["errors"] == 2
    assert ill.asked.count("/feed/") == 2


def test_a_page_in_trouble_is_an_error_and_asked_for_next_time(kliping: Kliping, ill: Site) -> None:
    publish_site(ill, ("satu", "dua"))
    good = ill.answers["/berita/dua"]
    ill.put("/berita/dua", "rusak", status=503, Retry_After="1")
    first = _crawl(kliping, 0)["sakit"]
    assert (first["new"], first["errors"]) == (1, 1)
    ill.answers["/berita/dua"] = good
    (second,) = kliping.lines("crawl", "sakit", "--json")
    assert second["new"] == 1


def test_retry_after_is_waited_for(kliping: Kliping, ill: Site) -> None:
    publish_site(ill, ("satu",))
    ill.first["/berita/satu"] = [Answer(b"pelan", 429, {"Retry-After": "3"})]
    started = time.monotonic()
    assert _crawl(kliping, 0)["sakit"]["new"] == 1
    assert time.monotonic() - started > 3


def test_a_pause_of_an_hour_ends_the_outlet_for_this_run(kliping: Kliping, ill: Site) -> None:
    publish_site(ill, ("satu", "dua"))
    slow = Answer(b"pelan", 429, {"Retry-After": "3600"})
    ill.first["/berita/satu"] = [slow]
    ill.first["/berita/dua"] = [slow]
    started = time.monotonic()
    assert _crawl(kliping, 0)["sakit"]["errors"] == 2
    assert time.monotonic() - started < 60


def test_a_host_that_does_not_answer_holds_nobody_up(kliping: Kliping, ill: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        text = outlet_toml(Site(url=url), with_port=True).replace("Warta Uji", "Warta Diam")
        (kliping.config / "outlets" / "sakit.toml").write_text(text)
        del ill
        done = kliping.run("crawl", "sakit", "warta", "--json")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert url in done.stderr
    assert '"new": 5' in done.stdout


def test_robots_in_trouble_means_nothing_is_fetched(kliping: Kliping, ill: Site) -> None:
    publish_site(ill, ("satu",))
    ill.put("/robots.txt", "rusak", status=503)
    _crawl(kliping, 1)
    assert set(ill.asked) == {"/robots.txt"}


def test_crawl_delay_is_kept(kliping: Kliping, ill: Site) -> None:
    publish_site(ill, ("satu", "dua", "tiga"))
    ill.put("/robots.txt", "User-agent: *\nCrawl-delay: 1", media_type="text/plain")
    started = time.monotonic()
    assert _crawl(kliping, 0)["sakit"]["new"] == 3
    # Feed, sitemap and three pages: four pauses of a second.
    assert time.monotonic() - started > 4


def test_a_signal_ends_a_crawl_whose_host_hangs(kliping: Kliping, site: Site) -> None:
    publish_site(site)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        text = outlet_toml(Site(url=url), with_port=True).replace("Warta Uji", "Warta Diam")
        (kliping.config / "outlets" / "diam.toml").write_text(text)
        with subprocess.Popen(
            [sys.executable, "-m", "crawler", "crawl", "diam", "warta", "--json"],
            cwd=ROOT,
            env={**os.environ, **kliping.env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as crawl:
            deadline = time.monotonic() + 60
            while "/berita/perpustakaan" not in site.asked:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            time.sleep(1)
            asked_at = time.monotonic()
            crawl.send_signal(signal.SIGTERM)
            printed, said = crawl.communicate(timeout=60)
    assert time.monotonic() - asked_at < 30
    assert (crawl.returncode, "Traceback" in said) == (1, False), said
    found = {one["outlet"]: one for one in map(json.loads, printed.splitlines())}
    assert found["warta"]["new"] == 5
    assert len(kliping.rows("SELECT 1 AS one FROM latest")) == 5


def test_a_new_post_in_a_sitemap_whose_index_has_no_dates_is_found(
    kliping: Kliping, site: Site
) -> None:
    def lay_out(*slugs: str) -> None:
        urls = "".join(f"<url><loc>{site.url}/berita/{slug}</loc></url>" for slug in slugs)
        site.put("/posts.xml", f"<urlset xmlns='{_SITEMAPS}'>{urls}</urlset>", media_type=_XML)
        for slug in slugs:
            site.put(f"/berita/{slug}", article_html(f"Kabar {slug}"))

    tags = f"<url><loc>{site.url}/topik/panen</loc></url>"
    site.put("/tags.xml", f"<urlset xmlns='{_SITEMAPS}'>{tags}</urlset>", media_type=_XML)
    children = "".join(
        f"<sitemap><loc>{site.url}/{one}.xml</loc></sitemap>" for one in ("posts", "tags")
    )
    index = f"<sitemapindex xmlns='{_SITEMAPS}'>{children}</sitemapindex>"
    site.put("/sitemap.xml", index, media_type=_XML)
    lay_out("satu", "dua")
    (first,) = kliping.lines("crawl", "warta", "--json")
    assert first["new"] == 2
    lay_out("satu", "dua", "tiga")
    site.asked.clear()
    (second,) = kliping.lines("crawl", "warta", "--json")
    assert second["new"] == 1
    assert "/tags.xml" not in site.asked


def test_a_redirect_that_leads_nowhere_is_a_fault(kliping: Kliping, ill: Site) -> None:
    ill.put("/feed/", "", status=302)
    ill.put("/sitemap.xml", "", status=301)
    assert _crawl(kliping, 1)["sakit"]["errors"] == 2


def test_an_outlet_that_refuses_every_page_is_a_fault(kliping: Kliping, ill: Site) -> None:
    publish_site(ill)
    for path in [one for one in ill.answers if one.startswith("/berita/")]:
        ill.put(path, "dilarang", status=403)
    done = kliping.run("--quiet", "crawl", "sakit", "warta")
    assert done.returncode == 1
    assert "sakit" in done.stderr
    assert "http_status 5" in done.stderr


def test_fields_below_what_is_expected_are_a_fault(kliping: Kliping, site: Site) -> None:
    publish_site(site, tuple(f"kabar-{n}" for n in range(10)))
    file = kliping.config / "outlets" / "warta.toml"
    file.write_text(file.read_text() + "[expect]\nfields = { authors = 0.9, section = 0.5 }\n")
    done = kliping.run("--quiet", "crawl", "warta")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "expect.fields.section: wanted 50% of 10 articles, found 0%" in line


def test_all_parts_come_at_once_where_the_outlet_allows(kliping: Kliping, site: Site) -> None:
    file = kliping.config / "outlets" / "warta.toml"
    file.write_text(
        file.read_text().replace(
            "match = '/berita/'", "match = '/berita/'\nsingle_page = { query = 'page=all' }"
        )
    )
    site.put("/berita/panjang", article_html("Laporan Panjang", PARAGRAPHS[:1] * 3))
    site.put("/berita/panjang?page=all", article_html("Laporan Panjang"))
    url = site.url + "/berita/panjang"
    kliping("recrawl", url)
    (row,) = kliping.rows("SELECT url, requested_url, body FROM articles")
    assert (row["url"], row["requested_url"]) == (url, url)
    assert row["body"] == "\n".join(PARAGRAPHS)
    assert kliping.lines("recrawl", url, "--json")[0]["status"] == "unchanged"
