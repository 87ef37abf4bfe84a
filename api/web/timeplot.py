"""The specification of a p-chart: a mark a period, the baseline's share, and the limits of chance.

Imports Altair, which takes half a second: only `charts` imports this, and only when it draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any, Final

import altair as alt

from api.web.dotplot import CITY, OTHERS, QUIET
from api.web.marks import Axes, Centre, Moment

SIGNAL: Final = "#a4282f"
"""Colour of what chance hardly explains; its shape says the same."""
_DECIMALS: Final = 5


def specification(
    moments: Sequence[Moment], centre: Centre | None, what: str, axes: Axes
) -> dict[str, Any]:
    """The Vega-Lite specification of the chart, as plain values; *what* a mark is called."""
    scales = _Scales(moments, axes)
    layers = [*_limits(moments, scales), *_line(moments, scales), *_marks(moments, scales, what)]
    if centre is not None:
        layers = [*_centre(centre, scales), *layers, *_words(centre, scales)]
    plain: dict[str, Any] = (
        alt.layer(*layers)
        .properties(
            width=axes.wide,
            height=axes.high,
            padding={"left": 4, "top": 8, "right": 12, "bottom": 0},
        )
        .configure(font="Inter", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=axes.text, labelColor=QUIET, gridColor="#e8e8e9")
        .configure_text(fontSize=axes.text)
        .to_dict()
    )
    return plain


class _Scales:
    """The two scales that every layer shares, and where a hidden period is marked."""

    def __init__(self, moments: Sequence[Moment], axes: Axes) -> None:
        self.text = axes.text
        self._last = max(1, len(moments) - 1)
        self._names = [moment.name.partition(" ")[0] for moment in moments]
        self._ticks = self._first_of_years(axes.ticks)
        drawn = [
            value
            for moment in moments
            for value in (moment.value, moment.low, moment.high)
            if value is not None
        ]
        self.high = min(1.0, ceil(max(drawn, default=1) * 10) / 10)
        lowest = max(0.0, floor(min(drawn, default=0) * 10) / 10)
        # Where all shares are the same whole one, there is still a scale to draw them on.
        self.low = min(lowest, self.high - 0.1) if self.high > 0 else 0.0
        self.high = max(self.high, 0.1)

    def across(self) -> alt.X:
        """The periods, by their places; the years are written."""
        words = {str(place): self._names[place] for place in self._ticks}
        axis = alt.Axis(
            aria=False, domain=False, ticks=False, grid=False, labelPadding=8, labelFlush=False,
            values=self._ticks, labelExpr=f"({words})[datum.value]", labelOverlap=False,
        )  # fmt: skip
        scale = alt.Scale(domain=[-0.5, self._last + 0.5], nice=False)
        return alt.X("place:Q", title=None, scale=scale, axis=axis)

    def up(self, field: str = "value") -> alt.Y:
        """A share."""
        axis = alt.Axis(
            aria=False, domain=False, ticks=False, labelPadding=8, tickCount=5, format=".0%"
        )
        scale = alt.Scale(domain=[self.low, self.high], nice=False)
        return alt.Y(f"{field}:Q", title=None, scale=scale, axis=axis)

    def _first_of_years(self, most: int) -> list[int]:
        """The places of the first period of each year, or of so many years that they fit."""
        first = [
            at for at, name in enumerate(self._names) if at == 0 or self._names[at - 1] != name
        ]
        step = ceil(len(first) / most) if first else 1
        return first[::step]


def _limits(moments: Sequence[Moment], scales: _Scales) -> list[alt.Chart]:
    """The limits as steps, a stretch for each row of periods that have some."""
    rows = [
        {"place": at, "low": _rounded(moment.low), "high": _rounded(moment.high), "row": row}
        for at, moment, row in _rows(moments)
        if moment.low is not None
    ]
    if not rows:
        return []
    base = alt.Chart(_values(rows)).mark_line(
        interpolate="step", color=QUIET, strokeWidth=1.5, strokeDash=[6, 4], aria=False
    )
    return [
        base.encode(x=scales.across(), y=scales.up(end), detail="row:N") for end in ("low", "high")
    ]


def _line(moments: Sequence[Moment], scales: _Scales) -> list[alt.Chart]:
    rows = [
        {"place": at, "value": _rounded(moment.value), "row": row}
        for at, moment, row in _rows(moments)
    ]
    base = alt.Chart(_values(rows)).mark_line(color=OTHERS, strokeWidth=1.5, aria=False)
    return [base.encode(x=scales.across(), y=scales.up(), detail="row:N")]


def _marks(moments: Sequence[Moment], scales: _Scales, what: str) -> list[alt.Chart]:
    """Circles; diamonds outside the limits, triangles within a long run; crosses for hidden."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for at, moment in enumerate(moments):
        told = {"place": at, "description": moment.description}
        if moment.value is not None:
            told["value"] = _rounded(moment.value)
        kinds.setdefault(_kind(moment), []).append(told)
    layers = []
    for kind, rows in kinds.items():
        shape, color, size = _LOOKS[kind]
        base = alt.Chart(_values(rows)).mark_point(
            filled=kind != "hidden", opacity=1, shape=shape, color=color, size=size * scales.text,
            ariaRoleDescription=what, stroke=QUIET if kind == "hidden" else "white",
            strokeWidth=1.5,
        )  # fmt: skip
        y = alt.value("height") if kind == "hidden" else scales.up()
        layers.append(base.encode(x=scales.across(), y=y, description="description:N"))
    return layers


