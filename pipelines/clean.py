"""Lines of a body -> the same lines without read-also links and other boilerplate.

Works on the markup: what is cut from a line is cut from the tree, and from nothing else. All that
goes is handed back, in document order: the titles of read-also links as `Related`, everything else,
their labels included, as `Removed`. Body, related and removed together hold every word that was
visible before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from lxml.html import HtmlElement

from pipelines.blocks import Line, Span, ancestors, cut, tidy
from pipelines.document import absolute
from pipelines.labels import (
    BOX_CLASS,
    CAPTION_CLASS,
    INSIDE,
    LINE_PATTERNS,
    OPENING,
    SIGNOFFS,
    STRONG_OR_HEADING,
    WEAK_LABEL,
    WIDGET_CLASS,
)
from pipelines.outlets import CleanRules
from pipelines.records import Related, Removed

FORMS = ("own_paragraph", "own_line", "parenthesised", "inline", "glued", "list", "box")
"""How a read-also link may stand on a page: a paragraph with a link, a line with none, in brackets,
with a link inside a paragraph, without one at its end, under a label, in a box."""

KINDS = (
    "read_also_label",
    "read_also_duplicate",
    "box",
    "advertisement",
    "embed",
    "video_promo",
    "channel_promo",
    "credit",
    "copyright",
    "navigation",
    "caption",
    "widget",
    "title",
    "signoff",
    "drop_line",
    "inline",
    "remove",
    "links",
)
"""What `removed` may hold; the last five but `links` are the outlet's own rules or sign-offs."""

_LONGEST_TITLE = 250
_LONGEST_BOX_LINES = 40
_LARGEST_BOX = 1_500
_LINKED = 0.85
"""Share of a line's letters that must be linked for it to count as a link."""

_STOP = ".!?…:;"
_CLOSING = "\"'“”‘’»)]}>"
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“])(?:[A-Za-z]|dr|Dr|Prof|Ir|Hj|No|St|Jl|vs|Jr|Sr|Mr|Mrs|Kol|Jend|Letjen|Mayjen|Brigjen|KH|Tgk|Ust)\.$"
)
_SENTENCE = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[\"“‘(]?[A-Z])")
_EDGE = re.compile(rf"^{OPENING}|[\s>»›→|~_=\-–—:\]]+$")
_QUOTED = re.compile(r"[\"“‘']([^\"”’]{10,250})[\"”’']")
_WORD = re.compile(r"[^\W_]+")
# A teaser in a list with its number of comments, seen with a bullet and without its label.
_COUNTED = re.compile(r"[-–•]\s+(\S.{25,200}\S)\s+(0)")


@dataclass(slots=True)
class Cleaned:
    """What cleaning leaves and what it took.

    Attributes:
        lines: The lines that are left, cut where something was in them, each with its number.
        found: What was taken out, each with the number of the line it stood in.
    """

    lines: list[tuple[int, Line]]
    found: list[tuple[int, Related | Removed]]


@dataclass(slots=True)
class _State:
    lines: Sequence[Line]
    root: HtmlElement
    base: str
    rules: CleanRules
    removed: frozenset[HtmlElement]
    found: list[tuple[int, Related | Removed]] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    captions: list[int] = field(default_factory=list)

    def take(self, at: int, item: Related | Removed) -> None:
        self.found.append((at, item))

    def drop(self, at: int) -> None:
        line = self.lines[at]
        cut(line, 0, len(line.text))
        self.gone.add(at)

    def remove(self, at: int, kind: str) -> None:
        self.take(at, Removed(kind=kind, text=tidy(self.lines[at].text)))
        self.drop(at)


def clean(
    lines: Sequence[Line],
    root: HtmlElement,
    *,
    base: str,
    rules: CleanRules,
    removed: frozenset[HtmlElement] = frozenset(),
) -> Cleaned:
    """Take read-also links and boilerplate out of lines and out of their tree.

    Args:
        lines: From `blocks.lines_in(root)`; they are changed.
        root: The element that they were read from.
        base: What relative links start from.
        rules: The outlet's own.
        removed: Elements that the outlet's layout cuts out whole.
    """
    state = _State(lines, root, base, rules, removed)
    at = 0
    while at < len(lines):
        at = _labelled(state, at) or _box(state, at) or _single(state, at)
    if len(state.gone) + len(state.captions) < len(lines):
        for at in state.captions:
            state.remove(at, "caption")
    # Else nothing but captions is left: they are the story, as in a gallery.
    left = [(n, line) for n, line in enumerate(lines) if n not in state.gone and tidy(line.text)]
    return Cleaned(left, _without_duplicates(sorted(state.found, key=itemgetter(0))))


