"""Frozen segments into the archive: upload, number, append, clean up; every step may be repeated.

Upload: the rows to ``pending/``, then the WARC to its final place, so that no row ever points at a
file that is not there and a segment is uploaded when both are. Commit: each append carries one
transaction per segment and the shared fence ``("commit", n + 1)``, on the very snapshot from which
numbers and known segments were read, and is never rebased: a conflict starts over. `articles`
first, `captures` after it.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError

from pipelines.errors import ArchiveError, ConflictError
from pipelines.records import Outcome
from pipelines.store.number import Decision, Draft, Numbering, Status, history
from pipelines.store.tables import SCHEMAS, Name, load, load_or_create, table_errors

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.store.archive import Archive
    from pipelines.store.segment import Frozen

Steps = Callable[[str], None]
"""Is told ``<step>:before`` and ``<step>:after`` of every step: frozen, pending, warc, articles,
captures, cleaned, spool."""

FENCE = "commit"
"""The transaction that all commits share; its version is the `commit_id`."""

TRIES = 200
"""Each lost try means that another writer got in, so only a storm of writers reaches this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a commit made of one article of one capture."""

    capture_id: str
    article_id: str
    outlet: str
    status: Status
    revision: int
    extraction: int
    previous: tuple[str, str] | None
    """Title and body before, where they were read anew."""


@contextlib.contextmanager
def step(steps: Steps, name: str) -> Iterator[None]:
    """Tell *steps* where a commit is."""
    steps(f"{name}:before")
    yield
    steps(f"{name}:after")


def last_commit_id(archive: Archive) -> int | None:
    """Return the `commit_id` that `articles` is at, 0 before its first; `None` if out of reach."""
    try:
        table = load(archive, "articles")
        return (table.transaction_version(FENCE) or 0) if table is not None else 0
    except ArchiveError:
        return None  # pages go to the spool meanwhile, and the next commit says what is wrong


def upload(archive: Archive, segment: Frozen, warc: Path | None, steps: Steps) -> None:
    """Put a segment's rows and WARC where another machine can commit them."""
    with step(steps, "pending"):
        archive.put(segment.pending_key, segment.to_bytes())
    if warc is None:
        return
    with step(steps, "warc"):
        there = archive.stat(segment.warc_file)
        # A file of that size is ours, and a takedown may have emptied a record of it meanwhile.
        if there is None or there.size_bytes != segment.warc_bytes:
            archive.put(segment.warc_file, warc)


def is_uploaded(archive: Archive, segment: Frozen) -> bool:
    """Tell whether all of a pending segment is there."""
    if segment.kind == "extractions":
        return True
    there = archive.stat(segment.warc_file)
    return there is not None and there.size_bytes == segment.warc_bytes


def commit_segments(
    archive: Archive,
    segments: Sequence[Frozen],
    numbering: Numbering,
    *,
    is_recovered: bool,
    steps: Steps,
    began_at_commit: int | None = None,
) -> list[Row]:
    """Get uploaded segments into the tables; those that are in already stay as they are.

    Args:
        archive: Where to.
        segments: All of them uploaded.
        numbering: Decides on their articles.
        is_recovered: Whether their run is dead.
        steps: Is told of every step.
        began_at_commit: What `last_commit_id` said when their run began.
    """
    for segment in segments:
        numbering.knows(segment.rows)
    with step(steps, "articles"):
        drafts = [
            draft
            for one in segments
            for draft in _drafts(one, is_recovered=is_recovered, began_at_commit=began_at_commit)
        ]
        decisions, present = _append_articles(archive, segments, drafts, numbering)
    with step(steps, "captures"):
        _append_captures(archive, segments, decisions)
    numbering.forget()
    return [*map(row_of, decisions), *present]


def clean(archive: Archive, segments: Sequence[Frozen], steps: Steps) -> None:
    """Remove what is pending of committed segments."""
    with step(steps, "cleaned"):
        for segment in segments:
            archive.delete(segment.pending_key)


def append_once(archive: Archive, name: Name, transaction: str, new: list[dict[str, Any]]) -> None:
    """Append rows unless *transaction* is in already."""
    for _ in _tries(archive, name):
        table = load_or_create(archive, name)
        if table.transaction_version(transaction) is not None:
            return
        if _appended(archive, name, table, new, [transaction]):
            return


def _append_articles(
    archive: Archive, segments: Sequence[Frozen], drafts: Sequence[Draft], numbering: Numbering
) -> tuple[list[Decision], list[Row]]:
    repeated = _repeated(segments)
    if not drafts and not repeated:
        return [], []
    for _ in _tries(archive, "articles"):
        table = load_or_create(archive, "articles")
        there = _committed(table, segments)
        past = _past(archive, table, drafts, repeated)
        waiting = [draft for draft in drafts if draft.segment not in there]
        number = (table.transaction_version(FENCE) or 0) + 1
        decisions = numbering.number(waiting, past, number)
        new = [one.row for one in decisions if one.row is not None]
        names = sorted({draft.segment for draft in waiting})
        if not names or _appended(archive, "articles", table, new, names, fence=number):
            decisions += [_found(one, past) for one in drafts if one.segment in there]
            return decisions, _present(repeated, past)
    raise AssertionError  # _tries raises first


