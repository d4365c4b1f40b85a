"""Results as text of 80 columns."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.figures import OWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.figures import Row

_WIDTH = 80
_NAMES = 24
_MISSING = "-"

_BODIES: Mapping[str, str] = {
    "f1": "F1",
    "f1_median": "median",
    "f1_worst": "worst",
    "rouge": "ROUGE",
    "rouge_best": "best",
    "shingle_f1": "4-word",
    "cpu_ms": "CPU ms",
    "cpu_ratio": "x ref",
}
_REST: Mapping[str, str] = {
    "read_also_left": "r.also",
    "boilerplate_left": "boiler",
    "lost": "lost",
    "must_found": "must",
    "must_not_left": "mustnt",
    "title": "title",
    "day": "day",
    "minute": "minute",
    "authors": "author",
    "editors": "editor",
    "section": "sectn",
    "tags": "tags",
}
_COUNTS = frozenset({"read_also_left", "boilerplate_left", "lost"})

LEGEND = """\
F1        token F1: mean, median and worst of the pages
ROUGE     ROUGE-LSum F1; best: of the choices of paragraphs that may be missing
4-word    F1 by the evaluation of article-extraction-benchmark
x ref     CPU time in times that of trafilatura with metadata (reference)
r.also    read-also links left in bodies; boiler: other boilerplate left
lost      gold paragraphs that are in no body
must      share of wanted snippets found; mustnt: of unwanted ones left
others    share of pages where the value is exact; - where it is not given
"""


def table(name: str, rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a set: bodies, then what else it states, then the worst pages."""
    head = f"== {name}: {rows[0].pages} pages "
    yield head + "=" * (_WIDTH - len(head))
    for columns in (_BODIES, _REST):
        stated = {key: title for key, title in columns.items() if _known(key, rows)}
        for part in _parts(stated):
            yield " " * _NAMES + "".join(f"{title:>7}" for title in part.values())
            yield from (_line(row, part) for row in rows)
            yield ""
    for row in rows:
        if row.extractor in OWN:
            yield f"worst of {row.extractor}:"
            yield from _wrapped([f"{page[:40]} {f1:.3f}" for page, f1 in row.worst])
    for row in rows:
        if row.refused:
            reasons = Counter(reason.partition(":")[0] for reason in row.refused.values())
            yield f"nothing read by {row.extractor}:"
            yield from _wrapped([f"{reason} {pages}" for reason, pages in reasons.most_common()])
    yield ""


def _known(key: str, rows: Sequence[Row]) -> bool:
    return any(key in row.figures for row in rows)


def _parts(columns: Mapping[str, str]) -> Iterator[dict[str, str]]:
    most = (_WIDTH - _NAMES) // 7
    keys = list(columns)
    for start in range(0, len(keys), most):
        yield {key: columns[key] for key in keys[start : start + most]}


def _line(row: Row, columns: Mapping[str, str]) -> str:
    return f"{row.extractor:<{_NAMES}}" + "".join(f"{_cell(row, key):>7}" for key in columns)


def _cell(row: Row, key: str) -> str:
    value = row.figures.get(key)
    if value is None:
        return _MISSING
    if key in _COUNTS:
        return f"{value:.0f}"
    if key == "cpu_ms":
        return f"{value:.1f}"
    if key == "cpu_ratio":
        return f"{value:.2f}"
    return f"{value:.3f}" if key in _REST else f"{value:.4f}"


def _wrapped(words: Sequence[str]) -> Iterator[str]:
    line = " "
    for place, word in enumerate(words):
        piece = word + ("," if place + 1 < len(words) else "")
        if len(line) + 1 + len(piece) > _WIDTH:
            yield line
            line = " "
        line += f" {piece}"
    yield line
