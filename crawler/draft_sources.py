"""Where a site lists its articles: asks for robots.txt, feeds, sitemaps, WordPress, listings."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy.http.request import NO_CALLBACK

from crawler.bridge import page_from_response, request_for
from crawler.middlewares.robots import AGENT, MAX_BYTES, MAX_DELAY_S, one_line
from pipelines.decode import DecodeError, gunzipped, payload_of
from pipelines.discover import SourceError, links_in_feed, links_in_sitemap, links_in_wordpress
from pipelines.draft_addresses import likely_articles
from pipelines.draft_seen import Source
from pipelines.draft_site import (
    FEED_PATHS,
    SITEMAP_PATHS,
    anchors_of,
    belongs,
    front_of,
    is_plain_url,
    plain,
    template_of,
)
from pipelines.draft_toml import Noted
from pipelines.records import Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.crawler import Crawler

    from pipelines.draft_seen import Kind
    from pipelines.draft_site import Front
    from pipelines.outlets import Outlet
    from pipelines.records import Page
    from pipelines.store.config import Politeness

_MOST_SITEMAPS = 4
"""Of those that robots.txt names."""
_MOST_NAMED = 50
_MOST_CHILDREN = 3
_MOST_LISTINGS = 4
_FEWEST = 3
"""Articles that a listing has."""
_POSTS = "/wp-json/wp/v2/posts?per_page=10"
_BARREN = ("image", "video", "tag", "categor", "kategori", "author", "penulis", "page", "topic")
"""In names of sitemaps that list no articles."""
_GZIP = b"\x1f\x8b"


class Asker:
    """Asks one site, through all middlewares, and keeps count.

    Attributes:
        requests: How many were made, robots.txt for its own sake not among them.
        in_vain: Sources that were asked and are none.
        pages: Every page that was asked for.
    """

    def __init__(
        self, crawler: Crawler, outlet: Outlet, contact: str, politeness: Politeness
    ) -> None:
        self.crawler = crawler
        self.outlet = outlet
        self.contact = contact
        self.politeness = politeness
        self.requests = 0
        self.in_vain: list[Noted] = []
        self.pages: dict[str, Page | None] = {}

    async def ask(self, url: str, limit: int) -> Page:
        """Return an answer of any status, redirects followed; raises what the network does."""
        request = request_for(
            url,
            self.outlet,
            "source",
            contact=self.contact,
            callback=NO_CALLBACK,
            download_maxsize=limit,
        )
        self.requests += 1
        response = await self.crawler.engine.download_async(request)
        return page_from_response(response, request)

    async def source(self, url: str) -> Page | None:
        """Return a source's answer; `None`, noted, where it gives none."""
        try:
            page = await self.ask(url, self.politeness.max_source_bytes)
        except Exception as error:  # noqa: BLE001  whatever the network raises means no answer
            self.miss(url, one_line(error))
            return None
        if page.status != HTTPStatus.OK:
            self.miss(url, f"status {page.status}")
            return None
        return page

    async def page(self, url: str) -> Page | None:
        """Return a page, asked for once; `None` where it gives no answer."""
        if url not in self.pages:
            try:
                self.pages[url] = await self.ask(url, 2 * self.politeness.max_page_bytes)
            except Exception:  # noqa: BLE001  as above; the draft counts what it got
                self.pages[url] = None
        return self.pages[url]

    def miss(self, url: str, why: str) -> None:
        """Note a source that is none."""
        self.in_vain.append(Noted(value=plain(url), note=plain(why, 120)))


