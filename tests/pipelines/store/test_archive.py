"""Both kinds of archive keep the same promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.store.archive import Archive


def test_what_is_put_is_read(archive: Archive) -> None:
    archive.put("warc/a.bin", b"halo")
    assert archive.read("warc/a.bin") == b"halo"
