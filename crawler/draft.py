"""`kliping outlets draft`: asks a site what a draft is made from, all in one conversation.

Goes the way of every request: address guard, robots.txt, pace, back-off. Stores nothing.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import scrapy
from protego import Protego
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http.request import NO_CALLBACK

from crawler.bridge import page_from_response, request_for
from crawler.middlewares.guard import GuardedResolver, is_public
from crawler.middlewares.robots import AGENT, MAX_BYTES, MAX_DELAY_S, one_line
from crawler.run import _use_daemon_threads, contact_of, scrapy_settings
from pipelines.decode import DecodeError, gunzipped, payload_of
from pipelines.discover import SourceError, links_in_feed, links_in_sitemap, links_in_wordpress
from pipelines.draft import draft
from pipelines.draft_addresses import likely_articles
from pipelines.draft_seen import Site, Source, sampled
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
from pipelines.errors import KlipingError, UsageError
from pipelines.outlets import Fetch, Outlet
from pipelines.parts import MOST_PARTS, is_part, part_url, parts_in
from pipelines.process import process
from pipelines.records import Link
from pipelines.urls import single_page_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from datetime import date

    from scrapy import Request

    from pipelines.draft import Draft
    from pipelines.draft_seen import Kind
    from pipelines.draft_site import Front
    from pipelines.records import Article, Page, Rejected
    from pipelines.store.config import Settings

_HTML = ("text/html", "application/xhtml+xml", "")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command wants drafted."""

    url: str
    slug: str
    families: Mapping[str, str]
    """Name -> TOML text."""
    today: date
    allow_private_network: bool
    check: Callable[[str], None]
    """Raises `UsageError` where the site at that address must not be drafted."""
    is_quiet: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A draft, and what it makes of a few pages."""

    draft: Draft
    shown: tuple[tuple[Page, Article | Rejected], ...]
    requests: int


def drafted(asked: Asked, settings: Settings) -> Drafted | None:
    """Ask the site and draft its file; `None` if a signal ended it.

    Raises:
        UsageError: The address may not be asked, or there is no contact to ask with.
        KlipingError: The site cannot be reached, forbids it, or has no articles.
    """
    outlet = _outlet_of(asked, settings)
    GuardedResolver.allow([outlet])
    process = AsyncCrawlerProcess(scrapy_settings(settings))
    _use_daemon_threads()
    spider_kept: list[DraftSpider] = []
    task = process.crawl(
        DraftSpider, asked=asked, outlet=outlet, settings_of=settings, kept=spider_kept
    )
    process.start()
    if task.done() and not task.cancelled() and (error := task.exception()) is not None:
        raise error
    spider = spider_kept[0]
    if spider.failure is not None:
        raise spider.failure
    return spider.found


def _outlet_of(asked: Asked, settings: Settings) -> Outlet:
    """Make the outlet that requests are made for, as polite as one without a file."""
    parts = urlsplit(asked.url)
    host = (parts.hostname or "").lower()
    local = _is_local(host)
    if local and not asked.allow_private_network:
        raise UsageError(
            f"{plain(asked.url)}: wanted a public address, found {plain(host)}; "
            "--allow-private-network drafts it all the same"
        )
    politeness = settings.politeness
    outlet = Outlet(
        slug=asked.slug,
        name=host,
        domains=(host,),
        allow_private_network=asked.allow_private_network,
        fetch=Fetch(delay_s=politeness.delay_s, concurrency=politeness.concurrency),
    )
    # A contact may be missing only where nobody else can be asked.
    contact_of(settings, [replace(outlet, allow_private_network=local)])
    return outlet


def _is_local(host: str) -> bool:
    """Tell whether a host is private by its name alone."""
    try:
        return not is_public(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".test"))


class DraftSpider(scrapy.Spider):
    """Holds the conversation with one site."""

    name = "draft"

    def __init__(
        self,
        *,
        asked: Asked,
        outlet: Outlet,
        settings_of: Settings,
        kept: list[DraftSpider],
        **kwargs: Any,  # noqa: ANN401  Scrapy's own arguments
    ) -> None:
        super().__init__(**kwargs)
        self.asked = asked
        self.outlet = outlet
        self.politeness = settings_of.politeness
        self.contact = contact_of(settings_of, [replace(outlet, allow_private_network=True)])
        self.found: Drafted | None = None
        self.failure: Exception | None = None
        self.requests = 0
        self.in_vain: list[Noted] = []
        self._pages: dict[str, Page | None] = {}
        """Every page that was asked for."""
        kept.append(self)

    async def start(self) -> AsyncIterator[Request]:
        """Ask everything; nothing is left for the engine to schedule."""
        try:
            self.found = await self._drafted()
        except KlipingError as error:
            self.failure = error
        return
        yield  # what makes this the generator that Scrapy wants

    async def _drafted(self) -> Drafted:
        front = await self._front()
        home = front.url
        self._say("robots.txt, sitemaps and feeds")
        robots = await self._robots(home)
        sources = [*await self._feeds(front), *await self._sitemaps(home, robots)]
        posts, posts_note = await self._posts(front)
        if posts is not None:
            links = tuple(links_in_wordpress(payload_of(posts), posts.final_url))
            sources.append(Source(kind="wordpress", url=posts.final_url, links=links))
        if not any(one.kind != "wordpress" for one in sources):
            sources += await self._listings(front)
        urls = sampled(front, sources)
        self._say(f"{len(urls)} pages")
        answers = await asyncio.gather(*(self._page(url) for url in urls))
        pages = [one for one in answers if one is not None and belongs(one.final_url, home)]
        site = Site(
            front=front,
            sources=tuple(one for one in sources if one.kind != "wordpress" or one.links),
            pages=tuple({page.final_url: page for page in pages}.values()),
            posts=posts,
            posts_note=posts_note,
            in_vain=tuple(self.in_vain),
            delay_s=_delay(robots, self.outlet.fetch.delay_s),
            allow_private_network=self.asked.allow_private_network,
        )
        made = await asyncio.to_thread(
            draft,
            site,
            slug=self.asked.slug,
            families=self.asked.families,
            fetch=self.outlet.fetch,
            today=self.asked.today,
        )
        shown = []
        for page in made.shown:
            whole = await self._whole(page, made.outlet)
            shown.append((whole, await asyncio.to_thread(process, whole, made.outlet)))
        return Drafted(draft=made, shown=tuple(shown), requests=self.requests)

    def _say(self, what: str) -> None:
        if not self.asked.is_quiet:
            print(f"draft: asking for {what} …", file=sys.stderr, flush=True)

    # Requests.

    async def _ask(self, url: str, limit: int) -> Page:
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

    async def _source(self, url: str) -> Page | None:
        """Return a source's answer; `None`, noted, where it gives none."""
        try:
            page = await self._ask(url, self.politeness.max_source_bytes)
        except Exception as error:  # noqa: BLE001  whatever the network raises means no answer
            self._miss(url, one_line(error))
            return None
        if page.status != HTTPStatus.OK:
            self._miss(url, f"status {page.status}")
            return None
        return page

    async def _page(self, url: str) -> Page | None:
        if url not in self._pages:
            try:
                self._pages[url] = await self._ask(url, 2 * self.politeness.max_page_bytes)
            except Exception:  # noqa: BLE001  as above; the draft counts what it got
                self._pages[url] = None
        return self._pages[url]

    def _miss(self, url: str, why: str) -> None:
        self.in_vain.append(Noted(value=plain(url), note=plain(why, 120)))

    # The conversation.

    async def _front(self) -> Front:
        url = self.asked.url
        shown = plain(url)
        self._say(shown)
        try:
            page = await self._ask(url, 2 * self.politeness.max_page_bytes)
        except Exception as error:
            host = urlsplit(url).hostname or ""
            if (found := GuardedResolver.refused.get(host)) is not None:
                raise UsageError(
                    f"{shown}: wanted a public address, found {plain(found)}; "
                    "--allow-private-network drafts it all the same"
                ) from error
            raise KlipingError(
                f"{shown}: wanted a home page, found: {plain(one_line(error))}"
            ) from error
        if page.status != HTTPStatus.OK:
            raise KlipingError(f"{shown}: wanted a home page, found status {page.status}")
        kind = (page.header("content-type") or "").partition(";")[0].strip().lower()
        try:
            front = front_of(page)
        except DecodeError as error:
            raise KlipingError(
                f"{shown}: wanted a home page, found: {plain(error.detail)}"
            ) from error
        if kind not in _HTML or "<" not in front.document.text[:10_000]:
            raise KlipingError(f"{shown}: wanted an HTML page, found {plain(kind) or 'no HTML'}")
        if front.url != url:
            self.asked.check(front.url)
        self._pages[front.url] = page
        return front

    async def _robots(self, home: str) -> Protego | None:
        try:
            page = await self._ask(urljoin(home, "/robots.txt"), MAX_BYTES)
            if page.status != HTTPStatus.OK:
                return None
            return Protego.parse(payload_of(page)[:MAX_BYTES].decode("utf-8", "replace"))
        except Exception:  # noqa: BLE001  as in `_source`: it was obeyed, it need not be read
            return None

    async def _feeds(self, front: Front) -> list[Source]:
        tried = [await self._feed(url, front.url) for url in front.feeds]
        found = [one for one in tried if one is not None]
        for path in () if found else FEED_PATHS:
            url = urljoin(front.url, path)
            if url not in front.feeds and (one := await self._feed(url, front.url)) is not None:
                found.append(one)
                break
        return found

    async def _feed(self, url: str, home: str) -> Source | None:
        page = await self._source(url)
        if page is None:
            return None
        try:
            payload = payload_of(page, limit=self.politeness.max_source_bytes)
            links = await asyncio.to_thread(links_in_feed, payload, page.final_url)
        except (SourceError, DecodeError) as error:
            self._miss(url, str(error))
            return None
        own = _own(links, home)
        if not own:
            self._miss(url, f"a feed of {len(links)} entries, none of this site")
            return None
        return Source(kind="feed", url=url, links=own, note=_told(own))

    async def _sitemaps(self, home: str, robots: Protego | None) -> list[Source]:
        named = (
            [urljoin(home, one) for one in islice(robots.sitemaps, _MOST_NAMED)] if robots else []
        )
        named = [url for url in dict.fromkeys(named) if is_plain_url(url)]
        ours = [url for url in named if belongs(url, home)]
        for url in named:
            if url not in ours:
                self._miss(url, "a sitemap on another host")
        for url in ours[_MOST_SITEMAPS:]:
            self._miss(url, "named in robots.txt, not read for this draft")
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
                self._miss(url, f"a sitemap of {len(links)} addresses, none of this site")
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
            self._miss(url, f"an index of {len(children)} sitemaps, none read lists articles")
        return found

    async def _entries(self, url: str) -> tuple[list[Link], list[Link], bool] | None:
        page = await self._source(url)
        if page is None:
            return None
        limit = self.politeness.max_source_bytes
        try:
            payload = payload_of(page, limit=limit)
            if payload.startswith(_GZIP):
                payload = gunzipped(payload, limit=limit)
            found = await asyncio.to_thread(links_in_sitemap, payload, page.final_url)
        except (SourceError, DecodeError) as error:
            self._miss(url, str(error))
            return None
        is_news = b"<news:" in payload and any(one.published_at for one in found.links)
        return found.links, found.sitemaps, is_news

    async def _posts(self, front: Front) -> tuple[Page | None, str]:
        if not front.is_wordpress:
            return None, ""
        try:
            page = await self._ask(urljoin(front.url, _POSTS), self.politeness.max_source_bytes)
            if page.status != HTTPStatus.OK:
                return None, f"status {page.status}"
            return (
                (page, "")
                if links_in_wordpress(payload_of(page), page.final_url)
                else (None, "no posts")
            )
        except (SourceError, DecodeError) as error:
            return None, plain(str(error), 120)
        except Exception as error:  # noqa: BLE001  as in `_source`
            return None, plain(one_line(error), 120)

    async def _listings(self, front: Front) -> list[Source]:
        """Look for pages that list articles, and how their further pages are called."""
        found: list[Source] = []
        for url in front.listings()[:_MOST_LISTINGS]:
            page = await self._page(url)
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
            further = await self._page(template.replace("{page}", "2"))
            first = await self._page(template.replace("{page}", "1"))
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

    async def _whole(self, page: Page, outlet: Outlet) -> Page:
        """Fetch a page the way that the draft would: whole, or with its further parts."""
        url = single_page_url(page.final_url, outlet)
        single = outlet.articles.single_page
        if single is None or single.pages is None:
            if (
                url
                != single_page_url(
                    page.url, replace(outlet, articles=replace(outlet.articles, single_page=None))
                )
                and single is not None
            ):
                found = await self._page(url)
                return found if found is not None and found.status == HTTPStatus.OK else page
            return page
        parts: list[Page] = []
        shown = min(parts_in(page, outlet), MOST_PARTS)
        number = 2
        while number <= shown:
            part = await self._page(part_url(page.final_url, number, outlet))
            if (
                part is None
                or part.status != HTTPStatus.OK
                or not is_part(part.final_url, number, page.final_url, outlet)
            ):
                break
            parts.append(part)
            shown = min(max(shown, parts_in(part, outlet)), MOST_PARTS)
            number += 1
        return replace(page, parts=tuple(parts))


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


def _delay(robots: Protego | None, usual: float) -> float | None:
    """Return the Crawl-delay of robots.txt where it asks for more than is usual."""
    asked = robots.crawl_delay(AGENT) if robots else None
    if not asked or not float(asked) > usual:  # "nan" is not
        return None
    return min(float(asked), MAX_DELAY_S)
