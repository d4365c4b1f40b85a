"""Runs a job from start to end: recovery, leases, the crawl itself, the last commit, publishing."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import os
import signal
import sys
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

from crawler.demo.posts import SITE
from crawler.demo.site import serve
from crawler.job import Job
from crawler.middlewares.guard import GuardedResolver
from crawler.pool import workers_here
from crawler.sink import Result
from crawler.spider import OutletSpider
from crawler.tally import Window
from pipelines.asking import roots_of
from pipelines.diff import word_diff
from pipelines.errors import HeldError, UsageError
from pipelines.outlets import generic_outlet
from pipelines.process import process
from pipelines.records import Outcome
from pipelines.store.archive import open_archive
from pipelines.store.commit import last_capture, recover
from pipelines.store.config import CONFIG_DIR, load_registry, load_settings
from pipelines.store.expected import shortfalls
from pipelines.store.lease import take
from pipelines.store.preview import preview
from pipelines.store.publish import publish, published_at
from pipelines.store.schedule import load_schedules
from pipelines.wordpress import post_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crawler.job import Command
    from pipelines.outlets import Outlet
    from pipelines.records import Article, Capture
    from pipelines.store.archive import Archive
    from pipelines.store.commit import Row
    from pipelines.store.config import Registry, Settings


DEMO = "demo"
"""Slug of the bundled outlet."""
GRACE_S = 15.0
"""How long a stopped run waits for answers under way; half of what it may take to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recrawled:
    """What `recrawl` says of one URL."""

    url: str
    status: str
    """`new`, `changed`, `unchanged`, `gone`, `rejected` or `error`."""
    article_id: str | None = None
    revision: int | None = None
    extraction: int | None = None
    reason: str | None = None
    detail: str | None = None
    diff: str | None = None
    """Words removed as ``[-…-]``, words added as ``{+…+}``."""
    capture_id: str | None = None
    article: Article | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """What `crawl` says of one outlet."""

    outlet: str
    requests: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    gone: int = 0
    errors: int = 0
    seconds: float = 0.0
    held: bool = False
    faults: tuple[str, ...] = ()
    """One line each."""
    failed: bool = False
    """It needs a look: nothing of it could be read, or fields fell below what its file expects."""
    stopped: bool = False
    """A signal ended the run early."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing was asked for and nothing is to be said."""
        return not (self.requests or self.held or self.faults or self.failed or self.stopped)


def rules_of(registry: Registry) -> Callable[[str], Outlet]:
    """Return slug -> outlet; a slug without a file is a registered domain with generic rules."""

    def outlet_of(slug: str) -> Outlet:
        known = registry.outlets.get(slug)
        return known or generic_outlet(f"http://{slug}/")

    return outlet_of


def contact_of(settings: Settings, outlets: Sequence[Outlet]) -> str:
    """Return the contact address for the User-Agent.

    Raises:
        UsageError: There is none, and a real outlet would be asked.
    """
    contact = settings.contact or os.environ.get("KLIPING_CONTACT", "").strip()
    if not contact and any(not one.allow_private_network for one in outlets):
        raise UsageError(
            "kliping.toml: contact: wanted an e-mail address or page that outlets can "
            "complain to, found nothing; set it there or in KLIPING_CONTACT"
        )
    return contact or "loopback"


def job_for(
    command: Command,
    outlets: Sequence[Outlet],
    registry: Registry,
    settings: Settings,
    **more: Any,  # noqa: ANN401  what else `Job` takes
) -> Job:
    """Make a job by what the configuration says of everybody's requests."""
    return Job(
        command=command,
        outlets=outlets,
        outlet_of=rules_of(registry),
        contact=contact_of(settings, outlets),
        # As sent; `process` bounds what it unpacks to.
        page_bytes=2 * settings.politeness.max_page_bytes,
        source_bytes=settings.politeness.max_source_bytes,
        **more,
    )


