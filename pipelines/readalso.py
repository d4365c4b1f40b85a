"""A line -> the read-also it is: its label, its titles, its form. Only reads; `clean` cuts.

What a label is, and what merely sounds like one ("tapi baca juga isi artikelnya"), is decided here,
for labels beside other text in `readalso_inside`, and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.blocks import Line, Span
from pipelines.headline import WORD, bracket_end, is_headline, second_sentence, stops, words_in
from pipelines.labels import (
    COLON,
    FIRST_WORDS,
    LONE_HEADINGS,
    OPENING_CHARACTERS,
    PROMPTS,
    STRONG_OR_HEADING,
    WEAK_LABEL,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_TITLE = 250
LONGEST_LINE = 4 * LONGEST_TITLE
STRAY_WORDS = 3
FEWEST_TITLE_WORDS = 3
FEWEST_WEAK_WORDS = 4
"""Words of an unlinked title behind "Baca:", which otherwise says what to recite or to mean."""
_QUOTED = re.compile(r"[\"“‘']([^\"”’']{10,250})[\"”’']")
# A teaser in a list with its number of comments, seen with a bullet and without its label.
_COUNTED = re.compile(r"[-–•]\s+(\S.{25,200}\S)\s+(0)")
_PREPOSITION = re.compile(
    r"(?:di|dari|pada|untuk|dengan|agar|dan|yang|ini|itu|ke|oleh|dalam|secara|berikut)\s"
)
_VERB_WEAK = re.compile(
    r"(?:simak|lihat|tonton|saksikan|dengarkan|ikuti|klik|read|watch|see)\b", re.IGNORECASE
)
_ENGLISH = re.compile(r"\W*(?:read|see|watch|also)\b", re.IGNORECASE)
_GAP = 3
"""Characters that may stand between a label and its link."""
_SHORT_TAIL = 30
"""Characters behind a link that still belong to its title, such as "(Bagian 2)"."""
_LONGEST_LABEL = 80
_LONGEST_PROMPT = 160


@dataclass(frozen=True, slots=True)
class ReadAlso:
    """Where a read-also stands in a line, and what it is made of."""

    start: int
    end: int
    label: str
    """With its colon; what stands before the titles."""
    titles: tuple[tuple[str, str | None], ...]
    form: str
    rest: str = ""
    """Words that belong to neither: what a link's own text left out."""


def may_be_label(text: str) -> bool:
    """Tell cheaply whether a line can begin with a label."""
    return text.lstrip(OPENING_CHARACTERS)[:14].lower().startswith(FIRST_WORDS)


def own_line(line: Line) -> ReadAlso | None:
    """Read a line that is nothing but a read-also, label and titles."""
    text = line.text
    if text[0] in "-–•" and text[-1] == "0":
        return _counted(line)
    if len(text) > LONGEST_LINE or not may_be_label(text):
        return None
    match = STRONG_OR_HEADING.match(text)
    strong = bool(match and match["strong"])
    if match is None:
        match = WEAK_LABEL.match(text)
    if match is None or not WORD.search(text, match.end("label")) or _goes_on(match):
        return None
    links = [link for link in line.links if link.end > match.end("label") + 1]
    label_end, after = label_ends(match, links)
    if links:
        colon = is_colon(match["sep"])
        ok = _linked_line(line, links, label_end, after, strong=strong, colon=colon)
    else:
        ok = _plain_line(match, after, text[match.start("label") : label_end], strong=strong)
    if not ok:
        return None
    bracketed = "(" in text[: match.start("label")] or "[" in text[: match.start("label")]
    form = "own_paragraph" if links or line.links else "own_line"
    if bracketed and text.rstrip(" .").endswith((")", "]")):
        form = "parenthesised"
    return read_also(line, 0, len(text), after, links, form=form)


