"""A made-up outlet, its pages, and what must hold of any archive that holds them."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.outlets import Outlet, parse_outlet
from pipelines.process import process
from pipelines.records import Article, Outcome, Page
from pipelines.store.number import outlet_or_generic, stored_page
from pipelines.store.segment import capture_from
from pipelines.store.tables import rows

if TYPE_CHECKING:
    from pipelines.store.archive import Archive

_TOML = """
name = "Kabar Contoh"
domains = ["contoh.id"]
[[layouts]]
body = [".isi"]
title = ["h1"]
published = ["meta:article:published_time"]
section = [".rubrik"]
"""

NOON = datetime(2026, 11, 22, 5, 0, 0, 123456, tzinfo=UTC)


def outlet(more: str = "") -> Outlet:
    """Return the outlet, with *more* TOML at the end of its file."""
    return parse_outlet(_TOML + more, slug="contoh", where="config/outlets/contoh.toml")


def outlet_of(slug: str) -> Outlet:
    """Return the outlet that goes by any slug."""
    return replace(outlet(), slug=slug)


def url_of(name: object) -> str:
    """Return the address of an article."""
    return f"https://contoh.id/berita/{name}"


def page(
    name: object,
    text: str = "Panen padi tahun ini naik.",
    *,
    minute: int = 0,
    section: str = "Ekonomi",
    aside: str = "",
    fetched_at: datetime | None = None,
) -> Page:
    """Return an article page; *text* opens each of its paragraphs."""
    sentences = (
        "Warga desa berkumpul di balai sejak pagi untuk mendengar penjelasan kepala dinas.",
        "Menurut catatan petugas, luas sawah yang ditanami bertambah hampir sepersepuluh.",
        "Rapat berikutnya dijadwalkan pada awal bulan depan di tempat yang sama.",
    )
    paragraphs = "".join(f"<p>{text} {sentence}</p>" for sentence in sentences)
    html = f"""<!doctype html><html lang="id"><head><title>Kabar {name}</title>
<meta property="article:published_time" content="2026-11-20T09:30:00+07:00"></head><body>
<span class="rubrik">{section}</span><h1>Kabar desa nomor {name}</h1>
<div class="isi">{paragraphs}{aside}</div></body></html>"""
    return Page(
        url=url_of(name),
        final_url=url_of(name),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"), ("ETag", '"x1"')),
        payload=html.encode(),
        fetched_at=fetched_at or NOON + timedelta(minutes=minute),
    )


def article(of: Page, by: Outlet) -> Article:
    """Process a page that is an article."""
    made = process(of, by)
    assert isinstance(made, Article), made
    return made


def assert_sound(archive: Archive, rules: Outlet | None = None) -> list[dict[str, Any]]:
    """Check every promise that the archive makes about itself, and return its articles.

    Each row leads to its capture, the capture to its WARC record, the record to the same bytes,
    and the bytes, processed again, to the row.
    """
    articles: list[dict[str, Any]] = rows(archive, "articles").to_pylist()
    captures = {}
    for row in rows(archive, "captures").to_pylist():
        assert row["capture_id"] not in captures, "a capture is in twice"
        captures[row["capture_id"]] = capture_from(row)
    for capture in captures.values():
        payload = stored_page(archive, capture).payload
        digest = hashlib.sha1(payload, usedforsecurity=False).digest()
        assert capture.digest == "sha1:" + b32encode(digest).decode()
    numbers = defaultdict(list)
    for row in articles:
        numbers[row["article_id"]].append((row["revision"], row["extraction"]))
        capture = captures[row["capture_id"]]
        assert capture.outcome == Outcome.ARTICLE or capture.segment != row["segment"]
        by = rules or outlet_or_generic(outlet_of, row["outlet"], row["url"])
        if row["rules_digest"] == by.rules_digest:
            parts = [captures[one] for one in row["part_capture_ids"]]
            found = stored_page(archive, capture, item=row["capture_item"], parts=parts)
            again = article(found, by)
            names = ("title", "body", "content_hash", "url", "published_at", "section")
            assert [row[one] for one in names] == [getattr(again, one) for one in names]
    for found_numbers in numbers.values():
        in_order = sorted(found_numbers)
        assert len(set(in_order)) == len(in_order), "a row is in twice"
        revisions = sorted({revision for revision, _ in in_order})
        assert revisions == list(range(1, len(revisions) + 1))
    return articles
