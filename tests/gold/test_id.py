"""Pages that a careful reader has read, with the repository's outlet files."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

import pytest
from lxml.html import fragment_fromstring

from benchmarks.gold import gold_pages
from benchmarks.scoring import (
    left_behind,
    lost_paragraphs,
    mean_f1,
    token_score,
)
from pipelines.blocks import lines_in
from pipelines.clean import clean
from pipelines.outlets import CleanRules, Outlet, generic_outlet
from pipelines.process import process
from pipelines.records import Article, Rejected
from tests.golden import GOLD, MARKS, from_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.gold import GoldPage

pytestmark = MARKS

Results = list[tuple["GoldPage", Article | Rejected]]


@cache
def read(outlet_for: Callable[[str], Outlet]) -> Results:
    return [(one, process(one.page, outlet_for(one.page.url))) for one in gold_pages(GOLD / "id")]


def mean(results: Results) -> float:
    return mean_f1(
        [
            token_score(
                found.body if isinstance(found, Article) else "",
                "\n".join(one.gold["body"]),
                optional="\n".join(one.gold["optional"]),
            )
            for one, found in results
        ]
    )


def articles(results: Results) -> list[tuple[GoldPage, Article]]:
    return [(one, found) for one, found in results if isinstance(found, Article)]


def share(results: Results, column: str, wanted: Callable[[GoldPage, Article], bool]) -> float:
    hits = [wanted(one, found) for one, found in articles(results)]
    print(f"{column}: {sum(hits)} of {len(results)}")  # noqa: T201 - the figure, with -s
    return sum(hits) / len(results)


def test_bodies_with_outlet_files() -> None:
    score = mean(read(from_file))
    print(f"token F1 with outlet files: {score:.4f}")  # noqa: T201 - the figure, with -s
    assert score >= 0.99


def test_bodies_with_generic_rules() -> None:
    score = mean(read(generic_outlet))
    print(f"token F1 with generic rules: {score:.4f}")  # noqa: T201 - the figure, with -s
    assert score >= 0.9


def test_no_gold_paragraph_is_lost() -> None:
    lost = {
        one.name: lost_paragraphs(found.body, one.gold["body"])
        for one, found in articles(read(from_file))
    }
    assert {name: texts for name, texts in lost.items() if texts} == {}


@pytest.mark.parametrize("outlet_for", [from_file, generic_outlet])
def test_no_read_also_is_left(outlet_for: Callable[[str], Outlet]) -> None:
    # A heading such as "Terkait" is a word that any body may hold.
    left = {
        one.name: left_behind(
            found.body,
            [
                link["text"]
                for link in one.gold["read_also"]
                if link["where"] != "outside" and len(link["text"]) > len("Berita Terkait")
            ],
        )
        for one, found in articles(read(outlet_for))
    }
    assert {name: texts for name, texts in left.items() if texts} == {}


def test_read_also_of_the_body_is_related() -> None:
    for one, found in articles(read(from_file)):
        titles = {related.title.casefold() for related in found.related}
        for link in one.gold["read_also"]:
            if link["where"] == "body" and link["href"]:
                wanted = link["text"].partition(": ")[2] or link["text"]
                assert {wanted.casefold(), link["text"].casefold()} & titles, one.name


def test_values_with_outlet_files() -> None:
    results = read(from_file)
    assert share(results, "title", lambda one, a: a.title in titles_of(one)) >= 0.99
    assert share(results, "authors", lambda one, a: list(a.authors) == one.gold["authors"]) >= 0.95
    assert share(results, "editors", lambda one, a: list(a.editors) == one.gold["editors"]) >= 0.95
    assert share(results, "published", lambda one, a: minute(a) == minute_of(one)) >= 0.95


def titles_of(one: GoldPage) -> list[str]:
    return [one.gold["title"], *one.gold["title_alt"]]


def minute(found: Article) -> datetime | None:
    return found.published_at and found.published_at.replace(second=0)


def minute_of(one: GoldPage) -> datetime:
    return datetime.fromisoformat(one.gold["published_at"])


@pytest.mark.skipif(not (GOLD / "lines.jsonl").is_file(), reason="no gold lines")
def test_lines() -> None:
    read_also_left, kept_lost = [], []
    for row in map(json.loads, (GOLD / "lines.jsonl").read_text(encoding="utf-8").splitlines()):
        root = fragment_fromstring("<div><p></p></div>")
        root[0].text = row["line"]
        lines = clean(lines_in(root), root, base="https://x.id/", rules=CleanRules()).lines
        if row["kind"].startswith("read_also") and row["is_boilerplate"] and lines:
            read_also_left.append(row["line"])
        if not row["is_boilerplate"]:
            kept = lines[0][1].text if lines else ""
            if kept != " ".join(row["line"].split()):
                kept_lost.append(row["line"])
    assert read_also_left == []
    assert kept_lost == []