def label_alone(line: Line) -> str | None:
    """Return `strong`, `heading` or `weak` for a line that is nothing but a label."""
    if len(line.text) > _LONGEST_LABEL or not may_be_label(line.text):
        return None
    for pattern in (STRONG_OR_HEADING, WEAK_LABEL):
        match = pattern.match(line.text)
        if match and not WORD.search(line.text, match.end()):
            if pattern is WEAK_LABEL:
                return "weak" if is_colon(match["sep"]) else None
            return "strong" if match["strong"] else "heading"
    return None


def is_heading_label(text: str) -> bool:
    """Tell whether a heading is one only of related links, whatever stands below it."""
    match = STRONG_OR_HEADING.match(text)
    if not match or not match["heading"]:
        return False
    return " " in match["heading"] or match["heading"].lower() in LONE_HEADINGS


def is_prompt(line: Line) -> bool:
    """Tell whether a line asks to read on elsewhere: "Selengkapnya baca di sini"."""
    text = line.text
    return (
        len(text) <= _LONGEST_PROMPT and may_be_label(text) and PROMPTS.fullmatch(text) is not None
    )


def announces(label: Line) -> bool:
    """Tell whether a label ends as one that something follows."""
    return bool(re.search(r"[:：>»]\s*$", label.text))


def is_lone_title(label: Line, line: Line) -> bool:
    """Tell whether a line without links is the title that the label above it announces."""
    text = line.text
    return (
        announces(label)
        and len(text) <= LONGEST_TITLE
        and not text.endswith((".", ",", ";", ":", '."', ".”"))
        and is_headline(text)
    )


def _counted(line: Line) -> ReadAlso | None:
    counted = _COUNTED.fullmatch(line.text)
    if not counted or not is_headline(counted[1]):
        return None
    href = line.links[0].href if line.links else None
    return ReadAlso(0, len(line.text), "", ((counted[1], href),), "list", counted[2])


def _linked_line(
    line: Line, links: list[Span], label_end: int, after: int, *, strong: bool, colon: bool
) -> bool:
    """Tell whether a labelled line with links is a read-also to its very end."""
    first, last = links[0], last_of_run(line.text, links)
    if first.start > after + _GAP:
        # The link starts inside the title.
        return (colon or strong) and second_sentence(line.text[after:]) is None
    tail = line.text[last:]
    words = words_in(tail)
    if first.start < label_end:
        return words <= STRAY_WORDS and (colon or not _is_english_sentence(line.text, after))
    if not colon and _is_english_sentence(line.text, after):
        return False
    if strong or colon:
        short = len(tail) <= _SHORT_TAIL and not tail.rstrip().endswith(".")
        return not words or (short and colon)
    title = line.text[first.start : first.end]
    return not words and words_in(title) >= FEWEST_TITLE_WORDS


def _is_english_sentence(text: str, after: int) -> bool:
    """Tell whether an English label is a verb in a sentence: "Read more about the river"."""
    return bool(_ENGLISH.match(text)) and text[after:].lstrip()[:1].islower()


def _plain_line(match: re.Match[str], after: int, label: str, *, strong: bool) -> bool:
    """Tell whether a labelled line without links is a read-also."""
    opening, rest = match.string[: match.start("label")].strip(), match.string[after:]
    if len(rest) > LONGEST_TITLE or second_sentence(rest) is not None or _says(opening, rest):
        return False
    brackets = opening.startswith(("(", "["))
    if brackets and not strong and (words_in(rest) < FEWEST_WEAK_WORDS or not is_headline(rest)):
        return False
    if is_colon(match["sep"]):
        return strong or _colon_title(match, label, rest)
    if _PREPOSITION.match(rest.lstrip()) or stops(rest):
        return False
    if not strong:
        titled = label.lower() in ("baca artikel", "baca berita")
        return titled and words_in(rest) >= FEWEST_TITLE_WORDS and is_headline(rest)
    inviting = label.lower().startswith(("jom", "yuk", "ayo")) or " terkait" in label.lower()
    return inviting or is_headline(rest)


