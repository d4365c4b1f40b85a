"""Which sources of an outlet a run asks, in which order, and what each answer leads to.

Enters what sources answered; leaves further sources to ask, and links for the job. A source may
lead to others (a sitemap index, the next page of a listing), and what the first ones could not tell
is looked for in deeper ones: a feed that holds nothing known may have dropped articles, an API that
does not answer leaves the sitemaps. Knows nothing of requests.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from crawler.sources import Kind, Listed, links_in, withdrawn
from pipelines.asking import (
    POSTS_AT_ONCE,
    days_before,
    home_of,
    index_url,
    is_outside,
    named_sitemaps,
    posts_api,
    posts_by_id,
    posts_url,
)
from pipelines.decode import DecodeError
from pipelines.discover import SourceError
from pipelines.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from crawler.coverage import Coverage
    from crawler.job import Job
    from crawler.tally import Wanted
    from pipelines.outlets import Outlet
    from pipelines.records import Capture, Link, Page

_SITEMAP_DEPTH: Final = 3
"""An index of indexes is the deepest seen; more is a loop."""
_PAGES: Final = 100
"""How far a crawl follows a listing; a backfill goes to its end."""
_OVERLAP: Final = 5
"""Posts that one answer of an API and the next have in common."""
_DAYS: Final = 7
"""How far back a crawl reads a dated index after a break."""
_DATES: Final = 500
"""Dates of a source's links that tell how often something comes."""
_MOST_SOURCES: Final = 2_000
"""Sources of one outlet that a crawl reads."""
_NO_SUCH_PAGE: Final = frozenset((400, 404, 410))
"""400 is what WordPress says of a page number too high."""
_MOST: Final = 20_000
"""Pages of one listing, or days of one index, that a backfill reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source to ask."""

    url: str
    kind: Kind
    root: str
    """What stands in the outlet's file and led here; its schedule goes by this."""
    number: int = 0
    """Indexes above a sitemap; pages before one of a listing, an index or an API."""
    day: date | None = None
    """Of a dated index."""
    is_conditional: bool = True
    ids: tuple[str, ...] = ()
    """Of an API: the posts that it is asked for."""
    is_alone: bool = False
    """Of an API: whether no further page is wanted."""


