"""The ``kliping`` command: reads arguments, calls one function, prints.

Results go to standard output, progress and faults to standard error. A `KlipingError` becomes one
line and its exit code; a bug keeps its traceback.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from crawler import screen
from crawler.app import (
    LOOK,
    Day,
    Json,
    State,
    app,
    chosen,
    conclude,
    day,
    days,
    existing,
    moment,
    outlets_app,
)
from crawler.commands import backfill as _backfill  # noqa: F401  adds `backfill`
from crawler.commands import draft as _draft  # noqa: F401  adds `outlets draft`
from crawler.commands import import_ as _import  # noqa: F401  adds `import`
from crawler.commands import recheck as _recheck  # noqa: F401  adds `recheck`
from pipelines.errors import KlipingError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


@app.command()
def crawl(
    context: typer.Context,
    outlet: Annotated[list[str] | None, typer.Argument(metavar="[OUTLET]...")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="New articles per outlet.")] = None,
    since: Day = None,
    until: Day = None,
    due: Annotated[bool, typer.Option("--due", help="Ask only sources that are due.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Store nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Archive what is new at each outlet.

    All enabled outlets are crawled where none is named. With --due, for cron, each source is asked
    as often as it brings something.

    Example: kliping crawl purnawarta --limit 20
    """
    from crawler.run import crawl as run  # noqa: PLC0415  Scrapy is loaded by commands that fetch
    from crawler.tally import Window  # noqa: PLC0415  as above

    state: State = context.obj
    registry = state.registry()
    first, last = days(since, until)
    window = Window(since=first, until=last, limit=limit)
    wanted = chosen(registry, outlet, enabled=True)
    archive = state.archive()
    done = run(
        wanted,
        archive=archive,
        registry=registry,
        settings=state.settings(),
        window=window,
        due=due,
        dry_run=dry_run,
        quiet=state.quiet,
    )
    conclude(done, archive.uri, quiet=state.quiet, as_json=as_json, dry_run=dry_run)


@app.command()
def recrawl(
    context: typer.Context,
    url: Annotated[list[str], typer.Argument(metavar="URL...")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Store nothing.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the article.")] = False,
    as_json: Json = False,
) -> None:
    """Fetch pages now and say what changed.

    Example: kliping recrawl https://purnawarta.com/…/ --show
    """
    from crawler.run import recrawl as run  # noqa: PLC0415  as in `crawl`

    state: State = context.obj
    done = run(
        [one.strip() for one in url],
        archive=state.archive(),
        registry=state.registry(),
        settings=state.settings(),
        dry_run=dry_run,
    )
    for one in done:
        screen.show_recrawl(one, quiet=state.quiet, as_json=as_json, show=show)
    if any(one.status in ("rejected", "error") for one in done):
        raise typer.Exit(LOOK)


@app.command()
def extract(
    context: typer.Context,
    file: Annotated[list[str], typer.Argument(metavar="FILE|DIR|-...")],
    url: Annotated[str | None, typer.Option(help="Where the page came from.")] = None,
    outlet: Annotated[str | None, typer.Option(metavar="SLUG", help="Whose rules.")] = None,
    fetched_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="ISO 8601; the file's own time if absent.")
    ] = None,
) -> None:
    """Turn saved HTML into JSON lines.

    Touches no archive and no network.

    Example: kliping extract page.html --outlet purnawarta
    """
    from crawler.saved import extracted  # noqa: PLC0415  the extraction's packages load slowly

    state: State = context.obj
    registry = state.registry()
    rules = registry.get(outlet) if outlet else None
    faults = 0
    for line in extracted(
        file, registry=registry, outlet=rules, url=url, fetched_at=moment(fetched_at)
    ):
        if isinstance(line, str):
            faults += 1
            screen.complain(line)
        else:
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    if faults:
        raise typer.Exit(LOOK)


@app.command()
def reextract(
    context: typer.Context,
    outlet: Annotated[list[str] | None, typer.Argument(metavar="[OUTLET]...")] = None,
    since: Day = None,
    as_json: Json = False,
) -> None:
    """Read archived pages with today's rules.

    What differs from the stored rows is stored as a new extraction.

    Example: kliping reextract purnawarta --since 2023-10-01
    """
    from crawler.run import rules_of  # noqa: PLC0415  as in `extract`
    from pipelines.store.reextract import reextract as run  # noqa: PLC0415

    state: State = context.obj
    registry = state.registry()
    archive = existing(state)
    slugs = [registry.get(slug).slug for slug in outlet or ()]
    done = run(
        archive,
        slugs,
        outlet_of=rules_of(registry),
        since=day("--since", since),
        publish_after=state.settings().publish == "run",
    )
    if as_json:
        for one in done:
            screen.json_line(asdict(one))
    elif not state.quiet:
        for one in done:
            print(f"{one.outlet}: {one.captures} captures read, {one.extracted} new extractions")


