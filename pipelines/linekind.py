"""A line of text -> which kind of boilerplate it is as a whole, if any."""

from __future__ import annotations

import re

from pipelines.boilerplate import CREDIT, HEAD, ROWS, SIGNOFFS
from pipelines.headline import is_headline, stops, words_in

_KNOWN = frozenset(word for row in ROWS for word in row.words)
_LONGEST = max(row.longest for row in ROWS)
_TOKEN = re.compile(r"[a-z]+|[@#©\[/]")
_LONGEST_CREDIT = 240
_LONGEST_SOURCE = 60
"""Characters of a credit that is not written as names are."""
_MOST_SOURCE_WORDS = 9
_LONGEST_SENTENCE_OF_NAMES = 5
"""Words with a full stop behind them that may still be a name."""
_LONGEST_HEAD = 90
_SIGNED = ")]*# ."


def line_kind(text: str, *, head: bool = False) -> str | None:
    """Return the kind of a line that is boilerplate as a whole.

    Args:
        text: White space collapsed.
        head: Whether nothing of the article stands before it.

    >>> line_kind("SCROLL TO CONTINUE WITH CONTENT")
    'advertisement'
    >>> line_kind("Iklan rokok itu dilarang sejak tahun lalu.")
    """
    if is_signoff(text):
        return "signoff"
    size = len(text)
    kind = _row_kind(text, size) if size <= _LONGEST else None
    if kind:
        return kind
    if size <= _LONGEST_CREDIT and _is_credit(text):
        return "credit"
    if head and size <= _LONGEST_HEAD and any(one.fullmatch(text) for one in HEAD):
        return "byline"
    return None


def is_signoff(text: str) -> bool:
    """Tell whether a line is nothing but editors' initials."""
    if len(text) > _LONGEST_HEAD or text[-1:] not in _SIGNED:
        return False
    return any(pattern.fullmatch(text) for pattern in SIGNOFFS)


def _row_kind(text: str, size: int) -> str | None:
    words = _KNOWN.intersection(_TOKEN.findall(text.lower()))
    if not words:
        return None
    for row in ROWS:
        held = size <= row.longest and not words.isdisjoint(row.words)
        if held and row.pattern.fullmatch(text):
            return row.kind
    return None


def _is_credit(text: str) -> bool:
    match = CREDIT.fullmatch(text) if ":" in text or "：" in text else None
    if match is None:
        return False
    value = match["first"]
    if value.startswith("http"):
        return True
    if len(value) > _LONGEST_SOURCE:
        return is_headline(value)
    words = words_in(value)
    sentence = stops(value) and words > _LONGEST_SENTENCE_OF_NAMES
    return words <= _MOST_SOURCE_WORDS and not sentence
