"""`kliping backfill`: the past, from a plan, whatever interrupts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.crawler.conftest import PARAGRAPHS, article_html, outlet_toml

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawler.conftest import Kliping, Site

_DAYS = 30


def publish_past(site: Site) -> list[str]:
    """Put one article a day online, in two sitemaps below an index; the oldest first."""
    paths = []
    for number in range(_DAYS):
        month, day = (10, 17 + number) if number < 15 else (11, number - 14)
        path = f"/berita/2026/{month:02}/{day:02}/kabar-{number}"
        body = (*PARAGRAPHS, f"Laporan ke-{number} disusun oleh tim di lapangan.")
        site.put(path, article_html(f"Kabar Hari ke-{number}", body))
        paths.append(path)
    for name, some in (("2026-10", paths[:15]), ("2026-11", paths[15:]), ("2019-01", [])):
        urls = "".join(f"<url><loc>{site.url}{one}</loc></url>" for one in some)
        site.put(f"/peta-{name}.xml", f"<urlset>{urls}</urlset>", media_type="text/xml")
    index = "".join(
        f"<sitemap><loc>{site.url}/peta-{name}.xml</loc></sitemap>"
        for name in ("2019-01", "2026-10", "2026-11")
    )
    site.put("/sitemap.xml", f"<sitemapindex>{index}</sitemapindex>", media_type="text/xml")
    site.put("/feed/", "<rss version='2.0'><channel></channel></rss>", media_type="text/xml")
    return paths


def pages(site: Site) -> list[str]:
    return [path for path in site.asked if path.startswith("/berita")]


def test_the_days_asked_for_come_newest_first(kliping: Kliping, site: Site) -> None:
    paths = publish_past(site)
    (done,) = kliping.lines(
        "backfill", "warta", "--since", "2026-10-25", "--until", "2026-11-10", "--json"
    )
    assert (done["new"], done["errors"]) == (16, 0)
    newest_first = paths[8:24][::-1]
    assert sorted(pages(site)) == sorted(newest_first)
    # What is under way together may change places.
    moves = [abs(newest_first.index(path) - n) for n, path in enumerate(pages(site))]
    assert max(moves) <= 3
    assert "/peta-2019-01.xml" not in site.asked
    site.asked.clear()
    (again,) = kliping.lines("backfill", "warta", "--since", "2026-10-20", "--json")
    assert again["new"] == _DAYS - 3 - 16
    assert not set(pages(site)) & set(paths[8:24])


def test_a_dry_run_says_what_would_be_fetched(kliping: Kliping, site: Site) -> None:
    paths = publish_past(site)
    kliping("recrawl", site.url + paths[-1])
    site.asked.clear()
    (planned,) = kliping.lines("backfill", "warta", "--since", "2026-11-01", "--dry-run", "--json")
    assert planned == {
        "outlet": "warta",
        "source": f"{site.url}/sitemap.xml",
        "urls": 15,
        "archived": 1,
        "wanted": 14,
    }
    assert pages(site) == []
    printed = kliping("backfill", "warta", "--since", "2026-11-01", "--dry-run")
    assert "warta: 14 to fetch" in printed


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["warta"], "--since"),
        (["warta", "--since", "kemarin"], "wanted a day such as 2026-11-01, found 'kemarin'"),
        (
            ["warta", "--since", "2026-11-02", "--until", "2026-11-02"],
            "--until: wanted a day after",
        ),
        (["wrta", "--since", "2026-11-02"], "did you mean"),
        ([], "OUTLET"),
    ],
)
def test_wrong_arguments_are_named(kliping: Kliping, arguments: list[str], found: str) -> None:
    done = kliping.run("backfill", *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert found in done.stderr


def killed(kliping: Kliping, site: Site, after: int, how: signal.Signals) -> None:
    """Start a backfill and end it once so many pages were asked for."""
    wanted = len(pages(site)) + after
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", "backfill", "warta", "--since", "2026-10-01"],
        cwd=kliping.root(),
        env={**os.environ, **kliping.env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ends = time.monotonic() + 60
    while process.poll() is None and len(pages(site)) < wanted and time.monotonic() < ends:
        time.sleep(0.01)
    assert process.poll() is None, "it ended before it could be killed"
    process.send_signal(how)
    process.wait()


@pytest.fixture
def slowly(config: Path, site: Site) -> None:
    """Let the outlet's pages come one after another, so that a run can be met in the middle."""
    text = outlet_toml(site).replace("delay_s = 0.0", "delay_s = 0.05")
    (config / "outlets" / "warta.toml").write_text(text)


@pytest.mark.usefixtures("slowly")
def test_killed_and_started_again_it_goes_on_where_it_stopped(
    kliping_anywhere: Kliping, site: Site
) -> None:
    kliping = kliping_anywhere
    paths = publish_past(site)
    for number in range(3):
        how = signal.SIGTERM if number == 1 else signal.SIGKILL
        killed(kliping, site, 5, how)
    (last,) = kliping.lines("backfill", "warta", "--since", "2026-10-01", "--json")
    assert last["errors"] == 0
    rows = kliping.rows("SELECT count(*) AS n, count(DISTINCT article_id) AS d FROM articles")
    assert rows == [{"n": _DAYS, "d": _DAYS}]
    asked = Counter(site.asked)
    # Of each run that was killed, the page under way.
    assert asked.total() - len(asked) <= 3
    assert asked["/sitemap.xml"] == asked["/robots.txt"] == 1
    assert set(pages(site)) == set(paths)


def test_a_source_that_fails_is_asked_again_by_the_next_run(kliping: Kliping, site: Site) -> None:
    publish_past(site)
    broken = site.answers.pop("/peta-2026-10.xml")
    done = kliping.run("backfill", "warta", "--since", "2026-10-01")
    assert done.returncode == 1
    assert "1 sources could not be read to their end; start it again" in done.stderr
    assert kliping.rows("SELECT count(*) AS n FROM latest") == [{"n": 15}]
    site.answers["/peta-2026-10.xml"] = broken
    site.asked.clear()
    (again,) = kliping.lines("backfill", "warta", "--since", "2026-10-01", "--json")
    assert again["new"] == 15
    assert "/peta-2026-11.xml" not in site.asked
