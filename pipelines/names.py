"""Bylines -> names of persons: no roles, no brands, no addresses.

Enters what a page prints ("Reporter: Sari Dewi - detikNews"); leaves names in order, or none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.selectors import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ROLE = (
    r"(?:oleh|by|penulis|ditulis\s+oleh|written\s+by|reporter|rep|pewarta(?:\s+foto)?|wartawan|"
    r"jurnalis|journalist|author|laporan(?:\s+(?:wartawan|jurnalis|reporter))?|kontributor|"
    r"contributor|koresponden|editor|penyunting|redaktur(?:\s+pelaksana)?|red|fotografer|"
    r"photographer|foto|photo|videografer|penerjemah|uploader|publisher|pengunggah|teks|"
    r"tim\s+liputan|liputan|staff?\s+writer|written|text)"
)
_LEADING = re.compile(rf"^(?:\W*{_ROLE}\s*(?:[:：|/&,–—-]+|\s)\s*)+", re.IGNORECASE)
_CONTRIBUTOR = re.compile(
    r"^\W*(?:kontributor|contributor|koresponden)\s+[^,:]{2,40}[,:]\s*", re.IGNORECASE
)
_TRAILING = re.compile(
    r"\s*(?:[-–—|/@]\s*(?:detik\w*|[\w.]+\.(?:com|co\.id|id|net|org)|\w*news\w*|okezone|"
    r"kompas\w*|tempo\w*|antara\w*|liputan6\w*|jurnalis|reporter|wartawan|kontributor|editor)\b.*)$",
    re.IGNORECASE,
)
_PARENTHESES = re.compile(r"\s*[(\[<][^)\]>]{0,80}[)\]>]")
_EMAIL = re.compile(r"\S+@\S+\.\S+|https?://\S+|www\.\S+|@\w+")
_SPLIT = re.compile(r"\s*(?:[;|/\n•·]|,|\s(?:dan|and|&|bersama|with)\s)\s*", re.IGNORECASE)
_DEGREE = re.compile(
    r"^(?:S\.?\w{1,4}|M\.?\w{1,4}|Ph\.?D|Lc|MA|MBA|Dr|Drs|Ir|Jr|Sr|SE|SH|ST|MM|MSi|MPd|SPd)\.?(?:\s\w\.?)*$"
)
_NOBODY = re.compile(
    r"^(?:admin\w*|administrator|redaksi\w*|redaktur|tim|team|editor|penulis|reporter|author|staff?|"
    r"newsroom|news\s*desk|web\s*(?:admin|master)|super\s?admin|user|guest|anonymous|anonim|"
    r"unknown|null|none|undefined|n/?a|-|various|berbagai\s+sumber|antara|reuters|afp|ap|"
    r"(?:tim|team|redaksi|kru|crew)\s.*|rep|c-?\d{1,3}|\w{1,2}\d{1,3}|detik\w*|.*\.(?:com|co\.id|id|net|org))$",
    re.IGNORECASE,
)
_LONGEST = 60
_SHORTEST_BRAND = 4


def names_in(texts: Iterable[str], *, brands: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names in bylines, in order, each once.

    Args:
        texts: As the page prints them.
        brands: Names of the outlet, which is nobody's name.

    >>> names_in(["Reporter: Sari Dewi - detikNews", "Oleh Budi Santoso dan Ani"])
    ('Sari Dewi', 'Budi Santoso', 'Ani')
    >>> names_in(["Kontributor Lhokseumawe, Rahmat"])
    ('Rahmat',)
    """
    refused = {_squeezed(brand) for brand in brands}
    # "Kabar Cyber Media" and the like: the publisher of Kabar.com, no person.
    first = tuple(
        one + " " for brand in brands if len(one := brand.split(".")[0].lower()) >= _SHORTEST_BRAND
    )
    found: dict[str, str] = {}
    for text in texts:
        for name in _names(one_line(text)):
            if _squeezed(name) not in refused and not name.lower().startswith(first):
                found.setdefault(name.casefold(), name)
    return tuple(found.values())


def _names(text: str) -> list[str]:
    text = _CONTRIBUTOR.sub("", _PARENTHESES.sub(" ", _EMAIL.sub(" ", text)))
    names: list[str] = []
    for part in _SPLIT.split(text):
        name = _LEADING.sub("", part)
        name = one_line(_TRAILING.sub("", name)).strip(" .,:;-–—|/\"'*")
        name = _LEADING.sub("", name)
        if names and _DEGREE.match(part.strip()):
            names[-1] = f"{names[-1]}, {part.strip()}"
        elif _is_name(name):
            names.append(_in_case(name))
    return names


def _is_name(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return (
        (" " in text or not text.islower())
        and letters >= 2  # noqa: PLR2004 - shortest names seen: two letters
        and len(text) <= _LONGEST
        and not _NOBODY.match(text)
        and letters >= len(text) / 2
        and len(text.split()) <= 6  # noqa: PLR2004 - longer ones are sentences
    )


def _in_case(name: str) -> str:
    """Write a name that stands all in capitals as names are written."""
    words = name.split()
    if name.isupper() and len(words) > 1:
        return " ".join(w if len(w) <= 2 or "." in w else w.capitalize() for w in words)  # noqa: PLR2004 - initials stay
    return name


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
