"""Where values stand on pages of outlets that have no file, or whose file does not say.

A table of the selectors that outlet files use, too; `guesses` writes it out for one page.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.outlets import Selector, selector
from pipelines.structured import PAGE_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

GUESSES: Mapping[str, tuple[str, ...]] = {
    "title": ("jsonld:headline", "meta:og:title", "meta:twitter:title", "meta:title"),
    "subtitle": ("jsonld:alternativeHeadline", ".subtitle", ".sub-title", ".entry-subtitle"),
    "published": (
        "jsonld:datePublished",
        "meta:article:published_time",
        "meta:og:article:published_time",
        "meta:og:published_time",
        "meta:datepublished",
        "[itemprop=datePublished]::attr(datetime)",
        "[itemprop=datePublished]::attr(content)",
        "time[pubdate]::attr(datetime)",
        "time.entry-date.published::attr(datetime)",
        "time.entry-date::attr(datetime)",
        "meta:parsely-pub-date",
        "meta:sailthru.date",
        "[itemprop=datePublished]",
    ),
    "modified": (
        "jsonld:dateModified",
        "meta:article:modified_time",
        "meta:og:article:modified_time",
        "meta:og:updated_time",
        "meta:datemodified",
        "time[itemprop=dateModified]::attr(datetime)",
        "time.updated:not(.published)::attr(datetime)",
        "meta:lastmod",
    ),
    "authors": (
        "jsonld:author.name",
        "meta:author",
        "meta:article:author",
        "meta:dable:author",
        "meta:content_author",
        "meta:parsely-author",
        "meta:sailthru.author",
        "meta:dc.creator",
        "meta:cxenseparse:author",
        "meta:citation_author",
    ),
    "editors": ("jsonld:editor.name", "meta:editor", "meta:content_editor"),
    "section": (
        "jsonld:articleSection",
        "meta:article:section",
        "meta:content_category",
        "a[rel~='category']",
        ".cat-links a",
    ),
    "tags": ("meta:article:tag", "jsonld:keywords", "meta:news_keywords", "meta:content_tag"),
    "image": (
        "meta:og:image",
        "jsonld:image.url",
        "jsonld:image",
        "meta:twitter:image",
        "jsonld:thumbnailUrl",
    ),
}
"""Field -> where to look when no layout says; `jsonld:` without a type means any article."""

LATER: tuple[str, ...] = (
    "meta:citation_publication_date",
    "meta:dc.date.issued",
    "meta:dcterms.created",
    "meta:dc.date",
    "meta:publishdate",
    "meta:publish-date",
    "meta:publish_date",
    "meta:published_date",
    "meta:publication_date",
    "meta:pubdate",
    "meta:dtk:publishdate",
    "meta:content_publisheddate",
    "meta:cxenseparse:recs:publishtime",
    "meta:w-published-date",
    "meta:published-date",
    "meta:article.published",
    "meta:date",
    "page:datePublished",
    "page:uploadDate",
    "datalayer:datePublished",
    "datalayer:published_at",
    "datalayer:publishedDate",
    "datalayer:published_date",
    "datalayer:publish_date",
    "datalayer:publishDate",
    "datalayer:first_publication_date",
    "url:/(\\d{4}[/-]\\d{1,2}[/-]\\d{1,2})[/-]",
    "jsonld:dateCreated",
)
"""Where to look for a date after what readers see: often in another zone than they say."""

NO_GUESS = frozenset(("tags", "subtitle", "editors"))
"""What is not there if a layout says where it would be and it is not: guesses would be others'."""


@lru_cache(maxsize=512)
def compiled(text: str) -> Selector:
    """Compile a selector, each once."""
    return selector(text)


@lru_cache(maxsize=256)
def guesses(texts: tuple[str, ...], types: tuple[str, ...]) -> tuple[Selector, ...]:
    """Write a row of the table out for the types of article that a page declares."""
    found: list[Selector] = []
    for text in texts:
        kind, _, query = text.partition(":")
        if kind in ("jsonld", "page"):
            among = types if kind == "jsonld" else PAGE_TYPES
            found.extend(Selector(f"jsonld:{t}.{query}", "jsonld", f"{t}.{query}") for t in among)
        else:
            found.append(compiled(text))
    return tuple(found)


def shown(one: Selector) -> str:
    """Return what `provenance` says of a selector."""
    return f"selector:{one.text}" if one.kind == "css" else one.text
