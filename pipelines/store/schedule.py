"""What polling an outlet's sources has taught: one small JSON object per outlet.

Advice, not knowledge: without it every source is due and every listing is followed to its end,
which costs requests and never a row. Written under the outlet's lease.
"""

from __future__ import annotations

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pipelines.polling import Habit, due
from pipelines.store.archive import MissingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.store.archive import Archive

_AT_ONCE = 16
"""Objects read at the same time; one from S3 takes some 20 ms."""


@dataclass(slots=True)
class Schedule:
    """How an outlet's sources are asked."""

    habits: dict[str, Habit] = field(default_factory=dict)
    """Source as in the outlet's file -> how often it brings something new."""
    walked: set[str] = field(default_factory=set)
    """Listings and APIs that were once followed to their end."""
    is_open: bool = False
    """A crawl went deeper than the newest and was cut short."""
    crawled_on: date | None = None
    """Day of the last crawl, in the outlet's zone."""

    def due(self, roots: Iterable[str], now: datetime) -> list[str]:
        """Return those of an outlet's sources that are due, the most overdue first."""
        return due({root: self.habits.get(root) or Habit() for root in roots}, at=now)

    def to_json(self) -> str:
        """Return the object's text."""
        return json.dumps(
            {
                "crawled_on": self.crawled_on.isoformat() if self.crawled_on else None,
                "walked": sorted(self.walked),
                "is_open": self.is_open,
                "sources": {root: one.to_json() for root, one in self.habits.items()},
            },
            ensure_ascii=False,
            indent=1,
        )

    @classmethod
    def from_json(cls, data: bytes) -> Schedule:
        """Read what `to_json` wrote; what cannot be read is as if it were not there."""
        found: Any = None
        with contextlib.suppress(ValueError, RecursionError):
            found = json.loads(data)
        if not isinstance(found, dict):
            return cls()
        sources, walked, day = found.get("sources"), found.get("walked"), found.get("crawled_on")
        schedule = cls()
        if isinstance(sources, dict):
            schedule.habits = {root: Habit.from_json(one) for root, one in sources.items()}
        schedule.is_open = found.get("is_open") is True
        if isinstance(walked, list):
            schedule.walked = {one for one in walked if isinstance(one, str)}
        if isinstance(day, str):
            with contextlib.suppress(ValueError):
                schedule.crawled_on = date.fromisoformat(day)
        return schedule


def load_schedules(archive: Archive, slugs: Sequence[str]) -> dict[str, Schedule]:
    """Return the schedule of each outlet, a fresh one where none is stored."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(slugs, pool.map(lambda slug: _load(archive, slug), slugs), strict=True))


def save_schedule(archive: Archive, slug: str, schedule: Schedule) -> None:
    """Store an outlet's schedule in place of the one before."""
    archive.put(_key(slug), schedule.to_json().encode())


def _load(archive: Archive, slug: str) -> Schedule:
    try:
        return Schedule.from_json(archive.read(_key(slug)))
    except MissingError:
        return Schedule()


def _key(slug: str) -> str:
    return f"schedules/{slug}.json"
