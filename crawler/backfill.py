"""What a backfill would fetch, from which source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.run import contact_of, fetch, job_for
from pipelines.asking import POSTS_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.job import Job
    from crawler.tally import Window
    from pipelines.outlets import Outlet
    from pipelines.store.archive import Archive
    from pipelines.store.config import Registry, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSource:
    """What one source of an outlet gives in the window."""

    source: str
    urls: int
    """Articles that it was the first to name, or that the archive has."""
    archived: int
    wanted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a backfill of one outlet would fetch."""

    outlet: str
    sources: Sequence[PlannedSource]
    seconds: float
    """What the pause between requests alone takes."""
    faults: Sequence[str]

    def least(self) -> str:
        """Return `seconds` as a person says it."""
        return str(timedelta(seconds=round(self.seconds)))


def planned(
    outlets: Sequence[Outlet],
    *,
    archive: Archive,
    registry: Registry,
    settings: Settings,
    window: Window,
    quiet: bool,
) -> list[Plan]:
    """Read the sources of each outlet, fetch no page, and store nothing."""
    contact_of(settings, outlets)
    archive.check()
    job = job_for(
        "backfill",
        outlets,
        registry,
        settings,
        archive=archive,
        stores=False,
        window=window,
        is_quiet=quiet,
    )
    try:
        job.learn()
        fetch(job, settings)
    finally:
        job.finish()
    return [_plan(job, outlet) for outlet in outlets]


def _plan(job: Job, outlet: Outlet) -> Plan:
    tally = job.tallies[outlet.slug]
    roots = dict.fromkeys((*tally.by_source, *tally.known_by_source))
    sources = [
        PlannedSource(
            source=root,
            urls=tally.by_source[root] + tally.known_by_source[root],
            archived=tally.known_by_source[root],
            wanted=tally.by_source[root],
        )
        for root in roots
    ]
    wanted = sum(one.wanted for one in sources)
    requests = wanted / POSTS_AT_ONCE if outlet.articles.content == "wordpress" else wanted
    return Plan(
        outlet=outlet.slug,
        sources=sources,
        seconds=requests * outlet.fetch.delay_s,
        faults=tally.faults,
    )
