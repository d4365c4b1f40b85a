"""`outlets.Selector` + `Document` -> strings or elements.

Evaluates what an outlet's file selects. A selector that finds nothing gives nothing; none raises.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from pipelines.css import Plan, plan
from pipelines.outlets import Selector, compiled
from pipelines.structured import as_json, at_path, data_layer, of_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from pipelines.document import Document

_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
)
_HTML_SEARCHED = 2_000_000
"""Characters of the source that a `regex:` selector sees."""


def one_line(text: str) -> str:
    """Collapse white space, no-break spaces included, and drop what takes no width."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


def elements(document: Document, selector: Selector) -> Iterator[HtmlElement]:
    """Yield the elements of a `css` or `xpath` selector in document order."""
    quick = _quick(selector)
    if quick and not quick.attribute and not quick.text:
        yield from quick.elements(document.index)
        return
    for found in _xpath(document, selector):
        if isinstance(found, etree._Element) and isinstance(found.tag, str):  # noqa: SLF001 - the only name lxml has for it
            yield found


def values(document: Document, selector: Selector) -> Iterator[str]:
    """Yield the strings that a selector finds, white space collapsed, empty ones left out."""
    for text in _EVALUATE[selector.kind](document, selector):
        line = one_line(text)
        if line:
            yield line


def visible_text(element: HtmlElement) -> str:
    """Return an element's text without its scripts and styles."""
    if not len(element):
        hidden = element.tag in _UNSEEN
        return "" if hidden or not element.text else one_line(element.text)
    return one_line("".join(text_pieces(element)))


def short_text(element: HtmlElement, most: int) -> str:
    """Return an element's visible text, empty if that has more characters than *most*.

    Reads no further than it needs to tell.
    """
    parts: list[str] = []
    length = 0
    for count, piece in enumerate(text_pieces(element)):
        text = one_line(piece)
        length += len(text)
        if length > most or count > 4 * most:
            return ""
        parts.append(piece)
    text = one_line("".join(parts))
    return text if len(text) <= most else ""


def text_pieces(element: HtmlElement) -> Iterator[str]:
    """Yield the visible text of an element node by node, empty where a node has none."""
    skipping: HtmlElement | None = None
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start" and skipping is None:
            if node.tag in _UNSEEN:
                skipping = node
            else:
                yield " " if node.tag == "br" else node.text or ""
        elif event == "end":
            if node is skipping:
                skipping = None
            if skipping is None and node is not element and node.tail:
                yield node.tail


_UNSEEN = frozenset(("script", "style", "noscript", "template"))


def _quick(selector: Selector) -> Plan | None:
    # A selector made in code may be called anything.
    written = selector.kind == "css" or selector.text.startswith("xpath:")
    return plan(selector.text) if written else None


def asides(document: Document, selector: Selector) -> Iterator[str]:
    """Yield what the elements of a selector say in attributes: when, in full, to a machine."""
    quick = _quick(selector)
    if selector.kind not in ("css", "xpath") or (quick and (quick.attribute or quick.text)):
        return
    for element in elements(document, selector):
        for name in _MOMENTS:
            value = element.get(name)
            if value and value.strip():
                yield one_line(value)


_MOMENTS = ("datetime", "content", "data-timestamp", "data-time", "data-date", "title")
_NEEDED = re.compile(
    r"contains\(\s*@(?:class|id)\s*,\s*'([^']+)'\s*\)|@(?:class|id)\s*=\s*'([^']+)'"
)
_CHOICE = re.compile(r"\bor\b|\bnot\b|\||translate|concat")


@lru_cache(maxsize=4096)
def _needed(query: str) -> tuple[str, ...]:
    """Return what must stand in a `class` or `id` of the page for the XPath to find anything."""
    if _CHOICE.search(query):
        return ()
    return tuple(match[1] or match[2] for match in _NEEDED.finditer(query))


def _xpath(document: Document, selector: Selector) -> list[object]:
    if selector.kind == "xpath" and any(
        one not in document.index.marks for one in _needed(selector.query)
    ):
        return []
    try:
        found = compiled(selector)(document.root)
    except etree.XPathError:
        return []
    return list(found) if isinstance(found, list) else [found]


def _marked_up(document: Document, selector: Selector) -> Iterator[str]:
    quick = _quick(selector)
    if quick is None:
        found: list[object] = _xpath(document, selector)
    elif quick.attribute:
        found = [one.get(quick.attribute) or "" for one in quick.elements(document.index)]
    elif quick.text:
        found = [text for one in quick.elements(document.index) for text in _own_texts(one)]
    else:
        found = [*quick.elements(document.index)]
    for one in found:
        if not isinstance(one, etree._Element):  # noqa: SLF001 - the only name lxml has for it
            yield str(one)
        elif one.tag == "meta":
            yield one.get("content") or ""
        elif one.tag == "time" and not visible_text(one):
            yield one.get("datetime") or ""
        elif isinstance(one.tag, str):
            yield visible_text(one)


def _own_texts(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.tail or ""


def _meta(document: Document, selector: Selector) -> Iterator[str]:
    yield from document.metas.get(selector.query.lower(), ())


def _json_ld(document: Document, selector: Selector) -> Iterator[str]:
    name, _, path = selector.query.partition(".")
    for item in of_type(document.json_ld, name):
        found = list(at_path(item, path))
        if found:
            # Further objects of that type are other articles.
            yield from found
            return


def _next_data(document: Document, selector: Selector) -> Iterator[str]:
    if document.next_data:
        yield from at_path(_parsed(document.next_data), selector.query)


@lru_cache(maxsize=2)
def _parsed(text: str) -> object:
    return as_json(text)


def _data_layer(document: Document, selector: Selector) -> Iterator[str]:
    yield from data_layer(document.scripts, selector.query)


def _url(document: Document, selector: Selector) -> Iterator[str]:
    yield from _searched(selector.query, document.url)


def _source(document: Document, selector: Selector) -> Iterator[str]:
    for found in _searched(selector.query, document.text[:_HTML_SEARCHED]):
        yield html.unescape(found)


def _searched(pattern: str, text: str) -> Iterator[str]:
    """Yield group 1 of the first match, or the whole match where the pattern has no group."""
    try:
        match = _regex(pattern).search(text)
    except re.error:
        return
    if match:
        yield (match[1] if match.re.groups else match[0]) or ""


@lru_cache(maxsize=1024)
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_EVALUATE = {
    "css": _marked_up,
    "xpath": _marked_up,
    "meta": _meta,
    "jsonld": _json_ld,
    "nextdata": _next_data,
    "datalayer": _data_layer,
    "url": _url,
    "regex": _source,
}