@app.command()
def sql(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="One SELECT.")],
    output: Annotated[
        str, typer.Option("--format", metavar="table|csv|json|parquet", help="How to print.")
    ] = "table",
) -> None:
    """Ask the archive in SQL, read-only.

    The views are articles (all revisions), latest, captures and runs.

    Example: kliping sql "SELECT outlet, count(*) FROM latest GROUP BY outlet"
    """
    from pipelines.store.sql import FORMATS, query as run, write_rows  # noqa: I001, PLC0415  as in `extract`

    if output not in FORMATS:
        raise UsageError(f"--format: wanted {', '.join(FORMATS)}, found {output!r}")
    state: State = context.obj
    rows = run(state.archive(), query)
    if output == "parquet":
        if sys.stdout.isatty():
            raise UsageError("--format parquet: wanted a file or a pipe, found a terminal")
        write_rows(rows, output, sys.stdout.buffer)
    else:
        write_rows(rows, output, sys.stdout, width=Console().width)


@app.command()
def publish(context: typer.Context, as_json: Json = False) -> None:
    """Bring latest/ up to date.

    Example: kliping publish
    """
    from pipelines.store.publish import publish as run  # noqa: PLC0415  as in `extract`

    state: State = context.obj
    archive = existing(state)
    done = run(archive)
    if as_json:
        for one in done.partitions:
            screen.json_line(asdict(one))
    elif not state.quiet:
        rows = sum(one.rows for one in done.partitions)
        what = "partition" if len(done.partitions) == 1 else "partitions"
        print(f"{len(done.partitions)} {what} written, {rows} rows, commit {done.commit}")


@app.command()
def compact(context: typer.Context, as_json: Json = False) -> None:
    """Merge the small files of the tables.

    Safe beside writers and readers.

    Example: kliping compact
    """
    from pipelines.store.compact import compact as run  # noqa: PLC0415  as in `extract`

    state: State = context.obj
    archive = existing(state)
    for one in run(archive).tables:
        if as_json:
            screen.json_line(asdict(one))
        elif not state.quiet:
            print(f"{one.table}: {one.files_before} files before, {one.files_after} after")