def cut_signoff(text: str, rules: CleanRules) -> tuple[str, list[Removed]]:
    """Cut editors' initials from the end of the last paragraph; may leave nothing of it."""
    removed: list[Removed] = []
    for pattern in (*rules.signoff, *SIGNOFFS):
        match = pattern.search(text)
        if match and match[0].strip():
            removed.append(Removed(kind="signoff", text=tidy(match[0])))
            text = tidy(text[: match.start()] + " " + text[match.end() :])
    return text, removed


def _single(state: _State, at: int) -> int:
    """Judge one line by itself; return the number of the next."""
    line = state.lines[at]
    read_also = _own_line(line)
    if read_also:
        _take_titles(state, at, read_also)
        state.drop(at)
        return at + 1
    for pattern in state.rules.drop_lines:
        if pattern.search(line.text):
            state.remove(at, "drop_line")
            return at + 1
    for kind, pattern in LINE_PATTERNS:
        if pattern.fullmatch(line.text):
            state.remove(at, kind)
            return at + 1
    if any(pattern.fullmatch(line.text) for pattern in SIGNOFFS):
        state.remove(at, "signoff")
        return at + 1
    _cut_inside(state, at)
    _cut_removed(state, at)
    for pattern in state.rules.inline:
        while match := pattern.search(line.text):
            if not match[0]:
                break
            state.take(at, Removed(kind="inline", text=tidy(match[0])))
            cut(line, match.start(), match.end())
    if not tidy(line.text):
        state.gone.add(at)
    return at + 1


# Read-also: the part of a line that is one


@dataclass(frozen=True, slots=True)
class _ReadAlso:
    start: int
    end: int
    label: str
    """With its colon; what stands before the titles."""
    titles: tuple[tuple[str, str | None], ...]
    form: str
    rest: str = ""
    """Words that belong to neither: what a link's own text left out."""


def _own_line(line: Line) -> _ReadAlso | None:
    """Read a line that is nothing but a read-also, label and titles."""
    text = line.text
    counted = _COUNTED.fullmatch(text)
    if counted and _headline(counted[1]):
        href = line.links[0].href if line.links else None
        return _ReadAlso(0, len(text), "", ((counted[1], href),), "list", counted[2])
    if len(text) > 4 * _LONGEST_TITLE:
        return None
    match = STRONG_OR_HEADING.match(text)
    strong = bool(match and match["strong"])
    if match is None:
        match = WEAK_LABEL.match(text)
    if match is None or not _WORD.search(text, match.end("label")):
        return None
    after = match.end()
    colon = _is_colon(match["sep"])
    links = [link for link in line.links if link.end > match.end("label") + 1]
    if links:
        ok = _linked_line(line, links, match.end("label"), after, strong=strong, colon=colon)
    else:
        rest = text[after:]
        ok = _plain_line(rest, match["label"], strong=strong, colon=colon)
        if ok and _second_sentence(rest):
            return None
    if not ok:
        return None
    form = "own_paragraph" if links or line.links else "own_line"
    if text[: match.start("label")].strip().startswith(("(", "[")) and text.endswith((")", "]")):
        form = "parenthesised"
    return _read_also(line, 0, len(text), match.end(), links, form)


def _linked_line(
    line: Line, links: list[Span], label_end: int, after: int, *, strong: bool, colon: bool
) -> bool:
    """Tell whether a labelled line with links is a read-also to its very end."""
    first, last = links[0], _last_of_run(line.text, links)
    if first.start > after + 3:
        # The link starts inside the title.
        return (colon or strong) and not _second_sentence(line.text[after:])
    tail = line.text[last:]
    words = _WORD.findall(tail)
    if first.start < label_end:
        return len(words) <= 3
    if strong or colon:
        short = len(tail) <= 30 and not tail.rstrip().endswith(".")
        return not words or (short and colon)
    title = line.text[first.start : first.end]
    return not words and len(_WORD.findall(title)) >= 3


