"""`process` outside the event loop: in a pool of processes, or in one thread for a few pages."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from pipelines.process import process
from pipelines.records import Reason, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.outlets import Outlet
    from pipelines.records import Article, Page

_known: dict[str, Outlet] = {}


class Pool:
    """Runs `process`; results are the same to the letter whatever the number of workers."""

    def __init__(self, workers: int, outlets: Iterable[Outlet] = ()) -> None:
        """Take *workers* processes, 0 for a thread; *outlets* are sent to each process once."""
        self.workers = workers
        self._outlets = {outlet.slug: outlet for outlet in outlets}
        self._executor: ProcessPoolExecutor | None = None

    async def process(self, page: Page, outlet: Outlet) -> Article | Rejected:
        """Process one page; waits its turn."""
        if not self.workers:
            return await asyncio.to_thread(process, page, outlet)
        known = outlet.slug if self._outlets.get(outlet.slug) is outlet else outlet
        for _ in range(2):
            executor = self._running()
            try:
                return await asyncio.wrap_future(executor.submit(_work, page, known))
            except BrokenProcessPool:
                # A worker died, of this page or of its neighbour's: once more in a new pool.
                if self._executor is executor:
                    self._executor = None
        return Rejected(
            reason=Reason.UNDECODABLE, detail="two workers died while reading it", url=page.url
        )

    def close(self) -> None:
        """End the processes."""
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def _running(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self.workers,
                # Spawned: deltalake does not survive a fork.
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start,
                initargs=(self._outlets,),
            )
        return self._executor


def workers_here() -> int:
    """Return how many processes this machine can keep busy beside the crawl."""
    return max(1, len(os.sched_getaffinity(0)))


def _start(outlets: dict[str, Outlet]) -> None:
    # Ctrl-C reaches the whole process group; the crawl ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _known.update(outlets)


def _work(page: Page, outlet: Outlet | str) -> Article | Rejected:
    return process(page, _known[outlet] if isinstance(outlet, str) else outlet)
