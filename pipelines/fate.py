"""What became of a known article, by its address's status and by where that leads."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.records import Article, Outcome
from pipelines.urls import is_home

if TYPE_CHECKING:
    from pipelines.records import Page, Rejected

MOVED = "moved"
"""Reason of an article whose address leads to another one, or to the home page."""

_GONE = frozenset((HTTPStatus.NOT_FOUND, HTTPStatus.GONE))
_LATER = frozenset((HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS))


def is_passing(status: int) -> bool:
    """Tell whether a status speaks of the server's moment rather than of the page.

    >>> [is_passing(one) for one in (200, 404, 429, 503)]
    [False, False, True, True]
    """
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _LATER


def fate_of(status: int, *, article_id: str | None) -> tuple[Outcome, str | None] | None:
    """Return outcome and reason where the page itself need not be read.

    Args:
        status: HTTP status.
        article_id: The article that the archive has of that address; 404 and 410 say of no other
            page that it is gone.

    >>> fate_of(410, article_id="00ff")
    (<Outcome.GONE: 'gone'>, None)
    >>> fate_of(410, article_id=None) is None
    True
    """
    if is_passing(status):
        return Outcome.ERROR, f"status {status}"
    if status in _GONE and article_id:
        return Outcome.GONE, None
    return None


def is_moved(page: Page, made: Article | Rejected, *, article_id: str | None) -> bool:
    """Tell whether a known article's address was redirected to something else.

    WordPress leads the address of a deleted post to one that begins alike (redirect_guess_404_
    permalink), other systems lead it to the home page. The same path on another scheme or host is
    the same article.

    Args:
        page: What the address led to.
        made: What `process` made of it.
        article_id: The article that the archive has of that address.
    """
    if article_id is None or _path(page.url) == _path(page.final_url):
        return False
    if isinstance(made, Article):
        return made.article_id != article_id
    return is_home(page.final_url)


def _path(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.path.rstrip("/"), parts.query
