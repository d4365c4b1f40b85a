"""An outlet for a person: its rules as they apply, whether they hold together, what they yield."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipelines.errors import OutletError
from pipelines.urls import canonical_url, single_page_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.outlets import Outlet
    from pipelines.store.config import Registry, Settings

COLUMNS = ("slug", "name", "family", "enabled", "verified")
"""What `outlets list` shows."""
_FIELDS = ("published_at", "authors", "section", "tags", "image_url")


def listed(outlet: Outlet) -> dict[str, Any]:
    """Return what `outlets list --json` says of an outlet."""
    return {
        "slug": outlet.slug,
        "name": outlet.name,
        "domains": list(outlet.domains),
        "family": outlet.family,
        "enabled": outlet.enabled,
        "verified": outlet.verified,
        "confidence": outlet.confidence,
    }


def row(outlet: Outlet) -> tuple[str, ...]:
    """Return the `COLUMNS` of an outlet; a `no` says how sure the unverified facts are."""
    sure = f", {outlet.confidence}" if outlet.confidence else ""
    verified = "yes" if outlet.verified else f"no{sure}"
    enabled = "yes" if outlet.enabled else "no"
    return outlet.slug, outlet.name, outlet.family or "", enabled, verified


def check_examples(outlet: Outlet, registry: Registry, where: str) -> None:
    """Hold an outlet's examples against its `domains`, `match`, `deny` and `single_page`.

    Args:
        outlet: From *registry*.
        registry: Says whose an address is.
        where: What the error calls the file.

    Raises:
        OutletError: One of them would not be crawled as an article under its own address.
    """
    rules = outlet.articles
    for url in rules.examples:
        canonical = canonical_url(url, outlet=outlet)
        whole = canonical_url(single_page_url(url, outlet), outlet=outlet)
        owner = registry.for_url(url).slug
        wanted = None
        if owner != outlet.slug:
            wanted = f"an address below {' or '.join(outlet.domains)}; it belongs to {owner}"
        elif rules.match and not rules.match.search(url):
            wanted = "an address that articles.match finds"
        elif rules.deny and rules.deny.search(url):
            wanted = "an address that articles.deny does not find"
        elif not outlet.is_article(canonical) or whole != canonical:
            wanted = f"one whose canonical form ({canonical}) is an article"
        if wanted:
            raise OutletError(f"{where}: articles.examples: wanted {wanted}, found {url!r}")


def described(outlet: Outlet) -> dict[str, Any]:
    """Return the outlet's rules as JSON-ready values; selectors and regexes as written."""
    values = asdict(outlet)
    values["layouts"] = [
        {
            "body": [one.text for one in layout.body],
            **{name: [one.text for one in rules] for name, rules in layout.fields.items()},
            "remove": [one.text for one in layout.remove],
            "until": layout.until,
        }
        for layout in outlet.layouts
    ]
    found = _plain(values)
    return found if isinstance(found, dict) else {}


def _plain(value: object) -> object:
    if isinstance(value, re.Pattern):
        return value.pattern
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def seen_live(
    outlets: Sequence[Outlet], registry: Registry, settings: Settings
) -> Iterator[tuple[Outlet, list[str], bool]]:
    """Fetch three articles of each outlet, store nothing, and say which fields they have."""
    from crawler.run import sample  # noqa: PLC0415  Scrapy loads only where something is fetched

    for outlet, articles, faults in sample(outlets, registry, settings, wanted=3):
        lines = [f"fault: {fault}" for fault in faults]
        for article in articles:
            missing = [name for name in _FIELDS if not getattr(article, name)]
            lack = f"; missing: {', '.join(missing)}" if missing else ""
            lines.append(f"{article.url}: {article.word_count} words{lack}")
        if not articles:
            lines.append("wanted 3 articles, found none")
        yield outlet, lines, bool(articles) and not faults
