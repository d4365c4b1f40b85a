"""Pages under an extractor -> the figures that are printed, kept and held against floors."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING

from benchmarks.aeb import shingle_f1
from benchmarks.peers import FILES, GENERIC, REFERENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.runner import Measured

WORST = 5
"""Pages that are named."""
OWN = (FILES, GENERIC)
_SUMS = frozenset({"read_also_left", "boilerplate_left", "lost"})
_LEADS = {"f1_lead": "f1", "rouge_lead": "rouge", "shingle_f1_lead": "shingle_f1"}

MEASURES: Mapping[str, str] = {
    "f1": "token F1, mean of the pages",
    "f1_median": "token F1, median",
    "f1_worst": "token F1 of the worst page",
    "rouge": "ROUGE-LSum F1, mean",
    "rouge_best": "ROUGE-LSum F1, best choice of the paragraphs that may be missing",
    "shingle_f1": "F1 of runs of four words, as article-extraction-benchmark evaluates",
    "read_also_left": "read-also links that are in a body",
    "boilerplate_left": "other boilerplate strings that are in a body",
    "lost": "gold paragraphs that are in no body",
    "must_found": "share of the snippets that must be there",
    "must_not_left": "share of the snippets that must not be there, and are",
    "title": "share of titles that are exact",
    "day": "share of dates that are exact to the day",
    "minute": "share of dates that are exact to the minute",
    "authors": "share of pages whose authors are exact",
    "editors": "share of pages whose editors are exact",
    "section": "share of sections that are exact",
    "tags": "share of pages whose tags are exact",
    "cpu_ms": "CPU milliseconds a page",
    "cpu_ratio": "CPU time in times that of trafilatura with metadata on the same pages",
    "f1_lead": "token F1 less that of the best peer",
    "rouge_lead": "ROUGE-LSum F1 less that of the best peer",
    "shingle_f1_lead": "F1 of runs of four words less that of the best peer",
}
AT_MOST = frozenset({*_SUMS, "must_not_left", "cpu_ms", "cpu_ratio"})
"""Measures that are better when smaller."""

Figures = dict[str, float]
"""Measure -> value; absent where the set states nothing or the extractor gives nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An extractor over a whole set."""

    extractor: str
    pages: int
    figures: Figures
    worst: Sequence[tuple[str, float]]
    """Pages with the lowest token F1, lowest first."""
    f1_of: Mapping[str, float]
    """Page -> token F1."""
    refused: Mapping[str, str]
    """Page -> why nothing was read."""

    @property
    def own(self) -> bool:
        """Whether this is Kliping."""
        return self.extractor in OWN


def rows_of(pages: Sequence[Measured]) -> list[Row]:
    """Sum up the pages of a set, a row an extractor, in the order they came in."""
    by_name: dict[str, list[Measured]] = {}
    for one in pages:
        by_name.setdefault(one.extractor, []).append(one)
    rows = [_row(name, measured) for name, measured in by_name.items()]
    peers = [row.figures for row in rows if not row.own]
    for row in rows:
        _compare(row, {each.extractor: each.figures for each in rows}, peers)
    return rows


def _row(name: str, pages: Sequence[Measured]) -> Row:
    scores = {one.page: one.values["f1"] for one in pages}
    figures: Figures = {
        "f1_median": median(scores.values()),
        "f1_worst": min(scores.values()),
        "shingle_f1": shingle_f1(one.shingles for one in pages),
        "cpu_ms": 1000 * fmean(one.cpu_s for one in pages),
    }
    for measure in MEASURES:
        known = [one.values[measure] for one in pages if measure in one.values]
        if known:
            together: Callable[[list[float]], float] = sum if measure in _SUMS else fmean
            figures[measure] = together(known)
    worst = sorted(scores.items(), key=lambda one: (one[1], one[0]))[:WORST]
    return Row(
        extractor=name,
        pages=len(pages),
        figures=figures,
        worst=worst,
        f1_of=scores,
        refused={one.page: one.refused for one in pages if one.refused},
    )


def _compare(row: Row, by_name: Mapping[str, Figures], peers: Sequence[Figures]) -> None:
    if REFERENCE in by_name:
        row.figures["cpu_ratio"] = row.figures["cpu_ms"] / by_name[REFERENCE]["cpu_ms"]
    if row.own and peers:
        for lead, measure in _LEADS.items():
            best = max(one[measure] for one in peers)
            row.figures[lead] = row.figures[measure] - best
