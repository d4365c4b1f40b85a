"""Element -> lines: every piece of visible text once, in order, and where in the tree it stands.

A line is what a reader sees between two line breaks: a paragraph, a heading, a list item, a table
row, the text between two `<br>`. Its links and inline marks come along, so that `clean` can judge
it, and its pieces, so that what was judged can be cut out of the tree and nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from lxml.etree import XPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

BLOCKS = frozenset(
    (  # noqa: SIM905 - a table reads better packed
        "address article aside blockquote body button caption center dd details dialog dir div dl"
        " dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend"
        " li main menu nav ol optgroup option p pre section summary table tbody tfoot thead tr ul"
    ).split()
)
"""Elements that end a line before and after themselves; `td` and `th` only part words."""

HIDDEN = frozenset(
    (  # noqa: SIM905 - a table reads better packed
        "script style noscript template iframe object embed svg canvas video audio select"
        " textarea input datalist map head title meta link applet frameset amp-ad amp-embed"
    ).split()
)
"""Elements whose text no reader sees as text."""

_WRAPPERS = frozenset(("button", "object", "map"))
"""Hidden elements that a missing end tag may wrap around a page."""

MARKS = frozenset(
    (  # noqa: SIM905 - a table reads better packed
        "a b strong em i u span font mark small big ins cite code q s strike del abbr label"
        " tt var kbd samp sub sup bdi bdo dfn time nobr"
    ).split()
)
"""Inline elements that may set off a label."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

