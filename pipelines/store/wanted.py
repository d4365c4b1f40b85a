"""Which records of someone else's WARC are pages of registered outlets, and what such a page is.

Pure but for the clock that it is given. A record that is not taken has one reason, from `Skip`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

from pipelines.outlets import Outlet, SinglePage
from pipelines.parts import part_number, parts_in
from pipelines.store.warc import Raw, record_from
from pipelines.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pipelines.records import Page
    from pipelines.store.config import Registry
    from pipelines.store.warc import Record


class Skip(StrEnum):
    """Why a record of an outlet is not taken; the first that applies."""

    ADDRESS = "address"
    """By the outlet's file no article's."""
    LARGE = "too large"
    UNDATED = "undated"
    """Without a date, or with one that is none."""
    MISDATED = "misdated"
    """In the future, or before there was a web."""
    CUT = "cut off"
    """The other crawler did not keep all of it."""
    PART = "part"
    """One of several pages of an article, which nobody is there to join."""
    KIND = "no page"
    """A source or a part by what Kliping itself wrote, or no HTTP response at all."""
    STATUS = "status"
    """Another than 200."""
    TYPE = "type"
    """An image, a script, a feed."""
    KNOWN = "known"
    """The archive has that very capture."""
    ORIGIN = "no origin"
    """A revisit of a page that is neither in the archive nor earlier in the files."""
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record that is taken."""

    outlet: Outlet
    record: Record
    origin_url: str | None = None
    """Of a revisit: what it repeats."""
    origin_at: datetime | None = None

    @property
    def page(self) -> Page:
        """Return its page; of a revisit without payload."""
        return self.record.page


_WEB = datetime(1990, 1, 1, tzinfo=UTC)
_CLOCKS = timedelta(minutes=5)
"""How far another machine's clock may be ahead."""
_STAMP = re.compile(r"[0-9]{14}")
_NORMAL = re.compile(r"https?://[a-z0-9.-]+/[!-\"$-~]*")
_SURROGATES = re.compile("[\udc80-\udcff]")
_SAFE = "%/:@!$&'()*+,;=~[]|?"
_TYPES = frozenset(("", "text/plain", "application/octet-stream", "unknown/unknown"))


class Wanted:
    """Judges records by the outlets' files.

    Args:
        registry: All outlets; disabled ones, too, for nobody is asked for anything.
        only: Slugs of those that count; all if empty.
        now: What is later has not been fetched yet.
        largest_bytes: Of a record.
    """

    def __init__(
        self, registry: Registry, only: Collection[str], *, now: datetime, largest_bytes: int
    ) -> None:
        self._registry = registry
        self._only = only
        self._latest = now + _CLOCKS
        self._largest = largest_bytes
        self._owner = lru_cache(maxsize=65_536)(self._owner_of)

    def outlet(self, headers: Mapping[str, str]) -> Outlet | None:
        """Return whose page a record holds; `None` if it holds none, or nobody's."""
        if headers.get("warc-type") not in ("response", "revisit"):
            return None
        return self._owner(_netloc(spelt(headers.get("warc-target-uri", ""))))

    def unfit(self, headers: Mapping[str, str], length: int, outlet: Outlet) -> Skip | None:
        """Say by a record's own headers why it is not taken."""
        url = spelt(headers.get("warc-target-uri", ""))
        asked = spelt(headers.get("kliping-requested-uri", url))
        if headers.get("kliping-role", "article") != "article":
            return Skip.KIND
        is_owned = outlet.owns(url) and outlet.owns(asked)
        if not is_owned or not (outlet.is_article(url) or outlet.is_article(asked)):
            return Skip.ADDRESS
        if length > self._largest:
            return Skip.LARGE
        if headers.get("warc-truncated"):
            return Skip.CUT
        if is_further_part(url, outlet):
            return Skip.PART
        return self._unfit_date(headers.get("warc-date", ""))

    def _unfit_date(self, text: str) -> Skip | None:
        moment = _moment(text)
        if moment is None:
            return Skip.UNDATED
        return None if _WEB <= moment <= self._latest else Skip.MISDATED

    def found(self, raw: Raw, outlet: Outlet) -> Found | Skip:
        """Make a page of a record that is not `unfit`."""
        headers = dict(raw.headers)
        is_revisit = headers.get("warc-type") == "revisit"
        block = raw.block or (b"HTTP/1.1 200 OK\r\n\r\n" if is_revisit else b"")
        moment = _moment(headers.get("warc-date", ""))
        if moment is None:
            return Skip.UNDATED
        headers["warc-date"] = moment.isoformat()
        record = record_from(Raw(headers, block), 0, 0)
        if record is None:
            return Skip.KIND
        url = spelt(record.page.final_url)
        page = replace(record.page, url=spelt(record.page.url), final_url=url)
        if skip := _unfit_page(page, outlet, is_revisit=is_revisit):
            return skip
        if not is_revisit:
            return Found(outlet=outlet, record=replace(record, page=page))
        origin = headers.get("warc-refers-to-target-uri")
        digest = "" if headers.get("warc-payload-digest") is None else record.digest
        return Found(
            outlet=outlet,
            record=replace(record, page=page, digest=digest),
            origin_url=spelt(origin) if origin else page.url,
            origin_at=_moment(headers.get("warc-refers-to-date", "")),
        )

    def _owner_of(self, netloc: str) -> Outlet | None:
        if not netloc:
            return None
        labels = netloc.partition(":")[0].split(".")
        domains = [netloc, *(".".join(labels[n:]) for n in range(len(labels)))]
        owned = [one for one in domains if one in self._registry.owners]
        slug = self._registry.owners[max(owned, key=len)] if owned else None
        if slug is None or (self._only and slug not in self._only):
            return None
        return self._registry.outlets[slug]


