"""Several writers, one archive: nothing lost, nothing twice, no number given twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from deltalake import CommitProperties, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError

from pipelines.errors import ConflictError
from pipelines.process import process
from pipelines.store import transact
from pipelines.store.commit import Run
from pipelines.store.number import Numbering
from pipelines.store.segment import Frozen
from pipelines.store.tables import SCHEMAS, load_or_create, rows
from pipelines.store.transact import append_once, commit_segments
from tests.pipelines.store.newsroom import article, assert_sound, outlet, outlet_of, page
from tests.pipelines.store.writer import Job, finish, start

if TYPE_CHECKING:
    from deltalake import DeltaTable

    from pipelines.store.archive import Archive
    from pipelines.store.tables import Name

WRITERS = 3
COMMITS = {"folder": 40, "s3": 10}
"""Of each writer; a commit takes longer over the network."""


@pytest.mark.timeout(900)
def test_three_writers_lose_and_double_nothing(archive_uri: str, archive: Archive) -> None:
    commits = COMMITS["s3" if archive_uri.startswith("s3") else "folder"]
    jobs = [Job(do="write", uri=archive_uri, writer=n, commits=commits) for n in range(WRITERS)]
    processes = [start(job) for job in jobs]
    for process_, job in zip(processes, jobs, strict=True):
        finish(process_, job)
    found = assert_sound(archive)
    shared = [row for row in found if row["url"].endswith("bersama")]
    # Every text is another, so every sight of the shared article is a revision of it.
    assert sorted(row["revision"] for row in shared) == list(range(1, WRITERS * commits + 1))
    assert {row["extraction"] for row in found} == {1}
    own = {row["url"] for row in found} - {row["url"] for row in shared}
    assert len(own) == WRITERS * commits
    assert len(found) == 2 * WRITERS * commits
    assert rows(archive, "captures").num_rows == 2 * WRITERS * commits
    in_order = sorted(shared, key=lambda row: row["revision"])
    assert [row["commit_id"] for row in in_order] == sorted({row["commit_id"] for row in found})


@pytest.mark.parametrize("fenced", [True, False])
def test_an_append_through_an_old_snapshot_is_refused(archive: Archive, *, fenced: bool) -> None:
    old, new = load_or_create(archive, "runs"), load_or_create(archive, "runs")
    nothing = SCHEMAS["runs"].empty_table()
    marks = [Transaction("commit", 1)] if fenced else []
    for table in (new, old):
        properties = CommitProperties(app_transactions=marks, max_commit_retries=0)
        if table is old:
            with pytest.raises(CommitFailedError):
                write_deltalake(table, nothing, mode="append", commit_properties=properties)
        else:
            write_deltalake(table, nothing, mode="append", commit_properties=properties)


def test_the_same_frozen_rows_committed_twice_are_in_once(archive: Archive) -> None:
    kept: list[Frozen] = []

    def keep(step: str) -> None:
        if step == "articles:before":
            kept.extend(
                Frozen.from_bytes(archive.read(entry.key), entry.key)
                for entry in archive.entries("pending/")
            )

    with Run(archive, command="crawl", outlet_of=outlet_of, steps=keep) as run:
        for name in (1, 2):
            of = page(name)
            run.settle(run.store(of, outlet()).capture_id, article(of, outlet()))
        first = run.commit(everything=True)
    numbering = Numbering(archive, outlet_of, process)
    again = commit_segments(archive, kept, numbering, is_recovered=True, steps=lambda _: None)
    assert again == first
    assert len(assert_sound(archive)) == 2
    assert rows(archive, "captures").num_rows == 2


def test_frozen_rows_survive_their_file(archive: Archive) -> None:
    with Run(archive, command="crawl", outlet_of=outlet_of) as run:
        of = page(1)
        run.settle(run.store(of, outlet()).capture_id, article(of, outlet()))
        segment = run._open["contoh"].freeze()  # noqa: SLF001  before it is gone
    once = Frozen.from_bytes(segment.to_bytes(), "uji")
    assert Frozen.from_bytes(once.to_bytes(), "uji") == once
    assert once.rows[0]["articles"][0]["title"] == "Kabar desa nomor 1"


def test_rows_are_appended_once(archive: Archive) -> None:
    for _ in range(2):
        append_once(archive, "runs", "r1", [{"run_id": "r1", "outlet": "contoh"}])
    assert rows(archive, "runs")["run_id"].to_pylist() == ["r1"]


def test_a_storm_of_writers_ends_in_one_line(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transact, "TRIES", 3)

    table = load_or_create(archive, "runs")

    def overtaken(archive: Archive, name: Name) -> DeltaTable:
        """Commit something between the look at the table and the append after it."""
        found = load_or_create(archive, name)
        table.update_incremental()
        write_deltalake(table, pa.Table.from_pylist([], schema=SCHEMAS["runs"]), mode="append")
        return found

    monkeypatch.setattr(transact, "load_or_create", overtaken)
    with pytest.raises(ConflictError, match="runs: wanted to commit, lost to other writers 3 x"):
        append_once(archive, "runs", "r1", [{"run_id": "r1"}])
