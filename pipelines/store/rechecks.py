"""Which articles are due to be looked at again, from `captures` and `articles` alone.

Enters one snapshot of the tables: a few columns of young articles, never a body. Leaves addresses,
newest first, and how the outlet's validators behaved. There is no other state: an empty disk with
the archive's URI goes on where the last run stopped.

A look is an answer that showed the article, whatever command asked for it. DuckDB puts the looks
of one outlet in order, in memory.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.rechecks import edits_from, next_check_at
from pipelines.records import Outcome
from pipelines.store.number import last_captures
from pipelines.store.segment import joins_parts
from pipelines.store.tables import SCHEMAS, dataset, load, rows, table_errors
from pipelines.validators import Conduct, Validators, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow.dataset as ds
    from numpy.typing import NDArray

    from pipelines.outlets import Outlet
    from pipelines.rechecks import Edits
    from pipelines.records import Capture
    from pipelines.store.archive import Archive
    from pipelines.store.tables import Name

YOUNG: Final = timedelta(days=30)
"""How old an article may be to be looked at again; older rows and captures are not read."""
MOST: Final = 1_000
"""Articles of one outlet that one start looks at; the others are still due at the next."""
_GONE_AGAIN: Final = timedelta(days=1)
"""How soon an article that is gone is looked at again; then after twice as long, and so on."""
_SOONEST: Final = timedelta(hours=1)
"""How soon an article is asked for again after it was asked for in vain."""
_SEEN: Final = (Outcome.ARTICLE, Outcome.UNCHANGED)
_OTHER: Final = (Outcome.GONE, Outcome.REJECTED, Outcome.ERROR)
_AT_ONCE: Final = 1_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_COLUMNS: Final[dict[Name, tuple[str, ...]]] = {
    "articles": (
        *("article_id", "revision", "extraction", "published_at", "published_precision"),
        *("fetched_at", "capture_id", "capture_item", "requested_url"),
    ),
    "captures": (
        *("capture_id", "url_key", "url", "fetched_at", "status"),
        *("etag", "last_modified", "outcome", "article_id"),
    ),
}

# Times are microseconds. None was published after it was fetched, whatever zone its page took for
# its own; of one that states no more than the day, it was at its first fetch, if on that day. An
# article whose first row lies before the window is not young. One whose newest row is an item of an
# API answer is left out: its page reads differently, and that would be no edit by the outlet.
_YOUNG = """
CREATE OR REPLACE TEMP TABLE young AS
SELECT article_id,
    least(min(fetched_us), arg_max_null(published_us, number)) AS born_us
FROM (
    SELECT article_id, revision, capture_item, (revision::BIGINT << 32) + extraction AS number,
        epoch_us(fetched_at) AS fetched_us,
        epoch_us(published_at)
            + CASE published_precision WHEN 'day' THEN 86400000000 ELSE 0 END AS published_us
    FROM rows_articles
)
GROUP BY article_id
HAVING min(revision) = 1 AND arg_max_null(capture_item, number) IS NULL
    AND ($everything OR born_us >= $since)
"""

# `If-None-Match` compares weakly (RFC 9110, 13.1.2): W/"1" and "1" are the same there.
_LOOKS = """
CREATE OR REPLACE TEMP TABLE looks AS
SELECT article_id, url, url_key, at_us, born_us, is_edit, is_304, etag, last_modified,
    lag(at_us) OVER w AS before_us, lag(url_key) OVER w AS before_key,
    lag(etag) OVER w AS before_etag, lag(last_modified) OVER w AS before_modified
FROM (
    SELECT c.article_id, c.url, c.url_key, epoch_us(c.fetched_at) AS at_us, y.born_us,
        e.capture_id IS NOT NULL AS is_edit, c.status = 304 AS is_304,
        regexp_replace(c.etag, '^W/', '') AS etag, c.last_modified
    FROM rows_captures c
    JOIN young y USING (article_id)
    LEFT JOIN (
        SELECT DISTINCT capture_id FROM rows_articles WHERE revision > 1 AND extraction = 1
    ) e USING (capture_id)
    WHERE c.outcome IN ('article', 'unchanged')
        AND NOT ($joins AND c.url NOT IN (SELECT requested_url FROM rows_articles))
)
WINDOW w AS (PARTITION BY article_id ORDER BY at_us)
"""

_CONDUCT = """
SELECT count(*) FILTER (is_edit), count(*) FILTER (is_edit AND {name} = {before}),
    count(*) FILTER (NOT is_edit), count(*) FILTER (NOT is_edit AND {name} <> {before}),
    min(at_us) FILTER (is_edit AND {name} = {before})