def _colon_title(match: re.Match[str], label: str, rest: str) -> bool:
    """Tell whether a title stands behind the colon of a label that is not strong."""
    if match.re is STRONG_OR_HEADING:
        # "Terkait: polisi masih ..." and "Rekomendasi: kurangi gula" are text.
        return is_heading_label(label) and is_headline(rest) and not stops(rest)
    if words_in(rest) < FEWEST_WEAK_WORDS:
        return False
    if is_headline(rest) and not stops(rest):
        return True
    return not stops(rest) and (label.isupper() or not _VERB_WEAK.match(label))


def label_ends(match: re.Match[str], links: Sequence[Span]) -> tuple[int, int]:
    """Return where a label ends, and where its titles begin: before a link that it seems to enter.

    Words in a link are its title, as long as what is left before it is a label of the same kind.
    """
    text, label_end = match.string, match.end("label")
    first = next((one.start for one in links if one.start > match.start("label")), len(text))
    if first < label_end:
        before = len(text[:first].rstrip())
        shorter = match.re.fullmatch(text, match.start(), before)
        if shorter and _kind(shorter) == _kind(match):
            return shorter.end("label"), first
    whose = match.start("whose") if "whose" in match.re.groupindex else -1
    if whose >= 0 and first == len(text) and not is_colon(match["sep"]):
        return len(text[:whose].rstrip()), whose
    return label_end, match.end()


def _kind(match: re.Match[str]) -> str:
    named = match.groupdict()
    return next((name for name in ("strong", "heading", "weak") if named.get(name)), "")


def _says(opening: str, rest: str) -> bool:
    """Tell whether label and *rest* are a sentence in quotation marks, no headline."""
    return opening[-1:] in ("“", '"') and stops(rest) and not is_headline(rest)


def _goes_on(match: re.Match[str]) -> bool:
    """Tell whether words follow the brackets that a label and its title stand in."""
    text = match.string
    end = bracket_end(text, 0, longest=LONGEST_LINE) if text[0] in "([" else None
    if end is None or not WORD.search(text, match.end("label"), end):
        return False
    return bool(WORD.search(text, end))


def is_colon(separator: str | None) -> bool:
    """Tell whether what stands between label and title sets the title off."""
    return bool(separator and COLON.search(separator))


def last_of_run(text: str, links: Sequence[Span]) -> int:
    """Return the end of the last of the links that follow each other without words between."""
    end = links[0].end
    for link in links[1:]:
        between = text[end : link.start]
        if link.start > end and WORD.search(between) and between.strip() != "dan":
            break
        end = max(end, link.end)
    return end


def read_also(
    line: Line,
    start: int,
    end: int,
    after: int,
    links: Sequence[Span] = (),
    *,
    form: str,
) -> ReadAlso:
    """Name label and titles of the part from *start* to *end*; titles begin at *after*."""
    text = line.text
    label = text[start:after]
    merged: list[Span] = []
    for link in links:
        begin, stop = max(link.start, after), min(link.end, end)
        if stop <= begin or not WORD.search(text[begin:stop]):
            continue
        if merged and link.href == merged[-1].href:
            merged[-1] = Span(merged[-1].start, stop, link.href)
        else:
            merged.append(Span(max(begin, merged[-1].end) if merged else begin, stop, link.href))
    href = next((link.href for link in line.links if link.end > start and link.start < end), None)
    if not merged or (len(merged) == 1 and not _covers(text, merged[0], after, end)):
        inner = text[after:end]
        quoted = (
            _QUOTED.search(inner) if form != "parenthesised" and "selengkapnya" in inner else None
        )
        title = quoted[1] if quoted else inner
        rest = inner.replace(title, " ", 1) if quoted else ""
        return ReadAlso(start, end, label, ((title, href),), form, rest)
    rest_parts, at = [], after
    for link in merged:
        rest_parts.append(text[at : link.start])
        at = link.end
    rest_parts.append(text[at:end])
    titles = tuple((text[link.start : link.end], link.href) for link in merged)
    rest = " ".join(part for part in rest_parts if WORD.search(part))
    return ReadAlso(start, end, label, titles, form, rest)


def _covers(text: str, link: Span, start: int, end: int) -> bool:
    outside = text[start : link.start] + text[link.end : end]
    return words_in(outside) <= STRAY_WORDS
