"""What an archive has of a run's outlets, and what the run still wants of them.

Enters the archive's tables, schedules and plans, and links as sources name them; leaves the links
that are new or changed, in the order in which they are fetched. Fetches nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crawler.tally import Tally, Wanted, Window
from pipelines.asking import posts_api, roots_of
from pipelines.polling import Habit, dead_since, failed, polled
from pipelines.store.archive import MissingError
from pipelines.store.commit import last_known, stored_page
from pipelines.store.plan import Plan, drop_plan, load_plan, save_plan
from pipelines.store.schedule import Schedule, load_schedules, save_schedule
from pipelines.store.seen import Seen, known_urls, published_since, sources
from pipelines.store.warc import NoPageError
from pipelines.urls import url_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crawler.discovery import Source, Walk
    from pipelines.outlets import Outlet
    from pipelines.records import Capture, Link, Page
    from pipelines.store.archive import Archive

_FEW = 20
"""Articles of one outlet that are fetched again in one crawl, for one reason."""
_KEPT_S = 1.0
"""Between two times that a plan is stored while sources are read."""
_MOST_CHANGED = 1_000
"""Articles that one source may call changed in one run."""
_ARRIVES = timedelta(days=1)
"""How long after its publication an article may come into a source."""
_DATED = re.compile(
    r"/(?P<year>20[0-3]\d)[/-](?P<month>0?[1-9]|1[0-2])(?:[/-](?P<day>0?[1-9]|[12]\d|3[01]))?(?=[/-])"
)


@dataclass(slots=True)
class Coverage:
    """What is known and wanted of the outlets of a run."""

    archive: Archive | None
    window: Window
    tallies: Mapping[str, Tally]
    is_backfill: bool = False
    """Whether the past is asked for, from a plan."""
    is_dry: bool = False
    """Whether nothing is stored; a backfill then fetches no page."""
    is_by_schedule: bool = False
    """Whether only sources are asked that are due."""
    schedules: dict[str, Schedule] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    known: dict[str, Capture] = field(default_factory=dict)
    """URL -> its newest capture, where a page is fetched again."""
    _seen: dict[str, Seen] = field(default_factory=dict)
    _sources: dict[str, Capture] = field(default_factory=dict)
    _planning: Lock = field(default_factory=Lock)
    """Plans are stored in threads."""
    _kept: dict[str, float] = field(default_factory=dict)
    """Slug -> when its plan may be stored again, on the monotonic clock."""
    _left: set[str] = field(default_factory=set)
    """Outlets that an earlier run left half-way."""
    _resumed: dict[str, datetime | None] = field(default_factory=dict)
    """How far an API was read before this run."""
    _over: dict[str, Walk] = field(default_factory=dict)
    """Walks that ended."""

    def learn(self, slugs: Sequence[str]) -> None:
        """Read what the archive knows; after the leases, for another run may just have ended."""
        if self.archive is None:
            return
        self.schedules = load_schedules(self.archive, slugs)
        self._left = {slug for slug, one in self.schedules.items() if one.is_open}
        for slug in slugs:
            self._sources.update(sources(self.archive, slug))
            self._seen[slug] = known_urls(self.archive, slug)
            if self.is_backfill:
                self._resume(self.archive, slug)

    # Sources.

    def source(self, url: str) -> Capture | None:
        """Return a source's last archived answer."""
        return self._sources.get(url)

    async def archived(self, capture: Capture) -> Page | None:
        """Read a source as archived; `None` if it was forgotten or is damaged."""
        if self.archive is None:
            return None
        try:
            return await asyncio.to_thread(stored_page, self.archive, capture)
        except (MissingError, NoPageError):
            return None

    def due(self, outlet: Outlet) -> set[str] | None:
        """Return the sources that are due; `None` where a run asks whatever is due or not."""
        if not self.is_by_schedule:
            return None
        return set(self._schedule(outlet).due(roots_of(outlet), datetime.now(UTC)))

    def is_walked(self, root: str, outlet: Outlet) -> bool:
        """Tell whether a listing or API was once followed to its end, and never left half-way."""
        return root in self._schedule(outlet).walked and outlet.slug not in self._left

    def is_told_once(self, outlet: Outlet) -> bool:
        """Tell whether all posts of the outlet's API were once taken."""
        return not self.is_backfill and self.is_walked(posts_api(outlet), outlet)

    def is_open(self, outlet: Outlet) -> bool:
        """Tell whether an earlier run went deeper than the newest and did not come to its end."""
        return outlet.slug in self._left and not self.is_backfill

    def open(self, outlet: Outlet) -> None:
        """Note, before anything is fetched, that a run goes deeper than the newest.

        Were it cut short, the newest would be known and the rest would not: the next one must not
        take what is known for the end.
        """
        schedule = self._schedule(outlet)
        if self.is_backfill or self.is_dry or self.archive is None or schedule.is_open:
            return
        schedule.is_open = True
        save_schedule(self.archive, outlet.slug, schedule)

    def last_day(self, outlet: Outlet) -> date | None:
        """Return when the outlet was crawled last."""
        return self._schedule(outlet).crawled_on

    def takes_items(self, outlet: Outlet) -> bool:
        """Tell whether the outlet's API is asked for whole posts at once.

        So it is while all of them are wanted; later the list of the newest says which are.
        """
        is_enough = outlet.articles.content == "wordpress"
        if self.is_backfill:
            return is_enough and not self.is_dry  # a list says as well how many there are
        return is_enough and (not self.is_walked(posts_api(outlet), outlet))

    def bounds(self, outlet: Outlet) -> tuple[datetime | None, datetime | None]:
        """Return after and before which moment posts are asked for, both exclusive."""
        since, until = self.window.since, self.window.until
        after = _first_moment(since, outlet) - timedelta(seconds=1) if since else None
        before = _first_moment(until, outlet) if until else None
        if (reached := self._resumed.get(outlet.slug)) is not None:
            reached += timedelta(seconds=1)
            before = min(before, reached) if before else reached
        return after, before

    def is_planned(self, outlet: Outlet) -> bool:
        """Tell whether a backfill that was cut short had read all sources."""
        plan = self.plans.get(outlet.slug)
        return plan is not None and plan.is_complete

    def was_read(self, source: Source, outlet: Outlet) -> bool:
        """Tell whether a backfill that was cut short read a source to its end."""
        plan = self.plans.get(outlet.slug)
        return plan is not None and source.url in plan.done

    def reached(
        self, source: Source, links: Sequence[Link], outlet: Outlet, *, is_leaf: bool
    ) -> None:
        """Note how far the sources of a backfill are read.

        Args:
            source: What was read.
            links: What it lists.
            outlet: Whose.
            is_leaf: Whether it leads to no further sitemaps.
        """
        plan = self.plans.get(outlet.slug)
        if plan is None:
            return
        if source.kind in ("posts", "items"):
            # The last one, not the least: one odd date must not pass over all in between.
            moments = [link.published_at for link in links if link.published_at]
            plan.reached_at = moments[-1] if moments else plan.reached_at
        elif is_leaf:
            plan.done.add(source.url)

    def ended(self, walk: Walk) -> None:
        """Take note of what the reading of an outlet's sources came to."""
        self._over[walk.outlet.slug] = walk
        plan = self.plans.get(walk.outlet.slug)
        if plan is None:
            return
        plan.is_complete = not walk.failed
        if walk.failed:
            said = f"{len(walk.failed)} sources could not be read to their end; start it again"
            self.tallies[walk.outlet.slug].notes.append(said)
        self._fetch(walk.outlet.slug)

    def is_told(self, outlets: Sequence[Outlet]) -> bool:
        """Tell whether the sources of all *outlets* are read."""
        return all(one.slug in self._over for one in outlets)

    # Links.

    async def wanted(
        self,
        links: Iterable[Link],
        outlet: Outlet,
        lastmods: Mapping[str, datetime] = MappingProxyType({}),
        *,
        root: str = "",
        is_sure: bool = False,
    ) -> Wanted:
        """Queue the links that are this outlet's articles, new to the archive and in the window.

        Articles that the source says were changed since they were archived are queued as well,
        before the new ones. Of an outlet whose API's answer is enough nothing is queued.

        Args:
            links: What a source lists, by their canonical addresses.
            outlet: Whose source.
            lastmods: URL -> what the source said last time; without it the time of the fetch
                stands for it, and the outlet's clock had better be right.
            root: The source, as in the outlet's file.
            is_sure: Whether what the source says of changes is beyond doubt.
        """
        tally, seen = self.tallies[outlet.slug], self._seen.get(outlet.slug)
        habit = self._schedule(outlet).habits.get(root)
        polled_at = habit.polled_at if habit else None
        now = datetime.now(UTC)
        fresh, changed = [], []
        known = listed = first_listed = elsewhere = too_old = 0
        for link in links:
            if not outlet.owns(link.url) or not outlet.is_article(link.url):
                continue
            key = url_key(link.url)
            listed += 1
            first_listed += key not in tally.listed
            tally.listed.add(key)
            if not self.in_window(link, outlet):
                too_old += self._is_too_old(link, outlet)
                continue
            if key in tally.queued:
                elsewhere += 1
                continue
            fetched_at = seen.fetched_at(link.url) if seen is not None else None
            if fetched_at is None:
                tally.queued.add(key)
                fresh.append(link)
                continue
            known += 1
            elsewhere += polled_at is not None and _came_since(link, fetched_at, polled_at)
            said = link.lastmod_at
            # What was asked for in vain when the source first said so is still to be had.
            is_later = said is not None and is_sure and fetched_at < said <= now
            if is_later or (said is not None and said > lastmods.get(link.url, fetched_at)):
                changed.append(link)
        # A source that calls every article changed says nothing about any.
        if not is_sure and len(changed) > max(_FEW, known // 2):
            changed = []
        changed = changed[:_MOST_CHANGED]
        if outlet.articles.content != "wordpress":
            self._queue(fresh, outlet)
            await self.again(changed, outlet)
        else:
            tally.queued.update(url_key(one.url) for one in changed)
        tally.by_source[root] += len(fresh)
        tally.known_by_source[root] += known
        return Wanted(
            links=[*changed, *fresh],
            fresh=len(fresh),
            known=known,
            listed=listed,
            first_listed=first_listed,
            elsewhere=elsewhere,
            too_old=too_old,
        )

    async def again(self, links: Sequence[Link], outlet: Outlet) -> None:
        """Queue articles that the archive has, before new ones."""
        if self.archive is None or not links:
            return
        tally = self.tallies[outlet.slug]
        urls = [link.url for link in links]
        found = await asyncio.to_thread(_last, self.archive, urls, outlet)
        self.known.update(found)
        for link in links:
            key = url_key(link.url)
            if link.url in found and key not in tally.queued:
                tally.queued.add(key)
                tally.queue.appendleft(link)

    async def recent(self, links: Sequence[Link], outlet: Outlet) -> list[Link]:
        """Return the archive's articles that are as young as *links*, a list without a past."""
        moments = [link.published_at for link in links if link.published_at]
        if self.archive is None or not moments:
            return []
        return await asyncio.to_thread(published_since, self.archive, outlet.slug, min(moments))

    def missing(self, links: Iterable[Link], outlet: Outlet) -> None:
        """Note articles that a source listed last time and does not list now."""
        self.tallies[outlet.slug].missing += links

    async def look_for_withdrawn(self, walk: Walk) -> None:
        """Queue known articles that no source lists any more, a few at a time.

        Only where every source was read: else the article may stand in one that was not.
        """
        outlet = walk.outlet
        tally, seen = self.tallies[outlet.slug], self._seen.get(outlet.slug)
        lost = [
            link
            for link in tally.missing
            if url_key(link.url) not in tally.listed and seen is not None and link.url in seen
        ]
        tally.missing = []
        if walk.failed or self.window.limit is not None or self.is_backfill:
            return
        await self.again(lost[:_FEW], outlet)

    def is_satisfied(self, outlet: Outlet) -> bool:
        """Tell whether `--limit` is reached, so that no further source need be read."""
        limit = self.window.limit
        tally = self.tallies[outlet.slug]
        return limit is not None and tally.counts["articles"] + len(tally.queue) >= limit

    def room(self, outlet: Outlet) -> int | None:
        """Return how many articles `--limit` still wants; `None` without a limit."""
        limit = self.window.limit
        tally = self.tallies[outlet.slug]
        return None if limit is None else max(0, limit - tally.counts["articles"])

    def is_filled(self, found: Wanted, outlet: Outlet) -> bool:
        """Tell whether the posts of one answer are all that `--limit` still wants."""
        room = self.room(outlet)
        return room is not None and len(found.links) >= room

    def is_barren(self, links: Iterable[Link], outlet: Outlet) -> bool:
        """Tell whether none of *links* is an article: a sitemap of tags, authors, pages."""
        return not any(outlet.owns(one.url) and outlet.is_article(one.url) for one in links)

    def in_window(self, link: Link, outlet: Outlet) -> bool:
        """Tell whether an article may have been published in the window.

        Where the source says nothing, a date in the address does.
        """
        return not (self._is_too_old(link, outlet) or self._is_too_new(link, outlet))

    def _is_too_old(self, link: Link, outlet: Outlet) -> bool:
        since = self.window.since
        last = _days_of(link, ZoneInfo(outlet.timezone))[1] if since else None
        return since is not None and last is not None and last < since

    def _is_too_new(self, link: Link, outlet: Outlet) -> bool:
        until = self.window.until
        first = _days_of(link, ZoneInfo(outlet.timezone))[0] if until else None
        return until is not None and first is not None and first >= until

    def _queue(self, links: Sequence[Link], outlet: Outlet) -> None:
        plan = self.plans.get(outlet.slug)
        (self.tallies[outlet.slug].queue if plan is None else plan.links).extend(links)

    # Plans and schedules.

    def _resume(self, archive: Archive, slug: str) -> None:
        """Take up a plan where an earlier run left it."""
        since, until, tally = self.window.since, self.window.until, self.tallies[slug]
        plan = Plan(since, until)
        if not self.is_dry:
            plan = load_plan(archive, slug, since, until, is_local=self._takes_whole(slug))
        self.plans[slug] = plan
        self._resumed[slug] = plan.reached_at
        tally.queued.update(url_key(link.url) for link in plan.links)

    def _fetch(self, slug: str) -> None:
        """Queue what a plan still wants, the newest first."""
        plan, tally, seen = self.plans[slug], self.tallies[slug], self._seen.get(slug)
        if not self.is_dry:
            left = [one for one in plan.links if seen is None or one.url not in seen]
            tally.queue = deque(sorted(left, key=_newest_first))

    def keep_plan(self, outlet: Outlet) -> None:
        """Store the plan of a backfill whose sources are being read, unless that was just done."""
        with self._planning:
            plan, now = self.plans.get(outlet.slug), monotonic()
            if self.archive is None or plan is None or self.is_dry:
                return
            if not plan.is_complete and now < self._kept.get(outlet.slug, 0.0):
                return
            save_plan(self.archive, outlet.slug, plan, is_local=self._takes_whole(outlet.slug))
            # A long plan takes longer to store: nine tenths of the time are for other things.
            took = monotonic() - now
            self._kept[outlet.slug] = monotonic() + max(_KEPT_S, 9 * took)

    def _takes_whole(self, slug: str) -> bool:
        return self.tallies[slug].outlet.articles.content == "wordpress"

    def note(self, outlet: Outlet, *, is_whole: bool) -> None:
        """Store what the run taught of an outlet's sources.

        Args:
            outlet: Which.
            is_whole: Whether all that was wanted of it was fetched.
        """
        walk, plan = self._over.get(outlet.slug), self.plans.get(outlet.slug)
        if self.archive is not None and plan is not None:
            with self._planning:
                self._note_plan(self.archive, outlet, plan, is_whole=is_whole)
        if self.archive is None or walk is None or self.is_backfill:
            return
        schedule, now = self._schedule(outlet), datetime.now(UTC)
        for root in walk.roots:
            schedule.habits[root] = habit = _learned(schedule.habits.get(root), walk, root, now)
            if (since := dead_since(habit)) is not None:
                said = f"{root}: wanted an answer, found none since {since:%Y-%m-%d}"
                self.tallies[outlet.slug].notes.append(said)
        if is_whole and walk.is_complete and self.window == Window():
            schedule.is_open = False
            schedule.walked |= walk.ended - walk.failed
            schedule.crawled_on = now.astimezone(ZoneInfo(outlet.timezone)).date()
        elif walk.has_gap:
            schedule.is_open = True
        save_schedule(self.archive, outlet.slug, schedule)

    def _note_plan(self, archive: Archive, outlet: Outlet, plan: Plan, *, is_whole: bool) -> None:
        is_local = self._takes_whole(outlet.slug)
        if plan.is_complete and is_whole:
            del self.plans[outlet.slug]
            drop_plan(archive, outlet.slug, is_local=is_local)
            return
        save_plan(archive, outlet.slug, plan, is_local=is_local)
        tally = self.tallies[outlet.slug]
        if plan.is_complete and (left := len(tally.queue) + tally.asked):
            tally.faults.insert(0, f"{left} pages left; start it again with the same days")

    def _schedule(self, outlet: Outlet) -> Schedule:
        return self.schedules.setdefault(outlet.slug, Schedule())


def _last(archive: Archive, urls: Sequence[str], outlet: Outlet) -> dict[str, Capture]:
    """Return what is known of addresses, without validators that have hidden edits."""
    found = last_known(archive, urls, outlet.slug)
    if not any(one.etag or one.last_modified for one in found.values()):
        return found
    from pipelines.store.rechecks import Recent  # noqa: PLC0415  loads DuckDB, for the few that ask

    validators = Recent(archive, datetime.now(UTC)).validators(outlet)
    return {url: validators.condition(one) for url, one in found.items()}


def _learned(habit: Habit | None, walk: Walk, root: str, now: datetime) -> Habit:
    """Return what is known of a source after this run."""
    habit = habit or Habit()
    if root in walk.answered:
        return polled(
            habit,
            at=now,
            new=walk.fresh[root],
            elsewhere=walk.elsewhere[root],
            listed=walk.listed.get(root),
            requests=walk.requests[root],
            dates=walk.dates.get(root, ()),
        )
    return failed(habit, at=now) if root in walk.failed else habit


def _came_since(link: Link, fetched_at: datetime, polled_at: datetime) -> bool:
    """Tell whether others brought a link since its source was asked last, by all that is known."""
    stated = link.published_at or link.lastmod_at
    # A later look at an old article is no arrival.
    is_recent = stated is None or stated > polled_at - _ARRIVES
    return fetched_at > polled_at and is_recent


def _first_moment(day: date, outlet: Outlet) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(outlet.timezone)).astimezone(UTC)


def _days_of(link: Link, zone: ZoneInfo) -> tuple[date | None, date | None]:
    """Return the first and the last day on which an article may have been published."""
    if link.published_at:
        day = link.published_at.astimezone(zone).date()
        return day, day
    named = _DATED.search(link.url)
    if named is not None and named["day"]:
        with contextlib.suppress(ValueError):
            day = date(int(named["year"]), int(named["month"]), int(named["day"]))
            return day, day
    # It cannot be younger than its lastmod, but it can be older.
    last = link.lastmod_at.astimezone(zone).date() if link.lastmod_at else None
    if named is None:
        return None, last
    first = date(int(named["year"]), int(named["month"]), 1)
    ends = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first, min(last, ends) if last else ends


def _newest_first(link: Link) -> float:
    moment = link.published_at or link.lastmod_at
    if moment is None and (named := _DATED.search(link.url)):
        year, month, day = int(named["year"]), int(named["month"]), int(named["day"] or 1)
        with contextlib.suppress(ValueError):
            moment = datetime(year, month, day, tzinfo=UTC)
    return -moment.timestamp() if moment else 0.0
