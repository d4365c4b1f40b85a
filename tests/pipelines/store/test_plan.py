"""A backfill's plan comes back whole, for the same days only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from pipelines.records import Link
from pipelines.store.archive import open_archive
from pipelines.store.plan import Plan, drop_plan, load_plan, save_plan

if TYPE_CHECKING:
    from pathlib import Path

SINCE, UNTIL = date(2026, 1, 1), date(2026, 11, 1)
AT = datetime(2026, 10, 5, 3, 4, 5, tzinfo=UTC)


def begun() -> Plan:
    return Plan(
        SINCE,
        UNTIL,
        links=[
            Link(url="https://contoh.id/a", published_at=AT, title="Judul", source="s", item="7"),
            Link(url="https://contoh.id/b", lastmod_at=AT),
        ],
        done={"https://contoh.id/peta-1.xml"},
        reached_at=AT,
    )


def test_a_plan_comes_back_until_it_is_dropped(archive_uri: str) -> None:
    archive = open_archive(archive_uri)
    save_plan(archive, "contoh", begun())
    assert load_plan(archive, "contoh", SINCE, UNTIL) == begun()
    drop_plan(archive, "contoh")
    assert load_plan(archive, "contoh", SINCE, UNTIL) == Plan(SINCE, UNTIL)


def test_a_plan_is_of_its_days_and_its_outlet(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive")
    save_plan(archive, "contoh", begun())
    assert load_plan(archive, "contoh", SINCE, None).links == []
    assert load_plan(archive, "contoh", date(2026, 1, 2), UNTIL).links == []
    assert load_plan(archive, "lain", SINCE, UNTIL).links == []


@pytest.mark.parametrize("data", [b"", b"PAR1", b"x" * 1000])
def test_a_broken_plan_is_made_anew(tmp_path: Path, data: bytes) -> None:
    archive = open_archive(tmp_path / "archive")
    archive.put("pending/backfill-contoh.parquet", data)
    assert load_plan(archive, "contoh", SINCE, UNTIL) == Plan(SINCE, UNTIL)
