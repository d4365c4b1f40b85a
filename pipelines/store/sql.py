"""SQL over an archive: the views `articles`, `latest`, `captures` and `runs`, read-only.

Enters one SELECT; leaves an Arrow table, or text in one of `FORMATS`. DuckDB runs in memory over
snapshots of the Delta tables: it can reach no file, no network and no setting, so a query cannot
change anything or see more than the archive. `latest` is computed from the tables, not read from
the published files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from pipelines.errors import ArchiveError, UsageError
from pipelines.store.duplicates import FUNCTION, KEY, Duplicates
from pipelines.store.print import FORMATS, write_rows
from pipelines.store.tables import SCHEMAS, dataset, load

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelines.store.archive import Archive
    from pipelines.store.tables import Name

__all__ = ["FORMATS", "connect", "query", "require", "write_rows"]

_PARTS = ("articles/", "captures/", "runs/", "latest/", "pending/", "warc/")

# The join, not a window over whole rows, keeps bodies out of the sort; outlet and year are in it
# because a filter on them then reaches the partitions on both sides. An article never leaves its
# partition. Seen again after it was gone, an article is not gone.
_LATEST = """
CREATE VIEW latest AS
SELECT {columns}, CASE WHEN g.gone_at > greatest(a.fetched_at, g.seen_at) THEN g.gone_at END
    AS gone_at, {duplicate_of}({key}) AS duplicate_of
FROM articles a
JOIN (
    SELECT outlet, year, article_id, max((revision::BIGINT << 32) + extraction) AS newest
    FROM articles GROUP BY ALL
) n ON n.outlet = a.outlet AND n.year = a.year AND n.article_id = a.article_id
    AND n.newest = (a.revision::BIGINT << 32) + a.extraction
LEFT JOIN (
    SELECT outlet, article_id,
        max(fetched_at) FILTER (outcome = 'gone') AS gone_at,
        max(fetched_at) FILTER (outcome IN ('article', 'unchanged')) AS seen_at
    FROM captures WHERE article_id IS NOT NULL GROUP BY ALL
) g ON g.outlet = a.outlet AND g.article_id = a.article_id
"""


def connect(archive: Archive) -> duckdb.DuckDBPyConnection:
    """Return a locked connection whose views show one snapshot of each table.

    A table that was never written gives a view without rows.

    Raises:
        ArchiveError: A table cannot be read.
    """
    connection = duckdb.connect(":memory:", config={"python_enable_replacements": False})
    for name, schema in SCHEMAS.items():
        rows = _rows_of(archive, name)
        connection.register(f"_{name}", rows)
        if name == "articles":
            Duplicates(rows).register(connection)
        columns = ", ".join(f'"{column}"' for column in schema.names)
        connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM _{name}")  # noqa: S608  our own names
    columns = ", ".join(f'a."{column}"' for column in SCHEMAS["articles"].names)
    connection.execute(_LATEST.format(columns=columns, duplicate_of=FUNCTION, key=KEY))
    spill = str(archive.spool / "sql").replace("'", "''")
    connection.execute(
        f"SET temp_directory = '{spill}'; SET TimeZone = 'UTC'; "
        "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; "
        "SET enable_external_access = false; SET lock_configuration = true"
    )
    return connection


def query(archive: Archive, sql: str) -> pa.Table:
    """Run one SELECT and return its rows, all in memory.

    Columns of the same name get a number: `count`, `count_1`.

    Raises:
        UsageError: *sql* is not one SELECT, or DuckDB cannot run it.
        ArchiveError: There is no archive, or a table cannot be read.
    """
    statement = _select(sql)
    require(archive)
    with connect(archive) as connection:
        try:
            found = connection.execute(statement).to_arrow_table()
        except duckdb.Error as error:
            line = str(error).strip().partition("\n")[0]
            # What a table's files could not give is not the query's fault.
            if "get_next" in line or "while executing the UDF" in line:
                raise archive.fault("", "readable tables", line) from error
            raise UsageError(f"sql: {line}") from error
    return found.rename_columns(_distinct(found.schema.names))


def _select(sql: str) -> duckdb.Statement:
    """Parse *sql* before anything is read for it."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(f"sql: {str(error).strip().partition(chr(10))[0]}") from error
    if [one.type for one in statements] != [duckdb.StatementType.SELECT]:
        kinds = ", ".join(one.type.name for one in statements) or "nothing"
        raise UsageError(f"sql: wanted one SELECT, found: {kinds}")
    return statements[0]


def require(archive: Archive) -> None:
    """Raise `ArchiveError` unless something was ever written to *archive*."""
    archive.check()
    if not any(archive.has(part) for part in _PARTS):
        raise ArchiveError(f"{archive.uri}: wanted an archive, found none")


def _rows_of(archive: Archive, name: Name) -> object:
    table = load(archive, name)
    return SCHEMAS[name].empty_table() if table is None else dataset(archive, name, table)


def _distinct(names: list[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        number, distinct = 0, name
        while distinct in found:
            number += 1
            distinct = f"{name}_{number}"
        found.append(distinct)
    return found
