"""Document + outlet -> the paragraphs of the article, and what was taken out of them.

The body element is what the outlet's first fitting layout selects; without one it is what
trafilatura finds on the whole page. Read-also links and other boilerplate are cut in the markup
(`clean`); trafilatura then says which of the lines that are left are text. In a chosen element it
may drop only lines that are links; whatever else it loses stays, for an outlet's selector knows
better.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree
from trafilatura import bare_extraction

from pipelines.blocks import HEADINGS, Line, lines_in, tidy
from pipelines.clean import clean, cut_signoff
from pipelines.decode import DecodeError
from pipelines.records import Reason, Related, Removed
from pipelines.selectors import elements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from pipelines.document import Document
    from pipelines.outlets import Layout, Outlet, Selector

# A page that trafilatura cannot read is `Rejected`; its own complaints would only go to stderr.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_LINKED = 0.85
_INNER = HEADINGS | {
    "p",
    "li",
    "ul",
    "ol",
    "blockquote",
    "tr",
    "tbody",
    "table",
    "dd",
    "dt",
    "dl",
    "pre",
}
_LONG_LINE = 80
"""Characters that a line next to the text must have to be text itself."""
_MOST_LINES = 10_000
_LONGEST_TEXT = 500_000
"""Characters, about a novel."""
_SHORT_LINE = 25
"""Characters; a shorter line counts as found by trafilatura only where it is a paragraph there."""


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
    """Share of the text that is links, 0 to 1."""


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
        chosen: From `choose`; `None` leaves it to trafilatura.
        title: Which the first paragraph need not repeat.

    Raises:
        DecodeError: `TOO_LARGE`: more text than any article has.
    """
    if chosen is None:
        return _guessed(document, outlet, title)
    root = chosen.element
    lines = _bounded(lines_in(root))
    cut_out = frozenset(
        element for selector in chosen.layout.remove for element in elements(document, selector)
    )
    cleaned = clean(lines, root, base=document.base, rules=outlet.clean, removed=cut_out - {root})
    found = list(cleaned.found)
    text = _text_lines(_normal_form([line for _, line in cleaned.lines]))
    kept = []
    for number, line in cleaned.lines:
        if tidy(line.text) not in text and line.linked() >= _LINKED and not line.heading:
            found.append((number, Removed(kind="links", text=tidy(line.text))))
        else:
            kept.append((number, line))
    source = chosen.selector.text
    source = source if chosen.selector.kind != "css" else f"selector:{source}"
    return _finished(kept, found, outlet, title, source)


def _bounded(lines: list[Line]) -> list[Line]:
    size = sum(len(line.text) for line in lines)
    if len(lines) > _MOST_LINES or size > _LONGEST_TEXT:
        raise DecodeError(Reason.TOO_LARGE, f"{len(lines)} lines, {size} characters of text")
    return lines


def _guessed(document: Document, outlet: Outlet, title: str) -> Body:
    root = document.root.find("body")
    if root is None:
        root = document.root
    lines = _bounded(lines_in(root))
    cleaned = clean(lines, root, base=document.base, rules=outlet.clean)
    left = [(number, line, _home(line)) for number, line in cleaned.lines]
    sure = _found_by_trafilatura(document.root, cleaned.lines)
    if not sure:
        return Body((), (), (), "trafilatura")
    homes = Counter(id(home) for number, _, home in left if number in sure)
    first, last = _widened(left, sure, homes)
    kept: list[tuple[int, Line]] = []
    found: list[tuple[int, Related | Removed]] = []
    for number, line, home in left:
        if not first <= number <= last:
            continue
        if number in sure or (id(home) in homes and line.linked() < _LINKED):
            kept.append((number, line))
        else:
            found.append((number, Removed(kind="widget", text=tidy(line.text))))
    # Beyond the text only what shares its element belongs to it: not a sidebar, not a footer.
    home = _shared([line.node for _, line in kept])
    after = next((number for number, _, _ in left if number > last), len(lines))
    for number, item in cleaned.found:
        if first <= number < last or (number < after and _within(lines[number].node, home)):
            found.append((number, item))
    return _finished(kept, found, outlet, title, "trafilatura")


