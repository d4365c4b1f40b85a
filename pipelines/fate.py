"""What an HTTP status alone says of a page, live or replayed."""

from __future__ import annotations

from http import HTTPStatus

from pipelines.records import Outcome

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
