"""When to poll a source next: a feed, a sitemap, a listing, a REST endpoint.

What a source brought so far enters as a `Habit`, the moment it is due leaves. A habit is advice:
it is stored as JSON, and losing it costs requests, never rows. For sources that bring links at
rates r, the mean delay of a link under a given number of polls is least where the time between two
polls goes with 1/√r, hour by hour; how often that is follows from what a request is worth
(`WORTH_MIN`). A source that lists what others brought already is polled as much rarer as its share
of firsts is smaller, and at once where those others fail. Reads no clock, asks nothing.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipelines.rhythm import DAY_S, Rhythm, seeded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WORTH_MIN = 11.5
"""Minutes that one article may wait to save one request to a source."""
SHORTEST = timedelta(minutes=2)
LONGEST = timedelta(days=1)
RETRY = timedelta(minutes=5)
"""After the first failure."""
_PATIENCE = 4
"""Later a quarter of the time it has failed, up to `LONGEST`: what lives again waits no longer."""
_DEAD_FAILURES = 8
_DEAD_AFTER = timedelta(days=1)
_CUT = 0.5
"""Share of what a source lists that may be new at a poll: more, and some may go by unseen."""
_SILENT_LINKS = 6.0
"""Links that should have come and did not, from which on a source is not relied upon."""
_SHARE_MEMORY_S = 5 * DAY_S
_LATEST_COST = 0.2
"""Weight of the last poll's requests in `Habit.cost`."""
_STEEPNESS = 0.53
"""Polls go with this power of the rate. The mean delay is least at 1/2 and hardly more up to 0.6;
what is over 1/2 makes the delay of most articles smaller and of a few larger."""
_PIVOT = 100.0
"""Links a day at which that makes no difference."""
_MOST = 1e6
"""No source brings more at once; a larger count is broken."""
_LARGEST = 1e15
"""Nor do many polls together."""
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Habit:
    """What is known of a source's ways; a fresh one knows nothing."""

    polled_at: datetime | None = None
    """Last successful poll."""
    tried_at: datetime | None = None
    """Last failed poll since; `None` when the last one succeeded."""
    failures: int = 0
    """In a row."""
    failing_since: datetime | None = None
    """First of them."""
    listed: int = 0
    """Links in the last answer that was no 304."""
    is_cut: bool = False
    """All it listed last was new: more may have come and gone between two polls."""
    silent: float = 0.0
    """Links that should have come since the last one did."""
    first: float = 0.0
    """Links nobody had brought before, the past fading."""
    elsewhere: float = 0.0
    """Links that other sources brought between two polls, likewise."""
    cost: float = 1.0
    """Requests that a poll takes: an index and what changed below it."""
    rhythm: Rhythm = field(default_factory=Rhythm)

    @cached_property
    def wait_s(self) -> float:
        """From the last poll to the next, beside others."""
        return _wait_s(self, (self.first + 1.0) / (self.first + self.elsewhere + 1.0))

    @cached_property
    def wait_alone_s(self) -> float:
        """Likewise were there no other source."""
        return _wait_s(self, 1.0)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values; `from_json` reads them."""
        values = {
            name: value for name, value in asdict(self).items() if value not in (None, 0, False)
        }
        for name in ("polled_at", "tried_at", "failing_since"):
            if name in values:
                values[name] = values[name].isoformat()
        return {name: _rounded(value) for name, value in values.items()}

    @classmethod
    def from_json(cls, values: object) -> Habit:
        """Read what `to_json` wrote; whatever is broken gives a fresh habit."""
        if not isinstance(values, dict):
            return cls()
        try:
            return _habit(values)
        except (ValueError, TypeError, OverflowError):
            return cls()


def polled(
    habit: Habit,
    *,
    at: datetime,
    new: int,
    elsewhere: int = 0,
    listed: int | None = None,
    requests: int = 1,
    dates: Iterable[datetime | None] = (),
) -> Habit:
    """Return the habit after a successful poll.

    Args:
        habit: As it was.
        at: When the source answered.
        new: Links that nobody had brought before; 0 for a 304.
        elsewhere: Listed links that other sources brought since this one's last poll.
        listed: Article links in the answer; `None` for a 304.
        requests: What the poll took: a sitemap index and those of its files that were read.
        dates: What the listed links state as their publication, else last change. Read at the
            first poll, whose links are a backlog and no rate.
    """
    at_s = at.timestamp()
    firsts, others = _count(new), _count(elsewhere)
    lists = habit.listed if listed is None else int(_count(listed))
    done = replace(habit, polled_at=at, tried_at=None, failures=0, failing_since=None, listed=lists)
    if habit.polled_at is None:
        stated = [one.timestamp() for one in dates if one is not None and one.tzinfo is not None]
        return replace(done, is_cut=False, silent=0.0, rhythm=seeded(stated, at_s))
    before_s = habit.polled_at.timestamp()
    gap_s = at_s - before_s
    if gap_s <= 0:  # the clock was set back
        return done
    keeps = math.exp(-gap_s / _SHARE_MEMORY_S)
    found = firsts + others
    return replace(
        done,
        is_cut=bool(listed) and firsts >= lists > 0,
        silent=0.0 if found else habit.silent + habit.rhythm.expected(before_s, at_s),
        cost=habit.cost + _LATEST_COST * (max(1.0, _count(requests)) - habit.cost),
        first=habit.first * keeps + firsts,
        elsewhere=habit.elsewhere * keeps + others,
        rhythm=habit.rhythm.watched(before_s, at_s, found),
    )


def failed(habit: Habit, *, at: datetime) -> Habit:
    """Return the habit after a poll that brought no answer, or a useless one."""
    since = habit.failing_since or at
    return replace(habit, tried_at=at, failures=habit.failures + 1, failing_since=since)


def due_at(habit: Habit, *, is_alone: bool = False) -> datetime | None:
    """Return when to poll next; `None` if it never was, and is due now.

    Args:
        habit: As it is.
        is_alone: No other source of the outlet can be relied upon at the moment: that others
            bring most links does not count then.
    """
    if habit.tried_at is not None and habit.failing_since is not None:
        failing = habit.tried_at - habit.failing_since
        return habit.tried_at + min(max(RETRY, failing / _PATIENCE), LONGEST)
    if habit.polled_at is None:
        return None
    wait_s = habit.wait_alone_s if is_alone else habit.wait_s
    return habit.polled_at + timedelta(seconds=round(wait_s))


def dead_since(habit: Habit) -> datetime | None:
    """Return since when a source has failed, if for a day and often; `None` if it lives.

    It is still tried, once a day in the end, and lives again with the first answer.
    """
    if habit.failing_since is None or habit.tried_at is None or habit.failures < _DEAD_FAILURES:
        return None
    is_dead = habit.tried_at - habit.failing_since >= _DEAD_AFTER
    return habit.failing_since if is_dead else None


def due_times(habits: Mapping[str, Habit]) -> dict[str, datetime | None]:
    """Return when each source of *one outlet* is due, `None` for now.

    Sources stand in for each other: where all that is usually relied upon fails or falls silent,
    what used to come second is polled as if it were alone; where one ran over, so that links may
    have gone by unseen, the others are polled once.
    """
    times: dict[str, datetime | None] = {}
    for name, habit in habits.items():
        others = [one for other, one in habits.items() if other != name]
        is_alone = not any(_is_relied_upon(one) for one in others)
        due = due_at(habit, is_alone=is_alone)
        if due is not None and not habit.failures and habit.polled_at is not None:
            cut = [one.polled_at for one in others if one.is_cut and one.polled_at is not None]
            # Once: after that poll the source was asked later than the other ran over.
            due = min([due, *(at for at in cut if habit.polled_at < at)])
        times[name] = due
    return times


def due(habits: Mapping[str, Habit], *, at: datetime) -> list[str]:
    """Return which sources of *one outlet* to poll now, the most overdue first.

    A habit from the future, left by a clock that was wrong, is due as well.
    """
    times = due_times(habits)
    oldest = datetime.min.replace(tzinfo=UTC)
    late = [
        (when or oldest, name)
        for name, when in times.items()
        if when is None or when <= at or _last(habits[name]) > at
    ]
    return [name for _, name in sorted(late)]


def _last(habit: Habit) -> datetime:
    moments = [one for one in (habit.polled_at, habit.tried_at) if one is not None]
    return max(moments)


def _is_relied_upon(habit: Habit) -> bool:
    return habit.polled_at is not None and habit.failures == 0 and habit.silent < _SILENT_LINKS


def _wait_s(habit: Habit, share: float) -> float:
    """Go on from the last poll, hour by hour, until a request is worth it."""
    if habit.polled_at is None:
        return 0.0
    room = habit.listed * _CUT / share if habit.listed else math.inf
    start_s = habit.polled_at.timestamp()
    # With w what a request is worth in days, rate/2f + wf is least at f = √(rate/2w).
    scale = share * math.sqrt(1440 / (2 * WORTH_MIN * habit.cost)) * _PIVOT ** (0.5 - _STEEPNESS)
    progress = elapsed = 0.0
    for days, rate in habit.rhythm.rates(start_s, start_s + LONGEST.total_seconds()):
        speed = max(scale * rate**_STEEPNESS, rate / room)
        if progress + speed * days >= 1.0:
            elapsed += (1.0 - progress) / speed
            break
        progress += speed * days
        elapsed += days
    return min(max(elapsed * DAY_S, SHORTEST.total_seconds()), LONGEST.total_seconds())


def _count(number: object) -> float:
    if not isinstance(number, int | float) or not 0 <= number <= _MOST:
        return 0.0
    return float(number)


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [_rounded(one) for one in value]
    return value


def _habit(values: Mapping[str, Any]) -> Habit:
    """Build a habit from JSON values.

    Raises:
        ValueError: A value is broken, or the values do not fit together.
        TypeError: Likewise.
    """
    habit = Habit(
        polled_at=_moment(values.get("polled_at")),
        tried_at=_moment(values.get("tried_at")),
        failures=int(_number(values.get("failures", 0))),
        failing_since=_moment(values.get("failing_since")),
        listed=int(_number(values.get("listed", 0))),
        is_cut=values.get("is_cut", False) is True,
        silent=_number(values.get("silent", 0)),
        first=_number(values.get("first", 0)),
        elsewhere=_number(values.get("elsewhere", 0)),
        cost=max(1.0, _number(values.get("cost", 1))),
        rhythm=_rhythm(values.get("rhythm", {})),
    )
    is_failing = habit.failures > 0
    if is_failing != (habit.tried_at is not None) or is_failing != (
        habit.failing_since is not None
    ):
        raise ValueError("failures without a time, or a time without failures")
    return habit


def _rhythm(values: object) -> Rhythm:
    if not isinstance(values, dict):
        raise TypeError("wanted an object")
    fresh = Rhythm()
    found: dict[str, Any] = {}
    for name in (one.name for one in fields(Rhythm)):
        usual = getattr(fresh, name)
        value = values.get(name, usual)
        if not isinstance(usual, tuple):
            found[name] = _number(value)
            continue
        if not isinstance(value, list | tuple) or len(value) != len(usual):
            raise ValueError("wanted a number for each hour or weekday")
        found[name] = tuple(_number(one) for one in value)
    return Rhythm(**found)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST:
        raise ValueError("wanted a number that is not negative")
    return float(value)


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError("wanted a time")
    found = datetime.fromisoformat(value)
    if found.tzinfo is None or not _EARLIEST <= found <= _LATEST:
        raise ValueError("wanted a time in our days, with its zone")
    return found.astimezone(UTC)