def _plain_line(rest: str, label: str, *, strong: bool, colon: bool) -> bool:
    """Tell whether a labelled line without links is a read-also."""
    if len(rest) > _LONGEST_TITLE:
        return False
    if strong and colon:
        return True
    if colon:
        plain = label.lower() in ("baca", "baca artikel", "baca berita")
        return plain or (not _verb_weak(label)) or _headline(rest)
    if not strong:
        return False
    if label.lower().startswith(("jom", "yuk", "ayo")) or " terkait" in label.lower():
        return not rest.rstrip().endswith(".")
    return _headline(rest) and not rest.rstrip().endswith(".")


def _verb_weak(label: str) -> bool:
    return bool(re.match(r"(?:simak|lihat|tonton|saksikan)\b", label, re.IGNORECASE))


def _headline(text: str) -> bool:
    """Tell whether words are written as in a headline: most long ones with a capital.

    >>> _headline("Menlu Tiongkok Ungkap Jalan Menuju Pertemuan")
    True
    >>> _headline("isi artikelnya sampai habis")
    False
    """
    words = [word for word in _WORD.findall(text) if len(word) >= 4 and not word.isdigit()]
    if not words:
        return bool(_WORD.search(text)) and text.strip()[:1].isupper()
    return sum(word[0].isupper() for word in words) >= 0.6 * len(words)


def _second_sentence(text: str) -> bool:
    """Tell whether a sentence ends in *text* and another, no headline, begins."""
    for match in _SENTENCE.finditer(text):
        if text[match.start()] == "." and not _ABBREVIATION.search(text[: match.start() + 1]):
            rest = text[match.end() :]
            if len(_WORD.findall(rest)) >= 4 and not _headline(rest):
                return True
    return False


def _is_colon(separator: str | None) -> bool:
    return bool(separator and re.search(r"[:：︰;>»›→➡►▶|–—=-]", separator))


def _last_of_run(text: str, links: Sequence[Span]) -> int:
    """Return the end of the last of the links that follow each other without words between."""
    end = links[0].end
    for link in links[1:]:
        between = text[end : link.start]
        if link.start > end and (_WORD.sub("", between) != between and between.strip() != "dan"):
            break
        end = max(end, link.end)
    return end


def _read_also(
    line: Line, start: int, end: int, after: int, links: Sequence[Span], form: str
) -> _ReadAlso:
    """Name label and titles of the part from *start* to *end*; titles begin at *after*."""
    text = line.text
    label = text[start:after]
    merged: list[Span] = []
    for link in links:
        begin, stop = max(link.start, after), min(link.end, end)
        if stop <= begin or not _WORD.search(text[begin:stop]):
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
        return _ReadAlso(start, end, label, ((title, href),), form, rest)
    rest_parts, at = [], after
    for link in merged:
        rest_parts.append(text[at : link.start])
        at = link.end
    rest_parts.append(text[at:end])
    titles = tuple((text[link.start : link.end], link.href) for link in merged)
    rest = " ".join(part for part in rest_parts if _WORD.search(part))
    return _ReadAlso(start, end, label, titles, form, rest)


def _covers(text: str, link: Span, start: int, end: int) -> bool:
    outside = text[start : link.start] + text[link.end : end]
    return len(_WORD.findall(outside)) <= 3


def _take_titles(state: _State, at: int, found: _ReadAlso) -> None:
    if _WORD.search(found.label):
        state.take(at, Removed(kind="read_also_label", text=tidy(found.label)))
    for title, href in found.titles:
        _take_related(state, at, title, href, found.form)
    if found.rest:
        state.take(at, Removed(kind="box", text=tidy(found.rest)))


def _take_related(state: _State, at: int, text: str, href: str | None, form: str) -> None:
    title = _EDGE.sub("", tidy(text))
    if form == "parenthesised":
        title = title.rstrip(" )]") if title.count("(") < title.count(")") else title
    if not title:
        return
    quotes = {'"': '"', "“": "”", "‘": "’", "'": "'"}
    opened = tidy(text).lstrip(" :-–—")
    if opened[:1] in quotes and opened[0] not in title[:1] and quotes[opened[0]] in title:
        # The opening quote of a quotation belongs to the title.
        inner = title.rstrip(" .:")
        title = inner[:-1] if inner.endswith(quotes[opened[0]]) else opened[0] + title
    state.take(at, Related(title=title, url=absolute(href, state.base), form=form))


# Read-also inside a line


