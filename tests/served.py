"""Pages as a server gives them, for tests of what is made of them."""

from __future__ import annotations

from datetime import UTC, datetime

from pipelines.records import Page


def served(
    html: str, url: str, *, fetched_at: datetime = datetime(2026, 11, 22, tzinfo=UTC)
) -> Page:
    """Return HTML as a page in UTF-8, fetched without a redirect."""
    return Page(
        url=url,
        final_url=url,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        payload=html.encode(),
        fetched_at=fetched_at,
    )
