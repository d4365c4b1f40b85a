"""A line -> the read-also in it: where it stands, its label, its titles, its form.

Only reads; `clean` cuts. What a label is, and what merely sounds like one ("tapi baca juga isi
artikelnya"), is decided here and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from pipelines.blocks import Line, Span
from pipelines.labels import INSIDE, STRONG_OR_HEADING, WEAK_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_TITLE = 250
_STOP = ".!?…:;"
_CLOSING = "\"'“”‘’»)]}>"
_OPENING_QUOTES = "\"'“‘«"
# One that opens follows a space or a colon.
_STRAIGHT_QUOTE = re.compile(r"(?P<closes>(?<![\s:(]))?\"")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“])(?:[A-Za-z]|dr|Dr|Prof|Ir|Hj|No|St|Jl|vs|Jr|Sr|Mr|Mrs|Kol|Jend|Letjen|Mayjen|Brigjen|KH|Tgk|Ust)\.$"
)
_SENTENCE = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[\"“‘(]?[A-Z])")
_QUOTED = re.compile(r"[\"“‘']([^\"”’]{10,250})[\"”’']")
# A teaser in a list with its number of comments, seen with a bullet and without its label.
_COUNTED = re.compile(r"[-–•]\s+(\S.{25,200}\S)\s+(0)")
_GAP = 3
"""Characters that may stand between a label and its link."""
_HEADLINE = 0.6
"""Least share of long words that a headline writes with a capital."""
_SHORT_TAIL = 30
"""Characters behind a link that still belong to its title, such as "(Bagian 2)"."""
_STRAY_WORDS = 3
_FEWEST_TITLE_WORDS = 3
_FEWEST_SENTENCE_WORDS = 4
_FEWEST_APART = 4
"""Words of a title behind "(baca:", which otherwise says what a word really means."""
_LONG_WORD = 4
"""Letters; headlines write shorter words small, too."""
_LONGEST_LABEL = 80
_MOST_LABELS = 100
"""Looked at in one line."""

WORD = re.compile(r"[^\W_]+")


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


def own_line(line: Line) -> ReadAlso | None:
    """Read a line that is nothing but a read-also, label and titles."""
    text = line.text
    counted = _COUNTED.fullmatch(text)
    if counted and is_headline(counted[1]):
        href = line.links[0].href if line.links else None
        return ReadAlso(0, len(text), "", ((counted[1], href),), "list", counted[2])
    if len(text) > 4 * LONGEST_TITLE:
        return None
    match = STRONG_OR_HEADING.match(text)
    strong = bool(match and match["strong"])
    if match is None:
        match = WEAK_LABEL.match(text)
    if match is None or not WORD.search(text, match.end("label")) or _goes_on(match):
        return None
    opening = text[: match.start("label")].strip()
    brackets = opening.startswith(("(", "["))
    links = [link for link in line.links if link.end > match.end("label") + 1]
    label_end, after = _label_ends(match, links)
    colon = _is_colon(match["sep"])
    if links:
        ok = _linked_line(line, links, label_end, after, strong=strong, colon=colon)
    else:
        rest = text[after:]
        ok = _plain_line(rest, text[match.start("label") : label_end], strong=strong, colon=colon)
        if brackets and not strong:
            ok = ok and is_headline(rest) and len(WORD.findall(rest)) >= _FEWEST_APART
        ok = ok and not _says(opening, rest) and not _second_sentence(rest)
    if not ok:
        return None
    form = "own_paragraph" if links or line.links else "own_line"
    if brackets and text.endswith((")", "]")):
        form = "parenthesised"
    return read_also(line, 0, len(text), after, links, form=form)


def inside(line: Line, begin: int) -> Iterator[ReadAlso]:
    """Yield what of a line, from *begin* on, is a read-also beside other text."""
    text = line.text
    for match in islice(INSIDE.finditer(text, begin), _MOST_LABELS):
        start = match.start()
        if not _word_starts(text, start):
            continue
        if text[max(0, start - 3) : start].strip(" \"“'")[-1:] in ("(", "["):
            found = _parenthesised(line, match)
        else:
            found = _in_running_text(line, match)
        if found:
            yield found


def label_alone(line: Line) -> str | None:
    """Return `strong`, `heading` or `weak` for a line that is nothing but a label."""
    if len(line.text) > _LONGEST_LABEL:
        return None
    for pattern in (STRONG_OR_HEADING, WEAK_LABEL):
        match = pattern.match(line.text)
        if match and not WORD.search(line.text, match.end()):
            if pattern is WEAK_LABEL:
                return "weak" if _is_colon(match["sep"]) else None
            return "strong" if match["strong"] else "heading"
    return None


def is_heading_label(text: str) -> bool:
    """Tell whether a label of two words and more is one only of related links."""
    match = STRONG_OR_HEADING.match(text)
    return bool(match and match["heading"] and " " in match["heading"])


def is_lone_title(label: Line, line: Line) -> bool:
    """Tell whether a line without links is the title that the label above it announces."""
    text = line.text
    return (
        bool(re.search(r"[:：>»]\s*$", label.text))
        and len(text) <= LONGEST_TITLE
        and not text.endswith((".", ",", ";", ":", '."', ".”"))
        and is_headline(text)
    )


def _linked_line(
    line: Line, links: list[Span], label_end: int, after: int, *, strong: bool, colon: bool
) -> bool:
    """Tell whether a labelled line with links is a read-also to its very end."""
    first, last = links[0], _last_of_run(line.text, links)
    if first.start > after + _GAP:
        # The link starts inside the title.
        return (colon or strong) and not _second_sentence(line.text[after:])
    tail = line.text[last:]
    words = WORD.findall(tail)
    if first.start < label_end:
        return len(words) <= _STRAY_WORDS
    if strong or colon:
        short = len(tail) <= _SHORT_TAIL and not tail.rstrip().endswith(".")
        return not words or (short and colon)
    title = line.text[first.start : first.end]
    return not words and len(WORD.findall(title)) >= _FEWEST_TITLE_WORDS


def _plain_line(rest: str, label: str, *, strong: bool, colon: bool) -> bool:
    """Tell whether a labelled line without links is a read-also."""
    if len(rest) > LONGEST_TITLE:
        return False
    if strong and colon:
        return True
    stops = _stops(rest)
    if colon:
        return is_headline(rest) or not (stops or _verb_weak(label))
    if not strong:
        titled = label.lower() in ("baca artikel", "baca berita")
        enough = len(WORD.findall(rest)) >= _FEWEST_TITLE_WORDS
        return titled and enough and is_headline(rest) and not stops
    if label.lower().startswith(("jom", "yuk", "ayo")) or " terkait" in label.lower():
        return not stops
    return is_headline(rest) and not stops


def _verb_weak(label: str) -> bool:
    return bool(re.match(r"(?:simak|lihat|tonton|saksikan)\b", label, re.IGNORECASE))


def is_headline(text: str) -> bool:
    """Tell whether words are written as in a headline: most long ones with a capital.

    >>> is_headline("Menlu Tiongkok Ungkap Jalan Menuju Pertemuan")
    True
    >>> is_headline("isi artikelnya sampai habis")
    False
    """
    words = [word for word in WORD.findall(text) if len(word) >= _LONG_WORD and not word.isdigit()]
    if not words:
        return bool(WORD.search(text)) and text.strip()[:1].isupper()
    capitals = sum(1 for word in words if word[0].isupper())
    return bool(capitals >= _HEADLINE * len(words))


def _label_ends(match: re.Match[str], links: Sequence[Span]) -> tuple[int, int]:
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
    if whose >= 0 and first == len(text) and not _is_colon(match["sep"]):
        return len(text[:whose].rstrip()), whose
    return label_end, match.end()


def _kind(match: re.Match[str]) -> str:
    named = match.groupdict()
    return next((name for name in ("strong", "heading", "weak") if named.get(name)), "")


def _stops(text: str) -> bool:
    return text.rstrip(" " + _CLOSING).endswith(".")


def _says(opening: str, rest: str) -> bool:
    """Tell whether label and *rest* are a sentence in quotation marks, no headline."""
    return opening[-1:] in ("“", '"') and _stops(rest) and not is_headline(rest)


def _goes_on(match: re.Match[str]) -> bool:
    """Tell whether words follow the brackets that a label and its title stand in."""
    text = match.string
    end = _bracket_end(text, 0) if text[0] in "([" else None
    if end is None or not WORD.search(text, match.end("label"), end):
        return False
    return bool(WORD.search(text, end))


def _bracket_end(text: str, start: int) -> int | None:
    opening = text[start]
    closing = ")" if opening == "(" else "]"
    depth = 0
    for at in range(start, min(len(text), start + 4 * LONGEST_TITLE)):
        depth += (text[at] == opening) - (text[at] == closing)
        if depth == 0:
            return at + 1
    return None


def _second_sentence(text: str) -> bool:
    """Tell whether a sentence ends in *text* and another, no headline, begins."""
    for match in _SENTENCE.finditer(text):
        if text[match.start()] == "." and not _ABBREVIATION.search(text[: match.start() + 1]):
            rest = text[match.end() :]
            if len(WORD.findall(rest)) >= _FEWEST_SENTENCE_WORDS and not is_headline(rest):
                return True
    return False


def _is_colon(separator: str | None) -> bool:
    return bool(separator and re.search(r"[:：︰;>»›→➡►▶|–—=-]", separator))


def _last_of_run(text: str, links: Sequence[Span]) -> int:
    """Return the end of the last of the links that follow each other without words between."""
    end = links[0].end
    for link in links[1:]:
        between = text[end : link.start]
        if link.start > end and (WORD.sub("", between) != between and between.strip() != "dan"):
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
            merged.append(Span(begin, stop, link.href))
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
    return len(WORD.findall(outside)) <= _STRAY_WORDS


def _word_starts(text: str, at: int) -> bool:
    if at == 0:
        return True
    before = text[at - 1]
    return not (before.isalnum() or before in "_-/@#") or (
        text[at].isupper() and (before.islower() or before.isdigit())
    )


def _parenthesised(line: Line, match: re.Match[str]) -> ReadAlso | None:
    text = line.text
    start = max(text.rfind("(", 0, match.start()), text.rfind("[", 0, match.start()))
    end = _bracket_end(text, start)
    if end is None:
        return None
    links = [one for one in line.links if one.start < end and one.end > match.end("label")]
    # "(baca: ...)" without a link says what a word really means.
    announced = _is_colon(match["sep"]) and not match["weak"]
    if not (announced or links) or not WORD.search(text[match.end() : end]):
        return None
    _, after = _label_ends(match, links)
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
        return _linked_inside(line, match, links)
    strong = bool(match["strong"] or match["heading"])
    colon = _is_colon(match["sep"])
    labels = strong or (colon and match["weak"].lower() == "baca")
    if not labels or _in_quotes(text, start):
        return None
    mark = _mark_at(line, start)
    marked = mark is not None and mark.end > after and (colon or _opens(text, start))
    if mark is not None and marked and WORD.search(text[after : mark.end]):
        return read_also(line, start, mark.end, after, form=_end_form(text, mark.end))
    glued = start > 0 and text[start - 1].isalnum() and text[start].isupper()
    if not (_opens(text, start) or glued):
        return None
    end = _title_end(text, after)
    if not _unlinked_title(text[after:end], strong=strong, colon=colon, last=end == len(text)):
        return None
    return read_also(line, start, end, after, form=_end_form(text, end))


def _linked_inside(line: Line, match: re.Match[str], links: Sequence[Span]) -> ReadAlso | None:
    text, start = line.text, match.start()
    covers = links[0].start <= start + 1
    if not _is_colon(match["sep"]):
        strong = bool(match["strong"] or match["heading"])
        alone = _opens(text, start) or (text[start].isupper() and _mark_at(line, start) is not None)
        if not (strong and alone and (covers or _is_title(text, links[0]))):
            return None
    end = links[0].end if covers else _last_of_run(text, links)
    end = _with_closing(text, end)
    run = [one for one in links if one.start < end]
    return read_also(line, start, end, _label_ends(match, run)[1], run, form="inline")


def _unlinked_title(title: str, *, strong: bool, colon: bool, last: bool) -> bool:
    if not WORD.search(title) or len(title) > LONGEST_TITLE:
        return False
    if not colon:
        return last and is_headline(title) and not _stops(title)
    return is_headline(title) or (strong and not title.lstrip(" " + _OPENING_QUOTES)[:1].islower())


def _in_quotes(text: str, at: int) -> bool:
    """Tell whether a quotation is open there that is closed behind it."""
    before = text[:at]
    if before.rfind("“") > before.rfind("”"):
        return "”" in text[at:].partition("“")[0]
    closing = _STRAIGHT_QUOTE.search(text, at)
    return before.count('"') % 2 == 1 and bool(closing and closing["closes"])


def _opens(text: str, start: int) -> bool:
    """Tell whether a sentence can begin there: a capital, and the one before is over."""
    before = text[:start].rstrip()
    return text[start].isupper() and (not before or before[-1] in _STOP + _CLOSING)


def _mark_at(line: Line, start: int) -> Span | None:
    return next((one for one in line.marks if abs(one.start - start) <= 1 < one.end - start), None)


def _is_title(text: str, link: Span) -> bool:
    title = text[link.start : link.end]
    return len(WORD.findall(title)) >= _FEWEST_TITLE_WORDS and is_headline(title)


def _end_form(text: str, end: int) -> str:
    return "glued" if not WORD.search(text, end) else "inline"


def _with_closing(text: str, end: int) -> int:
    """Take the full stop behind a link along where nothing but it follows."""
    return len(text) if text[end:].strip() == "." else end


def _title_end(text: str, start: int) -> int:
    """Return where an unlinked title ends: at the line's end, or before the next sentence."""
    for match in _SENTENCE.finditer(text, start):
        if text[match.start()] != ".":
            continue
        if _ABBREVIATION.search(text[start : match.start() + 1]):
            continue
        rest = text[match.end() :]
        if len(WORD.findall(rest)) >= _FEWEST_SENTENCE_WORDS and not is_headline(rest):
            return match.end()
    return len(text)
