"""Scores extraction on gold pages, beside its peers in the same run, and holds it to its floors.

``python -m benchmarks.evaluate [FOLDER]``; FOLDER holds the gold sets. Prints a table per set.
Ends with 1 where a figure of Kliping is worse than its floor in `floors.toml`, each named on a line
of its own, and with 2 where something needed is missing or broken.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from benchmarks.figures import Row, rows_of
from benchmarks.floors import (
    FloorError,
    Floors,
    as_toml,
    below,
    own_figures,
    read_floors,
    set_of,
    unmeasured,
)
from benchmarks.gold import GoldError, samples_of, sets_in
from benchmarks.peers import FOLDER, PEERS, PeerError
from benchmarks.runner import Measured, Task, extractors_for, measured
from benchmarks.tables import LEGEND, table
from pipelines.errors import KlipingError
from pipelines.store.config import CONFIG_DIR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.figures import Figures

FLOORS = Path(__file__).with_name("floors.toml")
WORSE, UNUSABLE = 1, 2
_GOLD = Path(os.environ.get("GOLD", "../shared/gold"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of every set, and return the exit code."""
    options = _options(arguments)
    try:
        return _evaluated(options)
    except (GoldError, PeerError, FloorError, KlipingError) as error:
        sys.stderr.write(f"evaluate: {error}\n")
        return UNUSABLE


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="evaluate", description="Score extraction on gold pages.")
    parser.add_argument("folder", nargs="?", type=Path, default=_GOLD, help="holds the gold sets")
    parser.add_argument("--sets", type=_names, help="only these: id,wcxb-dev")
    peers = parser.add_mutually_exclusive_group()
    peers.add_argument("--peers", type=_names, default=PEERS, help="only these: trafilatura,…")
    peers.add_argument("--no-peers", dest="peers", action="store_const", const=())
    parser.add_argument("--packages", type=Path, default=FOLDER, help="where peers are installed")
    parser.add_argument("--config", type=Path, default=CONFIG_DIR, help="holds the outlet files")
    parser.add_argument("--limits", type=Path, default=FLOORS, help="the file of floors")
    parser.add_argument("--floors", type=Path, metavar="FILE", help="write floors just below there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    cores = len(os.sched_getaffinity(0))
    parser.add_argument("--jobs", type=int, default=min(2, cores), help="processes (2)")
    return parser.parse_args(arguments)


def _names(text: str) -> tuple[str, ...]:
    # A peer's name may hold a comma and a space: "trafilatura, precision".
    return tuple(one.replace("\0", ", ") for one in text.replace(", ", "\0").split(",") if one)


def _evaluated(options: argparse.Namespace) -> int:
    floors = read_floors(options.limits)
    sets = _sets(options.folder, options.sets, floors)
    task = Task(
        folder=options.folder, peers=options.peers, packages=options.packages, config=options.config
    )
    versions = {one.name: one.version for name in sets for one in extractors_for(task, name)}
    results = _results(task, sets, options.jobs)
    if options.json:
        _write_json(options.json, versions, results)
    own = own_figures(results)
    if options.floors:
        _write(options.floors, as_toml(own))
    _print(versions, results)
    return _held(floors, own)


def _sets(folder: Path, asked: Sequence[str] | None, floors: Floors) -> dict[str, int]:
    """Return the sets to score and how many pages each has; reads all gold once, to know it whole.

    Raises:
        GoldError: A set that was asked for, or that has floors, is missing; or gold is broken.
    """
    there = sets_in(folder)
    wanted = asked or list(dict.fromkeys(set_of(name) for name in floors))
    for name in wanted:
        if name not in there:
            raise GoldError(f"{folder}: wanted the set {name!r}, found {', '.join(there)}")
    chosen = [name for name in there if not asked or name in asked]
    return {name: len(samples_of(folder, name)) for name in chosen}


def _results(task: Task, sets: Mapping[str, int], jobs: int) -> dict[str, list[Row]]:
    began = monotonic()
    total, done = sum(sets.values()), 0
    pages: dict[str, list[Measured]] = {name: [] for name in sets}
    for name, batch in measured(task, sets, jobs):
        pages[name].extend(batch)
        done += len({one.page for one in batch})
        sys.stderr.write(f"evaluate: {done} of {total} pages, {monotonic() - began:.0f} s\n")
    results = {name: rows_of(found) for name, found in pages.items()}
    for name, rows in results.items():
        for row in rows:
            if not row.own and len(row.refused) > row.pages / 2:
                some = next(iter(row.refused.values()))
                raise PeerError(f"{row.extractor}: wanted it to read {name}, found {some}")
    return results


def _write_json(
    path: Path, versions: Mapping[str, str], results: Mapping[str, Sequence[Row]]
) -> None:
    sets = {
        name: {
            row.extractor: {
                "pages": row.pages,
                "figures": row.figures,
                "worst": row.worst,
                "f1": row.f1_of,
                "refused": row.refused,
            }
            for row in rows
        }
        for name, rows in results.items()
    }
    text = json.dumps({"versions": versions, "sets": sets}, indent=1, ensure_ascii=False)
    _write(path, text + "\n")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FloorError(f"{path}: wanted a file to write, found: {error.strerror}") from None


def _print(versions: Mapping[str, str], results: Mapping[str, Sequence[Row]]) -> None:
    for name, rows in results.items():
        sys.stdout.write("\n".join(table(name, rows)) + "\n")
    sys.stdout.write(LEGEND)
    shown = ", ".join(f"{name} {number}" for name, number in _packages(versions).items())
    sys.stdout.write(f"versions  {shown}\n")


def _packages(versions: Mapping[str, str]) -> dict[str, str]:
    return {name.partition(",")[0]: number for name, number in versions.items()}


def _held(floors: Floors, own: Mapping[str, Figures]) -> int:
    passed = unmeasured(floors, own)
    if passed:
        sys.stdout.write(f"floors    {len(passed)} not looked at: this run is of a part\n")
    worse = list(below(floors, own))
    for line in worse:
        sys.stderr.write(f"evaluate: below its floor: {line}\n")
    if not worse:
        sys.stdout.write("floors    all that was measured is at or above its floor\n")
    return WORSE if worse else 0


if __name__ == "__main__":
    sys.exit(main())
