"""TOML text -> `Outlet`: everything that Kliping knows of one publication.

Enters the text of ``config/outlets/<slug>.toml`` and of its family; leaves a frozen record with
every regex and selector compiled once to prove it. Refuses, with the file, the key and what was
found, anything misspelt or broken. Reads no file itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import tldextract
from cssselect import SelectorError
from lxml import etree
from parsel.csstranslator import HTMLTranslator

from pipelines.errors import OutletError, did_you_mean
from pipelines.records import Article

if TYPE_CHECKING:
    from collections.abc import Mapping

SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
"""What an outlet file may be called, without `.toml`."""

Kind = Literal["css", "xpath", "meta", "jsonld", "nextdata", "datalayer", "url", "regex"]
PREFIXES: tuple[Kind, ...] = ("xpath", "meta", "jsonld", "nextdata", "datalayer", "url", "regex")
"""What may stand before the colon of a selector; without one it is CSS."""

PAGE_SLOT = re.compile(r"\{(?:n|(?P<before>n-1)|\(n-1\)\*(?P<step>[1-9]\d{0,3}))\}")
"""The number in `single_page.pages`: the part's own, that of the part before, or an offset."""

LANGUAGES = frozenset(
    (  # noqa: SIM905 - a table reads better packed
        "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
        "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht "
        "hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky "
        "la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny "
        "oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss "
        "st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo "
        "za zh zu"
    ).split()
)
"""ISO 639-1, as of 2024."""

CONFIDENCE = ("high", "medium", "low")
"""How far an outlet's facts were seen to hold by those who wrote them down."""

FIELDS = (
    "title",
    "subtitle",
    "published",
    "modified",
    "authors",
    "editors",
    "section",
    "tags",
    "image",
)
"""What a layout may select besides `body` and `remove`."""


