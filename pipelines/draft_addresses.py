"""Addresses of a site -> which are articles by their form, and a regex that finds these alone.

Enters what links and sources named, which may be anything; leaves regexes in which every piece of
an address is escaped and no two repetitions can take the same characters, so that none runs away.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.urls import TRACKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LISTINGS = (
    *("tag", "tags", "topic", "topik", "category", "kategori", "kanal", "rubrik", "author"),
    *("penulis", "page", "halaman", "indeks", "index", "search", "cari", "feed", "rss", "archive"),
    *("arsip", "label", "user", "profile", "login", "register", "wp-content", "wp-json"),
)
"""Parts of addresses by which outlets name what is no article."""

_YEAR = re.compile(r"(?:19|20)\d\d")
_TWO = re.compile(r"\d{1,2}")
_NUMBER = re.compile(r"\d+")
_CODE = re.compile(r"(?=[a-zA-Z]*\d[a-zA-Z]*\d)(?=\d*[a-zA-Z])[a-zA-Z0-9]{6,40}")
_ID = re.compile(r"[a-z]{1,3}-\d{4,}")
_ENDING = re.compile(r"\.(?:html?|s?html|php|aspx?|jsp)\Z", re.IGNORECASE)
_LEADING = re.compile(r"\d{3,}-")
_TRAILING = re.compile(r"-\d{5,}\Z")
_NUMBERED = re.compile(r"(?:^|[-_])[a-z]?\d{5,}(?:[-_]|\Z)")
_KEY = re.compile(r"[a-z_]{1,20}", re.IGNORECASE)
_PLAIN = re.compile(r"[!-~]+")
_STATIC = re.compile(
    r"(?:tentang|about|kontak|contact|hubungi|redaksi|pedoman|kebijakan|privacy|privasi|disclaimer|"
    r"terms|syarat|ketentuan|karir|karier|career|iklan|advert|sitemap|newsletter|subscribe|"
    r"langganan|kode-etik|copyright|info-iklan|media-kit|faq|bantuan|help)(?:-|\Z)",
    re.IGNORECASE,
)

_LONGEST = 500
"""Characters of an address that is looked at; no article seen has more."""
_MOST_SEGMENTS = 8
_MOST_SHAPES = 8
"""Alternatives of one regex."""
_MOST_DENIED = 40
_CONSTANT = 5
"""Addresses that must agree in a segment before it is taken for a fixed one."""
_FREE_HYPHENS = 2
"""Hyphens that a headline in an address has, where nothing else tells an article."""
_END = r"/?(?:$|[?#])"
_AFTER_ENDING = r"(?:$|[?#])"


@dataclass(frozen=True, slots=True)
class Address:
    """An address, taken apart."""

    host: str
    """With the port, in lower case."""
    segments: tuple[str, ...]
    ending: str
    """Such as `.html`, in front of it the last segment; empty where there is none."""
    keys: tuple[str, ...]
    """Parameters of the query whose values are numbers."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """What each segment is: year, two, number, code, id or text."""
        return tuple(map(_kind, self.segments))

    @property
    def shape(self) -> tuple[object, ...]:
        """What addresses of one kind have in common."""
        return self.kinds, self.ending.lower(), self.keys

    @property
    def is_telling(self) -> bool:
        """Whether it carries a date or a number that listings do not have."""
        kinds = self.kinds
        last = self.segments[-1] if self.segments else ""
        return bool(
            {"number", "code", "id"} & set(kinds)
            or ("year" in kinds and "two" in kinds)
            or _NUMBERED.search(last)
            or (_LEADING.match(last) and last.count("-") >= _FREE_HYPHENS)
            or self.keys
        )


@lru_cache(maxsize=65536)
def address_of(url: str) -> Address | None:
    """Take an address apart; `None` for one that no article has."""
    if len(url) > _LONGEST or not _PLAIN.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:  # unbalanced brackets and the like
        return None
    segments = [one for one in parts.path.split("/") if one]
    if len(segments) > _MOST_SEGMENTS:
        return None
    ending = ""
    if segments and (found := _ENDING.search(segments[-1])):
        ending = found[0]
        segments[-1] = segments[-1].removesuffix(ending)
    keys = []
    for pair in parts.query.split("&"):
        name, _, value = pair.partition("=")
        numbered = value.isascii() and value.isdigit()
        if numbered and _KEY.fullmatch(name) and not TRACKING.fullmatch(name) and name != "page":
            keys.append(name)
    return Address(
        parts.netloc.lower().rpartition("@")[2], tuple(segments), ending, tuple(sorted(keys))
    )


def is_listing(url: str) -> bool:
    """Tell whether an address says by itself that it is no article."""
    found = address_of(url)
    if found is None or not (found.segments or found.keys):
        return True
    words = [one.lower() for one in found.segments]
    if any(word in LISTINGS for word in words[:-1]) or words[-1:] == ["feed"]:
        return True
    return len(words) == 1 and (words[0] in LISTINGS or bool(_STATIC.match(words[0])))


def likely_articles(links: Iterable[tuple[str, str]]) -> list[str]:
    """Return the addresses that read like articles, those of the commonest forms first.

    Args:
        links: Address and text of each link.
    """
    weights: Counter[tuple[object, ...]] = Counter()
    found: dict[str, tuple[object, ...]] = {}
    for url, text in links:
        address = address_of(url)
        if address is None or is_listing(url):
            continue
        words = len(text.split())
        slug = max((one.count("-") for one in address.segments), default=0)
        weight = (words >= 4) + (slug > _FREE_HYPHENS) + address.is_telling  # noqa: PLR2004 - words of a headline
        if weight >= 2 or url in found:  # noqa: PLR2004 - two of the three
            found.setdefault(url, address.shape)
            weights[address.shape] += weight
    return sorted(found, key=lambda url: -weights[found[url]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What `articles.match` and `articles.deny` should say."""

    match: str
    deny: str
    """Empty where `match` finds none of the others."""
    left_out: tuple[str, ...]
    """Articles of forms too rare for the regex."""