def _append_captures(
    archive: Archive, segments: Sequence[Frozen], decisions: Sequence[Decision]
) -> None:
    captured = [one for one in segments if one.kind == "captures"]
    if not captured:
        return
    of_capture = defaultdict(list)
    for decision in decisions:
        row = decision.draft.row
        for capture_id in (row["capture_id"], *(row["part_capture_ids"] or ())):
            of_capture[capture_id].append(decision)
    for _ in _tries(archive, "captures"):
        table = load_or_create(archive, "captures")
        there = _committed(table, captured)
        waiting = [one for one in captured if one.segment not in there]
        if not waiting:
            return
        new = [_capture_row(row, of_capture) for one in waiting for row in one.rows]
        new.sort(key=lambda row: row["url_key"])
        number = (table.transaction_version(FENCE) or 0) + 1
        names = [one.segment for one in waiting]
        if _appended(archive, "captures", table, new, names, fence=number):
            return


def _capture_row(
    row: dict[str, Any], of_capture: Mapping[str, Sequence[Decision]]
) -> dict[str, Any]:
    decisions = of_capture.get(row["capture_id"], ())
    if not decisions or any(one.row is not None for one in decisions):
        return row
    reason = next((one.reason for one in decisions if one.reason), row["reason"])
    return {**row, "outcome": str(Outcome.UNCHANGED), "reason": reason}


def _appended(
    archive: Archive,
    name: Name,
    table: DeltaTable,
    new: list[dict[str, Any]],
    transactions: Sequence[str],
    *,
    fence: int | None = None,
) -> bool:
    """Append through that one snapshot; `False` if somebody else committed since."""
    now_ms = int(time.time() * 1000)
    # The fence has no date, so that it is never forgotten; without retries nothing is rebased.
    marks = [Transaction(one, 1, now_ms) for one in transactions]
    if fence is not None:
        marks.append(Transaction(FENCE, fence))
    with table_errors(archive, name):
        try:
            write_deltalake(
                table,
                pa.Table.from_pylist(new, schema=SCHEMAS[name]),
                mode="append",
                writer_properties=WriterProperties(compression="ZSTD", compression_level=3),
                commit_properties=CommitProperties(app_transactions=marks, max_commit_retries=0),
            )
        except CommitFailedError:
            return False
    return True


def _tries(archive: Archive, name: Name) -> Iterator[int]:
    for attempt in range(TRIES):
        yield attempt
        time.sleep(random.uniform(0, min(1.0, 0.02 * 2**attempt)))  # noqa: S311  spreads writers
    raise ConflictError(f"{archive.uri}/{name}: wanted to commit, lost to other writers {TRIES} x")


def _committed(table: DeltaTable, segments: Sequence[Frozen]) -> set[str]:
    return {one.segment for one in segments if table.transaction_version(one.segment) is not None}


def _drafts(segment: Frozen, *, is_recovered: bool, began_at_commit: int | None) -> list[Draft]:
    return [
        Draft(
            row=article,
            segment=segment.segment,
            is_extraction=segment.kind == "extractions",
            is_recovered=is_recovered,
            began_at_commit=began_at_commit,
        )
        for row in segment.rows
        for article in row["articles"]
    ]


def _repeated(segments: Sequence[Frozen]) -> list[tuple[str, str, str]]:
    """Return outlet, article and capture where an answer was the same as before."""
    return [
        (row["outlet"], row["article_id"], row["capture_id"])
        for one in segments
        for row in one.rows
        if row["outcome"] == Outcome.UNCHANGED and row["article_id"]
    ]


def _past(
    archive: Archive,
    table: DeltaTable,
    drafts: Sequence[Draft],
    repeated: Sequence[tuple[str, str, str]],
) -> dict[str, list[dict[str, Any]]]:
    wanted = defaultdict(set)
    for draft in drafts:
        wanted[draft.row["outlet"]].add(draft.row["article_id"])
    for outlet, article_id, _ in repeated:
        wanted[outlet].add(article_id)
    past: dict[str, list[dict[str, Any]]] = {}
    for outlet, article_ids in wanted.items():
        past.update(history(archive, table, outlet, article_ids))
    return past


def _found(draft: Draft, past: Mapping[str, Sequence[dict[str, Any]]]) -> Decision:
    """Tell what became of a draft whose segment was in already."""
    versions = past.get(draft.row["article_id"], ())
    source = ("segment", "capture_id", "capture_item")
    mine = [one for one in versions if all(one[key] == draft.row[key] for key in source)]
    row = mine[-1] if mine else None
    at = row or (versions[-1] if versions else {"revision": 1, "extraction": 1})
    number = at["revision"], at["extraction"]
    status: Status = "unchanged"
    if row is not None:
        status = "new" if number == (1, 1) else "changed" if number[1] == 1 else "extracted"
    before = [one for one in versions if (one["revision"], one["extraction"]) < number]
    return Decision(
        draft=draft,
        status=status,
        revision=number[0],
        extraction=number[1],
        row=row,
        previous=before[-1] if row and before else None,
    )


def _present(
    repeated: Sequence[tuple[str, str, str]], past: Mapping[str, Sequence[dict[str, Any]]]
) -> list[Row]:
    return [
        Row(
            capture_id=capture_id,
            article_id=article_id,
            outlet=outlet,
            status="unchanged",
            revision=past[article_id][-1]["revision"],
            extraction=past[article_id][-1]["extraction"],
            previous=None,
        )
        for outlet, article_id, capture_id in repeated
        if article_id in past
    ]


def row_of(decision: Decision) -> Row:
    """Say what a decision means for its article."""
    row, before = decision.draft.row, decision.previous
    return Row(
        capture_id=row["capture_id"],
        article_id=row["article_id"],
        outlet=row["outlet"],
        status=decision.status,
        revision=decision.revision,
        extraction=decision.extraction,
        previous=(before["title"], before["body"]) if before else None,
    )