def recrawl(
    urls: Sequence[str],
    *,
    archive: Archive,
    registry: Registry,
    settings: Settings,
    dry_run: bool = False,
) -> list[Recrawled]:
    """Fetch pages now and store them; needs no lease and is safe beside anything."""
    asked = [(url, registry.for_url(url)) for url in dict.fromkeys(urls)]
    outlets = list({outlet.slug: outlet for _, outlet in asked}.values())
    contact_of(settings, outlets)  # before anything is written
    archive.check()
    if not dry_run:
        recover(archive, outlet_of=rules_of(registry), process=process, items_in=post_ids)
    found = {url: last_capture(archive, url, outlet.slug) for url, outlet in asked}
    job = job_for(
        "recrawl",
        outlets,
        registry,
        settings,
        archive=archive,
        stores=not dry_run,
        urls=asked,
        known={url: capture for url, capture in found.items() if capture is not None},
    )
    fetch(job, settings)
    rows: list[Row] = job.rows
    if dry_run:
        made = [one.article for one in job.results if one.article is not None]
        rows = preview(archive, made, outlet_of=rules_of(registry))
    elif settings.publish == "run":
        publish(archive)
    by_url = {result.url: result for result in job.results}
    return [
        _recrawled(by_url.get(url) or _stopped(url, outlet, job), rows, found[url])
        for url, outlet in asked
    ]


def _stopped(url: str, outlet: Outlet, job: Job) -> Result:
    return Result(
        url=url,
        outlet=outlet.slug,
        outcome=Outcome.ERROR,
        reason="stopped",
        detail=f"wanted an answer, found {job.stopped_by or 'the end'}",
    )


def _row_of(rows: Sequence[Row], capture_id: str | None, article_id: str | None) -> Row | None:
    """Find what a commit said of a page; a newer extraction says more than a revisit."""
    own = [row for row in rows if article_id and row.article_id == article_id]
    exact = [row for row in own if row.capture_id == capture_id]
    told = [row for row in own if row.status == "extracted"]
    return next(iter([*told, *exact, *own]), None)


def _recrawled(result: Result, rows: Sequence[Row], known: Capture | None) -> Recrawled:
    capture_id = result.capture.capture_id if result.capture else None
    identifier = None
    if result.article is not None:
        identifier = result.article.article_id
    elif known is not None:
        identifier = known.article_id
    row = _row_of(rows, capture_id, identifier)
    base: dict[str, Any] = {
        "url": result.url,
        "capture_id": capture_id,
        "article_id": identifier,
        "article": result.article,
        "revision": row.revision if row else None,
        "extraction": row.extraction if row else None,
    }
    if result.outcome in (Outcome.ARTICLE, Outcome.UNCHANGED):
        status = row.status if row else "unchanged"
        diff = None
        if row is not None and status == "changed" and row.previous and result.article:
            title, body = row.previous
            diff = word_diff(f"{title}\n{body}", f"{result.article.title}\n{result.article.body}")
        return Recrawled(status="unchanged" if status == "extracted" else status, diff=diff, **base)
    return Recrawled(status=str(result.outcome), reason=result.reason, detail=result.detail, **base)


def crawl(
    outlets: Sequence[Outlet],
    *,
    archive: Archive,
    registry: Registry,
    settings: Settings,
    window: Window,
    command: Command = "crawl",
    due: bool = False,
    dry_run: bool = False,
    quiet: bool = False,
) -> list[Crawled]:
    """Find what each outlet has and archive what is wanted of it.

    Args:
        outlets: Which; those that another run holds are left out.
        archive: Where to.
        registry: All outlets.
        settings: How.
        window: Which links count.
        command: `crawl` for what is new, `backfill` for the past.
        due: Ask only sources that are due by their schedule.
        dry_run: Store nothing; a backfill only says what it would fetch.
        quiet: Show no progress.
    """
    contact_of(settings, outlets)  # before anything is written
    archive.check()
    if due:
        outlets = _due(archive, outlets)
        if not outlets:
            return []
    if command == "backfill":
        outlets = [_one_by_one(outlet) for outlet in outlets]
    if not dry_run:
        recover(archive, outlet_of=rules_of(registry), process=process, items_in=post_ids)
    job = job_for(
        command,
        outlets,
        registry,
        settings,
        archive=archive,
        stores=not dry_run,
        window=window,
        workers=workers_here(),
        is_by_schedule=due,
        is_quiet=quiet,
    )
    if due or command == "backfill":  # started again and again: a robots.txt may be a day old
        job.robots_cache = archive.spool / "robots"
    return fetch_under_lease(job, outlets, archive=archive, settings=settings, learn=job.learn)


