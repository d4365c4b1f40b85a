"""SQL sees what the tables hold, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import ArchiveError, UsageError
from pipelines.store.archive import open_archive
from pipelines.store.publish import publish
from pipelines.store.sql import connect, query, require
from pipelines.store.tables import SCHEMAS, load
from tests.shelf import DAY, append, article, capture, fill, id_of, url_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.store.archive import Archive
    from tests.servers import Seaweed


def ask(archive: Archive, sql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = query(archive, sql).to_pylist()
    return found


def test_the_views_show_the_tables(archive: Archive) -> None:
    fill(archive)
    assert ask(
        archive,
        "SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM latest) AS "
        "latest, (SELECT count(*) FROM captures) AS captures, (SELECT count(*) FROM runs) AS runs",
    ) == [{"articles": 8, "latest": 6, "captures": 7, "runs": 1}]
    assert ask(
        archive, "SELECT title FROM latest WHERE published_on >= '2026-11-03' AND year = 2026"
    ) == [{"title": "Harga cabai turun, petani mengeluh"}]


def test_latest_is_what_publish_writes(archive: Archive) -> None:
    fill(archive)
    publish(archive)
    found = query(archive, "SELECT article_id, revision, extraction FROM latest ORDER BY 1")
    keys = [one.key for one in archive.entries("latest/") if one.key.endswith(".parquet")]
    with duckdb.connect(":memory:") as reader:
        tables = [pq.read_table(pa.BufferReader(archive.read(key))) for key in keys]
        published = pa.concat_tables(tables)
        assert published.num_rows == 6
        reader.register("published", published)
        wanted = reader.execute(
            "SELECT article_id, revision, extraction FROM published ORDER BY 1"
        ).to_arrow_table()
    assert found.to_pylist() == wanted.to_pylist()


def test_gone_at_is_the_last_time_an_article_was_gone_since_it_was_seen(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive")
    hours = [DAY + timedelta(hours=n) for n in range(9)]
    visits = {
        "ada": ["article"],
        "hilang": ["article", "gone", "gone"],
        "kembali-sama": ["article", "gone", "unchanged"],
        "kembali-lain": ["gone", "article"],
        "hilang-lagi": ["article", "gone", "unchanged", "gone", "error"],
    }
    for name, outcomes in visits.items():
        seen = max(n for n, outcome in enumerate(outcomes) if outcome == "article")
        append(archive, "articles", [article(name, fetched_at=hours[seen])])
        append(
            archive,
            "captures",
            [
                capture(url_of("uji", name), outcome, at=at, article_id=id_of("uji", name))
                for outcome, at in zip(outcomes, hours, strict=False)
            ],
        )
    found = {row["title"]: row["gone_at"] for row in ask(archive, "SELECT * FROM latest")}
    assert found == {
        "Ada": None,
        "Hilang": hours[2],
        "Kembali sama": None,
        "Kembali lain": None,
        "Hilang lagi": hours[3],
    }


def test_an_archive_without_tables_gives_empty_views_with_their_columns(tmp_path: Path) -> None:
    with connect(open_archive(tmp_path)) as connection:
        for name, schema in SCHEMAS.items():
            found = connection.execute(f"FROM {name}").to_arrow_table()
            assert (found.num_rows, found.schema.names) == (0, schema.names)
        found = connection.execute("SELECT * FROM latest").to_arrow_table()
        assert found.schema.names == [*SCHEMAS["articles"].names, "gone_at", "duplicate_of"]


def test_a_filter_reads_only_its_partitions(archive: Archive) -> None:
    fill(archive)
    table = load(archive, "articles")
    assert table is not None
    for path in pa.table(table.get_add_actions(flatten=True))["path"].to_pylist():
        if "outlet=kabar-utara" in path or "year=2025" in path:
            archive.delete(f"articles/{path}")
    assert ask(
        archive, "SELECT title FROM latest WHERE outlet = 'uji' AND year = 2026 ORDER BY title"
    ) == [{"title": "Cerita tanpa tanggal"}, {"title": "Jembatan baru diuji"}]
    with pytest.raises(ArchiveError) as caught:
        query(archive, "SELECT title FROM latest")
    assert "\n" not in str(caught.value)


@pytest.fixture
def full(tmp_path: Path) -> Archive:
    archive = open_archive(tmp_path / "archive")
    fill(archive)
    return archive


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_parquet('{folder}/**/*.parquet')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "COPY articles TO '{folder}/out.csv'",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "ATTACH '{folder}/out.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "EXPORT DATABASE '{folder}/out'",
        "IMPORT DATABASE '{folder}'",
        "PRAGMA profiling_output = '{folder}/out.json'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "RESET lock_configuration",
        "CREATE TABLE x AS SELECT 1",
        "DROP VIEW latest",
        "INSERT INTO articles VALUES (1)",
        "DELETE FROM articles",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP VIEW latest",
        "EXPLAIN ANALYZE SELECT 1",
        "CALL pragma_version()",
        "",
        "-- nothing",
        "SELEKT 1",
        "SELECT nope FROM latest",
        "SELECT * FROM nope",
        "SELECT 1 + 'x'",
        "SELECT * FROM secret_of_ours",
    ],
)
def test_what_is_not_one_select_over_the_views_is_refused(
    full: Archive, tmp_path: Path, sql: str
) -> None:
    secret_of_ours = tmp_path / "secret.csv"
    secret_of_ours.write_text("a,b\n1,2\n")
    before = sorted(path for path in tmp_path.rglob("*"))
    with pytest.raises(UsageError, match=r"^sql: ") as caught:
        query(full, sql.format(file=secret_of_ours, folder=tmp_path))
    assert "\n" not in str(caught.value)
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_a_bad_query_is_told_in_duckdbs_words(full: Archive) -> None:
    with pytest.raises(UsageError) as caught:
        query(full, "SELECT titel FROM latest")
    assert str(caught.value) == (
        'sql: Binder Error: Referenced column "titel" not found in FROM clause!'
    )


def test_describe_and_with_are_selects(full: Archive) -> None:
    columns = [row["column_name"] for row in ask(full, "DESCRIBE latest")]
    assert columns == [*SCHEMAS["articles"].names, "gone_at", "duplicate_of"]
    assert ask(full, "WITH a AS (SELECT 1 AS x) SELECT x FROM a;") == [{"x": 1}]


def test_times_are_utc_whatever_the_machine_says(
    full: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Jakarta")
    assert ask(full, "SELECT published_at::VARCHAR AS t FROM latest WHERE year = 2025") == [
        {"t": "2025-12-30 03:00:00+00"}
    ]


def test_columns_of_one_name_are_told_apart(full: Archive) -> None:
    assert ask(full, "SELECT 1 AS a, 2 AS a, 3 AS a_1, 4 AS a") == [
        {"a": 1, "a_1": 2, "a_1_1": 3, "a_2": 4}
    ]


def test_a_sort_larger_than_memory_spills_into_the_spool(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "archive")
    with connect(archive) as connection:
        found = connection.execute("SELECT current_setting('temp_directory')").fetchone()
    assert found == (str(archive.spool / "sql"),)


def test_a_place_without_an_archive_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "foto.jpg").write_bytes(b"x")
    for place in (tmp_path, tmp_path / "tidak-ada"):
        with pytest.raises(ArchiveError, match="wanted an archive, found none"):
            query(open_archive(place), "SELECT 1")
    with pytest.raises(ArchiveError, match="foto"):
        require(open_archive(tmp_path / "foto.jpg"))


def test_a_bucket_without_an_archive_is_no_archive(bucket: str, s3_env: Seaweed) -> None:
    assert s3_env.endpoint
    archive = open_archive(f"s3://{bucket}/salah-ketik")
    with pytest.raises(ArchiveError, match="wanted an archive, found none"):
        require(archive)
    archive.put("pending/x", b"1")
    require(archive)
    archive.close()
