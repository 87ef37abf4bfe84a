"""Turn the text of one cell into a value, or say what is wrong with it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from nyefamilier.intake.columns import folded
from nyefamilier.kernel.values import YEARS

Choice = TypeVar("Choice", bound=StrEnum)

_ISO: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII)
_NORWEGIAN: Final = re.compile(
    r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})", re.ASCII
)
_SHORT_YEAR: Final = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}", re.ASCII)
_WHOLE: Final = re.compile(r"\d{1,9}", re.ASCII)
_DELBYDEL: Final = re.compile(r"\d{10}", re.ASCII)
_POSTAL_CODE: Final = re.compile(r"\d{4}", re.ASCII)
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_YES_OR_NO: Final = {"ja": True, "yes": True, "nei": False, "no": False}
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing: what is read differs from what is stored."""
_DAMAGED: Final = "\ufffd"


class Bad(Exception):  # noqa: N818 - it never leaves this context
    """A cell that cannot be taken, by the code of its flaw and what the flaw's words need."""

    def __init__(self, code: str, **given: object) -> None:
        super().__init__(code)
        self.code = code
        self.given = given


def text(limit: int, *, lines: bool = False) -> Callable[[str], str]:
    """Reads text in NFC of at most *limit* characters; one line, unless *lines*."""

    def read(cell: str) -> str:
        value = unicodedata.normalize("NFC", cell.replace("\r\n", "\n"))
        _check_characters(value, lines=lines)
        if len(value) > limit:
            raise Bad("text-length", limit=limit)
        return value

    return read


def day(cell: str) -> date:
    """A day, written 31.12.2026 or 2026-12-31.

    Raises:
        Bad: ``date-form``, ``two-digit-year``, ``no-such-day``, ``out-of-range``.
    """
    found = _ISO.fullmatch(cell) or _NORWEGIAN.fullmatch(cell)
    if found is None:
        raise Bad("two-digit-year" if _SHORT_YEAR.fullmatch(cell) else "date-form")
    year, month, number = (int(found[part]) for part in ("year", "month", "day"))
    if year not in YEARS:
        raise Bad("out-of-range", least=YEARS[0], most=YEARS[-1])
    try:
        return date(year, month, number)
    except ValueError:
        raise Bad("no-such-day") from None


def choice(choices: type[Choice]) -> Callable[[str], Choice]:
    """Reads one of the values of a `StrEnum`, whatever its case."""

    def read(cell: str) -> Choice:
        try:
            return choices(folded(cell))
        except ValueError:
            raise _none_of([one.value for one in choices]) from None

    return read


def whole(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number from *least* to *most*."""

    def read(cell: str) -> int:
        if not _WHOLE.fullmatch(cell) or not least <= int(cell) <= most:
            raise Bad("out-of-range", least=least, most=most)
        return int(cell)

    return read


def yes(cell: str) -> bool:
    """Whether it says ja or yes.

    Raises:
        Bad: ``unknown-value``.
    """
    try:
        return _YES_OR_NO[cell.casefold()]
    except KeyError:
        raise _none_of(list(_YES_OR_NO)) from None


def identifier(cell: str) -> UUID:
    """An id in its 36 characters.

    Raises:
        Bad: ``pregnancy-form``.
    """
    if not _ID.fullmatch(cell.casefold()):
        raise Bad("pregnancy-form")
    return UUID(cell)


def delbydel(knows: Callable[[str], bool]) -> Callable[[str], str]:
    """Reads the code of a delbydel that *knows* says yes to."""

    def read(cell: str) -> str:
        # A spreadsheet that takes the code for a number drops its 0.
        code = f"0{cell}" if len(cell) == 9 and cell.startswith("301") else cell
        if not _DELBYDEL.fullmatch(code):
            raise Bad("delbydel-form")
        if not knows(code):
            raise Bad("unknown-delbydel")
        return code

    return read


def postal_code(cell: str) -> str:
    """A postal code; Oslo's begin with a 0 that spreadsheets drop.

    Raises:
        Bad: ``postal-code-form``.
    """
    code = f"0{cell}" if len(cell) == 3 else cell
    if not _POSTAL_CODE.fullmatch(code):
        raise Bad("postal-code-form")
    return code


def _none_of(choices: Sequence[str]) -> Bad:
    return Bad("unknown-value", choices=", ".join(choices))


def _check_characters(value: str, *, lines: bool) -> None:
    if _DAMAGED in value:
        raise Bad("undecodable")
    if not value.isprintable() and any(_is_unfit(one, lines=lines) for one in value):
        raise Bad("unfit-character")


def _is_unfit(character: str, *, lines: bool) -> bool:
    if lines and character in "\n\t":
        return False
    category = unicodedata.category(character)
    if category in {"Cc", "Cs", "Zl", "Zp"} or character in _TURNING:
        return True
    # Invisible characters make two names look alike; in longer texts they join emoji.
    return category == "Cf" and not lines
