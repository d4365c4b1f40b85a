"""Floors: what Kliping's figures must not fall below, a table per set in `floors.toml`.

The set `id` is read with outlet files, `id-generic` are the same pages without.
"""

from __future__ import annotations

import math
import tomllib
from typing import TYPE_CHECKING

from benchmarks.figures import AT_MOST, MEASURES
from benchmarks.gold import HAND_MADE
from benchmarks.peers import FILES, GENERIC
from pipelines.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from benchmarks.figures import Figures, Row

HEAD = """\
# What Kliping's figures must not fall below; `make eval` ends with 1 where one does.
#
# A floor only falls with a reason in DECISIONS.md. It rises when the figures have risen: `make eval
# EVAL="--floors FILE"` writes this file anew, each floor just below what was found, CPU ratios with
# a quarter of headroom for noise. Counts, shares of what is left and CPU ratios are upper bounds.
# `id-generic` are the pages of `id` with the outlet's file withheld; a lead is over the best peer
# of the same run.
"""

Floors = dict[str, dict[str, float]]

WITHHELD = f"{HAND_MADE}-generic"
_NOISE = 1.25
"""How much CPU ratios swing on a shared machine, from run to run."""
_LEFT_OUT = frozenset({"cpu_ms", "f1_median"})


class FloorError(Exception):
    """The file of floors cannot be used; the text is one line."""


def read_floors(path: Path) -> Floors:
    """Read a file of floors.

    Raises:
        FloorError: It cannot be read, or holds another thing than measures with numbers.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FloorError(f"{path}: wanted a TOML file of floors, found: {error}") from None
    for name, table in data.items():
        if not isinstance(table, dict):
            raise FloorError(f"{path}: {name}: wanted a table, found {table!r}")
        for measure, value in table.items():
            where = f"{path}: {name}.{measure}"
            if measure not in MEASURES:
                raise FloorError(f"{where}: no such measure{did_you_mean(measure, MEASURES)}")
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise FloorError(f"{where}: wanted a number, found {value!r}")
    return data


def set_of(floor: str) -> str:
    """Return the gold set that a table of floors is about."""
    return HAND_MADE if floor == WITHHELD else floor


def own_figures(results: Mapping[str, Sequence[Row]]) -> dict[str, Figures]:
    """Return Kliping's figures under the names that the file of floors uses."""
    own = {}
    for name, rows in results.items():
        for row in rows:
            if row.extractor == FILES:
                own[name] = row.figures
            elif row.extractor == GENERIC:
                own[WITHHELD if name == HAND_MADE else name] = row.figures
    return own


def below(floors: Floors, own: Mapping[str, Figures]) -> Iterator[str]:
    """Yield a line for each figure that is worse than its floor; unmeasured ones are passed."""
    for name, table in floors.items():
        for measure, wanted in table.items():
            found = own.get(name, {}).get(measure)
            if found is None:
                continue
            if measure in AT_MOST and found > wanted:
                yield f"{name}: {measure}: wanted at most {wanted:g}, found {found:.4g}"
            elif measure not in AT_MOST and found < wanted:
                yield f"{name}: {measure}: wanted at least {wanted:g}, found {found:.4f}"


def unmeasured(floors: Floors, own: Mapping[str, Figures]) -> list[str]:
    """Name the floors that this run says nothing about."""
    return [
        f"{name}.{measure}"
        for name, table in floors.items()
        for measure in table
        if measure not in own.get(name, {})
    ]


def as_toml(own: Mapping[str, Figures]) -> str:
    """Return present figures in the file's form: rounded to the worse side, CPU with headroom."""
    tables = []
    for name, figures in own.items():
        lines = [
            f"{measure} = {_rounded(measure, figures[measure])}  # {meaning}"
            for measure, meaning in MEASURES.items()
            if measure in figures and measure not in _LEFT_OUT
        ]
        tables.append("\n".join((f"[{name}]", *lines)))
    return "\n\n".join((HEAD.rstrip(), *tables)) + "\n"


def _rounded(measure: str, value: float) -> str:
    if measure == "cpu_ratio":
        return f"{math.ceil(value * _NOISE * 100) / 100:.2f}"
    if float(value).is_integer():
        return f"{value:g}" if measure in AT_MOST else f"{value:.1f}"
    if measure in AT_MOST:
        return f"{math.ceil(value * 1000) / 1000:.3f}"
    return f"{math.floor(value * 1000) / 1000:.3f}"
