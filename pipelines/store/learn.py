"""An outlet's articles in the archive -> proposals for its file; reads three columns of text.

The present revision of each article counts, at its newest extraction, all from one snapshot and a
few thousand rows at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc
from lxml.html import builder

from pipelines.blocks import lines_in
from pipelines.clean import clean, cut_signoff
from pipelines.dateline import dateline_in
from pipelines.learn import Found, Text, recurring
from pipelines.proposals import Proposal, Thresholds, least_articles, proposals_from
from pipelines.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow.dataset as ds
    from deltalake import DeltaTable

    from pipelines.outlets import Outlet
    from pipelines.store.archive import Archive

_AT_ONCE = 1_000
_KEY = ("article_id", "revision", "extraction")
_TEXT = ("url", "published_on", "fetched_at", "body", "removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What an outlet's archive gave."""

    articles: int
    days: int
    """On which they appeared."""
    proposals: list[Proposal]


def learn(archive: Archive, outlet: Outlet, wanted: Thresholds) -> Learned:
    """Find what recurs in an outlet's articles and is no rule yet.

    Raises:
        ArchiveError: The archive cannot be read.
    """
    table = tables.load(archive, "articles")
    if table is None:
        return Learned(articles=0, days=0, proposals=[])
    stale = _stale(archive, table, outlet)

    def texts() -> Iterator[Text]:
        return _texts(archive, table, outlet, stale)

    def is_lead(line: str) -> bool:
        return dateline_in(line, brands=(outlet.name,), rules=outlet.clean.dateline) is not None

    found: Found = recurring(
        texts, least=lambda total: least_articles(total, wanted), is_lead=is_lead
    )
    return Learned(
        articles=found.articles,
        days=len(found.per_day),
        proposals=proposals_from(
            found,
            texts,
            wanted=wanted,
            is_known=lambda line, is_last: is_taken(line, outlet, is_last=is_last),
        ),
    )


def is_taken(line: str, outlet: Outlet, *, is_last: bool) -> bool:
    """Tell whether today's rules take anything out of a line, the last one of a text or not."""
    root = builder.DIV(builder.P(line))
    left = clean(lines_in(root), root, base="", rules=outlet.clean).lines
    text = left[0][1].text if left else ""
    if is_last and text:
        text = cut_signoff(text, outlet.clean)[0]
    return text.split() != line.split()


def _stale(archive: Archive, table: DeltaTable, outlet: Outlet) -> set[tuple[str, int, int]]:
    """Return the rows that a newer one of the same article replaces."""
    keys = tables.rows(
        archive, "articles", columns=_KEY, where=pc.field("outlet") == outlet.slug, table=table
    )
    often = pc.value_counts(keys["article_id"])
    several = often.filter(pc.greater(often.field("counts"), 1)).field("values")
    found = keys.filter(pc.is_in(keys["article_id"], several)).to_pylist()
    newest: dict[str, tuple[int, int]] = {}
    rows = [(one["article_id"], one["revision"], one["extraction"]) for one in found]
    for article_id, revision, extraction in rows:
        now = newest.get(article_id, (0, 0))
        newest[article_id] = max(now, (revision, extraction))
    return {row for row in rows if newest[row[0]] != row[1:]}


def _texts(
    archive: Archive, table: DeltaTable, outlet: Outlet, stale: set[tuple[str, int, int]]
) -> Iterator[Text]:
    with tables.table_errors(archive, "articles"):
        # One file after the other, for a scan of all reads ahead as fast as the disk is. The
        # outlet is in the files' paths: those that are its own hold nothing else.
        own = pc.field("outlet") == outlet.slug
        for file in tables.dataset(archive, "articles", table).get_fragments(filter=own):
            yield from _texts_in(file, stale)


def _texts_in(file: ds.Fragment, stale: set[tuple[str, int, int]]) -> Iterator[Text]:
    batches = file.to_batches(
        columns=[*_KEY, *_TEXT],
        batch_size=_AT_ONCE,
        batch_readahead=0,
        use_threads=False,
    )
    for batch in batches:
        for row in batch.to_pylist():
            if (row["article_id"], row["revision"], row["extraction"]) in stale:
                continue
            yield Text(
                url=row["url"],
                day=row["published_on"] or row["fetched_at"].date(),
                lines=tuple(one for one in (row["body"] or "").split("\n") if one.strip()),
                removed=tuple(one["text"] for one in row["removed"] or ()),
            )
