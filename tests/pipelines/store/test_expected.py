"""An outlet that published less than its file expects is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.outlets import Expect, Outlet
from pipelines.store.archive import open_archive
from pipelines.store.expected import shortfalls
from tests.shelf import append, article

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.store.archive import Archive

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def outlet(slug: str, per_day: float) -> Outlet:
    expect = Expect(articles_per_day=per_day)
    return Outlet(slug=slug, name=slug, domains=(f"{slug}.example",), expect=expect)


def crawled(archive: Archive, slug: str, days_ago: float) -> None:
    row = {
        "run_id": f"{slug}-{days_ago}",
        "command": "crawl",
        "outlet": slug,
        "started_at": NOW - timedelta(days=days_ago),
    }
    append(archive, "runs", [row])


def test_too_few_articles_are_said_once_the_outlet_is_known_long_enough(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive")
    recent = [
        article(f"kabar-{n}", outlet=slug, at=NOW - timedelta(days=n / 2))
        for slug in ("sepi", "ramai", "baru", "tanpa")
        for n in range(10)
    ]
    again = [{**recent[0], "revision": 2}]
    old = [article("lama", outlet="sepi", at=NOW - timedelta(days=8))]
    append(archive, "articles", [*recent, *again, *old])
    for slug in ("sepi", "ramai", "tanpa"):
        crawled(archive, slug, 9)
    crawled(archive, "baru", 2)
    outlets = [outlet("sepi", 5), outlet("ramai", 1.4), outlet("baru", 5), outlet("tanpa", 0)]
    assert shortfalls(archive, outlets, NOW) == {
        "sepi": "expect.articles_per_day: wanted 5, found 1.4 over the last 7 days"
    }


def test_an_archive_without_anything_raises_no_alarm(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive")
    assert shortfalls(archive, [outlet("sepi", 5)], NOW) == {}
