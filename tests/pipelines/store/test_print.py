"""Rows as text: it fits, it reads back, and nothing in it moves the cursor."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.cells import cell_len

from pipelines.store.print import FORMATS, write_rows

NOON = datetime(2026, 11, 22, 5, 0, 0, 120000, tzinfo=UTC)
ROWS = pa.table(
    {
        "judul": ['Ia berkata, "sudah"', "baris\nbaru", None],
        "n": [1, 2, None],
        "tags": [["a", "b"], [], None],
        "asal": pa.array([[("title", "h1")], [], None], pa.map_(pa.string(), pa.string())),
        "yakin": pa.array([0.99, float("nan"), None], pa.float32()),
        "at": [NOON, None, None],
        "pada": [date(2026, 11, 22), None, None],
        "jam": [time(10, 30), None, None],
        "jumlah": [Decimal(12), Decimal("1.5"), None],
        "byte": [b"\xff", None, None],
        "ya": [True, False, None],
    }
)


def text(table: pa.Table, form: str, width: int | None = None) -> str:
    stream = io.StringIO()
    write_rows(table, form, stream, width)
    return stream.getvalue()


def test_json_is_one_object_a_line_in_json_types() -> None:
    first, second, third = map(json.loads, text(ROWS, "json").splitlines())
    assert first == {
        "judul": 'Ia berkata, "sudah"',
        "n": 1,
        "tags": ["a", "b"],
        "asal": {"title": "h1"},
        "yakin": 0.99,
        "at": "2026-11-22T05:00:00.120000Z",
        "pada": "2026-11-22",
        "jam": "10:30:00",
        "jumlah": 12,
        "byte": "ff",
        "ya": True,
    }
    assert (second["yakin"], second["jumlah"], second["judul"]) == (None, 1.5, "baris\nbaru")
    assert set(third.values()) == {None}


def test_csv_reads_back() -> None:
    written = text(ROWS, "csv")
    assert written.startswith(
        'judul,n,tags,asal,yakin,at,pada,jam,jumlah,byte,ya\r\n"Ia berkata, ""'
    )
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert rows[1] == [
        'Ia berkata, "sudah"',
        "1",
        '["a", "b"]',
        '{"title": "h1"}',
        "0.99",
        "2026-11-22T05:00:00.120000Z",
        "2026-11-22",
        "10:30:00",
        "12",
        "ff",
        "true",
    ]
    assert rows[2][0] == "baris\nbaru"
    assert rows[3] == [""] * 11


def test_parquet_reads_back_as_it_was() -> None:
    stream = io.BytesIO()
    write_rows(ROWS.drop(["yakin"]), "parquet", stream)
    assert pq.read_table(pa.BufferReader(stream.getvalue())).equals(ROWS.drop(["yakin"]))


def test_a_table_stays_inside_the_terminal() -> None:
    long = pa.table({"judul": ["Panen padi " * 20, "b"], "isi": ["kata " * 100, "c"], "n": [1, 22]})
    for width in (40, 80, 120):
        lines = text(long, "table", width).splitlines()
        assert max(map(len, lines)) <= width
        assert len(lines) == 4
    assert "…" in lines[2]
    assert text(pa.table({"n": [1, 22]}), "table", 40).split() == ["n", "━━━━", "1", "22"]


def test_too_many_columns_are_written_one_a_line() -> None:
    wide = pa.table({f"kolom_{n}": ["nilai yang panjang"] for n in range(30)})
    lines = text(wide, "table", 60).splitlines()
    assert lines[:2] == ["-- 1 --", " kolom_0: nilai yang panjang"]
    assert len(lines) == 31
    assert max(map(len, text(wide, "table", 20).splitlines())) <= 20


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize(
    "names",
    [
        ("url", "authors", "related"),
        ("title", "body", "url", "related"),
        ("outlet", "title", "authors", "section", "published_on"),
        tuple(f"kolom_{n}" for n in range(30)),
    ],
)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_every_column_is_named_at_any_width(names: tuple[str, ...], count: int, width: int) -> None:
    # Values from 1 to 200 characters, the longest first, in the middle and last.
    sizes = [(n * 67 + 200) % 211 + 1 for n in range(len(names))]
    rows = pa.table({name: ["x" * size] * count for name, size in zip(names, sizes, strict=True)})
    if not count:
        rows = rows.cast(pa.schema([(name, pa.string()) for name in names]))
    printed = text(rows, "table", width)
    lines = printed.splitlines()
    head = lines[0].replace("┃", " ").split()
    records = [line.partition(":")[0].strip() for line in lines if ":" in line]
    assert list(names) * max(count, 1) == records or list(names) == head
    assert max(map(len, lines)) <= width


def test_long_columns_share_what_short_ones_leave() -> None:
    rows = pa.table({"url": ["u" * 90], "n": [1], "related": ["r" * 150], "tag": ["beras"]})
    cells = text(rows, "table", 80).splitlines()[2].split("│")
    assert [len(cell.strip()) for cell in cells] == [32, 1, 31, 5]
    assert [len(cell.strip()) for cell in text(rows, "table", 300).splitlines()[2].split("│")] == [
        90,
        1,
        150,
        5,
    ]


def test_a_name_wider_than_the_terminal_hides_no_other() -> None:
    long = "sum(CASE WHEN outlet = 'kabar' THEN 1 ELSE 0 END)"
    lines = text(pa.table({long: [12], "judul": ["Panen padi " * 9]}), "table", 40).splitlines()
    assert lines[:2] == ["-- 1 --", f"{long}: 12"]
    assert lines[2].strip().startswith("judul: Panen padi")
    assert len(lines[2]) <= 40


def test_wide_characters_count_twice() -> None:
    lines = text(pa.table({"judul": ["新聞" * 40], "isi": ["b" * 90]}), "table", 40).splitlines()
    assert {cell_len(line) for line in lines} == {40}


def test_no_rows_is_a_head_only() -> None:
    for form in ("table", "csv"):
        assert "judul" in text(ROWS.slice(0, 0), form, 200)
    assert text(ROWS.slice(0, 0), "json") == ""


def test_nothing_from_outside_moves_the_cursor() -> None:
    evil = pa.table({"\x1b[2Jjudul": ["\x1b]0;judul\x07 \x9b31m\u202eterbalik\u200b\rsatu\ndua"]})
    for width in (80, 5):
        printed = text(evil, "table", width)
        assert not set(printed) & set("\x1b\x07\x9b\u202e\u200b\r")
    assert "satu dua" in text(evil, "table", 80)


def test_markup_is_text() -> None:
    assert "[red]awas[/red]" in text(pa.table({"judul": ["[red]awas[/red]"]}), "table", 80)


def test_an_unknown_format_names_the_known_ones() -> None:
    assert FORMATS == ("table", "csv", "json", "parquet")
    with pytest.raises(ValueError, match="table, csv, json, parquet"):
        text(ROWS, "xml")
