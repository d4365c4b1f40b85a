"""What is known already: exact, newest time, few bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from pipelines.records import Outcome
from pipelines.store.archive import open_archive
from pipelines.store.commit import Run
from pipelines.store.seen import Seen, known_urls, sources
from pipelines.urls import url_key
from tests.pipelines.store.newsroom import outlet, outlet_of, page, url_of

if TYPE_CHECKING:
    from pathlib import Path


def test_the_last_time_of_an_address_counts() -> None:
    keys = np.array([url_key(f"https://contoh.id/{n}") for n in (3, 1, 2, 1)], dtype=np.int64)
    seen = Seen(keys, np.array([30, 10, 20, 40], dtype=np.uint32))
    assert len(seen) == 3
    assert seen.fetched_at("https://contoh.id/1") == datetime.fromtimestamp(40, UTC)
    assert "https://contoh.id/2" in seen
    assert "https://contoh.id/4" not in seen


def test_an_address_takes_at_most_16_bytes() -> None:
    keys = np.arange(100_000, dtype=np.int64)
    seen = Seen(keys, np.zeros(100_000, dtype=np.uint32))
    assert seen.size_bytes <= 16 * len(seen)


def test_an_archive_without_tables_knows_nothing(tmp_path: object) -> None:
    archive = open_archive(f"{tmp_path}/baru")
    assert len(known_urls(archive, "warta")) == 0
    assert sources(archive, "warta") == {}


def test_the_last_answer_of_a_source_is_no_error_page(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    told, missing = page("peta.xml"), replace(page("peta.xml", minute=1), status=404, payload=b"")
    never = replace(page("tiada.xml"), status=410, payload=b"")
    with Run(archive, command="crawl", outlet_of=outlet_of) as run:
        stored = [run.store(of, outlet(), role="source") for of in (told, missing, never)]
        for one in stored:
            run.settle(one.capture_id, Outcome.SOURCE)
        run.commit(everything=True)
    found = sources(archive, "contoh")
    assert found == {url_of("peta.xml"): replace(stored[0], outcome=Outcome.SOURCE)}
