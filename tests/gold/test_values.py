"""What a careful reader says of author, date, section and tags, with and without outlet files."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

import pytest

from benchmarks.gold import gold_pages
from pipelines.outlets import Outlet, generic_outlet
from pipelines.process import process
from pipelines.records import Article
from tests.golden import GOLD, MARKS, from_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.gold import GoldPage

pytestmark = MARKS


@cache
def read(outlet_for: Callable[[str], Outlet]) -> list[tuple[GoldPage, Article]]:
    found = [(one, process(one.page, outlet_for(one.page.url))) for one in gold_pages(GOLD / "id")]
    return [(one, made) for one, made in found if isinstance(made, Article)]


def minute(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(second=0)


def stated(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def lower(texts: tuple[str, ...] | list[str]) -> list[str]:
    return [text.casefold() for text in texts]


RIGHT: dict[str, Callable[[GoldPage, Article], bool]] = {
    "title": lambda one, a: a.title in (one.gold["title"], *one.gold["title_alt"]),
    "subtitle": lambda one, a: a.subtitle == one.gold["subtitle"],
    "published_at": lambda one, a: minute(a.published_at) == stated(one.gold["published_at"]),
    "modified_at": lambda one, a: minute(a.modified_at) == stated(one.gold["modified_at"]),
    "authors": lambda one, a: list(a.authors) == one.gold["authors"],
    "editors": lambda one, a: list(a.editors) == one.gold["editors"],
    "section": lambda one, a: a.section == one.gold["section"],
    "tags": lambda one, a: lower(a.tags) == lower(one.gold["tags"]),
}

FLOORS = [
    ("title", 1.0, 0.96),
    ("subtitle", 1.0, 0.96),
    ("published_at", 1.0, 0.96),
    ("modified_at", 1.0, 0.96),
    ("authors", 0.98, 0.92),
    ("editors", 0.96, 0.84),
    ("section", 0.96, 0.7),
    ("tags", 0.96, 0.9),
]


@pytest.mark.parametrize("outlet_for", [from_file, generic_outlet])
@pytest.mark.parametrize(("column", "with_file", "generic"), FLOORS)
def test_values(
    outlet_for: Callable[[str], Outlet], column: str, with_file: float, generic: float
) -> None:
    found = read(outlet_for)
    wrong = [one.name for one, article in found if not RIGHT[column](one, article)]
    share = 1 - len(wrong) / len(found)
    assert len(found) >= 20  # what is rejected is looked at with the bodies
    assert share >= (with_file if outlet_for is from_file else generic), wrong
