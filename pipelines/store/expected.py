"""Whether outlets brought as many articles as their files expect."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

from pipelines.store.tables import rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pipelines.outlets import Outlet
    from pipelines.store.archive import Archive

DAYS: Final = 7
"""Over which articles are counted, so that a weekend or a holiday raises no alarm."""


def shortfalls(archive: Archive, outlets: Iterable[Outlet], now: datetime) -> dict[str, str]:
    """Say, a line for each such outlet, that it published fewer articles than expected.

    Counted are articles published in the last `DAYS` days, of outlets that were first crawled
    before them.

    Args:
        archive: Where they are.
        outlets: Which; those whose file has no `expect.articles_per_day` are passed over.
        now: Until when.
    """
    since = now - timedelta(days=DAYS)
    wanted = {one.slug: one.expect.articles_per_day for one in outlets}
    wanted = {slug: number for slug, number in wanted.items() if number > 0}
    if not wanted:
        return {}
    old = rows(
        archive,
        "runs",
        columns=["outlet"],
        where=(pc.field("command") == "crawl") & (pc.field("started_at") < since),
    )
    said = {}
    for slug in sorted(wanted.keys() & set(old["outlet"].to_pylist())):
        recent = rows(
            archive,
            "articles",
            columns=["article_id"],
            where=(pc.field("outlet") == slug) & (pc.field("published_at") >= since),
        )
        found = len(pc.unique(recent["article_id"])) / DAYS
        if found < wanted[slug]:
            said[slug] = (
                f"expect.articles_per_day: wanted {wanted[slug]:g}, "
                f"found {found:.2g} over the last {DAYS} days"
            )
    return said