class Sources:
    """Finds the sources of one site."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker

    async def robots(self, home: str) -> Protego | None:
        """Return what robots.txt says; `None` where it cannot be read."""
        try:
            page = await self.asker.ask(urljoin(home, "/robots.txt"), MAX_BYTES)
            if page.status != HTTPStatus.OK:
                return None
            return Protego.parse(payload_of(page)[:MAX_BYTES].decode("utf-8", "replace"))
        except Exception:  # noqa: BLE001  as in `Asker.source`: it was obeyed, it need not be read
            return None

    async def feeds(self, front: Front) -> list[Source]:
        """Return the feeds that the home page names, else one where feeds usually are."""
        tried = [await self._feed(url, front.url) for url in front.feeds]
        found = [one for one in tried if one is not None]
        for path in () if found else FEED_PATHS:
            url = urljoin(front.url, path)
            if url not in front.feeds and (one := await self._feed(url, front.url)) is not None:
                found.append(one)
                break
        return found

    async def _feed(self, url: str, home: str) -> Source | None:
        page = await self.asker.source(url)
        if page is None:
            return None
        try:
            payload = payload_of(page, limit=self.asker.politeness.max_source_bytes)
            links = await asyncio.to_thread(links_in_feed, payload, page.final_url)
        except (SourceError, DecodeError) as error:
            self.asker.miss(url, str(error))
            return None
        own = _own(links, home)
        if not own:
            self.asker.miss(url, f"a feed of {len(links)} entries, none of this site")
            return None
        return Source(kind="feed", url=url, links=own, note=_told(own))

    async def sitemaps(self, home: str, robots: Protego | None) -> list[Source]:
        """Return the sitemaps that robots.txt names, else one where sitemaps usually are."""
        named = (
            [urljoin(home, one) for one in islice(robots.sitemaps, _MOST_NAMED)] if robots else []
        )
        named = [url for url in dict.fromkeys(named) if is_plain_url(url)]
        ours = [url for url in named if belongs(url, home)]
        for url in named:
            if url not in ours:
                self.asker.miss(url, "a sitemap on another host")
        for url in ours[_MOST_SITEMAPS:]:
            self.asker.miss(url, "named in robots.txt, not read for this draft")
        found: dict[str, Source] = {}
        for url in ours[:_MOST_SITEMAPS]:
            for one in await self._sitemap(url, home, "named in robots.txt"):
                found.setdefault(one.url, one)
        for path in () if found else SITEMAP_PATHS:
            url = urljoin(home, path)
            if url not in ours:
                for one in await self._sitemap(url, home, ""):
                    found.setdefault(one.url, one)
            if found:
                break
        return list(found.values())

    async def _sitemap(self, url: str, home: str, where: str) -> list[Source]:
        read = await self._entries(url)
        if read is None:
            return []
        links, children, is_news = read
        if not children:
            own = _own(links, home)
            if not own:
                self.asker.miss(url, f"a sitemap of {len(links)} addresses, none of this site")
                return []
            kind: Kind = "news_sitemap" if is_news else "sitemap"
            note = ", ".join(filter(None, (where, _told(own))))
            return [Source(kind=kind, url=url, links=own, note=note)]
        found: list[Source] = []
        inside: list[Link] = []
        for child in _promising(children, home):
            entries = await self._entries(child.url)
            if entries is None:
                continue
            own = _own(entries[0], home)
            if entries[2] and own:
                found.append(Source(kind="news_sitemap", url=child.url, links=own, note=_told(own)))
            inside += own
        note = ", ".join(filter(None, (where, f"an index of {len(children)} sitemaps")))
        if inside:
            found.append(Source(kind="sitemap", url=url, links=tuple(inside), note=note))
        else:
            self.asker.miss(url, f"an index of {len(children)} sitemaps, none read lists articles")
        return found

    async def _entries(self, url: str) -> tuple[list[Link], list[Link], bool] | None:
        page = await self.asker.source(url)
        if page is None:
            return None
        limit = self.asker.politeness.max_source_bytes
        try:
            payload = payload_of(page, limit=limit)
            if payload.startswith(_GZIP):
                payload = gunzipped(payload, limit=limit)
            found = await asyncio.to_thread(links_in_sitemap, payload, page.final_url)
        except (SourceError, DecodeError) as error:
            self.asker.miss(url, str(error))
            return None
        is_news = b"<news:" in payload and any(one.published_at for one in found.links)
        return found.links, found.sitemaps, is_news

    async def posts(self, front: Front) -> tuple[Page | None, str]:
        """Return WordPress's newest posts, or why there are none."""
        if not front.is_wordpress:
            return None, ""
        try:
            page = await self.asker.ask(
                urljoin(front.url, _POSTS), self.asker.politeness.max_source_bytes
            )
            if page.status != HTTPStatus.OK:
                return None, f"status {page.status}"
            found = links_in_wordpress(payload_of(page), page.final_url)
        except (SourceError, DecodeError) as error:
            return None, plain(str(error), 120)
        except Exception as error:  # noqa: BLE001  as in `Asker.source`
            return None, plain(one_line(error), 120)
        return (page, "") if found else (None, "no posts")

    async def listings(self, front: Front) -> list[Source]:
        """Look for pages that list articles, and how their further pages are called."""
        found: list[Source] = []
        for url in front.listings()[:_MOST_LISTINGS]:
            page = await self.asker.page(url)
            if page is None or page.status != HTTPStatus.OK:
                continue
            own = self._articles_on(page)
            if len(own) < _FEWEST:
                continue
            source = await self._paged(page, own)
            found.append(source)
        paged = [one for one in found if "{page}" in one.url]
        return paged or found

    def _articles_on(self, page: Page) -> list[str]:
        try:
            anchors = anchors_of(front_of(page).document)
        except DecodeError:
            return []
        links = [(one.url, one.text) for one in anchors if belongs(one.url, page.final_url)]
        return likely_articles(links)

    async def _paged(self, page: Page, own: Sequence[str]) -> Source:
        links = tuple(Link(url=url) for url in own)
        note = f"{len(own)} links to articles"
        template = template_of(page, set(own))
        if template is not None:
            further = await self.asker.page(template.replace("{page}", "2"))
            first = await self.asker.page(template.replace("{page}", "1"))
            fresh = set(self._articles_on(further)) - set(own) if further else set()
            if fresh and first is not None and first.status == HTTPStatus.OK:
                links += tuple(Link(url=url) for url in sorted(fresh))
                return Source(
                    kind="listing",
                    url=template,
                    links=links,
                    note=f"{note} on the first page, {len(fresh)} others on the second",
                )
            note += f"; further pages at {plain(template)} did not answer with others"
        return Source(kind="listing", url=page.final_url, links=links, note=note)