_LOOKS: Final = {
    "within": ("circle", OTHERS, 6),
    "run": ("triangle-up", SIGNAL, 10),
    "outside": ("diamond", SIGNAL, 14),
    "hidden": ("cross", QUIET, 2),
}


def _kind(moment: Moment) -> str:
    if moment.value is None:
        return "hidden"
    if moment.is_outside:
        return "outside"
    return "run" if moment.is_in_run else "within"


def _centre(centre: Centre, scales: _Scales) -> list[alt.Chart]:
    """The baseline's share, whole as far as it was taken from, then dotted."""
    level = {"value": _rounded(centre.value), "label": centre.label}
    base = alt.Chart(_values([level])).encode(y=scales.up())
    rule = base.mark_rule(
        color=CITY, strokeWidth=2, strokeDash=[2, 5], strokeCap="round", aria=False
    )
    ends = {"place": -0.5, "end": centre.baseline + 0.5} | level
    whole = (
        alt.Chart(_values([ends]))
        .mark_rule(color=CITY, strokeWidth=3, ariaRoleDescription=centre.label)
        .encode(x=scales.across(), x2="end:Q", y=scales.up(), description="label:N")
    )
    return [rule, whole]


def _words(centre: Centre, scales: _Scales) -> list[alt.Chart]:
    """The centre's share in words, above the marks, on white where a line runs beneath."""
    told = _values([{"value": _rounded(centre.value), "label": centre.label}])
    at: dict[str, Any] = {"align": "right", "baseline": "bottom", "dy": -5, "fontWeight": 600}
    marks = (
        alt.MarkDef("text", stroke="white", strokeWidth=5, aria=False, **at),
        alt.MarkDef("text", color=CITY, aria=False, **at),
    )
    return [
        alt.Chart(told, mark=mark).encode(x=alt.value("width"), y=scales.up(), text="label:N")
        for mark in marks
    ]


def _rows(moments: Sequence[Moment]) -> list[tuple[int, Moment, int]]:
    """The periods that are shown, with the number of the stretch in which each lies."""
    found, row = [], 0
    for at, moment in enumerate(moments):
        if moment.value is None:
            row += 1
        else:
            found.append((at, moment, row))
    return found


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)


def _values(values: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=values)
