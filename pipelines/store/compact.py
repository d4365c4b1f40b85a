"""Merges the tables' small files into few, and lets go of what no snapshot of this week needs.

Safe beside writers and readers: a merge changes no row, a reader keeps the snapshot it opened, and
a merge that lost against another change of the same files is tried again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import WriterProperties
from deltalake.exceptions import CommitFailedError

from pipelines.errors import ConflictError
from pipelines.store.tables import RETENTION_DAYS, SCHEMAS, load, table_errors

if TYPE_CHECKING:
    from deltalake import DeltaTable

    from pipelines.store.archive import Archive
    from pipelines.store.tables import Name

_FILE_BYTES = 100_000_000
_TRIES = 10
# The library's million would hold 3 GB of articles before it writes any.
_ROW_GROUP: dict[Name, int] = {"articles": 10_000, "captures": 100_000, "runs": 100_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """One table before and after."""

    table: str
    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
    files_removed: int
    """Files of no snapshot of the last `RETENTION_DAYS`, deleted for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """What `compact` did."""

    tables: list[Merged]
    """Those that exist."""


def compact(archive: Archive) -> Compacted:
    """Merge small files, write a checkpoint, drop old log entries and unneeded files.

    Raises:
        ArchiveError: A table cannot be read or written.
        ConflictError: Other changes came in between again and again.
    """
    return Compacted(tables=[one for name in SCHEMAS if (one := _compacted(archive, name))])


def _compacted(archive: Archive, name: Name) -> Merged | None:
    for _ in range(_TRIES):
        archive.refresh()
        table = load(archive, name)
        if table is None:
            return None
        try:
            with table_errors(archive, name, but=CommitFailedError):
                return _merged(archive, name, table)
        except CommitFailedError:
            continue
    raise ConflictError(f"{archive.uri}/{name}: wanted to merge files, found others changing them")


def _merged(archive: Archive, name: Name, table: DeltaTable) -> Merged:
    files_before, bytes_before = _size(table)
    table.optimize.compact(
        target_size=_FILE_BYTES,
        max_concurrent_tasks=1,
        writer_properties=WriterProperties(
            compression="ZSTD", compression_level=3, max_row_group_size=_ROW_GROUP[name]
        ),
    )
    after = load(archive, name) or table
    files_after, bytes_after = _size(after)
    after.create_checkpoint()
    after.cleanup_metadata()
    unneeded = after.vacuum(retention_hours=RETENTION_DAYS * 24, dry_run=True, full=True)
    if unneeded:
        after.vacuum(retention_hours=RETENTION_DAYS * 24, dry_run=False, full=True)
    return Merged(
        table=name,
        files_before=files_before,
        files_after=files_after,
        bytes_before=bytes_before,
        bytes_after=bytes_after,
        files_removed=len(unneeded),
    )


def _size(table: DeltaTable) -> tuple[int, int]:
    files = pa.table(table.get_add_actions(flatten=True))
    return files.num_rows, pc.sum(files["size_bytes"]).as_py() or 0