@app.command()
def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Check installation, settings and archive.

    Example: kliping doctor
    """
    from crawler.doctor import examine, exit_code  # noqa: PLC0415  as in `extract`

    state: State = context.obj
    checks = examine(state.config_dir, state.archive_uri)
    for one in checks:
        if as_json:
            screen.json_line(asdict(one))
        elif not one.ok or not state.quiet:
            print(f"{'ok  ' if one.ok else 'FAIL'} {one.name}: {one.detail}")
    raise typer.Exit(exit_code(checks))


@app.command()
def cron(context: typer.Context) -> None:
    """Print the schedules as crontab lines.

    Put them into your crontab with crontab -e.

    Example: kliping cron
    """
    from crawler.cron import crontab  # noqa: PLC0415  as in `extract`

    state: State = context.obj
    settings = state.settings()
    known = [one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands]
    lines = crontab(
        settings.schedules,
        known,
        archive=state.archive_uri or settings.archive,
        config_dir=state.config_dir,
        contact="" if settings.contact else os.environ.get("KLIPING_CONTACT", ""),
    )
    print("\n".join(lines))
    if not (settings.contact or os.environ.get("KLIPING_CONTACT", "").strip()):
        screen.complain(
            "kliping.toml: contact: wanted an address that outlets can complain to, found nothing; "
            "without it these lines fail"
        )


@outlets_app.command("list")
def outlets_list(context: typer.Context, as_json: Json = False) -> None:
    """List the outlets.

    Example: kliping outlets list --json
    """
    from crawler.outlets import COLUMNS, listed, row  # noqa: PLC0415  as in `extract`

    state: State = context.obj
    known = state.registry().all()
    if as_json:
        for outlet in known:
            screen.json_line(listed(outlet))
        return
    console = Console()
    table = screen.table(*COLUMNS, overflow="ellipsis")
    rows = [row(outlet) for outlet in known]
    widths = [max(map(len, cells)) for cells in zip(COLUMNS, *rows, strict=True)]
    # A name may be cut; what one asks for by it may not.
    name = COLUMNS.index("name")
    room = console.width - sum(widths) + widths[name] - 2 * (len(COLUMNS) - 1)
    widths[name] = max(len("name"), min(widths[name], room))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for one in rows:
        table.add_row(*one)
    console.print(table)


@outlets_app.command("show")
def outlets_show(context: typer.Context, slug: str) -> None:
    """Print an outlet's rules as they apply, its family's included, as JSON.

    Example: kliping outlets show purnawarta
    """
    from crawler.outlets import described  # noqa: PLC0415  as in `extract`

    state: State = context.obj
    print(json.dumps(described(state.registry().get(slug)), ensure_ascii=False, indent=2))


@outlets_app.command("check")
def outlets_check(
    context: typer.Context,
    slug: Annotated[list[str] | None, typer.Argument(metavar="[SLUG]...")] = None,
    live: Annotated[bool, typer.Option("--live", help="Also fetch three articles.")] = False,
) -> None:
    """Check outlet files: keys, types, regexes, selectors, examples; with --live the site.

    Example: kliping outlets check purnawarta --live
    """
    from crawler.outlets import check_examples  # noqa: PLC0415  as in `extract`

    state: State = context.obj
    registry = state.registry()
    wanted = chosen(registry, slug, enabled=False)
    for one in wanted:
        check_examples(one, registry, str(state.config_dir / "outlets" / f"{one.slug}.toml"))
    if not state.quiet and not live:
        for one in wanted:
            print(f"{one.slug}: ok, {len(one.layouts)} layouts, rules {one.rules_digest}")
    if live:
        from crawler.outlets import seen_live  # noqa: PLC0415  as in `crawl`

        failed = False
        for one, lines, ok in seen_live(wanted, registry, state.settings()):
            failed = failed or not ok
            if not ok or not state.quiet:
                print(f"{one.slug}: {'ok' if ok else 'FAIL'}")
                for line in lines:
                    print(f"  {line}")
        if failed:
            raise typer.Exit(LOOK)


@outlets_app.command("learn")
def outlets_learn(
    context: typer.Context,
    slug: str,
    min_articles: Annotated[int, typer.Option(min=2, help="In which a line stands.")] = 10,
    min_share: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Of the articles of the line's time.")
    ] = 0.02,
    min_days: Annotated[int, typer.Option(min=1, help="On which such articles appeared.")] = 7,
    write: Annotated[
        bool, typer.Option("--write", help="Put rules into the outlet's file; asks for each.")
    ] = False,
    accept: Annotated[
        str | None, typer.Option(metavar="N,N...", help="With --write: these, by number or id.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="With --write: all that carry no caution.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Find boilerplate that recurs in an outlet's archive.

    Shows each line with its evidence and the rule that would take it out; with --write the rules
    you accept go into the outlet's file. Articles change only by kliping reextract.

    Example: kliping outlets learn purnawarta
    """
    from crawler import learn as shown  # noqa: PLC0415  as in `extract`
    from pipelines.proposals import Thresholds  # noqa: PLC0415  as in `extract`
    from pipelines.store.learn import learn  # noqa: PLC0415  as in `extract`

    state: State = context.obj
    outlet = state.registry().get(slug)
    is_asking = shown.is_asking(write=write, accept=accept, everything=everything)
    wanted = Thresholds(articles=min_articles, share=min_share, days=min_days)
    learned = learn(existing(state), outlet, wanted)
    if not (state.quiet or as_json) or is_asking:
        shown.show(learned, to_stderr=as_json)
    accepted = shown.accepted(learned, accept=accept, everything=everything) if write else []
    path = None
    if accepted:
        from pipelines.store.rules import write_rules  # noqa: PLC0415  as in `extract`

        today = datetime.now(ZoneInfo(outlet.timezone)).date()
        path = write_rules(state.config_dir, slug, accepted, today=today)
    if as_json:
        for one in learned.proposals:
            screen.json_line(shown.described(slug, one, written=one in accepted))
    if not state.quiet:
        last = shown.closing(slug, learned, wanted, written=len(accepted), path=path)
        print(last, file=sys.stderr if as_json else sys.stdout)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    command = typer.main.get_command(app)
    try:
        code = command.main(
            args=list(sys.argv[1:] if arguments is None else arguments),
            prog_name="kliping",
            standalone_mode=False,
        )
    except typer.Abort:
        code = 130
    except typer.TyperException as error:
        said = error.format_message() if hasattr(error, "format_message") else str(error)
        screen.complain(" ".join(str(said).split()))
        code = 2
    except KlipingError as error:
        screen.complain(" ".join(str(error).split()))
        code = error.exit_code
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; the interpreter would complain once more
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
