"""The column `duplicate_of` of the view `latest`."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.errors import ArchiveError
from pipelines.near import LEAST_WORDS
from pipelines.store.archive import open_archive
from pipelines.store.duplicates import Duplicates
from pipelines.store.sql import connect, query
from tests.shelf import DAY, append, article, capture, fill, id_of, url_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.store.archive import Archive

TEXT = "5e74a06d368163fb"
NEARLY = f"{int(TEXT, 16) ^ 0b10101:016x}"
OTHER = "a1b2c3d4e5f60718"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Archive]:
    with closing(open_archive(tmp_path / "archive")) as opened:
        yield opened


def text(
    name: str, near_hash: str, *, outlet: str = "uji", day: int = 0, **more: object
) -> dict[str, Any]:
    """Return a row whose body has that hash."""
    told = {"near_hash": near_hash, "word_count": 300, "at": DAY + timedelta(days=day)}
    return article(name, outlet=outlet, **{**told, **more})  # type: ignore[arg-type]


def marked(archive: Archive, where: str = "true") -> dict[str, str]:
    """Return which article repeats which, by name."""
    sql = f"SELECT url, duplicate_of FROM latest WHERE duplicate_of IS NOT NULL AND {where}"  # noqa: S608  a test's own text
    names = {
        row["article_id"]: row["url"].rpartition("/")[2]
        for row in query(archive, "SELECT article_id, url FROM articles").to_pylist()
    }
    return {
        row["url"].rpartition("/")[2]: names[row["duplicate_of"]]
        for row in query(archive, sql).to_pylist()
    }


def test_the_oldest_of_a_text_is_the_one_that_the_others_repeat(archive: Archive) -> None:
    append(
        archive,
        "articles",
        [
            text("salinan", NEARLY, outlet="kabar-utara", day=1),
            text("asli", TEXT),
            text("alamat-lain", TEXT, day=2),
            text("lain", OTHER),
        ],
    )
    assert marked(archive) == {"salinan": "asli", "alamat-lain": "asli"}


def test_without_a_date_the_fetch_counts_and_ties_go_by_the_id(shelf: Archive) -> None:
    rows = [
        text("tanpa-tanggal", TEXT, at=None, fetched_at=DAY - timedelta(days=9)),
        text("bertanggal", TEXT),
    ]
    append(shelf, "articles", rows)
    assert marked(shelf) == {"bertanggal": "tanpa-tanggal"}
    append(shelf, "articles", [text("a", OTHER), text("b", OTHER), text("c", OTHER)])
    first, *others = sorted("abc", key=lambda name: id_of("uji", name))
    assert marked(shelf, f"near_hash = '{OTHER}'") == dict.fromkeys(others, first)


def test_the_newest_revision_and_extraction_speak_for_an_article(shelf: Archive) -> None:
    append(shelf, "articles", [text("asli", TEXT), text("diubah", TEXT, day=1)])
    assert marked(shelf) == {"diubah": "asli"}
    append(shelf, "articles", [text("diubah", OTHER, day=1, revision=2)])
    assert marked(shelf) == {}
    append(shelf, "articles", [text("diubah", TEXT, day=1, revision=2, extraction=2)])
    assert marked(shelf) == {"diubah": "asli"}


@pytest.mark.parametrize(
    "same",
    [
        {"near_hash": "0" * 16},
        {"near_hash": TEXT, "word_count": LEAST_WORDS - 1},
        {"near_hash": None},
        {"near_hash": "bukan hash"},
    ],
)
def test_what_says_too_little_repeats_nothing(shelf: Archive, same: dict[str, object]) -> None:
    append(shelf, "articles", [text(name, OTHER) | same for name in ("satu", "dua")])
    assert marked(shelf) == {}


def test_a_query_that_does_not_name_the_column_pays_nothing(
    shelf: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    found = Duplicates._found  # noqa: SLF001  what is counted

    def counted(self: Duplicates) -> Any:  # noqa: ANN401  as the original
        asked.append(self)
        return found(self)

    fill(shelf)
    monkeypatch.setattr(Duplicates, "_found", counted)
    for sql in (
        "SELECT title FROM latest",
        "SELECT count(*) FROM latest WHERE outlet = 'uji'",
        "SELECT a.title FROM latest a JOIN latest b USING (article_id)",
        "SELECT * EXCLUDE (duplicate_of) FROM latest",
        "DESCRIBE latest",
    ):
        query(shelf, sql)
    assert asked == []
    query(shelf, "SELECT * FROM latest a JOIN latest b ON a.duplicate_of = b.article_id")
    assert len(asked) == 1


def test_it_can_be_joined_filtered_and_counted(shelf: Archive) -> None:
    rows = [text(f"berita-{n}", f"{n + 1:08x}{n * 77:08x}") for n in range(60)]
    append(shelf, "articles", [*rows, text("asli", TEXT), text("salinan", TEXT, day=1)])
    append(
        shelf,
        "captures",
        [capture(url_of("uji", "salinan"), "article", article_id=id_of("uji", "salinan"))],
    )
    assert query(
        shelf,
        "SELECT b.title AS asli, a.title AS salinan FROM latest a JOIN latest b "
        "ON a.duplicate_of = b.article_id WHERE a.title = 'Salinan'",
    ).to_pylist() == [{"asli": "Asli", "salinan": "Salinan"}]
    everything = query(shelf, "SELECT * FROM latest")
    assert (everything.num_rows, everything.schema.names[-2:]) == (62, ["gone_at", "duplicate_of"])
    assert (
        query(
            shelf,
            "SELECT outlet, count(*) AS n FROM latest WHERE duplicate_of IS NULL GROUP BY ALL",
        )
        .column("n")[0]
        .as_py()
        == query(shelf, "SELECT count(*) - count(duplicate_of) AS n FROM latest")
        .column("n")[0]
        .as_py()
    )


def test_it_belongs_to_the_snapshot_that_the_rows_are_of(shelf: Archive) -> None:
    append(shelf, "articles", [text("asli", TEXT), text("salinan", TEXT, day=1)])
    with connect(shelf) as connection:
        append(shelf, "articles", [text("lebih-lama", TEXT, day=-1)])
        rows = connection.execute("SELECT url, duplicate_of FROM latest ORDER BY url").fetchall()
    assert rows == [
        (url_of("uji", "asli"), None),
        (url_of("uji", "salinan"), id_of("uji", "asli")),
    ]
    assert marked(shelf) == {"asli": "lebih-lama", "salinan": "lebih-lama"}


def test_tables_that_cannot_be_read_are_the_archives_fault(shelf: Archive, tmp_path: Path) -> None:
    append(shelf, "articles", [text("asli", TEXT)])
    for path in (tmp_path / "archive" / "articles").rglob("*.parquet"):
        path.write_bytes(b"rusak")
    with pytest.raises(ArchiveError, match="wanted readable tables"):
        query(shelf, "SELECT duplicate_of FROM latest")
