"""What an article is about, where no layout says: its section and its tags.

Enters a document; leaves what a reader sees, never what only search engines are told.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.names import squeezed
from pipelines.selectors import short_text
from pipelines.structured import at_path, of_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from pipelines.document import Document
    from pipelines.outlets import Outlet

_LONGEST = 60
_MOST_CRUMBS = 8
_MOST_LINKS = 50
_TRAIL = re.compile(r"bread-?(?:c|\b)|breadcrum|crumbs?\b|breadcome", re.IGNORECASE)
_HOME = re.compile(
    r"home|beranda|utama|(?:halaman|laman) utama|muka|depan|homepage|index|indeks|back|kembali",
    re.IGNORECASE,
)
# Of a subdomain: "warta", "www2" or a town's edition say nothing of what an article is about.
_SECTIONS = frozenset(
    (  # noqa: SIM905 - a table reads better packed
        "agama anak autos bisnis bola budaya daerah dunia edukasi ekbis ekonomi energi"
        " entertainment entertain fashion film finance finansial food foto games gayahidup global"
        " haji hankam health hiburan hikmah hobi hukum humaniora iptek internasional"
        " international investasi islam karier keluarga kesehatan keuangan khazanah kolom kriminal"
        " kuliner lifestyle life lingkungan market megapolitan metro metropolitan money motogp"
        " musik nasional national nusantara olahraga opini otomotif oto parenting pariwisata"
        " pasar pemilu pendidikan perempuan pertanian politik politics properti property ragam"
        " regional religi sains sastra science sehat seleb selebriti selebritis seni showbiz sport"
        " sports style syariah tech techno tekno teknologi tokoh travel tren video wanita wisata"
        " gaya hidup"
    ).split()
)
_TAGGED = re.compile(
    r"(?<![a-z])(?:tags?|topik|topics?|tagging|label|keyword)s?(?![a-z])", re.IGNORECASE
)
_TAG_PATH = re.compile(
    r"[/_-](?:tags?|topik|topics?|tagging|label|keywords?)[/=-]|[?&](?:tag|topik|topic)=",
    re.IGNORECASE,
)
_NOT_THESE = re.compile(
    r"trend|popul|hot|cloud|header|menu|nav|widget|sidebar|footer", re.IGNORECASE
)
# "Tekno:Telko", "Editor:Sari": a system's own marks.
_MARK = re.compile(r"\w:\w")
_MOST_KEYWORDS = 12


def section_of(
    document: Document, title: str | None, brands: Sequence[str]
) -> tuple[str, str] | None:
    """Return the section and what gave it: the last breadcrumb that is no page of its own."""
    refused = {squeezed(title or ""), *map(squeezed, brands), ""}

    def last(crumbs: Iterable[str]) -> str | None:
        kept = [
            one
            for one in crumbs
            if len(one) <= _LONGEST and squeezed(one) not in refused and not _HOME.fullmatch(one)
        ]
        return kept[-1] if kept else None

    shown = last(_shown_crumbs(document))
    if shown:
        return shown, "selector:breadcrumb"
    for item in of_type(document.json_ld, "BreadcrumbList"):
        declared = last(_declared_crumbs(item))
        if declared:
            return declared, "jsonld:BreadcrumbList.itemListElement.name"
    return None


def subdomain_of(document: Document, outlet: Outlet) -> str | None:
    """Return the name of the outlet's subdomain that an article stands on, if it is a section's."""
    try:
        host = (urlsplit(document.url).hostname or "").lower()
    except ValueError:
        return None
    domain = next((one for one in outlet.domains if host.endswith("." + one)), None)
    if not domain:
        return None
    label = host[: -len(domain) - 1].rpartition(".")[2]
    words = label.split("-")
    return " ".join(words).capitalize() if _SECTIONS.issuperset(words) else None


def _shown_crumbs(document: Document) -> list[str]:
    index = document.index
    for trail in (
        *index.where("class", _TRAIL.search),
        *index.where("id", _TRAIL.search),
        *(one for one in index.having("itemtype") if "BreadcrumbList" in one.get("itemtype", "")),
    ):
        links = list(islice(trail.iter("a"), _MOST_CRUMBS + 1))
        if links and len(links) <= _MOST_CRUMBS:
            return [text for one in links if (text := short_text(one, _LONGEST))]
    return []


def _declared_crumbs(item: dict[str, object]) -> Iterator[str]:
    members = item.get("itemListElement")
    for member in members if isinstance(members, list) else [members]:
        if isinstance(member, dict):
            name = next(at_path(member, "name"), None) or next(at_path(member, "item.name"), None)
            if name:
                yield name


def tag_links(document: Document) -> list[str]:
    """Return the texts of the links to tags that an article shows."""
    index = document.index
    related = [
        one
        for one in index.having("rel")
        if one.tag == "a"
        and "tag" in (words := (one.get("rel") or "").split())
        and "category" not in words
    ]
    if related:
        return [text for one in related if (text := short_text(one, _LONGEST))]
    found: dict[HtmlElement, list[str]] = {}
    for box in index.where("class", _TAGGED.search):
        links = [box] if box.tag == "a" else list(islice(box.iter("a"), _MOST_LINKS + 1))
        marks = f"{box.get('class')} {box.get('id')}"
        fits = 0 < len(links) <= _MOST_LINKS and all(map(_short, links))
        if not fits or _NOT_THESE.search(marks) or _listed(box):
            continue
        around = box.getparent()
        if not found or around in found:
            # One box for all, or one beside the other for each.
            found.setdefault(around, []).extend(_tag_texts(links))
            found = {key: texts for key, texts in found.items() if texts}
    return next(iter(found.values()), [])


def _tag_texts(links: Iterable[HtmlElement]) -> list[str]:
    texts = ((short_text(one, _LONGEST), one.get("href") or "") for one in links)
    return [text for text, href in texts if text.startswith("#") or _TAG_PATH.search(href)]


def shown_keywords(document: Document, keywords: Iterable[str]) -> list[str]:
    """Return the keywords that the page also shows as links to tags."""
    shown = {
        squeezed(short_text(one, _LONGEST))
        for one in document.root.iter("a")
        if _TAG_PATH.search(one.get("href") or "")
    }
    return [one for one in keywords if squeezed(one) in shown]


def are_tags(keywords: Sequence[str], title: str | None) -> bool:
    """Tell whether declared keywords may be tags: not the headline's words, not a shop window.

    >>> are_tags(["harga", "beras", "naik", "lagi"], "Harga Beras Naik Lagi")
    False
    """
    if len(keywords) > _MOST_KEYWORDS:
        return False
    words = {squeezed(word) for word in (title or "").split()}
    own = [one for one in keywords if squeezed(one) not in words]
    return len(keywords) < 3 or 2 * len(own) >= len(keywords)  # noqa: PLR2004 - two may be a coincidence


def cleaned_tags(texts: Iterable[str]) -> list[str]:
    """Return tags without `#` and the marks of a system, each once."""
    found: dict[str, str] = {}
    for text in texts:
        plain = text.lstrip("#").strip()
        if plain and len(plain) <= 100 and not _MARK.search(plain):  # noqa: PLR2004 - longer ones are descriptions
            found.setdefault(plain.casefold(), plain)
    return list(found.values())


def _listed(box: HtmlElement) -> bool:
    return any(
        one.tag in ("nav", "header", "footer", "aside")
        or _NOT_THESE.search(f"{one.get('class')} {one.get('id')}")
        for one in box.iterancestors()
        if one.tag not in ("body", "html")
    )


def _short(link: HtmlElement) -> bool:
    return bool(short_text(link, _LONGEST))
