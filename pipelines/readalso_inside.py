"""A line -> the read-alsos that stand in it beside other text. Only reads; `clean` cuts."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.headline import (
    WORD,
    bracket_end,
    in_quotes,
    is_headline,
    opens_sentence,
    second_sentence,
    stops,
    word_starts,
    words_in,
)
from pipelines.labels import INSIDE, INSIDE_HINTS, INSIDE_WORDS
from pipelines.readalso import (
    FEWEST_TITLE_WORDS,
    FEWEST_WEAK_WORDS,
    LONGEST_LINE,
    LONGEST_TITLE,
    ReadAlso,
    is_colon,
    label_ends,
    last_of_run,
    may_be_label,
    read_also,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.blocks import Line, Span

_GAP = 3
"""Characters that may stand between a label and its link."""
_MOST_LABELS = 100
"""Looked at in one line."""
_STRETCH = 4_000
"""Characters in which labels are looked for at once."""
_LONGEST_WORD = max(map(len, INSIDE_WORDS))
_SETS_OFF = re.compile(r"[:：>»›→➡►▶|…–—]")
_ARROWS = " →➡►▶»›>👉•|*\ufe0f"
_STRAY = re.compile(r"[A-Z0-9][A-Z0-9.]*(?:\s+[A-Z0-9][A-Z0-9.]*)?\W*")
"""A code that an outlet writes in front of every paragraph."""


def inside(line: Line, begin: int) -> Iterator[ReadAlso]:
    """Yield what of a line, from *begin* on, is a read-also beside other text."""
    text = line.text
    for match in islice(_labels(line, begin), _MOST_LABELS):
        start = match.start()
        if text[max(0, start - 3) : start].strip(" \"“'")[-1:] in ("(", "["):
            found = _parenthesised(line, match)
        else:
            found = _in_running_text(line, match)
        if found:
            yield _with_arrow(text, found)


def holds_label(text: str) -> bool:
    """Tell cheaply whether a label may stand in a line, at its start or inside."""
    low = text.lower()
    return may_be_label(text) or any(word in low for word in INSIDE_WORDS)


def _with_arrow(text: str, found: ReadAlso) -> ReadAlso:
    """Take along the arrow or bullet in front of a label."""
    start = len(text[: found.start].rstrip(_ARROWS))
    if not text[start : found.start].strip():
        return found
    return replace(found, start=start, label=text[start : found.start] + found.label)


def _labels(line: Line, begin: int) -> Iterator[re.Match[str]]:
    text = line.text
    if not (line.links or _SETS_OFF.search(text)):
        low = text.lower()
        if not any(hint in low for hint in INSIDE_HINTS):
            return
    end = begin
    for first in range(begin, len(text), _STRETCH):
        for at in _word_starts(text, first):
            if at >= end and (match := INSIDE.match(text, at)):
                yield match
                end = match.end()


def _word_starts(text: str, first: int) -> list[int]:
    """Return where in a stretch of a text words stand that a label may begin with."""
    part = text[first : first + _STRETCH + _LONGEST_WORD - 1]
    low = part.lower()
    if len(low) != len(part):  # such as "İ", which is two characters in small letters
        low = "".join(char.lower()[:1] for char in part)
    starts = []
    for word in INSIDE_WORDS:
        last = _STRETCH + len(word) - 1
        at = low.find(word, 0, last)
        while at >= 0:
            if word_starts(text, first + at):
                starts.append(first + at)
            at = low.find(word, at + 1, last)
    return sorted(starts)


def _parenthesised(line: Line, match: re.Match[str]) -> ReadAlso | None:
    text = line.text
    start = max(text.rfind("(", 0, match.start()), text.rfind("[", 0, match.start()))
    end = bracket_end(text, start, longest=LONGEST_LINE)
    if end is None:
        return None
    links = [one for one in line.links if one.start < end and one.end > match.end("label")]
    # "(baca: ...)" without a link says what a word really means.
    announced = is_colon(match["sep"]) and not match["weak"]
    if not (announced or links) or not WORD.search(text[match.end() : end]):
        return None
    _, after = label_ends(match, links)
    found = read_also(line, start, end, after, links, form="parenthesised")
    if len(found.titles) == 1 and not links:
        title = text[match.end() : end - 1]
        found = ReadAlso(start, end, found.label, ((title, None),), "parenthesised")
    return found


def _in_running_text(line: Line, match: re.Match[str]) -> ReadAlso | None:
    """Read a label beside running text: with a link, in a mark of its own, or at the end."""
    text, start, after = line.text, match.start(), match.end()
    links = [one for one in line.links if one.end > match.end("label") + 1]
    if links and links[0].start <= after + _GAP:
        return _linked(line, match, links)
    strong = bool(match["strong"] or match["heading"])
    colon = is_colon(match["sep"])
    labels = strong or (colon and match["weak"].lower() == "baca")
    if not labels or in_quotes(text, start):
        return None
    mark = _mark_at(line, start)
    marked = mark is not None and mark.end > after and (colon or opens_sentence(text, start))
    if mark is not None and marked and WORD.search(text[after : mark.end]):
        return read_also(line, start, mark.end, after, form=_end_form(text, mark.end))
    return _unlinked(line, match, strong=strong, colon=colon)


def _unlinked(line: Line, match: re.Match[str], *, strong: bool, colon: bool) -> ReadAlso | None:
    text, start, after = line.text, match.start(), match.end()
    glued = start > 0 and text[start - 1].isalnum() and text[start].isupper()
    abrupt = strong and colon and _is_written_as_label(match)
    if not (opens_sentence(text, start) or glued or abrupt):
        return None
    end = second_sentence(text, after, after + LONGEST_TITLE) or len(text)
    title, last = text[after:end], end == len(text)
    if not _is_unlinked_title(title, strong=strong, colon=colon, last=last):
        return None
    found = read_also(line, start, end, after, form=_end_form(text, end))
    if last and abrupt and _STRAY.fullmatch(text, 0, start):
        return replace(found, start=0, rest=text[:start].strip())
    return found


def _is_written_as_label(match: re.Match[str]) -> bool:
    """Tell whether a label in the middle of a sentence is written as none of its words would be."""
    label = match["label"]
    second = label.partition(" ")[2][:1]
    headline = is_headline(match.string[match.end() : match.end() + LONGEST_TITLE])
    return label.isupper() or (label[:1].isupper() and (second.isupper() or headline))


def _linked(line: Line, match: re.Match[str], links: Sequence[Span]) -> ReadAlso | None:
    text, start = line.text, match.start()
    covers = links[0].start <= start + 1
    if not is_colon(match["sep"]):
        strong = bool(match["strong"] or match["heading"])
        alone = opens_sentence(text, start) or (
            text[start].isupper() and _mark_at(line, start) is not None
        )
        if not (strong and alone and (covers or _is_title(text, links[0]))):
            return None
    end = links[0].end if covers else last_of_run(text, links)
    end = _with_closing(text, start, end)
    run = [one for one in links if one.start < end]
    return read_also(line, start, end, label_ends(match, run)[1], run, form="inline")


def _is_unlinked_title(title: str, *, strong: bool, colon: bool, last: bool) -> bool:
    if not WORD.search(title) or len(title) > LONGEST_TITLE:
        return False
    if not colon:
        return last and is_headline(title) and not stops(title)
    if not strong and words_in(title) < FEWEST_WEAK_WORDS:
        return False
    return is_headline(title) or (strong and not title.lstrip(" \"'“‘«")[:1].islower())


def _mark_at(line: Line, start: int) -> Span | None:
    return next((one for one in line.marks if abs(one.start - start) <= 1 < one.end - start), None)


def _is_title(text: str, link: Span) -> bool:
    title = text[link.start : link.end]
    return words_in(title) >= FEWEST_TITLE_WORDS and is_headline(title)


def _end_form(text: str, end: int) -> str:
    return "glued" if not WORD.search(text, end) else "inline"


def _with_closing(text: str, start: int, end: int) -> int:
    """Take the full stop behind a link along where it ends no other sentence."""
    if text[end:].strip() == ".":
        return len(text)
    lone = text[end : end + 1] == "." and (start == 0 or stops(text[:start]))
    return end + lone
