"""Gold folders -> pages and what a reader says is in them.

Two forms: `id/<name>.json` beside `<name>.html.gz`, and `<set>/gold.jsonl`, an object a line. What
cannot be read is one `GoldError` that names the file, and the line where there are many.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipelines.records import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

HAND_MADE = "id"
"""The set of Indonesian pages, read with outlet files and without."""
_BRACKETED = frozenset({"fundus-evaluation"})
"""Sets that put brackets round a paragraph that may be in or out."""
_ALL = slice(None)
_UNKNOWN = "https://gold.invalid/"
_LABEL = re.compile(r"^\W*[^:]{1,30}:\s+")
_BARE_FORMS = frozenset({"box", "list", "heading"})
"""Forms of a read-also string that carry no label in front of the title."""


class GoldError(Exception):
    """A gold folder cannot be used; the text is one line that names the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPage:
    """A page and what a reader says is in it."""

    name: str
    page: Page
    gold: dict[str, Any]
    """As in its JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a page should yield; `None` and empty where the set does not say."""

    paragraphs: tuple[str, ...]
    optional: tuple[str, ...] = ()
    """Strings that may be in or out, besides the paragraphs."""
    optional_at: tuple[int, ...] | None = None
    """Positions of paragraphs that may be in or out, where the set marks such."""
    read_also: tuple[tuple[str, ...], ...] = ()
    """For each read-also link near the text, the strings that betray it."""
    boilerplate: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    """Any of them is right."""
    published: str | None = None
    """ISO 8601: a month, a day, or a moment with offset."""
    authors: tuple[str, ...] | None = None
    one_by_one: bool = False
    """Names stand one by one, as they should be found; else several may share a string."""
    editors: tuple[str, ...] | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """All paragraphs, one a line."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One page of a set."""

    name: str
    page: Page
    language: str | None
    wanted: Wanted


def sets_in(folder: Path) -> list[str]:
    """Name the sets of a gold folder.

    Raises:
        GoldError: There is no such folder, or no set in it.
    """
    if not folder.is_dir():
        raise GoldError(f"{folder}: wanted a folder of gold sets, found none")
    found = sorted(path.parent.name for path in folder.glob("*/gold.jsonl"))
    if any((folder / HAND_MADE).glob("*.json")):
        found.insert(0, HAND_MADE)
    if not found:
        wanted = f"wanted {HAND_MADE}/*.json or */gold.jsonl"
        raise GoldError(f"{folder}: {wanted}, found neither")
    return found


def samples_of(folder: Path, name: str, pick: slice = _ALL) -> list[Sample]:
    """Read a set, or the pages of it that *pick* takes.

    Raises:
        GoldError: A file is missing or broken.
    """
    if name == HAND_MADE:
        return [_sample(one, _hand_made, "id") for one in gold_pages(folder / name, pick)]
    bracketed = name in _BRACKETED
    return [
        _sample(one, lambda gold: _listed(gold, bracketed=bracketed), one.gold.get("language"))
        for one in _lines(folder / name, pick)
    ]


def gold_pages(folder: Path, pick: slice = _ALL) -> Iterator[GoldPage]:
    """Read `<name>.html.gz` and `<name>.json` pairs, by name.

    Page bytes come as they lie there: no header says more of them than that they are HTML.

    Raises:
        GoldError: A file is missing or broken.
    """
    for path in sorted(folder.glob("*.json"))[pick]:
        gold = _object(_text(path), str(path))
        yield _gold_page(path.stem, gold, path.with_suffix(".html.gz"), str(path))


def _lines(folder: Path, pick: slice) -> Iterator[GoldPage]:
    path = folder / "gold.jsonl"
    for number, line in list(enumerate(_text(path).split("\n"), 1))[pick]:
        where = f"{path}:{number}"
        gold = _object(line, where)
        html = folder / _string(gold, "html", where)
        yield _gold_page(_string(gold, "id", where), gold, html, where)


def _gold_page(name: str, gold: dict[str, Any], html: Path, where: str) -> GoldPage:
    if "url" not in gold:
        raise GoldError(f"{where}: wanted the key 'url', found {_keys(gold)}")
    url = gold["url"] or _UNKNOWN
    page = Page(
        url=url,
        final_url=url,
        status=200,
        headers=(("Content-Type", "text/html"),),
        payload=_unzipped(html),
        fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    return GoldPage(name=name, page=page, gold=gold | {"where": where})


def _sample(
    one: GoldPage, wanted: Callable[[dict[str, Any]], Wanted], language: str | None
) -> Sample:
    try:
        read = wanted(one.gold)
    except KeyError as missing:
        where = one.gold["where"]
        raise GoldError(f"{where}: wanted the key {missing}, found {_keys(one.gold)}") from None
    except (TypeError, AttributeError) as error:
        raise GoldError(f"{one.gold['where']}: wanted gold as its README says: {error}") from None
    return Sample(name=one.name, page=one.page, language=language, wanted=read)


def _hand_made(gold: dict[str, Any]) -> Wanted:
    near = [link for link in gold["read_also"] if link["where"] != "outside"]
    return Wanted(
        paragraphs=tuple(gold["body"]),
        optional=tuple(gold["optional"]),
        read_also=tuple(_telling(link["text"], link["form"]) for link in near if link["text"]),
        boilerplate=tuple(one["text"] for one in gold["other_boilerplate"] if one["text"]),
        titles=(gold["title"], *gold["title_alt"]),
        published=gold["published_at"],
        authors=tuple(gold["authors"]),
        one_by_one=True,
        editors=tuple(gold["editors"]),
        section=gold["section"],
        tags=tuple(gold["tags"]),
    )


def _telling(text: str, form: str) -> tuple[str, ...]:
    """Return a read-also string, and its title alone where a label stands in front of it."""
    title = _LABEL.sub("", text).rstrip(" )].") if form not in _BARE_FORMS else text
    return tuple(dict.fromkeys((text, title)))


def _listed(gold: dict[str, Any], *, bracketed: bool) -> Wanted:
    paragraphs = tuple(one for one in (gold["body"] or "").split("\n") if one.strip())
    return Wanted(
        paragraphs=paragraphs,
        optional_at=_brackets(paragraphs) if bracketed else None,
        titles=(gold["title"],) if gold["title"] else (),
        published=gold["published"],
        authors=tuple(gold["authors"]) if gold["authors"] else None,
        must=tuple(gold["must"] or ()),
        must_not=tuple(gold["must_not"] or ()),
    )


def _brackets(paragraphs: Iterable[str]) -> tuple[int, ...]:
    return tuple(at for at, one in enumerate(paragraphs) if one[0] == "[" and one[-1] == "]")


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except ValueError as error:
        raise GoldError(f"{where}: wanted a JSON object, found: {error}") from None
    if not isinstance(read, dict):
        raise GoldError(f"{where}: wanted a JSON object, found {type(read).__name__}")
    return read


def _string(gold: dict[str, Any], key: str, where: str) -> str:
    value = gold.get(key)
    if not isinstance(value, str):
        raise GoldError(f"{where}: wanted a string for {key!r}, found {value!r}")
    return value


def _keys(gold: Iterable[str]) -> str:
    return ", ".join(repr(key) for key in gold if key != "where") or "none"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path}: wanted UTF-8 text, found: {error}") from None


def _unzipped(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        detail = getattr(error, "strerror", None) or error
        raise GoldError(f"{path}: wanted a gzipped page, found: {detail}") from None