def _cut_inside(state: _State, at: int) -> None:
    """Cut every read-also that stands in a line beside other text."""
    line = state.lines[at]
    taken: list[_ReadAlso] = []
    begin = 0
    for _ in range(50):
        found = next(_inside(line, begin), None)
        if found is None:
            return
        taken.append(found)
        _take_titles(state, at, found)
        start, end = found.start, found.end
        cut(line, start, end)
        text = line.text
        joined = text[:start].rstrip() + text[start:].lstrip()
        if joined and 0 < start < len(text) and not text[:start].endswith(" "):
            _space_at(line, start)
        begin = max(0, start - 1)


def _space_at(line: Line, at: int) -> None:
    """Part two sentences that a cut has joined."""
    if at >= len(line.text) or line.text[at] in " .,;:!?)" or line.text[at - 1] in " (":
        return
    for n, piece in enumerate(line.pieces):
        if piece.start <= at < piece.end:
            text = line.text[piece.start : at] + " " + line.text[at : piece.end]
            if piece.is_tail:
                piece.node.tail = text
            else:
                piece.node.text = text
            _shift(line, n, at)
            return


def _shift(line: Line, number: int, at: int) -> None:
    line.text = line.text[:at] + " " + line.text[at:]
    line.pieces = [
        type(one)(one.node, one.is_tail, one.start + (n > number), one.end + (n >= number))
        for n, one in enumerate(line.pieces)
    ]
    for name in ("links", "marks"):
        spans = getattr(line, name)
        moved = [Span(s.start + (s.start >= at), s.end + (s.end > at), s.href) for s in spans]
        setattr(line, name, moved)


def _inside(line: Line, begin: int) -> Iterator[_ReadAlso]:
    text = line.text
    for match in INSIDE.finditer(text, begin):
        start = match.start()
        before = text[:start].rstrip()
        if not _word_starts(text, start):
            continue
        if text[max(0, start - 3) : start].strip(" \"“'")[-1:] in ("(", "["):
            found = _parenthesised(line, match)
        else:
            found = _in_running_text(line, match, before)
        if found:
            yield found


def _word_starts(text: str, at: int) -> bool:
    if at == 0:
        return True
    before = text[at - 1]
    return not (before.isalnum() or before in "_-/@#") or (
        text[at].isupper() and (before.islower() or before.isdigit())
    )


def _parenthesised(line: Line, match: re.Match[str]) -> _ReadAlso | None:
    text = line.text
    start = max(text.rfind("(", 0, match.start()), text.rfind("[", 0, match.start()))
    opening = text[start]
    closing = ")" if opening == "(" else "]"
    depth, end = 0, None
    for at in range(start, min(len(text), start + 4 * _LONGEST_TITLE)):
        depth += (text[at] == opening) - (text[at] == closing)
        if depth == 0:
            end = at + 1
            break
    if end is None:
        return None
    links = [one for one in line.links if one.start < end and one.end > match.end("label")]
    if not (_is_colon(match["sep"]) or links) or not _WORD.search(text[match.end() : end]):
        return None
    found = _read_also(line, start, end, match.end(), links, "parenthesised")
    if len(found.titles) == 1 and not links:
        title = text[match.end() : end - 1]
        found = _ReadAlso(start, end, found.label, ((title, None),), "parenthesised")
    return found


def _in_running_text(line: Line, match: re.Match[str], before: str) -> _ReadAlso | None:
    text, start, after = line.text, match.start(), match.end()
    capital = text[start].isupper()
    colon = _is_colon(match["sep"])
    ended = not before or before[-1] in _STOP + _CLOSING
    mark = next(
        (one for one in line.marks if abs(one.start - start) <= 1 and one.end > start), None
    )
    glued = start > 0 and text[start - 1].isalnum()
    links = [one for one in line.links if one.end > match.end("label") + 1]
    first = links[0] if links else None
    near = first is not None and first.start <= after + 3
    strong = bool(match["strong"]) or bool(match["heading"])
    if near and first is not None:
        covers = first.start <= start + 1
        if colon or (capital and (ended or mark) and strong and (covers or _title(line, first))):
            end = _last_of_run(text, links)
            if covers:
                end = first.end
            end = _with_closing(text, end)
            return _read_also(line, start, end, after, [one for one in links if one.start < end],
                              "inline")  # fmt: skip
        return None
    if not strong and not (colon and match["weak"].lower() == "baca"):
        return None
    if mark and mark.end > after and (colon or (capital and ended)):
        if _WORD.search(text[after : mark.end]):
            return _read_also(line, start, mark.end, after, [], _end_form(text, mark.end))
    if not (colon or (capital and _headline(text[start:after]))):
        return None
    if not (capital and (ended or glued)):
        return None
    end = _title_end(text, after)
    title = text[after:end]
    if not _WORD.search(title) or len(title) > _LONGEST_TITLE:
        return None
    if not colon and (not _headline(title) or end < len(text)):
        return None
    if not strong and not _headline(title):
        return None
    return _read_also(line, start, end, after, [], _end_form(text, end))


