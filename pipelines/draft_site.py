"""A home page and pages of articles -> what they say of their site.

Enters pages as fetched; leaves names, addresses and links as facts. What a page says may be
anything: names come out as one line of visible characters, addresses as plain ASCII.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.decode import ARTICLE_LIMIT, DecodeError, text_of
from pipelines.document import Document, absolute
from pipelines.draft_addresses import is_listing, likely_articles
from pipelines.extract import brands_of
from pipelines.outlets import Outlet, registered_domain
from pipelines.selectors import one_line, short_text, visible_text
from pipelines.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from pipelines.draft_layout import Sight
    from pipelines.records import Page

FEED_PATHS = ("/feed/", "/rss", "/rss.xml", "/feed.xml")
"""Where feeds usually are."""
SITEMAP_PATHS = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")
"""Where sitemaps usually are."""
OFFSETS = {
    "+07:00": "Asia/Jakarta",
    "+08:00": "Asia/Makassar",
    "+09:00": "Asia/Jayapura",
    "WIB": "Asia/Jakarta",
    "WITA": "Asia/Makassar",
    "WIT": "Asia/Jayapura",
    "MYT": "Asia/Kuala_Lumpur",
}
"""What stands behind a clock -> the zone that it means on an Indonesian page."""
MALAY = {"Asia/Makassar": "Asia/Kuala_Lumpur"}
"""The same for pages in Malay."""

_MOST_LINKS = 2_000
_MOST_FEEDS = 5
_LONGEST_NAME = 80
_LONGEST_TEXT = 300
_NAV = re.compile(r"(?:^|[-_\s])(?:nav|navbar|menu|footer|foot|topbar|breadcrumb)", re.IGNORECASE)
_WORDPRESS = re.compile(r"/wp-(?:content|includes|json)/|api\.w\.org")
_OFFSET = re.compile(r"\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*([+-]\d{2}):?(\d{2})\b")
_UTC = re.compile(r"\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:Z|GMT|UTC)\b")
# What follows may be glued to it: "10.14 WITARini Astuti".
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}\s*\(?(WIB|WITA|WIT|MYT)(?![a-z])")
_INDEX = re.compile(
    r"/(?:indeks?|index|terkini|terbaru|latest|berita|news|artikel|blog)/?\Z", re.IGNORECASE
)
_PAGE_PATH = re.compile(r"/(page|halaman|hal)/2(/?)\Z", re.IGNORECASE)
_PAGE_QUERY = re.compile(r"([?&](?:page|halaman|hal|p|paged|pg)=)2(?=&|\Z)", re.IGNORECASE)
_WHOLE = re.compile(r"(page=all|single=1|showpage=all|view=all|all=1)")
_PART_QUERY = re.compile(r"(?:page|halaman|hal|part|p)=2\Z", re.IGNORECASE)
_URL = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link on a page."""

    url: str
    """Absolute, without a fragment."""
    text: str
    is_menu: bool
    """Whether it stands in a menu, a header's or a footer's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What a home page says."""

    url: str
    """Where it is, after redirects."""
    document: Document
    anchors: tuple[Anchor, ...]
    feeds: tuple[str, ...]
    """That it names."""
    is_wordpress: bool

    def articles(self) -> list[str]:
        """Return the links that read like articles, those of the commonest forms first."""
        return likely_articles(
            (one.url, one.text) for one in self.anchors if belongs(one.url, self.url)
        )

    def others(self) -> list[str]:
        """Return addresses of the site that are surely no articles: menus, lists, itself."""
        return [self.url, *no_articles(self.anchors, self.url)]

    def listings(self) -> list[str]:
        """Return addresses that may list articles, the likeliest first."""
        menu = [
            one.url
            for one in self.anchors
            if belongs(one.url, self.url) and _is_short(one) and not urlsplit(one.url).query
        ]
        fronts = [url for url in menu if len(_path(url)) == 1 and not is_listing(url)]
        likely = [url for url in menu if _INDEX.search(urlsplit(url).path)]
        return list(dict.fromkeys((*likely, self.url, *fronts)))


def front_of(page: Page) -> Front:
    """Read a home page.

    Raises:
        DecodeError: It cannot be read.
    """
    document = Document(text_of(page, limit=ARTICLE_LIMIT), page.final_url)
    generator = (document.meta("generator") or "").lower()
    return Front(
        url=page.final_url,
        document=document,
        anchors=tuple(anchors_of(document)),
        feeds=tuple(_feeds(document, page.final_url)),
        is_wordpress="wordpress" in generator or bool(_WORDPRESS.search(document.text)),
    )


