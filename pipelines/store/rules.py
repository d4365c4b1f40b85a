"""Accepted rules -> the outlet's file, whose comments and form stay as they were.

The new text is read back before it replaces the old: it must say what the old said and the new
rules, and nothing else. The file is replaced in one step, and only if nobody else changed it.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from pipelines.errors import OutletError, UsageError
from pipelines.outlets import parse_outlet
from pipelines.store.spool import write_durably

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from tomlkit.items import Array, String

    from pipelines.proposals import Proposal


def write_rules(config_dir: Path, slug: str, accepted: Sequence[Proposal], *, today: date) -> Path:
    """Add rules to an outlet's file, each below a comment with its evidence.

    Args:
        config_dir: The configuration folder.
        slug: Whose file.
        accepted: Of one outlet.
        today: For the comments.

    Returns:
        The file.

    Raises:
        UsageError: A rule hits more than its evidence shows.
        OutletError: The file cannot be read or written, or was changed meanwhile.
    """
    path = (config_dir / "outlets" / f"{slug}.toml").resolve()
    for one in accepted:
        if one.is_wider:
            raise UsageError(
                f"{slug}: rule {one.number}: wanted at most {one.lines} lines, "
                f"found {one.hit_lines} that {one.pattern!r} hits; not written"
            )
    before = _read(path)
    after = with_rules(before, accepted, today=today, where=str(path))
    folder = config_dir / "outlets" / "families"
    families = {one.stem: _read(one) for one in sorted(folder.glob("*.toml"))}
    parse_outlet(after, slug=slug, where=str(path), families=families)
    if _read(path) != before:
        raise OutletError(f"{path}: wanted the file as it was read, found another; not written")
    try:
        write_durably(path, after.encode())
    except OSError as error:
        raise OutletError(
            f"{path}: wanted a file that can be replaced, found: {error.strerror}"
        ) from error
    return path


def with_rules(text: str, accepted: Sequence[Proposal], *, today: date, where: str) -> str:
    """Return the text of an outlet file with more rules in `[clean]`.

    Raises:
        OutletError: The text is no TOML, or would not say what it should.
    """
    by_key: dict[str, list[Proposal]] = defaultdict(list)
    for one in accepted:
        by_key[one.key].append(one)
    ending = "\r\n" if "\r\n" in text else "\n"
    try:
        document = tomlkit.parse(text.replace("\r\n", "\n"))
        if "clean" not in document:
            document.append("clean", tomlkit.table())
        clean: Any = document["clean"]
        for key, some in by_key.items():
            if key not in clean:
                clean.append(key, tomlkit.array())
            clean[key] = _longer(clean[key], some, today)
        made = tomlkit.dumps(document).replace("\n", ending)
    except (TOMLKitError, AttributeError, TypeError, ValueError) as error:
        raise OutletError(f"{where}: wanted TOML with a table clean, found: {error}") from error
    _check(text, made, by_key, where)
    return made


def _longer(old: Array, some: Sequence[Proposal], today: date) -> Array:
    """Add to an array, one rule a line; what was in it stays as it was written."""
    if "\n" not in old.as_string():
        values = list(old)
        old = tomlkit.array()
        for value in values:
            old.add_line(value, indent="  ")
    for one in some:
        old.add_line(comment=evidence_of(one, today), indent="  ")
        old.add_line(_string(one.pattern), indent="  ")
    # The bracket stands on a line of its own, whatever stood there before.
    if not old.as_string().rstrip("]").endswith("\n"):
        old.add_line(indent="")
    return old


def evidence_of(one: Proposal, today: date) -> str:
    """Say in one line why a rule is there."""
    years = one.first_day.year, one.last_day.year
    when = str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"
    what = "" if one.form == "line" else f"{one.form.replace('_', ' ')}, "
    return (
        f"{today}: {what}in {one.articles:,} of {one.of:,} articles ({one.share:.0%}) "
        f"on {one.days:,} days of {when}"
    )


def _string(pattern: str) -> String:
    # Literal strings leave backslashes alone; they cannot hold an apostrophe, or three.
    if "'" not in pattern:
        return tomlkit.string(pattern, literal=True)
    if "'''" not in pattern and not pattern.endswith("'"):
        return tomlkit.string(pattern, literal=True, multiline=True)
    return tomlkit.string(pattern)


def _check(before: str, after: str, by_key: Mapping[str, Sequence[Proposal]], where: str) -> None:
    wanted = tomllib.loads(before)
    clean = wanted.setdefault("clean", {})
    for key, some in by_key.items():
        clean[key] = [*clean.get(key, []), *(one.pattern for one in some)]
    if tomllib.loads(after) != wanted:
        raise OutletError(f"{where}: wanted the old rules and the new ones, found others")


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise OutletError(f"{path}: wanted UTF-8, found: {error}") from error
