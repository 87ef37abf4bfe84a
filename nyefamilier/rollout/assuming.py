"""Reads assumptions: each is known, in its unit, within its bounds, with a source."""

from __future__ import annotations

from collections.abc import Mapping

from nyefamilier.rollout.assumptions import (
    KNOWN,
    Assumption,
    Distribution,
    Known,
    Shape,
    Unit,
)
from nyefamilier.rollout.cells import Cells, told

_WORDS = {
    Shape.FIXED: set[str](),
    Shape.UNIFORM: {"low", "high"},
    Shape.TRIANGULAR: {"low", "high"},
    Shape.NORMAL: {"spread"},
    Shape.LOGNORMAL: {"spread"},
}
_WIDEST = 2.0
"""Of a logarithm: one value in a hundred is more than a hundred times what is assumed."""
_FAR = 4
"""A normal value lies within so many standard deviations, for all that a plan can tell."""


def read_assumptions(cells: Cells) -> Mapping[str, Assumption]:
    """The assumptions of a table, by name; what is wrong is added to its flaws."""
    cells.expect(set(), set(KNOWN))
    return {
        name: _assumption(name, cells.table(name), KNOWN[name])
        for name in cells.values
        if name in KNOWN
    }


def _assumption(name: str, cells: Cells, known: Known) -> Assumption:
    cells.expect({"value", "unit", "source", "estimate"}, {"distribution"})
    value = _bounded(cells, "value", known)
    _check_unit(cells, known)
    shape = cells.table("distribution")
    return Assumption(
        name=name,
        value=value,
        unit=known.unit,
        source=cells.text("source"),
        is_estimate=cells.flag("estimate"),
        distribution=_distribution(shape, value, known) if shape.values else Distribution(),
    )


def _check_unit(cells: Cells, known: Known) -> None:
    unit = cells.word("unit", Unit, known.unit)
    if unit is not known.unit:
        cells.flaw("unit", "wrong-unit", f"It is counted in {known.unit}.", f"Write {known.unit}.")


def _distribution(cells: Cells, value: float, known: Known) -> Distribution:
    shape = cells.word("kind", Shape, Shape.FIXED)
    cells.expect({"kind"} | _WORDS[shape], set())
    if known.is_share and "spread" in _WORDS[shape]:
        mend = "Write uniform or triangular with low and high."
        cells.flaw("kind", "share-without-ends", f"A share that is {shape} has no end.", mend)
    if "low" in _WORDS[shape]:
        return _between(cells, shape, value, known)
    widest = _WIDEST if shape is Shape.LOGNORMAL else known.high
    spread = cells.number("spread", 0, widest) if "spread" in _WORDS[shape] else 0.0
    if shape is Shape.NORMAL and value - _FAR * spread < known.low:
        mend = f"Make it at most {(value - known.low) / _FAR:g}."
        cells.flaw("spread", "spread-too-wide", f"Values under {known.low:g} would occur.", mend)
    return Distribution(shape, spread=spread)


def _between(cells: Cells, shape: Shape, value: float, known: Known) -> Distribution:
    low, high = _bounded(cells, "low", known), _bounded(cells, "high", known)
    if not low <= value <= high:
        mend = "Write low, value and high in rising order."
        cells.flaw("low", "value-outside", f"{value:g} is not from {low:g} to {high:g}.", mend)
    return Distribution(shape, low, high)


def _bounded(cells: Cells, key: str, known: Known) -> float:
    value = cells.values.get(key)
    if known.is_share and type(value) in {int, float} and (value or 0) > 1:
        mend = f"Write a share as a number up to {known.high:g}; 83 % is 0.83."
        cells.flaw(key, "share-over-one", f"{key} is {told(value or 0)}, a share over 1.", mend)
        return known.high
    return cells.number(key, known.low, known.high)
