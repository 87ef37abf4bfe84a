"""Reads one value at a time out of a document, and goes on after a flaw so that all are told.

A value that cannot be read is replaced by a harmless one; the document as a whole is then refused,
so that nobody ever plans with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from nyefamilier.kernel.strict_json import escaped
from nyefamilier.rollout.flaws import Flaw
from nyefamilier.rollout.months import Month, read_month

Word = TypeVar("Word", bound=StrEnum)

EARLIEST = Month(1900, 1)
"""Stands for a month that could not be read."""
MOST_ROWS = 2000
LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Cells:
    """One table of a document, where it stands, and the list that flaws are added to."""

    pointer: str
    values: Mapping[str, Any]
    flaws: list[Flaw] = field(default_factory=list)

    def expect(self, needed: set[str], optional: set[str]) -> None:
        """Note every word that is missing, and every one that is not known."""
        for key in sorted(needed - self.values.keys()):
            self.flaw(key, "missing", f"{key} is missing.", "Add it.")
        for key in sorted(self.values.keys() - needed - optional):
            known = ", ".join(sorted(needed | optional))
            self.flaw(key, "unknown-word", f"{key} is not known here.", f"Known are: {known}.")

    def flaw(self, key: str, code: str, why: str, mend: str) -> None:
        """Note a flaw of one of the table's values."""
        self.flaws.append(Flaw(f"{self.pointer}/{escaped(key)}", code, why, mend))

    def text(self, key: str, default: str | None = None) -> str:
        """A text with words in it."""
        if default is not None and key not in self.values:
            return default
        value = self.values.get(key)
        if isinstance(value, str) and value.strip() and len(value) <= LONGEST_TEXT:
            if value.replace("\n", "").replace("\t", "").isprintable():
                return value
            self._wrong(key, "a text that can be printed", "Remove the control characters.")
            return ""
        self._wrong(key, "a text with words in it", f"Write at most {LONGEST_TEXT} characters.")
        return ""

    def month(self, key: str) -> Month:
        """A month, written ``2018-07``."""
        value = self.values.get(key)
        try:
            return read_month(value if isinstance(value, str) else "")
        except ValueError:
            self._wrong(key, "a month", 'Write it as "2018-07".')
            return EARLIEST

    def day(self, key: str) -> date:
        """A day: TOML's own, or text as JSON has it."""
        value = self.values.get(key)
        if type(value) is date:  # to isinstance a datetime is a date
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self._wrong(key, "a day", "Write it as 2028-01-01.")
            return EARLIEST.first_day

    def whole(self, key: str, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.values.get(key)
        if type(value) is not int:  # to isinstance a bool is an int
            self._wrong(key, "a whole number", f"Write one from {low} to {high}.")
            return low
        self._bound(key, value, low, high)
        return value

    def number(self, key: str, low: float, high: float) -> float:
        """A finite number within bounds."""
        value = self.values.get(key)
        if type(value) not in {int, float} or not _is_finite(value or 0.0):
            self._wrong(key, "a number", f"Write one from {low:g} to {high:g}.")
            return low
        number = float(value or 0.0)
        self._bound(key, number, low, high)
        return number

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.values.get(key)
        if not isinstance(value, bool):
            self._wrong(key, "true or false", "Write one of the two.")
        return value is True

    def word(self, key: str, words: type[Word], otherwise: Word) -> Word:
        """One of a closed set of words."""
        value = self.values.get(key)
        if isinstance(value, str) and value in set(words):
            return words(value)
        self._wrong(key, "a word that is known here", f"Write one of: {', '.join(words)}.")
        return otherwise

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when it is not there."""
        value = self.values.get(key, [])
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self._wrong(key, "a list of texts", 'Write it as ["01", "02"].')
        return ()

    def table(self, key: str) -> Cells:
        """A table within this one; an empty one when it is not there, or is none."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self._wrong(key, "a table", f"Write it as [{key}].")
            value = {}
        return Cells(f"{self.pointer}/{escaped(key)}", value, self.flaws)

    def rows(self, key: str) -> Iterator[Cells]:
        """The tables of a list, each with its number in its pointer."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or len(value) > MOST_ROWS:
            self._wrong(key, "a list of tables", f"Write [[{key}]], at most {MOST_ROWS} times.")
            return
        for number, one in enumerate(value):
            if isinstance(one, dict):
                yield Cells(f"{self.pointer}/{escaped(key)}/{number}", one, self.flaws)
            else:
                self._wrong(f"{key}/{number}", "a table", f"Write it as [[{key}]].")

    def _wrong(self, key: str, kind: str, mend: str) -> None:
        if key in self.values or "/" in key:  # what is missing has been said by `expect`
            self.flaws.append(
                Flaw(f"{self.pointer}/{key}", "wrong-kind", f"{key} is not {kind}.", mend)
            )

    def _bound(self, key: str, value: float, low: float, high: float) -> None:
        if not low <= value <= high:
            mend = f"Write a number from {low:g} to {high:g}."
            self.flaw(key, "out-of-range", f"{key} is {told(value)}.", mend)


def told(number: float) -> str:
    """A number in words short enough to be told."""
    return f"{number:g}" if _is_finite(number) else "a number of too many digits"


def _is_finite(number: float) -> bool:
    """Whether a number is one that can be computed with; a whole one may be too large for that."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False
