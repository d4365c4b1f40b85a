"""Document + outlet -> the paragraphs of the article, and what was taken out of them.

The body element is what the outlet's first fitting layout selects; without one it is the element
around the lines that `guess` takes for text, or the part of it between them. Read-also links and
other boilerplate are cut in the markup (`clean`). In a chosen element trafilatura then has a say in
lines that are nothing but links; whatever else it would lose stays, for an outlet's selector knows
better. In a guessed one only lines that were guessed are text, the others go to `removed`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from lxml import etree

from pipelines.blocks import HEADINGS, Line, lines_in, tidy
from pipelines.clean import clean, cut_end
from pipelines.cutting import is_within
from pipelines.guess import bounded, guess, teased, text_lines
from pipelines.records import Related, Removed
from pipelines.selectors import elements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement
    from numpy.typing import NDArray

    from pipelines.document import Document
    from pipelines.outlets import Layout, Outlet, Selector

_LINKED = 0.85
_MOSTLY = 0.5
"""Share of an element's letters that must be text for all of it to be the body."""
_SHORTEST_CLAIM = 200
"""Characters; less is a teaser."""
_TRUNCATED = 0.35
"""Share of the text that JSON-LD holds; a page that shows less of it hides the rest."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The body element that a layout selects."""

    layout: Layout
    selector: Selector
    element: HtmlElement


@dataclass(frozen=True, slots=True)
class Body:
    """What a page says, and what it said besides."""

    paragraphs: tuple[str, ...]
    related: tuple[Related, ...]
    removed: tuple[Removed, ...]
    source: str
    """For `provenance`."""
    linked: float = 0.0
    """Share of a guessed text that is links, 0 to 1."""
    teased: float = 0.0
    """Share of a guessed text that is teasers, 0 to 1."""


def choose(document: Document, outlet: Outlet) -> Chosen | None:
    """Find the first layout with a body selector that matches an element with text."""
    for layout in outlet.layouts:
        for selector in layout.body:
            for element in elements(document, selector):
                if any(text.strip() for text in element.itertext()):
                    return Chosen(layout, selector, element)
    return None


def read_body(document: Document, outlet: Outlet, chosen: Chosen | None, *, title: str) -> Body:
    """Read the article's paragraphs; the document's tree is used up.

    Args:
        document: Whose values have been read.
        outlet: Whose `clean` rules apply.
        chosen: From `choose`; `None` leaves it to `guess`.
        title: Which the first paragraph need not repeat.

    Raises:
        DecodeError: `TOO_LARGE`: more text than any article has.
    """
    if chosen is None:
        return _guessed(document, outlet, title)
    root = chosen.element
    lines = bounded(lines_in(root))
    cut_out = frozenset(
        element for selector in chosen.layout.remove for element in elements(document, selector)
    )
    cleaned = clean(lines, root, base=document.base, rules=outlet.clean, removed=cut_out - {root})
    found = list(cleaned.found)
    doubtful = {number for number, line in cleaned.lines if _only_links(line)}
    # Trafilatura has a say in lines that are nothing but links; it is not asked without any.
    text = (
        text_lines(_normal_form([line for _, line in cleaned.lines]), fast=False)
        if doubtful
        else {}
    )
    kept = []
    for number, line in cleaned.lines:
        if number in doubtful and tidy(line.text) not in text:
            found.append((number, Removed(kind="links", text=tidy(line.text))))
        else:
            kept.append((number, line))
    source = chosen.selector.text
    source = source if chosen.selector.kind != "css" else f"selector:{source}"
    return _finished(kept, found, outlet, title, source, base=document.base)


def _only_links(line: Line) -> bool:
    return bool(line.links) and not line.heading and line.linked() >= _LINKED


def _guessed(document: Document, outlet: Outlet, title: str) -> Body:
    found = guess(document, title)
    lines = found.lines
    size = sum(len(line.text) for line, is_text in zip(lines, found.text, strict=True) if is_text)
    if len(found.told) >= _SHORTEST_CLAIM and size < _TRUNCATED * len(found.told):
        return _claimed(found.told, document, outlet, title)
    if not size:
        return Body((), (), (), found.witnesses)
    teaser_share = teased(lines, found.text)  # before cleaning takes the teasers' headlines
    first, last, root = _region(lines, found.text)
    cleaned = clean(lines[first : last + 1], root, base=document.base, rules=outlet.clean)
    kept: list[tuple[int, Line]] = []
    taken = list(cleaned.found)
    for number, line in cleaned.lines:
        if found.text[first + number]:
            kept.append((number, line))
        else:
            taken.append((number, Removed(kind="widget", text=tidy(line.text))))
    body = _finished(kept, taken, outlet, title, found.witnesses, base=document.base)
    return replace(body, linked=_linked(kept), teased=teaser_share)


