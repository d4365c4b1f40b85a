"""The further parts of an article that its outlet cuts into pages: where they are, and how many.

Enters a page and `articles.single_page.pages`; leaves addresses and numbers. Fetches nothing. The
first part has number 1.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.decode import ARTICLE_LIMIT, DecodeError, payload_of, text_from
from pipelines.document import absolute
from pipelines.outlets import PAGE_SLOT, around_slot
from pipelines.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.outlets import Outlet
    from pipelines.records import Page

MOST_PARTS = 30
"""No article seen has more; beyond it a page is taken for hostile."""

_OK = 200
# No parser: this runs before a page is archived, and hostile markup must not hold that up.
_ADDRESS = re.compile(
    r"""(?<![\w-])(?:href|value)\s*=\s*(?:"([^"<>]{1,2000})"|'([^'<>]{1,2000})'|([^\s"'<>]{1,2000}))""",
    re.IGNORECASE,
)
"""Of links, of `rel=next`, and of the options of a list to choose from."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def part_url(url: str, number: int, outlet: Outlet) -> str:
    r"""Return the address of a part.

    Args:
        url: Of any part.
        number: Which; 1 gives the article's own address.
        outlet: Whose `single_page.pages` says how; without it there is one part only.

    >>> from pipelines.outlets import parse_outlet
    >>> toml = 'name = "X"\ndomains = ["x.id"]\n[articles]\nsingle_page = { pages = "?hal={n}" }'
    >>> outlet = parse_outlet(toml, slug="x", where="x.toml")
    >>> part_url("https://x.id/berita?id=7", 3, outlet)
    'https://x.id/berita?id=7&hal=3'
    """
    base = canonical_url(url, outlet=outlet)
    pages = _pages(outlet)
    if not pages or number == 1:
        return base
    filled = PAGE_SLOT.sub(lambda slot: str(_value(slot, number)), pages, count=1)
    if filled[0] in "?&":
        return f"{base}{'&' if '?' in base else '?'}{filled[1:]}"
    path, mark, query = base.partition("?")
    slash = "/" if path.endswith("/") and not filled.endswith("/") else ""
    return f"{path.rstrip('/')}{filled}{slash}{mark}{query}"


def part_number(url: str, outlet: Outlet) -> int:
    """Return which part an address shows; 1 where it names none, or one that cannot be."""
    pages = _pages(outlet)
    if not pages:
        return 1
    before, after = around_slot(pages)
    try:
        split = urlsplit(url)
    except ValueError:  # unbalanced brackets and the like
        return 1
    if pages[0] in "?&":
        name = before.lstrip("?&").rpartition("&")[2]
        values = [one for one in split.query.split("&") if one.startswith(name)]
        tail = after.partition("&")[0]
        text = values[0].removeprefix(name).removesuffix(tail) if values else ""
    else:
        path = split.path.rstrip("/").removesuffix(after.rstrip("/"))
        text = path.rpartition(before)[2] if before in path else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 6):  # noqa: PLR2004  no number of a part
        return 1
    slot = PAGE_SLOT.search(pages)
    return _number(slot, int(text)) if slot else 1


def parts_in(page: Page, outlet: Outlet) -> int:
    """Return how many parts a page shows its article to have: the largest number it links to.

    Links count that lead to the very article of *page*. 1 where it shows none, is no HTML, or the
    outlet's articles are in one piece.
    """
    if not _pages(outlet) or page.status != _OK:
        return 1
    own = canonical_url(page.final_url, outlet=outlet)
    if not outlet.is_article(own):
        return 1
    try:
        text = text_from(payload_of(page, limit=ARTICLE_LIMIT), page.header("content-type") or "")
    except DecodeError:
        return 1
    found = (
        part_number(url, outlet)
        for url in _addresses(text, page.final_url)
        if part_number(url, outlet) > 1
        and _place(canonical_url(url, outlet=outlet)) == _place(own)
        and outlet.owns(url)
    )
    return max(found, default=1)


def is_part(url: str, number: int, of: str, outlet: Outlet) -> bool:
    """Tell whether *url* is the address of that part of the article at *of*."""
    same = _place(canonical_url(url, outlet=outlet)) == _place(canonical_url(of, outlet=outlet))
    return same and part_number(url, outlet) == number


def _pages(outlet: Outlet) -> str | None:
    single = outlet.articles.single_page
    return single.pages if single else None


def _value(slot: re.Match[str], number: int) -> int:
    if slot["step"]:
        return (number - 1) * int(slot["step"])
    return number - 1 if slot["before"] else number


def _number(slot: re.Match[str], value: int) -> int:
    if slot["step"]:
        count, rest = divmod(value, int(slot["step"]))
        return 1 if rest else count + 1
    return max(1, value + 1 if slot["before"] else value)


def _place(url: str) -> str:
    """Drop scheme, host and last slash: pages link to themselves with others, as with `www.`."""
    path, mark, query = url.split("/", 3)[-1].partition("?")
    return f"{path.rstrip('/')}{mark}{query}"


def _addresses(text: str, base: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(_COMMENT.sub("", text)):
        found = html.unescape(match[1] or match[2] or match[3])
        if any(map(str.isdigit, found)) and (url := absolute(found, base)):
            yield url
