"""Saved HTML -> JSON-ready records, on the same path as fetched pages; no network, no archive."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.screen import article_columns
from pipelines.decode import DecodeError, text_of
from pipelines.document import Document
from pipelines.errors import UsageError
from pipelines.process import process
from pipelines.records import Article, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.outlets import Outlet
    from pipelines.store.config import Registry

_SUFFIXES = (".html", ".htm", ".xhtml", ".html.gz", ".htm.gz")


def extracted(
    sources: Sequence[str],
    *,
    registry: Registry,
    outlet: Outlet | None = None,
    url: str | None = None,
    fetched_at: datetime | None = None,
) -> Iterator[dict[str, Any] | str]:
    """Process saved pages in the order given, folders in the order of their names.

    Args:
        sources: Files, folders (read to the bottom for HTML, plain or gzipped), ``-`` for
            standard input.
        registry: Finds the outlet of each page where none is given.
        outlet: Whose rules apply to all.
        url: Where the page came from; else what the page itself declares, else an address of the
            outlet with the file's name.
        fetched_at: When it was fetched; else the file's own time, now for standard input.

    Yields:
        A record per page, or one line per source that could not be read.

    Raises:
        UsageError: *url* with several files, a folder without HTML, or no address to be found
            for a page.
    """
    paths = [path for source in sources for path in _files(source)]
    if url and len(paths) != 1:
        raise UsageError(f"--url: wanted one page, found {len(paths)}")
    for path in paths:
        try:
            page = _page(path, url, outlet, fetched_at)
        except OSError as error:
            yield f"{path}: wanted a readable file, found: {error.strerror or error}"
            continue
        rules = outlet or registry.for_url(page.url)
        made = process(page, rules)
        if isinstance(made, Article):
            yield {"source": path, **article_columns(made)}
        else:
            yield {
                "source": path,
                "rejected": True,
                "reason": str(made.reason),
                "detail": made.detail,
            }


def _files(source: str) -> list[str]:
    path = Path(source)
    if source == "-" or not path.is_dir():
        return [source]
    found = [str(one) for one in path.rglob("*") if one.name.lower().endswith(_SUFFIXES)]
    if not found:
        raise UsageError(f"wanted HTML files in {source}, found none")
    return sorted(found)


def _page(path: str, url: str | None, outlet: Outlet | None, fetched_at: datetime | None) -> Page:
    if path == "-":
        data, moment = sys.stdin.buffer.read(), datetime.now(UTC)
    else:
        file = Path(path)
        data = file.read_bytes()
        moment = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    # Undone where pages' encodings are, which bounds the output and refuses what is broken.
    headers = (("Content-Encoding", "gzip"),) if data[:2] == b"\x1f\x8b" else ()
    page = Page(
        url="",
        final_url="",
        status=200,
        headers=headers,
        payload=data,
        fetched_at=fetched_at or moment,
    )
    where = url or _declared(page) or _made_up(path, outlet)
    if not re.match(r"https?://[^/\s]", where):
        raise UsageError(f"--url: wanted an http address, found {where!r}")
    return replace(page, url=where, final_url=where)


def _declared(page: Page) -> str | None:
    """Return the address that the page gives itself, if it gives a whole one."""
    try:
        found = Document(text_of(page), "").declared_urls()
    except DecodeError:
        return None
    return next((one for one in found if one.startswith(("http://", "https://"))), None)


def _made_up(path: str, outlet: Outlet | None) -> str:
    """Give a page that names no address one that says where it lay."""
    name = re.sub(r"[^\w.-]+", "-", Path(path).name if path != "-" else "stdin")
    host = outlet.domains[0] if outlet else "saved.invalid"
    return f"https://{host}/{name}"
