"""F1 by the article extraction benchmark's own evaluation (scrapinghub, 2020).

Both texts are cut into words and these into overlapping runs of four; runs are compared as
multisets, so the order counts as far as four words reach. A page's precision is the share of found
runs that are wanted, its recall the share of wanted runs that were found. The figure is the
harmonic mean of the mean precision and the mean recall: it is no mean of page scores. A page
without any found run has no precision, and one without any wanted run no recall.
"""

from __future__ import annotations

import re
from collections import Counter
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"\w+")
_RUN = 4

Page = tuple[float | None, float | None]
"""Precision and recall of one page; `None` where there is nothing to divide by."""


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four words, case kept; a shorter text is one run.

    >>> sorted(shingles("naik lagi harga beras naik"))
    [('lagi', 'harga', 'beras', 'naik'), ('naik', 'lagi', 'harga', 'beras')]
    """
    words = _WORD.findall(text)
    if not words:
        return Counter()
    return Counter(
        tuple(words[start : start + _RUN]) for start in range(max(1, len(words) - _RUN + 1))
    )


def compared(found: str, wanted: str) -> Page:
    """Return precision and recall of one page."""
    have, want = shingles(found), shingles(wanted)
    shared = (have & want).total()
    return (
        shared / have.total() if have else None,
        shared / want.total() if want else None,
    )


def shingle_f1(pages: Iterable[Page]) -> float:
    """Return the benchmark's F1 of several pages; 0 where nothing is shared."""
    pages = list(pages)
    precision = _mean(one for one, _ in pages)
    recall = _mean(one for _, one in pages)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _mean(shares: Iterable[float | None]) -> float:
    known = [one for one in shares if one is not None]
    return fmean(known) if known else 0.0
