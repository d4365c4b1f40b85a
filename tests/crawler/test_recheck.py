"""`kliping recheck` of a loopback site, over archives whose past was stored by real runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crawler.cli import main
from pipelines.process import process
from pipelines.records import Article, Outcome, Page
from pipelines.store.archive import open_archive
from pipelines.store.commit import Run, last_capture
from pipelines.store.config import load_registry
from pipelines.store.lease import take
from pipelines.store.warc import read_record
from tests.crawler.conftest import PARAGRAPHS, ROOT, Answer, Kliping, article_html, outlet_toml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.crawler.conftest import Site

SLUGS = ("nelayan", "padi", "museum", "jembatan", "perpustakaan", "kopi")
MANY = tuple(f"kabar-{number}" for number in range(20))
"""So many that, whatever their ids, some are asked for with a condition and some without."""
MODIFIED = "Mon, 02 Nov 2026 01:00:00 GMT"


LATER = "Tue, 03 Nov 2026 01:00:00 GMT"


def ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


def html(slug: str, *, edit: str = "", born_h: float = 30) -> str:
    return article_html(
        f"Kabar {slug.title()} Hari Ini",
        (*PARAGRAPHS, f"Laporan ini mengenai {slug} dan disusun pada pagi hari.{edit}"),
        published=ago(born_h).isoformat(),
    )


def put(site: Site, slugs: Iterable[str] = SLUGS, *, edit: str = "", **headers: str) -> None:
    """Put articles online; a header's `{}` stands for the article."""
    for slug in slugs:
        url = site.put(f"/berita/{slug}", html(slug, edit=edit))
        named = {name.replace("_", "-"): value.format(slug) for name, value in headers.items()}
        site.answers[url.removeprefix(site.url)].headers.update(named)


def remember(kliping: Kliping, site: Site, *, hours: float) -> None:
    """Archive all that is online, as a crawl so many hours ago would have."""
    rules = load_registry(kliping.config)
    outlet = rules.get("warta")
    with (
        closing(open_archive(kliping.archive)) as archive,
        Run(archive, command="crawl", outlet_of=rules.get) as run,
    ):
        for path, answer in site.answers.items():
            url = site.url + path
            page = Page(
                url=url,
                final_url=url,
                status=answer.status,
                headers=tuple(answer.headers.items()),
                payload=answer.body,
                fetched_at=ago(hours),
            )
            made = process(page, outlet)
            assert isinstance(made, Article), made
            before = last_capture(archive, url, "warta")
            same = before if before and before.size_bytes == len(answer.body) else None
            stored = run.store(page, outlet, refers_to=same)
            run.settle(stored.capture_id, made)
        run.commit(everything=True)


class Here:
    """The command in this process, which saves its start; for what ends without a request."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
        """Run it, insist on its exit code; return its JSON lines."""
        with pytest.raises(SystemExit) as end:
            main(arguments)
        said = self._capsys.readouterr()
        assert end.value.code == code, said.err
        return [json.loads(line) for line in said.out.splitlines()]


@pytest.fixture
def here(
    kliping: Kliping, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Here:
    """Return the command with the configuration and archive of `kliping`."""
    return here_of(kliping, capsys, monkeypatch)


def here_of(
    kliping: Kliping, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Here:
    for name, value in kliping.env.items():
        monkeypatch.setenv(name, value)
    return Here(capsys)


def conditions(site: Site) -> list[dict[str, str]]:
    return [one for path, some in site.conditions.items() if "/berita/" in path for one in some]


def outcomes(kliping: Kliping) -> dict[str, list[str]]:
    """Return what became of each article's captures, in order."""
    found: dict[str, list[str]] = {}
    for row in kliping.rows("SELECT url, outcome FROM captures ORDER BY fetched_at"):
        found.setdefault(row["url"].rpartition("/")[2], []).append(row["outcome"])
    return found