def _found_by_trafilatura(tree: HtmlElement, lines: Sequence[tuple[int, Line]]) -> frozenset[int]:
    """Return the numbers of the lines that trafilatura takes for text.

    It is asked for precision first: it then leaves out more lists of teasers, and the headings and
    quotes that it also leaves out are between lines that it finds.
    """
    for precise in (True, False):
        text = _text_lines(tree, precise=precise)
        joined = " ".join(text)
        sure = frozenset(
            number
            for number, line in lines
            if (one := tidy(line.text)) in text or (len(one) >= _SHORT_LINE and one in joined)
        )
        if sure:
            return sure
    return frozenset()


def _home(line: Line) -> HtmlElement:
    """Return what a line shares with its neighbours: the element around its paragraph."""
    node = line.node
    while node.tag in _INNER and node.getparent() is not None:
        node = node.getparent()
    return node


def _widened(
    left: Sequence[tuple[int, Line, HtmlElement]], sure: frozenset[int], homes: Counter[int]
) -> tuple[int, int]:
    """Return first and last line of the text: long lines beside what was found belong to it."""
    at = [n for n, (number, _, _) in enumerate(left) if number in sure]
    first, last = at[0], at[-1]

    def belongs(n: int) -> bool:
        _, line, home = left[n]
        return homes[id(home)] > 1 and len(line.text) >= _LONG_LINE and line.linked() < 0.3  # noqa: PLR2004 - a teaser is linked throughout

    while first > 0 and belongs(first - 1):
        first -= 1
    while last + 1 < len(left) and belongs(last + 1):
        last += 1
    return left[first][0], left[last][0]


def _shared(nodes: Sequence[HtmlElement]) -> HtmlElement:
    """Return the innermost element around all of them."""
    around = [nodes[0], *nodes[0].iterancestors()]
    for node in nodes[1:]:
        own = {node, *node.iterancestors()}
        around = [one for one in around if one in own]
    return around[0]


def _within(node: HtmlElement, element: HtmlElement) -> bool:
    return node is element or any(one is element for one in node.iterancestors())


def _finished(
    kept: Sequence[tuple[int, Line]],
    found: list[tuple[int, Related | Removed]],
    outlet: Outlet,
    title: str,
    source: str,
) -> Body:
    numbered = [(number, tidy(line.text)) for number, line in kept]
    if numbered and title and _same(numbered[0][1], title):
        number, text = numbered.pop(0)
        found.append((number, Removed(kind="title", text=text)))
    if numbered:
        number, text = numbered.pop()
        rest, signoffs = cut_signoff(text, outlet.clean)
        found.extend((number, one) for one in signoffs)
        if rest:
            numbered.append((number, rest))
    found.sort(key=lambda one: one[0])
    letters = sum(len(line.text) for _, line in kept)
    linked = sum(line.linked() * len(line.text) for _, line in kept)
    return Body(
        tuple(text for _, text in numbered),
        tuple(item for _, item in found if isinstance(item, Related)),
        tuple(item for _, item in found if isinstance(item, Removed)),
        source,
        linked / letters if letters else 0.0,
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


def _text_lines(tree: HtmlElement, *, precise: bool = False) -> Counter[str]:
    """Return the paragraphs that trafilatura takes for text."""
    try:
        found = bare_extraction(
            tree, include_comments=False, with_metadata=False, favor_precision=precise
        )
    except Exception:  # noqa: BLE001 - foreign code on hostile input; finding nothing is an outcome
        return Counter()
    text = getattr(found, "text", None) or ""
    lines = [tidy(line) for line in text.split("\n") if line.strip()]
    # It marks list items with a dash; the page may have written one, too.
    return Counter([*lines, *(line.removeprefix("- ") for line in lines)])
