"""`latest/`: the newest row of every article as plain Parquet, for any reader.

Enters one snapshot of `articles`; leaves one file per outlet and year, each replaced whole, and
``_manifest.json``. Only partitions that differ from the manifest are written, one in memory at a
time. Two publishers at once do no harm: each file records the table version it was made from, and
an older version never replaces a newer one.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.errors import ConflictError
from pipelines.store.archive import MissingError
from pipelines.store.tables import ARTICLES, PARTITIONS, load, rows, table_errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deltalake import DeltaTable

    from pipelines.store.archive import Archive

MANIFEST = "latest/_manifest.json"
"""Its name starts with an underscore: readers of a folder of Parquet pass over it."""

SCHEMA = pa.schema([one for one in ARTICLES if one.name not in PARTITIONS["articles"]])
"""Columns of a file. Outlet and year stand in its path only: pandas and pyarrow refuse a folder
whose files repeat them in another type than the path is read as."""

_FORMAT = hashlib.sha256(SCHEMA.to_string(show_field_metadata=True).encode()).hexdigest()[:16]
_FILE = re.compile(r"latest/outlet=[^/]+/year=-?\d+/articles\.parquet")
_MARK = b"kliping"
# Some 15 MB of text: small enough to skip by date, large enough to compress.
_ROW_GROUP = 5000
_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """One file of `latest/`, as the manifest records it."""

    outlet: str
    year: int
    key: str
    """Below the archive's root."""
    rows: int
    """Articles in the file; 0 where it was taken away."""
    commit: int
    """Largest `commit_id` of the partition in `articles`."""
    source_rows: int
    """Rows of the partition in `articles`: they rise with a commit and fall with a takedown."""
    size_bytes: int
    sha256: str
    etag: str

    def is_of(self, source: _Source, etag: str | None) -> bool:
        """Say whether the file with that etag holds what *source* says."""
        return (self.source_rows, self.commit, self.etag) == (source.rows, source.commit, etag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What `publish` did."""

    partitions: list[Partition]
    """Those written or taken away; empty where nothing had changed."""
    commit: int
    """Largest `commit_id` in `latest/`; 0 where there are no articles."""


class _BehindError(Exception):
    """A file was made from a newer snapshot than ours."""


def publish(archive: Archive) -> Published:
    """Bring `latest/` up to the newest commit.

    Raises:
        ArchiveError: The archive cannot be read or written.
        ConflictError: Other publishers came in between again and again, or `latest/` was made from
            a table that is no longer there.
    """
    done: dict[str, Partition] = {}
    for _ in range(_TRIES):
        archive.refresh()
        table = load(archive, "articles")
        if table is None:
            return Published(partitions=[], commit=0)
        with contextlib.suppress(_BehindError, ConflictError, MissingError):
            after = _brought_up(archive, table, done)
            commit = max((one.commit for one in after), default=0)
            return Published(partitions=[done[key] for key in sorted(done)], commit=commit)
    raise ConflictError(
        f"{archive.uri}/latest: wanted files older than the table articles, found newer ones; "
        "if the table was made anew, remove latest/"
    )


def newest(articles: pa.Table) -> pa.Table:
    """Keep of every article the row with the largest revision, then extraction.

    Returns:
        Rows in order of `published_at`, those without one last.
    """
    ranks = articles.select(["article_id", "revision", "extraction", "published_at"])
    ranks = ranks.append_column("row", pa.array(range(len(ranks)), pa.int64())).sort_by(
        [("article_id", "ascending"), ("revision", "descending"), ("extraction", "descending")]
    )
    ids = ranks["article_id"].combine_chunks()
    first = pa.concat_arrays([pa.array([True]), pc.not_equal(ids[1:], ids[:-1])])
    kept = ranks.filter(first[: len(ids)]).sort_by(
        [("published_at", "ascending"), ("article_id", "ascending")]
    )
    # Bodies are copied this once only.
    return articles.take(kept["row"])


def published_at(archive: Archive) -> datetime | None:
    """Return when `latest/` was last written, `None` if it never was."""
    try:
        return datetime.fromisoformat(json.loads(archive.read(MANIFEST))["written_at"])
    except MissingError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise archive.fault(MANIFEST, "a manifest", error) from error


def _brought_up(archive: Archive, table: DeltaTable, done: dict[str, Partition]) -> list[Partition]:
    """Write the files that differ from the manifest, then the manifest; note in *done* which."""
    found = archive.read_with_etag(MANIFEST)
    version, known = _known(found[0]) if found else (-1, {})
    if version > table.version():
        raise _BehindError
    there = {one.key: one.etag for one in archive.entries("latest/") if _FILE.fullmatch(one.key)}
    after: dict[str, Partition] = {}
    for source in _sources(archive, table):
        before = known.get(source.key)
        if before is not None and before.is_of(source, there.get(source.key)):
            after[source.key] = before
        else:
            after[source.key] = done[source.key] = _written(archive, table, source)
    for key in sorted({*there, *known} - set(after)):
        _take_away(archive, table, key)
        if key in known:
            done[key] = replace(known[key], rows=0, source_rows=0, size_bytes=0, sha256="", etag="")
    if found is None or after != known:
        data = _json(table, list(after.values()))
        if found is None:
            archive.create(MANIFEST, data)
        else:
            archive.replace(MANIFEST, data, found[1])
    return list(after.values())


@dataclass(frozen=True, slots=True)
class _Source:
    """One partition of `articles`."""

    outlet: str
    year: int
    rows: int
    commit: int

    @property
    def key(self) -> str:
        return f"latest/outlet={self.outlet}/year={self.year}/articles.parquet"


def _sources(archive: Archive, table: DeltaTable) -> list[_Source]:
    """Return the partitions that hold rows, from the Delta log alone."""
    with table_errors(archive, "articles"):
        files = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    found: dict[tuple[str, int], _Source] = {}
    for file in files:
        count, commit = file["num_records"], file["max.commit_id"]
        if count is None or (count and commit is None):
            raise archive.fault(f"articles/{file['path']}", "statistics in the Delta log", "none")
        where = (file["partition.outlet"], file["partition.year"])
        sums = found.get(where, _Source(*where, 0, 0))
        found[where] = _Source(*where, sums.rows + count, max(sums.commit, commit or 0))
    return sorted((one for one in found.values() if one.rows), key=lambda one: one.key)


def _written(archive: Archive, table: DeltaTable, source: _Source) -> Partition:
    """Write one file, unless a newer version is there."""
    where = (pc.field("outlet") == source.outlet) & (pc.field("year") == source.year)
    latest = newest(rows(archive, "articles", columns=SCHEMA.names, where=where, table=table))
    mark = {"outlet": source.outlet, "year": source.year, "commit": source.commit}
    data = _parquet(latest, {**mark, "version": table.version()})
    return Partition(
        outlet=source.outlet,
        year=source.year,
        key=source.key,
        rows=latest.num_rows,
        commit=source.commit,
        source_rows=source.rows,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        etag=_put(archive, source.key, data, table.version()),
    )


def _put(archive: Archive, key: str, data: bytes, version: int) -> str:
    """Write a file in place of an older or equal version and return its etag."""
    there = archive.stat(key)
    if there is None:
        return archive.create(key, data)
    if _version_of(archive, key) > version:
        raise _BehindError
    return archive.replace(key, data, there.etag)


def _take_away(archive: Archive, table: DeltaTable, key: str) -> None:
    if archive.stat(key) is not None and _version_of(archive, key) > table.version():
        raise _BehindError
    archive.delete(key)


def _version_of(archive: Archive, key: str) -> int:
    """Return the table version a file was made from, -1 where it is not one of ours."""
    try:
        with archive.filesystem().open_input_file(key) as file:
            return int(json.loads(pq.read_metadata(file).metadata[_MARK])["version"])
    except (pa.ArrowInvalid, FileNotFoundError, KeyError, TypeError, ValueError):
        return -1
    except OSError as error:
        raise archive.fault(key, "a readable Parquet file", " ".join(str(error).split())) from error


def _parquet(latest: pa.Table, mark: Mapping[str, object]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(
        latest.replace_schema_metadata({_MARK: json.dumps(mark)}),
        sink,
        compression="zstd",
        compression_level=3,
        row_group_size=_ROW_GROUP,
        write_page_index=True,
    )
    return sink.getvalue()


def _known(data: bytes) -> tuple[int, dict[str, Partition]]:
    """Return version and partitions of a manifest; nothing known where it cannot be used."""
    try:
        found = json.loads(data)
        if found["format"] != _FORMAT:
            return found["version"], {}
        return found["version"], {one["key"]: Partition(**one) for one in found["partitions"]}
    except (KeyError, TypeError, ValueError):
        return -1, {}


def _json(table: DeltaTable, partitions: Sequence[Partition]) -> bytes:
    manifest = {
        "commit": max((one.commit for one in partitions), default=0),
        "articles": sum(one.rows for one in partitions),
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": table.version(),
        "format": _FORMAT,
        "partitions": [asdict(one) for one in partitions],
    }
    return json.dumps(manifest, indent=1, ensure_ascii=False).encode() + b"\n"
