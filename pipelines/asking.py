"""Outlet -> the addresses of its sources that its file does not spell out.

Enters what an outlet file says; leaves addresses. Asks nothing.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from pipelines.outlets import DatedIndex, Outlet

POSTS_AT_ONCE = 100
"""The most that WordPress gives in one answer (REST API Handbook, Pagination)."""
_FEED = re.compile(r"(?:/feed|/rss|/rss2|/atom)/?$")
_LIGHT = "id,link,date_gmt,modified_gmt,title,content.protected"
_EMBEDDED = "author,wp:term,wp:featuredmedia"
_MONTH = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_/.]?(?P<month>0[1-9]|1[0-2])(?!\d{3})")
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)")


def roots_of(outlet: Outlet) -> list[str]:
    """Return the sources that a crawl asks first, as the outlet's file has them, each once."""
    found = outlet.discover
    if outlet.articles.content == "wordpress":
        return [posts_api(outlet)]
    roots = [posts_api(outlet)] if found.wordpress else []
    roots += (*found.feeds, *found.news_sitemaps, *found.sitemaps)
    if not roots and found.dated_index:
        roots.append(found.dated_index.url)
    return list(dict.fromkeys(roots or found.listings or [home_of(outlet)]))


def posts_api(outlet: Outlet) -> str:
    """Return the address of the outlet's WordPress posts, without a query.

    It lies where the site does: beside its first feed, listing or sitemap, else at the root of the
    first domain.

    >>> from pipelines.outlets import Discover, Outlet
    >>> found = Discover(feeds=("https://contoh.id/berita/feed/",), wordpress=True)
    >>> posts_api(Outlet(slug="x", name="X", domains=("contoh.id",), discover=found))
    'https://contoh.id/berita/wp-json/wp/v2/posts'
    """
    return f"{_site(outlet)}/wp-json/wp/v2/posts"


def _site(outlet: Outlet) -> str:
    found = outlet.discover
    for url in found.feeds:
        if outlet.owns(url) and _FEED.search(urlsplit(url).path) and not urlsplit(url).query:
            return _FEED.sub("", url)
    others = (*found.feeds, *found.listings, *found.sitemaps, *found.news_sitemaps)
    for url in (*others, *outlet.articles.examples):
        if outlet.owns(url):
            return _origin(url)
    return home_of(outlet).rstrip("/")


def home_of(outlet: Outlet) -> str:
    """Return the outlet's home page; loopback and private hosts have no certificate."""
    scheme = "http" if outlet.allow_private_network else "https"
    return f"{scheme}://{outlet.domains[0]}/"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def posts_url(
    api: str,
    *,
    offset: int = 0,
    count: int = POSTS_AT_ONCE,
    whole: bool = False,
    after: datetime | None = None,
    before: datetime | None = None,
    by_change: bool = False,
) -> str:
    """Return the address of some posts, the newest first.

    Args:
        api: As `posts_api` gives it.
        offset: How many newer ones are left out.
        count: How many, at most `POSTS_AT_ONCE`.
        whole: With text, authors and terms; else only what a link needs.
        after: Posts published later than this; WordPress reads it in the site's zone.
        before: Posts published earlier than this.
        by_change: Those changed last first, instead of those published last.
    """
    order = "modified" if by_change else "date"
    query: dict[str, object] = {"per_page": count, "orderby": order, "order": "desc"}
    if after is not None:
        query["after"] = f"{after:%Y-%m-%dT%H:%M:%SZ}"
    if before is not None:
        query["before"] = f"{before:%Y-%m-%dT%H:%M:%SZ}"
    if offset:
        query["offset"] = offset
    query |= {"_embed": _EMBEDDED} if whole else {"_fields": _LIGHT}
    return f"{api}?{urlencode(query, safe=':,')}"


def posts_by_id(api: str, ids: Sequence[str]) -> str:
    """Return the address of certain posts, at most `POSTS_AT_ONCE`, with all they hold."""
    query = {"include": ",".join(ids), "per_page": len(ids), "_embed": _EMBEDDED}
    return f"{api}?{urlencode(query, safe=':,')}"


def is_posts_url(url: str) -> bool:
    """Tell whether *url* asks a WordPress API for posts."""
    return urlsplit(url).path.endswith("/wp-json/wp/v2/posts")


def index_url(index: DatedIndex, day: date, number: int = 0) -> str:
    """Return the address of one page of a dated index.

    Args:
        index: As the outlet's file has it.
        day: Whose articles.
        number: How many pages come before.
    """
    page = index.first_page + number * index.page_step
    return index.url.replace("{date}", day.strftime(index.date_format)).replace("{page}", str(page))


def days_before(until: date, since: date) -> Iterator[date]:
    """Yield the days from before *until* down to *since*.

    >>> from datetime import date
    >>> [str(day) for day in days_before(date(2026, 3, 2), date(2026, 2, 27))]
    ['2026-03-01', '2026-02-28', '2026-02-27']
    """
    day = until - timedelta(days=1)
    while day >= since:
        yield day
        day -= timedelta(days=1)


def is_outside(url: str, since: date | None, until: date | None) -> bool:
    """Tell whether a sitemap's own address names a month or year that a window leaves out.

    >>> from datetime import date
    >>> is_outside("https://contoh.id/sitemap-2019-03.xml", date(2020, 1, 1), None)
    True
    >>> is_outside("https://contoh.id/sitemap-posts-12.xml", date(2020, 1, 1), None)
    False
    """
    path = urlsplit(url)._replace(scheme="", netloc="")
    text = urlunsplit(path)
    if found := _MONTH.search(text):
        first = int(found["year"]) * 12 + int(found["month"]) - 1
        last = first
    elif found := _YEAR.search(text):
        first = int(found["year"]) * 12
        last = first + 11
    else:
        return False
    # A month of grace on both sides: where files are cut is the outlet's own business.
    too_old = since is not None and last + 1 < since.year * 12 + since.month - 1
    too_new = until is not None and first - 1 > until.year * 12 + until.month - 1
    return too_old or too_new


def named_sitemaps(lines: Iterable[str], origin: str, outlet: Outlet) -> list[str]:
    """Return the outlet's sitemaps that a robots.txt names, each once.

    WordPress leaves out its port there (seen in 6.1): a line for the same host has that of the
    robots.txt.
    """
    own = urlsplit(origin)
    found: dict[str, None] = {}
    for line in lines:
        try:
            parts = urlsplit(line.strip())
            if parts.scheme not in ("http", "https"):
                continue
            if own.port and parts.hostname == own.hostname and not parts.port:
                parts = parts._replace(scheme=own.scheme, netloc=own.netloc)
        except ValueError:  # a broken IPv6 address, a port beyond all ports
            continue
        url = urlunsplit(parts)
        if outlet.owns(url):
            found[url] = None
    return list(found)