def _due(archive: Archive, outlets: Sequence[Outlet]) -> list[Outlet]:
    """Return the outlets that have a source due."""
    now = datetime.now(UTC)
    schedules = load_schedules(archive, [one.slug for one in outlets])
    return [one for one in outlets if schedules[one.slug].due(roots_of(one), now)]


def _one_by_one(outlet: Outlet) -> Outlet:
    """Ask for the past one request after another: it does not run away.

    Nor is more than one page fetched again where the run is killed.
    """
    return replace(outlet, fetch=replace(outlet.fetch, concurrency=1))


def fetch_under_lease(
    job: Job,
    outlets: Sequence[Outlet],
    *,
    archive: Archive,
    settings: Settings,
    learn: Callable[[], object],
) -> list[Crawled]:
    """Take the leases, run a job to its end, publish, and say what it did at each outlet.

    Args:
        job: What to fetch; finished when this returns, whatever happened.
        outlets: Those asked for; what another run holds is left out.
        archive: Where the leases lie.
        settings: How to ask.
        learn: Is called under the leases, to read what the archive knows; it may leave outlets out.
    """
    is_dry = job.run is None
    try:
        held = _held(job, archive, outlets)
        if job.outlets:
            learn()
        if job.outlets:
            fetch(job, settings)
    finally:
        job.finish()
    if job.command == "crawl" and not is_dry:
        for slug, line in shortfalls(archive, job.outlets, datetime.now(UTC)).items():
            job.tallies[slug].notes.append(line)
    if len(held) < len(outlets) and not is_dry and _is_publishing_due(archive, settings):
        publish(archive)
    reports = [_crawled(job, slug, dry_run=is_dry) for slug in job.tallies]
    return [*reports, *(Crawled(outlet=slug, held=True) for slug in held)]


def _held(job: Job, archive: Archive, outlets: Sequence[Outlet]) -> list[str]:
    """Take the lease of each outlet; return those that another run holds, and leave them out."""
    held = []
    if job.run is not None:
        for outlet in outlets:
            try:
                job.hold(take(archive, outlet.slug, job.run.run_id))
            except HeldError:
                held.append(outlet.slug)
    job.outlets = [outlet for outlet in outlets if outlet.slug not in held]
    for slug in held:
        del job.tallies[slug]
    return held


def _is_publishing_due(archive: Archive, settings: Settings) -> bool:
    """Tell whether `latest/` follows this run: always, once a UTC day, or never by itself."""
    if settings.publish == "daily":
        last = published_at(archive)
        return last is None or last.date() < datetime.now(UTC).date()
    return settings.publish == "run"


