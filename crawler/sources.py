"""A source as fetched -> what it lists, and what it no longer lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipelines.decode import gunzipped, payload_of, text_of
from pipelines.discover import (
    SourceError,
    links_in_feed,
    links_in_listing,
    links_in_sitemap,
    links_in_wordpress,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pipelines.outlets import Outlet
    from pipelines.records import Link, Page

Kind = Literal["feed", "sitemap", "listing", "index", "posts", "items"]
"""`index` is one page of a dated index; `posts` a list of WordPress's API, `items` whole posts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a sitemap said the last time."""

    links: Sequence[Link] = ()
    lastmods: Mapping[str, datetime] = field(default_factory=dict)
    """URL -> `lastmod_at`, of pages and of further sitemaps."""


_GZIP = b"\x1f\x8b"


def links_in(
    page: Page, kind: Kind, outlet: Outlet, *, limit: int
) -> tuple[list[Link], list[Link]]:
    """Return the links of a source and the further sitemaps that it names.

    Raises:
        SourceError: It is none of its kind.
        DecodeError: Its encoding is broken, or it has more than *limit* bytes.
    """
    if kind in ("listing", "index"):
        return links_in_listing(text_of(page, limit=limit), page.final_url, outlet), []
    payload = payload_of(page, limit=limit)
    if payload.startswith(_GZIP):  # sitemap.xml.gz, served as a file
        payload = gunzipped(payload, limit=limit)
    if kind in ("posts", "items"):
        return links_in_wordpress(payload, page.final_url), []
    if kind == "feed":
        return links_in_feed(payload, page.final_url, zone=outlet.timezone), []
    found = links_in_sitemap(payload, page.final_url, zone=outlet.timezone)
    if not (found.complete or found.links or found.sitemaps):
        raise SourceError("wanted a sitemap, found broken XML without a single entry")
    return found.links, found.sitemaps


def withdrawn(before: Sequence[Link], after: Sequence[Link]) -> list[Link]:
    """Return what a sitemap listed before, does not list now, and did not merely grow too old for.

    A sitemap that holds the newest N articles drops its oldest ones all the time: a link that is
    older than all that are left counts as dropped. Where links have no date, their order tells;
    but where nothing came, nothing was dropped for it.

    >>> from pipelines.records import Link
    >>> old = [Link(url=f"https://contoh.id/{n}") for n in range(6)]
    >>> [link.url for link in withdrawn(old[1:], [*old[:2], *old[3:4]])]
    ['https://contoh.id/2']
    """
    left = {link.url for link in after}
    gone = [link for link in before if link.url not in left]
    kept = [number for number, link in enumerate(before) if link.url in left]
    if not gone or not kept:
        return []
    if len(after) <= len(kept):
        return gone
    oldest = min((moment for link in after if (moment := _moment(link))), default=None)
    inner = {link.url for link in before[kept[0] : kept[-1]]}
    return [
        link
        for link in gone
        if (moment > oldest if oldest and (moment := _moment(link)) else link.url in inner)
    ]


def _moment(link: Link) -> datetime | None:
    return link.published_at or link.lastmod_at
