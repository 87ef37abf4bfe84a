"""The specification of a funnel plot: a mark a bydel, and limits that narrow as families grow.

Imports Altair, which takes half a second: only `charts` imports this, and only when it draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil, floor
from typing import Any

import altair as alt

from api.web.dotplot import CITY, OTHERS, OWN, QUIET
from api.web.marks import Axes, Edge, Reference, Spot

_DECIMALS = 5
"""A share is drawn, and so remembered, no finer than this."""
_HALO: dict[str, Any] = {
    "dy": -1,
    "stroke": "white",
    "strokeWidth": 4,
    "fontWeight": 600,
    "aria": False,
}
"""A name lies on a line now and then; white around it keeps it readable."""
_NAME: dict[str, Any] = {"dy": -1, "color": OWN, "fontWeight": 600, "aria": False}


def specification(
    spots: Sequence[Spot], edges: Sequence[Edge], city: Reference, families: str, axes: Axes
) -> dict[str, Any]:
    """The Vega-Lite specification of the plot, as plain values; *families* names its x axis."""
    low, high = _range(spots, edges)
    scales = _Scales(low, high, edges[-1].whole, families, axes.ticks)
    layers = [*_limits(edges, scales), *_city(city, scales), *_bydeler(spots, scales, axes)]
    plain: dict[str, Any] = (
        alt.layer(*layers)
        .properties(
            width=axes.wide,
            height=axes.high,
            padding={"left": 4, "top": 8, "right": 12, "bottom": 0},
        )
        .configure(font="Inter", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=axes.text,
            labelColor=QUIET,
            gridColor="#e8e8e9",
            titleFontSize=axes.text,
            titleColor=QUIET,
            titleFontWeight=400,
        )
        .configure_text(fontSize=axes.text)
        .to_dict()
    )
    return plain


@dataclass(frozen=True, slots=True)
class _Scales:
    """The two scales that every layer shares."""

    low: float
    high: float
    most: int
    families: str
    ticks: int

    def across(self) -> alt.X:
        """Families, from none."""
        axis = alt.Axis(
            aria=False,
            domain=False,
            ticks=False,
            grid=False,
            labelPadding=8,
            titlePadding=10,
            tickCount=self.ticks,
            format=",.0f",
        )
        scale = alt.Scale(domain=[0, self.most], nice=False)
        return alt.X("whole:Q", title=self.families, scale=scale, axis=axis)

    def up(self, field: str = "value") -> alt.Y:
        """A share."""
        axis = alt.Axis(
            aria=False,
            domain=False,
            ticks=False,
            labelPadding=8,
            tickCount=6,
            format=".0%",
        )
        scale = alt.Scale(domain=[self.low, self.high], nice=False)
        return alt.Y(f"{field}:Q", title=None, scale=scale, axis=axis)


def _range(spots: Sequence[Spot], edges: Sequence[Edge]) -> tuple[float, float]:
    """The tens of per cent around everything that is drawn."""
    values = [spot.value for spot in spots]
    low = min(*values, *(edge.outer_low for edge in edges))
    high = max(*values, *(edge.outer_high for edge in edges))
    return max(0.0, floor(low * 10) / 10), min(1.0, ceil(high * 10) / 10)


def _limits(edges: Sequence[Edge], scales: _Scales) -> list[alt.Chart]:
    """Two pairs of lines, told apart by their stroke: whole for 99.8 %, dashed for 95 %."""
    base = alt.Chart(_values([_rounded(asdict(edge)) for edge in edges])).encode(x=scales.across())
    strokes = {"outer": [1, 0], "inner": [6, 4]}
    return [
        base.mark_line(color=QUIET, strokeWidth=1.5, strokeDash=dash, aria=False).encode(
            y=scales.up(f"{pair}_{end}")
        )
        for pair, dash in strokes.items()
        for end in ("low", "high")
    ]


def _city(city: Reference, scales: _Scales) -> list[alt.Chart]:
    base = alt.Chart(_values([{"value": round(city.value, _DECIMALS), "label": city.label}]))
    line = base.mark_rule(
        color=CITY, strokeWidth=2, strokeDash=[2, 5], strokeCap="round", ariaRoleDescription="Oslo"
    ).encode(y=scales.up(), description="label:N")
    words = base.mark_text(
        align="left", baseline="bottom", dx=2, dy=-4, color=CITY, fontWeight=600, aria=False
    )
    return [line, words.encode(x=alt.value(0), y=scales.up(), text="label:N")]


def _bydeler(spots: Sequence[Spot], scales: _Scales, axes: Axes) -> list[alt.Chart]:
    own = alt.datum.own
    base = alt.Chart(_values([_rounded(asdict(spot)) for spot in spots])).encode(
        x=scales.across(), y=scales.up()
    )
    # Shape as well as colour: the reader's own bydel is a diamond.
    marks = base.mark_point(
        filled=True, opacity=1, stroke="white", strokeWidth=1.5, ariaRoleDescription="bydel"
    ).encode(
        shape=alt.when(own).then(alt.value("diamond")).otherwise(alt.value("circle")),
        color=alt.when(own).then(alt.value(OWN)).otherwise(alt.value(OTHERS)),
        size=alt.when(own).then(alt.value(axes.text * 18)).otherwise(alt.value(axes.text * 8)),
        description="description:N",
    )
    # Names lie beneath the marks: none may cover a bydel.
    return [*_names(spots, scales), marks]


def _names(spots: Sequence[Spot], scales: _Scales) -> list[alt.Chart]:
    """The names that are written: to the left of marks on the right half, so that none is cut."""
    middle = scales.most / 2
    named = [spot for spot in spots if spot.named]
    left = [spot for spot in named if spot.whole > middle]
    right = [spot for spot in named if spot.whole <= middle]
    sides: tuple[tuple[list[Spot], dict[str, Any]], ...] = (
        (left, {"align": "right", "dx": -11}),
        (right, {"align": "left", "dx": 11}),
    )
    return [
        alt.Chart(_values([_rounded(asdict(spot)) for spot in side]), mark=mark).encode(
            x=scales.across(), y=scales.up(), text="name:N"
        )
        for side, place in sides
        for mark in (alt.MarkDef("text", **place, **_HALO), alt.MarkDef("text", **place, **_NAME))
        if side
    ]


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, _DECIMALS) if isinstance(value, float) else value
        for name, value in values.items()
    }


def _values(values: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=values)
