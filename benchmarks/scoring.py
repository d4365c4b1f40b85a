"""How near an extracted article is to what a careful reader says is in the page.

Pure functions over texts; the benchmarks and the gold tests share them.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipelines.records import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_TOKEN = re.compile(r"\w+")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPage:
    """A page and what a reader says is in it."""

    name: str
    page: Page
    gold: dict[str, Any]
    """As in its JSON file."""


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


def left_behind(body: str, unwanted: Iterable[str]) -> list[str]:
    """Return the unwanted strings that stand in *body*, white space and case aside."""
    have = _squeezed(body).lower()
    return [one for one in unwanted if _squeezed(one).lower() in have]


def gold_pages(folder: Path) -> Iterator[GoldPage]:
    """Read `<name>.html.gz` and `<name>.json` pairs, by name.

    Page bytes come as they lie there: no header says more of them than that they are HTML.
    """
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        html = gzip.decompress(path.with_suffix(".html.gz").read_bytes())
        page = Page(
            url=gold["url"],
            final_url=gold["url"],
            status=200,
            headers=(("Content-Type", "text/html"),),
            payload=html,
            fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
        )
        yield GoldPage(name=path.stem, page=page, gold=gold)


def _squeezed(text: str) -> str:
    return "".join(text.split())
