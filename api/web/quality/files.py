"""The table of a section as a file, with its definitions and the day of its release."""

from __future__ import annotations

from collections.abc import Iterator

from api.files import tables
from api.files.tables import Cell
from api.web.formats import day
from api.web.quality.sections import Column, Kind, Row, Section, Table, Value
from api.web.texts import _
from nyefamilier.uptake.control import Bounds
from nyefamilier.uptake.differences import Difference
from nyefamilier.uptake.indicators import Share
from nyefamilier.uptake.sheets import Shown


def section_table(section: Section, table: Table, area: str, period: str) -> tables.Table:
    """The table of *section* as every format writes it; *area* and *period* say of what."""
    released = None if section.sheet is None else section.sheet.released
    known = [section.code, area, period, released]
    rows = [[*known, *_cells(table, row)] for row in _rows(table)]
    name = f"{section.code}-{area}-{period}".lower().replace(" ", "-")
    return tables.Table(name, section.title, _columns(table), rows, _about(section))


def _rows(table: Table) -> list[Row]:
    return [*table.rows, *([table.total] if table.total else [])]


def _columns(table: Table) -> list[tables.Column]:
    return [
        tables.Column("indicator", "indicator"),
        tables.Column("area", _("Area")),
        tables.Column("period", _("Period")),
        tables.Column("released", _("Released"), tables.Kind.DAY),
        tables.Column("code", "code"),
        tables.Column("name", table.first),
        *(told for column in table.columns for told in _of_column(column)),
        tables.Column("remark", _("Remark")),
    ]


def _of_column(column: Column) -> list[tables.Column]:
    """The file's columns for one of the page's: a share has its interval, limits are two."""
    words, share = column.words, tables.Kind.SHARE
    match column.kind:
        case Kind.COUNT:
            return [tables.Column(column.code, words, tables.Kind.WHOLE)]
        case Kind.SHARE | Kind.GAP:
            low = _("%(what)s, interval from", what=words)
            high = _("%(what)s, interval to", what=words)
            return [
                tables.Column(column.code, words, share),
                tables.Column(f"{column.code}_low", low, share),
                tables.Column(f"{column.code}_high", high, share),
            ]
        case Kind.LIMITS:
            return [
                tables.Column(f"{column.code}_low", _("%(what)s, low", what=words), share),
                tables.Column(f"{column.code}_high", _("%(what)s, high", what=words), share),
            ]
        case Kind.WORDS:
            return [tables.Column(column.code, words)]


def _cells(table: Table, row: Row) -> Iterator[Cell]:
    yield row.code
    yield row.name
    cells = row.cells or (None,) * len(table.columns)
    for column, value in zip(table.columns, cells, strict=True):
        yield from _written(column, value)
    yield _remark(row)


def _written(column: Column, value: Value) -> list[Cell]:
    match value:
        case Shown():
            return [value.value]
        case Share() | Difference():
            return [value.value, value.low, value.high]
        case Bounds():
            return [value.low, value.high]
        case _ if column.kind is Kind.WORDS:
            return [value]
        case _:
            return [None] * len(_of_column(column))


def _remark(row: Row) -> str:
    if row.is_held:
        held = _("a count stands from an earlier release")
        return f"{row.remark}; {held}" if row.remark else held
    return row.remark


def _about(section: Section) -> list[tuple[str, str]]:
    """What is to be known of the numbers."""
    released = "" if section.sheet is None else day(section.sheet.released)
    return [
        (_("Released"), f"{released}. {section.released}" if released else ""),
        (_("What it shows"), section.finding),
        (_("Definitions"), section.caption),
        (_("Hidden"), _("An empty cell is hidden: one to four families, or what would give such a "
                        "number away.")),
        (_("Not to be claimed"), _("Nothing here says that the visits have had an effect, or that "
                                   "one bydel is better than another.")),
    ]  # fmt: skip