FROM looks
WHERE url_key = before_key AND {name} IS NOT NULL AND {before} IS NOT NULL
"""

# A 304 from the time before its validator was found out to lie is hearsay.
_EDITS = """
SELECT (lag(at_us) OVER w - born_us) / 3.6e9 AS before_h, (at_us - born_us) / 3.6e9 AS after_h,
    is_edit, (sum(is_edit::INT) OVER w)::INT - is_edit::INT AS changes
FROM looks WHERE NOT (is_304 AND at_us <= $until)
WINDOW w AS (PARTITION BY article_id ORDER BY at_us)
QUALIFY before_h IS NOT NULL
ORDER BY article_id, at_us
"""

_LAST = """
CREATE OR REPLACE TEMP TABLE last AS
SELECT article_id, any_value(born_us) AS born_us, max(at_us) AS seen_us, count(*) AS looks,
    count(*) FILTER (is_edit) AS changes,
    arg_max(url, at_us) AS url, arg_max(url_key, at_us) AS url_key
FROM looks GROUP BY article_id
"""

_STATE = """
SELECT article_id, born_us, url, looks, changes, greatest(seen_us, refused_us), gone_us,
    gone_again_us
FROM last
LEFT JOIN (
    SELECT url_key, max(epoch_us(fetched_at)) AS refused_us
    FROM rows_captures WHERE outcome IN ('rejected', 'error') GROUP BY url_key
) USING (url_key)
LEFT JOIN (
    SELECT c.article_id, min(epoch_us(c.fetched_at)) AS gone_us,
        max(epoch_us(c.fetched_at)) AS gone_again_us
    FROM rows_captures c JOIN last USING (article_id)
    WHERE c.outcome = 'gone' AND epoch_us(c.fetched_at) > last.seen_us
    GROUP BY c.article_id
) USING (article_id)
ORDER BY born_us DESC, article_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An article whose time has come."""

    article_id: str
    url: str
    """What was asked for the last time."""
    is_whole: bool
    """Whether to ask without a condition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an outlet's recent past says."""

    due: list[Due] = field(default_factory=list)
    """Newest first."""
    validators: Validators = field(default_factory=Validators)


class Recent:
    """One snapshot of what the archive knows of recent articles, for all outlets of a run."""

    def __init__(self, archive: Archive, now: datetime) -> None:
        """Take the tables as they are; *now* is the time that counts."""
        self._archive = archive
        self._now = now
        self._since = now - YOUNG
        # In this order: a commit appends articles first, so that each capture's revision is there.
        self._data = {name: _opened(archive, name) for name in ("captures", "articles")}
        self._vain = _in_vain(archive, self._since)

    def found(self, outlet: Outlet, *, limit: int | None = MOST, everything: bool = False) -> Found:
        """Return what to look at again.

        Args:
            outlet: Whose.
            limit: Most articles.
            everything: All that were first fetched within `YOUNG`, due or not, however old; what
                is gone is left to its time.
        """
        with self._looks(outlet, everything=everything) as looks:
            if looks is None:
                return Found()
            validators, until = _validators(looks)
            edits = edits_from(*_observed(looks, until))
            state = looks.execute(_STATE)
            due: list[Due] = []
            vain = self._vain.get(outlet.slug, ())
            for one in _due(state, edits, validators, self._now, vain, everything=everything):
                if limit is not None and len(due) == limit:
                    break
                due.append(one)
            return Found(due=due, validators=validators)

    def validators(self, outlet: Outlet) -> Validators:
        """Return how an outlet's validators behaved."""
        with self._looks(outlet) as looks:
            return Validators() if looks is None else _validators(looks)[0]

    def known(self, found: Found, outlet: Outlet) -> dict[str, Capture]:
        """Return what each address that is due showed last, with the validators to ask with."""
        captures = last_captures(
            self._archive,
            [one.url for one in found.due],
            outlet.slug,
            since=self._since,
            outcomes=_SEEN,
        )
        asks = {one.url: whole if one.is_whole else found.validators.condition for one in found.due}
        return {url: asks[url](capture) for url, capture in captures.items()}

    @contextlib.contextmanager
    def _looks(
        self, outlet: Outlet, *, everything: bool = False
    ) -> Iterator[duckdb.DuckDBPyConnection | None]:
        """Put an outlet's looks in order; `None` where it has no young article."""
        articles = self._rows("articles", outlet, pc.scalar(value=True))
        if not articles.num_rows:
            yield None
            return
        wanted = pc.field("outcome").isin([str(one) for one in (*_SEEN, *_OTHER)])
        captures = self._rows("captures", outlet, wanted)
        spill = str(self._archive.spool / "sql")
        config: dict[str, str | bool | int | float | list[str]] = {
            "python_enable_replacements": False,
            "temp_directory": spill,
        }
        with duckdb.connect(":memory:", config=config) as connection:
            connection.register("rows_articles", articles)
            connection.register("rows_captures", captures)
            since = {"since": _micros(self._since), "everything": everything}
            connection.execute(_YOUNG, since)
            connection.execute(_LOOKS, {"joins": joins_parts(outlet)})
            connection.execute(_LAST)
            yield connection

    def _rows(self, name: Name, outlet: Outlet, where: pc.Expression) -> pa.Table:
        columns = _COLUMNS[name]
        data = self._data[name]
        if data is None:
            return pa.schema([SCHEMAS[name].field(one) for one in columns]).empty_table()
        wanted = (pc.field("outlet") == outlet.slug) & (pc.field("fetched_at") >= self._since)
        with table_errors(self._archive, name):
            return data.to_table(columns=list(columns), filter=wanted & where)


