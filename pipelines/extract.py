"""Document + outlet -> title, dates, names and the other values, each with what gave it.

The layout's selectors are asked before any guess, in order; the first that gives something usable
wins. The guesses are a table of the same selectors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from pipelines.dates import Moment, parse_moment, zone_of
from pipelines.document import Document, absolute
from pipelines.names import Role, names_in, squeezed
from pipelines.nearby import Surroundings
from pipelines.selectors import asides, one_line, values, visible_text
from pipelines.sources import GUESSES, LATER, NO_GUESS, compiled, guesses, shown
from pipelines.structured import ARTICLE_TYPES, at_path, of_type
from pipelines.titles import (
    WORDS,
    agreeing,
    squeezed_all,
    without_named_tail,
    without_short_tail,
    without_site,
)
from pipelines.topics import (
    are_tags,
    cleaned_tags,
    section_of,
    shown_keywords,
    subdomain_of,
    tag_links,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from pipelines.outlets import Layout, Outlet, Selector

_T = TypeVar("_T")

_PLACEHOLDER = re.compile(
    r"/(?:[\w-]*[-_])?(?:placeholder|no-?image|no-?photo|blank|spacer|transparent|favicon|"
    r"default(?:[-_](?:image|thumb\w*|img|og))?|logo|og-image|share-default)\.\w{3,4}(?:$|\?)|^data:",
    re.IGNORECASE,
)
_NO_ZONE = re.compile(
    r"\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:Z|[+-]00:?00|GMT|UTC)?\s*$", re.IGNORECASE
)
_TIME_WORDS = re.compile(
    r"\d|kemarin|semalam|lalu|lepas|\bago\b|yesterday|just now|baru saja|januari|wib", re.IGNORECASE
)
_BY_ITEM = ("[itemprop", "meta:datepublished")
_COMMON_WORDS = ((" yang ", " dan ", " di "), (" the ", " and ", " of "))
_MOST_DATES = 12
_MOST_TAGS = 50
_LONGEST_TITLE = 500
_ONE_MINUTE = 60
_FARTHEST_ZONE = 14 * 3600


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
    names.extend(_bare(one) for one in outlet.domains)
    for item in document.json_ld:
        publisher = item.get("publisher")
        name = publisher.get("name") if isinstance(publisher, dict) else None
        if isinstance(name, str):
            names.append(one_line(name))
    return tuple(dict.fromkeys(name for name in names if name))


@lru_cache(maxsize=1024)
def _bare(domain: str) -> str:
    return re.sub(
        r"\.(?:com|co\.id|or\.id|go\.id|ac\.id|id|my|com\.my|net|org|news|tv|co)$", "", domain
    )


class _Reader:
    def __init__(self, document: Document, outlet: Outlet, layout: Layout | None) -> None:
        self.document = document
        self.outlet = outlet
        self.layout = layout
        self.brands = brands_of(document, outlet)
        self.known = squeezed_all(self.brands)
        self.nobodies = tuple(
            one for one in self.brands if one == outlet.name or squeezed(one) not in self.persons
        )
        self.provenance: dict[str, str] = {}
        self.unread: tuple[str, str] | None = None
        self.types = tuple(
            name for name in ARTICLE_TYPES if next(of_type(document.json_ld, name), None)
        )

    def read(self) -> Values:
        title = self.title()
        self.around = Surroundings(self.document, title, self.nobodies)
        published = self.published()
        if published is None and self.unread:
            self.provenance["published_raw"] = self.unread[1]
        modified = self.modified()
        if published and modified and _repeats(modified, published):
            self.provenance.pop("modified_at", None)
            modified = None
        return Values(
            title=title,
            subtitle=self.subtitle(title),
            authors=self.people("authors", "author"),
            editors=self.people("editors", "editor"),
            published_at=published.at if published else None,
            published_on=published.on if published else None,
            published_raw=published.raw if published else self.unread and self.unread[0],
            published_precision=published.precision if published else None,
            modified_at=modified.at if modified else None,
            section=self.section(title),
            tags=self.tags(title),
            image_url=self.first("image", self.image, "image_url"),
            provenance=self.provenance,
        )

    def own(self, name: str) -> tuple[Selector, ...] | None:
        """Return the layout's selectors, `None` where it does not name the field."""
        return self.layout.fields.get(name) if self.layout else None

    def first(
        self,
        name: str,
        read: Callable[[Selector], _T | None],
        column: str | None = None,
        *,
        guess: bool = True,
    ) -> _T | None:
        """Return what the first selector with a usable value gives."""
        own = self.own(name)
        # An empty list says that the template has no such thing.
        guess = guess and own != () and not (own and name in NO_GUESS)
        others = guesses(GUESSES[name], self.types) if guess else ()
        for one in (*(own or ()), *others):
            found = read(one)
            if found:
                self.provenance[column or name] = shown(one)
                return found
        return None

    def values(self, one: Selector) -> Iterator[str]:
        return values(self.document, one)

    def line(self, one: Selector) -> str | None:
        return next(self.values(one), None)

    def subtitle(self, title: str | None) -> str | None:
        found = self.first("subtitle", self.line)
        if found and title and squeezed(found) == squeezed(title):
            self.provenance.pop("subtitle")
            return None
        return found

    # -- dates

    def published(self) -> Moment | None:
        declared = self.first("published", self.moment, "published_at")
        own = self.own("published")
        if own == () or (declared and own and _shown_by(own, self.provenance["published_at"])):
            return declared
        if declared is None:
            return self.seen() or self.later()
        source = self.provenance["published_at"]
        if declared.precision == "day" and not declared.raw[:4].isdigit():
            # Written for people, "Jun 24, 2025", and for none to see: when the site was last built.
            seen = self.seen()
            if seen and seen.on < declared.on:
                return seen
            self.provenance["published_at"] = source
        seen = self.seen_with_clock() if _without_zone(declared.raw) else None
        if seen and _contradicts(seen, declared):
            # The page shows a time in a zone of its own: the `Z` of the metadata is none.
            self.provenance["published_at"] = "selector:near the headline"
            return seen
        return declared

    def modified(self) -> Moment | None:
        found = self.first("modified", self.moment, "modified_at")
        if found or self.layout is not None:
            return found
        found = next(filter(None, map(self.parsed, self.around.updates())), None)
        if found:
            self.provenance["modified_at"] = "selector:near the headline"
        return found

    def seen(self) -> Moment | None:
        """Return the date that readers see near the headline."""
        first: Moment | None = None
        for count, text in enumerate(self.around.dates()):
            found = self.parsed(text)
            if found and (first is None or (found.on == first.on and found.precision != "day")):
                first = found
            if count > _MOST_DATES or (first and first.precision != "day"):
                break
        if first and first.precision == "day":
            # The clock may stand in the metadata.
            precise = self.later()
            if precise and precise.precision != "day" and precise.on == first.on:
                return precise
        if first:
            self.provenance["published_at"] = "selector:near the headline"
        return first

    def seen_with_clock(self) -> Moment | None:
        for text in self.around.dates():
            if zone_of(text):
                return self.parsed(text)
        return None

    def later(self) -> Moment | None:
        for one in guesses(LATER, self.types):
            found = self.moment(one)
            if found:
                self.provenance["published_at"] = shown(one)
                return found
        return None

    def moment(self, one: Selector) -> Moment | None:
        best: Moment | None = None
        texts = self.values(one)
        if one.text.startswith(_BY_ITEM) and one not in (self.own("published") or ()):
            # A page that dates several items says of none that it is the article.
            several = tuple(dict.fromkeys(texts))
            texts = iter(several if len(several) == 1 else ())
        for text in texts:
            found = self.parsed(text)
            if found:
                best = found
                break
            if self.unread is None and _tells_time(text):
                self.unread = text[:200], shown(one)
        if best is None:
            # "3 jam lalu", and in an attribute when.
            for text in asides(self.document, one):
                best = self.parsed(text)
                if best:
                    break
        return best

    def parsed(self, text: str) -> Moment | None:
        away = self.abroad
        zone = "UTC" if away else self.outlet.timezone
        return parse_moment(text, zone=zone, month_first=self.month_first, own_day=away)

    @cached_property
    def abroad(self) -> bool:
        """Whether the page is of an outlet without a file, and not in Indonesian or Malay.

        The default zone then says nothing: a day is what the page says it is.
        """
        if "." not in self.outlet.slug or self.outlet.slug.endswith((".id", ".my")):
            return False
        text = self.document.text
        here, there = (sum(map(text.count, words)) for words in _COMMON_WORDS)
        return here < there

    @cached_property
    def month_first(self) -> bool:
        """Whether the page is in English and says of none but the American one."""
        spoken = (self.document.root.get("lang") or "", self.document.meta("og:locale") or "")
        return self.abroad and any(
            one.lower().replace("_", "-") in ("en", "en-us") for one in spoken
        )

    # -- people

    def people(self, name: str, role: Role) -> tuple[str, ...]:
        found = self.first(name, lambda one: self.names(one, role))
        if found or self.own(name) == ():
            return found or ()
        if self.own("authors") is None:
            near = self.around.names(role)
        else:
            # A template that is known has no byline of a shape unknown, but may hold "Oleh: …".
            near = self.around.labelled(role) if name == "authors" else ()
        if near:
            self.provenance[name] = "selector:byline"
        return near

    def names(self, one: Selector, role: Role) -> tuple[str, ...]:
        return names_in(self.values(one), brands=self.nobodies, role=role)

    @cached_property
    def persons(self) -> set[str]:
        """Return whom the page declares a person and no organization: some sites bear a name."""
        kinds: dict[str, set[str]] = {"Person": set(), "Organization": set()}
        for item in self.document.json_ld:
            for one in (item, item.get("author"), item.get("publisher")):
                for each in one if isinstance(one, list) else [one]:
                    if isinstance(each, dict) and isinstance(each.get("name"), str):
                        for kind, names in kinds.items():
                            if kind in str(each.get("@type")):
                                names.add(squeezed(each["name"]))
        return kinds["Person"] - kinds["Organization"]

    # -- topics

    def section(self, title: str | None) -> str | None:
        own = self.own("section")
        found = self.first("section", self.known_section, guess=False)
        if found or own == ():
            return found
        crumb = section_of(self.document, title, self.brands) if own is None else None
        if crumb:
            found, self.provenance["section"] = crumb
            return found
        found = self.first("section", self.known_section)
        if found is None:
            found = subdomain_of(self.document, self.outlet)
            if found:
                self.provenance["section"] = "url:subdomain"
        return found

    def known_section(self, one: Selector) -> str | None:
        return next((text for text in self.values(one) if squeezed(text) not in self.known), None)

    def tags(self, title: str | None) -> tuple[str, ...]:
        own = self.own("tags")
        if own is not None:
            return self.first("tags", self.tags_of, guess=False) or ()
        shown = cleaned_tags(tag_links(self.document))
        if shown:
            self.provenance["tags"] = "selector:tag links"
            return tuple(shown)[:_MOST_TAGS]
        found = self.first("tags", self.tags_of) or ()
        if found and are_tags(found, title):
            return found
        keywords = found or self.tags_of(compiled("meta:keywords"))
        shown = shown_keywords(self.document, keywords) if keywords else []
        self.provenance.pop("tags", None)
        if shown:
            self.provenance["tags"] = "meta:keywords"
        return tuple(shown)

    def tags_of(self, one: Selector) -> tuple[str, ...]:
        texts = self.values(one)
        if one.kind not in ("css", "xpath"):
            texts = (tag for text in texts for tag in re.split(r"\s*[,;]\s*", text))
        return tuple(cleaned_tags(texts))[:_MOST_TAGS]

    def image(self, one: Selector) -> str | None:
        for text in self.values(one):
            found = absolute(text, self.document.base)
            if found and not _PLACEHOLDER.search(found) and found not in self.logos:
                return found
        return None

    @cached_property
    def logos(self) -> set[str | None]:
        """Addresses that the page calls its publisher's logo."""
        found = (
            url for item in self.document.json_ld for url in at_path(item, "publisher.logo.url")
        )
        return {absolute(url, self.document.base) for url in found}

    # -- title

    def title(self) -> str | None:
        """Return the title as readers see it: the heading that the declared title agrees with."""
        own = self.first("title", self.headline, guess=False)
        if own:
            return own
        declared = self.first("title", self.headline)
        page = self.page_title()
        if declared is None and page:
            declared = page
            self.provenance["title"] = "selector:title"
        headings = [(tag, text) for tag in ("h1", "h2") for text in self.headings(tag)]
        if not declared:
            first = next((text for tag, text in headings if tag == "h1"), None)
            if first:
                self.provenance["title"] = "selector:h1"
            return first
        heading = agreeing(headings, [one for one in (declared, page) if one])
        if heading:
            self.provenance["title"] = "selector:h1, h2"
        return heading or without_named_tail(declared, urlsplit(self.document.base).hostname or "")

    def headline(self, one: Selector) -> str | None:
        for text in self.values(one):
            found = without_site(text, self.brands)[:_LONGEST_TITLE]
            if WORDS.search(found) and squeezed(found) not in self.known:
                return found
        return None

    def headings(self, tag: str) -> list[str]:
        texts = (visible_text(one) for one in self.document.index.tagged(tag))
        found = (without_site(text, self.brands)[:_LONGEST_TITLE] for text in texts)
        return [one for one in found if WORDS.search(one) and squeezed(one) not in self.known]

    def page_title(self) -> str | None:
        element = next(iter(self.document.index.tagged("title")), None)
        text = one_line(element.text_content()) if element is not None else ""
        found = without_site(text, self.brands)
        if found == text:
            # No name we know: what follows the last separator is the site's if it is short.
            found = without_short_tail(found)
        if not found or squeezed(found) in self.known:
            return None
        return found[:_LONGEST_TITLE]


def _repeats(modified: Moment, published: Moment) -> bool:
    """Tell whether an edit is none: a template's default, or the publication once more."""
    if modified.at < published.at:
        return True
    if "day" in (modified.precision, published.precision):
        return modified.precision == "day" and modified.on == published.on
    return (modified.at - published.at).total_seconds() < _ONE_MINUTE


def _without_zone(raw: str) -> bool:
    return bool(_NO_ZONE.search(raw))


def _contradicts(seen: Moment, declared: Moment) -> bool:
    """Tell whether two moments are of one publication and yet not the same."""
    return _ONE_MINUTE <= abs((seen.at - declared.at).total_seconds()) <= _FARTHEST_ZONE


def _tells_time(text: str) -> bool:
    return len(text) <= 100 and bool(_TIME_WORDS.search(text))  # noqa: PLR2004 - longer ones are no dates


def _shown_by(own: Sequence[Selector], provenance: str) -> bool:
    return any(shown(one) == provenance for one in own)
