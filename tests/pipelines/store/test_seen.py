"""What is known already: exact, newest time, few bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from pipelines.store.archive import open_archive
from pipelines.store.seen import Seen, known_urls, sources
from pipelines.urls import url_key


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