@dataclass(frozen=True, slots=True)
class Selector:
    """One place on a page where a value may stand."""

    text: str
    """As written in the file; goes into `provenance`."""
    kind: Kind
    query: str
    """XPath for `css` and `xpath`; a name, a path or a pattern for the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedIndex:
    """A listing with one address per day and page."""

    url: str
    """With the slots `{date}` and `{page}`."""
    date_format: str
    """For `strftime`."""
    first_page: int = 1
    page_step: int = 1
    """From one page to the next; some outlets count articles: 0, 20, 40."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discover:
    """Where links come from."""

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    wordpress: bool = False
    """Whether `/wp-json/wp/v2/posts` may be asked."""
    listings: tuple[str, ...] = ()
    """May carry the slot `{page}`."""
    dated_index: DatedIndex | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SinglePage:
    """How to get all parts of a multi-page article at once; exactly one is set."""

    query: str | None = None
    """Added to the query string, such as `page=all`."""
    path: str | None = None
    """Added to the path, such as `/all`."""
    pages: str | None = None
    """Address of the n-th part relative to the first, such as `?page={n}`: fetched and joined.

    The slot is `{n}`, `{n-1}` or `{(n-1)*15}`; a path needs `match` to be told from an article's.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRules:
    """Which addresses are articles."""

    match: re.Pattern[str] | None = None
    """Searched in the absolute address; `None` matches all."""
    deny: re.Pattern[str] | None = None
    """Wins over `match`."""
    single_page: SinglePage | None = None
    content: Literal["page", "wordpress"] = "page"
    min_chars: int = 0
    """Shortest body in characters; 0 leaves it to `process`."""
    examples: tuple[str, ...] = ()
    """Addresses of articles, by which `match` and `deny` are checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One template of the outlet; it applies where one of its `body` selectors matches."""

    body: tuple[Selector, ...]
    fields: Mapping[str, tuple[Selector, ...]]
    """From a name in `FIELDS` to its selectors, in order of preference."""
    remove: tuple[Selector, ...] = ()
    """Elements cut out of the body before it is read."""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanRules:
    """What besides the built-in rules is not the article."""

    drop_lines: tuple[re.Pattern[str], ...] = ()
    """Searched in each paragraph; a match drops the whole of it, into `removed`."""
    signoff: tuple[re.Pattern[str], ...] = ()
    """Searched in the last paragraph; the match is cut, into `removed`."""
    inline: tuple[re.Pattern[str], ...] = ()
    """Searched in each paragraph; each match is cut, into `removed`."""
    dateline: tuple[re.Pattern[str], ...] = ()
    """Matched at the start of the lead; group `place` is read, nothing is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """How to ask."""

    delay_s: float = 1.0
    concurrency: int = 2
    requests_per_hour: int = 3600
    """In any sixty minutes, to all hosts of the outlet together; 0 for no such limit."""
    user_agent: str = ""
    """Instead of the default one; the contact is always added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """Below this a run says so and ends with 1."""

    articles_per_day: float = 0.0
    fields: Mapping[str, float] = field(default_factory=dict)
    """Column -> least share of articles that must have it, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publication and all its rules; pickles, compares and hashes by value of its digest."""

    slug: str
    name: str
    domains: tuple[str, ...]
    """Hosts, or `host:port`; subdomains belong to them."""
    language: str = "id"
    timezone: str = "Asia/Jakarta"
    """IANA name, for dates that state no zone."""
    family: str | None = None
    enabled: bool = True
    why: str = ""
    """Why it is not enabled."""
    verified: bool = False
    checked: date | None = None
    """When it was last seen working against the live site."""
    confidence: Literal["high", "medium", "low"] | None = None
    """How sure the sources of an unverified file are; `None` where the file does not say."""
    notes: str = ""
    allow_private_network: bool = False
    discover: Discover = field(default_factory=Discover)
    articles: ArticleRules = field(default_factory=ArticleRules)
    layouts: tuple[Layout, ...] = ()
    clean: CleanRules = field(default_factory=CleanRules)
    fetch: Fetch = field(default_factory=Fetch)
    expect: Expect = field(default_factory=Expect)
    rules_digest: str = ""
    """16 hex digits over everything that `process` reads; other keys and comments do not count."""

    def owns(self, url: str) -> int:
        """Return how specific the outlet's best domain for *url* is; 0 where none fits."""
        try:
            parts = urlsplit(url)
        except ValueError:  # unbalanced brackets and the like
            return 0
        host, netloc = (parts.hostname or "").lower(), parts.netloc.lower().rpartition("@")[2]
        return max(
            (
                len(domain)
                for domain in self.domains
                if domain in (host, netloc) or host.endswith("." + domain)
            ),
            default=0,
        )

    def is_article(self, url: str) -> bool:
        """Tell whether *url* looks like an article of this outlet, by `match` and `deny`."""
        rules = self.articles
        if rules.deny and rules.deny.search(url):
            return False
        return rules.match is None or bool(rules.match.search(url))


def around_slot(pages: str) -> tuple[str, str]:
    """Return what stands before and after the number in `single_page.pages`.

    >>> around_slot("?hal={n-1}&x=1")
    ('?hal=', '&x=1')
    """
    slot = PAGE_SLOT.search(pages)
    return (pages[: slot.start()], pages[slot.end() :]) if slot else (pages, "")


def parse_outlet(
    text: str,
    *,
    slug: str,
    where: str,
    families: Mapping[str, str] | None = None,
    fetch: Fetch | None = None,
) -> Outlet:
    """Read an outlet file.

    Args:
        text: The TOML.
        slug: The file's name without `.toml`.
        where: What error messages call the file.
        families: Name -> TOML text of each family file. A family's tables lie under the
            outlet's: the outlet's `layouts` and `clean` lists come first and the family's
            follow; any other key of the outlet replaces the family's.
        fetch: What holds where neither file says; `Fetch()` by default.

    A family may name a family of its own, which lies under it in the same way.

    Raises:
        OutletError: The text is no TOML, a key is unknown or missing, a value has the wrong type,
            or a regex, selector, zone or URL is broken.
    """
    if not SLUG.fullmatch(slug):
        raise OutletError(f"{where}: file name: wanted a-z, 0-9 and '-', found {slug!r}")
    data = _toml(text, where)
    family = data.get("family")
    if family is not None:
        data = _inherit(data, family, families or {}, where)
    return _Reader(where, fetch or Fetch()).outlet(data, slug)


