"""Document + outlet -> title, dates, names and the other values, each with what gave it.

The layout's selectors are asked before any guess, in order; the first that gives something usable
wins. The guesses are a table of the same selectors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from pipelines.dates import Moment, parse_moment
from pipelines.document import Document, absolute
from pipelines.names import names_in
from pipelines.outlets import Layout, Outlet, Selector, selector
from pipelines.selectors import one_line, values
from pipelines.structured import ARTICLE_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime

_T = TypeVar("_T")

GUESSES: Mapping[str, tuple[str, ...]] = {
    "title": ("jsonld:headline", "meta:og:title", "meta:twitter:title", "meta:title"),
    "subtitle": ("jsonld:alternativeHeadline", "css:.subtitle, .sub-title, .entry-subtitle"),
    "published": (
        "jsonld:datePublished",
        "meta:article:published_time",
        "meta:og:published_time",
        "meta:datepublished",
        "meta:publishdate",
        "meta:pubdate",
        "meta:parsely-pub-date",
        "meta:dc.date.issued",
        "meta:dc.date",
        "xpath://time[@itemprop='datePublished' or @pubdate]/@datetime",
        "xpath://article//time/@datetime",
        "css:time.entry-date::attr(datetime)",
        "css:.entry-date, .post-date, .published, .date-published, [itemprop=datePublished]",
        "xpath://time/@datetime",
        "meta:date",
        "css:.date, .tanggal, .waktu, .time",
        "jsonld:dateCreated",
        "url:/(\\d{4}/\\d{1,2}/\\d{1,2})/",
    ),
    "modified": (
        "jsonld:dateModified",
        "meta:article:modified_time",
        "meta:og:updated_time",
        "meta:datemodified",
        "meta:lastmod",
    ),
    "authors": (
        "jsonld:author.name",
        "meta:author",
        "meta:article:author",
        "meta:dable:author",
        "meta:content_author",
        "meta:parsely-author",
        "css:[itemprop=author] [itemprop=name], a[rel=author]",
        "css:.author-name, .entry-author, .post-author, .byline a, .byline, .author a",
        "css:[itemprop=author]",
    ),
    "editors": ("jsonld:editor.name", "meta:editor", "meta:content_editor"),
    "section": (
        "jsonld:articleSection",
        "meta:article:section",
        "meta:content_category",
        "css:a[rel~='category'], .cat-links a",
    ),
    "tags": (
        "meta:article:tag",
        "css:a[rel~=tag]",
        "jsonld:keywords",
        "meta:news_keywords",
        "meta:content_tag",
        "meta:keywords",
    ),
    "image": (
        "meta:og:image",
        "jsonld:image.url",
        "jsonld:image",
        "meta:twitter:image",
        "jsonld:thumbnailUrl",
    ),
}
"""Field -> where to look when no layout says; `jsonld:` without a type means any article."""

_SEPARATORS = re.compile(r"\s+[-–—|«»·•:]+\s+|\s*[|»]\s*")
_PAGE = re.compile(r"(?i)(?:halaman|page|hal\.?)\s*\d{1,3}(?:\s*(?:dari|of)\s*\d{1,3})?|all|semua")
_WORDS = re.compile(r"[^\W_]+")
_MOST_TAGS = 50
_LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Everything about an article but its text."""

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_on: date | None = None
    published_raw: str | None = None
    published_precision: str | None = None
    modified_at: datetime | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    provenance: dict[str, str] = field(default_factory=dict)


def values_of(document: Document, outlet: Outlet, layout: Layout | None) -> Values:
    """Read all values of a page.

    Args:
        document: Not yet cleaned.
        outlet: Whose name and zone apply.
        layout: The one that fits; `None` leaves all to the guesses.
    """
    return _Reader(document, outlet, layout).read()


def brands_of(document: Document, outlet: Outlet) -> tuple[str, ...]:
    """Return what the outlet may call itself in titles, bylines and datelines."""
    names = [outlet.name, *outlet.domains, *document.metas.get("og:site_name", ())]
    names.extend(re.sub(r"\.(?:com|co\.id|id|net|org|news|tv)$", "", one) for one in outlet.domains)
    return tuple(dict.fromkeys(name for name in names if name))


def without_site(title: str, brands: Sequence[str]) -> str:
    """Cut the site's name, and page numbers, from the end of a title.

    >>> without_site("Harga Beras Naik - Halaman 2 | Kabar Kita", ["Kabar Kita"])
    'Harga Beras Naik'
    """
    squeezed = {_squeezed(brand) for brand in brands}
    while True:
        cuts = list(_SEPARATORS.finditer(title))
        if not cuts or not title[: cuts[-1].start()].strip():
            return title.strip()
        last = title[cuts[-1].end() :]
        if not (_squeezed(last) in squeezed or _PAGE.fullmatch(last.strip())):
            return title.strip()
        title = title[: cuts[-1].start()]


