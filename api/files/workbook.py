"""A table as an Excel workbook without a live formula or link: numbers as numbers, text as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Final

from api.files.tables import Cell, Column, Kind, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_QUIET: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
"""No text is anything but text, whatever it begins with."""

_FORMS: Final = {Kind.SHARE: {"num_format": "0.0%"}, Kind.WHOLE: {"num_format": "0"}}
_SHEET_CHARS: Final = 31
_NARROW, _WIDE, _TEXT = 12, 46, 90
_CREATED: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The same table gives the same file; the day that it tells of stands in it."""


def xlsx_bytes(tables: Sequence[Table], *, definitions: str, labels: tuple[str, str]) -> bytes:
    """The tables as sheets, and after them one of definitions.

    Args:
        tables: At least one; the first one's title is the workbook's.
        definitions: The name of the sheet of definitions.
        labels: What its two columns are called.
    """
    import xlsxwriter  # noqa: PLC0415 - only who makes a file pays for it

    made = BytesIO()
    book = xlsxwriter.Workbook(made, _QUIET)
    book.set_properties({"title": tables[0].title, "created": _CREATED.replace(tzinfo=None)})
    strong = book.add_format({"bold": True})
    for table in tables:
        _write(book, strong, table)
    _define(book, strong, definitions, labels, tables)
    book.close()
    return made.getvalue()


def _write(book: Workbook, strong: Format, table: Table) -> None:
    sheet = book.add_worksheet(_sheet_name(table.name))
    forms = [book.add_format(_FORMS.get(column.kind, {})) for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _WIDE if column.kind is Kind.TEXT else _NARROW)
        sheet.write_string(0, place, column.title, strong)
    sheet.freeze_panes(1, 0)
    for at, row in enumerate(table.rows, start=1):
        for place, value in enumerate(row):
            _put(sheet, at, place, value, forms[place])


def _put(sheet: Worksheet, at: int, place: int, value: Cell, form: Format) -> None:
    match value:
        case None:
            pass
        case str():
            sheet.write_string(at, place, value)
        case int() | float():
            sheet.write_number(at, place, value, form)
        case day:
            sheet.write_datetime(at, place, datetime.combine(day, time.min))


def _define(
    book: Workbook, strong: Format, name: str, labels: tuple[str, str], tables: Sequence[Table]
) -> None:
    sheet = book.add_worksheet(_sheet_name(name))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, _WIDE)
    sheet.set_column(1, 1, _TEXT)
    for place, label in enumerate(labels):
        sheet.write_string(0, place, label, strong)
    for at, pair in enumerate(_told(tables), start=1):
        for place, text in enumerate(pair):
            sheet.write_string(at, place, text, wrapped)


def _told(tables: Sequence[Table]) -> list[tuple[str, str]]:
    """What is to be known of all of it; what several tables say is said once."""
    about = [pair for table in tables for pair in table.about]
    columns = [_meaning(column) for table in tables for column in table.columns if column.means]
    return list(dict.fromkeys([*about, *columns]))


def _meaning(column: Column) -> tuple[str, str]:
    return column.title, column.means


def _sheet_name(name: str) -> str:
    """As Excel allows it: no longer than 31 characters, and none that a reference would need."""
    return "".join("-" if char in "[]:*?/\\'" else char for char in name)[:_SHEET_CHARS]
