"""How far a run is: a bar on a terminal, a plain line now and then elsewhere, on standard error."""

from __future__ import annotations

import asyncio
import sys
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

if TYPE_CHECKING:
    from crawler.job import Job

_BAR_S = 0.2
_LINE_S = 30.0


async def show(job: Job) -> None:
    """Show a job's progress until cancelled."""
    if sys.stderr.isatty():
        await _bar(job)
    else:
        await _lines(job)


async def _bar(job: Job) -> None:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("pages"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[rest]}"),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading sources", total=None, rest="")
        while True:
            done, known = job.progress()
            progress.update(
                task,
                description=job.command if known else "reading sources",
                completed=done,
                total=known or None,
                rest=_rest(job),
            )
            await asyncio.sleep(_BAR_S)


async def _lines(job: Job) -> None:
    started = monotonic()
    while True:
        await asyncio.sleep(_LINE_S)
        done, known = job.progress()
        seconds = monotonic() - started
        print(
            f"{job.command}: {done} of {known} pages known so far, {seconds:.0f} s{_rest(job)}",
            file=sys.stderr,
            flush=True,
        )


def _rest(job: Job) -> str:
    """Say how long it will take at the present pace; nothing where nobody can know."""
    seconds = job.rest_s()
    if not seconds:
        return ""
    minutes = round(seconds / 60)
    if minutes < 1:
        return ", less than a minute left"
    hours, minutes = divmod(minutes, 60)
    return f", about {hours} h {minutes} min left" if hours else f", about {minutes} min left"