def plain(text: str, most: int = _LONGEST_TEXT) -> str:
    """Return text in one line, of characters that show and change nothing around them."""
    shown = (
        one for one in text[: 4 * most] if one.isspace() or unicodedata.category(one)[0] != "C"
    )
    line = one_line("".join(" " if one.isspace() else one for one in shown))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def is_plain_url(url: str) -> bool:
    """Tell whether an address may stand in a file as it is."""
    return bool(_URL.fullmatch(url)) and not set(url) & set("{}\"'\\<>^`|")


def belongs(url: str, home: str) -> bool:
    """Tell whether an address is on the same site: the same host, or one beside it."""
    try:
        one, other = urlsplit(url), urlsplit(home)
        if one.netloc.lower() == other.netloc.lower():
            return True
        if one.port != other.port:
            return False
        return registered_domain(one.hostname or "") == registered_domain(other.hostname or "")
    except ValueError:
        return False


def anchors_of(document: Document) -> Iterator[Anchor]:
    """Yield the links of a page, each address once, with the longest of its texts."""
    found: dict[str, Anchor] = {}
    for element in document.root.iter("a"):
        if len(found) >= _MOST_LINKS:
            break
        url = (absolute(element.get("href"), document.base) or "").partition("#")[0]
        if not is_plain_url(url):
            continue
        text = (
            short_text(element, _LONGEST_TEXT)
            or one_line(element.get("title") or "")[:_LONGEST_TEXT]
        )
        known = found.get(url)
        if known is None or len(text) > len(known.text):
            found[url] = Anchor(url, text, _is_menu(element))
    yield from found.values()


def no_articles(anchors: Iterable[Anchor], home: str) -> list[str]:
    """Return the addresses among links that are no articles: listings, and short ones in menus."""
    return [
        one.url
        for one in anchors
        if belongs(one.url, home) and (is_listing(one.url) or (one.is_menu and _is_short(one)))
    ]


def _is_short(one: Anchor) -> bool:
    return 0 < len(one.text.split()) <= 3 and len(_path(one.url)) <= 2  # noqa: PLR2004 - "Gaya Hidup Sehat" of /rubrik/x


def _path(url: str) -> list[str]:
    return [one for one in urlsplit(url).path.split("/") if one]


def _is_menu(element: HtmlElement) -> bool:
    for one in element.iterancestors():
        if one.tag in ("nav", "footer", "header"):
            return True
        if one.tag in ("body", "article", "main"):
            return False
        if _NAV.search(f"{one.get('class') or ''} {one.get('id') or ''}"):
            return True
    return False


def _feeds(document: Document, home: str) -> Iterator[str]:
    found: dict[str, None] = {}
    for link in document.index.tagged("link"):
        kind = (link.get("type") or "").lower()
        if "alternate" not in (link.get("rel") or "").lower().split():
            continue
        if "rss" not in kind and "atom" not in kind:
            continue
        url = absolute(link.get("href"), document.base)
        comments = "comments" in (url or "") or "komentar" in (link.get("title") or "").lower()
        if url and is_plain_url(url) and not comments and belongs(url, home):
            found[url] = None
    yield from list(found)[:_MOST_FEEDS]


# -- what several pages say


def name_of(documents: Sequence[Document], titles: Sequence[str], domain: str) -> tuple[str, str]:
    """Return what the site calls itself, and where that stands."""
    stated: Counter[str] = Counter()
    for document in documents:
        stated.update(plain(one, _LONGEST_NAME) for one in document.metas.get("og:site_name", ()))
    if stated:
        return _commonest(stated), "og:site_name"
    bare = Outlet(slug="x", name="", domains=())
    for document in documents:
        stated.update(plain(one, _LONGEST_NAME) for one in brands_of(document, bare))
    if stated:
        return _commonest(stated), "JSON-LD publisher"
    tails: Counter[str] = Counter()
    for document, title in zip(documents, titles, strict=True):
        element = next(iter(document.index.tagged("title")), None)
        whole = visible_text(element) if element is not None else ""
        tail = whole.removeprefix(title).strip(" -–—|:»·•") if title and title in whole else ""
        if 0 < len(tail.split()) <= 5:  # noqa: PLR2004 - words of a name
            tails[plain(tail, _LONGEST_NAME)] += 1
    if tails and tails.most_common(1)[0][1] > 1:
        return _commonest(tails), "end of the titles"
    return domain, ""


def _commonest(names: Counter[str]) -> str:
    names.pop("", None)
    return names.most_common(1)[0][0] if names else ""


