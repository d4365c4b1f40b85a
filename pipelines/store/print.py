"""Rows -> text: a table for a terminal, CSV (RFC 4180), JSON lines, or Parquet.

What outlets wrote is printed as text only: no escape sequence of theirs reaches the terminal.
"""

from __future__ import annotations

import csv
import json
import math
import unicodedata
from bisect import bisect_right
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Format = Literal["table", "csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)

_BATCH = 1000
_LEAST = 8
"""Below this a column's values say nothing any more."""
_SHOWN = 200
_STAND_INS = {"Cc": "\ufffd", "Cf": ""}


def write_rows(
    table: pa.Table,
    form: str,
    stream: IO[Any],
    width: int | None = None,
) -> None:
    """Write *table* to *stream*.

    Args:
        table: What to write.
        form: One of `FORMATS`.
        stream: Takes bytes for `parquet`, text for all others.
        width: Columns of the terminal, for `table`; 80 if not known. Every column's name is
            written in full, long values are cut; where the names do not fit side by side, rows are
            written one column a line.
    """
    if form == "parquet":
        pq.write_table(table, stream, compression="zstd", compression_level=3)
    elif form == "csv":
        _write_csv(table, stream)
    elif form == "json":
        for row in _rows(table):
            plain = {
                name: _plain(value) for name, value in zip(table.schema.names, row, strict=True)
            }
            stream.write(json.dumps(plain, ensure_ascii=False, allow_nan=False) + "\n")
    elif form == "table":
        _write_table(table, stream, width or 80)
    else:
        raise ValueError(f"wanted one of {', '.join(FORMATS)}, found {form!r}")


def printable(text: str) -> str:
    """Return *text* in one line, without what a terminal would obey or hide."""
    # Cc would move the cursor or change colours; Cf is not seen, or turns the line round.
    return "".join(
        " " if one in "\n\r\t" else _STAND_INS.get(unicodedata.category(one), one) for one in text
    )


def _write_csv(table: pa.Table, stream: IO[str]) -> None:
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(table.schema.names)
    for row in _rows(table):
        writer.writerow(_text(value) for value in row)


def _write_table(table: pa.Table, stream: IO[str], width: int) -> None:
    names = [printable(name) for name in table.schema.names]
    rows = [[_cell(value) for value in row] for row in _rows(table)]
    longest = [max(cell_len(one) for one in column) for column in zip(names, *rows, strict=True)]
    shares = _shares([cell_len(name) for name in names], longest, width + 1 - 3 * len(names))
    if shares is None:
        _write_records(names, rows, stream, width)
        return
    shown = Table(show_edge=False)
    for name, field, share in zip(names, table.schema, shares, strict=True):
        right = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        right = right or pa.types.is_decimal(field.type)
        shown.add_column(
            Text(name),
            no_wrap=True,
            overflow="ellipsis",
            justify="right" if right else "left",
            width=share,
        )
    for row in rows:
        shown.add_row(*(Text(cell) for cell in row))
    Console(file=stream, width=width, color_system=None, highlight=False, markup=False).print(shown)


def _shares(names: Sequence[int], longest: Sequence[int], room: int) -> list[int] | None:
    """Return each column's width: its name, and an even share of what short columns leave.

    Returns:
        None where *room* is too small for every name and `_LEAST` of every value.
    """

    def capped(most: int) -> list[int]:
        return [max(name, min(one, most)) for name, one in zip(names, longest, strict=True)]

    if sum(capped(_LEAST)) > room:
        return None
    caps = range(_LEAST, max(longest, default=_LEAST) + 1)
    most = bisect_right(caps, room, key=lambda cap: sum(capped(cap))) + _LEAST - 1
    shares = capped(most)
    left = room - sum(shares)
    for n, one in enumerate(longest):
        if left and shares[n] == most < one:
            shares[n] += 1
            left -= 1
    return shares


def _write_records(
    names: Sequence[str], rows: Sequence[Sequence[str]], stream: IO[str], width: int
) -> None:
    """Write one column a line, as far as the line goes; a name is never cut."""
    indent = min(max(cell_len(name) for name in names), width // 3)
    if not rows:
        stream.write("".join(["-- no rows --\n", *(f"{name:>{indent}}:\n" for name in names)]))
    for number, row in enumerate(rows, 1):
        stream.write(f"-- {number} --\n")
        for name, cell in zip(names, row, strict=True):
            head = f"{name:>{indent}}: "
            value = Text(cell)
            value.truncate(max(width - cell_len(head), _LEAST), overflow="ellipsis")
            stream.write(f"{head}{value.plain}".rstrip() + "\n")


def _rows(table: pa.Table) -> Iterator[list[Any]]:
    for batch in table.to_batches(_BATCH):
        columns = [_shortest(column) for column in batch.columns]
        yield from (list(row) for row in zip(*columns, strict=True))


def _shortest(column: pa.Array) -> list[Any]:
    """Return a column's values, a 32-bit number as the shortest that reads back as the same."""
    values: list[Any] = column.to_pylist(maps_as_pydicts="lossy")
    if pa.types.is_float32(column.type):
        return [None if one is None else float(str(np.float32(one))) for one in values]
    return values


def _cell(value: object) -> str:
    """Return a value as one line without control characters."""
    text = _text(value)
    return printable(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _text(value: object) -> str:
    """Return a value as text, null as nothing, nested values as JSON."""
    plain = _plain(value)
    if isinstance(plain, str):
        return plain
    if plain is None:
        return ""
    return json.dumps(plain, ensure_ascii=False)


def _plain(value: object) -> Any:  # noqa: ANN401, PLR0911  whatever JSON has a form for
    """Return a value in JSON's own types; times in ISO 8601, in UTC with a Z."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value.isoformat()
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value)
