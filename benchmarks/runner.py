"""Runs extractors over a set: what each found is scored, and its CPU time taken, page by page.

At every step each extractor reads another page of the same batch: the noise of a busy machine
falls on all alike, and none finds what another has just warmed up. Before each reading the garbage
of the one before is collected, so that everyone pays for its own only.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from time import process_time
from typing import TYPE_CHECKING

from benchmarks import aeb
from benchmarks.gold import HAND_MADE, Sample, Wanted, samples_of
from benchmarks.peers import FILES, NO_TABLES, REFERENCE, Extractor, Found, generic, kliping, peer
from benchmarks.rouge import Reference
from benchmarks.scoring import (
    left_behind,
    lost_paragraphs,
    same_day,
    same_minute,
    same_names,
    same_title,
    same_words,
    snippets_in,
    token_score,
)
from pipelines.store.config import CONFIG_DIR, load_registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_BATCH = 40
"""Pages: enough to keep both processes busy to the end."""
_FEW = 50
"""A set of fewer pages is read several times, as its time is too short to be told from noise."""
_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to run."""

    folder: Path
    peers: tuple[str, ...]
    packages: Path
    config: Path = CONFIG_DIR


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One page under one extractor."""

    page: str
    extractor: str
    cpu_s: float
    refused: str | None
    """Why nothing was read."""
    shingles: aeb.Page
    values: Mapping[str, float] = field(default_factory=dict)
    """Scores and counts by the names of `benchmarks.figures.MEASURES`; absent where not stated."""


def measured(
    task: Task, sets: Mapping[str, int], jobs: int
) -> Iterator[tuple[str, list[Measured]]]:
    """Run every extractor over *sets* (name -> pages) and yield each batch with its set's name."""
    batches = [
        (name, slice(start, None, step), _ROUNDS if pages < _FEW else 1)
        for name, pages in sets.items()
        for step in [-(-pages // _BATCH)]
        for start in range(step)
    ]
    if jobs == 1:
        yield from ((one[0], _batch(task, *one)) for one in batches)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_quiet) as pool:
        waiting = [(one[0], pool.submit(_batch, task, *one)) for one in batches]
        yield from ((name, future.result()) for name, future in waiting)


def extractors_for(task: Task, name: str) -> list[Extractor]:
    """Return what reads a set: Kliping in one or two ways, then the peers."""
    own = [generic()]
    if name == HAND_MADE:
        own.insert(0, kliping(FILES, load_registry(task.config).for_url))
    names = list(task.peers)
    if name == "fundus-evaluation" and REFERENCE in names:
        names.insert(names.index(REFERENCE) + 1, NO_TABLES)
    return own + [peer(one, task.packages) for one in names]


def _quiet() -> None:
    warnings.simplefilter("ignore")  # of the peers, about pages
    os.environ["PYTHONWARNINGS"] = "ignore"


@cache
def _warm(task: Task, name: str) -> list[Extractor]:
    """Make the extractors of a set; let each read two pages before any clock runs."""
    extractors = extractors_for(task, name)
    for sample in samples_of(task.folder, name, slice(2)):
        for one in extractors:
            one.found(one.read(sample))
    gc.collect()
    gc.freeze()
    return extractors


def _batch(task: Task, name: str, pick: slice, rounds: int) -> list[Measured]:
    extractors = _warm(task, name)
    samples = samples_of(task.folder, name, pick)
    apart = -(-len(samples) // len(extractors))
    found: dict[tuple[str, str], Found] = {}
    seconds: dict[tuple[str, str], list[float]] = {}
    for turn in range(rounds * len(samples)):
        for place, one in enumerate(extractors):
            sample = samples[(turn + place * apart) % len(samples)]
            key = sample.name, one.name
            work = one.read(sample)
            gc.collect()
            began = process_time()
            found[key] = one.found(work)
            seconds.setdefault(key, []).append(process_time() - began)
    return [
        _measured(sample, one, found[sample.name, one.name], min(seconds[sample.name, one.name]))
        for sample in samples
        for one in extractors
    ]


def _measured(sample: Sample, extractor: Extractor, found: Found, cpu_s: float) -> Measured:
    text = "\n".join(" ".join(line.split()) for line in found.text.split("\n") if line.strip())
    wanted = sample.wanted
    return Measured(
        page=sample.name,
        extractor=extractor.name,
        cpu_s=cpu_s,
        refused=found.refused,
        shingles=aeb.compared(text, wanted.body),
        values={**_texts(text, wanted), **_values(found, wanted, extractor.states)},
    )


def _texts(text: str, wanted: Wanted) -> dict[str, float]:
    optional = "\n".join(wanted.optional)
    values: dict[str, float] = {
        "f1": token_score(text, wanted.body, optional=optional).f1,
        "rouge": Reference(wanted.paragraphs).score(_without(text, wanted)).f1,
    }
    if wanted.optional_at is not None:
        values["rouge_best"] = Reference(wanted.paragraphs, wanted.optional_at).score(text).f1
    if wanted.one_by_one:
        allowed = f"{wanted.body}\n{optional}"
        links = sum(bool(left_behind(text, one, allowed=allowed)) for one in wanted.read_also)
        values["read_also_left"] = links
        values["boilerplate_left"] = len(left_behind(text, wanted.boilerplate, allowed=allowed))
        values["lost"] = len(lost_paragraphs(text, wanted.paragraphs))
    if wanted.must:
        values["must_found"] = snippets_in(text, wanted.must) / len(wanted.must)
    if wanted.must_not:
        values["must_not_left"] = snippets_in(text, wanted.must_not) / len(wanted.must_not)
    return values


def _without(text: str, wanted: Wanted) -> str:
    may = {" ".join(one.split()) for one in wanted.optional} - set(wanted.paragraphs)
    return "\n".join(line for line in text.split("\n") if line not in may)


def _values(found: Found, wanted: Wanted, states: frozenset[str]) -> dict[str, float]:
    exact: dict[str, bool | None] = {}
    if wanted.titles:
        exact["title"] = same_title(found.title, wanted.titles)
    if wanted.published:
        exact["day"] = same_day(found.day, wanted.published)
        exact["minute"] = same_minute(found.moment, wanted.published)
    one_by_one = wanted.one_by_one
    if wanted.authors is not None:
        exact["authors"] = same_names(found.authors, wanted.authors, one_by_one=one_by_one)
    if wanted.editors is not None:
        exact["editors"] = same_names(found.editors, wanted.editors, one_by_one=one_by_one)
    if wanted.section:
        exact["section"] = found.section == wanted.section
    if wanted.tags:
        exact["tags"] = same_words(found.tags, wanted.tags)
    return {
        name: float(is_right)
        for name, is_right in exact.items()
        if name in states and is_right is not None
    }
