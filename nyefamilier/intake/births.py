"""Read a birth from its cells, with everything that is wrong with it. Pure."""

from __future__ import annotations

from datetime import date

from nyefamilier.families.intents import MOST_CHILDREN, NAME_CHARS
from nyefamilier.families.rules import check_homecoming
from nyefamilier.intake.cells import Cells
from nyefamilier.intake.checks import check_born, check_persons, past, term_of
from nyefamilier.intake.rows import Birth, Child
from nyefamilier.intake.values import day, identifier, text, whole, yes


def read_birth(cells: Cells) -> Birth | None:
    """What the row says; None if it says too little to be a birth."""
    mother = cells.national_id("fnr", required=True)
    term = cells.get("termin", term_of(cells))
    pregnancy = cells.get("svangerskap", identifier)
    born_on = cells.get("fodt_dato", past(cells), required=True)
    homecoming_on = cells.get("hjemkomst_dato", day)
    children = _children(cells)
    if mother is None or born_on is None:
        return None
    check_born(cells, term, born_on)
    if homecoming_on is not None:
        _check_homecoming(cells, born_on, homecoming_on)
    numbers = {f"barn{number}_fnr": one.national_id for number, one in enumerate(children, 1)}
    check_persons(cells, mother, numbers)
    return Birth(mother, term, pregnancy, born_on, homecoming_on, children)


def _check_homecoming(cells: Cells, born_on: date, homecoming_on: date) -> None:
    today = cells.around.today
    cells.keeps("hjemkomst_dato", lambda: check_homecoming(born_on, homecoming_on, today))


def _children(cells: Cells) -> tuple[Child, ...]:
    told = max((n for n in range(1, MOST_CHILDREN + 1) if _tells_of(cells, n)), default=1)
    counted = cells.get("antall_barn", whole(1, MOST_CHILDREN)) or told
    if told > counted:
        cells.note("antall_barn", "children-count")
    return tuple(_child(cells, number) for number in range(1, counted + 1))


def _tells_of(cells: Cells, number: int) -> bool:
    return any(cells.has(f"barn{number}_{part}") for part in ("navn", "fnr", "fnr_type", "dodfodt"))


def _child(cells: Cells, number: int) -> Child:
    return Child(
        cells.get(f"barn{number}_navn", text(NAME_CHARS)),
        cells.national_id(f"barn{number}_fnr"),
        bool(cells.get(f"barn{number}_dodfodt", yes)),
    )
