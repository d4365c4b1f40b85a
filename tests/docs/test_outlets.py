"""The table of outlets in the documentation is that of the files.

To write it anew after a change: ``python -m tests.docs.test_outlets``.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.store.config import load_registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.outlets import Outlet

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "outlets-table.md"
_OPENING = (
    "# The outlets\n\n"
    "Written from `config/outlets/*.toml`; what the columns mean is in "
    "[Outlet files](outlets.md). *Finds* tells where links come from: feeds (f), sitemaps (s), "
    "news sitemaps (n), WordPress (w), listings (l), an index by day (d).\n\n"
)
_COLUMNS = (
    *("Outlet", "Name", "Domain", "Family", "Language", "Zone", "Finds", "Enabled", "Verified"),
    "Confidence",
)


def table(outlets: Sequence[Outlet]) -> str:
    """Return the page; the demo is no outlet to readers of it."""
    real = [outlet for outlet in outlets if not outlet.allow_private_network]
    rows = [_COLUMNS, tuple("---" for _ in _COLUMNS), *map(_row, real)]
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    refused = [f"- `{one.slug}`: {one.why}." for one in real if not one.enabled]
    return (
        f"{_OPENING}{_counts(real)}\n\n"
        + "\n".join(lines)
        + "\n\n## Not crawled unless named\n\n"
        + "\n".join(refused)
        + "\n"
    )


def _row(outlet: Outlet) -> tuple[str, ...]:
    more = len(outlet.domains) - 1
    return (
        f"`{outlet.slug}`",
        outlet.name,
        outlet.domains[0] + (f" and {more} more" if more else ""),
        outlet.family or "",
        outlet.language,
        outlet.timezone,
        _finds(outlet),
        "yes" if outlet.enabled else "no",
        "yes" if outlet.verified else "no",
        outlet.confidence or "",
    )


def _finds(outlet: Outlet) -> str:
    found = outlet.discover
    sources = {
        "f": found.feeds,
        "s": found.sitemaps,
        "n": found.news_sitemaps,
        "w": found.wordpress,
        "l": found.listings,
        "d": found.dated_index,
    }
    return "".join(letter for letter, source in sources.items() if source)


def _counts(outlets: Sequence[Outlet]) -> str:
    sure = Counter(outlet.confidence for outlet in outlets)
    verified = sum(outlet.verified for outlet in outlets)
    enabled = sum(outlet.enabled for outlet in outlets)
    return (
        f"{len(outlets)} outlets in {len({outlet.family for outlet in outlets})} families: "
        f"{enabled} enabled, {verified} verified against the live site; of the facts "
        f"{sure['high']} are of high confidence, {sure['medium']} of medium, {sure['low']} of low."
    )


def test_the_table_is_that_of_the_files() -> None:
    expected = table(load_registry(ROOT / "config").all())
    assert expected == PAGE.read_text(encoding="utf-8"), (
        "write it: python -m tests.docs.test_outlets"
    )


if __name__ == "__main__":
    PAGE.write_text(table(load_registry(ROOT / "config").all()), encoding="utf-8")
