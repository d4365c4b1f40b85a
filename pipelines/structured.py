"""Data blocks inside a page -> values: JSON-LD, `__NEXT_DATA__`, `dataLayer`.

Enters script text that may be broken in every way; leaves plain dicts and strings. Never raises.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ARTICLE_TYPES = (
    "NewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "BackgroundNewsArticle",
    "OpinionNewsArticle",
    "ReviewNewsArticle",
    "AskPublicNewsArticle",
    "Article",
    "BlogPosting",
    "LiveBlogPosting",
    "TechArticle",
    "SatiricalArticle",
    "AdvertiserContentArticle",
    "Report",
)
"""schema.org types of an article, the likeliest first."""

PAGE_TYPES = ("WebPage", "MedicalWebPage", "FAQPage", "ItemPage", "CollectionPage", "VideoObject")
"""What else may say when a page appeared, where nothing calls itself an article."""

_MOST_OBJECTS = 2_000
_DEEPEST = 40
_MOST_ITEMS = 500
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MISSING_COMMA = re.compile(r'("|\}|\])(\s*\n\s*")')
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|"
                       r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$")  # fmt: skip
_CONTROLS = re.compile(r"[\x00-\x1f]+")


def json_ld_in(blocks: Iterable[str]) -> tuple[dict[str, Any], ...]:
    """Return every object of the blocks: lists, `@graph` and nesting undone, references resolved.

    In document order, but members of an `ItemList`, which are other articles, come last.
    """
    found: list[dict[str, Any]] = []
    listed: list[dict[str, Any]] = []
    for block in blocks:
        for item in _objects(_loaded(block), 0, listed):
            found.append(item)
            if len(found) + len(listed) >= _MOST_OBJECTS:
                return _resolved([*found, *listed])
    return _resolved([*found, *listed])


def _resolved(objects: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Put what `{"@id": …}` points to in its place, one step deep."""
    named = {
        item["@id"]: item
        for item in objects
        if isinstance(item.get("@id"), str) and len(item) > 2  # noqa: PLR2004 - more than type and id
    }
    return tuple(_with_references(item, named) if named else item for item in objects)


def _with_references(item: dict[str, Any], named: dict[str, dict[str, Any]]) -> dict[str, Any]:
    found = item
    for key, value in item.items():
        if key in _NESTS:
            continue
        if isinstance(value, list):
            new: object = [_referred(one, named) for one in value[:_MOST_ITEMS]]
        else:
            new = _referred(value, named)
        if new != value:
            found = {**found, key: new}
    return found


def _referred(value: object, named: dict[str, dict[str, Any]]) -> object:
    if not (isinstance(value, dict) and value.keys() <= {"@id", "@type"}):
        return value
    name = value.get("@id")
    return named.get(name, value) if isinstance(name, str) else value


def of_type(objects: Iterable[dict[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of that schema.org type; `*` matches all."""
    for item in objects:
        types = item.get("@type")
        names = types if isinstance(types, list) else [types]
        if name == "*" or any(str(one).rpartition("/")[2] == name for one in names):
            yield item


def at_path(value: object, path: str) -> Iterator[str]:
    """Yield the strings at a dotted path; lists are walked, an object gives its name or URL.

    >>> list(at_path({"author": [{"name": "Sari"}, "Budi"]}, "author.name"))
    ['Sari', 'Budi']
    """
    yield from _walked(value, [step for step in re.split(r"[.\[\]/]+", path) if step])


def data_layer(scripts: Iterable[str], key: str) -> Iterator[str]:
    """Yield what scripts give *key* in an object literal: `"key": "value"` or `'key': 'value'`."""
    pattern = re.compile(
        rf"""(?<![\w-])["']?{re.escape(key)}["']?\s*[:=]\s*"""
        r"""("(?:[^"\\\n]|\\.){0,2000}"|'(?:[^'\\\n]|\\.){0,2000}'|-?\d+(?:\.\d+)?)"""
    )
    for script in scripts:
        if key not in script:
            continue
        for match in pattern.finditer(script):
            text = _literal(match[1])
            if text:
                yield text


def as_json(text: str) -> object:
    """Read JSON as leniently as JSON-LD is read; `None` if it is none."""
    return _loaded(text)


def _loaded(block: str) -> object:
    text = _WRAPPING.sub("", block).strip().rstrip(";")
    repaired = _TRAILING_COMMA.sub(r"\1", _CONTROLS.sub(" ", text))
    spaced = _MISSING_COMMA.sub(r"\1,\2", text)
    tries = (text, repaired, _TRAILING_COMMA.sub(r"\1", _CONTROLS.sub(" ", spaced)))
    for one in (*tries, html.unescape(repaired)):
        try:
            return json.loads(one, strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvaged(repaired)


def _salvaged(text: str) -> object:
    """Read the first whole value of several, or of text with something behind it."""
    start = next((n for n, char in enumerate(text[:200]) if char in "{["), None)
    if start is None:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return _torn(text)


_PAIR = re.compile(r'"(headline|datePublished|dateModified|articleSection|description|name)"'
                   r'\s*:\s*"((?:[^"\\\n]|\\.){1,1000})"')  # fmt: skip


def _torn(text: str) -> object:
    """Save the plain pairs of an article's block that no repair makes whole."""
    if not any(f'"{name}"' in text for name in ARTICLE_TYPES):
        return None
    found: dict[str, Any] = {"@type": "NewsArticle"}
    for key, value in _PAIR.findall(text):
        # A name may be anybody's: author, publisher, image.
        if key != "name":
            found.setdefault(key, _literal(f'"{value}"'))
    return found


def _literal(text: str) -> str:
    if text[:1] not in "\"'":
        return text
    inner = text[1:-1]
    if text[0] == "'":
        inner = inner.replace("\\'", "'").replace('"', '\\"')
    try:
        return str(json.loads(f'"{inner}"', strict=False)).strip()
    except ValueError:
        return inner.strip()


_NESTS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart")


def _objects(value: object, depth: int, listed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _objects(one, depth + 1, listed)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in _NESTS:
            inner = value.get(key)
            if not isinstance(inner, dict | list) or len(listed) >= _MOST_OBJECTS:
                continue
            if key == "itemListElement":
                listed.extend(_objects(inner, depth + 1, listed))
            else:
                yield from _objects(inner, depth + 1, listed)


def _walked(value: object, steps: list[str]) -> Iterator[str]:
    if isinstance(value, list):
        if steps and steps[0].isdigit():
            # At most six digits: no list is longer, and int() of many is slow.
            at = int(steps[0][:6])
            yield from _walked(value[at], steps[1:]) if at < len(value) else ()
        else:
            for one in value[:_MOST_ITEMS]:
                yield from _walked(one, steps)
    elif isinstance(value, dict):
        if not steps:
            yield from _named(value)
        elif steps[0] in value:
            yield from _walked(value[steps[0]], steps[1:])
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        text = " ".join(html.unescape(str(value)).split())
        # "author": "Sari" is as good as "author": {"name": "Sari"}.
        if text and steps in ([], ["name"], ["url"]):
            yield text


def _named(value: dict[str, Any]) -> Iterator[str]:
    for key in ("name", "url", "@value", "@id"):
        if isinstance(value.get(key), str) and value[key].strip():
            yield value[key]
            return
