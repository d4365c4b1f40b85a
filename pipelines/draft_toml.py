"""Facts about a site -> the text of its outlet file, with what was seen as comments.

Whatever a site said goes through `plain` or stands as a quoted string: nothing of it can end a
comment or a value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.draft_site import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

_WIDTH = 98
_MOST_SHOWN = 5
"""Addresses named in one comment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A value and what was seen of it."""

    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutFacts:
    """One template of the site."""

    body: str
    note: str
    without: tuple[str, ...] = ()
    """Addresses of pages where it is not, or gives another text than was guessed."""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    """Field -> what was seen of it."""
    remove: tuple[Noted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an outlet file is written from."""

    url: str
    """Of the home page, after redirects."""
    slug: str
    name: Noted
    domains: tuple[str, ...]
    domains_note: str = ""
    language: Noted
    timezone: Noted
    family: Noted
    """Its value is empty where none fits."""
    pages: int
    """That were fetched."""
    articles: int
    """Of these."""
    refused: tuple[Noted, ...] = ()
    """Addresses of pages that are none, and why."""
    allow_private_network: bool = False
    feeds: tuple[Noted, ...] = ()
    sitemaps: tuple[Noted, ...] = ()
    news_sitemaps: tuple[Noted, ...] = ()
    listings: tuple[Noted, ...] = ()
    wordpress: bool | None = None
    """Whether the REST API answers; `None` where nothing calls for it."""
    wordpress_note: str = ""
    asked_in_vain: tuple[Noted, ...] = ()
    """Sources that are none, and what was found."""
    match: Noted
    deny: str = ""
    left_out: tuple[str, ...] = ()
    """Articles that `match` does not find."""
    single_page: tuple[str, str] | None = None
    single_page_note: str = ""
    layouts: tuple[LayoutFacts, ...] = ()
    layouts_note: str = ""
    examples: tuple[str, ...] = ()
    delay_s: float | None = None
    articles_per_day: Noted | None = None
    filled: Mapping[str, float] = field(default_factory=dict)
    """Column -> share of the articles that have it."""


def written(facts: Facts, *, today: date) -> str:
    """Return the TOML text; it says what `parse_outlet` reads and nothing that was not seen."""
    blocks = [
        _top(facts, today),
        _discover(facts),
        _articles(facts),
        *_layouts(facts),
        _fetch(facts),
        _expect(facts),
    ]
    return "\n".join("\n".join(lines) + "\n" for lines in map(list, blocks) if lines)


def quoted(text: str) -> str:
    r"""Write a string as TOML does, so that backslashes stay as they are where that can be.

    >>> print(quoted(r"^a\.b"), quoted("it's"))
    '^a\.b' "it's"
    """
    if "'" not in text and "\\" in text and plain(text, len(text) + 1) == text:
        return f"'{text}'"
    # JSON's escapes are TOML's; DEL is the one character that only TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> Iterator[str]:
    line = "#"
    for word in plain(text, 2_000).split():
        if len(line) > 1 and len(line) + 1 + len(word) > _WIDTH:
            yield line
            line = "#"
        line += f" {word}"
    if line != "#":
        yield line


def _named(urls: Sequence[str]) -> str:
    rest = len(urls) - _MOST_SHOWN
    more = f" and {rest} more" if rest > 0 else ""
    return " ".join(urls[:_MOST_SHOWN]) + more


def _top(facts: Facts, today: date) -> Iterator[str]:
    yield from _comment(
        f"Drafted on {today} from {facts.url}: {facts.articles} of {facts.pages} pages fetched are "
        "articles. Read it, try it, then set verified and checked."
    )
    for one in facts.refused[:_MOST_SHOWN]:
        yield from _comment(f"Not an article: {one.value} ({one.note})")
    yield from _value("name", facts.name)
    yield from _comment(facts.domains_note)
    yield f"domains = [{', '.join(map(quoted, facts.domains))}]"
    yield from _value("language", facts.language)
    yield from _value("timezone", facts.timezone)
    if facts.family.value:
        yield from _value("family", facts.family)
    else:
        yield from _comment(facts.family.note)
    yield "verified = false"
    if facts.allow_private_network:
        yield "allow_private_network = true"


def _value(key: str, noted: Noted) -> Iterator[str]:
    yield from _comment(noted.note)
    yield f"{key} = {quoted(noted.value)}"


def _discover(facts: Facts) -> Iterator[str]:
    yield "[discover]"
    for key in ("feeds", "sitemaps", "news_sitemaps", "listings"):
        some: tuple[Noted, ...] = getattr(facts, key)
        if some:
            yield f"{key} = ["
            for one in some:
                yield from (f"  {line}" for line in _comment(one.note))
                yield f"  {quoted(one.value)},"
            yield "]"
    if facts.wordpress is not None:
        yield from _comment(facts.wordpress_note)
        yield f"wordpress = {str(facts.wordpress).lower()}"
    for one in facts.asked_in_vain:
        yield from _comment(f"{one.value}: {one.note}")


def _articles(facts: Facts) -> Iterator[str]:
    yield "[articles]"
    yield from _value("match", facts.match)
    if facts.left_out:
        yield from _comment(f"Not found by it: {_named(facts.left_out)}")
    if facts.deny:
        yield f"deny = {quoted(facts.deny)}"
    if facts.single_page is not None:
        key, value = facts.single_page
        yield from _comment(facts.single_page_note)
        yield f"single_page = {{ {key} = {quoted(value)} }}"
    elif facts.single_page_note:
        yield from _comment(facts.single_page_note)
    yield "examples = ["
    yield from (f"  {quoted(one)}," for one in facts.examples)
    yield "]"


def _layouts(facts: Facts) -> Iterator[Iterable[str]]:
    if not facts.layouts and facts.layouts_note:
        yield _comment(facts.layouts_note)
    for one in facts.layouts:
        yield _layout(one)


def _layout(one: LayoutFacts) -> Iterator[str]:
    yield from _comment(one.note)
    if one.without:
        yield from _comment(f"Without: {_named(one.without)}")
    yield "[[layouts]]"
    yield f"body = [{quoted(one.body)}]"
    for key, selectors in one.fields.items():
        yield from _comment(one.notes.get(key, ""))
        yield f"{key} = [{', '.join(map(quoted, selectors))}]"
    if one.remove:
        yield "remove = ["
        for removed in one.remove:
            yield from (f"  {line}" for line in _comment(removed.note))
            yield f"  {quoted(removed.value)},"
        yield "]"


def _fetch(facts: Facts) -> Iterator[str]:
    if facts.delay_s is not None:
        yield "[fetch]"
        yield "# Crawl-delay of robots.txt."
        yield f"delay_s = {facts.delay_s:.1f}"


def _expect(facts: Facts) -> Iterator[str]:
    # Twenty pages of one day say little of a rare fault: what all have is expected of most.
    fields = {name: share - 0.1 for name, share in facts.filled.items() if share >= 0.8}  # noqa: PLR2004 - most
    if not (fields or facts.articles_per_day):
        return
    yield "[expect]"
    if facts.articles_per_day is not None:
        yield from _comment(facts.articles_per_day.note)
        yield f"articles_per_day = {facts.articles_per_day.value}"
    if fields:
        seen = ", ".join(f"{name} {share:.0%}" for name, share in facts.filled.items())
        yield from _comment(f"Of {facts.articles} articles have: {seen}.")
        pairs = ", ".join(f"{name} = {share:.2f}" for name, share in fields.items())
        yield f"fields = {{ {pairs} }}"
