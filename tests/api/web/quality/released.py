"""Sheets as they might have been released, and the question they answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from api.web.forms import Form
from api.web.quality.asking import Question
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.sheets import AREA, Behind, Sheet, Shown

STOVNER, ALNA, GRORUD = BydelNumber("11"), BydelNumber("12"), BydelNumber("10")
NAMES = {GRORUD: "Grorud", STOVNER: "Stovner", ALNA: "Alna"}
RELEASED = date(2026, 11, 16)
BEHIND = (Behind(STOVNER, 4, 1, 3), Behind(ALNA, 2, 0, 0), Behind(None, 6, 1, 3))

Counts = Mapping[str, int | None]


def sheet(
    tabulation: str,
    lines: Mapping[str, Counts],
    year: int = 2025,
    area: BydelNumber | None = None,
    whole: Counts | None = None,
) -> Sheet:
    """A released sheet; the line of the area is the sum of what is shown unless it is told."""
    shown = {line: {one: Shown(value) for one, value in counts.items()} for line, counts in
             lines.items()}  # fmt: skip
    columns = {column for counts in lines.values() for column in counts}
    summed = {
        column: sum(counts.get(column) or 0 for counts in lines.values()) for column in columns
    }
    shown[AREA] = {one: Shown(value) for one, value in (whole or summed).items()}
    return Sheet(tabulation, year, area, RELEASED, 2, shown, BEHIND)


def question(own: BydelNumber | None = STOVNER, year: int = 2025) -> Question:
    """Somebody asks of a year, and of a bydel."""
    return Question(Form(), year, own, NAMES, date(2026, 11, 21))
