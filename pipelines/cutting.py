"""What cleaning has taken so far, and the one way to take more: out of line and tree, into a list.

Every word that leaves a line enters `found`: a title as `Related`, anything else as `Removed`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.blocks import HEADINGS, Line, cut, tidy
from pipelines.document import absolute
from pipelines.labels import BOX_CLASS, CAPTION_CLASS, OPENING_CHARACTERS, WIDGET_CLASS
from pipelines.records import Related, Removed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from pipelines.outlets import CleanRules
    from pipelines.readalso import ReadAlso

_MOST_CUTS = 100
"""Inside one line; what more there is to cut stays in its text."""
_MOST_PIECES = 2_000
"""Text nodes or inline elements of a line that is cut inside at all."""
_MOST_WORK = 300_000
"""On the inside of all lines, in text nodes and inline elements that cuts move; articles stay below
a thousand."""
_CHARACTERS = 100
"""That are as much work as one element."""
_LONGEST_CONTROL = 30
"""Characters on a button; one that holds more holds text."""
HAS_WORD = re.compile(r"\w")
# Never an underscore: it is part of a word.
_EDGE_OPENING = OPENING_CHARACTERS.replace("_", "") + ",.;"
_EDGE_CLOSING = re.compile(r"[\s>»›→|*~=\-–—:\]]+$")
_CLASS_KINDS = (("box", BOX_CLASS), ("widget", WIDGET_CLASS), ("caption", CAPTION_CLASS))
_UNOPENED = {'"': '"', "”": "“"}
# A headline has none; one behind an abbreviation or initials stays.
_FULL_STOP = re.compile(r"(?<=[a-z]{4})\.$")
_QUOTES = {'"': '"', "“": "”", "‘": "’", "'": "'"}


@dataclass(slots=True)
class Cutting:
    """The lines of one element while they are cleaned."""

    lines: Sequence[Line]
    root: HtmlElement
    base: str
    rules: CleanRules
    removed: frozenset[HtmlElement]
    """Elements that the layout cuts out whole."""
    found: list[tuple[int, Related | Removed]] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    captions: list[int] = field(default_factory=list)
    head: bool = True
    """Whether no paragraph has been kept yet."""
    _cuts: int = 0
    _work: int = 0
    _marked: dict[HtmlElement, tuple[tuple[HtmlElement, str], ...]] = field(default_factory=dict)
    _cut_out: set[HtmlElement] | None = None

    def begin(self) -> None:
        """Start with another line."""
        self._cuts = 0

    def may_cut(self, at: int) -> bool:
        """Tell whether line *at* may be cut inside once more: a hostile page's lines never end."""
        line = self.lines[at]
        pieces = max(len(line.pieces), len(line.marks))
        return self._cuts < _MOST_CUTS and self._work < _MOST_WORK and pieces <= _MOST_PIECES

    def cut(self, at: int, start: int, end: int) -> None:
        """Cut line *at* inside, where `may_cut` allows it."""
        line = self.lines[at]
        self._cuts += 1
        self._work += len(line.pieces) + len(line.marks) + len(line.text) // _CHARACTERS
        cut(line, start, end)

    def take(self, at: int, kind: str, text: str) -> None:
        """Note what leaves line *at*, if there is a word in it."""
        if HAS_WORD.search(text):
            self.found.append((at, Removed(kind=kind, text=tidy(text))))

    def drop(self, at: int) -> None:
        """Empty a line whose words have been noted."""
        line = self.lines[at]
        cut(line, 0, len(line.text))
        self.gone.add(at)

    def remove(self, at: int, kind: str) -> None:
        """Note and empty a whole line."""
        text = tidy(self.lines[at].text)
        if text:
            self.found.append((at, Removed(kind=kind, text=text)))
        self.drop(at)

    def take_titles(self, at: int, found: ReadAlso) -> None:
        """Note label, titles and rest of a read-also."""
        self.take(at, "read_also_label", found.label)
        for title, href in found.titles:
            self.take_related(at, title, href, found.form)
        self.take(at, "box", found.rest)

    def take_related(self, at: int, text: str, href: str | None, form: str) -> None:
        """Note a title, without the marks at its edges."""
        title = _title(tidy(text), form, linked=href is not None)
        if HAS_WORD.search(title):
            url = absolute(href, self.base)
            self.found.append((at, Related(title=title, url=url, form=form)))

    def marked(self, node: HtmlElement) -> tuple[tuple[HtmlElement, str], ...]:
        """Return the elements around *node*, from the inside, that are no text, and their kinds."""
        chain = []
        known: tuple[tuple[HtmlElement, str], ...] = ()
        one: HtmlElement | None = node
        while one is not None and one is not self.root:
            if one in self._marked:
                known = self._marked[one]
                break
            chain.append(one)
            one = one.getparent()
        for one in reversed(chain):
            kind = _kind(one, self.removed)
            known = ((one, kind), *known) if kind else known
            self._marked[one] = known
        return known

    def is_cut_out(self, node: HtmlElement | None) -> bool:
        """Tell whether a node stands in an element that the layout removes."""
        if self._cut_out is None:
            self._cut_out = {
                inner
                for element in self.removed
                if any(one is self.root for one in element.iterancestors())
                for inner in element.iter()
            }
        return node in self._cut_out


def is_within(node: HtmlElement | None, element: HtmlElement) -> bool:
    """Tell whether a node is an element or stands in it."""
    while node is not None:
        if node is element:
            return True
        node = node.getparent()
    return False


def names_of(element: HtmlElement) -> str:
    """Return class and id of an element, a space between."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _kind(element: HtmlElement, removed: frozenset[HtmlElement]) -> str | None:
    if element in removed:
        return "remove"
    if element.tag == "figcaption":
        return "caption"
    if element.tag == "button":
        return "widget" if _is_control(element) else None
    names = names_of(element)
    if names == " ":
        return None
    return next((kind for kind, pattern in _CLASS_KINDS if pattern.search(names)), None)


def _is_control(button: HtmlElement) -> bool:
    """Tell whether a button does something: one that opens a section carries its heading."""
    if any(one.tag in HEADINGS for one in (*button.iterancestors(), *button.iterdescendants())):
        return False
    return len(tidy("".join(button.itertext()))) <= _LONGEST_CONTROL


def _title(text: str, form: str, *, linked: bool) -> str:
    title = _EDGE_CLOSING.sub("", text.lstrip(_EDGE_OPENING))
    if form == "parenthesised" and title.rstrip(" .").endswith((")", "]")):
        title = title.rstrip(" .")
        unopened = title.count("(") < title.count(")") or title.count("[") < title.count("]")
        title = title.rstrip(" )]") if unopened else title
    if not linked:
        title = _FULL_STOP.sub("", title)
    if title[-1:] in _UNOPENED and _UNOPENED[title[-1]] not in title[:-1]:
        title = title[:-1].rstrip()
    opened = text.lstrip(" :-–—")
    quote = opened[:1]
    if quote in _QUOTES and quote not in title[:1] and _QUOTES[quote] in title:
        # The opening quote of a quotation belongs to the title.
        inner = title.rstrip(" .:")
        title = inner[:-1] if inner.endswith(_QUOTES[quote]) else quote + title
    return title
