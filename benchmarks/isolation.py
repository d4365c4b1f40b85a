"""Whether outlets in trouble slow the others down.

Crawls seventeen healthy loopback outlets with the command itself, alone and beside three others:
one answers 429 with Retry-After, one accepts connections and never answers, one answers 500. The
runs come in pairs, each into a fresh folder. What is measured is the time from the first request
that any site got to the last page of the seventeen, by the sites' own log; the run itself ends
later beside a host that hangs. Ends with 1 where the median of the pairs' ratios is above 1.10, or
where a page of the seventeen was not asked for.

    python -m benchmarks.isolation --pairs 5
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from benchmarks.newsstand import OUTLET, Connection, response

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = 1.10
"""Time beside the outlets in trouble, in times alone."""
Trouble = Literal["", "busy", "silent", "broken"]
_TROUBLES: tuple[Trouble, ...] = ("busy", "silent", "broken")
_made = cache(response)
"""The same pages at all sites, made once: the crawl shall not wait for their making."""
_BUSY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"
_BROKEN = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 5\r\n\r\nrusak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What each run is like."""

    healthy: int = 17
    """Outlets without trouble."""
    pages: int
    """Per outlet."""
    delay_s: float
    timeout_s: float
    total_concurrency: int = 64
    is_late: bool
    """Whether the three let their robots.txt and sitemaps be read, and only then are in trouble."""
    is_cut: bool = False
    """Whether the run is ended as soon as the healthy ones are complete."""


@dataclass(slots=True)
class Site:
    """One outlet on loopback and its log."""

    slug: str
    trouble: Trouble
    plan: Plan
    port: int = 0
    first_at: float | None = None
    """Of any request; on the monotonic clock."""
    pages: dict[str, float] = field(default_factory=dict)
    """Path -> when it was answered last."""

    def is_done(self) -> bool:
        """Tell whether every page was asked for, where that can be expected."""
        return bool(self.trouble) or len(self.pages) == self.plan.pages

    def outlet(self) -> str:
        """Return its outlet file."""
        text = OUTLET.format(url=f"http://127.0.0.1:{self.port}")
        text = text.replace('"127.0.0.1"', f'"127.0.0.1:{self.port}"')
        text = text.replace("Kios Uji", f"Kios {self.slug}").replace("concurrency = 8", "")
        return text.replace("delay_s = 0.0", f"delay_s = {self.plan.delay_s}")

    def response(self, path: str, host: bytes) -> bytes | None:
        """Return what it answers; `None` for never."""
        now = time.monotonic()
        self.first_at = self.first_at or now
        if self.trouble and (path.startswith("/berita/") or not self.plan.is_late):
            return {"busy": _BUSY, "broken": _BROKEN, "silent": None}[self.trouble]
        if path.startswith("/berita/"):
            self.pages[path] = now
            host = b""  # it is on no page
        return _made(path, host, pages=self.plan.pages)


@contextlib.contextmanager
def _serving(sites: Sequence[Site]) -> Iterator[None]:
    """Serve all sites from a thread of this process."""
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def serve() -> None:
        async with contextlib.AsyncExitStack() as stack:
            for site in sites:
                server = await loop.create_server(
                    partial(Connection, site.response), "127.0.0.1", 0
                )
                stack.callback(server.close)
                site.port = server.sockets[0].getsockname()[1]
            ready.set()
            await over.wait()

    ready = threading.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.run_until_complete(asyncio.sleep(0))  # lets connections close
        loop.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one run took."""

    healthy_s: float
    """Until the last page of the healthy ones."""
    run_s: float
    """Until the command ended."""


def crawled(plan: Plan, folder: Path, *, with_troubles: bool) -> Taken:
    """Crawl the healthy outlets, or all, into *folder*.

    Raises:
        RuntimeError: A page of a healthy one was not asked for.
    """
    # The three come first, as they would in a crawl that goes by the alphabet.
    sites = [Site(f"a-{trouble}", trouble, plan) for trouble in _TROUBLES if with_troubles]
    sites += [Site(f"kios-{n:02}", "", plan) for n in range(plan.healthy)]
    config = folder / "config"
    (config / "outlets").mkdir(parents=True)
    (config / "kliping.toml").write_text(
        f"[politeness]\ntimeout_s = {plan.timeout_s}\n"
        f"total_concurrency = {plan.total_concurrency}\n"
    )
    with _serving(sites):
        for site in sites:
            (config / "outlets" / f"{site.slug}.toml").write_text(site.outlet())
        options = ["--archive", str(folder / "archive"), "--config", str(config), "--quiet"]
        started = time.monotonic()
        with subprocess.Popen(  # noqa: S603  the project's own command
            [sys.executable, "-m", "crawler", *options, "crawl"],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        ) as command:  # ends with 1: three outlets need a look
            while command.poll() is None:
                if plan.is_cut and all(map(Site.is_done, sites)):
                    command.kill()
                    command.wait()
                time.sleep(0.05)
        run_s = time.monotonic() - started
    for site in sites:
        if not site.is_done():
            raise RuntimeError(f"{site.slug}: wanted {plan.pages} pages, found {len(site.pages)}")
    first = min(site.first_at for site in sites if site.first_at is not None)
    last = max(max(site.pages.values()) for site in sites if not site.trouble)
    return Taken(healthy_s=last - first, run_s=run_s)


def pair(plan: Plan, number: int) -> float:
    """Crawl alone and beside the three, in turn first; say it and return the ratio."""
    found: dict[bool, Taken] = {}
    for with_troubles in (False, True) if number % 2 else (True, False):
        with tempfile.TemporaryDirectory(prefix="kliping-isolation-") as folder:
            found[with_troubles] = crawled(plan, Path(folder), with_troubles=with_troubles)
    alone, beside = found[False], found[True]
    ratio = beside.healthy_s / alone.healthy_s
    sys.stdout.write(
        f"pair {number}: seventeen alone {alone.healthy_s:.1f} s, beside three in trouble "
        f"{beside.healthy_s:.1f} s, ratio {ratio:.3f}; whole runs {alone.run_s:.0f} s and "
        f"{beside.run_s:.0f} s\n"
    )
    sys.stdout.flush()
    return ratio


def main() -> int:
    """Crawl pair after pair and compare."""
    parser = argparse.ArgumentParser(description="Whether outlets in trouble slow others down.")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--pages", type=int, default=20, help="per outlet")
    parser.add_argument("--delay", type=float, default=0.5, metavar="S", help="fetch.delay_s")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="S", help="timeout_s")
    parser.add_argument(
        "--at-once", action="store_true", help="the three answer not even for their sitemaps"
    )
    options = parser.parse_args()
    plan = Plan(
        pages=options.pages,
        delay_s=options.delay,
        timeout_s=options.timeout,
        is_late=not options.at_once,
    )
    try:
        ratios = [pair(plan, number) for number in range(1, options.pairs + 1)]
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    median = statistics.median(ratios)
    sys.stdout.write(f"median {median:.3f}, wanted {ALLOWED:.2f} at most\n")
    return int(median > ALLOWED)


if __name__ == "__main__":
    os.environ.pop("KLIPING_ARCHIVE", None)
    sys.exit(main())