class _Reader:
    def __init__(self, document: Document, outlet: Outlet, layout: Layout | None) -> None:
        self.document = document
        self.outlet = outlet
        self.layout = layout
        self.brands = brands_of(document, outlet)
        self.provenance: dict[str, str] = {}

    def read(self) -> Values:
        published = self.first("published", self.moment, "published_at")
        modified = self.first("modified", self.moment, "modified_at")
        if published and modified and modified.at < published.at:
            # A template's default, not an edit (okezone, seen 2020).
            self.provenance.pop("modified_at", None)
            modified = None
        return Values(
            title=self.title(),
            subtitle=self.first("subtitle", self.line),
            authors=self.first("authors", self.names) or (),
            editors=self.first("editors", self.names) or (),
            published_at=published.at if published else None,
            published_on=published.on if published else None,
            published_raw=published.raw if published else None,
            published_precision=published.precision if published else None,
            modified_at=modified.at if modified else None,
            section=self.first("section", self.section),
            tags=self.first("tags", self.tags) or (),
            image_url=self.first("image", self.image, "image_url"),
            provenance=self.provenance,
        )

    def first(
        self,
        name: str,
        read: Callable[[Selector], _T | None],
        column: str | None = None,
        *,
        guess: bool = True,
    ) -> _T | None:
        """Return what the first selector with a usable value gives."""
        own = self.layout.fields.get(name, ()) if self.layout else ()
        for one in (*own, *(_guesses(name) if guess else ())):
            found = read(one)
            if found:
                self.provenance[column or name] = _shown(one)
                return found
        return None

    def values(self, one: Selector) -> Iterator[str]:
        return values(self.document, one)

    def line(self, one: Selector) -> str | None:
        return next(self.values(one), None)

    def moment(self, one: Selector) -> Moment | None:
        for text in self.values(one):
            found = parse_moment(text, zone=self.outlet.timezone)
            if found:
                return found
        return None

    def names(self, one: Selector) -> tuple[str, ...]:
        return names_in(self.values(one), brands=self.brands)

    def section(self, one: Selector) -> str | None:
        for text in self.values(one):
            if _squeezed(text) not in {_squeezed(brand) for brand in self.brands}:
                return text
        return None

    def tags(self, one: Selector) -> tuple[str, ...]:
        found: dict[str, str] = {}
        split = one.kind not in ("css", "xpath")
        for text in self.values(one):
            for tag in re.split(r"\s*[,;]\s*", text) if split else (text,):
                plain = tag.lstrip("#").strip()
                if plain and len(plain) <= 100:  # noqa: PLR2004 - longer ones are descriptions
                    found.setdefault(plain.casefold(), plain)
        return tuple(found.values())[:_MOST_TAGS]

    def image(self, one: Selector) -> str | None:
        for text in self.values(one):
            found = absolute(text, self.document.base)
            if found:
                return found
        return None

    def title(self) -> str | None:
        """Return the title as readers see it: the heading that the declared title agrees with."""
        own = self.first("title", self.headline, guess=False)
        if own:
            return own
        declared = self.first("title", self.headline)
        headings = [h for tag in ("h1", "h2") for h in self.headings(tag)]
        if declared is None:
            declared = self.page_title()
        if declared:
            agreeing = next((one for one in headings if _agree(one, declared)), None)
            if agreeing:
                self.provenance["title"] = "selector:h1, h2"
            return agreeing or declared
        first = next(iter(self.headings("h1")), None)
        if first:
            self.provenance["title"] = "selector:h1"
        return first

    def headline(self, one: Selector) -> str | None:
        for text in self.values(one):
            found = without_site(text, self.brands)[:_LONGEST_TITLE]
            if _WORDS.search(found) and _squeezed(found) not in map(_squeezed, self.brands):
                return found
        return None

    def headings(self, tag: str) -> list[str]:
        found = (without_site(text, self.brands) for text in self.values(_compiled(f"css:{tag}")))
        return [one[:_LONGEST_TITLE] for one in found if _WORDS.search(one)]

    def page_title(self) -> str | None:
        element = self.document.root.find(".//title")
        text = one_line(element.text_content()) if element is not None else ""
        found = without_site(text, self.brands)
        cuts = list(_SEPARATORS.finditer(found))
        if cuts and found == text:
            # No name we know: what follows the last separator is the site's if it is short.
            head, tail = found[: cuts[-1].start()], found[cuts[-1].end() :]
            if len(_WORDS.findall(tail)) <= 4 <= len(_WORDS.findall(head)):  # noqa: PLR2004 - words
                found = head
        if not found or _squeezed(found) in map(_squeezed, self.brands):
            return None
        self.provenance["title"] = "selector:title"
        return found[:_LONGEST_TITLE]


@lru_cache(maxsize=256)
def _compiled(text: str) -> Selector:
    return selector(text.removeprefix("css:"))


@lru_cache(maxsize=32)
def _guesses(name: str) -> tuple[Selector, ...]:
    found: list[Selector] = []
    for text in GUESSES[name]:
        kind, _, query = text.partition(":")
        if kind == "jsonld":
            found.extend(Selector(f"jsonld:{t}.{query}", "jsonld", f"{t}.{query}")
                         for t in ARTICLE_TYPES)  # fmt: skip
        else:
            found.append(_compiled(text))
    return tuple(found)


def _shown(one: Selector) -> str:
    return f"selector:{one.text}" if one.kind == "css" else one.text


def _agree(one: str, other: str) -> bool:
    """Tell whether two titles are the same but for a few words."""
    a, b = (set(_WORDS.findall(text.lower())) for text in (one, other))
    return bool(a and b) and len(a & b) >= 0.6 * max(len(a), len(b))


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