def zones_of(sights: Sequence[Sight]) -> Counter[str]:
    """Count what stands behind the clocks of pages: an offset, a zone's name, or `UTC`."""
    found: Counter[str] = Counter()
    for sight in sights:
        raw = sight.article.published_raw or ""
        seen = {name for line in sight.clocks for name in _CLOCK.findall(line)}
        if match := _OFFSET.search(raw):
            seen.add(f"{match[1]}:{match[2]}")
        elif _UTC.search(raw):
            seen.add("UTC")
        found.update("UTC" if one == "+00:00" else one for one in seen)
    return found


def zone_among(found: Counter[str], language: str) -> str | None:
    """Return the zone that most pages mean; `None` where none says so."""
    zones: Counter[str] = Counter()
    for name, count in found.items():
        if name in OFFSETS:
            zone = OFFSETS[name]
            zones[MALAY.get(zone, zone) if language == "ms" else zone] += count
    return zones.most_common(1)[0][0] if zones else None


def domain_of(home: str, articles: Sequence[str]) -> str:
    """Return the domain that the outlet lives under: its host without `www.`, or what is above it.

    Args:
        home: Address of the home page.
        articles: Addresses of articles; where some stand beside the home page's host, the domain
            that somebody registered is taken.
    """
    netloc = urlsplit(home).netloc.lower().rpartition("@")[2]
    bare = netloc.removeprefix("www.")
    hosts = {urlsplit(url).netloc.lower().rpartition("@")[2] for url in articles}
    if all(host == bare or host.endswith(f".{bare}") for host in hosts):
        return bare
    whole = registered_domain((urlsplit(home).hostname or "").lower())
    port = urlsplit(home).port
    return f"{whole}:{port}" if port else whole


# -- pages of listings and parts of articles


def template_of(page: Page, articles: set[str]) -> str | None:
    """Return the address of a listing's n-th page with the slot `{page}`; `None` if it shows none.

    Args:
        page: The listing.
        articles: Addresses that are no listing's pages.
    """
    try:
        document = Document(text_of(page, limit=ARTICLE_LIMIT), page.final_url)
    except DecodeError:
        return None
    own = page.final_url.partition("#")[0].partition("?")[0].rstrip("/")
    declared = [
        absolute(link.get("href"), document.base)
        for tag in ("link", "a")
        for link in document.root.iter(tag)
        if "next" in (link.get("rel") or "").lower().split()
    ]
    linked = [one.url for one in anchors_of(document)]
    for url in (*filter(None, declared), *linked):
        if url in articles or not is_plain_url(url) or not url.startswith(own):
            continue
        for form, slot in ((_PAGE_PATH, r"/\1/{page}\2"), (_PAGE_QUERY, r"\1{page}")):
            found = form.sub(slot, url, count=1)
            if found != url:
                return found
    return None


def single_page_of(sights: Sequence[Sight], outlet: Outlet) -> tuple[str, str, int] | None:
    """Return how articles that are cut into pages come whole.

    Returns:
        Key and value of `articles.single_page`, and on how many pages it was seen; `None` where
        none shows further parts.
    """
    found: Counter[tuple[str, str]] = Counter()
    for sight in sights:
        found.update(set(_parts_on(sight.document, sight.page.final_url, outlet)))
    if not found:
        return None
    whole = [one for one in found if one[0] != "pages"]
    best = max(whole or found, key=lambda one: (found[one], one))
    return (*best, found[best])


def _parts_on(document: Document, url: str, outlet: Outlet) -> Iterator[tuple[str, str]]:
    own = canonical_url(url, outlet=outlet)
    path, _, query = own.partition("?")
    # A calendar or a list of comments has pages, too.
    for anchor in anchors_of(document):
        other, _, asked = anchor.url.partition("?")
        if _place(other) == _place(path):
            more = [one for one in asked.split("&") if one and one not in query.split("&")]
            if len(more) != 1:
                continue
            if _WHOLE.fullmatch(more[0]):
                yield "query", more[0]
            elif _PART_QUERY.fullmatch(more[0]):
                yield "pages", f"?{more[0][:-1]}{{n}}"
        elif asked == query and _place(other).startswith(f"{_place(path)}/"):
            tail = _place(other).removeprefix(_place(path))
            if tail == "/all":
                yield "path", "/all"
            elif tail in ("/2", "/page/2", "/halaman/2"):
                yield "pages", f"{tail[:-1]}{{n}}"


def _place(url: str) -> str:
    return url.partition("//")[2].partition("/")[2].rstrip("/")
