"""Text -> `Document`: one parse of a page, and what its head says of it.

Depth is bounded by libxml2 (256 elements, deeper ones are lost), size by `decode`; entities are
those of HTML only. Head values are looked up once and kept.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, document_fromstring
from trafilatura.utils import HTML_PARSER

from pipelines.css import Index
from pipelines.decode import DecodeError, payload_of, text_from
from pipelines.structured import json_ld_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.records import Page

_NAMES = ("name", "property", "itemprop", "http-equiv")
_HEAD_BYTES = 64 * 1024
_ROBOTS_META = re.compile(r"<meta\s[^>]{0,500}>", re.IGNORECASE)
_ROBOTS_NAME = re.compile(r"""name\s*=\s*["']?(robots|googlebot|kliping)\b""", re.IGNORECASE)
_NOARCHIVE = re.compile(r"""content\s*=\s*(["'])[^"']*?\b(noarchive|none)\b""", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


class Document:
    """One parsed page.

    Attributes:
        url: Final URL of the page; `base` is what its links are relative to.
        text: The HTML as text.
        root: The `html` element.
    """

    def __init__(self, text: str, url: str, root: HtmlElement | None = None) -> None:
        self.text = text
        self.url = url
        self.root = _parsed(text) if root is None else root
        self._own_root = root is None

    @cached_property
    def index(self) -> Index:
        """What selectors look elements up in; of the tree as it was at the first look."""
        return Index(self.root, self.text if self._own_root else None)

    @cached_property
    def base(self) -> str:
        """What relative addresses start from."""
        for element in self.index.tagged("base"):
            found = absolute(element.get("href"), self.url)
            if found:
                return found
        return self.url

    @cached_property
    def metas(self) -> Mapping[str, tuple[str, ...]]:
        """Every `<meta>` by name, property, itemprop or http-equiv in lower case."""
        found: dict[str, list[str]] = {}
        for element in self.index.tagged("meta"):
            attributes = element.attrib
            content = " ".join(attributes.get("content", "").split())
            if not content:
                continue
            keys = {attributes[key].strip().lower() for key in _NAMES if key in attributes}
            for key in keys:
                found.setdefault(key, []).append(content)
        return {key: tuple(values) for key, values in found.items()}

    def meta(self, name: str) -> str | None:
        """Return the first `<meta>` of that name that is not empty."""
        return next(iter(self.metas.get(name.lower(), ())), None)

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """Text of every inline script that is no data block."""
        return tuple(
            script.text
            for script in self.index.tagged("script")
            if script.text and "json" not in (script.get("type") or "").lower()
        )

    @cached_property
    def json_ld(self) -> tuple[dict[str, Any], ...]:
        """Every JSON-LD object of the page, flattened."""
        return json_ld_in(
            script.text
            for script in self.index.tagged("script")
            if script.text and (script.get("type") or "").strip().lower() == "application/ld+json"
        )

    @cached_property
    def next_data(self) -> str | None:
        """Text of `script#__NEXT_DATA__`."""
        for script in self.index.tagged("script"):
            if script.get("id") == "__NEXT_DATA__":
                return str(script.text or "") or None
        return None

    def declared_urls(self) -> tuple[str, ...]:
        """Return the addresses that the page claims as its own, most trustworthy first."""
        found = [
            link.get("href")
            for link in self.index.tagged("link")
            if "canonical" in (link.get("rel") or "").lower().split()
        ]
        found.extend(self.metas.get("og:url", ()))
        urls = (absolute(url, self.base) for url in found)
        return tuple(dict.fromkeys(url for url in urls if url))


def _parsed(text: str) -> HtmlElement:
    # The parser is told UTF-8; an XML declaration would make lxml refuse text.
    data = _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    try:
        return document_fromstring(data, parser=HTML_PARSER)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return document_fromstring(b"<html><body></body></html>", parser=HTML_PARSER)


def absolute(url: str | None, base: str) -> str | None:
    """Return *url* as an absolute http address, `None` if it is none.

    >>> absolute(" /a b ", "https://contoh.id/x/")
    'https://contoh.id/a%20b'
    >>> absolute("javascript:void(0)", "https://contoh.id/")
    """
    if not url or not url.strip() or url.strip().startswith("#"):
        return None
    try:
        joined = urljoin(base, "".join(url.split("\n")).strip().replace(" ", "%20"))
        parts = urlsplit(joined)
        parts.port  # noqa: B018 - raises on a port that is none
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.hostname else None


def forbids_archiving(page: Page) -> bool:
    """Tell whether headers or the first bytes of the page say `noarchive` (or `none`).

    `X-Robots-Tag` may name a robot; what is said to another one than Google's or ours is not said
    to us. Cheap enough to be asked before a page is written down.
    """
    for key, value in page.headers:
        if key.lower() == "x-robots-tag" and _says_noarchive(value):
            return True
    kind = (page.header("content-type") or "html").lower()
    if "html" not in kind and "xml" not in kind:
        return False
    try:
        head = text_from(payload_of(page)[:_HEAD_BYTES], page.header("content-type") or "")
    except DecodeError:
        return False
    return any(
        _ROBOTS_NAME.search(tag) and _NOARCHIVE.search(tag) for tag in _ROBOTS_META.findall(head)
    )


def _says_noarchive(header: str) -> bool:
    robot, colon, _ = header.partition(":")
    if colon and re.fullmatch(r"\s*[\w-]+\s*", robot):
        ours = robot.strip().lower() in ("googlebot", "kliping", "robots", "unavailable_after")
        if not ours:
            return False
    words = re.split(r"[\s,:;]+", header.lower())
    return "noarchive" in words or "none" in words