def generic_outlet(url: str) -> Outlet:
    """Make an outlet without a file, under the registered domain of *url*, with generic rules.

    >>> generic_outlet("https://news.contoh.co.id/berita/1").slug
    'contoh.co.id'
    >>> generic_outlet("http://127.0.0.1:8000/x").slug
    '127.0.0.1'
    """
    host = (urlsplit(url).hostname or "").lower()
    domain = registered_domain(host)
    slug = domain.replace(":", "-")
    return Outlet(slug=slug, name=domain, domains=(domain,), rules_digest=_digest({}))


@lru_cache(maxsize=1)
def _extractor() -> tldextract.TLDExtract:
    # The bundled snapshot of the Public Suffix List: no network, no cache folder.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def registered_domain(host: str) -> str:
    """Return the part of *host* that somebody registered, or *host* itself where there is none."""
    return _extractor()(host).top_domain_under_public_suffix or host


@lru_cache(maxsize=4096)
def selector(text: str) -> Selector:
    """Compile one selector.

    Raises:
        ValueError: The CSS, XPath or regex does not compile; the text says how.

    >>> selector("meta:article:published_time").query
    'article:published_time'
    >>> selector("h1.judul").kind
    'css'
    """
    prefix, _, rest = text.partition(":")
    if prefix not in PREFIXES:
        return Selector(text, "css", _css_to_xpath(text))
    kind = prefix
    query = rest.strip()
    if not query:
        raise ValueError(f"nothing after {prefix!r}:")
    if kind == "xpath":
        _compile_xpath(query)
    elif kind == "regex":
        _compile_regex(query)
    return Selector(text, kind, query)


def _css_to_xpath(css: str) -> str:
    try:
        xpath = HTMLTranslator().css_to_xpath(css)
    except SelectorError as error:
        raise ValueError(str(error)) from error
    _compile_xpath(xpath)
    return xpath


@lru_cache(maxsize=4096)
def _compile_xpath(query: str) -> etree.XPath:
    try:
        return etree.XPath(query)
    except etree.XPathError as error:
        raise ValueError(str(error)) from error


def compiled(one: Selector) -> etree.XPath:
    """Return the XPath of a `css` or `xpath` selector, compiled once per process."""
    return _compile_xpath(one.query)


