"""Between Scrapy and the one path: URL -> Request, Response -> Page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from scrapy import Request

from pipelines.records import Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.http import Response

    from pipelines.outlets import Outlet
    from pipelines.records import Capture

ENCODINGS = "gzip, deflate, br, zstd"
"""What `pipelines.decode` undoes."""

Role = Literal["article", "source", "part"]


def request_for(
    url: str,
    outlet: Outlet,
    role: Role,
    *,
    contact: str,
    known: Capture | None = None,
    callback: Callable[..., Any],
    errback: Callable[..., Any] | None = None,
    priority: int = 0,
    **meta: object,
) -> Request:
    """Make the request for a page, a part of one, or a source of *outlet*.

    Every status reaches the callback; what the URL is for travels in ``meta``. With *known*, its
    last answer, the request is conditional (RFC 9110, 13) where that answer had a validator.
    """
    headers = {
        "User-Agent": user_agent(outlet, contact),
        "Accept-Encoding": ENCODINGS,
        "Accept-Language": _languages(outlet),
    }
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return Request(
        url,
        callback=callback,
        errback=errback,
        priority=priority,
        dont_filter=True,
        headers=headers,
        meta={
            "outlet": outlet,
            "role": role,
            "asked_url": url,
            **meta,
        },
    )


def user_agent(outlet: Outlet, contact: str) -> str:
    """Say who asks and how to reach them.

    >>> from pipelines.outlets import Outlet
    >>> user_agent(Outlet(slug="x", name="X", domains=("x.id",)), "a@contoh.id")
    'Kliping/0.1 (+a@contoh.id)'
    """
    return f"{outlet.fetch.user_agent or 'Kliping/0.1'} (+{contact})"


def _languages(outlet: Outlet) -> str:
    """Ask for the outlet's own language; Scrapy would ask for English, which some sites serve."""
    others = "en;q=0.5" if outlet.language == "id" else "id;q=0.8,en;q=0.5"
    return f"{outlet.language},{others}"


def page_from_response(response: Response, request: Request) -> Page:
    """Turn a response as it came from the wire into a `Page`, fetched now."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Page(
        url=request.meta.get("asked_url", request.url),
        final_url=response.url,
        status=response.status,
        headers=headers,
        payload=response.body,
        fetched_at=datetime.now(UTC),
    )
