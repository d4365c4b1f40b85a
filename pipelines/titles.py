"""Headings and declared titles -> the headline as readers see it, without the site's name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.names import squeezed

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEPARATORS = re.compile(r"\s+[-–—|«»·•:~]+\s+|\s*[|»]\s*")
_HARD = re.compile(r"\s*[|»]\s*|\s+::\s+")
"""Separators that no headline uses within itself."""
_PAGE = re.compile(r"(?i)(?:halaman|page|hal\.?)\s*\d{1,3}(?:\s*(?:dari|of)\s*\d{1,3})?|all|semua")
WORDS = re.compile(r"[^\W_]+")
"""A word, its letters and digits."""
_LONGEST = 2_000
"""Characters that are looked at; no headline has as many."""
_FEWEST_WORDS = 4
_FEWEST_SHARED = 3
_SHORTEST_BRAND = 4
_ENOUGH = 0.6
"""Share of words that a heading and a declared title have in common."""
_LITTLE = 0.34


def without_site(title: str, brands: Sequence[str]) -> str:
    """Cut the site's name, and page numbers, from the end of a title.

    >>> without_site("Harga Beras Naik - Halaman 2 | Kabar Kita", ["Kabar Kita"])
    'Harga Beras Naik'
    """
    known = squeezed_all(tuple(brands))
    title = title[:_LONGEST]
    for cut in reversed(list(_SEPARATORS.finditer(title))):
        last = title[cut.end() :]
        brand = squeezed(last) in known or _PAGE.fullmatch(last.strip())
        if not brand or not title[: cut.start()].strip():
            break
        title = title[: cut.start()]
    return title.strip()


@lru_cache(maxsize=256)
def squeezed_all(names: tuple[str, ...]) -> frozenset[str]:
    """Return names as `squeezed` writes them."""
    return frozenset(map(squeezed, names))


def agreeing(headings: Sequence[tuple[str, str]], declared: Sequence[str]) -> str | None:
    """Return the heading that reads most like a declared title; an only `<h1>` needs little."""
    best: tuple[float, str] | None = None
    only = sum(tag == "h1" for tag, _ in headings) == 1
    for tag, text in headings:
        alike = max(_alike(text, one) for one in declared)
        told = only and tag == "h1" and len(WORDS.findall(text)) >= _FEWEST_WORDS
        if told and max(_shares(text, one) for one in declared) >= _LITTLE:
            alike = max(alike, _ENOUGH)
        if alike >= _ENOUGH and (best is None or alike > best[0]):
            best = alike, text
    return best[1] if best else None


def without_named_tail(title: str, host: str) -> str:
    """Cut a site's name that only the address knows from a title."""
    cuts = list(_SEPARATORS.finditer(title))
    if not cuts:
        return title
    head, tail = title[: cuts[-1].start()], title[cuts[-1].end() :]
    words = [squeezed(word) for word in WORDS.findall(tail)]
    # Shorter ones are in many hosts by chance: "the", "PSM".
    telling = [word for word in (*words, squeezed(tail)) if len(word) >= _SHORTEST_BRAND]
    named = telling and (telling[-1] in squeezed(host) or all(one in host for one in telling[:-1]))
    hard = _HARD.fullmatch(cuts[-1][0]) and len(words) <= 4 and len(head.split()) >= 3  # noqa: PLR2004 - words
    return head.strip() if words and head and (named or hard) else title


def without_short_tail(title: str) -> str:
    """Cut what follows the last separator where it is short: a site's name that nothing tells.

    >>> without_short_tail("Panen Padi Dimulai Lebih Awal - Kabar Desa")
    'Panen Padi Dimulai Lebih Awal'
    """
    cuts = list(_SEPARATORS.finditer(title))
    head, tail = (title[: cuts[-1].start()], title[cuts[-1].end() :]) if cuts else ("", "")
    short = len(WORDS.findall(tail)) <= 4 <= len(WORDS.findall(head))  # noqa: PLR2004 - words
    return head if short else title


def _alike(one: str, other: str) -> float:
    a, b = (set(WORDS.findall(text.lower())) for text in (one, other))
    if a != b and len(a & b) < _FEWEST_SHARED:
        return 0.0
    return len(a & b) / max(len(a), len(b)) if a and b else 0.0


def _shares(one: str, other: str) -> float:
    a, b = (set(WORDS.findall(text.lower())) for text in (one, other))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
