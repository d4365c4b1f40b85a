"""Articles that are cut into pages, crawled and crawled again, from a loopback site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.store.archive import open_archive
from pipelines.store.config import load_registry
from tests.crawler.conftest import PARAGRAPHS, article_html
from tests.pipelines.store.newsroom import assert_sound

if TYPE_CHECKING:
    from tests.crawler.conftest import Kliping, Site

PATH = "/berita/nelayan"
MORE = "Petugas pelabuhan membuka kembali pos bahan bakar di dermaga timur mulai Senin pagi."
LAST = "Cuaca diperkirakan tenang sampai akhir pekan sehingga semua perahu boleh berlayar."


@pytest.fixture(autouse=True)
def _paged(kliping: Kliping) -> None:
    """Say of the outlet that its articles are cut into pages."""
    file = kliping.config / "outlets" / "warta.toml"
    rules = "match = '/berita/'\nsingle_page = { pages = '?hal={n}' }"
    file.write_text(file.read_text().replace("match = '/berita/'", rules))


def put_parts(site: Site, path: str = PATH, *, last: str = LAST) -> str:
    """Put an article of three parts online; only the second links to the third."""
    texts = (PARAGRAPHS, (PARAGRAPHS[0], MORE), (PARAGRAPHS[0], last))
    links = ("?hal=2", "?hal=3", "?hal=1")
    for number, (paragraphs, link) in enumerate(zip(texts, links, strict=True), 1):
        html = article_html(paragraphs=paragraphs)
        html = html.replace("<footer>", f'<a href="{link}">Halaman</a><footer>')
        site.put(path if number == 1 else f"{path}?hal={number}", html)
    return site.url + path


def test_parts_are_fetched_joined_and_kept(kliping: Kliping, site: Site) -> None:
    url = put_parts(site)
    item = f"<item><title>Nelayan</title><link>{url}</link></item>"
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{item}</channel></rss>'
    site.put("/feed/", feed, media_type="application/rss+xml")
    (done,) = kliping.lines("crawl", "warta", "--json")
    assert (done["new"], done["rejected"], done["errors"]) == (1, 0, 1)  # there is no sitemap
    pages = [PATH, f"{PATH}?hal=2", f"{PATH}?hal=3"]
    assert site.asked[-3:] == pages
    assert done["requests"] == len(site.asked) - 1  # robots.txt
    captures = {
        row["url"]: row for row in kliping.rows("SELECT * FROM captures WHERE outcome <> 'source'")
    }
    assert sorted(captures) == [site.url + one for one in pages]
    (row,) = kliping.rows("SELECT * FROM articles")
    assert row["body"] == "\n".join((*PARAGRAPHS, MORE, LAST))
    assert [row["capture_id"], *row["part_capture_ids"]] == [
        captures[site.url + one]["capture_id"] for one in pages
    ]
    fates = {(one["outcome"], one["article_id"]) for one in captures.values()}
    assert fates == {("article", row["article_id"])}

    # The address of a part leads to the whole; the first page alone says nothing of the others.
    (again,) = kliping.lines("recrawl", "--json", f"{url}?hal=2")
    assert (again["status"], again["article_id"]) == ("unchanged", row["article_id"])
    put_parts(site, last=LAST.replace("akhir pekan", "Jumat"))
    (edited,) = kliping.lines("recrawl", "--json", url)
    assert (edited["status"], edited["revision"]) == ("changed", 2)
    assert "[-akhir pekan-] {+Jumat+}" in edited["diff"]
    assert len(kliping.rows("SELECT 1 AS one FROM articles")) == 2

    # Newer rules read the archived parts again.
    file = kliping.config / "outlets" / "warta.toml"
    file.write_text(file.read_text() + '[clean]\ndrop_lines = ["^Petugas pelabuhan"]\n')
    assert kliping.lines("reextract", "warta", "--json")[0]["extracted"] == 2
    (latest,) = kliping.rows("SELECT revision, extraction, body FROM latest")
    assert (latest["revision"], latest["extraction"]) == (2, 2)
    expected = (*PARAGRAPHS, LAST.replace("akhir pekan", "Jumat"))
    assert latest["body"] == "\n".join(expected)
    assert_sound(open_archive(kliping.archive), load_registry(kliping.config).get("warta"))


def test_an_article_without_all_its_parts_is_not_stored(kliping: Kliping, site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /berita/d?hal=3", media_type="text/plain")
    urls = [put_parts(site, f"/berita/{name}") for name in "abcdef"]
    site.put("/berita/a?hal=3", "tidak ada", status=404)
    site.put("/berita/b?hal=3", "", status=302, Location="/berita/b")
    site.put("/berita/c?hal=2", article_html(), X_Robots_Tag="noarchive")
    many = article_html().replace("<footer>", '<a href="?hal=31">31</a><footer>')
    site.put("/berita/e", many)
    done = {one["url"]: one for one in kliping.lines("recrawl", "--json", *urls, code=1)}
    assert [done[url]["status"] for url in urls] == [*["error"] * 5, "new"]
    reasons = ["part", "part", "part", "robots", "parts"]
    assert [done[url]["reason"] for url in urls[:5]] == reasons
    assert "/berita/e?hal=2" not in site.asked
    assert "/berita/d?hal=3" not in site.asked
    (row,) = kliping.rows("SELECT url FROM articles")
    assert row["url"] == urls[5]
    rows = kliping.rows("SELECT url, outcome FROM captures ORDER BY url")
    kept = {one["url"].removeprefix(f"{site.url}/berita/"): one["outcome"] for one in rows}
    assert kept == {
        **dict.fromkeys(["a", "a?hal=2", "a?hal=3", "b", "b?hal=2", "c", "d", "d?hal=2"], "error"),
        "b?hal=3": "error",
        "e": "error",
        **dict.fromkeys(["f", "f?hal=2", "f?hal=3"], "article"),
    }
    put_parts(site, "/berita/a")
    (mended,) = kliping.lines("recrawl", "--json", urls[0])
    assert mended["status"] == "new"
