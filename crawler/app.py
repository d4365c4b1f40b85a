"""What all commands share: the application, its options, and how arguments are read."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler import screen
from pipelines.errors import UsageError
from pipelines.store.archive import Archive, open_archive
from pipelines.store.config import CONFIG_DIR, load_registry, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.run import Crawled
    from pipelines.outlets import Outlet
    from pipelines.store.config import Registry, Settings

app = typer.Typer(
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Crawl Indonesian news outlets into clean, versioned Parquet with every page kept.",
)
outlets_app = typer.Typer(rich_markup_mode=None, help="List, show and check outlet files.")
app.add_typer(outlets_app, name="outlets")

HELD, LOOK = 4, 1
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(slots=True)
class State:
    """What the options before the command say."""

    archive_uri: str | None
    config_dir: Path
    quiet: bool

    def settings(self) -> Settings:
        """Read ``kliping.toml``."""
        return load_settings(self.config_dir)

    def registry(self) -> Registry:
        """Read the outlet files."""
        return load_registry(self.config_dir)

    def archive(self) -> Archive:
        """Open the archive that the options, the environment or the settings name."""
        return open_archive(self.archive_uri or self.settings().archive)


def _help_unless_asked(context: typer.Context) -> None:
    """Show what can be asked for where nothing was, as wrong usage."""
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        raise typer.Exit(2)


@outlets_app.callback(invoke_without_command=True)
def outlets_options(context: typer.Context) -> None:
    """List, show and check outlet files."""
    _help_unless_asked(context)


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    archive: Annotated[
        str | None,
        typer.Option(
            envvar="KLIPING_ARCHIVE", metavar="URI", help="A folder or s3://bucket/prefix."
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(envvar="KLIPING_CONFIG", metavar="DIR", help="The configuration folder."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing on success.")] = False,
) -> None:
    """Crawl Indonesian news outlets into clean, versioned Parquet with every page kept."""
    _help_unless_asked(context)
    context.obj = State(archive, config or CONFIG_DIR, quiet)


Json = Annotated[bool, typer.Option("--json", help="JSON lines on standard output.")]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="In the outlet's zone.")]


def conclude(
    done: Sequence[Crawled],
    archive: str,
    *,
    quiet: bool,
    as_json: bool,
    dry_run: bool = False,
    counts: Sequence[str] = screen.CRAWLED,
) -> None:
    """Say what a run did at each outlet, as `screen.show_crawl` does, and exit by it.

    Raises:
        typer.Exit: Something needs a look, or everything is held by another run.
    """
    screen.show_crawl(done, archive, quiet=quiet, as_json=as_json, dry_run=dry_run, counts=counts)
    if any(one.failed or one.stopped for one in done):
        raise typer.Exit(LOOK)
    if done and all(one.held for one in done):
        raise typer.Exit(HELD)


def existing(state: State) -> Archive:
    """Open the archive, which must be there already."""
    from pipelines.store.sql import require  # noqa: PLC0415  as in `extract`

    archive = state.archive()
    require(archive)
    return archive


def chosen(registry: Registry, slugs: Iterable[str] | None, *, enabled: bool) -> list[Outlet]:
    """Return the outlets named, or all that are enabled where none is."""
    if slugs:
        return list({slug: registry.get(slug) for slug in slugs}.values())
    return [one for one in registry.all() if one.enabled or not enabled]


def day(option: str, text: str | None) -> date | None:
    """Read the day that an option names."""
    if text is None:
        return None
    try:
        # Python also reads 20261101 and 2026-W44-7.
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise UsageError(f"{option}: wanted a day such as 2026-11-01, found {text!r}") from None


def days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """Read `--since` and `--until`, which must leave a day between them."""
    first, last = day("--since", since), day("--until", until)
    if first and last and first >= last:
        raise UsageError(f"--until: wanted a day after {since}, found {until}")
    return first, last


def moment(text: str | None) -> datetime | None:
    """Read the time that `--fetched-at` names."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--fetched-at: wanted a time such as 2026-11-01T08:00:00Z, found {text!r}"
        ) from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
