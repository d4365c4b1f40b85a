"""`kliping outlets learn`: what it shows of each proposal, and which of them are to be written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from pipelines.errors import UsageError
from pipelines.proposals import by_name
from pipelines.store.print import printable

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.proposals import Proposal, Thresholds
    from pipelines.store.learn import Learned

_LONGEST = 300
"""Characters shown of a line."""


def is_asking(*, write: bool, accept: str | None, everything: bool) -> bool:
    """Tell whether a person is to be asked about each rule.

    Raises:
        UsageError: The options contradict each other, or there is nobody to ask.
    """
    if accept is not None and everything:
        raise UsageError("--accept and --all: wanted one of them, found both")
    if (accept is not None or everything) and not write:
        name = "--all" if everything else "--accept"
        raise UsageError(f"{name}: wanted --write beside it, found none")
    asks = write and accept is None and not everything
    if asks and not sys.stdin.isatty():
        raise UsageError("--write: wanted a terminal to ask on, --accept or --all, found none")
    return asks


def show(learned: Learned, *, to_stderr: bool) -> None:
    """Print all proposals with their evidence."""
    for one in learned.proposals:
        print(*lines_of(one), "", sep="\n", file=sys.stderr if to_stderr else sys.stdout)


def lines_of(one: Proposal) -> list[str]:
    """Return what a person reads of a proposal before deciding."""
    text = one.text if len(one.text) <= _LONGEST else f"{one.text[:_LONGEST]}…"
    form = one.form.replace("_", " ")
    shown = [
        f"{one.number}  {one.key}, {form} ({one.id}): {text}",
        (
            f"   in {one.articles:,} of {one.of:,} articles ({one.share:.1%}) on {one.days:,} days "
            f"from {one.first_day} to {one.last_day}; "
            f"first line {one.first_line:.0%}, last line {one.last_line:.0%}"
        ),
        f"   rule {one.pattern}",
        f"   takes {one.hit_lines:,} lines of {one.hit_articles:,} articles",
    ]
    shown += [f"   goes on: {tail}" for tail in one.tails]
    shown += [f"   for instance {url}" for url in one.examples]
    shown += [f"   careful: {caution}" for caution in one.cautions]
    if one.is_wider:
        shown.append(f"   not to be written: hits more than the {one.lines:,} lines it stands on")
    return [printable(line) for line in shown]


def accepted(learned: Learned, *, accept: str | None, everything: bool) -> list[Proposal]:
    """Return the proposals to write; asks for each where no option says which.

    Args:
        learned: All.
        accept: Numbers or ids, with commas.
        everything: All without a caution.

    Raises:
        UsageError: A number or id that is none.
    """
    writable = [one for one in learned.proposals if not one.is_wider]
    if everything:
        return [one for one in writable if not one.cautions]
    if accept is None:
        return [one for one in writable if _says_yes(one)]
    found = {}
    for name in (part.strip() for part in accept.split(",")):
        one = by_name(learned.proposals, name)
        if one is None:
            known = len(learned.proposals)
            wanted = f"numbers from 1 to {known}, or ids" if known else "nothing, for there is none"
            raise UsageError(f"--accept: wanted {wanted}, found {name!r}")
        found[one.id] = one
    return list(found.values())


def closing(
    slug: str, learned: Learned, wanted: Thresholds, *, written: int, path: Path | None
) -> str:
    """Say in one line what was done, or what there is to do."""
    base = f"{learned.articles:,} articles of {learned.days:,} days"
    if path is not None:
        rules = "1 rule" if written == 1 else f"{written} rules"
        return f"{rules} written to {path}; kliping reextract {slug} applies them"
    if learned.proposals:
        count = len(learned.proposals)
        what = "1 proposal" if count == 1 else f"{count} proposals"
        return (
            f"{what} from {base}; nothing was written. --write asks for each, "
            "--write --accept 1,3 takes some, --write --all those without 'careful'."
        )
    if learned.articles < wanted.articles or learned.days < wanted.days:
        return (
            f"{slug}: wanted at least {wanted.articles} articles of {wanted.days} days to learn "
            f"from, found {base}"
        )
    return f"{slug}: nothing recurs in {base} that is not taken out already"


def described(slug: str, one: Proposal, *, written: bool) -> dict[str, Any]:
    """Return a proposal for JSON."""
    return {
        "outlet": slug,
        "number": one.number,
        "id": one.id,
        "key": one.key,
        "pattern": one.pattern,
        "form": str(one.form),
        "text": one.text,
        "articles": one.articles,
        "of": one.of,
        "share": round(one.share, 4),
        "lines": one.lines,
        "days": one.days,
        "first_day": one.first_day.isoformat(),
        "last_day": one.last_day.isoformat(),
        "first_line": round(one.first_line, 4),
        "last_line": round(one.last_line, 4),
        "hit_lines": one.hit_lines,
        "hit_articles": one.hit_articles,
        "examples": list(one.examples),
        "tails": list(one.tails),
        "cautions": list(one.cautions),
        "written": written,
    }


def _says_yes(one: Proposal) -> bool:
    shown = printable(one.text if len(one.text) <= _LONGEST // 4 else f"{one.text[:75]}…")
    return typer.confirm(f"Write rule {one.number}, {shown}", default=False, err=True)
