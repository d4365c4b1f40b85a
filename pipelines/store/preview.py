"""What a commit would say of articles, without writing anything."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pipelines.process import process
from pipelines.store.number import Draft, Numbering, OutletOf, history
from pipelines.store.transact import Row, row_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.records import Article
    from pipelines.store.archive import Archive


def preview(
    archive: Archive,
    articles: Sequence[Article],
    *,
    outlet_of: OutletOf,
    by_clock: bool = False,
) -> list[Row]:
    """Number articles that were not stored, against what the archive holds now.

    With *by_clock* as `Run` would.
    """
    numbering = Numbering(archive, outlet_of, process)
    past = {}
    for outlet in {one.outlet for one in articles}:
        ids = [one.article_id for one in articles if one.outlet == outlet]
        past.update(history(archive, None, outlet, ids))
    drafts = [
        Draft(row=_draft_row(one), segment="", is_extraction=False, is_recovered=by_clock)
        for one in articles
    ]
    return [row_of(decision) for decision in numbering.number(drafts, past, 0)]


def _draft_row(article: Article) -> dict[str, object]:
    return {
        **asdict(article),
        "provenance": sorted(article.provenance.items()),
        "capture_id": "",
        "capture_item": None,
        "part_capture_ids": [],
    }