_STYLED = XPath("descendant-or-self::*[@hidden or @style]")
_SPACE = re.compile(r"\s+")
# What takes no width, and what character references smuggle past `decode`.
_WIDTHLESS = re.compile(
    "[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a line's text, from `start` to before `end`."""

    start: int
    end: int
    href: str | None = None
    """Of a link, as written; `None` for any other mark."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text node of the tree and the part of the line that it gave."""

    node: HtmlElement
    is_tail: bool
    start: int
    end: int


@dataclass(slots=True)
class Line:
    """One line of visible text, white space collapsed."""

    text: str
    node: HtmlElement
    """The block element it stands in."""
    links: list[Span] = field(default_factory=list)
    marks: list[Span] = field(default_factory=list)
    """Every inline element, links included."""
    pieces: list[Piece] = field(default_factory=list)

    @property
    def heading(self) -> bool:
        """Whether it is a heading."""
        return self.node.tag in HEADINGS

    def linked(self, start: int = 0) -> float:
        """Return which share of the letters from *start* on is linked."""
        if not self.links:
            return 0.0
        total = sum(char.isalnum() for char in self.text[start:])
        linked = sum(
            char.isalnum()
            for link in self.links
            for char in self.text[max(link.start, start) : max(link.end, start)]
        )
        return linked / total if total else 0.0


def lines_in(root: HtmlElement, *, hidden: bool = False) -> list[Line]:
    """Return the lines of an element, its own text included, its tail not.

    Args:
        root: Where to look.
        hidden: Whether parts count that only a script shows, and those inside a button.
    """
    walk = _Walk(root, hidden=hidden)
    walk.element(root)
    walk.flush()
    return walk.lines


def cut(line: Line, start: int, end: int) -> None:
    """Take a part out of a line and out of the tree, with the white space it leaves over.

    What stood around it stays apart: by a space of its own where there was none on either side.
    """
    cut_parts(line, ((start, end),))


def cut_parts(line: Line, parts: Sequence[tuple[int, int]]) -> None:
    """Cut several parts, in order and none over another, in time that grows with the line only."""
    if not parts:
        return
    moves = _Moves(_gaps(line.text, parts))
    line.pieces = _moved_pieces(line, moves)
    line.text = _without(line.text, moves.gaps)
    line.links = _moved_spans(line.links, moves)
    line.marks = _moved_spans(line.marks, moves)


@dataclass(frozen=True, slots=True)
class _Gap:
    """What is cut, and the space, if any, that stands in its place."""

    start: int
    end: int
    between: str


def _gaps(text: str, parts: Sequence[tuple[int, int]]) -> list[_Gap]:
    """Widen cuts over the white space that they leave over, each as if those behind were made."""
    gaps: list[_Gap] = []  # the last one first
    for start, end in reversed(parts):
        gap = _widened(text, start, end, gaps)
        gaps.append(gap)
    return gaps[::-1]


def _widened(text: str, start: int, end: int, behind: list[_Gap]) -> _Gap:
    """Widen a cut; take those out of *behind* that it runs into."""
    spaced = start == 0 or text[start - 1] == " "
    after = ""
    while True:
        if behind and end >= behind[-1].start:
            gap = behind.pop()
            end, after = max(end, gap.end), "" if spaced else gap.between
        elif spaced and end < len(text) and text[end] == " ":
            end += 1
        else:
            break
    if after:
        return _Gap(start, end, after)
    if end >= len(text):
        while start and text[start - 1] == " ":
            start -= 1
        return _Gap(start, end, "")
    if text[end] in ".,;:!?":
        while start and text[start - 1] == " ":
            start -= 1
    joins = start > 0 and text[start - 1] not in " (" and text[end] not in " .,;:!?)"
    return _Gap(start, end, " " if joins else "")


class _Moves:
    """Where what stands in a line comes to stand when parts of it are cut."""

    def __init__(self, gaps: Sequence[_Gap]) -> None:
        self.gaps = gaps
        self.starts = [gap.start for gap in gaps]
        self.shifts = [0]
        for gap in gaps:
            self.shifts.append(self.shifts[-1] - (gap.end - gap.start) + len(gap.between))

    def at(self, at: int) -> int:
        """Return where a place comes to stand: one that is cut, behind what stands for it."""
        n = bisect_left(self.starts, at)
        return max(at, self.gaps[n - 1].end) + self.shifts[n] if n else at

    def begin(self, at: int) -> int:
        """Return the same for where a span starts, which is never before a gap's space."""
        n = bisect_right(self.starts, at)
        return (
            self.at(at) if not n or at >= self.gaps[n - 1].end else self.place(n - 1, behind=True)
        )

    def end(self, at: int) -> int:
        """Return the same for where a span ends, which is never behind a gap's space."""
        n = bisect_left(self.starts, at)
        return self.at(at) if not n or at > self.gaps[n - 1].end else self.place(n - 1)

    def place(self, n: int, *, behind: bool = False) -> int:
        """Return where a gap's space comes to stand."""
        gap = self.gaps[n]
        return gap.start + self.shifts[n] + (len(gap.between) if behind else 0)


def _without(text: str, gaps: Sequence[_Gap]) -> str:
    parts, at = [], 0
    for gap in gaps:
        parts += [text[at : gap.start], gap.between]
        at = gap.end
    return "".join((*parts, text[at:]))


def _moved_pieces(line: Line, moves: _Moves) -> list[Piece]:
    """Cut text nodes of the tree; the space for a gap goes to the first that reaches into it."""
    pieces, gaps = [], moves.gaps
    first = spaced = 0
    for piece in line.pieces:
        while first < len(gaps) and gaps[first].end <= piece.start:
            first += 1
        begin, n, at = moves.at(piece.start), first, piece.start
        kept = []
        while n < len(gaps) and gaps[n].start < piece.end:
            kept.append(line.text[at : max(at, gaps[n].start)])
            at = max(at, gaps[n].end)
            if n >= spaced:
                kept.append(gaps[n].between)
                begin = min(begin, moves.place(n)) if gaps[n].between else begin
                spaced = n + 1
            n += 1
        if n > first:
            kept.append(line.text[at : piece.end])
            if piece.is_tail:
                piece.node.tail = "".join(kept)
            else:
                piece.node.text = "".join(kept)
        pieces.append(Piece(piece.node, piece.is_tail, begin, moves.at(piece.end)))
    return pieces


def tidy(text: str) -> str:
    """Collapse the white space that cuts leave behind."""
    return " ".join(text.split())


def _collapsed(text: str) -> str:
    """Write white space as single spaces, and leave out what takes no width."""
    line = " ".join(text.split())
    if not line.isprintable():
        return _SPACE.sub(" ", _WIDTHLESS.sub("", text))
    if not line:
        return " "
    before = " " if text[0].isspace() else ""
    return f"{before}{line} " if text[-1].isspace() else before + line


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether a reader cannot see the element."""
    if element.tag in HIDDEN or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style and _HIDING.search(style))


def _hiding(root: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements whose attributes hide them."""
    for element in cast("list[HtmlElement]", _STYLED(root)):
        if is_hidden(element):
            yield element


def _moved_spans(spans: Sequence[Span], moves: _Moves) -> list[Span]:
    places = ((moves.begin(one.start), moves.end(one.end), one.href) for one in spans)
    return [Span(start, end, href) for start, end, href in places if end > start]


class _Walk:
    """Collects lines; as deep as the tree, which the parser bounds at 256."""

    def __init__(self, root: HtmlElement, *, hidden: bool) -> None:
        # Asking each element for these costs more than reading it.
        self.hiding = frozenset() if hidden else frozenset(_hiding(root))
        self.unread = HIDDEN - _WRAPPERS if hidden else HIDDEN
        self.root = root
        self.lines: list[Line] = []
        self.block = root
        self.parts: list[str] = []
        self.length = 0
        self.spaced = True
        self.pieces: list[Piece] = []
        self.links: list[Span] = []
        self.marks: list[Span] = []
        self.open: list[tuple[int, str | None]] = []

    def element(self, element: HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in self.unread or element in self.hiding:
            return
        if tag == "br":
            self.flush()
        elif tag in BLOCKS:
            self.flush()
            outer, self.block = self.block, element
            self.children(element)
            self.flush()
            self.block = outer
        elif tag in MARKS:
            self.open.append((self.length, element.get("href") if tag == "a" else None))
            self.children(element)
            self.close(element)
        else:
            self.gap(tag)
            self.children(element)
            self.gap(tag)

    def children(self, element: HtmlElement) -> None:
        self.text(element.text, element, is_tail=False)
        for child in element:
            self.element(child)
            self.text(child.tail, child, is_tail=True)

    def gap(self, tag: str) -> None:
        if tag in ("td", "th") and not self.spaced:
            self.parts.append(" ")
            self.length += 1
            self.spaced = True

    def text(self, text: str | None, node: HtmlElement, *, is_tail: bool) -> None:
        if not text or (self.spaced and text.isspace()):
            return
        line = _collapsed(text)
        if self.spaced:
            line = line.lstrip()
        if not line:
            return
        start, self.length = self.length, self.length + len(line)
        self.parts.append(line)
        self.spaced = line[-1] == " "
        self.pieces.append(Piece(node, is_tail, start, self.length))

    def close(self, element: HtmlElement) -> None:
        start, href = self.open.pop()
        if self.length > start:
            span = Span(start, self.length, href)
            self.marks.append(span)
            if element.tag == "a" and href:
                self.links.append(span)

    def flush(self) -> None:
        text = "".join(self.parts).rstrip()
        if text:
            for start, href in self.open:
                if len(text) > start:
                    span = Span(start, len(text), href)
                    self.marks.append(span)
                    if href:
                        self.links.append(span)
            self.lines.append(
                Line(
                    text,
                    self.block,
                    sorted(self.links, key=_place),
                    sorted(self.marks, key=_place),
                    self.pieces,
                )
            )
        self.parts, self.length, self.spaced = [], 0, True
        self.pieces, self.links, self.marks = [], [], []
        self.open = [(0, href) for _, href in self.open]


def _place(span: Span) -> tuple[int, int]:
    return span.start, -span.end


def ancestors(line: Line, root: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the blocks around a line from the inside, without *root*."""
    node = line.node
    while node is not None and node is not root:
        yield node
        node = node.getparent()
