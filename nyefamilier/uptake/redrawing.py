"""Sheets of earlier years on another day's map, for comparing them after a reform. Pure.

A line of a sheet is a bydel as it was. On another map it can only be drawn whole: which of its
families lived on which side of a new boundary the figures do not know, and must not. And a sum
shows what each of its parts shows, so no map tells more than the sheets do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from enum import StrEnum

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.shares import added
from nyefamilier.uptake.sheets import AREA, CITY_ONLY, Sheet, Shown


class Map(StrEnum):
    """By which bydeler figures are drawn."""

    THEN = "then"
    """As they were when it happened."""
    NOW = "now"
    """As they are today."""


LiesIn = Callable[[BydelNumber], Collection[BydelNumber]]
"""In which bydeler of the map the ground lies that a bydel had in the sheet's year."""


def redrawn(sheet: Sheet, bydeler: Sequence[BydelNumber], lies_in: LiesIn) -> Sheet:
    """The sheet with a line for each of *bydeler*; hidden where it was cut from another one."""
    kept = {one: sheet.lines[one] for one in (AREA, CITY_ONLY) if one in sheet.lines}
    columns = list(sheet.lines.get(AREA, {}))
    places = {
        line: frozenset(lies_in(BydelNumber(line))) for line in sheet.lines if line not in kept
    }
    lines = dict(kept)
    for bydel in bydeler:
        parts = [line for line, place in places.items() if bydel in place]
        if any(len(places[line]) > 1 for line in parts):
            lines[bydel] = dict.fromkeys(columns, Shown(None))
        elif parts:
            lines[bydel] = {
                code: added([sheet.lines[line][code] for line in parts]) for code in columns
            }
    return replace(sheet, lines=lines)