def spelt(target: str) -> str:
    """Spell an address as a crawl would have asked for it; it keeps what it asks of the server.

    >>> spelt("<HTTP://Contoh.ID:80/Berita?id=7#x>")
    'http://contoh.id/Berita?id=7'
    >>> spelt("https://münchen.example/straße")
    'https://xn--mnchen-3ya.example/stra%C3%9Fe'
    """
    url = target.strip("<> \t")
    if _NORMAL.fullmatch(url):
        return url
    url = _SURROGATES.sub(lambda one: f"%{ord(one[0]) - 0xDC00:02X}", url)
    try:
        split = urlsplit(url)
        host = split.netloc.rpartition("@")[2].lower()
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
    except ValueError:  # no address at all, or a host that cannot be one
        return url
    if split.scheme not in ("http", "https"):
        return url
    host = host.removesuffix({"http": ":80", "https": ":443"}[split.scheme])
    path = quote(split.path or "/", safe=_SAFE.replace("?", ""))
    query = f"?{quote(split.query, safe=_SAFE)}" if split.query else ""
    return f"{split.scheme}://{host}{path}{query}"


def is_further_part(url: str, outlet: Outlet) -> bool:
    r"""Tell whether an address shows a later page of an article: the canonical one has no number.

    >>> from pipelines.outlets import parse_outlet
    >>> toml = 'name = "X"\ndomains = ["x.id"]\n[articles]\nmatch = "/berita/"'
    >>> outlet = parse_outlet(toml, slug="x", where="x.toml")
    >>> [is_further_part(f"https://x.id/berita/7?{one}", outlet) for one in ("page=2", "id=2")]
    [True, False]
    """
    if part_number(url, outlet) > 1:
        return True
    whole = _pairs(f"?{_query(outlet)}")
    numbers = [
        pair
        for pair in _pairs(url)
        if pair not in whole
        and pair[0] in ("page", *(name for name, _ in whole))
        and pair[1].isdecimal()
        and pair[1] not in ("0", "1")
    ]
    if not numbers:
        return False
    kept = _pairs(canonical_url(url, outlet=outlet))
    return any(pair not in kept for pair in numbers)


def _query(outlet: Outlet) -> str:
    """Return the parameters that ask for all pages in one."""
    single = outlet.articles.single_page
    return (single and single.query) or ""


def _pairs(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query)
    except ValueError:
        return []


def _is_first_of_several(page: Page, outlet: Outlet) -> bool:
    """Tell whether a page is the first part of an article that goes on elsewhere.

    Where the outlet shows an article in one piece on request, that piece is not the first part.
    """
    single = outlet.articles.single_page
    if single is None:
        return False
    if single.pages:
        return parts_in(page, outlet) > 1
    if single.query and single.query in page.final_url:
        return False
    if single.path and urlsplit(page.final_url).path.rstrip("/").endswith(single.path.rstrip("/")):
        return False
    names = {"page", *(name for name, _ in _pairs(f"?{_query(outlet)}"))}
    return any(parts_in(page, _cut_by(name, outlet)) > 1 for name in sorted(names))


def _cut_by(name: str, outlet: Outlet) -> Outlet:
    """Return the outlet as if its pages were numbered by a parameter."""
    single = SinglePage(pages=f"?{name}={{n}}")
    return replace(outlet, articles=replace(outlet.articles, single_page=single))


def _unfit_page(page: Page, outlet: Outlet, *, is_revisit: bool) -> Skip | None:
    unmodified = is_revisit and page.status == HTTPStatus.NOT_MODIFIED
    if page.status != HTTPStatus.OK and not unmodified:
        return Skip.STATUS
    kind = (page.header("content-type") or "").partition(";")[0].strip().lower()
    if kind not in _TYPES and "html" not in kind:
        return Skip.TYPE
    if is_revisit:
        return None
    if _is_cut_off(page):
        return Skip.CUT
    return Skip.PART if _is_first_of_several(page, outlet) else None


def _is_cut_off(page: Page) -> bool:
    """Tell whether fewer bytes came than the server said; of undone encodings nobody knows."""
    length = page.header("content-length") or ""
    if not length.isascii() or not length.isdigit() or page.header("content-encoding"):
        return False
    return len(page.payload) < int(length[:18])


def _netloc(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return rest.partition("/")[0] if scheme in ("http", "https") else ""


def _moment(text: str) -> datetime | None:
    """Read a WARC date, or the 14 digits that some tools write instead."""
    if _STAMP.fullmatch(text):
        text = f"{text[:8]}T{text[8:]}"
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
