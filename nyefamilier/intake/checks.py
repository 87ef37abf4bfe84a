"""What must hold of cells in referrals and births alike. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from nyefamilier.families.national_ids import NationalId
from nyefamilier.families.rules import (
    check_during_pregnancy,
    check_of_pregnancy,
    check_past,
    check_term,
)
from nyefamilier.intake.cells import Cells
from nyefamilier.intake.values import day


def term_of(cells: Cells) -> Callable[[str], date]:
    """Reads the day of a term that a pregnancy known today can have."""
    return _day_that(lambda term: check_term(term, cells.around.today))


def past(cells: Cells) -> Callable[[str], date]:
    """Reads a day that has come."""
    return _day_that(lambda on: check_past(on, cells.around.today, ""))


def check_born(cells: Cells, term: date | None, born_on: date) -> None:
    """Note a birth before the pregnancy, where the row tells its term."""
    if term is not None:
        cells.keeps("fodt_dato", lambda: check_during_pregnancy(term, born_on, ""))


def check_done(cells: Cells, term: date, days: Mapping[str, date]) -> None:
    """Note those of *days*, by their column, on which nothing can have been done for the family."""
    for column, on in days.items():
        cells.keeps(column, partial(check_of_pregnancy, term, on, ""))


def _day_that(keeps: Callable[[date], None]) -> Callable[[str], date]:
    def read(cell: str) -> date:
        found = day(cell)
        keeps(found)
        return found

    return read


def check_persons(
    cells: Cells, first: NationalId | None, others: Mapping[str, NationalId | None]
) -> None:
    """Note those of *others*, by their column, who are in the row already."""
    seen = {first}
    for column, national_id in others.items():
        if national_id is not None and national_id in seen:
            cells.note(column, "same-person")
        seen.add(national_id)
