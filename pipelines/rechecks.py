"""When to look at an article again, to see whether its outlet edited or withdrew it.

What an outlet's past looks found enters as `Edits`, the moment of the next look leaves, or none.
An edit is caught in time by a look at most a day after it, so looks stand a little under a day
apart while edits are still to be expected, sooner where many are, and end where too few are. Reads
no clock, asks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BANDS_H = (0.0, 1.0, 3.0, 6.0, 12.0, 24.0, 48.0, 72.0, 120.0, 168.0, 336.0, 720.0)
"""Ages in hours between which edits are taken to come evenly; none is looked for later."""
PRIOR_PER_H = (0.1, 0.04, 0.018, 0.009, 0.0045, 0.0016, 0.0007, 3e-4, 1.5e-4, 6e-5, 2e-5)
"""Edits per article and hour in each band, of an outlet that nothing is known of: 0.4 an article,
five in six of them within the first day."""
WINDOW_H = 23.0
"""Between two looks: a day, less what the schedule that starts them may be late."""
SOONEST_H = 1.0
WORTH = 0.01
"""Edits to be expected within `WINDOW_H` that are worth a look, at an outlet of the usual kind."""
LATE = 0.06
"""Likewise once fewer come: of a look that finds them late, whenever that is."""
MANY = 0.4
"""Edits to be expected that are not made to wait for the day to end."""
_SCALE = 0.65
"""At an outlet with so many times the usual edits all three are that number, to this power, larger:
it is looked at more than others, but not in proportion, whatever outlets do at large."""
_LEAST_SCALE = 0.25
"""But no less than so many times the usual: what is never edited is not looked at."""
_FREE = 6
"""Looks after which each must be worth twice the one before: one outlet never takes all."""
_LEVEL_EDITS = 4.0
"""Edits that an outlet must have been expected to make to be believed by half."""
_BAND_EDITS = 8.0
"""Likewise in one band, that its edits come at other ages than elsewhere."""
_LIKENESS = 0.5
"""How unlike an outlet's articles are, as the shape of a gamma distribution of their edits: most
are never touched, and what was edited once will be again."""
_ROUNDS = 20


@dataclass(frozen=True)
class Edits:
    """What an outlet's looks found, by band of age; a fresh one says what outlets do at large."""

    hours: tuple[float, ...] = (0.0,) * (len(BANDS_H) - 1)
    """Watched between two looks, over all articles."""
    edits: tuple[float, ...] = (0.0,) * (len(BANDS_H) - 1)
    """Of those hours; an edit between two looks is shared out over the bands they span."""

    @cached_property
    def per_h(self) -> tuple[float, ...]:
        """Edits per article and hour to be expected in each band."""
        prior = PRIOR_PER_H
        foreseen = sum(p * h for p, h in zip(prior, self.hours, strict=True))
        level = (sum(self.edits) + _LEVEL_EDITS) / (foreseen + _LEVEL_EDITS)
        return tuple(
            level * p * (n + _BAND_EDITS) / (level * p * h + _BAND_EDITS)
            for p, h, n in zip(prior, self.hours, self.edits, strict=True)
        )

    @cached_property
    def upto(self) -> tuple[float, ...]:
        """Edits to be expected up to each bound of `BANDS_H`."""
        total = [0.0]
        for (start, end), rate in zip(pairwise(BANDS_H), self.per_h, strict=True):
            total.append(total[-1] + rate * (end - start))
        return tuple(total)

    def expected(self, before_h: float, after_h: float) -> float:
        """Return how many edits an article makes between two ages."""
        upto = np.interp([before_h, after_h], BANDS_H, self.upto)
        return float(upto[1] - upto[0])

    def age_h(self, before_h: float, edits: float) -> float | None:
        """Return the age by which so many more edits are to be expected; `None` if never."""
        wanted = float(np.interp(before_h, BANDS_H, self.upto)) + edits
        if wanted > self.upto[-1]:
            return None
        return float(np.interp(wanted, self.upto, BANDS_H))


_USUAL = Edits()


def edits_from(
    before_h: NDArray[np.float64],
    after_h: NDArray[np.float64],
    edited: NDArray[np.bool_],
    changes: NDArray[np.int64] | None = None,
) -> Edits:
    """Learn from an outlet's looks.

    Args:
        before_h: Hours from an article's birth to the look (or first fetch) before.
        after_h: Hours to this look.
        edited: Whether it had changed in between.
        changes: Looks before this one that had found it changed, where `next_check_at` is told of
            them too: articles that are looked at longer are those that are edited more, and would
            else be taken for all.

    Broken observations (not finite, no time between two looks) are left out. When between two looks
    an edit came is not known: it is shared out over bands as edits come, again and again until that
    settles (expectation maximisation), and two looks far apart may have more than one between them.
    """
    before = np.maximum(np.asarray(before_h, float), 0.0)
    after = np.asarray(after_h, float)
    is_whole = np.isfinite(before) & np.isfinite(after) & (after > before)
    before, after = before[is_whole, None], after[is_whole, None]
    has_edit = np.asarray(edited, bool)[is_whole]
    starts, ends = np.array(BANDS_H[:-1]), np.array(BANDS_H[1:])
    overlap = np.clip(np.minimum(after, ends) - np.maximum(before, starts), 0.0, None)
    is_hit = has_edit & (overlap.sum(axis=1) > 0)
    known = Edits()
    for _ in range(_ROUNDS):
        weighted = overlap
        if changes is not None:
            counts = np.asarray(changes, float)[is_whole, None]
            weighted = overlap * (
                (_LIKENESS + counts) / (_LIKENESS + np.interp(before, BANDS_H, known.upto))
            )
        each = weighted[is_hit] * np.array(known.per_h)
        total = each.sum(axis=1, keepdims=True)
        # One at least: the mean of a Poisson count that is known not to be 0.
        edits = (each / -np.expm1(-total)).sum(axis=0)
        known = Edits(_plain(weighted.sum(axis=0)), _plain(edits))
    return known


def next_check_at(
    *,
    born_at: datetime,
    checked_at: datetime,
    checks: int,
    edits: Edits,
    changes: int | None = None,
) -> datetime | None:
    """Return when to look at an article next; `None`: never again.

    Args:
        born_at: When it was published, or first seen where that is unknown.
        checked_at: When it was looked at last, or first fetched.
        checks: Looks after the first fetch.
        edits: What is known of its outlet.
        changes: Looks that found it changed; `None` if nobody counted.
    """
    age_h = max(0.0, (checked_at - born_at) / timedelta(hours=1))
    if age_h >= BANDS_H[-1]:
        return None
    factor = 1.0
    if changes is not None:
        # The mean of a gamma distribution after so many edits where others were expected.
        factor = (_LIKENESS + changes) / (_LIKENESS + edits.expected(0.0, age_h))
    scale = max((edits.upto[-1] / _USUAL.upto[-1]) ** _SCALE, _LEAST_SCALE) * 2.0 ** min(
        max(0, checks - _FREE + 1), _FREE
    )
    foreseen = factor * edits.expected(age_h, age_h + WINDOW_H)
    if foreseen < WORTH * scale:
        late_h = edits.age_h(age_h, LATE * scale / factor)
        return None if late_h is None else born_at + timedelta(hours=late_h)
    wait_h = WINDOW_H
    if foreseen > MANY * scale:
        wait_h = (edits.age_h(age_h, MANY * scale / factor) or age_h) - age_h
    return checked_at + timedelta(hours=min(max(wait_h, SOONEST_H), WINDOW_H))


def _plain(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(one) for one in values)