@lru_cache(maxsize=4096)
def _compile_regex(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{error} in {pattern!r}") from error


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OutletError(f"{where}: wanted TOML, found: {error}") from error


def _inherit(
    data: dict[str, Any],
    family: object,
    families: Mapping[str, str],
    where: str,
    above: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Lay *data* over its family; *above* are the families that led here."""
    if not isinstance(family, str):
        raise OutletError(f"{where}: family: wanted a string, found {family!r}")
    if family not in families:
        hint = did_you_mean(family, families)
        raise OutletError(f"{where}: family: wanted a file in families/, found {family!r}{hint}")
    if family in above:
        round_trip = " in ".join((*above[above.index(family) :], family))
        raise OutletError(f"{where}: family: wanted an end to the families, found {round_trip}")
    base = _family(families[family], f"families/{family}.toml")
    if base.get("family") is not None:
        base = _inherit(base, base["family"], families, where, (*above, family))
    merged = {**base, **data}
    for table in ("discover", "articles", "fetch", "expect"):
        if isinstance(base.get(table), dict) and isinstance(data.get(table), dict):
            merged[table] = {**base[table], **data[table]}
    merged["layouts"] = _joined(data.get("layouts"), base.get("layouts"))
    if isinstance(base.get("clean"), dict):
        own = data.get("clean", {})
        if isinstance(own, dict):
            keys = {**base["clean"], **own}
            merged["clean"] = {key: _joined(own.get(key), base["clean"].get(key)) for key in keys}
    return merged


@lru_cache(maxsize=256)
def _family(text: str, where: str) -> dict[str, Any]:
    # Shared by its outlets; nobody changes it.
    return _toml(text, where)


def _joined(own: object, base: object) -> object:
    """Put *own* before *base*; anything that is no list is left for the reader to refuse."""
    if own is None:
        return [] if base is None else base
    if isinstance(own, list) and isinstance(base, list):
        return own + base
    return own


_NOT_RULES = ("name", "enabled", "why", "verified", "checked", "notes", "family", "discover")
_NOT_RULES_EITHER = ("fetch", "expect", "allow_private_network", "confidence")


def _digest(data: Mapping[str, Any]) -> str:
    kept = {key: data[key] for key in data if key not in _NOT_RULES + _NOT_RULES_EITHER}
    if isinstance(kept.get("articles"), dict) and "examples" in kept["articles"]:
        kept["articles"] = {k: v for k, v in kept["articles"].items() if k != "examples"}
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


KEYS: Mapping[str, tuple[str, ...]] = {
    "": (
        "name",
        "domains",
        "language",
        "timezone",
        "family",
        "enabled",
        "why",
        "verified",
        "checked",
        "confidence",
        "notes",
        "allow_private_network",
        "discover",
        "articles",
        "layouts",
        "clean",
        "fetch",
        "expect",
    ),
    "discover": ("feeds", "sitemaps", "news_sitemaps", "wordpress", "listings", "dated_index"),
    "discover.dated_index": ("url", "date_format", "first_page", "page_step"),
    "articles": ("match", "deny", "single_page", "content", "min_chars", "examples"),
    "articles.single_page": ("query", "path", "pages"),
    "layouts": ("body", *FIELDS, "remove", "until"),
    "clean": ("drop_lines", "signoff", "inline", "dateline"),
    "fetch": ("delay_s", "concurrency", "requests_per_hour", "user_agent", "allow_private_network"),
    "expect": ("articles_per_day", "fields"),
}
"""Every key of an outlet file, by table."""


_COLUMNS = tuple(one.name for one in fields(Article))


class _Reader:
    """Checks types and compiles; every complaint names the file and the key."""

    def __init__(self, where: str, fetch: Fetch) -> None:
        self.where = where
        self.fetch = fetch

    def outlet(self, data: dict[str, Any], slug: str) -> Outlet:
        self.known("", data)
        fetch = self.table(data, "fetch")
        top = _Table(self, data, "")
        is_private = top.flag("allow_private_network", default=False) or fetch.flag(
            "allow_private_network", default=False
        )
        return Outlet(
            slug=slug,
            name=top.text("name"),
            domains=self.domains(data),
            language=self.language(top.text("language", "id")),
            timezone=self.timezone(top.text("timezone", "Asia/Jakarta")),
            family=data.get("family"),
            enabled=top.flag("enabled", default=True),
            why=top.text("why", ""),
            verified=top.flag("verified", default=False),
            checked=top.day("checked"),
            confidence=self.confidence(top.text("confidence", "")),
            notes=top.text("notes", ""),
            allow_private_network=is_private,
            discover=self.discover(self.table(data, "discover")),
            articles=self.articles(self.table(data, "articles")),
            layouts=tuple(self.layouts(data)),
            clean=self.clean(self.table(data, "clean")),
            fetch=Fetch(
                delay_s=fetch.number("delay_s", self.fetch.delay_s, least=0),
                concurrency=fetch.whole("concurrency", self.fetch.concurrency, least=1),
                requests_per_hour=fetch.whole(
                    # One's own machine needs no protection that nobody asked for.
                    "requests_per_hour",
                    0 if is_private else self.fetch.requests_per_hour,
                    least=0,
                ),
                user_agent=fetch.text("user_agent", self.fetch.user_agent),
            ),
            expect=self.expect(self.table(data, "expect")),
            rules_digest=_digest(data),
        )

    def fail(self, key: str, wanted: str, found: object) -> OutletError:
        return OutletError(f"{self.where}: {key}: wanted {wanted}, found {found!r}")

    def known(self, table: str, data: Mapping[str, Any], shown: str | None = None) -> None:
        prefix = table if shown is None else shown
        for key in data:
            if key not in KEYS[table]:
                name = f"{prefix}.{key}" if prefix else key
                hint = did_you_mean(key, KEYS[table])
                raise OutletError(f"{self.where}: {name}: unknown key{hint}")

    def table(self, data: Mapping[str, Any], key: str, parent: str = "") -> _Table:
        name = f"{parent}.{key}" if parent else key
        found = data.get(key, {})
        if not isinstance(found, dict):
            raise self.fail(name, "a table", found)
        self.known(name, found)
        return _Table(self, found, name)

    def domains(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        found = _Table(self, data, "").texts("domains")
        if not found:
            raise self.fail("domains", "at least one host", data.get("domains", "nothing"))
        for domain in found:
            if not re.fullmatch(r"[a-z0-9_.-]+(:\d+)?|\[[0-9a-f:.]+\](:\d+)?", domain):
                raise self.fail("domains", "hosts in lower case, such as 'contoh.id'", domain)
        return found

    def language(self, code: str) -> str:
        if code not in LANGUAGES:
            raise self.fail("language", "an ISO 639-1 code such as 'id', 'ms' or 'jv'", code)
        return code

    def confidence(self, found: str) -> Literal["high", "medium", "low"] | None:
        if found and found not in CONFIDENCE:
            raise self.fail("confidence", "'high', 'medium' or 'low'", found)
        return cast('Literal["high", "medium", "low"] | None', found or None)

    def timezone(self, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError) as error:
            raise self.fail("timezone", "an IANA zone such as 'Asia/Jakarta'", name) from error
        return name

    def discover(self, table: _Table) -> Discover:
        index = None
        if "dated_index" in table.data:
            inner = self.table(table.data, "dated_index", "discover")
            index = DatedIndex(
                url=inner.url("url"),
                date_format=inner.text("date_format"),
                first_page=inner.whole("first_page", 1, least=0),
                page_step=inner.whole("page_step", 1, least=1),
            )
            self.slots("discover.dated_index.url", index.url, ("date", "page"))
            if "{date}" not in index.url:
                raise self.fail("discover.dated_index.url", "the slot {date}", index.url)
            if "%" not in index.date_format:
                wanted = "a date as strftime writes it, such as '%Y-%m-%d'"
                raise self.fail("discover.dated_index.date_format", wanted, index.date_format)
        for key in ("feeds", "sitemaps", "news_sitemaps", "listings"):
            for url in table.urls(key):
                self.slots(f"discover.{key}", url, ("page",) if key == "listings" else ())
        return Discover(
            feeds=table.urls("feeds"),
            sitemaps=table.urls("sitemaps"),
            news_sitemaps=table.urls("news_sitemaps"),
            wordpress=table.flag("wordpress", default=False),
            listings=table.urls("listings"),
            dated_index=index,
        )

    def slots(self, key: str, url: str, known: tuple[str, ...]) -> None:
        rest = url
        for name in known:
            rest = rest.replace(f"{{{name}}}", "")
        if "{" in rest or "}" in rest:
            wanted = " and ".join(f"{{{name}}}" for name in known)
            raise self.fail(key, f"no slot but {wanted}" if known else "no slot", url)

    def articles(self, table: _Table) -> ArticleRules:
        single = None
        if "single_page" in table.data:
            inner = self.table(table.data, "single_page", "articles")
            if len(inner.data) != 1:
                raise self.fail(
                    "articles.single_page", "one of query, path, pages", sorted(inner.data)
                )
            single = SinglePage(**{key: inner.text(key) for key in inner.data})
            if single.pages is not None and len(PAGE_SLOT.findall(single.pages)) != 1:
                raise self.fail(
                    "articles.single_page.pages",
                    "one slot {n}, {n-1} or {(n-1)*15}",
                    single.pages,
                )
        content = table.text("content", "page")
        if content not in ("page", "wordpress"):
            raise self.fail("articles.content", "'page' or 'wordpress'", content)
        return ArticleRules(
            match=table.pattern("match"),
            deny=table.pattern("deny"),
            single_page=single,
            content=cast("Literal['page', 'wordpress']", content),
            min_chars=table.whole("min_chars", 0, least=0),
            examples=table.urls("examples"),
        )

    def layouts(self, data: Mapping[str, Any]) -> list[Layout]:
        found = data.get("layouts", [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self.fail("layouts", "tables, each written [[layouts]]", found)
        return [self.layout(one, f"layouts[{n}]") for n, one in enumerate(found)]

    def layout(self, data: dict[str, Any], name: str) -> Layout:
        self.known("layouts", data, name)
        table = _Table(self, data, name)
        if not data.get("body"):
            raise self.fail(f"{name}.body", "at least one selector", data.get("body", "nothing"))
        body = table.selectors("body")
        for one in body:
            if one.kind not in ("css", "xpath"):
                raise self.fail(f"{name}.body", "CSS or xpath: for an element", one.text)
        remove = table.selectors("remove")
        for one in remove:
            if one.kind not in ("css", "xpath"):
                raise self.fail(f"{name}.remove", "CSS or xpath: for an element", one.text)
        return Layout(
            body=body,
            fields={key: table.selectors(key) for key in FIELDS if key in data},
            remove=remove,
            until=table.day("until"),
        )

    def clean(self, table: _Table) -> CleanRules:
        rules = CleanRules(
            drop_lines=table.patterns("drop_lines"),
            signoff=table.patterns("signoff"),
            inline=table.patterns("inline"),
            dateline=table.patterns("dateline"),
        )
        for pattern in (*rules.drop_lines, *rules.signoff, *rules.inline):
            if pattern.match(""):
                raise self.fail("clean", "a regex that does not match nothing", pattern.pattern)
        for pattern in rules.dateline:
            if "place" not in pattern.groupindex:
                raise self.fail("clean.dateline", "a regex with (?P<place>…)", pattern.pattern)
        return rules

    def expect(self, table: _Table) -> Expect:
        fields = table.data.get("fields", {})
        if not isinstance(fields, dict):
            raise self.fail("expect.fields", "a table of shares from 0 to 1", fields)
        for key, share in fields.items():
            if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
                raise self.fail(f"expect.fields.{key}", "a share from 0 to 1", share)
            if key not in _COLUMNS:
                hint = did_you_mean(key, _COLUMNS)
                raise OutletError(
                    f"{self.where}: expect.fields: wanted a column of an article, "
                    f"found {key!r}{hint}"
                )
        return Expect(
            articles_per_day=table.number("articles_per_day", 0.0, least=0),
            fields={key: float(share) for key, share in fields.items()},
        )


@dataclass(frozen=True, slots=True)
class _Table:
    """One TOML table and how it is called in complaints."""

    reader: _Reader
    data: Mapping[str, Any]
    name: str

    def key(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def text(self, key: str, default: str | None = None) -> str:
        found = self.data.get(key, default)
        if found is None:
            name = self.key(key)
            raise OutletError(f"{self.reader.where}: {name}: wanted a string, found nothing")
        if not isinstance(found, str):
            raise self.reader.fail(self.key(key), "a string", found)
        return found

    def flag(self, key: str, *, default: bool) -> bool:
        found = self.data.get(key, default)
        if not isinstance(found, bool):
            raise self.reader.fail(self.key(key), "true or false", found)
        return found

    def number(self, key: str, default: float, *, least: float) -> float:
        found = self.data.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int | float) or found < least:
            raise self.reader.fail(self.key(key), f"a number of at least {least:g}", found)
        return float(found)

    def whole(self, key: str, default: int, *, least: int) -> int:
        found = self.data.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int) or found < least:
            raise self.reader.fail(self.key(key), f"a whole number of at least {least}", found)
        return found

    def day(self, key: str) -> date | None:
        found = self.data.get(key)
        if found is None:
            return None
        if isinstance(found, str):
            try:
                return date.fromisoformat(found)
            except ValueError:
                pass
        if type(found) is not date:
            raise self.reader.fail(self.key(key), "a day such as 2026-11-01", found)
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.data.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self.reader.fail(self.key(key), "a list of strings", found)
        return tuple(found)

    def url(self, key: str) -> str:
        return self.checked_url(key, self.text(key))

    def urls(self, key: str) -> tuple[str, ...]:
        return tuple(self.checked_url(key, url) for url in self.texts(key))

    def checked_url(self, key: str, url: str) -> str:
        if not re.match(r"https?://[^/\s]+", url):
            raise self.reader.fail(self.key(key), "an address with http:// or https://", url)
        return url

    def pattern(self, key: str) -> re.Pattern[str] | None:
        return self.compiled(key, self.text(key)) if key in self.data else None

    def patterns(self, key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(self.compiled(key, one) for one in self.texts(key))

    def compiled(self, key: str, pattern: str) -> re.Pattern[str]:
        try:
            return _compile_regex(pattern)
        except ValueError as error:
            raise OutletError(f"{self.reader.where}: {self.key(key)}: {error}") from error

    def selectors(self, key: str) -> tuple[Selector, ...]:
        found = []
        for text in self.texts(key):
            try:
                found.append(selector(text))
            except ValueError as error:
                raise OutletError(
                    f"{self.reader.where}: {self.key(key)}: {error} in {text!r}"
                ) from error
        return tuple(found)
