"""Looks again at the articles that are due, under the outlets' leases, as a crawl fetches new ones.

What is due is read from the archive's tables once the leases are held, for another run may just
have looked. What was noticed of an outlet's validators is read from them after the last commit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.pool import workers_here
from crawler.run import Crawled, contact_of, fetch_under_lease, job_for, rules_of
from pipelines.process import process
from pipelines.records import Link
from pipelines.store.commit import recover
from pipelines.store.rechecks import MOST, Recent
from pipelines.wordpress import post_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crawler.job import Job
    from pipelines.outlets import Outlet
    from pipelines.store.archive import Archive
    from pipelines.store.config import Registry, Settings
    from pipelines.store.rechecks import Found


def recheck(
    outlets: Sequence[Outlet],
    *,
    archive: Archive,
    registry: Registry,
    settings: Settings,
    limit: int | None = None,
    everything: bool = False,
    quiet: bool = False,
    now: datetime | None = None,
) -> list[Crawled]:
    """Ask for the articles that are due and archive what came of them.

    Args:
        outlets: Whose.
        archive: Where they are.
        registry: All outlets.
        settings: How to ask.
        limit: Most articles of each outlet; of those that are due never more than `MOST`.
        everything: Whether all recent articles are meant, due or not.
        quiet: Whether nobody wants to see progress.
        now: When they are to be due; `None` for the present.
    """
    contact_of(settings, outlets)  # before anything is written
    archive.check()
    recover(archive, outlet_of=rules_of(registry), process=process, items_in=post_ids)
    job = job_for(
        "recheck",
        outlets,
        registry,
        settings,
        archive=archive,
        links={},
        workers=workers_here(),
        is_quiet=quiet,
    )
    job.robots_cache = archive.spool / "robots"  # started again and again, as `crawl --due`
    due: dict[str, Found] = {}

    def learn() -> None:
        recent = Recent(archive, now or datetime.now(UTC))
        for outlet in list(job.outlets):
            job.renew()
            most = limit if everything else min(limit or MOST, MOST)
            found = recent.found(outlet, limit=most, everything=everything)
            if found.due:
                due[outlet.slug] = found
                _queue(job, outlet, found, recent)
            else:
                job.leave_out(outlet.slug)

    done = fetch_under_lease(job, outlets, archive=archive, settings=settings, learn=learn)
    return _in_order(done, outlets, _noticed(archive, outlets, due))


def waiting(
    outlets: Sequence[Outlet],
    *,
    archive: Archive,
    limit: int | None = None,
    everything: bool = False,
    now: datetime | None = None,
) -> dict[str, int]:
    """Return how many articles `recheck` would look at; asks nobody and stores nothing."""
    archive.check()
    recent = Recent(archive, now or datetime.now(UTC))
    return {
        one.slug: len(recent.found(one, limit=limit, everything=everything).due) for one in outlets
    }


def _queue(job: Job, outlet: Outlet, found: Found, recent: Recent) -> None:
    job.coverage.known.update(recent.known(found, outlet))
    job.tallies[outlet.slug].queue.extend(Link(url=one.url) for one in found.due)


def _noticed(
    archive: Archive, outlets: Iterable[Outlet], asked: Mapping[str, Found]
) -> dict[str, str]:
    """Say what the validators of the outlets that were asked did, this run's answers included."""
    if not asked:
        return {}
    recent = Recent(archive, datetime.now(UTC))
    said = {one.slug: recent.validators(one).noticed() for one in outlets if one.slug in asked}
    return {slug: line for slug, line in said.items() if line is not None}


def _in_order(
    done: Iterable[Crawled], outlets: Iterable[Outlet], noticed: Mapping[str, str]
) -> list[Crawled]:
    """Report in the order in which outlets were named, those without anything due included."""
    by_slug = {one.outlet: one for one in done}
    reports = [by_slug.get(outlet.slug) or Crawled(outlet=outlet.slug) for outlet in outlets]
    return [
        replace(one, faults=(noticed[one.outlet], *one.faults)) if one.outlet in noticed else one
        for one in reports
    ]
