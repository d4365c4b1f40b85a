"""`latest/`: each article once, only what changed is written, newer never gives way to older."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import ArchiveError, ConflictError
from pipelines.store.archive import open_archive
from pipelines.store.publish import MANIFEST, SCHEMA, Published, _BehindError, _brought_up, publish
from pipelines.store.tables import ARTICLES, load
from tests.shelf import DAY, append, article, fill, id_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.store.archive import Archive

UTARA = "latest/outlet=kabar-utara/year=2026/articles.parquet"
UJI_2025 = "latest/outlet=uji/year=2025/articles.parquet"
UJI_2026 = "latest/outlet=uji/year=2026/articles.parquet"


def files(archive: Archive) -> list[str]:
    return [one.key for one in archive.entries("latest/") if one.key != MANIFEST]


def file(archive: Archive, key: str) -> pa.Table:
    return pq.read_table(pa.BufferReader(archive.read(key)))


def titles(archive: Archive, key: str) -> list[str]:
    found: list[str] = file(archive, key)["title"].to_pylist()
    return found


def manifest(archive: Archive) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(archive.read(MANIFEST))
    return found


def keys(published: Published) -> list[str]:
    return [one.key for one in published.partitions]


def take_down(archive: Archive, article_id: str) -> None:
    table = load(archive, "articles")
    assert table is not None
    table.delete(f"article_id = '{article_id}'")


def test_each_article_is_there_once_in_its_newest_form(archive: Archive) -> None:
    fill(archive)
    done = publish(archive)
    assert keys(done) == files(archive) == [UTARA, UJI_2025, UJI_2026]
    assert done.commit == 3
    assert [one.rows for one in done.partitions] == [3, 1, 2]
    assert titles(archive, UTARA) == [
        "Pasar lama dibuka",
        "Banjir surut di demak",
        "Harga cabai turun, petani mengeluh",
    ]
    found = file(archive, UTARA).select(["revision", "extraction", "section"]).to_pylist()
    assert found[1] == {"revision": 1, "extraction": 2, "section": "Jawa Tengah"}
    assert found[2] == {"revision": 2, "extraction": 1, "section": "Daerah"}


def test_a_revision_outranks_an_extraction(archive: Archive) -> None:
    numbers = [(1, 1), (1, 2), (1, 10), (2, 1), (2, 2)]
    for order in (numbers, numbers[::-1]):
        name = f"urutan-{order[0][0]}"
        append(
            archive,
            "articles",
            [article(name, revision=r, extraction=e, title=f"{r}.{e}") for r, e in order],
        )
    publish(archive)
    assert titles(archive, UJI_2026) == ["2.2", "2.2"]


def test_files_are_sorted_by_date_with_the_undated_last(archive: Archive) -> None:
    append(
        archive,
        "articles",
        [
            article("tanpa", at=None),
            article("kedua", at=DAY + timedelta(days=1)),
            article("pertama", at=DAY),
        ],
    )
    publish(archive)
    assert titles(archive, UJI_2026) == ["Pertama", "Kedua", "Tanpa"]


def test_a_file_has_every_column_but_those_of_its_path_and_says_what_they_mean(
    archive: Archive,
) -> None:
    fill(archive)
    publish(archive)
    found = pq.ParquetFile(pa.BufferReader(archive.read(UTARA)))
    schema = found.schema_arrow
    assert schema.names == [one for one in ARTICLES.names if one not in ("outlet", "year")]
    assert schema.remove_metadata().equals(SCHEMA.remove_metadata())
    assert schema.field("body").metadata[b"comment"].startswith(b"paragraphs separated by")
    assert all(field.metadata[b"comment"] for field in schema)
    assert found.metadata.row_group(0).column(0).compression == "ZSTD"
    mark = json.loads(found.metadata.metadata[b"kliping"])
    assert (mark["outlet"], mark["year"], mark["commit"]) == ("kabar-utara", 2026, 3)


def test_the_manifest_tells_the_truth(archive: Archive) -> None:
    fill(archive)
    publish(archive)
    found = manifest(archive)
    assert (found["commit"], found["articles"]) == (3, 6)
    assert [one["key"] for one in found["partitions"]] == files(archive)
    for one in found["partitions"]:
        data = archive.read(one["key"])
        assert one["sha256"] == hashlib.sha256(data).hexdigest()
        assert one["size_bytes"] == len(data)
        assert one["rows"] == pq.read_metadata(pa.BufferReader(data)).num_rows


def test_nothing_changed_nothing_written(archive: Archive) -> None:
    fill(archive)
    publish(archive)
    before = list(archive.entries("latest/"))
    again = publish(archive)
    assert (again.partitions, again.commit) == ([], 3)
    assert list(archive.entries("latest/")) == before


def test_an_archive_without_articles_gets_no_files(archive: Archive) -> None:
    assert publish(archive) == Published(partitions=[], commit=0)
    assert files(archive) == []


def test_only_changed_partitions_are_written(archive: Archive) -> None:
    fill(archive)
    publish(archive)
    append(archive, "articles", [article("sungai-dikeruk", commit=4)])
    before = {one.key: one.etag for one in archive.entries("latest/")}
    assert keys(publish(archive)) == [UJI_2026]
    after = {one.key: one.etag for one in archive.entries("latest/")}
    assert {key for key in after if after[key] != before[key]} == {UJI_2026, MANIFEST}
    assert manifest(archive)["commit"] == 4


def test_a_compaction_changes_nothing(archive: Archive) -> None:
    fill(archive)
    publish(archive)
    table = load(archive, "articles")
    assert table is not None
    assert table.optimize.compact()["numFilesRemoved"] > 0
    assert publish(archive).partitions == []


def test_a_takedown_removes_the_row(archive: Archive) -> None:
    fill(archive)
    publish(archive)
    take_down(archive, id_of("kabar-utara", "harga-cabai-turun"))
    assert keys(publish(archive)) == [UTARA]
    assert titles(archive, UTARA) == ["Pasar lama dibuka", "Banjir surut di demak"]
    assert manifest(archive)["articles"] == 5


def test_a_partition_without_rows_goes(archive: Archive) -> None:
    fill(archive)
    publish(archive)
    take_down(archive, id_of("uji", "kapal-nelayan-kembali"))
    done = publish(archive)
    assert [(one.key, one.rows) for one in done.partitions] == [(UJI_2025, 0)]
    assert files(archive) == [UTARA, UJI_2026]
    assert [one["key"] for one in manifest(archive)["partitions"]] == [UTARA, UJI_2026]
    assert publish(archive).partitions == []


def test_lost_spoilt_and_foreign_files_are_put_right(archive: Archive) -> None:
    fill(archive)
    publish(archive)
    good = {key: archive.read(key) for key in files(archive)}
    archive.delete(UJI_2025)
    archive.put(UTARA, b"rusak")
    archive.put("latest/outlet=asing/year=2026/articles.parquet", good[UJI_2026])
    archive.put("latest/catatan.txt", b"milik pembaca")
    assert set(keys(publish(archive))) == {UTARA, UJI_2025}
    archive.delete("latest/catatan.txt")
    assert {key: archive.read(key) for key in files(archive)} == good


def test_a_broken_manifest_is_made_anew(archive: Archive) -> None:
    fill(archive)
    publish(archive)
    archive.put(MANIFEST, b"{")
    publish(archive)
    assert manifest(archive)["articles"] == 6


def test_an_older_snapshot_never_replaces_newer_files(archive: Archive) -> None:
    fill(archive)
    old = load(archive, "articles")
    assert old is not None
    take_down(archive, id_of("uji", "kapal-nelayan-kembali"))
    append(archive, "articles", [article("sungai-dikeruk", commit=4)])
    publish(archive)
    before = list(archive.entries("latest/"))
    with pytest.raises(_BehindError):
        _brought_up(archive, old, {})
    archive.delete(MANIFEST)
    with pytest.raises(_BehindError):
        _brought_up(archive, old, {})
    publish(archive)
    assert [one.key for one in archive.entries("latest/")] == [one.key for one in before]
    assert "Sungai dikeruk" in titles(archive, UJI_2026)


def test_files_of_a_table_that_was_made_anew_are_not_guessed_at(tmp_path: Path) -> None:
    first, second = open_archive(tmp_path / "a"), open_archive(tmp_path / "b")
    fill(first)
    publish(first)
    append(second, "articles", [article("baru")])
    for key in [*files(first), MANIFEST]:
        second.put(key, first.read(key))
    with pytest.raises(ConflictError, match="remove latest/"):
        publish(second)


def test_a_file_where_latest_should_be_is_one_line(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive")
    fill(archive)
    archive.put("latest", b"")
    with pytest.raises(ArchiveError) as caught:
        publish(archive)
    assert "\n" not in str(caught.value)


PUBLISHER = """
import sys
from pipelines.store.archive import open_archive
from pipelines.store.publish import publish
archive = open_archive(sys.argv[1])
for _ in range(8):
    publish(archive)
"""


def test_publishers_readers_and_a_writer_at_once(archive: Archive) -> None:
    append(archive, "articles", [article(f"mula-{n}") for n in range(5)])
    publish(archive)
    running = [subprocess.Popen([sys.executable, "-c", PUBLISHER, archive.uri]) for _ in range(2)]
    counts = []

    def write() -> None:
        for n in range(8):
            append(archive, "articles", [article(f"baru-{n}", commit=n + 2)])

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while any(process.poll() is None for process in running):
            ids = file(archive, UJI_2026)["article_id"].to_pylist()
            assert len(ids) == len(set(ids))
            counts.append(len(ids))
        writing.result()
    assert [process.wait() for process in running] == [0, 0]
    assert counts == sorted(counts)
    assert counts[0] >= 5
    publish(archive)
    assert len(titles(archive, UJI_2026)) == 13
    assert publish(archive).partitions == []
