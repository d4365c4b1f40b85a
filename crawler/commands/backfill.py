"""The command `backfill`: the past of outlets, the newest first."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from crawler import screen
from crawler.app import LOOK, Day, Json, State, app, chosen, conclude, days

if TYPE_CHECKING:
    from crawler.backfill import Plan


@app.command()
def backfill(
    context: typer.Context,
    outlet: Annotated[list[str], typer.Argument(metavar="OUTLET...")],
    since: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="In the outlet's zone.")],
    until: Day = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only read sources, and say what is to be fetched.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Archive the past of outlets, the newest articles first.

    What was cut short goes on where it stopped, when started again with the same days.

    Example: kliping backfill purnawarta --since 2026-10-01
    """
    from crawler.backfill import planned  # noqa: PLC0415  Scrapy is loaded by commands that fetch
    from crawler.run import crawl as run  # noqa: PLC0415  as above
    from crawler.tally import Window  # noqa: PLC0415  as above

    state: State = context.obj
    registry = state.registry()
    first, last = days(since, until)
    wanted = chosen(registry, outlet, enabled=True)
    archive, settings = state.archive(), state.settings()
    window = Window(since=first, until=last)
    if dry_run:
        plans = planned(
            wanted,
            archive=archive,
            registry=registry,
            settings=settings,
            window=window,
            quiet=state.quiet,
        )
        for plan in plans:
            for fault in plan.faults:
                screen.complain(f"{plan.outlet}: {fault}")
        if as_json:
            for plan in plans:
                for source in plan.sources:
                    screen.json_line({"outlet": plan.outlet, **asdict(source)})
        elif not state.quiet:
            _show(plans)
        raise typer.Exit(LOOK if any(one.faults for one in plans) else 0)
    done = run(
        wanted,
        archive=archive,
        registry=registry,
        settings=settings,
        window=window,
        command="backfill",
        quiet=state.quiet,
    )
    conclude(done, archive.uri, quiet=state.quiet, as_json=as_json)


def _show(plans: list[Plan]) -> None:
    table = screen.table("outlet", "urls", "archived", "to fetch", "source")
    for plan in plans:
        for one in plan.sources:
            counts = (one.urls, one.archived, one.wanted)
            table.add_row(plan.outlet, *(str(number) for number in counts), one.source)
    Console().print(table)
    for plan in plans:
        wanted = sum(one.wanted for one in plan.sources)
        print(f"{plan.outlet}: {wanted} to fetch, {plan.least()} at least. Nothing was stored.")
