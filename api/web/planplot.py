"""The specifications of a plan's charts: when each bydel starts, and a band of draws over time.

Imports Altair, which takes half a second: only `charts` imports this, and only when it draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from api.web.dotplot import INTERVAL, OWN, QUIET
from api.web.marks import Axes, Fan, Size, Stretch


def stretches(rows: Sequence[Stretch], what: str, size: Size) -> dict[str, Any]:
    """Stretches of time beneath each other, as plain values; *what* one is called."""
    years = alt.Axis(aria=False, domain=False, ticks=False, labelPadding=8, tickCount="year",
                     format="%Y", labelOverlap=True)  # fmt: skip
    names = alt.Axis(aria=False, domain=False, ticks=False, labelPadding=12,
                     labelLimit=size.names, minExtent=size.names)  # fmt: skip
    y = alt.Y("name:N", sort=[row.name for row in rows], title=None, axis=names)
    # What comes before the start is thin, and what is still growing is light.
    looks = {"preparing": (QUIET, 0.14), "growing": (INTERVAL, 0.62), "whole": (OWN, 0.62)}
    layers = [
        alt.Chart(_values([_stretch(row) for row in rows if row.kind == kind]))
        .mark_bar(color=color, size=size.step * high, ariaRoleDescription=what)
        .encode(
            x=alt.X("first:T", title=None, axis=years),
            x2="last:T",
            y=y,
            description="description:N",
        )
        for kind, (color, high) in looks.items()
        if any(row.kind == kind for row in rows)
    ]
    chart = alt.layer(*layers).properties(width=size.plot, height=alt.Step(size.step))
    return _plain(chart, size.text)


def fan(found: Fan, axes: Axes) -> dict[str, Any]:
    """The median of draws with what half of them and what nine in ten lie in, as plain values."""
    rows = [
        {"month": month, **{name: round(values[at], 1) for name, values in found.bands.items()}}
        for at, month in enumerate(found.months)
    ]
    base = alt.Chart(_values(rows))
    across = alt.X("month:T", title=None, axis=alt.Axis(
        aria=False, domain=False, ticks=False, grid=False, tickCount="year", format="%Y",
        labelOverlap=True, labelPadding=8))  # fmt: skip
    up = alt.Axis(aria=False, domain=False, ticks=False, tickCount=5, format=",.0f")
    scale = alt.Scale(domain=[0, found.top]) if found.top else alt.Scale(zero=True)
    layers = [
        base.mark_area(color=OWN, opacity=opacity, aria=False).encode(
            x=across, y=alt.Y(f"{low}:Q", title=None, axis=up, scale=scale), y2=f"{high}:Q"
        )
        for low, high, opacity in (("p05", "p95", 0.18), ("p25", "p75", 0.28))
    ]
    told = alt.InlineData(values=[{**rows[-1], "description": found.description}])
    layers += [
        base.mark_line(color=OWN, strokeWidth=2.5, aria=False).encode(x=across, y="p50:Q"),
        alt.Chart(told)
        .mark_point(filled=True, opacity=1, color=OWN, size=60, ariaRoleDescription=found.what)
        .encode(x=across, y="p50:Q", description="description:N"),
    ]
    return _plain(alt.layer(*layers).properties(width=axes.wide, height=axes.high), axes.text)


def _stretch(row: Stretch) -> dict[str, Any]:
    return {
        "name": row.name,
        "first": row.first,
        "last": row.last,
        "description": row.description,
    }


def _plain(chart: alt.LayerChart | alt.FacetChart, text: int) -> dict[str, Any]:
    plain: dict[str, Any] = (
        chart.properties(padding={"left": 4, "top": 8, "right": 16, "bottom": 0})
        .configure(font="Inter", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=text, labelColor=QUIET, gridColor="#e8e8e9")
        .to_dict()
    )
    return plain


def _values(values: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=values)
