"""A table as CSV, as a spreadsheet in the reader's language opens it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from api.files.tables import Cell, Table
from nyefamilier.intake.guarding import guarded


def csv_bytes(table: Table, *, norwegian: bool) -> bytes:
    """The table with its titles as first row."""
    titles: list[Cell] = [column.title for column in table.columns]
    return rows_as_csv([titles, *table.rows], norwegian=norwegian)


def rows_as_csv(rows: Iterable[Sequence[Cell]], *, norwegian: bool) -> bytes:
    """Rows as CSV.

    Norwegian spreadsheets expect a semicolon between cells and a comma in a number. The mark at the
    beginning says UTF-8; without it they read æ, ø and å wrongly.
    """
    written = StringIO()
    csv.writer(written, delimiter=";" if norwegian else ",").writerows(
        [_cell(value, norwegian=norwegian) for value in row] for row in rows
    )
    return written.getvalue().encode("utf-8-sig")


def _cell(value: Cell, *, norwegian: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        told = f"{value:.4f}"
        return told.replace(".", ",") if norwegian else told
    # A number is no formula, even with a minus before it.
    return str(value) if isinstance(value, int) else guarded(value)
