"""`kliping import`: pages of someone else's WARC into the archive."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections import Counter
from dataclasses import asdict
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from crawler import screen
from crawler.app import LOOK, Json, State, app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.store.importing import Imported
    from pipelines.store.taking import Submit

_AHEAD = 4
"""Pages under way per process, so that none waits for the reading."""
_SMALL_BYTES = 2 * 2**20
"""Of all files: less is read sooner than a process starts."""
_LINE_S = 30.0
_COUNTS = ("new", "changed", "unchanged", "rejected", "skipped")


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[list[str], typer.Argument(metavar="FILE...")],
    outlet: Annotated[
        list[str] | None, typer.Option(metavar="SLUG", help="Only this outlet's; repeatable.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Store nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Archive pages of other crawlers' WARC files.

    A FILE is a WARC (plain, gzip or zstd), a folder of such, s3://bucket/key or a prefix of keys.
    Pages of registered outlets are kept with the date on which they were fetched; importing a
    file again adds nothing.

    Example: kliping import CC-NEWS-20231031000000-00001.warc.gz --outlet purnawarta
    """
    from crawler.pool import workers_here  # noqa: PLC0415  as in `extract`
    from crawler.run import rules_of  # noqa: PLC0415  as in `extract`
    from pipelines.store.given import given  # noqa: PLC0415  as in `extract`
    from pipelines.store.importing import import_warcs  # noqa: PLC0415  as in `extract`

    state: State = context.obj
    registry, settings = state.registry(), state.settings()
    only = [registry.get(slug).slug for slug in outlet or ()]
    archive = state.archive()
    files = given(file)
    size = sum(one.size_bytes for one in files)
    workers = workers_here() if size > _SMALL_BYTES else 0
    with _submitting(workers) as submit, _watched(size, is_quiet=state.quiet) as watch:
        done = import_warcs(
            archive,
            files,
            registry=registry,
            outlet_of=rules_of(registry),
            only=only,
            submit=submit,
            ahead=_AHEAD * workers,
            largest_bytes=2 * settings.politeness.max_page_bytes,
            dry_run=dry_run,
            publish_after=settings.publish == "run",
            watch=watch,
        )
    for fault in done.faults:
        screen.complain(fault)
    if as_json:
        for one in done.outlets:
            values = asdict(one)
            screen.json_line({key: values[key] for key in ("outlet", "records", *_COUNTS)})
    elif not state.quiet:
        _show(done.outlets, archive.uri, dry_run=dry_run)
    if done.faults:
        raise typer.Exit(LOOK)


@contextlib.contextmanager
def _submitting(workers: int) -> Iterator[Submit]:
    """Run the crawl's own pool beside code that knows no event loop."""
    from crawler.pool import Pool  # noqa: PLC0415  as in `extract`

    pool, loop = Pool(workers), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="pool", daemon=True)
    thread.start()
    try:
        yield lambda page, outlet: asyncio.run_coroutine_threadsafe(
            pool.process(page, outlet), loop
        )
    finally:
        pool.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextlib.contextmanager
def _watched(size: int, *, is_quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how much of the files was read: a bar on a terminal, a line now and then elsewhere."""
    if is_quiet:
        yield lambda read, kept: None  # noqa: ARG005  nobody watches
    elif sys.stderr.isatty():
        columns = (
            TextColumn("import"),
            BarColumn(bar_width=24),
            DownloadColumn(),
            TextColumn("{task.fields[kept]} pages"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("import", total=size or None, kept=0)
            yield lambda read, kept: progress.update(task, advance=read, kept=kept)
    else:
        yield _Lines(size)


class _Lines:
    """Says every half minute how far an import is."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._read = 0
        self._started = self._said = monotonic()

    def __call__(self, read: int, kept: int) -> None:
        self._read += read
        now = monotonic()
        if now - self._said >= _LINE_S:
            self._said = now
            print(
                f"import: {self._read / 1e6:.0f} of {self._size / 1e6:.0f} MB read, "
                f"{kept} pages kept, {now - self._started:.0f} s",
                file=sys.stderr,
                flush=True,
            )


def _show(done: tuple[Imported, ...], archive: str, *, dry_run: bool) -> None:
    if not done:
        print("No record of the outlets asked for.")
        return
    table = screen.table("outlet", "records", "kept", *_COUNTS)
    reasons: Counter[str] = Counter()
    for one in done:
        values = asdict(one)
        table.add_row(one.outlet, *(str(values[key]) for key in ("records", "kept", *_COUNTS)))
        reasons.update(one.reasons)
    Console().print(table)
    if reasons:
        told = ", ".join(f"{name} {count}" for name, count in reasons.most_common())
        print(f"Rejected or skipped: {told}")
    print("Nothing was stored (--dry-run)." if dry_run else f"Archive: {archive}")
