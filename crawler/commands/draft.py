"""`kliping outlets draft`: a new outlet in one command and one read."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.app import Json, State, outlets_app


@outlets_app.command("draft")
def outlets_draft(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The home page.")],
    slug: Annotated[
        str | None, typer.Option(metavar="SLUG", help="What the file is called.")
    ] = None,
    only_print: Annotated[
        bool, typer.Option("--print", "--dry-run", help="Print the file, write none.")
    ] = False,
    allow_private_network: Annotated[
        bool,
        typer.Option(
            "--allow-private-network", help="The site is on a private or loopback address."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Write the file of a new outlet from its home page and about twenty articles.

    Asks for robots.txt, sitemaps, feeds and WordPress, finds how addresses of articles look and
    which element holds their text, writes the file with what it saw as comments, and shows five
    articles that were extracted with it. Needs no archive.

    Example: kliping outlets draft https://purnawarta.com/
    """
    from crawler import draft_report as report  # noqa: PLC0415  as in `extract`
    from crawler.draft import drafted  # noqa: PLC0415  as in `crawl`

    state: State = context.obj
    settings = state.settings()
    place = report.Place(state.config_dir, state.registry(), is_written=not only_print)
    asked = place.asked(
        url.strip(), slug, allow_private_network=allow_private_network, is_quiet=state.quiet
    )
    found = drafted(asked, settings)
    if found is None:
        raise typer.Abort
    path = place.write(found.draft)
    if as_json:
        report.show_json(found, path)
        return
    if only_print:
        print(found.draft.text, end="")
    if not state.quiet:
        report.show(found, path, to_stderr=only_print)
