"""Element -> lines: every piece of visible text once, in order, and where in the tree it stands.

A line is what a reader sees between two line breaks: a paragraph, a heading, a list item, a table
row, the text between two `<br>`. Its links and inline marks come along, so that `clean` can judge
it, and its pieces, so that what was judged can be cut out of the tree and nothing else.
"""

from __future__ import annotations

import re
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
    start, end, between = _seam(line.text, start, end)
    grown = len(between)
    pieces = []
    for piece in line.pieces:
        if piece.end <= start:
            pieces.append(piece)
            continue
        first = piece.start <= start or not pieces or pieces[-1].end <= start
        begin = min(piece.start, start) if first and grown else piece.start
        if piece.start < end:
            kept = line.text[piece.start : max(piece.start, start)]
            kept += between if first else ""
            kept += line.text[min(piece.end, end) : piece.end]
            if piece.is_tail:
                piece.node.tail = kept
            else:
                piece.node.text = kept
        pieces.append(
            Piece(
                piece.node,
                piece.is_tail,
                _moved(begin, start, end, grown),
                _moved(piece.end, start, end, grown),
            )
        )
        if first:
            between = ""
    line.pieces = pieces
    line.text = line.text[:start] + " " * grown + line.text[end:]
    line.links = _moved_spans(line.links, start, end, grown)
    line.marks = _moved_spans(line.marks, start, end, grown)


def _seam(text: str, start: int, end: int) -> tuple[int, int, str]:
    """Widen a cut over the white space that it leaves over; return what must stand in its place."""
    if start == 0 or text[start - 1] == " ":
        while end < len(text) and text[end] == " ":
            end += 1
    if end >= len(text):
        while start and text[start - 1] == " ":
            start -= 1
        return start, end, ""
    if text[end] in ".,;:!?":
        while start and text[start - 1] == " ":
            start -= 1
    joins = start > 0 and text[start - 1] not in " (" and text[end] not in " .,;:!?)"
    return start, end, " " if joins else ""


def _moved(at: int, start: int, end: int, grown: int) -> int:
    if at <= start:
        return at
    return at - (end - start) + grown if at >= end else start + grown


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


def _moved_spans(spans: Sequence[Span], start: int, end: int, grown: int) -> list[Span]:
    found = []
    for one in spans:
        begin = start + grown if start <= one.start < end else _moved(one.start, start, end, grown)
        stop = start if start < one.end <= end else _moved(one.end, start, end, grown)
        if stop > begin:
            found.append(Span(begin, stop, one.href))
    return found


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
