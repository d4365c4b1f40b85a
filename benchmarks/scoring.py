"""How near an extracted article is to what a careful reader says is in the page.

Pure functions over texts and values; the benchmarks and the gold tests share them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TOKEN = re.compile(r"\w+")
_FEW_WORDS = re.compile(r"[^\W\d_]+(?:[ '’.-]+[^\W\d_]+){0,2}[\s:!?.]*")
_EDGES = re.compile(r"^\W+|\W+$")
_SEVERAL = re.compile(r"\s*[,;&|]\s*(?:and\b)?|\s+(?:and|dan)\s+")
_DAY = len("2026-11-22")
_LOCAL = timezone(timedelta(hours=7))
"""What a moment without an offset means on a page of the hand-made set."""


@dataclass(frozen=True, slots=True)
class Score:
    """Overlap of two texts as multisets of words, each from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 0 where nothing is shared."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def tokens(text: str) -> Counter[str]:
    """Count the words of a text, case and punctuation aside."""
    return Counter(_TOKEN.findall(text.lower()))


def token_score(found: str, wanted: str, *, optional: str = "") -> Score:
    """Score a text by its words.

    Args:
        found: What was extracted.
        wanted: What ought to be.
        optional: Words that may be there or not.

    >>> token_score("harga beras naik", "harga beras turun").f1
    0.6666666666666666
    """
    have, want = tokens(found), tokens(wanted)
    have -= (have - want) & tokens(optional)
    if not have or not want:
        same = float(have == want)
        return Score(same, same)
    shared = sum((have & want).values())
    return Score(shared / have.total(), shared / want.total())


def mean_f1(scores: Sequence[Score]) -> float:
    """Return the mean of the F1 of several pages."""
    return sum(one.f1 for one in scores) / len(scores)


def lost_paragraphs(body: str, wanted: Iterable[str]) -> list[str]:
    """Return the wanted paragraphs that *body* does not hold, white space aside."""
    have = _squeezed(body)
    return [one for one in wanted if _squeezed(one) not in have]


def left_behind(body: str, unwanted: Iterable[str], *, allowed: str = "") -> list[str]:
    """Return the unwanted strings that stand in *body*, white space and case aside.

    Up to three plain words ("Terkait", a name under a photo) may be part of any sentence, and so
    may what stands in *allowed*: these are left only where they are a whole line of *body*, and no
    line of *allowed*.
    """
    have, may = _squeezed(body).lower(), _squeezed(allowed).lower()
    extra = _bare_lines(body) - _bare_lines(allowed)
    return [
        one
        for one in unwanted
        if (
            _bare(one) in extra
            if _FEW_WORDS.fullmatch(one.strip()) or _squeezed(one).lower() in may
            else _squeezed(one).lower() in have
        )
    ]


def snippets_in(body: str, snippets: Iterable[str]) -> int:
    """Count the snippets that stand in *body*, case aside (WCXB's own test)."""
    have = body.lower()
    return sum(one.lower() in have for one in snippets)


def same_title(found: str | None, wanted: Iterable[str]) -> bool:
    """Compare titles, white space aside."""
    return found is not None and _line(found) in {_line(one) for one in wanted}


def same_names(found: Sequence[str], wanted: Sequence[str], *, one_by_one: bool) -> bool:
    """Compare lists of names.

    Args:
        found: As extracted.
        wanted: As the gold has them.
        one_by_one: Exactly so. Else several names may share a string, and case and order are
            nothing.

    >>> same_names(["Siti Rahma", "Budi"], ["BUDI and Siti Rahma"], one_by_one=False)
    True
    """
    if one_by_one:
        return list(found) == list(wanted)
    return _people(found) == _people(wanted)


def same_words(found: Iterable[str], wanted: Iterable[str]) -> bool:
    """Compare tags: case and order are nothing."""
    return {_line(one).lower() for one in found} == {_line(one).lower() for one in wanted}


def same_day(found: date | datetime | None, wanted: str) -> bool:
    """Compare days, or months where *wanted* names no day.

    A moment's day is the one in the zone that *wanted* states; without one, its own.

    >>> same_day(datetime(2026, 11, 21, 18, 0, tzinfo=UTC), "2026-11-22T01:00:00+07:00")
    True
    """
    if found is None:
        return False
    if len(wanted) <= _DAY:
        day = found.date() if isinstance(found, datetime) else found
        return day.isoformat()[: len(wanted)] == wanted
    moment = datetime.fromisoformat(wanted)
    if isinstance(found, datetime):
        found = found.astimezone(moment.tzinfo).date() if found.tzinfo else found.date()
    return found == moment.date()


def same_minute(found: datetime | None, wanted: str) -> bool | None:
    """Compare moments to the minute; `None` where *wanted* states no time."""
    if len(wanted) <= _DAY:
        return None
    if found is None:
        return False
    return _minute(found) == _minute(datetime.fromisoformat(wanted))


def _minute(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=_LOCAL)
    return aware.astimezone(UTC).replace(second=0, microsecond=0)


def _people(names: Iterable[str]) -> list[str]:
    parts = (part for name in names for part in _SEVERAL.split(name.lower()))
    return sorted(_line(part) for part in parts if part.strip())


def _line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _bare_lines(text: str) -> set[str]:
    return {_bare(line) for line in text.split("\n")} - {""}


def _bare(line: str) -> str:
    return _EDGES.sub("", _squeezed(line).lower())


def _squeezed(text: str) -> str:
    return "".join(text.split())
