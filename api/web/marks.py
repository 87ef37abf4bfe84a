"""What a chart is drawn from: values and words, nothing that knows how to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
WIDE_GROUPS = Size(plot=520, step=32, text=15, names=264, ticks=(0, 0.25, 0.5, 0.75, 1))
NARROW_GROUPS = Size(plot=90, step=30, text=13, names=188, ticks=(0, 1))


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


@dataclass(frozen=True, slots=True)
class Moment:
    """One period of a p-chart.

    Args:
        name: The period, short: ``2024``, or ``2024 2``.
        description: What there is to know of it, in words, for those who hear it.
        value: The share, 0 to 1; None where it is hidden.
        low: Its lower limit; None where there is no baseline to judge by.
        high: Its upper limit.
        is_outside: Whether it lies beyond its limits.
        is_in_run: Whether it is one of many in a row on one side of the centre.
    """

    name: str
    description: str
    value: float | None
    low: float | None
    high: float | None
    is_outside: bool
    is_in_run: bool


@dataclass(frozen=True, slots=True)
class Centre:
    """The baseline of a p-chart.

    Args:
        value: Its share.
        label: What is written on its line.
        baseline: The place of the last period that it is taken from.
    """

    value: float
    label: str
    baseline: int


WIDE_TIME = Axes(wide=720, high=300, text=15, ticks=14)
NARROW_TIME = Axes(wide=240, high=260, text=13, ticks=4)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, from nought.

    Args:
        name: What it counts.
        description: The same with its number, in words, for those who hear it.
        value: How long it is, 0 to 1; None where it is hidden.
        label: What is written at its end.
        is_part: Whether it is a part of the one before it that is not.
    """

    name: str
    description: str
    value: float | None
    label: str
    is_part: bool = False


WIDE_BARS = Size(plot=460, step=34, text=15, names=240, ticks=())
NARROW_BARS = Size(plot=100, step=32, text=13, names=150, ticks=())


@dataclass(frozen=True, slots=True)
class Age:
    """One point of a curve: who is still there at an age.

    Args:
        months: The age of the child.
        description: The point in words, for those who hear it.
        value: The share, 0 to 1.
        low: Lower end of its interval.
        high: Upper end of its interval.
    """

    months: int
    description: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Who is still there, from all at first on."""

    name: str
    own: bool
    ages: tuple[Age, ...]


WIDE_CURVE = Axes(wide=620, high=320, text=15, ticks=5)
NARROW_CURVE = Axes(wide=220, high=260, text=13, ticks=3)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in a bydel's row.

    Args:
        name: The bydel.
        description: The stretch in words, for those who hear it.
        kind: ``preparing``, ``growing`` or ``whole``.
        first: Its first day, as ISO has it.
        last: The day after its last.
    """

    name: str
    description: str
    kind: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Fan:
    """Draws over time: their median, and the bands around it.

    Args:
        months: The first day of each month, as ISO has it.
        bands: For ``p05``, ``p25``, ``p50``, ``p75`` and ``p95``, a value a month.
        what: What is drawn, in a word or two.
        description: Its end in words, for those who hear it.
        top: Where the scale ends, so that several can be compared; 0 is where it fits.
    """

    months: Sequence[str]
    bands: Mapping[str, Sequence[float]]
    what: str
    description: str
    top: float = 0


WIDE_STRETCHES = Size(plot=560, step=28, text=15, names=184, ticks=())
NARROW_STRETCHES = Size(plot=124, step=26, text=13, names=150, ticks=())
THIRD = Axes(wide=230, high=200, text=13, ticks=3)
