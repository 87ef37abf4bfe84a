"""One row's cells by column, and everything that is wrong with them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from nyefamilier.families.intents import NATIONAL_ID_CHARS
from nyefamilier.families.national_ids import IdType, NationalId, parse
from nyefamilier.intake import values
from nyefamilier.intake.flaws import Flaw, flaw, refused
from nyefamilier.kernel.errors import RuleBroken

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What reading a row depends on besides the row."""

    today: date
    real_people: bool
    nurses: Mapping[str, UUID]
    knows_delbydel: Callable[[str], bool]
    is_served: Callable[[str], bool]
    """Whether some bydel's lead answers for a delbydel."""


class Cells:
    """The cells of one row. A cell that cannot be taken is noted, and read as empty."""

    def __init__(self, cells: Mapping[str, str], around: Surroundings) -> None:
        self._cells = cells
        self.around = around
        self.flaws: list[Flaw] = []

    def has(self, column: str) -> bool:
        """Whether anything stands in the cell."""
        return bool(self._cells.get(column, "").strip())

    def get(self, column: str, read: Callable[[str], T], *, required: bool = False) -> T | None:
        """The cell as *read* reads it; None if it is empty or cannot be taken."""
        cell = self._cells.get(column, "").strip()
        if not cell:
            if required:
                self.note(column, "required")
            return None
        try:
            return read(cell)
        except values.Bad as bad:
            self.note(column, bad.code, **bad.given)
        except RuleBroken as broken:
            self.flaws.append(refused(column, broken))
        return None

    def national_id(self, column: str, *, required: bool = False) -> NationalId | None:
        """A number whose check digits hold, of the type that ``<column>_type`` declares."""
        kind = self.get(f"{column}_type", values.choice(IdType))
        self.belongs(f"{column}_type", to=column)
        text = self.get(column, values.text(NATIONAL_ID_CHARS), required=required)
        if text is None:
            return None
        real = self.around.real_people
        return self.get(column, lambda _: parse(text, kind, allow_real=real))

    def note(self, column: str | None, code: str, **given: object) -> None:
        """Note that something is wrong."""
        self.flaws.append(flaw(column, code, **given))

    def belongs(self, *columns: str, to: str) -> None:
        """Note the cells that say something about another one which is empty."""
        for column in columns:
            if self.has(column) and not self.has(to):
                self.note(column, "without-its-main", main=to)

    def keeps(self, column: str, rule: Callable[[], None]) -> None:
        """Note it at *column* if a rule of the programme is broken."""
        try:
            rule()
        except RuleBroken as broken:
            self.flaws.append(refused(column, broken))
