"""The specification of a dot plot: one row a bydel, its interval as a line, the city dotted.

Imports Altair, which takes half a second: only `charts` imports this, and only when it draws.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import altair as alt

from api.web.marks import Dot, Reference, Size

OWN, OTHERS, INTERVAL, CITY, QUIET = "#2a2859", "#5b5a7f", "#8583a3", "#034b45", "#5b5d63"
"""Colours of the marks. A test holds their contrast with white."""


def specification(
    rows: Sequence[Dot], city: Reference | None, size: Size, what: str = "bydel"
) -> dict[str, Any]:
    """The Vega-Lite specification of the plot, as plain values; *what* a row is."""
    y = _names(rows, size)
    layers = [*_hidden(rows, y, what), *_shown(rows, y, size, what), *_labels(rows, y)]
    if city is not None:
        layers = [*_city(city, size), *layers]
    chart = alt.layer(*layers).properties(
        width=size.plot,
        height=alt.Step(size.step),
        padding={"left": 0, "top": 4, "right": 4, "bottom": 0},
    )
    plain: dict[str, Any] = (
        chart.configure(font="Inter", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=size.text, labelColor=QUIET)
        .configure_text(fontSize=size.text)
        .to_dict()
    )
    return plain


def _names(rows: Sequence[Dot], size: Size) -> alt.Y:
    own = json.dumps([row.name for row in rows if row.own])
    is_own = f"indexof({own}, datum.value) >= 0"
    axis = alt.Axis(
        aria=False,
        domain=False,
        ticks=False,
        labelPadding=12,
        labelLimit=size.names,
        minExtent=size.names,
        labelColor={"condition": {"test": is_own, "value": OWN}, "value": QUIET},
        labelFontWeight={"condition": {"test": is_own, "value": 600}, "value": 400},
    )
    return alt.Y("name:N", sort=[row.name for row in rows], title=None, axis=axis)


def _share(field: str, size: Size) -> alt.X:
    axis = alt.Axis(
        aria=False,
        format=".0%",
        values=list(size.ticks),
        domain=False,
        ticks=False,
        gridColor="#e8e8e9",
        labelPadding=8,
    )
    return alt.X(field, title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=axis)


def _shown(rows: Sequence[Dot], y: alt.Y, size: Size, what: str) -> list[alt.Chart]:
    own = alt.datum.own
    base = alt.Chart(_data([row for row in rows if row.value is not None])).encode(y=y)
    interval = base.mark_rule(strokeCap="round", aria=False).encode(
        x=_share("low:Q", size),
        x2="high:Q",
        color=alt.when(own).then(alt.value(OWN)).otherwise(alt.value(INTERVAL)),
        strokeWidth=alt.when(own).then(alt.value(4)).otherwise(alt.value(2.5)),
    )
    # Shape as well as colour: the reader's own bydel is a diamond.
    dot = base.mark_point(
        filled=True, opacity=1, stroke="white", strokeWidth=1.5, ariaRoleDescription=what
    ).encode(
        x=_share("value:Q", size),
        shape=alt.when(own).then(alt.value("diamond")).otherwise(alt.value("circle")),
        color=alt.when(own).then(alt.value(OWN)).otherwise(alt.value(OTHERS)),
        size=alt.when(own).then(alt.value(size.text * 16)).otherwise(alt.value(size.text * 8)),
        description="description:N",
    )
    return [interval, dot]


def _hidden(rows: Sequence[Dot], y: alt.Y, what: str) -> list[alt.Chart]:
    """A row that is hidden has a layer of its own: nothing of it lies on the scale."""
    hidden = [row for row in rows if row.value is None]
    if not hidden:
        return []
    line = alt.Chart(_data(hidden)).mark_rule(
        color=QUIET, strokeDash=[1, 6], strokeCap="round", ariaRoleDescription=what
    )
    return [line.encode(y=y, x=alt.value(0), x2=alt.value("width"), description="description:N")]


def _labels(rows: Sequence[Dot], y: alt.Y) -> list[alt.Chart]:
    return [
        alt.Chart(_data([row for row in rows if row.own == own]))
        .mark_text(
            align="left",
            dx=14,
            aria=False,
            fontWeight=600 if own else 400,
            color=OWN if own else QUIET,
        )
        .encode(y=y, x=alt.value("width"), text="label:N")
        for own in (True, False)
        if any(row.own == own for row in rows)
    ]


def _city(city: Reference, size: Size) -> list[alt.Chart]:
    x = _share("value:Q", size)
    base = alt.Chart(_values([{"value": city.value, "label": city.label}]))
    line = base.mark_rule(
        color=CITY, strokeWidth=2, strokeDash=[2, 5], strokeCap="round", ariaRoleDescription="Oslo"
    ).encode(x=x, description="label:N")
    words = base.mark_text(baseline="bottom", dy=-4, color=CITY, fontWeight=600, aria=False)
    return [line, words.encode(x=x, y=alt.value(0), text="label:N")]


def _data(rows: Sequence[Dot]) -> alt.InlineData:
    return _values(
        [
            {
                "name": row.name,
                "description": row.description,
                "label": row.label,
                "own": row.own,
                # A hidden value is absent, not null: there is nothing to draw it from.
                **_numbers(row),
            }
            for row in rows
        ]
    )


def _numbers(row: Dot) -> dict[str, float]:
    if row.value is None:
        return {}
    return {"value": row.value, "low": row.low, "high": row.high}


def _values(values: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=values)
