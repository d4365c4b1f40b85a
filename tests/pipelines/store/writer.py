"""A process of its own that writes to an archive or recovers it, and may kill itself midway."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Literal

from pipelines.process import process
from pipelines.store.archive import open_archive
from pipelines.store.commit import Run, recover
from tests.pipelines.store.newsroom import article, outlet, outlet_of, page

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess


@dataclass(frozen=True, kw_only=True)
class Job:
    """What the process shall do."""

    do: Literal["write", "recover"]
    uri: str
    writer: int = 0
    commits: int = 1
    """How many commits, each of one article that all writers share and one of its own."""
    die_at: str = ""
    """The step at which it kills itself: as `Steps` calls them, or `stored`, `settled`."""


# Forked from a process that has imported everything and run nothing: a fresh start takes two
# seconds, and deltalake survives no fork once it has run.
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload([__name__])


def start(job: Job) -> ForkServerProcess:
    """Start the process, in this one's environment."""
    process = _PROCESSES.Process(target=_do, args=(job, dict(os.environ)))
    process.start()
    return process


def finish(process: ForkServerProcess, job: Job) -> None:
    """Wait for the process to end as *job* says it must."""
    process.join(timeout=800)
    assert process.exitcode == (-signal.SIGKILL if job.die_at else 0), job
    process.close()


def run(job: Job) -> None:
    """Run the process to its end."""
    finish(start(job), job)


def _do(job: Job, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    (_write if job.do == "write" else _recover)(job)


def _write(job: Job) -> None:
    def steps(name: str) -> None:
        if name == job.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    by = outlet()
    with (
        closing(open_archive(job.uri)) as archive,
        Run(archive, command="crawl", outlet_of=outlet_of, steps=steps) as run,
    ):
        for number in range(job.commits):
            mine = f"Laporan ke-{number} dari penulis {job.writer}."
            for name in ("bersama", f"{job.writer}-{number}"):
                # All of one time: none is older than what another writer committed meanwhile.
                of = page(name, mine)
                capture = run.store(of, by)
                steps("stored")
                run.settle(capture.capture_id, article(of, by))
            steps("settled")
            run.commit(everything=True)


def _recover(job: Job) -> None:
    def steps(name: str) -> None:
        if name == job.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    with closing(open_archive(job.uri)) as archive:
        recover(archive, outlet_of=outlet_of, process=process, steps=steps)
