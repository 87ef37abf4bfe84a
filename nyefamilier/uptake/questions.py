"""Reads which year and which area somebody asks figures of, and says what cannot be asked. Pure.

A year, and a bydel or the city, are as fine as figures are published: of anything finer a handful
of families could be worked out (docs/adr/0008, 0012).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.tabulations import TABULATIONS, By, Tabulation

CITY: Final = "city"
"""How the city is asked for, in place of a bydel's number."""

_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)
_PART_OF_A_YEAR: Final = re.compile(
    r"[0-9]{4}[-/. ]?(?:[0-9]{1,2}(?:[-/. ]?[0-9]{1,2})?|[a-z]{1,2}[0-9]{1,3})",
    re.ASCII | re.IGNORECASE,
)
"""A month, a day, a tertial, a quarter or a week, as people write them."""
_PART_OF_A_BYDEL: Final = re.compile(r"[0-9]{3,10}", re.ASCII)
"""A delbydel, whole or in part."""
_CITY_ALONE: Final = frozenset({By.LANGUAGE, By.BASIS, By.THEME})
"""What lines can be that are of the whole city."""


def year_asked(
    written: str, last: int, *, first: int, pointer: str, tabulation: Tabulation | None = None
) -> int:
    """The year that is asked for.

    Args:
        written: As it was written.
        last: The present year.
        first: The first year of which there are figures.
        pointer: Where in the request it stands.
        tabulation: What is asked for.

    Raises:
        RuleBroken: ``period-not-published``, ``period-in-future``, or ``breakdown-too-fine`` for
            a part of a year.
    """
    if not _YEAR.fullmatch(written):
        if _PART_OF_A_YEAR.fullmatch(written):
            raise _too_fine(
                "year",
                "From the figures of two shorter periods a handful of families could be worked "
                f"out. Ask for whole calendar years.{_tertials(tabulation)}",
                pointer,
            )
        detail = "A year has four digits, such as 2025."
        raise RuleBroken("period-not-published", detail, pointer=pointer)
    year = int(written)
    require_year(year, last, first=first, pointer=pointer)
    return year


def require_year(year: int, last: int, *, first: int, pointer: str) -> None:
    """Refuse a year of which there can be no figures; see `year_asked`.

    Raises:
        RuleBroken: ``period-not-published``, ``period-in-future``.
    """
    if year < first:
        detail = f"There are no such figures from before {first}. Ask for a later year."
        members = {"first_year": first}
        raise RuleBroken("period-not-published", detail, pointer=pointer, members=members)
    if year > last:
        detail = f"The year has not begun yet. Ask for {last} or an earlier one."
        members = {"last_year": last}
        raise RuleBroken("period-in-future", detail, pointer=pointer, members=members)


def require_order(first: int, last: int, *, pointer: str) -> None:
    """Refuse years that are swapped.

    Raises:
        RuleBroken: ``period-swapped``.
    """
    if first > last:
        raise RuleBroken(
            "period-swapped", "The first year comes after the last one. Swap them.", pointer=pointer
        )


def area_asked(
    written: str | None, tabulation: Tabulation, known: Collection[BydelNumber], *, pointer: str
) -> BydelNumber | None:
    """The bydel that is asked for; None for the city.

    Args:
        written: As it was written; None where nothing was.
        tabulation: What is asked for.
        known: The bydeler that there were in the years asked for.
        pointer: Where in the request it stands.

    Raises:
        RuleBroken: ``unknown-bydel``, ``area-required``, or ``breakdown-too-fine``.
    """
    if written is None or written == CITY:
        if tabulation.by is By.TERTIAL:
            detail = "Tertials are published bydel by bydel. Name a bydel, such as 11."
            raise RuleBroken("area-required", detail, pointer=pointer)
        return None
    bydel = bydel_asked(written, known, pointer=pointer)
    if tabulation.by in _CITY_ALONE:
        raise _too_fine(
            CITY,
            f"By {tabulation.by} most counts of one bydel would be of fewer than five. Leave "
            f"`{pointer.removeprefix('/')}` out: the finest is all of Oslo.",
            pointer,
        )
    return bydel


def bydel_asked(written: str, known: Collection[BydelNumber], *, pointer: str) -> BydelNumber:
    """The bydel with this number.

    Raises:
        RuleBroken: ``unknown-bydel``, or ``breakdown-too-fine`` for a delbydel.
    """
    if _PART_OF_A_BYDEL.fullmatch(written):
        raise _too_fine(
            "bydel",
            "A delbydel has so few families that most counts would be hidden, and the others "
            "could be subtracted. Ask for its bydel.",
            pointer,
        )
    if written not in known:
        detail = "There was no such bydel. `GET /api/v1/bydeler` lists them by number."
        raise RuleBroken("unknown-bydel", detail, pointer=pointer)
    return BydelNumber(written)


def _too_fine(finest: str, detail: str, pointer: str) -> RuleBroken:
    members = {"finest": finest}
    return RuleBroken("breakdown-too-fine", detail, pointer=pointer, members=members)


def _tertials(tabulation: Tabulation | None) -> str:
    """Where the tertials of the same counts are to be had."""
    asked = None if tabulation is None else tabulation.id
    for one in TABULATIONS:
        if one.by is By.TERTIAL and one.parent is not None and one.parent.tabulation == asked:
            return f" The tertials of one bydel are in `{one.id}`."
    return ""
