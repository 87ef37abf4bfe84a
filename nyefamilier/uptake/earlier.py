"""What a reader of earlier releases could subtract from a new one, and must not. Pure.

A count that one to four families have changed since it was shown is not shown anew; one that was
hidden stays hidden until five or more have changed it. Proof: docs/adr/0012.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.cutting import Cell, Counts, cut, sums_told, under_hidden
from nyefamilier.uptake.sheets import Shown
from nyefamilier.uptake.suppression import SMALLEST_SHOWN, is_small
from nyefamilier.uptake.tabulations import Tabulation


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept of the releases of one sheet.

    Args:
        counts: All counts at the last release.
        values: Every value that each count was ever shown with, and each sum that is not printed
            could be told to have.
        hidden: The counts that the last release hid, and what each was when it came to be hidden.
        shown: What the last release showed.
        day: The day of the last release.
    """

    counts: Counts = field(default_factory=dict)
    values: Mapping[Cell, Collection[int]] = field(default_factory=dict)
    hidden: Mapping[Cell, int] = field(default_factory=dict)
    shown: Mapping[Cell, Shown] = field(default_factory=dict)
    day: date = date.min


def hidden_now(
    tabulation: Tabulation,
    area: BydelNumber | None,
    counts: Counts,
    above: Remembered,
    before: Remembered,
) -> frozenset[Cell]:
    """What a release must not show of a sheet.

    Args:
        tabulation: What is counted.
        area: The bydel that the sheet is about; None for the city.
        counts: All counts of the sheet.
        above: The sheet that it splits further, as this release has cut it.
        before: What is kept of the releases before.

    Raises:
        ValueError: the counts do not add up, or do not fit what they split.
    """
    under = under_hidden(tabulation, area, counts, above.counts, above.hidden)
    return cut(tabulation, counts, under, held_back(tabulation, counts, before))


def held_back(tabulation: Tabulation, counts: Counts, remembered: Remembered) -> frozenset[Cell]:
    """The counts that must not be shown for the sake of what was shown before."""
    harmless = {column.code for column in tabulation.columns if not column.is_delicate}
    return frozenset(
        cell
        for cell, count in {**counts, **sums_told(tabulation, counts, ())}.items()
        if (cell.column not in harmless and _tells_a_change(count, remembered.values.get(cell, ())))
        or _stays_hidden(count, remembered.hidden.get(cell))
    )


def shown_now(
    counts: Counts, hidden: Collection[Cell], remembered: Remembered
) -> dict[Cell, Shown]:
    """What a release shows; a count that is hidden and was shown before still shows that."""
    return {
        cell: _still(cell, remembered) if cell in hidden else Shown(count)
        for cell, count in counts.items()
    }


def remember(
    tabulation: Tabulation,
    counts: Counts,
    hidden: Collection[Cell],
    remembered: Remembered,
    day: date,
) -> Remembered:
    """What is to be kept of a release, and of those before it."""
    told = {cell: count for cell, count in counts.items() if cell not in hidden}
    told.update(sums_told(tabulation, counts, hidden))
    values = {
        cell: sorted({*remembered.values.get(cell, ()), *([told[cell]] if cell in told else [])})
        for cell in {**remembered.values, **told}
    }
    since = {cell: remembered.hidden.get(cell, counts[cell]) for cell in hidden}
    return Remembered(counts, values, since, shown_now(counts, hidden, remembered), day)


def _tells_a_change(count: int, values: Collection[int]) -> bool:
    return any(is_small(abs(count - value)) for value in values)


def _stays_hidden(count: int, when_hidden: int | None) -> bool:
    # Where zeros are always shown this one has to be, and elsewhere it says nothing either.
    return when_hidden is not None and count > 0 and abs(count - when_hidden) < SMALLEST_SHOWN


def _still(cell: Cell, remembered: Remembered) -> Shown:
    before = remembered.shown.get(cell, Shown(None))
    if before.value is None or before.held_since is not None:
        return before
    return Shown(before.value, remembered.day)
