"""Months as values: counted, compared, written ``2018-07``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_WRITTEN: Final = re.compile(r"(19|20|21)\d{2}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    def __add__(self, months: int) -> Month:
        year, month = divmod(self.number + months, 12)
        return Month(year, month + 1)

    def __sub__(self, other: Month) -> int:
        return self.number - other.number

    @property
    def number(self) -> int:
        """How many months have gone since the year 0 began."""
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        """The day on which it begins."""
        return date(self.year, self.month, 1)


def read_month(text: str) -> Month:
    """The month that is written ``2018-07``.

    Raises:
        ValueError: it is written in another way, or is not of the years 1900 to 2199.
    """
    if not _WRITTEN.fullmatch(text):
        raise ValueError(text)
    return Month(int(text[:4]), int(text[5:]))
