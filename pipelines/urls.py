"""Addresses: one canonical URL per article, its keys, and the address that shows all of it.

Enters what a server or a page said, which may be anything; leaves text. Asks no network, follows no
redirect, and never raises: what is no http address comes back as it was.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urlsplit

from pipelines.outlets import around_slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.outlets import Outlet

TRACKING = re.compile(
    r"utm_.*|mc_[ce]id|[a-z]{0,4}clid|gbraid|wbraid|igshid?|_gl|_ga|_hs(enc|mi)|mkt_tok|oly_\w+|"
    r"vero_\w+|wt_mc|at_(medium|campaign)|tag_from|lgn_method",
    re.IGNORECASE,
)
"""Parameters that say where a reader came from, whatever the outlet (`tag_from`: detik,
`lgn_method`: kompas, both seen in links of 2026)."""

REFERRER = re.compile(r"ref(errer)?|source|src|from|share|via|cmpid|ncid", re.IGNORECASE)
"""The same, but some sites keep their articles under such a name: dropped only where the path alone
is an article by the outlet's `match`."""

SINGLE_PAGE = frozenset({"page=all", "single=1", "showpage=all", "amp", "amp=", "amp=1"})
"""Forms of the same article, whatever the outlet."""

LONGEST = 2_000
"""Longer addresses are normalised but not taken apart by patterns; no article has one."""

_HOST = re.compile(r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]")
_HOME = re.compile(r"/?((index|home|default)(\.\w{3,5})?/?)?", re.IGNORECASE)
_LINE_BREAKS = re.compile(r"[\t\r\n]+")
_EDGES = "".join(map(chr, range(0x21)))
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_PATH = "%/:@!$&'()*+,;=~[]|"
_IN_QUERY = _IN_PATH + "?"
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def canonical_url(url: str, *, declared: Sequence[str] = (), outlet: Outlet) -> str:
    """Give all addresses of one article the same text.

    The first *declared* address that can be trusted wins over *url*: the outlet owns it, it is not
    the home page, and it looks like an article if *url* does. Where it names the same host without
    the port, the port stays (WordPress writes such links, seen in 6.1).

    Scheme and host in lower case, IDN as punycode, default port, fragment, user and tracking
    parameters gone, dot segments resolved, percent-encoding as in RFC 3986 section 6.2.2; the forms
    that show a part, all parts, or the AMP version undone. A trailing slash and every other
    parameter stay. An AMP or mobile *host* is undone only by what the page declares.

    Args:
        url: Where the page was found, after redirects.
        declared: `rel=canonical`, `og:url` and the like, absolute, most trusted first.
        outlet: Whose rules apply.

    >>> from pipelines.outlets import generic_outlet
    >>> outlet = generic_outlet("https://contoh.id/")
    >>> canonical_url("HTTPS://Contoh.ID:443/a/./b%7e%c3%a9?page=all&utm_source=x#y", outlet=outlet)
    'https://contoh.id/a/b~%C3%A9'
    >>> canonical_url(
    ...     "https://m.contoh.id/7", declared=["https://contoh.id/berita-7"], outlet=outlet
    ... )
    'https://contoh.id/berita-7'
    """
    own = _parse(url)
    if own is None:
        return _trimmed(url)
    own = _undone(own, outlet)
    is_article = _is_article(own, outlet)
    for text in declared:
        if len(text) > LONGEST or (other := _parse(text)) is None:
            continue
        other = _undone(_with_port_of(own, other), outlet)
        if not outlet.owns(str(other)) or _is_home(other):
            continue
        if is_article and not _is_article(other, outlet):
            continue
        return str(other)
    return str(own)


def single_page_url(url: str, outlet: Outlet) -> str:
    r"""Return the address to fetch so that all parts of an article come at once.

    An address that is no article, or an outlet whose articles are in one piece or must be joined
    (`single_page.pages`), gives the canonical form of *url*.

    >>> from pipelines.outlets import parse_outlet
    >>> toml = 'name = "X"\ndomains = ["x.id"]\n[articles]\nsingle_page = { query = "page=all" }'
    >>> outlet = parse_outlet(toml, slug="x", where="x.toml")
    >>> single_page_url("https://x.id/berita/7?page=2&id=3", outlet)
    'https://x.id/berita/7?id=3&page=all'
    """
    parts = _parse(url)
    if parts is None:
        return _trimmed(url)
    parts = _undone(parts, outlet)
    single = outlet.articles.single_page
    if single is None or not outlet.is_article(str(parts)):
        return str(parts)
    if single.query:
        parts = replace(parts, query=(*parts.query, single.query))
    elif single.path:
        slash = "/" if parts.path.endswith("/") else ""
        path = f"{parts.path.rstrip('/')}/{single.path.strip('/')}{slash}"
        parts = replace(parts, path=path)
    return str(parts)


def is_home(url: str) -> bool:
    """Tell whether *url* is a site's home page.

    >>> [is_home(one) for one in ("https://contoh.id", "https://contoh.id/index.html")]
    [True, True]
    """
    parts = _parse(url)
    return parts is not None and _is_home(parts)


def article_id(url: str) -> str:
    """Return the first 64 bits of SHA-256 of a canonical URL, as 16 hex digits.

    >>> article_id("https://contoh.id/berita-7")
    '9f68ecf2b30e9221'
    """
    return _digest(url)[:8].hex()