def test_edits_become_revisions_and_what_is_withdrawn_is_marked(
    kliping_anywhere: Kliping,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kliping = kliping_anywhere
    here = here_of(kliping, capsys, monkeypatch)
    (kliping.config / "kliping.toml").write_text("[politeness]\nretries = 0")
    site.honours = True
    put(site, ETag='"{}-1"')
    remember(kliping, site, hours=29)
    put(site, ("padi",), edit=" Harga gabah naik lagi.", ETag='"{}-2"')
    site.answers["/berita/museum"] = Answer(b"tidak ada lagi", 404)
    site.answers["/berita/kopi"] = Answer(b"dilarang", 403)
    site.answers["/berita/jembatan"] = Answer(b"nanti", 503)
    (done,) = kliping.lines("recheck", "--json")
    counts = {name: done[name] for name in ("new", "changed", "unchanged", "rejected", "errors")}
    assert counts == {"new": 0, "changed": 1, "unchanged": 2, "rejected": 1, "errors": 1}
    assert (done["outlet"], done["held"], done["requests"]) == ("warta", False, len(SLUGS))
    assert outcomes(kliping) == {
        "nelayan": ["article", "unchanged"],
        "padi": ["article", "article"],
        "museum": ["article", "gone"],
        "jembatan": ["article", "error"],
        "perpustakaan": ["article", "unchanged"],
        "kopi": ["article", "rejected"],
    }
    rows = kliping.rows(
        "SELECT title, revision, gone_at IS NOT NULL AS gone FROM latest ORDER BY title"
    )
    assert [row["title"] for row in rows if row["gone"]] == ["Kabar Museum Hari Ini"]
    assert [row["title"] for row in rows if row["revision"] == 2] == ["Kabar Padi Hari Ini"]
    (run,) = kliping.rows("SELECT command, changed, gone FROM runs WHERE requests > 0")
    assert run == {"command": "recheck", "changed": 1, "gone": 1}
    assert len(rows) == len(SLUGS)
    with closing(open_archive(kliping.archive)) as archive:
        assert archive.has("latest/")
        # What is the same is told by a record that refers to the page, not by a second copy.
        places = kliping.rows(
            "SELECT warc_file, warc_offset, warc_length FROM captures WHERE outcome = 'unchanged'"
        )
        records = [read_record(archive, *place.values()) for place in places]
    assert [one.is_revisit for one in records] == [True, True]
    # All that was looked at is done with for now, whatever was answered.
    assert here("recheck", "--dry-run", "--json") == []


def test_what_comes_back_is_not_gone(kliping: Kliping, site: Site) -> None:
    site.honours = True
    put(site, ("museum",), ETag='"{}"')
    remember(kliping, site, hours=60)
    page = site.answers["/berita/museum"]
    rules = load_registry(kliping.config)
    with (
        closing(open_archive(kliping.archive)) as archive,
        Run(archive, command="recheck", outlet_of=rules.get) as run,
    ):
        url = f"{site.url}/berita/museum"
        known = last_capture(archive, url, "warta")
        assert known is not None
        missing = Page(
            url=url, final_url=url, status=404, headers=(("ETag", '"museum"'),),
            payload=b"tidak ada", fetched_at=ago(26),
        )  # fmt: skip
        stored = run.store(missing, rules.get("warta"))
        run.settle(stored.capture_id, Outcome.GONE, article_id=known.article_id)
        run.commit(everything=True)
    (before,) = kliping.rows("SELECT gone_at IS NOT NULL AS gone FROM latest")
    assert before["gone"]
    site.answers["/berita/museum"] = page
    (done,) = kliping.lines("recheck", "--json")
    assert (done["unchanged"], done["changed"]) == (1, 0)
    # Its old ETag would have said nothing of whether it is there.
    assert conditions(site) == [{}]
    (after,) = kliping.rows("SELECT gone_at IS NOT NULL AS gone, revision FROM latest")
    assert after == {"gone": False, "revision": 1}
    assert outcomes(kliping) == {"museum": ["article", "gone", "unchanged"]}


def test_an_etag_that_hides_edits_is_noticed_and_not_asked_with_any_more(
    kliping: Kliping, site: Site
) -> None:
    site.honours = True
    put(site, MANY, ETag='"tetap"')
    remember(kliping, site, hours=29)
    put(site, MANY, edit=" Angka itu diralat.", ETag='"tetap"')
    done = kliping.run("recheck", "--json")
    first = json.loads(done.stdout)
    # Looks without a condition see what the others cannot.
    assert first["changed"] == conditions(site).count({}) > 0
    assert first["unchanged"] == len(MANY) - first["changed"] > 0
    assert f"kliping: warta: ETag: stood still over {first['changed']} of " in done.stderr
    assert done.returncode == 0


def test_what_an_etag_has_hidden_is_found_once_it_is_known_to_lie(
    kliping: Kliping, site: Site
) -> None:
    site.honours = True
    put(site, MANY, ETag='"tetap"', Last_Modified=MODIFIED)
    remember(kliping, site, hours=52)
    put(
        site,
        MANY[:1],
        edit=" Angka diralat.",
        ETag='"tetap"',
        Last_Modified=LATER,
    )
    remember(kliping, site, hours=26)
    put(
        site,
        MANY[1:],
        edit=" Nama diralat.",
        ETag='"tetap"',
        Last_Modified="Wed, 04 Nov 2026 01:00:00 GMT",
    )
    (done,) = kliping.lines("recheck", "--json")
    assert (done["changed"], done["unchanged"]) == (len(MANY) - 1, 1)
    assert not any("If-None-Match" in one for one in conditions(site))


def test_an_etag_that_never_stands_still_leaves_the_word_to_last_modified(
    kliping: Kliping, site: Site
) -> None:
    site.honours = True
    for number, hours in enumerate((54, 28)):
        put(site, MANY, ETag=f'"{number}-{{}}"', Last_Modified=MODIFIED)
        if number:  # by these edits Last-Modified shows that it can be trusted
            put(site, MANY[:9], edit=" Angka diralat.", ETag='"1-{}"', Last_Modified=LATER)
        remember(kliping, site, hours=hours)
    for answer in site.answers.values():
        answer.headers["ETag"] = answer.headers["ETag"].replace("1", "2")
    done = kliping.run("recheck", "--json")
    assert json.loads(done.stdout)["unchanged"] == len(MANY)
    asked = conditions(site)
    assert {"If-Modified-Since": LATER} in asked
    assert not any("If-None-Match" in one for one in asked)
    assert "kliping: warta: ETag: moved in " in done.stderr
    statuses = [row["status"] for row in kliping.rows("SELECT DISTINCT status FROM captures")]
    assert sorted(statuses) == [200, 304]


def test_a_crawl_does_not_ask_with_what_is_known_to_lie(kliping: Kliping, site: Site) -> None:
    site.honours = True
    put(site, ETag='"tetap"')
    remember(kliping, site, hours=52)
    put(site, SLUGS[:1], edit=" Angka diralat.", ETag='"tetap"')
    remember(kliping, site, hours=26)
    put(site, SLUGS[1:2], edit=" Nama diralat.", ETag='"tetap"')
    site.put(
        "/sitemap.xml",
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>{site.url}/berita/{SLUGS[1]}</loc><lastmod>{ago(1).isoformat()}</lastmod></url>"
        "</urlset>",
        media_type="application/xml",
    )
    site.put("/feed/", "<rss version='2.0'><channel></channel></rss>", media_type="text/xml")
    (done,) = kliping.lines("crawl", "--json")
    assert (done["changed"], conditions(site)) == (1, [{}])


def test_an_outlet_held_by_another_run_is_left_alone(
    kliping: Kliping, site: Site, here: Here
) -> None:
    put(site)
    remember(kliping, site, hours=29)
    with closing(open_archive(kliping.archive)) as archive:
        take(archive, "warta", "another-run")
    (done,) = here("recheck", "--json", code=4)
    assert (done["outlet"], done["held"]) == ("warta", True)
    assert site.asked == []


def test_a_dry_run_says_how_many_are_due_and_stores_nothing(
    kliping: Kliping, site: Site, here: Here
) -> None:
    here("recheck", "--dry-run", "--json", code=3)
    put(site)
    remember(kliping, site, hours=29)
    before = _entries(kliping)
    (done,) = here("recheck", "warta", "--due", "--dry-run", "--json")
    names = ("requests", "new", "changed", "unchanged", "rejected", "errors")
    expected = {"outlet": "warta", **dict.fromkeys(names, 0), "seconds": 0.0, "held": False}
    assert done == {**expected, "due": len(SLUGS)}
    assert here("recheck", "--dry-run", "--limit", "2", "--json")[0]["due"] == 2
    assert _entries(kliping) == before
    assert site.asked == []


def test_where_nothing_is_due_nobody_is_asked_and_the_lease_is_free_again(
    kliping: Kliping, site: Site, here: Here
) -> None:
    put(site)
    remember(kliping, site, hours=0.1)
    assert here("recheck", "--json") == []
    assert site.asked == []
    with closing(open_archive(kliping.archive)) as archive:
        take(archive, "warta", "another-run").release()
    assert kliping.rows("SELECT 1 AS one FROM runs") == []


def test_leases_are_renewed_while_the_archive_is_read(
    kliping: Kliping, site: Site, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.job._RENEW_S", 0.0)
    put(site)
    remember(kliping, site, hours=0.1)
    here("recheck", "--json")
    with closing(open_archive(kliping.archive)) as archive:
        lease = json.loads(archive.read("leases/warta.json"))
    assert lease["renewed_at"] > lease["since"]


def test_wrong_usage_is_exit_2(here: Here) -> None:
    here("recheck", "wrta", code=2)
    here("recheck", "--limit", "0", code=2)


def test_a_recheck_that_is_killed_loses_and_doubles_nothing(kliping: Kliping, site: Site) -> None:
    slow = outlet_toml(site).replace("delay_s = 0.0", "delay_s = 0.2").replace("= 4", "= 1")
    (kliping.config / "outlets" / "warta.toml").write_text(slow)
    slugs = tuple(f"{slug}-{number}" for slug in SLUGS[:4] for number in (1, 2))
    put(site, slugs)
    remember(kliping, site, hours=29)
    put(site, slugs, edit=" Angka diralat.")
    for number in (signal.SIGKILL, signal.SIGTERM):
        _interrupted(kliping, site, number)
    assert 0 < _asked(site) < len(slugs)
    (done,) = kliping.lines("recheck", "--json")
    assert 0 < done["changed"] < len(slugs)
    # At most the page that was on its way when the process was killed is asked for twice.
    assert len(slugs) <= _asked(site) <= len(slugs) + 1
    rows = kliping.rows("SELECT url, revision FROM articles ORDER BY url, revision")
    urls = sorted(f"{site.url}/berita/{slug}" for slug in slugs)
    assert [(row["url"], row["revision"]) for row in rows] == [
        (url, revision) for url in urls for revision in (1, 2)
    ]


def _asked(site: Site) -> int:
    return sum("/berita/" in path for path in site.asked)


def _interrupted(kliping: Kliping, site: Site, number: signal.Signals) -> None:
    """Start a recheck and send it a signal once one more article was answered."""
    so_far = _asked(site)
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", "recheck"],
        cwd=ROOT,
        env={**os.environ, **kliping.env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while _asked(site) < so_far + 2:
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    process.wait(60)


def _entries(kliping: Kliping) -> list[str]:
    with closing(open_archive(kliping.archive)) as archive:
        return [one.key for one in archive.entries("")]


def test_another_archive_takes_over_what_a_redirect_led_to(
    kliping: Kliping, site: Site, tmp_path: Path
) -> None:
    put(site)
    site.put("/lama/nelayan", "", status=301, Location="/berita/nelayan")
    kliping("recrawl", site.url + "/lama/nelayan")
    (again,) = kliping.lines("recheck", "warta", "--json")
    assert again["unchanged"] == 1
    other = Kliping(kliping.config, str(tmp_path / "other"), dict(kliping.env))
    other.env["KLIPING_ARCHIVE"] = other.archive
    (taken,) = other.lines("import", str(Path(kliping.archive) / "warc"), "--json")
    assert (taken["new"], taken["unchanged"], taken["skipped"]) == (1, 1, 0)
