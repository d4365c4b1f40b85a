"""The rows of a segment are never all there twice, and outlets do not add up in one commit."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from pipelines.errors import ArchiveError
from pipelines.store.archive import open_archive
from pipelines.store.commit import Limits, Run
from pipelines.store.segment import Frozen, Settled, capture_of, frozen
from pipelines.store.tables import rows
from tests.pipelines.store.newsroom import article, assert_sound, outlet, outlet_of, page

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.store.archive import Archive


def segment_of(count: int, *, text: str = "Panen naik.") -> Frozen:
    of = page(1, text)
    made = article(of, outlet())
    captures = {}
    for number in range(count):
        capture = capture_of(
            of,
            record_id=f"urn:uuid:{number:032x}",
            place=(number, 1),
            digest="sha1:X",
            segment="s",
            outlet="contoh",
            run_id="r",
        )
        captures[capture.capture_id] = capture
    # Each has a body of its own, as from the pool.
    settled = {
        one: Settled(result=replace(made, body=f"{place} {made.body}"))
        for place, one in enumerate(captures)
    }
    return frozen(
        segment="s", outlet="contoh", run_id="r", warc_bytes=1, captures=captures, settled=settled
    )


def test_all_rows_come_back_in_order_however_many_batches_they_take() -> None:
    whole = segment_of(401)
    data = whole.to_bytes()
    assert pa.ipc.open_file(pa.BufferReader(data)).num_record_batches > 1
    back = Frozen.from_bytes(data, "memory")
    assert [row["warc_offset"] for row in back.rows] == list(range(401))
    assert [row["articles"][0]["body"] for row in back.rows] == [
        row["articles"][0]["body"] for row in whole.rows
    ]


def test_a_segment_without_captures_is_frozen_too() -> None:
    assert list(Frozen.from_bytes(segment_of(0).to_bytes(), "memory").rows) == []


def test_freezing_takes_memory_for_a_few_rows_only() -> None:
    def peak(count: int) -> int:
        whole = segment_of(count)
        tracemalloc.start()
        try:
            whole.to_bytes()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # The file itself grows; all rows at once would be 4 times as much.
    assert peak(1600) < 2.5 * peak(400)


def fill(run: Run, slugs: tuple[str, ...]) -> None:
    for number, slug in enumerate(slugs):
        by = replace(outlet(), slug=slug)
        of = page(number)
        capture = run.store(of, by)
        run.settle(capture.capture_id, article(of, by))


def test_a_commit_ends_where_another_segment_would_be_too_much(tmp_path: Path) -> None:
    archive = open_archive(str(tmp_path / "archive"))
    limits = Limits(captures=2)
    with Run(archive, command="crawl", outlet_of=outlet_of, limits=limits) as run:
        fill(run, ("a", "a", "b", "c", "c"))
        assert len(run.commit(everything=True)) == 5
    assert len(assert_sound(archive)) == 5
    assert commits(archive) == [("a", 1), ("b", 2), ("c", 2)]


def test_what_was_committed_before_a_fault_is_reported_after_it(tmp_path: Path) -> None:
    archive = open_archive(str(tmp_path / "archive"))
    told: list[str] = []

    def fail_once(step: str) -> None:
        told.append(step)
        if told.count("articles:before") == 2 and step == "articles:before":
            raise ArchiveError("the archive: wanted an answer, found none")

    limits = Limits(captures=1)
    with Run(archive, command="crawl", outlet_of=outlet_of, limits=limits, steps=fail_once) as run:
        fill(run, ("a", "b", "c"))
        with pytest.raises(ArchiveError, match="found none"):
            run.commit(everything=True)
        assert sorted(row.outlet for row in run.commit(everything=True)) == ["a", "b", "c"]
    assert len(assert_sound(archive)) == 3


def commits(archive: Archive) -> list[tuple[str, int]]:
    found = rows(archive, "articles", columns=["outlet", "commit_id"]).to_pylist()
    return sorted({(row["outlet"], row["commit_id"]) for row in found})
