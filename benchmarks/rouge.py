"""ROUGE-LSum: how much of a wanted text stands, in its order, in a found one.

The definition is that of the `rouge-score` package without stemming (summary-level longest common
subsequence, Lin 2004, section 3.2, each word counted once), which the Fundus evaluation uses. The
package fills one table per pair of sentences in Python; here a row of that table is the bits of one
integer (Hyyrö 2004), and a sentence that stands whole in the found text needs none.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from benchmarks.scoring import Score

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"[a-z0-9]+")
_MOST_OPTIONAL = 10
"""Optional paragraphs whose every choice is tried; more are in as they stand."""


def rouge_lsum(found: str, wanted: str) -> Score:
    """Score a text line by line.

    Args:
        found: What was extracted; a sentence, here a paragraph, per line.
        wanted: What ought to be, likewise.

    >>> rouge_lsum("harga beras naik", "harga beras turun").f1
    0.6666666666666666
    """
    return Reference(wanted.split("\n")).score(found)


class Reference:
    """A wanted text, some of whose paragraphs may be missing.

    Args:
        paragraphs: In order.
        optional: Positions of those that may be in the found text or not: the choice that scores
            best counts.
    """

    def __init__(self, paragraphs: Sequence[str], optional: Sequence[int] = ()) -> None:
        self.sentences = [_tokens(one) for one in paragraphs]
        self.optional = tuple(optional) if len(optional) <= _MOST_OPTIONAL else ()

    def score(self, found: str) -> Score:
        """Score a text, a sentence per line, by the best choice of paragraphs."""
        lines = [tokens for tokens in map(_tokens, found.split("\n")) if tokens]
        have = Counter(token for line in lines for token in line)
        shared = [_union(sentence, lines) for sentence in self.sentences]
        scores = [self._scored(left_out, shared, have) for left_out in _choices(self.optional)]
        return max(scores, key=lambda one: one.f1)

    def _scored(
        self, left_out: frozenset[int], shared: Sequence[Sequence[str]], have: Counter[str]
    ) -> Score:
        kept = [at for at in range(len(self.sentences)) if at not in left_out]
        want = Counter(token for at in kept for token in self.sentences[at])
        hits = (Counter(token for at in kept for token in shared[at]) & have).total()
        if not want or not have:
            return Score(0.0, 0.0)
        return Score(hits / have.total(), hits / want.total())


def _choices(optional: Sequence[int]) -> Iterator[frozenset[int]]:
    for size in range(len(optional) + 1):
        yield from map(frozenset, combinations(optional, size))


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(text.lower()))


def _union(wanted: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> Sequence[str]:
    """Return the words of *wanted* that are in the longest common subsequence with any line."""
    if wanted in lines:
        return wanted
    words = set(wanted)
    positions = {at for line in lines if not words.isdisjoint(line) for at in _common(wanted, line)}
    return [wanted[at] for at in positions]


def _common(wanted: tuple[str, ...], line: tuple[str, ...]) -> Iterator[int]:
    """Yield, from the last, the positions of *wanted* in a longest common subsequence.

    Of several, the one that a walk from the table's end finds when it prefers dropping words of
    *wanted*, as the package does.
    """
    at: dict[str, int] = {}
    for column, token in enumerate(line):
        at[token] = at.get(token, 0) | 1 << column
    full = (1 << len(line)) - 1
    # A cleared bit j of row i: the table grows by one between columns j and j + 1.
    rows = [full]
    for token in wanted:
        matches = rows[-1] & at.get(token, 0)
        rows.append((rows[-1] + matches | rows[-1] - matches) & full)
    row, column = len(wanted), len(line)
    while row and column:
        below = (1 << column) - 1
        if wanted[row - 1] == line[column - 1]:
            row -= 1
            column -= 1
            yield row
        elif (rows[row] & below).bit_count() < (rows[row - 1] & below).bit_count():
            column -= 1
        else:
            row -= 1
