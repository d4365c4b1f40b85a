"""What the command line takes and refuses, beyond what its commands do."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.crawler.conftest import ROOT, article_html

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawler.conftest import Kliping, Site


@pytest.mark.parametrize("option", ["--since", "--until"])
@pytest.mark.parametrize("text", ["20261101", "2026-W44-7", "2026-11-31", "kemarin", ""])
def test_a_day_is_written_in_one_way(kliping: Kliping, option: str, text: str) -> None:
    done = kliping.run("crawl", "warta", option, text)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{option}: wanted a day such as 2026-11-01, found {text!r}" in done.stderr


def test_a_day_that_is_well_written_is_taken(kliping: Kliping, site: Site) -> None:
    site.put("/feed/", "<rss><channel></channel></rss>", media_type="application/rss+xml")
    site.put("/sitemap.xml", "<urlset></urlset>", media_type="application/xml")
    kliping("crawl", "warta", "--since", "2026-11-01", "--until", "2026-11-02")


def test_reextract_needs_an_archive(kliping: Kliping, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    done = kliping.run("reextract")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "wanted an archive, found none" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_spaces_around_an_address_are_not_part_of_it(kliping: Kliping, site: Site) -> None:
    url = site.put("/berita/nelayan", article_html())
    found = kliping.lines("recrawl", "--json", f"  {url} ", url)
    assert [(one["url"], one["status"]) for one in found] == [(url, "new")]


def test_parquet_is_not_written_to_a_terminal(kliping: Kliping, site: Site) -> None:
    kliping("recrawl", site.put("/berita/nelayan", article_html()))
    ours, theirs = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "sql", "SELECT 1 AS one", "--format", "parquet"],
        stdout=theirs,
        stderr=subprocess.PIPE,
        check=False,
        cwd=ROOT,
        env={**os.environ, **kliping.env},
        timeout=120,
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert b"--format parquet: wanted a file or a pipe, found a terminal" in done.stderr
