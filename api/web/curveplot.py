"""The specification of a curve of who is still there, by the child's age, with its intervals.

Imports Altair, which takes half a second: only `charts` imports this, and only when it draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from api.web.dotplot import CITY, OTHERS, OWN, QUIET
from api.web.marks import Axes, Curve

MONTHS: Final = (0, 3, 12, 24)
_DECIMALS: Final = 5
_APART: Final = 0.25
"""Months by which two curves' marks stand beside each other, so that no interval covers another."""


def specification(lines: Sequence[Curve], months: str, axes: Axes) -> dict[str, Any]:
    """The Vega-Lite specification of the curves, as plain values; *months* names the x axis."""
    layers = [
        layer
        for number, line in enumerate(lines)
        for layer in _curve(line, (number - (len(lines) - 1) / 2) * 2 * _APART, months, axes)
    ]
    plain: dict[str, Any] = (
        alt.layer(*layers)
        .properties(
            width=axes.wide,
            height=axes.high,
            padding={"left": 4, "top": 12, "right": 12, "bottom": 0},
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


def _curve(line: Curve, apart: float, months: str, axes: Axes) -> list[alt.Chart]:
    color = OWN if line.own else CITY
    x, y = _age(months), _share("value:Q")
    start = {"months": 0, "value": 1}
    points = [
        {
            "months": age.months + apart,
            "value": round(age.value, _DECIMALS),
            "low": round(age.low, _DECIMALS),
            "high": round(age.high, _DECIMALS),
            "description": age.description,
        }
        for age in line.ages
    ]
    path = (
        alt.Chart(_values([start, *points]))
        .mark_line(
            color=color, strokeWidth=2, strokeDash=[1, 0] if line.own else [2, 5], aria=False
        )
        .encode(x=x, y=y)
    )
    marked = alt.Chart(_values(points))
    ends = marked.mark_rule(color=color if line.own else OTHERS, strokeWidth=2, aria=False).encode(
        x=x, y=_share("low:Q"), y2="high:Q"
    )
    marks = marked.mark_point(
        filled=True,
        opacity=1,
        color=color,
        stroke="white",
        strokeWidth=1.5,
        shape="diamond" if line.own else "circle",
        size=axes.text * (18 if line.own else 10),
        ariaRoleDescription=line.name,
    ).encode(x=x, y=y, description="description:N")
    return [path, ends, marks, _name(line, points or [start], color, x, y)]


def _name(
    line: Curve, points: Sequence[dict[str, Any]], color: str, x: alt.X, y: alt.Y
) -> alt.Chart:
    """The curve's name at its end: above where it is the reader's own, beneath where it is not."""
    side: dict[str, Any] = (
        {"baseline": "bottom", "dy": -10} if line.own else {"baseline": "top", "dy": 12}
    )
    words = alt.MarkDef(
        "text", align="right", dx=-8, color=color, fontWeight=600, aria=False, **side
    )
    return alt.Chart(_values([{**points[-1], "name": line.name}]), mark=words).encode(
        x=x, y=y, text="name:N"
    )


def _age(months: str) -> alt.X:
    axis = alt.Axis(
        aria=False, domain=False, ticks=False, grid=False, values=list(MONTHS), labelPadding=8,
        titlePadding=10, format=".0f",
    )  # fmt: skip
    scale = alt.Scale(domain=[0, 25], nice=False)
    return alt.X("months:Q", title=months, scale=scale, axis=axis)


def _share(field: str) -> alt.Y:
    axis = alt.Axis(
        aria=False, domain=False, ticks=False, labelPadding=8, tickCount=5, format=".0%"
    )
    scale = alt.Scale(domain=[0, 1], nice=False)
    return alt.Y(field, title=None, scale=scale, axis=axis)


def _values(values: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=values)