def pattern_of(
    articles: Sequence[str],
    others: Iterable[str],
    domains: Sequence[str],
    *,
    denied: re.Pattern[str] | None = None,
) -> Pattern:
    """Find the regex of a site's articles.

    Args:
        articles: Their addresses, at least one.
        others: Addresses that are none.
        domains: Of the outlet.
        denied: What its family denies already.
    """
    shapes: dict[tuple[object, ...], list[Address]] = defaultdict(list)
    urls: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for url in dict.fromkeys(articles):
        address = address_of(url)
        if address is not None and (address.segments or address.keys):
            shapes[address.shape].append(address)
            urls[address.shape].append(url)
    total = sum(map(len, shapes.values()))
    kept = sorted(shapes, key=lambda one: -len(shapes[one]))[:_MOST_SHAPES]
    if total > _CONSTANT:
        kept = [one for one in kept if len(shapes[one]) > 1] or kept[:1]
    base = _base(shapes, domains)
    wrong = [url for url in dict.fromkeys(others) if not (denied and denied.search(url))]
    near: dict[tuple[object, ...], list[Address]] = defaultdict(list)
    for url in wrong:
        if (address := address_of(url)) is not None:
            near[address.shape].append(address)
    pieces = list(dict.fromkeys(_piece(shapes[one], near[one]) for one in kept))
    match = f"^https?://{base}{_either(pieces)}"
    found = re.compile(match)
    return Pattern(
        match=match,
        deny=_deny([url for url in wrong if found.search(url)], base),
        left_out=tuple(url for some in urls.values() for url in some if not found.search(url)),
    )


def _kind(segment: str) -> str:
    for name, form in (
        ("year", _YEAR),
        ("two", _TWO),
        ("number", _NUMBER),
        ("code", _CODE),
        ("id", _ID),
    ):
        if form.fullmatch(segment):
            return name
    return "text"


