"""`kliping outlets draft`: asks a site what a draft is made from, all in one conversation.

Goes the way of every request: address guard, robots.txt, pace, back-off. Stores nothing.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerProcess

from crawler.draft_sources import Asker, Sources, delay_of
from crawler.middlewares.guard import GuardedResolver, is_public
from crawler.middlewares.robots import one_line
from crawler.run import contact_of, scrapy_settings, use_daemon_threads
from pipelines.decode import DecodeError, payload_of
from pipelines.discover import links_in_wordpress
from pipelines.draft import draft
from pipelines.draft_seen import Site, Source, sampled
from pipelines.draft_site import (
    belongs,
    front_of,
    plain,
)
from pipelines.errors import KlipingError, UsageError
from pipelines.outlets import Fetch, Outlet
from pipelines.parts import MOST_PARTS, is_part, part_url, parts_in
from pipelines.process import process
from pipelines.urls import single_page_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from datetime import date

    from scrapy import Request

    from pipelines.draft import Draft
    from pipelines.draft_site import Front
    from pipelines.records import Article, Page, Rejected
    from pipelines.store.config import Settings

_HTML = ("text/html", "application/xhtml+xml", "")


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
    use_daemon_threads()
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
        self.settings_of = settings_of
        self.found: Drafted | None = None
        self.failure: Exception | None = None
        kept.append(self)

    async def start(self) -> AsyncIterator[Request]:
        """Ask everything; nothing is left for the engine to schedule."""
        try:
            self.found = await self._drafted()
        except Exception as error:  # noqa: BLE001  raised again once the reactor has ended
            self.failure = error
        return
        yield  # what makes this the generator that Scrapy wants

    async def _drafted(self) -> Drafted:
        # Whether one may be missing was settled before.
        contact = contact_of(self.settings_of, [replace(self.outlet, allow_private_network=True)])
        self.asker = Asker(self.crawler, self.outlet, contact, self.settings_of.politeness)
        front = await self._front()
        home = front.url
        at = Sources(self.asker)
        self._say("robots.txt, sitemaps and feeds")
        robots = await at.robots(home)
        sources = [*await at.feeds(front), *await at.sitemaps(home, robots)]
        posts, posts_note = await at.posts(front)
        if posts is not None:
            links = tuple(links_in_wordpress(payload_of(posts), posts.final_url))
            sources.append(Source(kind="wordpress", url=posts.final_url, links=links))
        if not any(one.kind != "wordpress" for one in sources):
            sources += await at.listings(front)
        urls = sampled(front, sources)
        self._say(f"{len(urls)} pages")
        answers = await asyncio.gather(*(self.asker.page(url) for url in urls))
        pages = [one for one in answers if one is not None and belongs(one.final_url, home)]
        site = Site(
            front=front,
            sources=tuple(one for one in sources if one.kind != "wordpress" or one.links),
            pages=tuple({page.final_url: page for page in pages}.values()),
            posts=posts,
            posts_note=posts_note,
            in_vain=tuple(self.asker.in_vain),
            delay_s=delay_of(robots, self.outlet.fetch.delay_s),
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
        return Drafted(draft=made, shown=tuple(shown), requests=self.asker.requests)

    def _say(self, what: str) -> None:
        if not self.asked.is_quiet:
            print(f"draft: asking for {what} …", file=sys.stderr, flush=True)

    async def _front(self) -> Front:
        url = self.asked.url
        shown = plain(url)
        self._say(shown)
        try:
            page = await self.asker.ask(url, 2 * self.asker.politeness.max_page_bytes)
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
            # A private site may lead to a public one, which wants to know who asks.
            local = _is_local(urlsplit(front.url).hostname or "")
            contact_of(self.settings_of, [replace(self.outlet, allow_private_network=local)])
        self.asker.pages[front.url] = page
        return front

    async def _whole(self, page: Page, outlet: Outlet) -> Page:
        """Fetch a page the way that the draft would: whole, or with its further parts."""
        single = outlet.articles.single_page
        if single is None:
            return page
        if single.pages is None:
            found = await self.asker.page(single_page_url(page.final_url, outlet))
            return found if found is not None and found.status == HTTPStatus.OK else page
        parts: list[Page] = []
        shown = min(parts_in(page, outlet), MOST_PARTS)
        number = 2
        while number <= shown:
            part = await self.asker.page(part_url(page.final_url, number, outlet))
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
