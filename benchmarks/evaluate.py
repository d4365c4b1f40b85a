"""Scores extraction on gold pages: with the repository's outlet files and with generic rules.

``python -m benchmarks.evaluate [FOLDER]``; FOLDER holds the gold sets. Prints a row per set and
rules, and the pages that score worst.
"""

from __future__ import annotations

import gzip
import json
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

from benchmarks.scoring import gold_pages, left_behind, lost_paragraphs, token_score
from pipelines.outlets import generic_outlet
from pipelines.process import process
from pipelines.records import Article, Page
from pipelines.store.config import load_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.outlets import Outlet

_WORST = 5


@dataclass(slots=True)
class Tally:
    """Scores of one set under one kind of rules."""

    name: str
    f1: dict[str, float] = field(default_factory=dict)
    left: int = 0
    lost: int = 0
    seconds: float = 0.0

    def row(self) -> str:
        """Return the line that is printed."""
        scores = list(self.f1.values())
        return (
            f"{self.name:<34} {len(scores):>5} {sum(scores) / len(scores):>7.4f}"
            f" {median(scores):>7.4f} {min(scores):>6.3f} {self.left:>5} {self.lost:>5}"
            f" {1000 * self.seconds / len(scores):>6.1f}"
        )

    def worst(self) -> str:
        """Name the pages that score worst."""
        lowest = sorted(self.f1.items(), key=lambda one: one[1])[:_WORST]
        return ", ".join(f"{name} {score:.3f}" for name, score in lowest)


def indonesian(folder: Path, outlet_for: Callable[[str], Outlet], name: str) -> Tally:
    """Score the pages whose gold was made by hand: bodies, read-also left, paragraphs lost."""
    tally = Tally(name)
    for one in gold_pages(folder):
        body = _body(one.page, outlet_for(one.page.url), tally)
        gold = one.gold
        optional = "\n".join(gold["optional"])
        tally.f1[one.name] = token_score(body, "\n".join(gold["body"]), optional=optional).f1
        inside = [each["text"] for each in gold["read_also"] if each["where"] != "outside"]
        tally.left += len(left_behind(body, [text for text in inside if len(text.split()) > 2]))  # noqa: PLR2004  a label of one or two words may be prose
        tally.lost += len(lost_paragraphs(body, gold["body"]))
    return tally


def others(folder: Path) -> Tally:
    """Score a set of `gold.jsonl`, generic rules, as if its pages came from unknown outlets."""
    tally = Tally(f"{folder.name}, generic")
    for gold, page in _pages(folder):
        body = _body(page, generic_outlet(page.url), tally)
        tally.f1[str(gold["id"])] = token_score(body, gold["body"] or "").f1
    return tally


def _pages(folder: Path) -> Iterator[tuple[dict[str, Any], Page]]:
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").strip().split("\n"):
        gold = json.loads(line)
        url = gold["url"] or "https://gold.invalid/"
        payload = gzip.decompress((folder / gold["html"]).read_bytes())
        yield (
            gold,
            Page(
                url=url,
                final_url=url,
                status=200,
                headers=(("Content-Type", "text/html"),),
                payload=payload,
                fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
            ),
        )


def _body(page: Page, outlet: Outlet, tally: Tally) -> str:
    started = process_time()
    made = process(page, outlet)
    tally.seconds += process_time() - started
    return made.body if isinstance(made, Article) else ""


def main(folder: Path) -> None:
    """Print the scores of every set in *folder*."""
    registry = load_registry()
    print(f"{'set, rules':<34} pages mean F1  median  worst  left  lost ms CPU")  # noqa: T201
    tallies = [
        indonesian(folder / "id", registry.for_url, "id, outlet files"),
        indonesian(folder / "id", generic_outlet, "id, generic"),
        *(others(each.parent) for each in sorted(folder.glob("*/gold.jsonl"))),
    ]
    for tally in tallies:
        print(tally.row())  # noqa: T201
    for tally in tallies:
        print(f"\nworst of {tally.name}: {tally.worst()}")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/gold"))
