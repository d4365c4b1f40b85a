"""What is fetched of a site before a draft: sources that answered, and which pages to ask for."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pipelines.draft_addresses import address_of, is_listing
from pipelines.draft_site import belongs, is_plain_url
from pipelines.outlets import SLUG, registered_domain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.draft_site import Front
    from pipelines.draft_toml import Noted
    from pipelines.records import Link, Page

Kind = Literal["feed", "sitemap", "news_sitemap", "listing", "wordpress"]

MOST_PAGES = 20
"""Pages that a draft is made from."""
_OLD = 5
"""Of the pages, how many are spread over the past of a sitemap: templates change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source that answered."""

    kind: Kind
    url: str
    """For a listing with the slot `{page}`, where it has pages."""
    links: tuple[Link, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What was fetched of a site."""

    front: Front
    sources: tuple[Source, ...]
    pages: tuple[Page, ...]
    """Likely articles."""
    posts: Page | None = None
    """What WordPress's API answered, where it answered with a list of posts."""
    posts_note: str = ""
    """What it answered instead."""
    in_vain: tuple[Noted, ...] = ()
    """Sources that were asked and are none."""
    delay_s: float | None = None
    """What robots.txt asks for."""
    allow_private_network: bool = False


def slug_of(url: str) -> str:
    """Return what an outlet file of that site may be called.

    >>> slug_of("https://www.kabar-desa.co.id/"), slug_of("http://127.0.0.1:8000/")
    ('kabar-desa', '127-0-0-1-8000')
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    domain = registered_domain(host)
    name = domain.partition(".")[0] if domain != host or not _is_number(host) else host
    if _is_number(host) and parts.port:
        name = f"{host}-{parts.port}"
    made = re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:60]
    return made if SLUG.fullmatch(made) else "outlet"


def sampled(front: Front, sources: Sequence[Source], most: int = MOST_PAGES) -> list[str]:
    """Choose the pages to fetch: the newest of each source in turn, and some from the past.

    Args:
        front: Whose links serve where sources give too few.
        sources: That answered.
        most: How many.
    """
    queues = [_newest(one.links, front.url) for one in sources if one.kind != "sitemap"]
    past: list[str] = []
    for one in sources:
        if one.kind == "sitemap":
            urls = [url for url in _newest(one.links, front.url) if _is_likely(url, one.links)]
            queues.append(urls)
            past += urls[len(urls) // _OLD :: max(1, len(urls) // _OLD)][:_OLD]
    found: dict[str, None] = {}
    room = most - min(len(past), _OLD)
    for row in zip_longest(*queues):
        for url in row:
            if url is not None and len(found) < room:
                found[url] = None
    found.update(dict.fromkeys(past))
    for url in front.articles():
        found[url] = None
    return list(found)[:most]


def _is_number(host: str) -> bool:
    return bool(re.fullmatch(r"[\d.]+|.*:.*", host))


def _newest(links: Iterable[Link], home: str) -> list[str]:
    """Return addresses of the site's own pages, the newest first where they are dated."""
    own = [one for one in links if is_plain_url(one.url) and belongs(one.url, home)]
    own = [one for one in own if not is_listing(one.url)]
    dated = {one.url: moment for one in own if (moment := one.published_at or one.lastmod_at)}
    urls = list(dict.fromkeys(one.url for one in own))
    if len(dated) <= len(urls) / 2:
        return urls
    return sorted(dated, key=lambda url: dated[url], reverse=True)


def _is_likely(url: str, links: Sequence[Link]) -> bool:
    """Tell whether an address has the form that most entries of its sitemap have."""
    shapes = Counter(one.shape for link in links[:2_000] if (one := address_of(link.url)))
    address = address_of(url)
    return address is not None and shapes[address.shape] >= 0.1 * max(shapes.values(), default=1)
