"""How a value of a JSON document is read: strictly, bounded, with a code per flaw.

REST bodies and phones' mutations are read by these same functions, so what one takes the other
takes. Nothing is guessed: ``"5"``, ``true`` and ``1.0`` are three values, and ``"yes"`` is text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Final, TypeVar, cast
from uuid import UUID

Enumeration = TypeVar("Enumeration", bound=StrEnum)
_Dated = TypeVar("_Dated", date, datetime)

YEARS: Final = range(1900, 2200)
"""The years that a day is read in at all; what it can be about is for the programme's rules."""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing: what is read differs from what is stored."""


class BadValue(ValueError):  # noqa: N818 - it says of a value what is wrong, as a refusal does
    """A value that is not taken.

    Args:
        code: What is wrong, for clients to branch on.
        detail: The same for people.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def text(value: object, max_chars: int, *, min_chars: int = 1, lines: bool = False) -> str:
    """Text in NFC without surrounding space; one line, unless *lines*.

    Raises:
        BadValue: ``wrong-type``, ``unfit-character``, ``text-length``.
    """
    if not isinstance(value, str):
        raise BadValue("wrong-type", "This must be text.")
    read = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    # What can be printed is fit. Most texts can, and asking that of a whole text is soon done.
    plain = read.replace("\n", "").replace("\t", "") if lines else read
    if not plain.isprintable() and any(_is_unfit(one, lines=lines) for one in read):
        raise BadValue("unfit-character", "The text holds a control character; remove it.")
    if not min_chars <= len(read) <= max_chars:
        raise BadValue("text-length", f"The text must have {min_chars} to {max_chars} characters.")
    return read


def whole(value: object, minimum: int, maximum: int) -> int:
    """An integer within bounds; neither a boolean, nor text, nor 1.0.

    Raises:
        BadValue: ``wrong-type``, ``out-of-range``.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadValue("wrong-type", "This must be an integer.")
    if not minimum <= value <= maximum:
        raise BadValue("out-of-range", f"This must be {minimum} to {maximum}.")
    return value


def flag(value: object) -> bool:
    """``true`` or ``false``, nothing that resembles them.

    Raises:
        BadValue: ``wrong-type``.
    """
    if not isinstance(value, bool):
        raise BadValue("wrong-type", "This must be true or false.")
    return value


def day(value: object) -> date:
    """A calendar day, ``2026-11-21`` and no other form.

    Raises:
        BadValue: ``wrong-type``, ``no-such-day``, ``out-of-range``.
    """
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise BadValue("wrong-type", "This must be a day like 2026-11-21.")
    try:
        read = date.fromisoformat(value)
    except ValueError:
        raise BadValue("no-such-day", "There is no such day in the calendar.") from None
    return _within_years(read)


def clock(value: object) -> time:
    """A time of day by the clock on the wall, ``09:30`` and no other form.

    Raises:
        BadValue: ``wrong-type``.
    """
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise BadValue("wrong-type", "This must be a time of day like 09:30.")
    return time.fromisoformat(value)


def instant(value: object) -> datetime:
    """An instant with its offset, ``2026-11-21T09:30:00Z``; in UTC from here on.

    Raises:
        BadValue: ``wrong-type``, ``no-such-day``, ``out-of-range``.
    """
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise BadValue("wrong-type", "This must be an instant like 2026-11-21T09:30:00+01:00.")
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        raise BadValue("no-such-day", "There is no such instant.") from None
    return _within_years(read).astimezone(UTC)


def identifier(value: object) -> UUID:
    """A UUID in its 36 characters.

    Raises:
        BadValue: ``wrong-type``.
    """
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise BadValue("wrong-type", "This must be a UUID in its 36 characters.")
    return UUID(value)


def one_of(value: object, choices: type[Enumeration]) -> Enumeration:
    """One of the values of an enumeration.

    Raises:
        BadValue: ``unknown-value``.
    """
    try:
        return choices(value if isinstance(value, str) else "")
    except ValueError:
        raise _unknown(list(choices)) from None


def word(value: object, words: Sequence[str]) -> str:
    """One of some words.

    Raises:
        BadValue: ``unknown-value``.
    """
    if not isinstance(value, str) or value not in words:
        raise _unknown(words)
    return value


def many(value: object, at_least: int, at_most: int) -> list[object]:
    """A list with a bound on how many; its items are read by whoever asked.

    Raises:
        BadValue: ``wrong-type``, ``list-length``.
    """
    if not isinstance(value, list):
        raise BadValue("wrong-type", "This must be a list.")
    if not at_least <= len(value) <= at_most:
        raise BadValue("list-length", f"This must have {at_least} to {at_most} items.")
    return cast("list[object]", value)


def _unknown(words: Sequence[str]) -> BadValue:
    return BadValue("unknown-value", f"This must be one of: {', '.join(map(str, words))}.")


def _is_unfit(character: str, *, lines: bool) -> bool:
    if lines and character in "\n\t":
        return False
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"} or character in _TURNING:
        return True
    # Invisible characters make two names look alike; in a note they join emoji and are welcome.
    return category == "Cf" and not lines


def _within_years(read: _Dated) -> _Dated:
    if read.year not in YEARS:
        raise BadValue("out-of-range", f"The year must be {YEARS[0]} to {YEARS[-1]}.")
    return read