@dataclass(slots=True)
class Walk:
    """How far the reading of one outlet's sources is."""

    outlet: Outlet
    waiting: deque[Source] = field(default_factory=deque)
    """Whose turn has not come: one outlet's must not crowd out the others'."""
    active: int = 0
    open: int = 0
    """Asked or waiting."""
    stage: int = 0
    asked: set[str] = field(default_factory=set)
    roots: dict[str, Kind] = field(default_factory=dict)
    """What was asked first, in order."""
    answered: set[str] = field(default_factory=set)
    """Roots that gave something readable."""
    failed: set[str] = field(default_factory=set)
    """Roots of which something could not be read."""
    fresh: Counter[str] = field(default_factory=Counter)
    """Root -> links that it was the first to bring."""
    requests: Counter[str] = field(default_factory=Counter)
    """Root -> how often it and what it leads to was asked."""
    elsewhere: Counter[str] = field(default_factory=Counter)
    """Root -> links that others brought since it was asked last."""
    listed: Counter[str] = field(default_factory=Counter)
    """Root -> articles that it lists; none where it says what it said last time."""
    dates: dict[str, list[datetime | None]] = field(default_factory=lambda: defaultdict(list))
    """Root -> when some of its links came or changed."""
    ended: set[str] = field(default_factory=set)
    """Roots that were followed to their end, or to what is known."""
    has_gap: bool = False
    """A feed held nothing that was known: older articles may have dropped out of it."""
    deeper: set[str] = field(default_factory=set)
    """Roots that were asked because of a gap."""
    is_over: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether what answered was read to its end and a gap was closed; the dead do not count."""
        is_closed = not self.deeper or bool(self.deeper & self.answered)
        return is_closed and not self.failed & self.answered


class Discovery:
    """Reads the sources of a job's outlets."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.coverage: Coverage = job.coverage
        self.walks: dict[str, Walk] = {}

    def begin(self, outlet: Outlet) -> None:
        """Line up an outlet's first sources."""
        walk = self.walks[outlet.slug] = Walk(outlet)
        walk.has_gap = self.coverage.is_open(outlet)
        due = self.coverage.due(outlet)
        if self.coverage.is_planned(outlet):
            walk.is_over = True
        else:
            for source in self._first(outlet):
                if due is None or source.root in due:
                    self._ask(source, walk)
        while not walk.open and not walk.is_over:
            self._deepen(walk)
        if not walk.open:
            self.coverage.ended(walk)

    def take(self, outlet: Outlet) -> Iterator[Source]:
        """Take the sources whose turn it is."""
        walk = self.walks.get(outlet.slug)
        while walk and walk.waiting and walk.active < outlet.fetch.concurrency + 1:
            walk.active += 1
            yield walk.waiting.popleft()

    def again(self, source: Source, outlet: Outlet) -> None:
        """Ask a source once more, without a condition."""
        self._ask(replace(source, is_conditional=False), self.walks[outlet.slug])

    def is_end(self, source: Source, status: int, outlet: Outlet) -> bool:
        """Tell, and note, that there is no such page of a listing, an index or an API."""
        is_further = source.kind in ("listing", "index", "posts", "items") and source.number > 0
        is_end = is_further and status in _NO_SUCH_PAGE
        if is_end:
            self.walks[outlet.slug].ended.add(source.root)
        return is_end

    def failed(self, source: Source, outlet: Outlet, url: str, detail: str) -> None:
        """Note a source that could not be read."""
        self.walks[outlet.slug].failed.add(source.root)
        self.job.source_failed(outlet, url, detail)

    def postponed(self, source: Source, outlet: Outlet, detail: str) -> None:
        """Note a source that is left to a later run."""
        self.walks[outlet.slug].failed.add(source.root)
        self.job.postpone(outlet, detail, is_page=False)

    async def ended(self, outlet: Outlet) -> None:
        """Note that a source ended; after the last one do what it calls for."""
        walk = self.walks[outlet.slug]
        walk.active -= 1
        walk.open -= 1
        while not walk.open and not walk.is_over:
            self._deepen(walk)
        if walk.is_over and not walk.open:
            await self.coverage.look_for_withdrawn(walk)
            self.coverage.ended(walk)
        await asyncio.to_thread(self.coverage.keep_plan, outlet)

    async def answered(
        self, page: Page, source: Source, outlet: Outlet, *, is_known: bool = False
    ) -> frozenset[str]:
        """Read a source, line up what it leads to, and return the posts wanted of its answer.

        Args:
            page: As fetched, or as archived.
            source: Which.
            outlet: Whose.
            is_known: Whether it says what it said last time.
        """
        walk = self.walks[outlet.slug]
        try:
            links, children = await self._links_in(page, source.kind, outlet)
        except (SourceError, DecodeError) as error:
            self.failed(source, outlet, source.url, str(error))
            return frozenset()
        self.job.count(outlet, "sources")
        walk.answered.add(source.root)
        before = Listed()
        if source.kind in ("sitemap", "posts") and not (is_known or source.is_alone):
            before = await self._before(source, outlet)
            if source.kind == "posts" and not source.number and not before.links:
                before = Listed(links=await self.coverage.recent(links, outlet))
        is_api = source.kind in ("posts", "items")
        found = await self.coverage.wanted(
            links, outlet, before.lastmods, root=source.root, is_sure=is_api
        )
        walk.fresh[source.root] += found.fresh
        walk.elsewhere[source.root] += found.elsewhere
        if not is_known:
            walk.listed[source.root] += found.listed
            dates = walk.dates[source.root]
            dates += [one.published_at or one.lastmod_at for one in links[: _DATES - len(dates)]]
        if source.kind == "feed" and found.fresh and not found.known:
            walk.has_gap = True
        self.coverage.missing(withdrawn(before.links, links), outlet)
        self.coverage.reached(source, links, outlet, is_leaf=not children)
        is_enough = outlet.articles.content == "wordpress" and not self._is_plan_only
        if source.kind == "posts" and is_enough and not is_known:
            self._items(source, walk, found.links)
        self._next_page(source, walk, links, found)
        await self._children(children, source, walk, before, is_known=is_known)
        if source.ids:
            return frozenset(source.ids)
        return frozenset(one.item for one in found.links[: self.coverage.room(outlet)] if one.item)

    # What an answer leads to.

    def _items(self, source: Source, walk: Walk, links: Sequence[Link]) -> None:
        """Ask for the posts themselves, a hundred at a time."""
        ids = [link.item for link in links if link.item][: self.coverage.room(walk.outlet)]
        api = posts_api(walk.outlet)
        for start in range(0, len(ids), POSTS_AT_ONCE):
            some = ids[start : start + POSTS_AT_ONCE]
            url = posts_by_id(api, some)
            one = Source(url=url, kind="items", root=source.root, ids=tuple(some), is_alone=True)
            self._ask(one, walk)

    def _next_page(self, source: Source, walk: Walk, links: Sequence[Link], found: Wanted) -> None:
        """Ask for the page that follows, while pages bring what is wanted."""
        outlet = walk.outlet
        following = self._following(source, outlet) if links else None
        if source.kind in ("posts", "items") and not _is_full(source, len(links)):
            following = None
        if found.listed and found.too_old == found.listed:
            following = None  # what follows is older still
        if following is None or following.url in walk.asked:
            walk.ended.add(source.root)
            return
        goes_on = found.first_listed > 0  # a page that repeats the one before ends the way
        if not self.coverage.is_backfill and self.coverage.is_walked(source.root, outlet):
            goes_on = goes_on and _has_fresh_end(source, links, found)
        most = _MOST if self.coverage.is_backfill or source.kind in ("posts", "items") else _PAGES
        if source.kind == "items" and self.coverage.is_filled(found, outlet):
            self.coverage.open(outlet)
            return
        if not goes_on or following.number >= most:
            walk.ended.add(source.root)
        else:
            self.coverage.open(outlet)
            if not self.coverage.is_satisfied(outlet):
                self._ask(following, walk)

    def _following(self, source: Source, outlet: Outlet) -> Source | None:
        """Return the next page of a listing, a dated index or an API; `None` if it has none."""
        number = source.number + 1
        index = outlet.discover.dated_index
        if source.kind == "listing" and "{page}" in source.root:
            url = source.root.replace("{page}", str(number + 1))
        elif source.kind == "index" and index and source.day and "{page}" in index.url:
            url = index_url(index, source.day, number)
        elif source.kind in ("posts", "items"):
            url = self._posts_page(outlet, number, source.kind)
        else:
            return None
        return replace(source, url=url, number=number, is_conditional=True)

    async def _children(
        self,
        children: Sequence[Link],
        source: Source,
        walk: Walk,
        before: Listed,
        *,
        is_known: bool,
    ) -> None:
        since = self.coverage.source(source.url)
        for child in children:
            if self._is_new_child(child, source, walk):
                lastmod = child.lastmod_at if is_known else before.lastmods.get(child.url)
                below = replace(
                    source, url=child.url, number=source.number + 1, is_conditional=True
                )
                await self._child(child, below, walk, lastmod=lastmod, since=since)

    def _is_new_child(self, child: Link, source: Source, walk: Walk) -> bool:
        window = self.coverage.window
        if self.coverage.is_backfill:
            # What was not touched since holds nothing that was published since.
            is_old = child.lastmod_at and not self.coverage.in_window(child, walk.outlet)
            if is_old or is_outside(child.url, window.since, window.until):
                return False
        return (
            source.number + 1 < _SITEMAP_DEPTH
            and child.url not in walk.asked
            and walk.outlet.owns(child.url) > 0
            and not self.coverage.is_satisfied(walk.outlet)
        )

    async def _child(
        self,
        child: Link,
        source: Source,
        walk: Walk,
        *,
        lastmod: datetime | None,
        since: Capture | None,
    ) -> None:
        """Ask for a sitemap that an index names, or read it as archived if it did not change.

        Args:
            child: As the index names it now.
            source: The same, as a source.
            walk: Whose.
            lastmod: What the index said of it the last time.
            since: The index, as it was archived then.
        """
        known = self.coverage.source(child.url)
        page = await self.coverage.archived(known) if known else None
        if page is None or known is None or since is None:
            self._ask(source, walk)
            return
        if child.lastmod_at is None:
            # Nothing says whether it changed: one of articles is asked, one of tags is not.
            is_same = await self._is_barren(page, walk.outlet)
        else:
            # Unchanged since it was read; read since the index was, or since it changed itself.
            is_read = known.fetched_at >= since.fetched_at or child.lastmod_at <= known.fetched_at
            is_same = child.lastmod_at == lastmod and is_read
        if not is_same:
            self._ask(source, walk)
            return
        walk.asked.add(child.url)
        await self.answered(page, source, walk.outlet, is_known=True)

    async def _is_barren(self, page: Page, outlet: Outlet) -> bool:
        try:
            links, children = await self._links_in(page, "sitemap", outlet)
        except (SourceError, DecodeError):
            return False
        return not children and self.coverage.is_barren(links, outlet)

    async def _before(self, source: Source, outlet: Outlet) -> Listed:
        """Read what a changed source said last time."""
        known = self.coverage.source(source.url)
        page = await self.coverage.archived(known) if known else None
        if page is None:
            return Listed()
        try:
            links, children = await self._links_in(page, source.kind, outlet)
        except (SourceError, DecodeError):
            return Listed()
        return Listed(
            links=links,
            lastmods={one.url: one.lastmod_at for one in (*links, *children) if one.lastmod_at},
        )

    async def _links_in(
        self, page: Page, kind: Kind, outlet: Outlet
    ) -> tuple[list[Link], list[Link]]:
        """Read a source in a thread: 50,000 entries take seconds."""
        return await asyncio.to_thread(_read, page, kind, outlet, self.job.source_bytes)

    # Which sources.

    @property
    def _is_plan_only(self) -> bool:
        return self.coverage.is_backfill and self.coverage.is_dry

    def _ask(self, source: Source, walk: Walk) -> None:
        most = _MOST if self.coverage.is_backfill else _MOST_SOURCES
        if len(walk.asked) >= most:
            if source.root not in walk.failed:
                self.failed(source, walk.outlet, source.root, f"names more than {most} sources")
            return
        while self.coverage.was_read(source, walk.outlet):
            walk.asked.add(source.url)
            walk.answered.add(source.root)
            following = self._following(source, walk.outlet)
            if following is None:
                return
            source = following
        walk.roots.setdefault(source.root, source.kind)
        walk.requests[source.root] += 1
        walk.asked.add(source.url)
        walk.open += 1
        walk.waiting.append(source)

    def _first(self, outlet: Outlet) -> Iterator[Source]:
        found = outlet.discover
        is_backfill = self.coverage.is_backfill
        if found.wordpress or outlet.articles.content == "wordpress":
            yield self._posts(outlet)
            if outlet.articles.content == "wordpress" and self.coverage.is_told_once(outlet):
                yield self._changed_posts(outlet)
            # Its items and its pages are not read to the same letter; and of the past it tells all.
            if outlet.articles.content == "wordpress" or is_backfill:
                return
        sitemaps = (*found.news_sitemaps, *found.sitemaps)
        if not is_backfill or not (sitemaps or found.dated_index):
            yield from (_root(url, "feed") for url in found.feeds)
        # An API that answers says all that sitemaps do, and costs less.
        if not found.wordpress or self.coverage.is_by_schedule:
            yield from (_root(url, "sitemap") for url in sitemaps)
        else:
            yield from (_root(url, "sitemap") for url in found.news_sitemaps)
        if is_backfill or not (_has_any(outlet) or found.wordpress):
            yield from self._indexes(outlet)
        if not (_has_any(outlet) or found.wordpress or found.dated_index):
            # Of the past, sitemaps that robots.txt names tell more than a hundred listings.
            home = Source(url=home_of(outlet), kind="listing", root=home_of(outlet))
            yield from (_listings(outlet) if found.listings and not is_backfill else (home,))

    def _deepen(self, walk: Walk) -> None:
        """Line up what the sources before this call for, or end the walk."""
        outlet = walk.outlet
        stages = (self._sitemaps, self._named_sitemaps, self._pages_of_links)
        is_enough = (
            walk.stage >= len(stages)
            or self.coverage.is_satisfied(outlet)
            or outlet.articles.content == "wordpress"
            or not walk.roots  # nothing was due
        )
        if is_enough:
            walk.is_over = True
            return
        walk.stage += 1
        for source in stages[walk.stage - 1](walk):
            if source.url not in walk.asked:
                if walk.has_gap:
                    walk.deeper.add(source.root)
                    self.coverage.open(outlet)
                self._ask(source, walk)

    def _sitemaps(self, walk: Walk) -> Iterator[Source]:
        """Where the API does not answer, sitemaps must serve."""
        found = walk.outlet.discover
        if found.wordpress and posts_api(walk.outlet) in walk.failed - walk.answered:
            yield from (_root(url, "sitemap") for url in (*found.news_sitemaps, *found.sitemaps))

    def _named_sitemaps(self, walk: Walk) -> Iterator[Source]:
        """Where the file names no sitemap, those of robots.txt count."""
        found = walk.outlet.discover
        is_told = found.wordpress and posts_api(walk.outlet) in walk.answered
        is_wanted = not walk.answered or walk.has_gap or not _has_any(walk.outlet)
        if found.sitemaps or found.news_sitemaps or is_told:
            return
        if is_wanted or self.coverage.is_backfill:
            for origin, lines in self.job.robots_sitemaps.items():
                for url in named_sitemaps(lines, origin, walk.outlet):
                    yield _root(url, "sitemap")

    def _pages_of_links(self, walk: Walk) -> Iterator[Source]:
        """Where there is a gap that no sitemap closes, listings must serve."""
        told = any(walk.roots[root] in ("sitemap", "posts") for root in walk.answered)
        is_gap = walk.has_gap or self.coverage.is_backfill
        if not walk.answered or (is_gap and not told):
            yield from self._indexes(walk.outlet)
            yield from _listings(walk.outlet)

    def _posts(self, outlet: Outlet) -> Source:
        kind: Kind = "items" if self.coverage.takes_items(outlet) else "posts"
        url = self._posts_page(outlet, 0, kind)
        return Source(url=url, kind=kind, root=posts_api(outlet))

    def _changed_posts(self, outlet: Outlet) -> Source:
        """Return the list of the posts changed last: an old one may have been edited."""
        url = posts_url(posts_api(outlet), by_change=True)
        return Source(url=url, kind="posts", root=posts_api(outlet), is_alone=True)

    def _posts_page(self, outlet: Outlet, number: int, kind: Kind) -> str:
        count, limit = POSTS_AT_ONCE, self.coverage.window.limit
        if kind == "items" and limit is not None:
            count = min(count, limit)
        after, before = self.coverage.bounds(outlet)
        return posts_url(
            posts_api(outlet),
            # So that posts deleted between two answers push no other one through the gap.
            offset=number * (count - min(_OVERLAP, count - 1)),
            count=count,
            whole=kind == "items",
            after=after,
            before=before,
        )

    def _indexes(self, outlet: Outlet) -> Iterator[Source]:
        index = outlet.discover.dated_index
        if index is None:
            return
        tomorrow = datetime.now(ZoneInfo(outlet.timezone)).date() + timedelta(days=1)
        since, until = self.coverage.window.since, self.coverage.window.until
        if since is None:
            earliest = tomorrow - timedelta(days=1 + _DAYS)
            # The day of the last crawl was not over then.
            since = max(self.coverage.last_day(outlet) or earliest, earliest)
            since = min(since, tomorrow - timedelta(days=2))
        for number, day in enumerate(days_before(min(until or tomorrow, tomorrow), since)):
            if number >= _MOST:
                return
            yield Source(url=index_url(index, day), kind="index", root=index.url, day=day)


