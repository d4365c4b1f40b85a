"""Lines of a body -> the same lines without read-also links and other boilerplate.

Works on the markup: what is cut from a line is cut from the tree, and from nothing else. All that
goes is handed back, in document order: the titles of read-also links as `Related`, everything else,
their labels included, as `Removed`. Body, related and removed together hold every word that was
visible before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from pipelines.blocks import Line, Span, ancestors, cut, tidy
from pipelines.document import absolute
from pipelines.labels import (
    BOX_CLASS,
    CAPTION_CLASS,
    LINE_PATTERNS,
    OPENING,
    SIGNOFFS,
    WIDGET_CLASS,
)
from pipelines.readalso import (
    LONGEST_TITLE,
    WORD,
    ReadAlso,
    inside,
    is_heading_label,
    is_lone_title,
    label_alone,
    own_line,
    read_also,
)
from pipelines.records import Related, Removed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from pipelines.outlets import CleanRules

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
    "part_repeat",
)
"""What `removed` may hold. `signoff` to `remove` are the outlet's own rules or sign-offs; a
`part_repeat` stood in an earlier part of the same article."""

_LONGEST_BOX_LINES = 40
_LARGEST_BOX = 1_500
_LARGEST_WIDGET = 2_000
_LONGEST_CAPTION = 1_000
_MOSTLY = 0.5
_MOST_LINKS = 300
"""In one line; more are a hostile page's, and each cut looks at all of them."""
_LINKED = 0.85
"""Share of a line's letters that must be linked for it to count as a link."""

_EDGE = re.compile(rf"^{OPENING}|[\s>»›→|~_=\-–—:\]]+$")


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
    found = own_line(line)
    if found:
        _take_titles(state, at, found)
        state.drop(at)
        return at + 1
    kind = _line_kind(line.text, state.rules)
    if kind:
        state.remove(at, kind)
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


def _take_titles(state: _State, at: int, found: ReadAlso) -> None:
    if WORD.search(found.label):
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
    if len(line.links) > _MOST_LINKS:
        return
    begin = 0
    for _ in range(50):
        found = next(inside(line, begin), None)
        if found is None:
            return
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


def _line_kind(text: str, rules: CleanRules) -> str | None:
    """Return the kind of a line that is boilerplate as a whole."""
    if any(pattern.search(text) for pattern in rules.drop_lines):
        return "drop_line"
    if any(pattern.fullmatch(text) for pattern in SIGNOFFS):
        return "signoff"
    return next((kind for kind, pattern in LINE_PATTERNS if pattern.fullmatch(text)), None)


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
    label = label_alone(line)
    if not label:
        return None
    end = _box_end(state, at) or _run_end(state, at)
    if end > at + 1:
        form = "box" if _in_box(state, at, end) else "list"
        state.remove(at, "read_also_label")
        _take_lines(state, at + 1, end, form)
        return end
    nxt = at + 1
    if label == "strong" and nxt < len(state.lines) and is_lone_title(line, state.lines[nxt]):
        state.remove(at, "read_also_label")
        _take_related(state, nxt, state.lines[nxt].text, None, "own_line")
        state.drop(nxt)
        return nxt + 1
    if label == "strong" or line.heading or is_heading_label(line.text):
        state.remove(at, "read_also_label")
        return at + 1
    return None


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
    return linked >= _MOSTLY * letters and all(
        len(line.text) <= LONGEST_TITLE or line.linked() > _LINKED for line in lines
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
        if line.linked() < _LINKED or label_alone(line):
            around = _list_of(line)
            if around is None or len(line.text) > LONGEST_TITLE or (items not in (None, around)):
                break
            if items is None and end > at + 1:
                break
            items = around
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
        own = own_line(line)
        if own:
            _take_titles(state, at, ReadAlso(own.start, own.end, own.label, own.titles, form,
                                              own.rest))  # fmt: skip
        elif plain_list and _list_of(line) is not None:
            _take_related(state, at, line.text, None, form)
        elif line.links and line.linked() >= _MOSTLY:
            found = read_also(line, 0, len(line.text), 0, line.links, form=form)
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
    labelled = any(label_alone(line) or own_line(line) for line in lines)
    if kind == "box" or (kind == "remove" and (labelled or _named_box(element))):
        size = sum(len(line.text) for line in lines)
        if kind == "box" and not _mostly_links(lines) and not (labelled and size <= _LARGEST_BOX):
            return False
        first = label_alone(lines[0])
        if first:
            state.remove(at, "read_also_label")
        _take_lines(state, at + bool(first), end, "box")
        return True
    size = sum(len(line.text) for line in lines)
    if kind == "caption" and size > _LONGEST_CAPTION:
        return False
    if kind == "widget" and size > _LARGEST_WIDGET:
        return False
    for n in range(at, end):
        found = own_line(state.lines[n])
        if found:
            _take_titles(state, n, found)
            state.drop(n)
        elif kind == "caption":
            state.captions.append(n)
        else:
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