def _opened(archive: Archive, name: Name) -> ds.Dataset | None:
    table = load(archive, name)
    return None if table is None else dataset(archive, name, table)


def _validators(looks: duckdb.DuckDBPyConnection) -> tuple[Validators, int]:
    """Count what validators did between consecutive answers of one address.

    Returns:
        The counts, and until when a 304 meant nothing because nobody knew yet of a lie.
    """
    found, until = [], 0
    for name, before in (("etag", "before_etag"), ("last_modified", "before_modified")):
        row = looks.execute(_CONDUCT.format(name=name, before=before)).fetchone() or (0,) * 5
        edits, hidden, same, moved, found_out_us = row
        found.append(Conduct(edits=edits, hidden=hidden, looks=same, moved=moved))
        until = max(until, found_out_us or 0)
    return Validators(etag=found[0], last_modified=found[1]), until


def _observed(looks: duckdb.DuckDBPyConnection, until: int) -> list[NDArray[Any]]:
    """Say when the outlet's articles were looked at and where that showed an edit.

    Returns:
        What `edits_from` takes, in its order.
    """
    found = looks.execute(_EDITS, {"until": until}).fetchnumpy()
    return [np.asarray(found[one]) for one in ("before_h", "after_h", "is_edit", "changes")]


def _due(
    state: duckdb.DuckDBPyConnection,
    edits: Edits,
    validators: Validators,
    now: datetime,
    vain: Sequence[datetime],
    *,
    everything: bool,
) -> Iterator[Due]:
    while some := state.fetchmany(_AT_ONCE):
        for article_id, born_us, url, looks, changes, checked_us, gone_us, gone_again_us in some:
            following = partial(
                next_check_at, born_at=_moment(born_us), edits=edits, changes=changes
            )
            if gone_us is not None:
                pause = max(_GONE_AGAIN, timedelta(microseconds=gone_again_us - gone_us))
                at: datetime | None = _moment(gone_again_us) + pause
            else:
                at = following(checked_at=_moment(checked_us), checks=looks - 1)
            is_asked_for = everything and gone_us is None
            if not is_asked_for and (at is None or _put_off(at, vain) > now):
                continue
            # What is not there any more has no validators.
            is_last = gone_us is not None or following(checked_at=now, checks=looks) is None
            is_whole = validators.is_whole(article_id, looks - 1, is_last=is_last)
            yield Due(article_id=article_id, url=url, is_whole=is_whole)


def _in_vain(archive: Archive, since: datetime) -> dict[str, list[datetime]]:
    """Return when rechecks began that got no answer for some article, by outlet and time.

    An address that robots.txt forbids, that leads to another site or that cannot be reached leaves
    no capture, so that its article is still due.
    """
    failed = (pc.field("rejected") > 0) | (pc.field("errors") > 0)
    found = rows(
        archive,
        "runs",
        columns=["outlet", "started_at"],
        where=(pc.field("command") == "recheck") & (pc.field("started_at") >= since) & failed,
    ).sort_by("started_at")
    began = defaultdict(list)
    for row in found.to_pylist():
        began[row["outlet"]].append(row["started_at"])
    return dict(began)


def _put_off(at: datetime, vain: Sequence[datetime]) -> datetime:
    """Wait twice as long after each run that may have asked in vain for what was due at *at*."""
    following = at
    for began_at in vain:
        if began_at >= following:
            following = began_at + max(_SOONEST, began_at - at)
    return following


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
