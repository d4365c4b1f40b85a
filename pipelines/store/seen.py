"""What an outlet's archive knows already, in a few bytes per address."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from pipelines.records import Link, Outcome, Reason
from pipelines.store import tables
from pipelines.store.segment import capture_from
from pipelines.urls import url_key

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from pipelines.records import Capture
    from pipelines.store.archive import Archive

SETTLED: Final = (Outcome.ARTICLE, Outcome.UNCHANGED, Outcome.REJECTED, Outcome.GONE)
"""Outcomes after which a crawl does not ask again; newer rules read rejected pages from WARC."""
_FOUND: Final = (200, 404, 410)
"""Statuses that say something of the page; a 403 says something of the moment."""


class Seen:
    """The addresses of one outlet and when each was fetched last: 12 bytes an address."""

    def __init__(self, keys: NDArray[np.int64], seconds: NDArray[np.uint32]) -> None:
        """Take both columns in any order; of an address that occurs twice the last time counts."""
        order = np.lexsort((seconds, keys))
        keys, seconds = keys[order], seconds[order]
        last = np.ones(len(keys), dtype=bool)
        last[:-1] = keys[1:] != keys[:-1]
        self._keys, self._seconds = keys[last], seconds[last]

    def __len__(self) -> int:
        """Return how many addresses are known."""
        return len(self._keys)

    def __contains__(self, url: str) -> bool:
        """Tell whether *url* was settled before."""
        return self.fetched_at(url) is not None

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        return int(self._keys.nbytes + self._seconds.nbytes)

    def fetched_at(self, url: str) -> datetime | None:
        """Return when *url* was fetched last, to the second; `None` if it never was."""
        key = url_key(url)
        place = int(np.searchsorted(self._keys, key))
        if place == len(self._keys) or self._keys[place] != key:
            return None
        return datetime.fromtimestamp(int(self._seconds[place]), UTC)


def known_urls(archive: Archive, outlet_slug: str) -> Seen:
    """Return what a crawl of that outlet need not fetch again.

    By the address asked for, and by an article's canonical URL: its id is that URL's key.
    """
    passing = (pc.field("outcome") == str(Outcome.REJECTED)) & (
        ~pc.field("status").isin(_FOUND) | (pc.field("reason") == str(Reason.BLOCKED))
    )
    found = tables.rows(
        archive,
        "captures",
        columns=["url_key", "fetched_at"],
        where=(pc.field("outlet") == outlet_slug)
        & pc.field("outcome").isin([str(one) for one in SETTLED])
        & ~passing,
    )
    articles = tables.rows(
        archive,
        "articles",
        columns=["article_id", "fetched_at"],
        where=pc.field("outlet") == outlet_slug,
    )
    ids = bytes.fromhex("".join(articles["article_id"].to_pylist()))
    keys = [found["url_key"].to_numpy(), np.frombuffer(ids, dtype=">i8").astype(np.int64)]
    seconds = [_seconds(found["fetched_at"]), _seconds(articles["fetched_at"])]
    return Seen(np.concatenate(keys), np.concatenate(seconds))


def _seconds(moments: pa.ChunkedArray) -> NDArray[np.uint32]:
    whole = pc.divide(pc.cast(moments, "int64"), 1_000_000)
    return np.asarray(whole.to_numpy(), dtype=np.uint32)


def published_since(archive: Archive, outlet_slug: str, since: datetime) -> list[Link]:
    """Return an outlet's articles that were published at a time or later, by canonical URL."""
    found = tables.rows(
        archive,
        "articles",
        columns=["url", "published_at"],
        where=(pc.field("outlet") == outlet_slug) & (pc.field("published_at") >= since),
    )
    newest = {row["url"]: row["published_at"] for row in found.to_pylist()}
    return [Link(url=url, published_at=moment) for url, moment in newest.items()]


def sources(archive: Archive, outlet_slug: str) -> dict[str, Capture]:
    """Return the last archived answer of each feed, sitemap and listing, by its address.

    One that a run died over does not count: nobody knows how much of it was followed. Nor does an
    error page: it lists nothing.
    """
    found = tables.rows(
        archive,
        "captures",
        where=(pc.field("outlet") == outlet_slug)
        & (pc.field("outcome") == str(Outcome.SOURCE))
        & (pc.field("status") == HTTPStatus.OK)
        & pc.field("reason").is_null(),
    )
    newest = found.sort_by("fetched_at").to_pylist()
    return {row["url"]: capture_from(row) for row in newest}
