"""An earlier revision of a section beside the present one, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.web.formats import day
from api.web.quality.sections import Column, Row, Section, Table, Value
from api.web.texts import _
from nyefamilier.uptake.sheets import Revision, Shown


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a reader sees of a section's revisions.

    Args:
        section: The section as it is now.
        revisions: All revisions of it, the newest first.
        then: The one that stands beside the newest; None where there is no other.
        table: Both, row by row; None where there is nothing to compare.
        changed: The names of the rows that are not what they were.
    """

    section: Section
    revisions: Sequence[Revision]
    then: Revision | None
    table: Table | None
    changed: Sequence[str] = ()

    @property
    def finding(self) -> str:
        """Which rows have changed, in a sentence."""
        number = None if self.then is None else self.then.number
        if not self.changed:
            return _("None of the numbers shown has changed since revision %(number)s.",
                     number=number)  # fmt: skip
        names = ", ".join(self.changed)
        return _("Changed since revision %(number)s: %(names)s.", number=number, names=names)


def chosen(revisions: Sequence[Revision], asked: str | None) -> Revision | None:
    """The earlier revision that is asked for, or else the last before the newest.

    Args:
        revisions: All that there are, the newest first.
        asked: The number as it was written; None where none was.

    Raises:
        LookupError: there is no such revision.
    """
    earlier = {str(one.number): one for one in revisions[1:]}
    if asked is not None:
        return earlier[asked]
    return next(iter(earlier.values()), None)


def side_by_side(now: Section, then: Section, newest: Revision, earlier: Revision) -> Table | None:
    """The two tables in one: of each column the newest count, and then the earlier one."""
    if now.table is None:
        return None
    before = _rows(then.table)
    columns = tuple(
        Column(
            f"{column.code}_{one.number}", _("Revision %(number)s", number=one.number), column.kind
        )
        for column in now.table.columns
        for one in (newest, earlier)
    )
    many = len(now.table.columns)
    rows = tuple(_row(one, before.get(one.code), many) for one in now.table.rows)
    total = now.table.total
    told = None if total is None else _row(total, before.get(total.code), many)
    return Table(now.table.first, columns, rows, told)


def revision_words(one: Revision) -> str:
    """Its number and its day."""
    return _("Revision %(number)s, %(day)s", number=one.number, day=day(one.released))


def changed(now: Section, then: Section) -> list[str]:
    """The names of the rows that are not what they were."""
    if now.table is None:
        return []
    before = _rows(then.table)
    return [
        one.name
        for code, one in _rows(now.table).items()
        if code not in before or _told(before[code]) != _told(one)
    ]


def _told(row: Row) -> Sequence[Value | int]:
    """A row's counts, whichever release they stand from: a share may change by its whole alone."""
    counts = [one.value for one in row.cells if isinstance(one, Shown)]
    return counts or row.cells or (row.remark,)


def _rows(table: Table | None) -> dict[str, Row]:
    if table is None:
        return {}
    return {one.code: one for one in (*table.rows, *([table.total] if table.total else []))}


def _row(now: Row, then: Row | None, many: int) -> Row:
    if not now.cells and (then is None or not then.cells):
        return Row(now.code, now.name, (), now.remark, own=now.own)
    cells = zip(_cells(now, many), _cells(then, many), strict=True)
    return Row(now.code, now.name, tuple(one for pair in cells for one in pair), own=now.own)


def _cells(row: Row | None, many: int) -> Sequence[Value]:
    """What stands in a row; of one that has nothing but a remark, the remark."""
    if row is not None and row.cells:
        return row.cells
    return [row.remark if row is not None and row.remark else "–"] + ["–"] * (many - 1)
