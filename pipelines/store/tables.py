"""The three Delta tables: their schemas, and opening, creating and reading them.

`articles` holds every revision and extraction, `captures` is the columnar index of the WARCs,
`runs` says who wrote when. A column's meaning travels in its Parquet field metadata.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Literal

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError
from pyarrow import fs

from pipelines.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    from pipelines.store.archive import Archive

Name = Literal["articles", "captures", "runs"]

_UTC = pa.timestamp("us", tz="UTC")
_STRINGS = pa.list_(pa.string())
_RELATED = pa.list_(
    pa.struct([("title", pa.string()), ("url", pa.string()), ("form", pa.string())])
)
_REMOVED = pa.list_(pa.struct([("kind", pa.string()), ("text", pa.string())]))


def _schema(*columns: tuple[str, pa.DataType, str]) -> pa.Schema:
    return pa.schema(
        [pa.field(name, kind, metadata={"comment": meaning}) for name, kind, meaning in columns]
    )


ARTICLES = _schema(
    ("article_id", pa.string(), "hex of the first 64 bits of SHA-256 of the canonical URL"),
    ("revision", pa.int32(), "rises when the outlet changed title or body; starts at 1"),
    ("extraction", pa.int32(), "rises when newer rules read the same capture differently"),
    ("commit_id", pa.int64(), "rises with every commit; cite commit_id <= N"),
    ("content_hash", pa.string(), "SHA-256 of title and body, NFC, white space collapsed"),
    ("outlet", pa.string(), "slug of the outlet"),
    ("year", pa.int32(), "year of published_on at revision 1, of the fetch where that is unknown"),
    ("url", pa.string(), "canonical URL"),
    ("requested_url", pa.string(), "what was asked for"),
    ("title", pa.string(), "as a reader sees it, no site suffix"),
    ("subtitle", pa.string(), "the line below the title; null if none"),
    ("body", pa.string(), "paragraphs separated by a newline; nothing but the article"),
    ("dateline", pa.string(), "place in front of the lead; it also stays in body"),
    ("authors", _STRINGS, "names only"),
    ("editors", _STRINGS, "names only"),
    ("published_at", _UTC, "null if the page has none; never a guess from the clock"),
    ("published_on", pa.date32(), "calendar day in the outlet's zone"),
    ("published_raw", pa.string(), "the string on the page"),
    ("published_precision", pa.string(), "second, minute or day"),
    ("modified_at", _UTC, "as stated by the page"),
    ("section", pa.string(), "as the outlet calls it"),
    ("tags", _STRINGS, "as the outlet calls them"),
    ("image_url", pa.string(), "the lead image, absolute"),
    ("language", pa.string(), "ISO 639-1"),
    ("language_confidence", pa.float32(), "0 to 1"),
    ("related", _RELATED, "the read-also links that were taken out of the body"),
    ("removed", _REMOVED, "every other in-body line that was taken out"),
    ("provenance", pa.map_(pa.string(), pa.string()), "column -> what gave it"),
    ("word_count", pa.int32(), "words of body"),
    ("near_hash", pa.string(), "near-duplicate hash of body, 16 hex digits"),
    ("fetched_at", _UTC, "when the capture was taken"),
    ("capture_id", pa.string(), "the capture this row came from; in captures"),
    ("capture_item", pa.string(), "the item inside the capture if it holds several"),
    ("part_capture_ids", _STRINGS, "captures of the further pages, in order"),
    ("extractor", pa.string(), "Kliping and trafilatura versions"),
    ("rules_digest", pa.string(), "digest of the outlet's rules"),
    ("run_id", pa.string(), "the run that wrote the row; in runs"),
    ("segment", pa.string(), "the WARC segment the row was committed with"),
)

CAPTURES = _schema(
    ("capture_id", pa.string(), "hex of the UUID in warc_record_id"),
    ("url_key", pa.int64(), "first 64 bits of SHA-256 of url; the sort key"),
    ("outlet", pa.string(), "slug of the outlet"),
    ("url", pa.string(), "what was asked for"),
    ("final_url", pa.string(), "where redirects led"),
    ("fetched_at", _UTC, "when the response came"),
    ("status", pa.int32(), "HTTP status"),
    ("mime", pa.string(), "media type as served"),
    ("etag", pa.string(), "as served"),
    ("last_modified", pa.string(), "as served"),
    ("digest", pa.string(), "sha1 of the payload as sent, base32, as in the WARC record"),
    ("size_bytes", pa.int64(), "of the payload as sent"),
    ("warc_file", pa.string(), "key of the WARC file below the archive's root"),
    ("warc_offset", pa.int64(), "bytes to the record's gzip member"),
    ("warc_length", pa.int64(), "bytes of that gzip member"),
    ("warc_record_id", pa.string(), "urn:uuid of the record"),
    ("outcome", pa.string(), "article, unchanged, rejected, source, gone or error"),
    ("reason", pa.string(), "why rejected, or what failed"),
    ("article_id", pa.string(), "the article the capture belongs to; null if none"),
    ("run_id", pa.string(), "the run that fetched it; in runs"),
    ("segment", pa.string(), "the WARC segment it lies in"),
)

RUNS = _schema(
    ("run_id", pa.string(), "one invocation that wrote to the archive"),
    ("command", pa.string(), "crawl, recrawl, reextract …"),
    ("outlet", pa.string(), "slug; one row per run and outlet"),
    ("started_at", _UTC, "start of the run"),
    ("finished_at", _UTC, "end of the run's part for this outlet"),
    ("requests", pa.int64(), "HTTP requests sent"),
    ("new", pa.int64(), "articles seen for the first time"),
    ("changed", pa.int64(), "articles with a new revision"),
    ("unchanged", pa.int64(), "articles seen again without a change"),
    ("extracted", pa.int64(), "articles that newer rules read differently"),
    ("gone", pa.int64(), "articles answered with 404 or 410"),
    ("rejected", pa.int64(), "pages that are no article"),
    ("errors", pa.int64(), "requests without a usable answer"),
    ("sources", pa.int64(), "feeds, sitemaps and listings read"),
    ("reasons", pa.map_(pa.string(), pa.int64()), "reason -> rejected pages or errors"),
    ("rules_digest", pa.string(), "digest of the outlet's rules"),
    ("extractor", pa.string(), "Kliping and trafilatura versions"),
    ("host", pa.string(), "machine that ran it"),
)

SCHEMAS: dict[Name, pa.Schema] = {"articles": ARTICLES, "captures": CAPTURES, "runs": RUNS}
PARTITIONS: dict[Name, list[str]] = {
    "articles": ["outlet", "year"],
    "captures": ["outlet"],
    "runs": [],
}
RETENTION_DAYS = 7
"""How long a table's older versions and what compaction replaced stay readable."""
_RETENTION: dict[str, str | None] = {
    "delta.logRetentionDuration": f"interval {RETENTION_DAYS} days",
    "delta.deletedFileRetentionDuration": f"interval {RETENTION_DAYS} days",
}
_CONFIGURATION: dict[Name, dict[str, str | None]] = {
    # Titles, bodies and addresses never enter the log's statistics: a takedown must not leave them.
    # A segment's transaction is remembered longer than any spool lies about, not for ever.
    "articles": {
        **_RETENTION,
        "delta.setTransactionRetentionDuration": "interval 400 days",
        "delta.dataSkippingStatsColumns": (
            "article_id,revision,extraction,commit_id,published_at,published_on,fetched_at,segment"
        ),
    },
    "captures": {
        **_RETENTION,
        "delta.setTransactionRetentionDuration": "interval 400 days",
        "delta.dataSkippingStatsColumns": "capture_id,url_key,fetched_at,outcome,segment",
    },
    "runs": {**_RETENTION, "delta.dataSkippingStatsColumns": "run_id,started_at,finished_at"},
}


