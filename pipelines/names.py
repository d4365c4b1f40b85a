"""Bylines -> names of persons: no roles, no brands, no desks, no agencies, no addresses.

Enters what a page prints ("Reporter: Sari Dewi - detikNews"); leaves names in order, spelt as they
stand there, or none. Who is only called by a code ("C31") or an account is nobody.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, cast

from pipelines.selectors import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Role = Literal["author", "editor"]
Given = Literal["author", "editor", "other"] | None
"""What a label makes of a name; `None` without one."""

_AUTHOR = (
    r"(?:ditulis\s+)?oleh|dening|(?:written\s+|words\s+|text\s+|story\s+|reported\s+|posted\s+|published\s+)?by|"
    r"(?:nama\s+)?penulis|reporter|rep(?=\s*:)|pewarta(?:\s+foto)?|wartawan(?:ti)?|jurnalis|journalist|"
    r"authors?|laporan(?:\s+(?:wartawan(?:ti)?|jurnalis|reporter|kontributor))?|kontributor|"
    r"contributors?|koresponden|correspondent|fotografer|photographer|videografer|tim\s+liputan|"
    r"liputan|staff?\s+writer|written(?=\s*:)|te(?:xt|ks)(?=\s*:)|kolumnis|columnist"
)
_EDITOR = (
    r"(?:asisten\s+|co-?)?editor|disunting\s+oleh|edited\s+by|penyunting|"
    r"redaktur(?:\s+pelaksana)?|red(?=\s*:)|penyelaras"
)
_OTHER = (
    r"penerjemah|translator|uploader|publisher|pengunggah|sumber|source(?=\s*:)|copyright|foto|photo|"
    r"reviewed\s+by|ditinjau\s+oleh|infografis|desain|design"
)
_LABEL = re.compile(
    rf"^\W*(?:(?P<editor>{_EDITOR})|(?P<author>{_AUTHOR})|(?P<other>{_OTHER}))"
    r"(?:\s*[:：|/&,–—-]+\s*|\s+(?!\W*$)|\s*$)",
    re.IGNORECASE,
)
# "Sari Dewi (Penulis) Budi (Editor)": what somebody did may stand behind the name.
_ROLE_BEHIND = re.compile(
    rf"[(\[]\s*(?:(?P<editor>{_EDITOR})|(?P<author>{_AUTHOR})|(?P<other>{_OTHER}))\s*[)\]]",
    re.IGNORECASE,
)
# "Kontributor Medan, …", "Laporan Wartawan Kabar.com, …": where from or for whom, then who.
_SENT_FROM = re.compile(
    r"^\W*(?:(?:penulis|oleh|by|author|reporter)\s*:\s*)?"
    r"(?:(?:kontributor|contributor|koresponden|correspondent)\s+[^,:]{2,60}[,:]|"
    r"(?:laporan\s+)?(?:wartawan(?:ti)?|jurnalis|reporter)\s+(?:[^,:]*(?:\.\w{2,3}\b|\w{3}\s+tv\b)|"
    r"\w*(?:tribun|news|kabar|media|radio|antara|warta)\w*)[^,:]{0,40}[,:]|"
    r"laporan\s+(?:wartawan(?:ti)?|jurnalis|reporter|kontributor)\s+\w{2,20}[,:])\s*",
    re.IGNORECASE,
)
_BRANDED = (
    r"detik\w*|[\w.]+\.(?:com|co\.id|id|net|org|tv)|\w*news\w*|okezone|kompas\w*|tempo\w*|antara\w*|"
    r"liputan6\w*|tribun\w*|jurnalis|reporter|wartawan|kontributor|editor|contributor|staff\s+writer|"
    r"(?:senior|managing|associate|contributing|deputy|chief|executive|news)\s+\w+(?:\s+\w+)?"
)
_TRAILING = re.compile(
    rf"\s*(?:\s[-–—@]\s*|\s(?:of|for|at|dari|untuk)\s)(?:the\s+)?(?:{_BRANDED})\b.*$",
    re.IGNORECASE,
)
_PARENTHESES = re.compile(r"\s*[(\[<][^)\]>]{0,80}[)\]>]")
_ADDRESS = re.compile(r"(?<!\S)\S{1,80}@\S{1,80}\.\S+|https?://\S+|www\.\S+|(?<!\w)@\w[\w.]*")
_SPLIT = re.compile(
    r"\s*(?:[;|/\n•·]|,(?:\s*(?:dan|and|&)\s)?|\s(?:dan|and|serta|&|bersama|with)\s|\s[-–—]\s)\s*",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"(?:(?:(?:S|M|A|B|D)\.\s?[A-Z][A-Za-z]{0,4}|[SM]\.[A-Z])(?:\.\s?[A-Za-z]{1,3})*\.?|Ph\.?\s?D\.?|"
    r"Lc\.?|L\.?L\.?[BM]\.?|MA|MBA|MSc|MSi|MPd|MKom|MAg|SPd|SKom|SSos|SIP|SE|SH|ST|MH|MM|MT|SKM|MKes|"
    r"SFarm|SAg|Apt\.?|Sp\.\s?\w+|MD|RDN?|RN|DDS|DVM|JD|CFA|CPA|CFP|PMP|LCSW|MPH|MS|FAND|FACLM|"
    r"Esq\.?|[JS]r\.?|I{2,3}|IV)"
)
_DEGREES = re.compile(rf"{_DEGREE.pattern}(?:\s+{_DEGREE.pattern})*")
_TITLE = (
    r"prof|assoc|dr[agh]?s?|drg|drh|ir|h|hj|kh|k\.\s?h|hajah?|haji|ust(?:a[dz]|adz)?(?:ah)?|k(?:i|y)ai|"
    r"tgk|tengku|tuan\s+guru|habib|dat(?:o|uk)['’]?(?:\s+s(?:e)?ri)?|datin|(?:tan|puan)\s+sri|tun|ts|"
    r"yb|r\.?\s?a|romo|pdt|pendeta"
)
_TITLES = re.compile(rf"(?:(?:{_TITLE})(?:\.\s*|\s+|$))+", re.IGNORECASE)
_AGENCIES = (
    r"antara(?:\s?(?:news|foto))?|reuters|afp|ap|associated\s+press|xinhua|anadolu(?:\s+agency)?|aa|"
    r"bernama|dpa|kyodo|tass|sputnik|irna|mehr(?:\s+news)?|fars|tasnim|abna|voa|bbc|cnn|dw|"
    r"deutsche\s+welle|bloomberg|epa|ant|rtr|getty(?:\s+images)?|ist|istimewa|dok\.?|pr\s?newswire|"
    r"prwire?"
)
_NOBODY = re.compile(
    rf"(?:{_AGENCIES}|{_BRANDED}|\w*admin\w*|redaksi\w*|redaktur|tim|team|editors?|penulis|reporters?|authors?|"
    r"staff?|wartawan|jurnalis|pewarta|fotografer|newsroom|news\s*desk|web\s*master|superuser|user|"
    r"guest|anonymous|anonim|unknown|null|none|undefined|n/?a|no\s*name|various|others?|\d+\s+\w+|"
    r"berbagai\s+sumber|(?:tim|team|redaksi|kru|crew|desk|the\s+editors?)\s.*|"
    r".*\s(?:team|staff|desk|editors|contributors?|newsroom|redaksi)|"
    r"rep|red|c-?\d{1,3}|\w{1,3}\d{1,3}|detik\w*|.*\.(?:com|co\.id|id|net|org|tv)|"
    r"facebook|twitter|instagram|linkedin|whatsapp|bluesky|telegram|threads|youtube|tiktok|x\.com|"
    r"e-?mail|print|pdf|save\s.*|copy\s.*|cetak|bagikan.*|"
    r"senin|selasa|rabu|kamis|khamis|jum.?at|sabtu|minggu|ahad|isnin|\w+day|"
    r"(?:view|see|more|read|baca|lihat|share|follow|updated?|posted|published|diperbarui)\b.*)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\s(?:is|was|has|are|adalah|merupakan|yang|ialah)\s.*$", re.IGNORECASE)
_PARTICLES = frozenset(
    (  # noqa: SIM905 - a table reads better packed
        "a al an as bin binti bt d da das de del della den der di do dos du e el i ibn la las le"
        " los s ten ter van von y"
    ).split()
)
_LONGEST_BYLINE = 1_000
"""Characters; a longer text is no byline, and reading it takes long."""
_LONGEST = 60
_MOST_WORDS = 6
_SHORTEST_BRAND = 4


def names_in(
    texts: Iterable[str], *, brands: Sequence[str] = (), role: Role | None = None
) -> tuple[str, ...]:
    """Return the names in bylines, in order, each once.

    Args:
        texts: As the page prints them.
        brands: Names of the outlet, which is nobody's name.
        role: Leaves out whom the text itself gives another role.

    >>> names_in(["Reporter: Sari Dewi - detikNews", "Oleh Budi Santoso dan Ani"])
    ('Sari Dewi', 'Budi Santoso', 'Ani')
    >>> names_in(["Rep: Sari Dewi/ Red: Dr. Budi, M.Si"], role="editor")
    ('Dr. Budi, M.Si',)
    """
    found: dict[str, str] = {}
    for text in texts:
        for given, name in credited(text, given=None, brands=brands)[0]:
            if role is None or given in (None, role):
                found.setdefault(name.lower(), name)
    return tuple(found.values())


def reads_as_name(text: str) -> bool:
    """Tell whether the words are written as a name: each with a capital, or a particle.

    >>> reads_as_name("Sari binti Ahmad"), reads_as_name("Sari menulis")
    (True, False)
    """
    words = untitled(text).replace(",", " ").split()
    return bool(words) and all(
        word.lower().strip(".'’") in _PARTICLES or not word[0].islower() for word in words
    ) and not words[0].islower()  # fmt: skip


def untitled(name: str) -> str:
    """Return a name without the titles before and the degrees behind it, nothing if that is all.

    >>> untitled("Prof. Dr. H. Sari Dewi, M.Si."), untitled("Prof. Dr."), untitled("Ir. Ani")
    ('Sari Dewi', '', 'Ani')
    """
    title = _TITLES.match(name)
    bare, *degrees = name[title.end() if title else 0 :].split(", ")
    others = [one for one in degrees if not _DEGREES.fullmatch(one)]
    return ", ".join((bare, *others))


def credited(
    text: str, *, given: Given, brands: Sequence[str] = ()
) -> tuple[list[tuple[Given, str]], Given]:
    """Return the names in a piece of a byline, each with the role it has, and the last label's.

    Args:
        text: As the page prints it.
        given: The role that the pieces before it have left.
        brands: Names of the outlet, which is nobody's name.
    """
    found, given = _names(one_line(text[:_LONGEST_BYLINE]), given)
    refused, first = _brands(tuple(brands))
    return [
        (role, name)
        for role, name in found
        if squeezed(name) not in refused and not name.lower().startswith(first)
    ], given


def says_no_more(text: str) -> bool:
    """Tell whether a line is labels and nothing behind them.

    >>> says_no_more("Penulis :"), says_no_more("Penulis: admin")
    (True, False)
    """
    text = one_line(text[:_LONGEST_BYLINE])
    while label := _LABEL.match(text):
        text = text[label.end() :]
    return not any(map(str.isalnum, text))


def follows_a_name(text: str) -> bool:
    """Tell whether a piece opens with the role of whom the piece before it names: "(Editor)"."""
    return bool(_ROLE_BEHIND.match(text.strip()))


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """Return letters and digits alone, in one case: how brands and titles are compared."""
    return "".join(filter(str.isalnum, text)).casefold()


@lru_cache(maxsize=256)
def _brands(brands: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    # "Kabar Cyber Media" and the like: the publisher of Kabar.com, no person.
    first = {one.split(".")[0].lower() for one in brands}
    return (
        frozenset(map(squeezed, brands)),
        tuple(one + " " for one in first if len(one) >= _SHORTEST_BRAND),
    )


def _names(text: str, given: Given) -> tuple[list[tuple[Given, str]], Given]:
    names: list[tuple[Given, str]] = []
    begin = 0
    for behind in _ROLE_BEHIND.finditer(text):
        did = cast("Given", behind.lastgroup)
        names.extend((did, name) for _, name in _listed(text[begin : behind.start()], None)[0])
        begin = behind.end()
    more, given = _listed(text[begin:], None if begin else given)
    return names + more, given


def _listed(text: str, given: Given) -> tuple[list[tuple[Given, str]], Given]:
    text = _PARENTHESES.sub(" ", _ADDRESS.sub(" ", text))
    names: list[tuple[Given, str]] = []
    for part in _SPLIT.split(_SENT_FROM.sub("Oleh: ", text)):
        if names and _DEGREES.fullmatch(part.strip()):
            names[-1] = names[-1][0], f"{names[-1][1]}, {part.strip()}"
            continue
        while label := _LABEL.match(part):
            given = cast("Given", label.lastgroup)
            part = part[label.end() :]  # noqa: PLW2901 - what is left of it
        name = _SENTENCE.sub("", _TRAILING.sub("", part)).strip(" .,:;-–—|/\"'*“”")
        if _is_name(name):
            names.append((given, name))
    return names, given


def _is_name(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return (
        (" " in text or not text.islower())
        and letters >= 2  # noqa: PLR2004 - shortest names seen: two letters
        and len(text) <= _LONGEST
        and not _NOBODY.fullmatch(text)
        and letters >= len(text) / 2
        and 0 < len(untitled(text).split()) <= _MOST_WORDS
        and not any(char.isdigit() for char in text)
    )
