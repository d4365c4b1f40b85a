"""`process` outside the event loop: in a pool of processes, or in one thread for a few pages."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from pipelines.process import process

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.outlets import Outlet
    from pipelines.records import Article, Page, Rejected

LONGEST_S = 120.0
"""How long a page may take, its turn included."""

_PR_SET_PDEATHSIG = 1
_known: dict[str, Outlet] = {}


class Pool:
    """Runs `process`; results are the same to the letter whatever the number of workers."""

    def __init__(self, workers: int, outlets: Iterable[Outlet] = ()) -> None:
        """Take *workers* processes, 0 for a thread; *outlets* are sent to each process once."""
        self.workers = workers
        self._outlets = {outlet.slug: outlet for outlet in outlets}
        self._executor: ProcessPoolExecutor | None = None

    async def process(self, page: Page, outlet: Outlet) -> Article | Rejected:
        """Process one page; waits its turn.

        Raises:
            BrokenProcessPool: A worker died of this very page.
            TimeoutError: It took longer than `LONGEST_S`.
        """
        if not self.workers:
            return await asyncio.to_thread(process, page, outlet)
        known = outlet.slug if self._outlets.get(outlet.slug) is outlet else outlet
        executor = self._running()
        try:
            return await asyncio.wait_for(
                asyncio.wrap_future(executor.submit(_work, page, known)), LONGEST_S
            )
        except TimeoutError:
            # Nothing else ends a regex that runs away; the neighbours are processed again.
            self._kill(executor)
            raise
        except BrokenProcessPool:
            # A worker died, of this page or of its neighbour's: each once more, alone.
            if self._executor is executor:
                self._executor = None
        alone = _executor(1, self._outlets)
        try:
            return await asyncio.wait_for(
                asyncio.wrap_future(alone.submit(_work, page, known)), LONGEST_S
            )
        finally:
            self._kill(alone)

    def close(self) -> None:
        """End the processes, whatever they are at."""
        if self._executor is not None:
            self._kill(self._executor)

    def _kill(self, executor: ProcessPoolExecutor) -> None:
        if self._executor is executor:
            self._executor = None
        # No public way before Python 3.14 (kill_workers).
        for worker in list((executor._processes or {}).values()):  # noqa: SLF001
            worker.kill()
        executor.shutdown(wait=False, cancel_futures=True)

    def _running(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = _executor(self.workers, self._outlets)
        return self._executor


def _executor(workers: int, outlets: dict[str, Outlet]) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers,
        # Spawned: deltalake does not survive a fork.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(outlets,),
    )


def workers_here() -> int:
    """Return how many processes this machine can keep busy beside the crawl."""
    return max(1, len(os.sched_getaffinity(0)))


def _start(outlets: dict[str, Outlet]) -> None:
    # Ctrl-C reaches the whole process group; the crawl ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):  # Linux only: die with the crawl
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _known.update(outlets)


def _work(page: Page, outlet: Outlet | str) -> Article | Rejected:
    return process(page, _known[outlet] if isinstance(outlet, str) else outlet)