def _title(line: Line, link: Span) -> bool:
    text = line.text[link.start : link.end]
    return len(_WORD.findall(text)) >= 3 and _headline(text)


def _end_form(text: str, end: int) -> str:
    return "glued" if not _WORD.search(text, end) else "inline"


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
        if len(_WORD.findall(rest)) >= 4 and not _headline(rest):
            return match.end()
    return len(text)


def _cut_removed(state: _State, at: int) -> None:
    """Cut what stands in an inline element that the layout removes."""
    line = state.lines[at]
    if not state.removed:
        return
    for piece in reversed(line.pieces):
        owner = piece.node.getparent() if piece.is_tail else piece.node
        if any(_within(owner, element) for element in state.removed):
            text = tidy(line.text[piece.start : piece.end])
            if text:
                state.take(at, Removed(kind="remove", text=text))
            cut(line, piece.start, piece.end)


# Read-also over several lines


def _labelled(state: _State, at: int) -> int | None:
    """Take a label that stands alone with the links, the list or the box below it."""
    line = state.lines[at]
    label = _label_alone(line)
    if not label:
        return None
    end = _box_end(state, at) or _run_end(state, at)
    if end > at + 1:
        form = "box" if _in_box(state, at, end) else "list"
        state.remove(at, "read_also_label")
        _take_lines(state, at + 1, end, form)
        return end
    nxt = at + 1
    if label == "strong" and nxt < len(state.lines) and _lone_title(line, state.lines[nxt]):
        state.remove(at, "read_also_label")
        _take_related(state, nxt, state.lines[nxt].text, None, "own_line")
        state.drop(nxt)
        return nxt + 1
    if label == "strong" or line.heading or _is_heading_label(line.text):
        state.remove(at, "read_also_label")
        return at + 1
    return None


def _label_alone(line: Line) -> str | None:
    if len(line.text) > 80:
        return None
    for pattern in (STRONG_OR_HEADING, WEAK_LABEL):
        match = pattern.match(line.text)
        if match and not _WORD.search(line.text, match.end()):
            if pattern is WEAK_LABEL:
                return "weak" if _is_colon(match["sep"]) else None
            return "strong" if match["strong"] else "heading"
    return None


def _is_heading_label(text: str) -> bool:
    match = STRONG_OR_HEADING.match(text)
    return bool(match and match["heading"] and len(_WORD.findall(match["heading"])) >= 2)


def _lone_title(label: Line, line: Line) -> bool:
    text = line.text
    return (
        bool(re.search(r"[:：>»]\s*$", label.text))
        and len(text) <= 160
        and not text.endswith((".", ",", ";", ":", '."', ".”"))
        and _headline(text)
    )


def _box_end(state: _State, at: int) -> int | None:
    """Return where the box ends that the label at *at* opens, if it is one: mostly links."""
    best = None
    for element in ancestors(state.lines[at], state.root):
        if at and _within(state.lines[at - 1].node, element):
            break
        end = at + 1
        while end < len(state.lines) and _within(state.lines[end].node, element):
            end += 1
            if end - at > _LONGEST_BOX_LINES:
                return best
        if end > at + 1 and _mostly_links(state.lines[at + 1 : end]):
            best = end
    return best


def _mostly_links(lines: Sequence[Line]) -> bool:
    letters = sum(len(line.text) for line in lines)
    linked = sum(link.end - link.start for line in lines for link in line.links)
    return linked >= 0.5 * letters and all(
        len(line.text) <= 200 or line.linked() > _LINKED for line in lines
    )


def _within(node: HtmlElement | None, element: HtmlElement) -> bool:
    while node is not None:
        if node is element:
            return True
        node = node.getparent()
    return False