def url_key(url: str) -> int:
    """Return the first 64 bits of SHA-256 of *url* as a signed, big-endian integer.

    >>> url_key("https://contoh.id/berita-7").to_bytes(8, "big", signed=True).hex()
    '9f68ecf2b30e9221'
    """
    return int.from_bytes(_digest(url)[:8], "big", signed=True)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A normalised address, taken apart."""

    scheme: str
    host: str
    port: str
    path: str
    query: tuple[str, ...]

    def __str__(self) -> str:
        colon = ":" if self.port else ""
        mark = "?" if self.query else ""
        return (
            f"{self.scheme}://{self.host}{colon}{self.port}{self.path}{mark}{'&'.join(self.query)}"
        )


def _digest(url: str) -> bytes:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()


def _trimmed(url: str) -> str:
    """Drop what browsers drop (WHATWG URL, section 4.4)."""
    return _LINE_BREAKS.sub("", url).strip(_EDGES)


def _parse(url: str) -> _Parts | None:
    try:
        split = urlsplit(_trimmed(url))
    except ValueError:  # unbalanced brackets and the like
        return None
    scheme = split.scheme.lower()
    host, port = _host_and_port(split)
    if scheme not in _DEFAULT_PORTS or host is None:
        return None
    return _Parts(
        scheme=scheme,
        host=host,
        port="" if port == _DEFAULT_PORTS[scheme] else port,
        path=_without_dots(_encoded(split.path, _IN_PATH)) or "/",
        query=tuple(one for one in _encoded(split.query, _IN_QUERY).split("&") if one),
    )


def _host_and_port(split: SplitResult) -> tuple[str | None, str]:
    text = split.netloc.rpartition("@")[2]
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None, ""
    host = host.rstrip(".").lower()
    if not _HOST.fullmatch(host) or not ((port.isascii() and port.isdigit()) or not port):
        return None, ""
    return host, port.lstrip("0")


def _encoded(text: str, safe: str) -> str:
    """Encode what must be, decode what need not be (RFC 3986, sections 2.1 and 2.3)."""

    def spelt(match: re.Match[str]) -> str:
        digits = match[1]
        if not digits:
            return "%25"
        byte = int(digits, 16)
        return chr(byte) if byte in _UNRESERVED else f"%{digits.upper()}"

    return quote(_PERCENT.sub(spelt, text), safe=safe, errors="replace")


def _without_dots(path: str) -> str:
    segments = path.split("/")
    if not {".", ".."} & set(segments):
        return path
    kept: list[str] = []
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _with_port_of(own: _Parts, other: _Parts) -> _Parts:
    if own.host == other.host and own.port and not other.port:
        return replace(other, scheme=own.scheme, port=own.port)
    return other


def _is_home(parts: _Parts) -> bool:
    return not parts.query and _HOME.fullmatch(parts.path) is not None


def _is_article(parts: _Parts, outlet: Outlet) -> bool:
    """Tell whether the outlet's `match` says so; without a `match` nothing is known."""
    return outlet.articles.match is not None and outlet.is_article(str(parts))


def _undone(parts: _Parts, outlet: Outlet) -> _Parts:
    """Undo, one at a time until none is left, the forms in which one article may come."""
    while (plainer := _plainer(parts, outlet)) != parts:
        parts = plainer
    return parts


def _plainer(parts: _Parts, outlet: Outlet) -> _Parts:
    if len(str(parts)) > LONGEST:
        return replace(parts, query=tuple(one for one in parts.query if not _is_tracking(one)))
    by_path = _is_article(replace(parts, query=()), outlet)
    kept = (one for one in parts.query if not _is_form(one, outlet, by_path=by_path))
    parts = replace(parts, query=tuple(kept))
    for path in _shorter(parts.path, outlet):
        shorter = replace(parts, path=path)
        if not _is_home(shorter) and (
            outlet.articles.match is None or outlet.is_article(str(shorter))
        ):
            return shorter
    return parts


def _is_tracking(parameter: str) -> bool:
    return TRACKING.fullmatch(parameter.partition("=")[0]) is not None


def _is_form(parameter: str, outlet: Outlet, *, by_path: bool) -> bool:
    if _is_tracking(parameter) or parameter.lower() in SINGLE_PAGE:
        return True
    name, _, value = parameter.partition("=")
    is_number = value.isascii() and value.isdigit()
    if is_number and (name in _page_names(outlet) or (by_path and name == "page")):
        return True
    return parameter in _page_queries(outlet) or (by_path and REFERRER.fullmatch(name) is not None)


def _page_queries(outlet: Outlet) -> list[str]:
    single = outlet.articles.single_page
    return single.query.split("&") if single and single.query else []


def _page_names(outlet: Outlet) -> list[str]:
    """Return the parameters whose number says which part of an article is shown."""
    single = outlet.articles.single_page
    template = (single and (single.pages or single.query)) or ""
    parameters = template.partition("?")[2] or template
    return [one.partition("=")[0] for one in parameters.split("&") if "=" in one]


def _shorter(path: str, outlet: Outlet) -> list[str]:
    """Return *path* without its last part, for each form that it may end in."""
    bare = path.rstrip("/")
    slash = "/" if path != bare else ""
    single = outlet.articles.single_page
    found = []
    if bare.endswith("/amp"):
        found.append(bare.removesuffix("/amp"))
    if single and single.path and bare.endswith(ending := f"/{single.path.strip('/')}"):
        found.append(bare.removesuffix(ending))
    if single and single.pages and outlet.articles.match and single.pages[0] not in "?&":
        before, after = around_slot(single.pages)
        head, _, number = bare.removesuffix(after).rpartition(before)
        if head and number.isascii() and number.isdigit():
            found.append(head)
    return [one + slash for one in found]
