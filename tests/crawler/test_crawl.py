"""`kliping crawl` of a loopback site, into a folder and into S3."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.store.archive import open_archive
from pipelines.store.lease import take
from tests.crawler.conftest import PARAGRAPHS, article_html, outlet_toml, running_site

if TYPE_CHECKING:
    from tests.crawler.conftest import Kliping, Site

SLUGS = ("nelayan", "padi", "museum", "jembatan", "perpustakaan")


def publish_site(site: Site, slugs: tuple[str, ...] = SLUGS) -> None:
    """Put articles online, the first two in the feed, all in the sitemap."""
    for number, slug in enumerate(slugs):
        site.put(
            f"/berita/{slug}",
            article_html(
                f"Kabar {slug.title()} Hari Ini",
                (*PARAGRAPHS, f"Laporan ini mengenai {slug} dan disusun pada hari ke-{number}."),
                published=f"2026-11-{number + 1:02}T08:15:00+07:00",
            ),
            ETag=f'"{slug}"',
        )
    items = "".join(
        f"<item><title>{slug}</title><link>{site.url}/berita/{slug}</link>"
        f"<pubDate>Sun, 0{number + 1} Nov 2026 01:15:00 GMT</pubDate></item>"
        for number, slug in enumerate(slugs[:2])
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    site.put("/feed/", feed, media_type="application/rss+xml")
    urls = "".join(f"<url><loc>{site.url}/berita/{slug}</loc></url>" for slug in slugs)
    outside = "<url><loc>http://lain.contoh.test/berita/x</loc></url>"
    site.put(
        "/sitemap.xml",
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"{urls}{outside}<url><loc>{site.url}/tentang-kami</loc></url></urlset>",
        media_type="application/xml",
    )


def test_everything_listed_is_archived_once(kliping_anywhere: Kliping, site: Site) -> None:
    kliping = kliping_anywhere
    publish_site(site)
    (first,) = kliping.lines("crawl", "warta", "--json")
    assert (first["new"], first["rejected"], first["errors"]) == (5, 0, 0)
    assert sorted(path for path in site.asked if path.startswith("/berita")) == sorted(
        f"/berita/{slug}" for slug in SLUGS
    )
    assert "/tentang-kami" not in site.asked
    rows = kliping.rows("SELECT title, authors, published_on, url FROM latest ORDER BY url")
    assert [row["title"] for row in rows] == [f"Kabar {s.title()} Hari Ini" for s in sorted(SLUGS)]
    assert {tuple(row["authors"]) for row in rows} == {("Rini Astuti",)}
    site.asked.clear()
    (again,) = kliping.lines("crawl", "warta", "--json")
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 0)
    assert len(site.asked) <= 3
    (run,) = kliping.rows("SELECT sum(new) AS new, count(*) AS runs FROM runs")
    assert (int(run["new"]), run["runs"]) == (5, 2)


def test_limit_counts_new_articles(kliping: Kliping, site: Site) -> None:
    publish_site(site)
    site.put("/berita/nelayan", "<html><body>kosong</body></html>")
    (first,) = kliping.lines("crawl", "warta", "--limit", "2", "--json")
    assert (first["new"], first["rejected"]) == (2, 1)
    (second,) = kliping.lines("crawl", "warta", "--limit", "9", "--json")
    assert second["new"] == 2


def test_dates_bound_what_is_fetched(kliping: Kliping, site: Site) -> None:
    publish_site(site)
    site.answers.pop("/sitemap.xml")
    (first,) = kliping.lines("crawl", "warta", "--since", "2026-11-02", "--json")
    assert first["new"] == 1
    (second,) = kliping.lines("crawl", "warta", "--until", "2026-11-02", "--json")
    assert second["new"] == 1


def test_dry_run_stores_nothing(kliping: Kliping, site: Site) -> None:
    publish_site(site)
    (first,) = kliping.lines("crawl", "warta", "--dry-run", "--json")
    assert first["new"] == 5
    assert list(open_archive(kliping.archive).entries("")) == []


def test_a_held_outlet_is_skipped(kliping_anywhere: Kliping, site: Site) -> None:
    kliping = kliping_anywhere
    publish_site(site)
    lease = take(open_archive(kliping.archive), "warta", "another-run")
    done = kliping.run("crawl", "warta", "--json")
    assert done.returncode == 4
    assert '"held": true' in done.stdout
    quiet = kliping.run("--quiet", "crawl", "warta")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (4, "", "")
    assert site.asked == []
    lease.release()
    (free,) = kliping.lines("crawl", "warta", "--json")
    assert free["new"] == 5


def test_an_outlet_whose_sources_all_fail_is_a_fault(kliping: Kliping, site: Site) -> None:
    site.put("/feed/", "rusak", status=500)
    site.put("/sitemap.xml", "<urlset><url><lo", media_type="application/xml")
    done = kliping.run("--quiet", "crawl", "warta")
    assert done.returncode == 1
    assert site.url + "/feed/" in done.stderr


def test_a_table_says_what_happened(kliping: Kliping, site: Site) -> None:
    publish_site(site)
    printed = kliping("crawl", "warta")
    assert "warta" in printed
    assert kliping.archive in printed
    assert kliping("--quiet", "crawl", "warta") == ""


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["crawl", "wrta"], "did you mean 'warta'?"),
        (["crawl", "warta", "--since", "kemarin"], "--since"),
        (["crawl", "warta", "--limit", "0"], "--limit"),
        (["crwl"], "crwl"),
        (["recrawl", "ftp://contoh.test/x"], "ftp://contoh.test/x"),
        (["--archive", "gs://ember/x", "sql", "SELECT 1"], "gs"),
        (["sql", "SELEC 1"], "SELEC"),
        (["sql", "SELECT 1", "--format", "xml"], "xml"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    kliping: Kliping, arguments: list[str], named: str
) -> None:
    done = kliping.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert named in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[discover]", "[discoverr]", "did you mean 'discover'?"),
        ("match = '/berita/'", "match = '['", "articles.match"),
        ('body = [".isi"]', 'body = ["..isi"]', "layouts[0].body"),
    ],
)
def test_a_broken_outlet_file_is_one_line_and_exit_2(
    kliping: Kliping, old: str, new: str, named: str
) -> None:
    file = kliping.config / "outlets" / "warta.toml"
    file.write_text(file.read_text().replace(old, new))
    for command in (["outlets", "check"], ["crawl", "warta"]):
        done = kliping.run(*command)
        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.splitlines()) == 1
        assert "warta.toml" in done.stderr
        assert named in done.stderr


def test_an_outlet_that_is_done_does_not_wait_for_the_others(
    kliping: Kliping, config: Path, site: Site
) -> None:
    publish_site(site)
    (config / "outlets" / "warta.toml").write_text(outlet_toml(site, with_port=True))
    with running_site() as slow:
        publish_site(slow, tuple(f"kabar-{n}" for n in range(60)))
        text = outlet_toml(slow, with_port=True).replace("delay_s = 0.0", "delay_s = 1.0")
        (config / "outlets" / "lambat.toml").write_text(text)
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler", "crawl"],
            cwd=kliping.root(),
            env={**os.environ, **kliping.env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # Written last, before the lease is given back.
        noted = Path(kliping.archive) / "schedules" / "warta.json"
        try:
            ends = time.monotonic() + 40
            while time.monotonic() < ends and not noted.exists():
                time.sleep(0.1)
            time.sleep(0.5)
            assert process.poll() is None
            assert kliping.rows("SELECT outlet, count(*) AS n FROM latest GROUP BY outlet") == [
                {"outlet": "warta", "n": 5}
            ]
            # Another run may have it meanwhile.
            (again,) = kliping.lines("crawl", "warta", "--json")
            assert (again["new"], again["held"]) == (0, False)
            assert kliping.lines("crawl", "lambat", "--json", code=4)[0]["held"]
        finally:
            process.terminate()
            process.wait()