def _own(links: Sequence[Link], home: str) -> tuple[Link, ...]:
    return tuple(one for one in links if is_plain_url(one.url) and belongs(one.url, home))


def _told(links: Sequence[Link]) -> str:
    """Say what a source lists, in words."""
    days = [moment for one in links if (moment := one.published_at or one.lastmod_at)]
    newest = f", newest of {max(days):%Y-%m-%d}" if days else ", undated"
    return f"{len(links)} addresses{newest}"


def _promising(children: Sequence[Link], home: str) -> list[Link]:
    """Choose sitemaps of an index: a news sitemap, the newest of articles and an old one."""
    own = [one for one in children if is_plain_url(one.url) and belongs(one.url, home)]
    names = {one.url: urlsplit(one.url).path.rpartition("/")[2].lower() for one in own}
    likely = [one for one in own if not any(word in names[one.url] for word in _BARREN)] or own
    news = [one for one in likely if "news" in names[one.url]][:1]
    rest = [one for one in likely if one not in news]
    if rest and all(one.lastmod_at for one in rest):
        rest.sort(key=lambda one: one.lastmod_at.timestamp() if one.lastmod_at else 0, reverse=True)
    return [*news, *rest[:1], *rest[len(rest) // 2 :][: 1 if len(rest) > 1 else 0]][:_MOST_CHILDREN]


def delay_of(robots: Protego | None, usual: float) -> float | None:
    """Return the Crawl-delay of robots.txt where it asks for more than is usual."""
    asked = robots.crawl_delay(AGENT) if robots else None
    if not asked or not float(asked) > usual:  # "nan" is not
        return None
    return min(float(asked), MAX_DELAY_S)
