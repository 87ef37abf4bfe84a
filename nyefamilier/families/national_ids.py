"""National identity numbers: read, told apart, checked. Never asked for sex, age or century.

A number names a person and says nothing else about her: from 2032 it cannot, and before that the
Folkeregister says it better. What cannot be told from the digits (an H-number from a NAV test
number) must be declared. No error here repeats a digit.

Sources: Skatteetaten, folkeregisteret-api-dokumentasjon, "Nytt fødselsnummer fra 2032"; NAV,
github.com/navikt/fnrvalidator (offsets of test numbers); FHI, github.com/FHIDev/Fhi.NINCheck and
HL7 no-basis 2.2.0 (the kinds of number); for DUF see `_duf_checks`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from operator import mul
from random import Random

from nyefamilier.kernel.errors import RuleBroken


class IdType(StrEnum):
    """The kinds of number. The type is kept with the number, because digits alone do not tell."""

    FNR = "fnr"
    DNR = "dnr"
    HNR = "hnr"
    FHN = "fhn"
    DUF = "duf"
    SYNTHETIC_80 = "synthetic_80"
    """Tenor, Skatteetaten's synthetic population: month + 80."""
    SYNTHETIC_65 = "synthetic_65"
    """Norsk helsenett's synthetic population: month + 65."""
    NAV_TEST = "nav_test"
    """NAV's test population: month + 40, as an H-number has. Must be declared."""


SYNTHETIC = frozenset({IdType.SYNTHETIC_80, IdType.SYNTHETIC_65})
"""The types that no real person can bear."""


@dataclass(frozen=True, slots=True)
class NationalId:
    """A number whose check digits hold, with its type. Its digits stay out of every ``repr``."""

    type: IdType
    digits: str = field(repr=False)


_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_DUF_WEIGHTS = (4, 6, 3, 2, 4, 6, 3, 2, 7, 5)
_MONTH_OFFSET = {IdType.SYNTHETIC_80: 80, IdType.SYNTHETIC_65: 65}
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LENGTHS = (11, 12)
_SEPARATORS = str.maketrans("", "", "  -\t")
_ASCII_DIGITS = re.compile(r"[0-9]+\Z")


def parse(
    text: str,
    declared_type: IdType | None,
    *,
    allow_real: bool,
    pointer: str | None = None,
) -> NationalId:
    """Read a number as people write it, with or without spaces and hyphen.

    Args:
        text: What was written.
        declared_type: What kind of number the sender says it is; None to tell it from the digits.
        allow_real: Whether numbers that real people may bear are accepted; production only.
        pointer: Where in the request the number is, for the error.

    Raises:
        RuleBroken: ``national-id-length``, ``national-id-type``, ``national-id-check-digits`` or
            ``real-national-id``; none repeats the number.
    """
    digits = _digits(text, pointer)
    kind = _type_of(digits, declared_type, pointer)
    if not _checks(kind, digits):
        raise RuleBroken(
            "national-id-check-digits",
            "The check digits do not fit the number. A digit is wrong or two are swapped: "
            "read it again from its source.",
            pointer=pointer,
        )
    if not allow_real and kind not in SYNTHETIC:
        raise RuleBroken(
            "real-national-id",
            "Only synthetic numbers (month + 80 or month + 65) are accepted outside production, "
            "because this one may belong to a real person. Use a number of Tenor.",
            pointer=pointer,
        )
    return NationalId(kind, digits)


def holds_before_2032(digits: str) -> bool:
    """Whether both check digits of eleven hold by the rule of numbers allocated until 2031."""
    return _residual(_FIRST_WEIGHTS, digits) == 0 and _residual(_SECOND_WEIGHTS, digits) == 0


def holds_from_2032(digits: str) -> bool:
    """Whether both check digits hold by the rule of numbers allocated from 2032.

    The first may leave 0, 1, 2 or 3, so that more numbers exist; the second still leaves 0. Every
    number that holds by the older rule holds by this one.
    """
    return _residual(_FIRST_WEIGHTS, digits) <= 3 and _residual(_SECOND_WEIGHTS, digits) == 0