def _crawled(job: Job, slug: str, *, dry_run: bool) -> Crawled:
    tally = job.tallies[slug]
    counts = tally.counts
    look = tally.needs_a_look()
    return Crawled(
        outlet=slug,
        requests=counts["requests"],
        new=counts["articles"] if dry_run else counts["new"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        rejected=counts["rejected"],
        gone=counts["gone"],
        errors=counts["errors"],
        seconds=round(tally.seconds, 2),
        faults=tuple(dict.fromkeys((*look, *tally.faults))),
        failed=bool(look),
        stopped=job.stopped_by is not None,
    )


def sample(
    outlets: Sequence[Outlet], registry: Registry, settings: Settings, *, wanted: int
) -> list[tuple[Outlet, list[Article], list[str]]]:
    """Fetch a few of each outlet's newest articles and store nothing."""
    job = job_for(
        "crawl",
        outlets,
        registry,
        settings,
        archive=None,
        window=Window(limit=wanted),
        keeps_results=True,
    )
    fetch(job, settings)
    found: dict[str, list[Article]] = {outlet.slug: [] for outlet in outlets}
    for result in job.results:
        if result.article is not None:
            found[result.outlet].append(result.article)
    return [(one, found[one.slug], job.tallies[one.slug].faults) for one in outlets]


def fetch(job: Job, settings: Settings) -> None:
    """Run the spider over a job to its end, in this process.

    SIGINT and SIGTERM let what is in hand end, for at most `GRACE_S`; then what was archived is
    committed. A second one ends the process at once: the spool keeps what was archived.
    """
    GuardedResolver.allow(job.outlets)
    process = AsyncCrawlerProcess(scrapy_settings(settings))
    use_daemon_threads()
    with contextlib.ExitStack() as stack:
        if any(outlet.slug == DEMO for outlet in job.outlets):
            job.proxies = stack.enter_context(_demo())
        task = process.crawl(OutletSpider, job=job)
        after_the_loop = _stop_on_signals(process, job)
        process.start(install_signal_handlers=False)
        if job.stopped_by:
            after_the_loop()
    try:
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            raise error
        if job.failure is not None:
            raise job.failure
    finally:
        job.finish()


def use_daemon_threads() -> None:
    """Keep Twisted's threads, one of which may hang in DNS, from keeping the process alive."""
    from twisted.internet import reactor  # noqa: PLC0415  exists once the process was made

    pool = reactor.getThreadPool()
    pool.threadFactory = functools.partial(threading.Thread, daemon=True)


@contextlib.contextmanager
def _demo() -> Iterator[dict[str, str]]:
    """Run the bundled site; it is reached as through a proxy, so its port is in no address."""
    stage = os.environ.get("DEMO_STAGE", "1")
    if stage not in ("1", "2"):
        raise UsageError(f"DEMO_STAGE: wanted 1 or 2, found {stage!r}")
    with serve(int(stage)) as site:
        yield {str(urlsplit(SITE).hostname): site.local_url}


def _stop_on_signals(process: AsyncCrawlerProcess, job: Job) -> Callable[[], None]:
    """Let the first signal end the run in order; return what must follow the loop's end."""
    loop = asyncio.get_event_loop()

    def leave(number: int) -> None:
        job.abandon()
        os._exit(128 + number)

    def stop(number: signal.Signals) -> None:
        if job.stopped_by:
            leave(number)
        job.stopped_by = number.name
        print(f"kliping: {number.name}: committing what is in hand …", file=sys.stderr)
        asyncio.ensure_future(process.stop())  # noqa: RUF006  the loop ends with it
        loop.call_later(GRACE_S, loop.stop)  # what still hangs is left to itself

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)

    def after_the_loop() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
            signal.signal(number, lambda got, _: leave(got) if job.stopped_by else sys.exit(1))

    return after_the_loop


def scrapy_settings(settings: Settings) -> ScrapySettings:
    """Return Scrapy's settings with what `config/kliping.toml` says of politeness."""
    found = ScrapySettings()
    found.setmodule("crawler.settings", priority="project")
    found.set("TRANSFERS", settings.politeness.total_concurrency, priority="cmdline")
    found.set("RETRY_TIMES", settings.politeness.retries, priority="cmdline")
    found.set("DOWNLOAD_TIMEOUT", settings.politeness.timeout_s, priority="cmdline")
    found.set(
        "DOWNLOAD_MAXSIZE",
        max(settings.politeness.max_page_bytes, settings.politeness.max_source_bytes),
        priority="cmdline",
    )
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    return found


def job_for_scrapy(slug: str | None) -> Job:
    """Make the job of ``python -m scrapy crawl outlet -a slug=…`` from the environment.

    Raises:
        UsageError: No slug was given.
    """
    folder = Path(os.environ.get("KLIPING_CONFIG") or CONFIG_DIR)
    registry, settings = load_registry(folder), load_settings(folder)
    if not slug:
        raise UsageError("crawl outlet: wanted -a slug=OUTLET, found none")
    outlet = registry.get(slug)
    archive = open_archive(os.environ.get("KLIPING_ARCHIVE") or settings.archive)
    recover(archive, outlet_of=rules_of(registry), process=process, items_in=post_ids)
    GuardedResolver.allow([outlet])
    job = job_for("crawl", [outlet], registry, settings, archive=archive)
    if job.run is not None:
        job.hold(take(archive, outlet.slug, job.run.run_id))
    stack = contextlib.ExitStack()
    job.learn()
    if slug == DEMO:
        job.proxies = stack.enter_context(_demo())

    def end() -> None:
        stack.close()
        if settings.publish == "run":
            publish(archive)

    job.at_end = end
    return job
