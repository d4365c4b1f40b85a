"""One outlet in trouble: it is counted and named, and the others are unharmed."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.crawler.conftest import (
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
    # Feed, sitemap and three pages: four pauses of a second, less the jitter of a quarter.
    assert time.monotonic() - started > 3
