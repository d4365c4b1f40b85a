"""The count of what happened at one outlet, and what still waits there."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipelines.outlets import Outlet
    from pipelines.records import Link

_ENOUGH = 10
"""Articles from which on `expect.fields` is held against them."""
_SHOWN = 3
"""Pages without one answer that make an outlet's run bad; faults that are named then."""
_PACE = 200
"""Pages whose pace tells how long the rest will take."""
_FEWEST = 5
"""Pages below which nothing is said of the pace."""
_FAULTS = 100
"""Lines kept per outlet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which links of a run count."""

    since: date | None = None
    """First day, in the outlet's zone."""
    until: date | None = None
    """First day that no longer counts."""
    limit: int | None = None
    """New articles per outlet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a source's links are to a run."""

    links: Sequence[Link] = ()
    """New to the archive, or changed since."""
    fresh: int = 0
    """How many are new to the archive and were not named before in this run."""
    known: int = 0
    """How many the archive has."""
    listed: int = 0
    """How many are articles of the outlet."""
    first_listed: int = 0
    """How many of those no source named before in this run."""
    too_old: int = 0
    """How many were published before the window."""
    elsewhere: int = 0
    """How many other sources brought since this one was asked last."""


@dataclass(slots=True)
class Tally:
    """What happened at one outlet."""

    outlet: Outlet
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """One line each; the first few are printed."""
    queue: deque[Link] = field(default_factory=deque)
    """Links that wait for their turn."""
    queued: set[int] = field(default_factory=set)
    """`url_key` of each that was ever in it."""
    asked: int = 0
    """Pages under way."""
    done: int = 0
    """Pages that ended."""
    answered: int = 0
    """Pages that ended otherwise than by a refusal or a fault."""
    read: int = 0
    """Pages that gave an article."""
    filled: Counter[str] = field(default_factory=Counter)
    """Column of `expect.fields` -> articles that have it."""
    sources_failed: int = 0
    listed: set[int] = field(default_factory=set)
    """`url_key` of every article that a source listed."""
    missing: list[Link] = field(default_factory=list)
    """What sources no longer list."""
    by_source: Counter[str] = field(default_factory=Counter)
    """Source of the outlet's file -> articles that it was the first to name."""
    known_by_source: Counter[str] = field(default_factory=Counter)
    """The same -> articles that the archive has."""
    notes: list[str] = field(default_factory=list)
    """What needs a look besides, a line each: a source that is dead, too few articles."""
    ends: deque[float] = field(default_factory=lambda: deque(maxlen=_PACE))
    """When the last pages ended, on the monotonic clock."""
    started: float = field(default_factory=monotonic)
    seconds: float = 0.0
    """Until its last page or source ended: another outlet may keep the run going."""

    def needs_a_look(self) -> list[str]:
        """Say, a line each, why the outlet as a whole did badly."""
        lines = []
        if not self.counts["sources"] and self.sources_failed:
            lines += self.faults[:_SHOWN] or ["no source could be read"]
        elif self.done >= _SHOWN and not self.answered:
            reasons = ", ".join(f"{name} {count}" for name, count in self.reasons.most_common(3))
            lines.append(f"wanted pages, found none in {self.done} answers: {reasons}")
        lines += self.notes
        if self.read >= _ENOUGH:
            for name, share in self.outlet.expect.fields.items():
                found = self.filled[name] / self.read
                if found < share:
                    lines.append(
                        f"expect.fields.{name}: wanted {share:.0%} of {self.read} articles, "
                        f"found {found:.0%}"
                    )
        return lines

    def postponed(self, detail: str) -> None:
        """Note why addresses are left to a later run: once, whatever their number."""
        line = f"{detail}: what is left waits for a later run"
        if line not in self.faults and len(self.faults) < _FAULTS:
            self.faults.append(line)

    def rest_s(self) -> float | None:
        """Estimate how long the waiting pages will take, at the pace of the last ones.

        Returns:
            Seconds; `None` while too few pages ended to tell.
        """
        waiting = len(self.queue) + self.asked
        if not waiting:
            return 0.0
        if len(self.ends) < _FEWEST:
            return None
        # Up to now: a host that has fallen silent must not look as quick as before.
        return waiting * (monotonic() - self.ends[0]) / len(self.ends)

    def fault(self, url: str, detail: str) -> None:
        """Note what went wrong; a host that is out of reach is one fault, not one per address."""
        line = detail if detail.startswith("http") else f"{url}: {detail}"
        if line not in self.faults and len(self.faults) < _FAULTS:
            self.faults.append(line)