def _linked(kept: Sequence[tuple[int, Line]]) -> float:
    letters = sum(len(line.text) for _, line in kept)
    linked = sum(line.linked() * len(line.text) for _, line in kept)
    return linked / letters if letters else 0.0


def _region(lines: Sequence[Line], text: NDArray[np.bool_]) -> tuple[int, int, HtmlElement]:
    """Return the first and the last line that belong to the text, and the element around them.

    That is all of the element where most of it is text; else what is between the lines of text.
    """
    numbers = [int(number) for number in np.flatnonzero(text)]
    root = _shared([lines[number].node for number in numbers])
    first, last = numbers[0], numbers[-1]
    low, high = first, last
    while low > 0 and is_within(lines[low - 1].node, root):
        low -= 1
    while high + 1 < len(lines) and is_within(lines[high + 1].node, root):
        high += 1
    size = sum(len(lines[number].text) for number in numbers)
    if size >= _MOSTLY * sum(len(line.text) for line in lines[low : high + 1]):
        return low, high, root
    return first, last, root


def _claimed(text: str, document: Document, outlet: Outlet, title: str) -> Body:
    """Read a text that stands in the page's metadata only."""
    root = etree.Element("div")
    for paragraph in text.split("\n"):
        if paragraph.strip():
            etree.SubElement(root, "p").text = _unwritable(paragraph)
    lines = bounded(lines_in(root))
    cleaned = clean(lines, root, base=document.base, rules=outlet.clean)
    return _finished(
        cleaned.lines, list(cleaned.found), outlet, title, "jsonld:articleBody", base=document.base
    )


def _unwritable(text: str) -> str:
    """Take out what no XML document may hold."""
    return "".join(char for char in text if char >= " " or char == "\t")


def _shared(nodes: Sequence[HtmlElement]) -> HtmlElement:
    """Return the innermost element around all of them."""
    around = [nodes[0], *nodes[0].iterancestors()]
    for node in nodes[1:]:
        own = {node, *node.iterancestors()}
        around = [one for one in around if one in own]
    return around[0]


def _finished(
    kept: Sequence[tuple[int, Line]],
    found: list[tuple[int, Related | Removed]],
    outlet: Outlet,
    title: str,
    source: str,
    *,
    base: str,
) -> Body:
    numbered = [(number, tidy(line.text)) for number, line in kept]
    while numbered and title and _same(numbered[0][1], title):
        number, text = numbered.pop(0)
        found.append((number, Removed(kind="title", text=text)))
    numbered, ends = cut_end(numbered, outlet.clean, base=base)
    found.extend(ends)
    found.sort(key=lambda one: one[0])
    return Body(
        tuple(text for _, text in numbered),
        tuple(item for _, item in found if isinstance(item, Related)),
        tuple(item for _, item in found if isinstance(item, Removed)),
        source,
    )


def _same(one: str, other: str) -> bool:
    return "".join(filter(str.isalnum, one)).lower() == "".join(filter(str.isalnum, other)).lower()


def _normal_form(lines: Sequence[Line]) -> HtmlElement:
    """Write lines as trafilatura reads them best: one paragraph or heading each, links kept."""
    html = etree.Element("html")
    article = etree.SubElement(etree.SubElement(html, "body"), "article")
    for line in lines:
        tag = line.node.tag if line.node.tag in HEADINGS else "p"
        paragraph = etree.SubElement(article, tag)
        at, last = 0, None
        for link in line.links:
            if link.start < at:
                continue
            _append(paragraph, last, line.text[at : link.start])
            last = etree.SubElement(paragraph, "a", href="#")
            last.text = line.text[link.start : link.end]
            at = link.end
        _append(paragraph, last, line.text[at:])
    return html


def _append(parent: HtmlElement, last: HtmlElement | None, text: str) -> None:
    if last is None:
        parent.text = text
    else:
        last.tail = text
