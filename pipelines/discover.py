"""Feed, sitemap, listing and WordPress API bytes -> Links.

Enters what a server sent, content encoding undone; leaves links with what the source said of them,
absolute, http only, each once. Fetches nothing, expands no entity, and reads no more of a source
than is stated here. A source that is none of its kind raises `SourceError`; one that breaks off in
the middle gives what stood before the break.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax import SAXParseException

import feedparser
from lxml import etree

from pipelines.dates import parse_moment
from pipelines.document import Document, absolute
from pipelines.records import Link
from pipelines.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from pipelines.outlets import Outlet

MOST_IN_SITEMAP = 50_000
"""Entries that one sitemap file may have (sitemaps.org); more are left out."""
MOST_IN_FEED = 2_000
MOST_IN_LISTING = 2_000
FEED_BYTES = 8_000_000
"""What is read of a feed: feedparser takes seconds and much memory for more."""
LONGEST_URL = 2_048
"""Of an entry (sitemaps.org); a longer one is left out."""

_TAG = re.compile(r"<[^<>]{0,1000}>")
_FEED_ROOTS = frozenset(("rss", "feed", "rdf"))
_BOM = b"\xef\xbb\xbf"
_START = re.compile(rb"<(?=[?!a-zA-Z])")


class SourceError(Exception):
    """The bytes are no feed, no sitemap, no answer of that API; the text says what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What one sitemap file lists."""

    links: list[Link] = field(default_factory=list)
    """Pages."""
    sitemaps: list[Link] = field(default_factory=list)
    """Further sitemaps, with `lastmod_at` where stated."""
    complete: bool = True
    """False where the XML was broken or more entries stood there than are read."""


def links_in_feed(payload: bytes, url: str, *, zone: str = "UTC") -> list[Link]:
    """Return the entries of an RSS, Atom or JSON feed in their order.

    Args:
        payload: The feed; broken XML is read as far as it can be understood.
        url: Where it was found; relative links start from here.
        zone: IANA name of the outlet's zone, for dates that state none.

    Raises:
        SourceError: It is no feed, or it breaks off before its first entry.
    """
    if payload[:64].removeprefix(_BOM).lstrip()[:1] == b"{":
        return _links_in_json_feed(payload, url, zone)
    # In a stream: feedparser takes a bare string or bytes for an address or a file name.
    # The address as content-location, so that it resolves links without asking for it.
    found = feedparser.parse(
        # Blank lines before the XML declaration are an error to it, but common.
        BytesIO(payload[:FEED_BYTES].lstrip()),
        response_headers={"content-location": url},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not found.get("version") and not found.entries:
        raise SourceError(f"wanted a feed, found {_shown(payload)}")
    entries = (_of_entry(entry, url, zone) for entry in found.entries)
    links = _each_once(entries, MOST_IN_FEED)
    if not links and isinstance(found.get("bozo_exception"), SAXParseException):
        raise SourceError(f"wanted a feed, found broken XML without an entry, {_shown(payload)}")
    return links


def links_in_sitemap(payload: bytes, url: str, *, zone: str = "UTC") -> Sitemap:
    """Return what a sitemap lists: an XML urlset or index, a feed, or plain text.

    Of Google's news sitemaps the publication date and the title are read; other extensions (images,
    videos, alternates) are passed over.

    Args:
        payload: The file, decompressed.
        url: Where it was found.
        zone: IANA name of the outlet's zone, for dates that state none.

    Raises:
        SourceError: It is no sitemap.
    """
    start = _START.search(payload[:10_000])
    if start is None:
        return _plain_text(payload, url)
    reader = _SitemapReader(url, zone)
    reader.read(payload[start.start() :])
    if reader.root in _FEED_ROOTS:
        return Sitemap(links=links_in_feed(payload, url, zone=zone))
    if reader.root not in ("urlset", "sitemapindex"):
        raise SourceError(f"wanted a sitemap, found {_shown(payload)}")
    return Sitemap(
        links=_each_once(reader.links, MOST_IN_SITEMAP),
        sitemaps=_each_once(reader.sitemaps, MOST_IN_SITEMAP),
        complete=reader.complete,
    )


def links_in_listing(text: str, url: str, outlet: Outlet) -> list[Link]:
    """Return the articles of *outlet* that a page links to, in document order.

    Each once by its canonical address; the title is the longest text among its links.

    Args:
        text: The HTML, decoded.
        url: Where it was found; a `<base>` on it counts.
        outlet: Whose articles are wanted.
    """
    document = Document(text, url)
    found: dict[str, Link] = {}
    for anchor in document.root.iter("a"):
        target = absolute(anchor.get("href"), document.base)
        if target is None or len(target) > LONGEST_URL:
            continue
        target = target.partition("#")[0]
        if not outlet.owns(target) or not outlet.is_article(target):
            continue
        key = canonical_url(target, outlet=outlet)
        title = _one_line(anchor.text_content()) or _one_line(anchor.get("title") or "")
        known = found.get(key)
        if known is None and len(found) >= MOST_IN_LISTING:
            continue
        if known is None or len(title or "") > len(known.title or ""):
            found[key] = Link(url=known.url if known else target, title=title, source=url)
    return list(found.values())


def links_in_wordpress(payload: bytes, url: str) -> list[Link]:
    """Return the posts of an answer of `/wp-json/wp/v2/posts`, each with its id as `item`.

    Those behind a password are left out.

    Raises:
        SourceError: It is no list of posts; an error's own message is in the text.
    """
    found = _json(payload, "JSON list of posts")
    if not isinstance(found, list):
        said = found.get("code") if isinstance(found, dict) else None
        raise SourceError(f"wanted a JSON list of posts, found {said or type(found).__name__}")
    posts = (_of_post(post, url) for post in found if isinstance(post, dict))
    return _each_once(posts, MOST_IN_LISTING)


def _links_in_json_feed(payload: bytes, url: str, zone: str) -> list[Link]:
    """Read a feed as jsonfeed.org, version 1.1, has it."""
    found = _json(payload, "feed")
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list):
        raise SourceError(f"wanted a feed, found {_shown(payload)}")
    entries = (_of_item(item, url, zone) for item in items if isinstance(item, dict))
    return _each_once(entries, MOST_IN_FEED)


def _of_item(item: dict[str, Any], url: str, zone: str) -> Link | None:
    # What a linked list points to (`external_url`) is another's article.
    return _link(
        item.get("url"),
        url,
        published_at=_moment(item.get("date_published"), zone),
        lastmod_at=_moment(item.get("date_modified"), zone),
        title=item.get("title"),
    )


def _json(payload: bytes, wanted: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(payload.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"wanted a {wanted}, found {_shown(payload)}") from error


def _of_entry(entry: Any, url: str, zone: str) -> Link | None:  # noqa: ANN401 - feedparser has no types
    target = entry.get("feedburner_origlink") or entry.get("link")
    return _link(
        target,
        url,
        published_at=_moment(_first(entry, "published", "created", "dc_date"), zone),
        lastmod_at=_moment(_first(entry, "updated"), zone),
        title=entry.get("title"),
    )


def _first(entry: Any, *keys: str) -> str | None:  # noqa: ANN401 - as above
    # Not with `get`: feedparser warns where `updated` is asked for and only `published` is there.
    there = (entry[key] for key in keys if key in entry)
    return next((value for value in there if value), None)


def _of_post(post: dict[str, Any], url: str) -> Link | None:
    title, content, number = post.get("title"), post.get("content"), post.get("id")
    if isinstance(content, dict) and content.get("protected"):
        return None
    return _link(
        post.get("link"),
        url,
        published_at=_moment(post.get("date_gmt"), "UTC"),
        lastmod_at=_moment(post.get("modified_gmt"), "UTC"),
        title=title.get("rendered") if isinstance(title, dict) else None,
        item=str(number) if type(number) is int else None,
    )


class _SitemapReader:
    """Reads one XML file entry by entry, so that its size never lies in memory as a tree."""

    def __init__(self, url: str, zone: str) -> None:
        self.url = url
        self.zone = zone
        self.root = ""
        self.links: list[Link] = []
        self.sitemaps: list[Link] = []
        self.complete = True

    def read(self, payload: bytes) -> None:
        events = etree.iterparse(
            BytesIO(payload),
            events=("start", "end"),
            recover=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for event, element in events:
                if not self.root:
                    self.root = _name(element).lower()
                    if self.root not in ("urlset", "sitemapindex"):
                        return
                elif event == "end" and _name(element) in ("url", "sitemap"):
                    if len(self.links) + len(self.sitemaps) >= MOST_IN_SITEMAP:
                        self.complete = False
                        return
                    self.take(element)
        except etree.XMLSyntaxError:
            self.complete = False
        self.complete = self.complete and not len(events.error_log)

    def take(self, element: etree._Element) -> None:
        fields = _fields(element)
        link = _link(
            fields.get("loc"),
            self.url,
            published_at=_moment(fields.get("publication_date"), self.zone),
            lastmod_at=_moment(fields.get("lastmod"), self.zone),
            title=fields.get("title"),
        )
        if link is not None:
            (self.links if _name(element) == "url" else self.sitemaps).append(link)
        element.clear()
        parent = element.getparent()
        # Where end tags are missing, entries lie in each other: the outer one is still to come.
        if parent is not None and parent.getparent() is None:
            parent.clear()


def _fields(element: etree._Element) -> dict[str, str]:
    """Return the texts of an entry and of its `news:news` by local name; the first counts."""
    found: dict[str, str] = {}
    for child in element:
        for one in child if _name(child) == "news" else (child,):
            if one.text and one.text.strip():
                found.setdefault(_name(one), one.text.strip())
    return found


def _name(element: etree._Element) -> str:
    """Return the local name, also where the prefix was never declared."""
    if not isinstance(element.tag, str):
        return ""
    return element.tag.rpartition("}")[2].rpartition(":")[2]


def _plain_text(payload: bytes, url: str) -> Sitemap:
    lines = payload.decode("utf-8-sig", "replace").split()
    if not lines or any(not line.startswith(("http://", "https://")) for line in lines[:5]):
        raise SourceError(f"wanted a sitemap, found {_shown(payload)}")
    links = (_link(line, url) for line in lines[:MOST_IN_SITEMAP])
    return Sitemap(links=_each_once(links, MOST_IN_SITEMAP), complete=len(lines) <= MOST_IN_SITEMAP)


def _link(
    target: object,
    source: str,
    *,
    published_at: datetime | None = None,
    lastmod_at: datetime | None = None,
    title: object = None,
    item: str | None = None,
) -> Link | None:
    url = absolute(target, source) if isinstance(target, str) else None
    if url is None or len(url) > LONGEST_URL:
        return None
    return Link(
        url=url.partition("#")[0],
        published_at=published_at,
        lastmod_at=lastmod_at,
        title=_one_line(html.unescape(_TAG.sub("", title))) if isinstance(title, str) else None,
        source=source,
        item=item,
    )


def _moment(text: object, zone: str) -> datetime | None:
    moment = parse_moment(text, zone=zone) if isinstance(text, str) else None
    return moment.at if moment else None


def _one_line(text: str) -> str | None:
    return " ".join(text[:5_000].split())[:500] or None


def _each_once(links: Iterable[Link | None], most: int) -> list[Link]:
    return list(_first_ones(links, most))


def _first_ones(links: Iterable[Link | None], most: int) -> Iterator[Link]:
    seen: set[str] = set()
    for link in links:
        if len(seen) >= most:
            return
        if link is not None and link.url not in seen:
            seen.add(link.url)
            yield link


def _shown(payload: bytes) -> str:
    """Return the start of a payload for an error's one line."""
    start = payload[:40].decode("utf-8", "replace")
    return repr(start) if payload else "nothing"