def synthetic(day: date, rng: Random, kind: IdType = IdType.SYNTHETIC_80) -> NationalId:
    """A synthetic number with *day* as its date part, by the rule of numbers until 2031.

    Raises:
        ValueError: *kind* is not synthetic.
    """
    if kind not in SYNTHETIC:
        raise ValueError(f"{kind} is borne by real people")
    head = f"{day.day:02}{day.month + _MONTH_OFFSET[kind]:02}{day.year % 100:02}"
    while True:
        first_nine = f"{head}{rng.randrange(1000):03}"
        digits = _with_check_digits(first_nine)
        if digits is not None:
            return NationalId(kind, digits)


def _digits(text: str, pointer: str | None) -> str:
    digits = text.strip().translate(_SEPARATORS)
    # str.isdigit says yes to full-width and Arabic digits, which would make two spellings of one
    # person and two blind indexes.
    if not _ASCII_DIGITS.match(digits) or len(digits) not in _LENGTHS:
        raise RuleBroken(
            "national-id-length",
            "A national identity number has 11 digits 0-9, a DUF number has 12. "
            "Spaces and hyphens are allowed between them, nothing else.",
            pointer=pointer,
        )
    return digits


def _type_of(digits: str, declared: IdType | None, pointer: str | None) -> IdType:
    possible = _possible_types(digits)
    if declared is not None and declared in possible:
        return declared
    if declared is None and len(possible) == 1:
        return possible[0]
    raise RuleBroken("national-id-type", _why_not(declared, possible), pointer=pointer)


def _why_not(declared: IdType | None, possible: tuple[IdType, ...]) -> str:
    if declared is not None:
        return f"The number is not of the declared type {declared}. Leave the type out or mend it."
    if possible:
        return f"The digits fit several types: declare which of {', '.join(possible)} it is."
    return "The first six digits are no date of any known type of number. Read it again."


def _possible_types(digits: str) -> tuple[IdType, ...]:
    if len(digits) == 12:
        return (IdType.DUF,)
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if day >= 80:
        return (IdType.FHN,)
    return tuple(
        kind
        for kind, month_offset, day_offsets in _DATE_SHAPES
        if any(_is_date(day - offset, month - month_offset, year) for offset in day_offsets)
    )


# A D-number adds 40 to the day. The synthetic populations hold D-numbers too.
_DATE_SHAPES = (
    (IdType.FNR, 0, (0,)),
    (IdType.DNR, 0, (40,)),
    (IdType.HNR, 40, (0,)),
    (IdType.NAV_TEST, 40, (0, 40)),
    (IdType.SYNTHETIC_65, 65, (0, 40)),
    (IdType.SYNTHETIC_80, 80, (0, 40)),
)


def _is_date(day: int, month: int, year: int) -> bool:
    """Whether such a day exists in any century: 29 February does in years divisible by four."""
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS_IN_MONTH[month - 1]:
        return False
    return (day, month) != (29, 2) or year % 4 == 0


def _checks(kind: IdType, digits: str) -> bool:
    if kind is IdType.DUF:
        return _duf_checks(digits)
    # Both rules live side by side for as long as people born before 2032 do.
    return holds_before_2032(digits) or holds_from_2032(digits)


def _duf_checks(digits: str) -> bool:
    """Whether the last two digits are the weighted sum of the first ten, modulo 11.

    UDI does not publish its rule; this is the one that others have found and that public examples
    follow, so a refusal here may be wrong in principle.

    Sources: lovas.info/2013/12/01/identitetsnummer-i-norge; tonneask/norsk-nummer-validering;
        FHIDev/Fhi.NINCheck README (the rule is confidential, theirs is presumed).
    """
    return _residual(_DUF_WEIGHTS, digits) == int(digits[10:])


def _residual(weights: tuple[int, ...], digits: str) -> int:
    total: int = sum(map(mul, weights, map(int, digits)))  # as many digits as there are weights
    return total % 11


def _with_check_digits(first_nine: str) -> str | None:
    digits = first_nine
    for weights in (_FIRST_WEIGHTS, _SECOND_WEIGHTS):
        check = -_residual(weights, digits) % 11
        if check == 10:
            return None  # no such number is allocated: ten is not a digit
        digits += str(check)
    return digits
