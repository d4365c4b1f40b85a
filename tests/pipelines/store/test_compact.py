"""Compaction: the same rows in fewer files, beside writers, and nothing kept for ever."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from deltalake import CommitProperties, Transaction, write_deltalake

from pipelines.store.archive import open_archive
from pipelines.store.compact import Compacted, compact
from pipelines.store.tables import ARTICLES, load, load_or_create, rows
from tests.shelf import append, article, fill, url_of

if TYPE_CHECKING:
    from deltalake import DeltaTable

    from pipelines.store.archive import Archive

EIGHT_DAYS_S = 8 * 86400


def table_of(archive: Archive) -> DeltaTable:
    found = load(archive, "articles")
    assert found is not None
    return found


def parquet_files(archive: Archive) -> list[str]:
    return [
        one.key
        for one in archive.entries("articles/")
        if one.key.endswith(".parquet") and "_delta_log" not in one.key
    ]


def everything(archive: Archive) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        rows(archive, "articles")
        .sort_by(
            [("article_id", "ascending"), ("revision", "ascending"), ("extraction", "ascending")]
        )
        .to_pylist()
    )
    return found


def test_rows_stay_and_files_become_one_per_partition(archive: Archive) -> None:
    fill(archive)
    for n in range(6):
        append(archive, "articles", [article(f"tambah-{n}", commit=4 + n)])
    before = everything(archive)
    done = {one.table: one for one in compact(archive).tables}
    assert (done["articles"].files_before, done["articles"].files_after) == (11, 3)
    assert done["articles"].bytes_after < done["articles"].bytes_before
    assert done["articles"].files_removed == 0
    assert list(done) == ["articles", "captures", "runs"]
    assert everything(archive) == before


def test_a_second_compaction_finds_nothing(archive: Archive) -> None:
    fill(archive)
    compact(archive)
    version = table_of(archive).version()
    again = {one.table: one for one in compact(archive).tables}["articles"]
    assert (again.files_before, again.files_after) == (3, 3)
    assert table_of(archive).version() == version


def test_an_archive_without_tables_has_nothing_to_merge(archive: Archive) -> None:
    assert compact(archive) == Compacted(tables=[])


def test_a_reader_keeps_the_snapshot_it_opened(archive: Archive) -> None:
    fill(archive)
    opened = table_of(archive)
    before = rows(archive, "articles", table=opened)
    compact(archive)
    assert rows(archive, "articles", table=opened).equals(before)


def test_no_title_body_or_address_enters_the_log(archive: Archive) -> None:
    fill(archive)
    compact(archive)
    log = b"".join(
        archive.read(one.key) for one in archive.entries("articles/_delta_log/")
        if one.key.endswith(".json")
    )  # fmt: skip
    assert b'\\"commit_id\\":3' in log
    for secret in (b"petani mengeluh", b"menjadi pembicaraan", url_of("uji", "k").encode()[:20]):
        assert secret not in log


def test_statistics_and_transactions_outlive_the_log(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive")
    write_deltalake(
        load_or_create(archive, "articles"),
        pa.Table.from_pylist([], schema=ARTICLES),
        mode="append",
        commit_properties=CommitProperties(app_transactions=[Transaction("segment-1", 1)]),
    )
    fill(archive)
    age(tmp_path / "archive" / "articles")
    compact(archive)
    left = sorted(path.name for path in (tmp_path / "archive/articles/_delta_log").glob("*.json"))
    assert "00000000000000000001.json" not in left
    assert table_of(archive).transaction_version("segment-1") == 1
    assert len(everything(archive)) == 8
    stats = pa.table(table_of(archive).get_add_actions(flatten=True))
    assert sorted(stats["max.commit_id"].to_pylist()) == [1, 2, 3]
    assert sum(stats["num_records"].to_pylist()) == 8


def age(table: Path) -> None:
    """Make every file of a table, and every removal its log tells of, eight days old."""
    moment = time.time() - EIGHT_DAYS_S
    for path in table.glob("_delta_log/*.json"):
        text = re.sub(
            r'"(deletionTimestamp|timestamp)":\d{13}',
            rf'"\1":{int(moment * 1000)}',
            path.read_text(),
        )
        for line in text.splitlines():
            json.loads(line)
        path.write_text(text)
    for path in table.rglob("*.*"):
        os.utime(path, (moment, moment))


def test_after_a_week_what_was_merged_goes(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive")
    fill(archive)
    before = everything(archive)
    compact(archive)
    assert len(parquet_files(archive)) == 6  # three of one partition, merged, beside the merged one
    append(archive, "articles", [article("sungai-dikeruk", commit=4)])
    age(tmp_path / "archive" / "articles")
    for name in ("00000000000000000004.checkpoint.parquet", "_last_checkpoint"):
        (tmp_path / "archive/articles/_delta_log" / name).unlink()
    done = compact(archive).tables[0]
    assert done.files_removed == 3
    assert len(parquet_files(archive)) == 5  # uji/2026 was merged just now
    assert len(everything(archive)) == len(before) + 1


def test_an_orphan_goes_after_a_week_and_a_writer_keeps_its_new_file(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive")
    fill(archive)
    folder = tmp_path / "archive" / "articles" / "outlet=uji" / "year=2026"
    for name in ("lama.parquet", "baru.parquet"):
        (folder / name).write_bytes(b"x")
    moment = time.time() - EIGHT_DAYS_S
    os.utime(folder / "lama.parquet", (moment, moment))
    assert compact(archive).tables[0].files_removed == 1
    assert not (folder / "lama.parquet").exists()
    assert (folder / "baru.parquet").exists()


WRITER = """
import sys
sys.path.insert(0, sys.argv[3])
from pipelines.store.archive import open_archive
from tests.shelf import append, article
archive = open_archive(sys.argv[1])
for n in range(12):
    append(archive, "articles", [article(f"{sys.argv[2]}-{n}")])
"""


def test_writers_beside_a_compaction_lose_nothing(archive: Archive) -> None:
    fill(archive)
    root = str(Path(__file__).parents[3])
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, archive.uri, name, root])
        for name in ("satu", "dua")
    ]
    merged = 0
    while any(process.poll() is None for process in running):
        one = compact(archive).tables[0]
        merged += one.files_before > one.files_after
    assert [process.wait() for process in running] == [0, 0]
    compact(archive)
    found = everything(archive)
    assert len(found) == 8 + 24
    assert len({(row["article_id"], row["revision"], row["extraction"]) for row in found}) == 32
    assert merged > 0
    assert table_of(archive).get_add_actions().num_rows == 3


def test_a_takedown_beside_a_compaction_holds(archive: Archive) -> None:
    fill(archive)
    stale = table_of(archive)
    compact(archive)
    stale.delete("outlet = 'uji'")
    compact(archive)
    assert {row["outlet"] for row in everything(archive)} == {"kabar-utara"}
