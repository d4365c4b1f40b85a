"""What the commands show: tables and lines for people, JSON lines for programs."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from pipelines.store.print import printable
from pipelines.store.tables import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import OverflowMethod

    from crawler.run import Crawled, Recrawled
    from pipelines.records import Article

CRAWLED = ("requests", "new", "changed", "unchanged", "rejected", "errors")
"""What `crawl --json` counts."""
RECHECKED = (*CRAWLED[:4], "gone", *CRAWLED[4:])
"""What `recheck --json` counts."""
_SHOWN = RECHECKED
_RECRAWLED = (
    *("url", "status", "article_id", "revision", "extraction"),
    *("reason", "diff", "capture_id"),
)
_COLUMNS = ARTICLES.names[ARTICLES.names.index("url") : ARTICLES.names.index("near_hash") + 1]
_FAULTS = 5
"""How many are shown of an outlet."""
_COLOURS = {"new": "green", "changed": "yellow", "rejected": "red", "error": "red", "gone": "red"}


def complain(line: str) -> None:
    """Say what is wrong, in one line."""
    print(f"kliping: {printable(line)}", file=sys.stderr)


def json_line(values: dict[str, Any]) -> None:
    """Print one record."""
    print(json.dumps(values, ensure_ascii=False, default=str))


def table(*columns: str, overflow: OverflowMethod = "fold") -> Table:
    """Make a plain table; its first column is never cut."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        is_whole = number == 0 or overflow != "fold"
        made.add_column(
            name,
            justify="left",
            overflow=overflow,
            no_wrap=is_whole,
            min_width=16 if number == 0 and overflow != "fold" else len(name),
        )
    return made


def article_columns(article: Article) -> dict[str, Any]:
    """Return the columns from `url` to `near_hash`, ready for JSON; times in ISO 8601, UTC."""
    values = asdict(article)
    return {name: _plain(values[name]) for name in _COLUMNS}


def _plain(value: Any) -> Any:  # noqa: ANN401  any column
    text = value.isoformat() if hasattr(value, "isoformat") else value
    return text.replace("+00:00", "Z") if hasattr(value, "tzinfo") else text


def show_crawl(
    done: Sequence[Crawled],
    archive: str,
    *,
    quiet: bool,
    as_json: bool,
    dry_run: bool,
    counts: Sequence[str] = CRAWLED,
) -> None:
    """Say what a run did at each outlet; under *quiet* only what needs a look.

    Args:
        done: By outlet.
        archive: Where it is, for the last line.
        quiet: Whether good runs say nothing.
        as_json: A line of JSON per outlet.
        dry_run: Whether nothing was stored.
        counts: What JSON counts.
    """
    for one in done:
        _show_faults(one, quiet=quiet)
    if as_json:
        for one in done:
            values = asdict(one)
            json_line({key: values[key] for key in ("outlet", *counts, "seconds", "held")})
    elif not quiet:
        if done:
            Console().print(_crawl_table(done))
        print(_closing(done, archive, dry_run=dry_run))


def show_due(due: Mapping[str, int], *, quiet: bool, as_json: bool) -> None:
    """Say how many articles of each outlet wait for another look."""
    if as_json:
        for slug, count in due.items():
            rest = dict.fromkeys(CRAWLED, 0)
            json_line({"outlet": slug, **rest, "seconds": 0.0, "held": False, "due": count})
    elif not quiet:
        made = table("outlet", "to look at")
        for slug, count in due.items():
            made.add_row(slug, str(count))
        Console().print(made)
        print("Nothing was stored (--dry-run).")


def _show_faults(one: Crawled, *, quiet: bool) -> None:
    if quiet and not one.failed:
        return
    for fault in one.faults[:_FAULTS]:
        complain(f"{one.outlet}: {fault}")
    if len(one.faults) > _FAULTS:
        complain(f"{one.outlet}: and {len(one.faults) - _FAULTS} more faults")


def _crawl_table(done: Sequence[Crawled]) -> Table:
    made = table("outlet", *_SHOWN, "seconds")
    for one in done:
        values = asdict(one)
        if one.held:
            made.add_row(one.outlet, "held by another run")
        else:
            made.add_row(one.outlet, *(str(values[key]) for key in _SHOWN), f"{one.seconds:.1f}")
    return made


def _closing(done: Sequence[Crawled], archive: str, *, dry_run: bool) -> str:
    if not done:
        return "Nothing is due."
    if dry_run:
        return "Nothing was stored (--dry-run)."
    if any(one.new + one.changed + one.gone for one in done):
        return f"Archive: {archive} (articles in latest/, pages in warc/)"
    if all(one.held or one.failed for one in done):
        return f"Archive: {archive}"
    return f"Nothing new. Archive: {archive}"


def show_recrawl(one: Recrawled, *, quiet: bool, as_json: bool, show: bool) -> None:
    """Say what became of one URL; under *quiet* only what needs a look."""
    if as_json:
        values = {key: getattr(one, key) for key in _RECRAWLED}
        if show:
            values["article"] = article_columns(one.article) if one.article else None
        json_line(values)
        return
    is_bad = one.status in ("rejected", "error")
    if is_bad and quiet:
        complain(f"{one.url}: {one.status}: {one.detail or one.reason}")
    elif not quiet:
        out = Console(stderr=is_bad, highlight=False, soft_wrap=True)
        out.print(one.status, style=_COLOURS.get(one.status, ""), end=" ", markup=False)
        revision = f" (revision {one.revision})" if one.revision else ""
        detail = f": {one.detail or one.reason}" if is_bad else ""
        out.print(printable(f"{one.url}{revision}{detail}"), markup=False)
        for line in (one.diff or "").splitlines():
            out.print(printable(line), markup=False)
    if show and one.article is not None:
        _show_article(one.article)


def _show_article(article: Article) -> None:
    authors = ", ".join(article.authors)
    facts = (str(article.published_on or ""), authors, article.section or "")
    print(f"\n{printable(article.title)}")
    print(printable(" · ".join(fact for fact in facts if fact)))
    print()
    for paragraph in article.body.split("\n"):
        print(printable(paragraph))
    for related in article.related:
        print(printable(f"[{related.form}] {related.title} {related.url or ''}".rstrip()))
