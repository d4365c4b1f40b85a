"""The bundled demo outlet through the command: once, again, a day later, and killed in between."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from crawler.demo.posts import HIDDEN, posts_at
from pipelines.process import process
from pipelines.records import Article
from pipelines.store import tables
from pipelines.store.archive import open_archive
from pipelines.store.commit import captures_by_id, stored_page
from pipelines.store.config import load_registry
from tests.crawler.conftest import ROOT, Kliping

if TYPE_CHECKING:
    from pathlib import Path

_CONTENT = """
SELECT article_id, revision, extraction, content_hash, title, url, authors, published_at
FROM articles ORDER BY article_id, revision, extraction
"""


def _demo(archive: str) -> Kliping:
    return Kliping(ROOT / "config", archive, {"KLIPING_ARCHIVE": archive})


@pytest.fixture
def demo(tmp_path: Path) -> Kliping:
    """Return the command with the repository's own configuration and a fresh archive."""
    return _demo(str(tmp_path / "archive"))


def _content(kliping: Kliping) -> list[dict[str, Any]]:
    return kliping.rows(_CONTENT)


def _count(stage: int) -> int:
    return sum(post.category != HIDDEN for post in posts_at(stage))


def test_three_days_of_the_demo(archive_uri: str) -> None:
    kliping = _demo(archive_uri)
    (first,) = kliping.lines("crawl", "demo", "--json")
    assert (first["new"], first["errors"]) == (_count(1), 0)
    before = _content(kliping)
    (again,) = kliping.lines("crawl", "demo", "--json")
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 0)
    assert again["requests"] <= 5
    assert _content(kliping) == before

    kliping.env["DEMO_STAGE"] = "2"
    (later,) = kliping.lines("crawl", "demo", "--json")
    assert (later["new"], later["changed"], later["unchanged"]) == (2, 1, 0)
    after = _content(kliping)
    assert [row for row in after if row in before] == before
    assert len(after) == len(before) + 3
    latest = kliping.rows("SELECT article_id, revision, gone_at FROM latest")
    assert len(latest) == _count(1) + 2
    assert sum(row["gone_at"] is not None for row in latest) == 1
    assert sum(row["revision"] == 2 for row in latest) == 1


def test_the_captures_give_the_rows_again(demo: Kliping) -> None:
    demo("crawl", "demo")
    _assert_replayable(demo.archive)


def test_killed_at_any_moment_a_crawl_loses_and_doubles_nothing(
    demo: Kliping, tmp_path: Path
) -> None:
    demo("crawl", "demo")
    expected = _content(demo)
    kills = int(os.environ.get("KLIPING_KILLS", "2"))
    moments = random.Random(20261122)  # noqa: S311  the same moments each time
    for number in range(kills):
        killed = _demo(str(tmp_path / f"killed-{number}"))
        with subprocess.Popen(
            [sys.executable, "-m", "crawler", "crawl", "demo"],
            cwd=ROOT,
            env={**os.environ, **killed.env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as crawl:
            time.sleep(moments.uniform(1.0, 7.0))
            os.killpg(crawl.pid, signal.SIGKILL)
        killed("crawl", "demo")
        assert _content(killed) == expected
        _assert_replayable(killed.archive)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_commits_what_is_in_hand(demo: Kliping, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "crawler", "crawl", "demo", "--json"],
        cwd=ROOT,
        env={**os.environ, **demo.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as crawl:
        warc = open_archive(demo.archive).spool / "runs"
        deadline = time.monotonic() + 60
        while not any(
            one.stat().st_size > 30_000 for one in warc.rglob("*.warc.gz")
        ):  # several articles
            assert time.monotonic() < deadline
            time.sleep(0.02)
        asked_at = time.monotonic()
        crawl.send_signal(number)
        printed, said = crawl.communicate(timeout=60)
    assert time.monotonic() - asked_at < 30
    assert crawl.returncode == 1
    assert "Traceback" not in said
    (report,) = [json.loads(line) for line in printed.splitlines()]
    assert 0 < report["new"] < _count(1)
    assert len(_content(demo)) == report["new"]
    (rest,) = demo.lines("crawl", "demo", "--json")
    assert rest["new"] == _count(1) - report["new"]


def _assert_replayable(uri: str) -> None:
    """Insist that `process` over each row's capture gives the row again."""
    archive = open_archive(uri)
    outlet = load_registry(ROOT / "config").get("demo")
    found = tables.rows(archive, "articles").to_pylist()
    captures = captures_by_id(archive, [row["capture_id"] for row in found], "demo")
    for row in found:
        made = process(stored_page(archive, captures[row["capture_id"]]), outlet)
        assert isinstance(made, Article)
        for name in ("title", "body", "content_hash", "published_at", "near_hash", "rules_digest"):
            assert row[name] == getattr(made, name)
