"""`kliping recheck`."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler import screen
from crawler.app import Json, State, app, chosen, conclude, existing


@app.command()
def recheck(
    context: typer.Context,
    outlet: Annotated[list[str] | None, typer.Argument(metavar="[OUTLET]...")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Articles per outlet.")] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Of named outlets, too, only what is due.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how many articles are meant.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Look again at recent articles, newest first.

    Edits become revisions, withdrawn articles are marked gone. Of outlets that are named, every
    article of the last 30 days is looked at now. Where none is named, for cron, those of all
    enabled outlets that are due, by their age and by how often their outlet edits.

    Example: kliping recheck purnawarta
    """
    from crawler import recheck as run  # noqa: PLC0415  Scrapy is loaded by the commands that fetch

    state: State = context.obj
    registry = state.registry()
    wanted = chosen(registry, outlet, enabled=True)
    archive = existing(state)
    everything = bool(outlet) and not due
    if dry_run:
        found = run.waiting(wanted, archive=archive, limit=limit, everything=everything)
        if not everything:
            found = {slug: count for slug, count in found.items() if count}
        screen.show_due(found, quiet=state.quiet, as_json=as_json)
        return
    done = run.recheck(
        wanted,
        archive=archive,
        registry=registry,
        settings=state.settings(),
        limit=limit,
        everything=everything,
        quiet=state.quiet,
    )
    if not everything:  # of most outlets nothing is due at most times
        done = [one for one in done if not one.is_idle]
    conclude(done, archive.uri, quiet=state.quiet, as_json=as_json, counts=screen.RECHECKED)
