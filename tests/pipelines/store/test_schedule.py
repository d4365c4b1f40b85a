"""What is stored of an outlet's sources comes back, and what is broken does no harm."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.polling import Habit, polled
from pipelines.store.archive import open_archive
from pipelines.store.schedule import Schedule, load_schedules, save_schedule

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
FEED, MAP = "https://contoh.id/feed/", "https://contoh.id/sitemap.xml"


def learned() -> Schedule:
    habit = polled(Habit(), at=NOW, new=10, listed=10, dates=[NOW - timedelta(hours=1)])
    return Schedule(habits={FEED: habit}, walked={MAP}, crawled_on=date(2026, 11, 23))


def test_a_schedule_comes_back(archive_uri: str) -> None:
    archive = open_archive(archive_uri)
    save_schedule(archive, "contoh", learned())
    found = load_schedules(archive, ["contoh", "lain"])
    assert found["contoh"].due([FEED], NOW) == learned().due([FEED], NOW) == []
    assert (found["contoh"].walked, found["contoh"].crawled_on) == ({MAP}, date(2026, 11, 23))
    assert found["lain"] == Schedule()


def test_a_source_that_was_never_asked_is_due() -> None:
    assert learned().due([FEED, MAP], NOW) == [MAP]
    assert set(learned().due([FEED, MAP], NOW + timedelta(days=2))) == {FEED, MAP}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{",
        b'{"sources": 7, "walked": {"a": 1}, "crawled_on": 20261123}',
        b'{"sources": {"x": [1]}, "walked": [1, null], "crawled_on": "besok"}',
        b'{"sources": {"x": {"polled_at": "9999-99-99", "failures": -1}}}',
        b"[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_as_if_it_were_not_there(tmp_path: Path, text: bytes) -> None:
    archive = open_archive(tmp_path / "archive")
    archive.put("schedules/contoh.json", text)
    found = load_schedules(archive, ["contoh"])["contoh"]
    assert (found.walked, found.crawled_on) == (set(), None)
    assert found.due([FEED], NOW) == [FEED]
