"""What a chart is drawn from: values and words, nothing that knows how to draw."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dot:
    """One bydel's row.

    Args:
        name: The bydel.
        description: The whole row in words, for those who hear it.
        value: The share, 0 to 1; None when the numbers are too small to be shown.
        low: Lower end of the interval.
        high: Upper end of the interval.
        label: What stands at the end of the row, ``83 %``, or that it is hidden.
        own: Whether it is the reader's own bydel.
    """

    name: str
    description: str
    value: float | None
    low: float
    high: float
    label: str
    own: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """A dotted line across all rows: the whole city."""

    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Size:
    """How wide the plot is drawn and how large its text is, in CSS pixels."""

    plot: int
    step: int
    text: int
    names: int
    ticks: tuple[float, ...]


WIDE = Size(plot=600, step=30, text=15, names=184, ticks=(0, 0.25, 0.5, 0.75, 1))
NARROW = Size(plot=124, step=28, text=13, names=156, ticks=(0, 0.5, 1))


@dataclass(frozen=True, slots=True)
class Spot:
    """One bydel in a funnel.

    Args:
        name: The bydel.
        description: What there is to know of it, in words, for those who hear it.
        whole: How many families it has.
        value: The share, 0 to 1.
        named: Whether its name is written beside it; all names at once would cover each other.
        own: Whether it is the reader's own bydel.
    """

    name: str
    description: str
    whole: int
    value: float
    named: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """The funnel's four limits at one number of families."""

    whole: int
    outer_low: float
    inner_low: float
    inner_high: float
    outer_high: float


@dataclass(frozen=True, slots=True)
class Axes:
    """How large a funnel is drawn, and its text, in CSS pixels."""

    wide: int
    high: int
    text: int
    ticks: int


WIDE_FUNNEL = Axes(wide=720, high=360, text=15, ticks=8)
NARROW_FUNNEL = Axes(wide=232, high=300, text=13, ticks=3)
