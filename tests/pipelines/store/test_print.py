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