@contextlib.contextmanager
def table_errors(
    archive: Archive, name: str, *, but: type[Exception] = ArchiveError
) -> Iterator[None]:
    """Turn what deltalake raises into one `ArchiveError` line, except what the caller awaits."""
    try:
        yield
    except (ArchiveError, but):
        raise
    except (DeltaError, OSError, pa.ArrowException) as error:
        text = " ".join(str(error).split())
        raise archive.fault(name, "a readable Delta table", text[:400]) from error


def load(archive: Archive, name: Name) -> DeltaTable | None:
    """Return a fresh snapshot of a table, `None` where it was never written."""
    with table_errors(archive, name):
        try:
            return DeltaTable(
                archive.table_uri(name), storage_options=archive.storage_options() or None
            )
        except TableNotFoundError:
            return None


def load_or_create(archive: Archive, name: Name) -> DeltaTable:
    """Return a fresh snapshot of a table, made empty if need be; safe to race."""
    found = load(archive, name)
    if found is not None:
        return found
    with table_errors(archive, name):
        DeltaTable.create(
            archive.table_uri(name),
            schema=SCHEMAS[name],
            mode="ignore",
            partition_by=PARTITIONS[name] or None,
            configuration=_CONFIGURATION[name],
            storage_options=archive.storage_options() or None,
        )
    made = load(archive, name)
    if made is None:
        raise archive.fault(name, "the table just created", "nothing")
    return made


def dataset(archive: Archive, name: Name, table: DeltaTable) -> ds.Dataset:
    """Return one snapshot as a pyarrow dataset whose filters reach partitions and statistics.

    Its files are read by pyarrow's own file system. With deltalake's, written in Python, a reading
    thread may outlive the call, and Python aborts at exit (pyarrow 26.0.1: 5 of 12 runs, now 0).
    """
    with table_errors(archive, name):
        files = fs.SubTreeFileSystem(name, archive.filesystem())
        return table.to_pyarrow_dataset(filesystem=files)


def rows(
    archive: Archive,
    name: Name,
    *,
    columns: Sequence[str] | None = None,
    where: pc.Expression | None = None,
    table: DeltaTable | None = None,
) -> pa.Table:
    """Read rows of one snapshot in the schema's own types; no rows where there is no table.

    Args:
        archive: Where.
        name: Which table.
        columns: Which columns, all if `None`.
        where: A filter, pushed down into partitions and statistics.
        table: The snapshot to read; a fresh one if `None`.
    """
    wanted = pa.schema([SCHEMAS[name].field(c) for c in columns or SCHEMAS[name].names])
    table = table or load(archive, name)
    if table is None:
        return wanted.empty_table()
    with table_errors(archive, name):
        found = dataset(archive, name, table).to_table(columns=list(wanted.names), filter=where)
        return found.cast(wanted)
