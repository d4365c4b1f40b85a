"""A small archive for tests of reading: rows appended straight to the Delta tables."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from deltalake import write_deltalake

from pipelines.store.tables import SCHEMAS, load_or_create
from pipelines.urls import url_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.store.archive import Archive
    from pipelines.store.tables import Name

Row = dict[str, Any]

DAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def url_of(outlet: str, name: str) -> str:
    """Return the address of an article."""
    return f"https://{outlet}.example/berita/{name}"


def id_of(outlet: str, name: str) -> str:
    """Return the id of an article."""
    return hashlib.sha256(url_of(outlet, name).encode()).hexdigest()[:16]


def article(
    name: str, *, outlet: str = "uji", at: datetime | None = DAY, commit: int = 1, **more: object
) -> Row:
    """Return one row of `articles`; *more* replaces any column."""
    moment = at or DAY
    title = name.replace("-", " ").capitalize()
    row: Row = {
        "article_id": id_of(outlet, name),
        "revision": 1,
        "extraction": 1,
        "commit_id": commit,
        "outlet": outlet,
        "year": moment.year,
        "url": url_of(outlet, name),
        "requested_url": url_of(outlet, name),
        "title": title,
        "body": f"{title} menjadi pembicaraan warga.\nPetugas mencatatnya sejak pagi.",
        "authors": ["Sari Lestari"],
        "editors": [],
        "published_at": at,
        "published_on": at.date() if at else None,
        "published_raw": at.isoformat() if at else None,
        "published_precision": "second" if at else None,
        "section": "Daerah",
        "tags": ["uji"],
        "language": "id",
        "language_confidence": 0.99,
        "related": [{"title": "Berita lain", "url": url_of(outlet, "lain"), "form": "line"}],
        "removed": [{"kind": "signoff", "text": "(sl)"}],
        "provenance": {"title": "selector:h1"},
        "word_count": 9,
        "near_hash": "0" * 16,
        "fetched_at": moment + timedelta(hours=1),
        "capture_id": hashlib.sha256(f"{outlet}{name}{commit}".encode()).hexdigest()[:32],
        "part_capture_ids": [],
        "extractor": "kliping 0.1.0, trafilatura 2.3.1",
        "rules_digest": "a" * 16,
        "run_id": f"run-{commit}",
        "segment": f"segment-{commit}",
    }
    return row | more


def capture(
    url: str, outcome: str, *, outlet: str = "uji", at: datetime = DAY, **more: object
) -> Row:
    """Return one row of `captures`; *more* replaces any column."""
    name = hashlib.sha256(f"{url}{at}".encode()).hexdigest()[:32]
    row: Row = {
        "capture_id": name,
        "url_key": url_key(url),
        "outlet": outlet,
        "url": url,
        "final_url": url,
        "fetched_at": at,
        "status": 410 if outcome == "gone" else 200,
        "mime": "text/html",
        "digest": "sha1:" + "A" * 32,
        "size_bytes": 1000,
        "warc_file": f"warc/outlet={outlet}/2026/11/s.warc.gz",
        "warc_offset": 0,
        "warc_length": 100,
        "warc_record_id": f"urn:uuid:{name}",
        "outcome": outcome,
        "run_id": "run-1",
        "segment": "segment-1",
    }
    return row | more


def append(archive: Archive, name: Name, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append rows to a table as one commit; columns not given are null."""
    schema = SCHEMAS[name]
    full = [{column: row.get(column) for column in schema.names} for row in rows]
    write_deltalake(
        load_or_create(archive, name), pa.Table.from_pylist(full, schema=schema), mode="append"
    )


def fill(archive: Archive) -> None:
    """Lay out two outlets, three months, an edit and a second extraction, in three commits."""
    banjir = article("banjir-surut-di-demak", at=DAY, outlet="kabar-utara")
    harga = article("harga-cabai-turun", at=DAY + timedelta(days=1), outlet="kabar-utara")
    pasar = article("pasar-lama-dibuka", at=DAY - timedelta(days=20), outlet="kabar-utara")
    kapal = article("kapal-nelayan-kembali", at=datetime(2025, 12, 30, 3, tzinfo=UTC))
    jembatan = article("jembatan-baru-diuji", at=DAY + timedelta(hours=5))
    undated = article("cerita-tanpa-tanggal", at=None)
    append(archive, "articles", [kapal, banjir, pasar])
    append(archive, "articles", [row | {"commit_id": 2} for row in (harga, jembatan, undated)])
    edited = harga | {
        "revision": 2,
        "commit_id": 3,
        "title": "Harga cabai turun, petani mengeluh",
        "fetched_at": DAY + timedelta(days=2),
    }
    reread = banjir | {"extraction": 2, "commit_id": 3, "section": "Jawa Tengah"}
    append(archive, "articles", [edited, reread])
    append(
        archive,
        "captures",
        [
            capture(row["url"], "article", outlet=row["outlet"], at=row["fetched_at"],
                    article_id=row["article_id"])
            for row in (kapal, banjir, pasar, harga, jembatan, undated, edited)
        ],
    )  # fmt: skip
    append(
        archive,
        "runs",
        [
            {"run_id": "run-1", "command": "crawl", "outlet": "kabar-utara", "requests": 9,
             "started_at": DAY, "finished_at": DAY + timedelta(minutes=3), "new": 3,
             "reasons": {"too_short": 1}},
        ],
    )  # fmt: skip


def day(text: str) -> date:
    """Return the date that *text* writes."""
    return date.fromisoformat(text)