def _run_end(state: _State, at: int) -> int:
    """Return where the links, or the one list, right below a label end."""
    end = at + 1
    items = None
    while end < len(state.lines) and end - at <= _LONGEST_BOX_LINES:
        line = state.lines[end]
        if line.linked() < _LINKED or _label_alone(line):
            inside = _list_of(line)
            if inside is None or len(line.text) > _LONGEST_TITLE or (items not in (None, inside)):
                break
            if items is None and end > at + 1:
                break
            items = inside
        end += 1
    return end


def _list_of(line: Line) -> HtmlElement | None:
    node = line.node
    while node is not None and node.tag not in ("ul", "ol"):
        node = node.getparent() if node.tag in ("li", "p", "div") else None
    return node


def _in_box(state: _State, at: int, end: int) -> bool:
    """Tell whether label and links share an element of their own."""
    for element in ancestors(state.lines[at], state.root):
        if element.tag in ("ul", "ol"):
            continue
        if _within(state.lines[end - 1].node, element):
            outside = end < len(state.lines) and _within(state.lines[end].node, element)
            outside = outside or (at > 0 and _within(state.lines[at - 1].node, element))
            return not outside
    return False


def _take_lines(state: _State, start: int, end: int, form: str) -> None:
    """Take the titles of several lines; what is no link goes to `removed`."""
    plain_list = all(not state.lines[at].links for at in range(start, end))
    last: str | None = None
    for at in range(start, end):
        line = state.lines[at]
        own = _own_line(line)
        if own:
            _take_titles(state, at, _ReadAlso(own.start, own.end, own.label, own.titles, form,
                                              own.rest))  # fmt: skip
        elif plain_list and _list_of(line) is not None:
            _take_related(state, at, line.text, None, form)
        elif line.links and line.linked() >= 0.5:
            found = _read_also(line, 0, len(line.text), 0, line.links, form)
            repeats = len(found.titles) == 1 and found.titles[0][1] == last is not None
            if repeats:
                # Picture, headline and teaser of one box often carry the same link.
                state.take(at, Removed(kind="box", text=tidy(line.text)))
            else:
                _take_titles(state, at, found)
            last = found.titles[-1][1]
        else:
            state.take(at, Removed(kind="box", text=tidy(line.text)))
        state.drop(at)


# Boxes, widgets and captions, known by their markup


def _box(state: _State, at: int) -> int | None:
    """Take an element that its class, its tag or the layout says is not the text."""
    for element in ancestors(state.lines[at], state.root):
        kind = _element_kind(element, state.removed)
        if kind is None:
            continue
        end = at + 1
        while end < len(state.lines) and _within(state.lines[end].node, element):
            end += 1
        if _take_element(state, at, end, element, kind):
            return end
    return None


def _element_kind(element: HtmlElement, removed: frozenset[HtmlElement]) -> str | None:
    if element in removed:
        return "remove"
    if element.tag == "figcaption":
        return "caption"
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if names == " ":
        return None
    if BOX_CLASS.search(names):
        return "box"
    if WIDGET_CLASS.search(names):
        return "widget"
    return "caption" if CAPTION_CLASS.search(names) else None


def _take_element(state: _State, at: int, end: int, element: HtmlElement, kind: str) -> bool:
    lines = state.lines[at:end]
    labelled = any(_label_alone(line) or _own_line(line) for line in lines)
    if kind == "box" or (kind == "remove" and (labelled or _named_box(element))):
        size = sum(len(line.text) for line in lines)
        if kind == "box" and not _mostly_links(lines) and not (labelled and size <= _LARGEST_BOX):
            return False
        first = _label_alone(lines[0])
        if first:
            state.remove(at, "read_also_label")
        _take_lines(state, at + bool(first), end, "box")
        return True
    size = sum(len(line.text) for line in lines)
    if kind == "caption" and size > 1_000:
        return False
    if kind == "widget" and size > 2_000:
        return False
    if kind == "caption":
        state.captions.extend(range(at, end))
        return True
    for n in range(at, end):
        state.remove(n, kind)
    return True


def _named_box(element: HtmlElement) -> bool:
    return bool(BOX_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _without_duplicates(
    found: Sequence[tuple[int, Related | Removed]],
) -> list[tuple[int, Related | Removed]]:
    seen: set[tuple[str, str | None]] = set()
    kept: list[tuple[int, Related | Removed]] = []
    for at, item in found:
        if isinstance(item, Related):
            key = (item.title.casefold(), item.url)
            if key in seen:
                kept.append((at, Removed(kind="read_also_duplicate", text=item.title)))
                continue
            seen.add(key)
        kept.append((at, item))
    return kept