def _read(page: Page, kind: Kind, outlet: Outlet, limit: int) -> tuple[list[Link], list[Link]]:
    links, children = links_in(page, kind, outlet, limit=limit)
    # One article is one link, whatever a source adds to its address.
    return [replace(one, url=canonical_url(one.url, outlet=outlet)) for one in links], children


def _is_full(source: Source, count: int) -> bool:
    """Tell whether an answer of an API holds as many posts as it was asked for."""
    if source.is_alone:
        return False
    asked = parse_qs(urlsplit(source.url).query)["per_page"]
    return count >= int(asked[0])


def _has_fresh_end(source: Source, links: Sequence[Link], found: Wanted) -> bool:
    """Tell whether what follows may be new as well.

    An API gives its posts strictly by date, so its last ones tell; on a listing what is known may
    be pinned anywhere.
    """
    if source.kind == "listing":
        return found.fresh > 0
    end = {one.url for one in links[-_OVERLAP:]}
    return any(one.url in end for one in found.links)


def _root(url: str, kind: Kind) -> Source:
    return Source(url=url, kind=kind, root=url)


def _listings(outlet: Outlet) -> Iterator[Source]:
    for url in outlet.discover.listings:
        yield Source(url=url.replace("{page}", "1"), kind="listing", root=url)


def _has_any(outlet: Outlet) -> bool:
    found = outlet.discover
    return bool(found.feeds or found.sitemaps or found.news_sitemaps)
