"""`kliping recrawl` against a loopback site, into a folder and into S3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.store.archive import open_archive
from tests.crawler.conftest import PARAGRAPHS, article_html

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crawler.conftest import Kliping, Site


def test_new_unchanged_changed_gone(kliping_anywhere: Kliping, site: Site) -> None:
    kliping = kliping_anywhere
    url = site.put("/berita/nelayan", article_html())
    (first,) = kliping.lines("recrawl", "--json", url)
    assert (first["status"], first["revision"], first["extraction"]) == ("new", 1, 1)
    (second,) = kliping.lines("recrawl", "--json", url)
    assert (second["status"], second["diff"]) == ("unchanged", None)
    edited = (*PARAGRAPHS[:3], PARAGRAPHS[3].replace("delapan belas", "dua puluh"))
    site.put("/berita/nelayan", article_html(paragraphs=edited))
    (third,) = kliping.lines("recrawl", "--json", url)
    assert (third["status"], third["revision"]) == ("changed", 2)
    assert "[-delapan belas-] {+dua puluh+}" in third["diff"]
    site.put("/berita/nelayan", "sudah dihapus", status=410)
    (fourth,) = kliping.lines("recrawl", "--json", url)
    assert (fourth["status"], fourth["article_id"]) == ("gone", first["article_id"])
    rows = kliping.rows("SELECT revision, extraction FROM articles ORDER BY revision")
    assert rows == [{"revision": 1, "extraction": 1}, {"revision": 2, "extraction": 1}]
    (latest,) = kliping.rows("SELECT revision, title, gone_at IS NOT NULL AS gone FROM latest")
    assert latest == {"revision": 2, "title": "Nelayan Tegal Melaut Lagi", "gone": True}
    outcomes = kliping.rows("SELECT outcome FROM captures ORDER BY fetched_at")
    expected = ["article", "unchanged", "article", "gone"]
    assert [row["outcome"] for row in outcomes] == expected
    (sums,) = kliping.rows(
        "SELECT sum(new)::INT n, sum(unchanged)::INT u, sum(changed)::INT c, sum(gone)::INT g "
        "FROM runs"
    )
    assert sums == {"n": 1, "u": 1, "c": 1, "g": 1}


def test_a_page_whose_frame_alone_changed_is_unchanged(kliping: Kliping, site: Site) -> None:
    url = site.put("/berita/nelayan", article_html(extra="<meta name=nonce content=1>"))
    kliping("recrawl", url)
    site.put("/berita/nelayan", article_html(extra="<meta name=nonce content=2>"))
    (again,) = kliping.lines("recrawl", "--json", url)
    assert again["status"] == "unchanged"
    assert len(kliping.rows("SELECT 1 AS one FROM articles")) == 1


def test_newer_rules_are_a_new_extraction_of_the_same_revision(
    kliping: Kliping, site: Site
) -> None:
    url = site.put("/berita/nelayan", article_html())
    kliping("recrawl", url)
    file = kliping.config / "outlets" / "warta.toml"
    file.write_text(file.read_text().replace('[".penulis a"]', "[]"))
    (again,) = kliping.lines("recrawl", "--json", url)
    assert (again["status"], again["revision"], again["extraction"]) == ("unchanged", 1, 2)
    rows = kliping.rows("SELECT capture_id, authors FROM articles ORDER BY extraction")
    assert rows[0]["capture_id"] == rows[1]["capture_id"]
    assert rows[0]["authors"] == ["Rini Astuti"]
    assert rows[1]["authors"] != ["Rini Astuti"]


def test_reextract_stores_what_newer_rules_read_differently(
    kliping_anywhere: Kliping, site: Site
) -> None:
    kliping = kliping_anywhere
    url = site.put("/berita/nelayan", article_html())
    kliping("recrawl", url)
    asked = len(site.asked)
    assert kliping.lines("reextract", "--json")[0]["extracted"] == 0
    file = kliping.config / "outlets" / "warta.toml"
    file.write_text(file.read_text() + '[clean]\ndrop_lines = ["^Harga tongkol"]\n')
    assert kliping.lines("reextract", "warta", "--json")[0]["extracted"] == 1
    assert kliping.lines("reextract", "warta", "--json")[0]["extracted"] == 0
    (latest,) = kliping.rows("SELECT revision, extraction, body, removed FROM latest")
    assert (latest["revision"], latest["extraction"]) == (1, 2)
    assert latest["body"] == "\n".join(PARAGRAPHS[:3])
    assert [one["text"] for one in latest["removed"]] == [PARAGRAPHS[3]]
    assert len(site.asked) == asked


def test_dry_run_stores_nothing(kliping: Kliping, site: Site) -> None:
    url = site.put("/berita/nelayan", article_html())
    (first,) = kliping.lines("recrawl", "--dry-run", "--json", url)
    assert first["status"] == "new"
    assert list(open_archive(kliping.archive).entries("")) == []
    kliping("recrawl", url)
    site.put("/berita/nelayan", article_html(paragraphs=PARAGRAPHS[:3]))
    (second,) = kliping.lines("recrawl", "--dry-run", "--json", url)
    assert second["status"] == "changed"
    assert len(kliping.rows("SELECT 1 AS one FROM captures")) == 1


def test_a_page_that_is_no_article_is_rejected_and_counted(kliping: Kliping, site: Site) -> None:
    urls = [
        site.put("/berita/kosong", ""),
        site.put("/berita/gambar", b"\x89PNG\r\n\x1a\n" + bytes(64), media_type="image/png"),
        site.put("/berita/besar", "<html><body>" + "<p>kata " * 2_000_000),
        site.url + "/berita/hilang",
    ]
    done = kliping.lines("recrawl", "--json", *urls, code=1)
    expected = ["empty", "not_html", "too_large", "http_status"]
    assert [one["status"] for one in done] == ["rejected"] * 4
    assert [one["reason"] for one in done] == expected
    rows = kliping.rows("SELECT reason, count(*) AS pages FROM captures GROUP BY reason")
    assert {row["reason"]: row["pages"] for row in rows} == dict.fromkeys(expected, 1)


def test_robots_txt_is_obeyed(kliping: Kliping, site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /berita/rahasia", media_type="text/plain")
    url = site.put("/berita/rahasia", article_html())
    (done,) = kliping.lines("recrawl", "--json", url, code=1)
    assert (done["status"], done["reason"]) == ("rejected", "robots")
    assert site.asked == ["/robots.txt"]


def test_noarchive_leaves_no_trace_in_the_warc(kliping: Kliping, site: Site) -> None:
    kliping("recrawl", site.put("/berita/nelayan", article_html()))
    url = site.put("/berita/rahasia", article_html(), X_Robots_Tag="noarchive")
    (done,) = kliping.lines("recrawl", "--json", url, code=1)
    assert (done["status"], done["reason"]) == ("rejected", "noarchive")
    assert len(kliping.rows("SELECT 1 AS one FROM captures")) == 1
    (run,) = kliping.rows("SELECT reasons FROM runs ORDER BY started_at DESC LIMIT 1")
    assert "noarchive" in str(run["reasons"])


def test_a_host_that_does_not_answer_is_an_error(kliping: Kliping, site: Site) -> None:
    del site
    (done,) = kliping.lines("recrawl", "--json", "http://127.0.0.1:9/berita/x", code=1)
    assert done["status"] == "error"


def test_a_redirect_outside_the_outlet_is_not_stored(kliping: Kliping, site: Site) -> None:
    elsewhere = site.url.replace("127.0.0.1", "localhost") + "/berita/nelayan"
    url = site.put("/berita/pindah", "", status=302, Location=elsewhere)
    site.put("/berita/nelayan", article_html())
    (done,) = kliping.lines("recrawl", "--json", url, code=1)
    assert (done["status"], done["reason"]) == ("rejected", "address")
    assert [one.key for one in open_archive(kliping.archive).entries("warc/")] == []


def test_a_private_address_is_refused_without_leave(
    kliping: Kliping, site: Site, config: Path
) -> None:
    (config / "outlets" / "warta.toml").unlink()
    url = site.put("/berita/nelayan", article_html())
    kliping.env["KLIPING_CONTACT"] = "uji@contoh.test"
    for one in (url, url.replace("127.0.0.1", "localhost")):
        (done,) = kliping.lines("recrawl", "--json", one, code=1)
        assert (done["status"], done["reason"]) == ("rejected", "address")
    assert site.asked == []


def test_who_asks_is_said(kliping: Kliping, site: Site) -> None:
    url = site.put("/berita/nelayan", article_html())
    kliping.env["KLIPING_CONTACT"] = "redaksi@contoh.test"
    kliping("recrawl", url)
    assert set(site.agents) == {"Kliping/0.1 (+redaksi@contoh.test)"}


def test_a_real_outlet_needs_a_contact(kliping: Kliping) -> None:
    done = kliping.run("recrawl", "https://contoh.test/berita/1")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "contact" in done.stderr


def test_show_prints_the_article(kliping: Kliping, site: Site) -> None:
    url = site.put("/berita/nelayan", article_html())
    printed = kliping("recrawl", "--show", url)
    assert printed.startswith("new ")
    for paragraph in PARAGRAPHS:
        assert paragraph in printed
