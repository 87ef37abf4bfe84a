"""The specification of bars beneath each other: how many of all, and of which parts they are made.

Imports Altair, which takes half a second: only `charts` imports this, and only when it draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from api.web.dotplot import INTERVAL, OWN, QUIET
from api.web.marks import Bar, Size

_DECIMALS = 5


def specification(rows: Sequence[Bar], what: str, size: Size) -> dict[str, Any]:
    """The Vega-Lite specification of the bars, as plain values; *what* a bar is called."""
    y = _names(rows, size)
    layers = [*_hidden(rows, y, what), *_shown(rows, y, size, what), *_labels(rows, y, size)]
    plain: dict[str, Any] = (
        alt.layer(*layers)
        .properties(
            width=size.plot,
            height=alt.Step(size.step),
            padding={"left": 0, "top": 4, "right": 4, "bottom": 4},
        )
        .configure(font="Inter", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=size.text, labelColor=QUIET)
        .configure_text(fontSize=size.text)
        .to_dict()
    )
    return plain


def _names(rows: Sequence[Bar], size: Size) -> alt.Y:
    axis = alt.Axis(
        aria=False,
        domain=False,
        ticks=False,
        labelPadding=12,
        labelLimit=size.names,
        minExtent=size.names,
    )
    return alt.Y("name:N", sort=[row.name for row in rows], title=None, axis=axis)


def _share(field: str) -> alt.X:
    return alt.X(field, title=None, axis=None, scale=alt.Scale(domain=[0, 1], nice=False))


def _shown(rows: Sequence[Bar], y: alt.Y, size: Size, what: str) -> list[alt.Chart]:
    """Steps of the way are dark, and the parts that a step is made of are light and thinner."""
    return [
        alt.Chart(_data([row for row in rows if row.value is not None and row.is_part == is_part]))
        .mark_bar(
            color=INTERVAL if is_part else OWN,
            size=size.step * (0.4 if is_part else 0.62),
            ariaRoleDescription=what,
        )
        .encode(y=y, x=_share("value:Q"), x2=alt.datum(0), description="description:N")
        for is_part in (False, True)
        if any(row.value is not None and row.is_part == is_part for row in rows)
    ]


def _hidden(rows: Sequence[Bar], y: alt.Y, what: str) -> list[alt.Chart]:
    """What is hidden has a layer of its own: nothing of it lies on the scale."""
    hidden = [row for row in rows if row.value is None]
    if not hidden:
        return []
    line = alt.Chart(_data(hidden)).mark_rule(
        color=QUIET, strokeDash=[1, 6], strokeCap="round", ariaRoleDescription=what
    )
    return [line.encode(y=y, x=alt.value(0), x2=alt.value("width"), description="description:N")]


def _labels(rows: Sequence[Bar], y: alt.Y, size: Size) -> list[alt.Chart]:
    base = alt.Chart(_data(rows)).mark_text(align="left", dx=10, aria=False, color=QUIET)
    return [base.encode(y=y, x=alt.value(size.plot), text="label:N")]


def _data(rows: Sequence[Bar]) -> alt.InlineData:
    return alt.InlineData(
        values=[
            {"name": row.name, "description": row.description, "label": row.label}
            # A hidden value is absent, not null: there is nothing to draw it from.
            | ({} if row.value is None else {"value": round(row.value, _DECIMALS)})
            for row in rows
        ]
    )
