"""What sources say of articles -> how many there are a day, which are theirs, what an API holds."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.decode import DecodeError, payload_of
from pipelines.draft_addresses import address_of, is_listing
from pipelines.draft_site import belongs, is_plain_url
from pipelines.draft_toml import Noted
from pipelines.urls import canonical_url
from pipelines.wordpress import post_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipelines.draft_layout import Sight
    from pipelines.draft_seen import Site, Source
    from pipelines.outlets import Outlet
    from pipelines.records import Page

TRUE = 0.8
"""Share of what was looked at that must be so for the rest to count as the same."""

_MOST_LISTED = 500
"""Links of one source that are held against a pattern."""
_WHOLE = 0.9
"""Share of a page's words from which on the API's text is called whole."""
_RATED = 10
"""Dated links from which on a rate is stated."""
_DAY_S = 86_400.0


def listed(site: Site, sights: Sequence[Sight], rules: Outlet) -> list[str]:
    """Return what sources list, of those whose fetched pages were nearly all articles.

    Only addresses of a form that one of the fetched articles has.
    """
    fetched = {page.url for page in site.pages}
    good = {one.page.url for one in sights}
    shapes = {one.shape for sight in sights if (one := address_of(sight.article.url))}
    found: dict[str, None] = {}
    for source in site.sources:
        links = [one.url for one in source.links if is_plain_url(one.url)]
        tried = [url for url in links if url in fetched]
        if len([url for url in tried if url in good]) < TRUE * max(1, len(tried)):
            continue
        for url in links[:_MOST_LISTED]:
            address = address_of(url)
            if belongs(url, site.front.url) and address is not None and address.shape in shapes:
                found[canonical_url(url, outlet=rules)] = None
    return [url for url in found if not is_listing(url)]


def rate(sources: Sequence[Source]) -> Noted | None:
    """Return how many articles a day to expect: half of what the longest source shows."""
    best: tuple[int, float, str] | None = None
    for source in sources:
        moments = sorted(one.published_at for one in source.links if one.published_at)
        if source.kind not in ("feed", "news_sitemap", "wordpress") or len(moments) < _RATED:
            continue
        days = (moments[-1] - moments[0]).total_seconds() / _DAY_S
        if days > 0 and (best is None or len(moments) > best[0]):
            best = len(moments), days, source.url
    if best is None or best[0] / best[1] < 2:  # noqa: PLR2004 - half of it is one
        return None
    count, days, url = best
    return Noted(
        value=str(int(count / days / 2)),
        note=f"Half of what was seen: {count} articles in {days:.1f} days, by {url}.",
    )


def wordpress_note(site: Site, sights: Sequence[Sight]) -> str:
    """Say what WordPress's API gives, compared with the pages."""
    if site.posts is None:
        return f"/wp-json/wp/v2/posts: {site.posts_note}" if site.posts_note else ""
    texts = dict(_posts(site.posts))
    shares = [
        (texts[place] & sight.words).total() / max(1, sight.words.total())
        for sight in sights
        if (place := _place(sight.article.url)) in texts
    ]
    start = "/wp-json/wp/v2/posts answers"
    if not shares:
        return f"{start}; none of its posts is among the pages fetched."
    if min(shares) >= _WHOLE:
        return (
            f"{start} with the whole text of {len(shares)} posts that were compared with their "
            'pages: content = "wordpress" below [articles] would save fetching those.'
        )
    return (
        f"{start}, but of {len(shares)} posts that were compared with their pages one has only "
        f"{min(shares):.0%} of the words."
    )


def _posts(page: Page) -> Iterator[tuple[str, Counter[str]]]:
    """Yield path and words of each post in an answer."""
    try:
        posts = json.loads(payload_of(page))
    except (DecodeError, ValueError, RecursionError):
        return
    for post in posts if isinstance(posts, list) else ():
        if isinstance(post, dict) and isinstance(post.get("link"), str):
            yield _place(post["link"]), _words(post, page.final_url)


def _words(post: Mapping[str, object], url: str) -> Counter[str]:
    try:
        document = post_document(json.dumps([post]), str(post.get("id")), url)
    except DecodeError:
        return Counter()
    return Counter(re.findall(r"\w+", document.root.text_content().lower()))


def _place(url: str) -> str:
    """Return a path: a site may name itself with another host, or without its port."""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:  # unbalanced brackets and the like
        return url
