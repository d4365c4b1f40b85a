"""An outlet for a person: its rules as they apply, and what they yield on the live site."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.outlets import Outlet
    from pipelines.store.config import Registry, Settings

_FIELDS = ("published_at", "authors", "section", "tags", "image_url")


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