def _base(shapes: dict[tuple[object, ...], list[Address]], domains: Sequence[str]) -> str:
    """Write hosts: with `www.` or without, or any below the domain where articles stand there."""
    hosts = {one.host for some in shapes.values() for one in some}
    plain = {host for domain in domains for host in (domain, f"www.{domain}")}
    below = r"(?:www\.)?" if hosts <= plain else r"(?:[a-z0-9-]+\.){0,3}"
    if all(re.fullmatch(r"[\d.]+(?::\d+)?|\[.*", domain) for domain in domains):
        below = ""  # a number has no subdomains
    names = [re.escape(domain).replace(r"\-", "-") for domain in domains]
    return f"{below}{_either(names)}"


def _piece(some: Sequence[Address], others: Sequence[Address]) -> str:
    """Write path and query of addresses of one shape."""
    first = some[0]
    path = ""
    fixed = 0
    for number, kind in enumerate(first.kinds):
        values = {one.segments[number] for one in some}
        is_last = number == len(first.segments) - 1
        if kind == "text" and len(values) == 1 and len(some) >= _CONSTANT:
            path += f"/{_literal(next(iter(values)))}"
            fixed += 1
        elif is_last and kind == "text":
            path += f"/{_slug(some, others, fixed=fixed)}"
        else:
            path += f"/{_SEGMENTS[kind]}"
    if first.ending:
        # The dot ends what went before only if that cannot take it.
        path += _literal(first.ending)
    if first.keys:
        keys = "".join(rf"(?=[^#]*[?&]{re.escape(one)}=\d)" for one in first.keys)
        return rf"{path}/?{keys}\?"
    return path + (_AFTER_ENDING if first.ending else _END)


_SEGMENTS = {
    "year": r"\d{4}",
    "two": r"\d{1,2}",
    "number": r"\d+",
    "code": "[A-Za-z0-9]{6,}",
    "id": r"[a-z]{1,3}-\d+",
    "text": "[^/?#]+",
}


def _slug(some: Sequence[Address], others: Sequence[Address], *, fixed: int) -> str:
    last = [one.segments[-1] for one in some]
    char = "[^/?#.]" if some[0].ending and not any("." in one for one in last) else "[^/?#]"
    if all(map(_TRAILING.search, last)):
        return rf"{char}+-\d{{5,}}"
    if all(map(_LEADING.match, last)):
        return rf"\d{{3,}}-{char}+"
    kinds = some[0].kinds
    if {"number", "code", "id"} & set(kinds) or ("year" in kinds and "two" in kinds):
        return f"{char}+"
    # A headline in an address has more hyphens than the name of a section or a static page.
    least = min(one.count("-") for one in last)
    most = max((one.segments[-1].count("-") for one in others), default=-1)
    wanted = min(least, 1 if fixed else _FREE_HYPHENS)
    if wanted <= most < least:
        wanted = most + 1
    if not wanted:
        return f"{char}+"
    between = f"{char[:-1]}-]"  # so that each hyphen is taken by one repetition only
    return f"(?:{between}*-){{{wanted}}}{char}+"


def _deny(urls: Sequence[str], base: str) -> str:
    """Write what `match` finds and is no article: by a telling word, else one by one."""
    words: dict[str, None] = {}
    paths: dict[str, None] = {}
    for url in urls:
        address = address_of(url)
        if address is None:
            continue
        word = next((one.lower() for one in address.segments if one.lower() in LISTINGS), None)
        if word is not None:
            words[word] = None
        elif address.segments:
            paths["/".join(map(_literal, address.segments)) + _literal(address.ending)] = None
    pieces = []
    if words:
        pieces.append(rf"/(?:{'|'.join(map(_literal, words))})(?:/|$|\?)")
    if paths:
        some = list(paths)[:_MOST_DENIED]
        pieces.append(f"^https?://{base}/(?:{'|'.join(some)}){_END}")
    return "|".join(pieces)


def _either(pieces: Sequence[str]) -> str:
    return pieces[0] if len(pieces) == 1 else f"(?:{'|'.join(pieces)})"


def _literal(text: str) -> str:
    return re.escape(text).replace(r"\-", "-")
