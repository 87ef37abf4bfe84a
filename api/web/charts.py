"""Charts as SVG, drawn on the server: they need no script, no network and no colour to be read.

The numbers arrive here already protected (`nyefamilier.uptake.suppression`): an SVG carries every
number that it was drawn from, so what is hidden must never reach a specification. Words arrive
translated. Two widths are drawn, because a wide chart shrunk to a telephone cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, wraps
from pathlib import Path
from threading import Lock
from typing import Any, ParamSpec

from api.web.marks import (
    Axes,
    Bar,
    Centre,
    Curve,
    Dot,
    Edge,
    Fan,
    Moment,
    Reference,
    Size,
    Spot,
    Stretch,
)

FONTS = Path(__file__).parents[1] / "static" / "vendor" / "inter" / "ttf"
KEPT = 512
"""Drawings remembered by one process."""
Told = ParamSpec("Told")

VEGA_LITE = "6.4"

# vl-convert knows no nb-NO, so the numbers' locale is spelled out.
NUMBERS = {
    "decimal": ",",
    "thousands": "\N{NO-BREAK SPACE}",
    "grouping": [3],
    "currency": ["", "\N{NO-BREAK SPACE}kr"],
    "percent": "\N{NO-BREAK SPACE}%",
}

# The renderer names groups and containers in English for screen readers; they say nothing.
_ENGLISH = re.compile(r' aria-roledescription="[^"]* (?:mark )?container"')


_drawn: OrderedDict[str, str] = OrderedDict()
_one_at_a_time = Lock()


def _remembered(draw: Callable[Told, str]) -> Callable[Told, str]:
    """Draw, or remember what was drawn of the same. Altair takes longer than the renderer."""

    @wraps(draw)
    def drawn(*told: Told.args, **named: Told.kwargs) -> str:
        # Of what it was drawn nothing is kept beside the drawing.
        words = repr((draw.__name__, told, sorted(named.items())))
        key = hashlib.sha256(words.encode()).hexdigest()
        with _one_at_a_time:
            if key not in _drawn:
                _drawn[key] = draw(*told, **named)
            _drawn.move_to_end(key)
            while len(_drawn) > KEPT:
                _drawn.popitem(last=False)
            return _drawn[key]

    return drawn


@_remembered
def dots(rows: Sequence[Dot], city: Reference | None, size: Size, what: str = "bydel") -> str:
    """The rows as horizontal dots with their intervals, as an SVG element; *what* a row is."""
    from api.web.dotplot import specification  # noqa: PLC0415 - Altair takes half a second

    return _draw(specification(rows, city, size, what))


@_remembered
def funnel(
    spots: Sequence[Spot], edges: Sequence[Edge], city: Reference, families: str, axes: Axes
) -> str:
    """The bydeler within the limits of chance, as an SVG element; *families* names the x axis."""
    from api.web.funnelplot import specification  # noqa: PLC0415 - Altair takes half a second

    return _draw(specification(spots, edges, city, families, axes))


@_remembered
def timeline(moments: Sequence[Moment], centre: Centre | None, what: str, axes: Axes) -> str:
    """The periods of a p-chart, as an SVG element; *what* a mark is called."""
    from api.web.timeplot import specification  # noqa: PLC0415 - Altair takes half a second

    return _draw(specification(moments, centre, what, axes))


@_remembered
def bars(rows: Sequence[Bar], what: str, size: Size) -> str:
    """Bars beneath each other, as an SVG element; *what* a bar is called."""
    from api.web.barplot import specification  # noqa: PLC0415 - Altair takes half a second

    return _draw(specification(rows, what, size))


@_remembered
def curves(lines: Sequence[Curve], months: str, axes: Axes) -> str:
    """Who is still there, by the child's age, as an SVG element; *months* names the x axis."""
    from api.web.curveplot import specification  # noqa: PLC0415 - Altair takes half a second

    return _draw(specification(lines, months, axes))


@_remembered
def stretches(rows: Sequence[Stretch], what: str, size: Size) -> str:
    """Stretches of time beneath each other, as an SVG element; *what* one is called."""
    from api.web.planplot import stretches as specification  # noqa: PLC0415 - Altair again

    return _draw(specification(rows, what, size))


@_remembered
def fan(found: Fan, axes: Axes) -> str:
    """Draws over time with their bands, as an SVG element."""
    from api.web.planplot import fan as specification  # noqa: PLC0415 - Altair again

    return _draw(specification(found, axes))


def _draw(specification: Mapping[str, Any]) -> str:
    return _render(json.dumps(specification, sort_keys=True))


def _render(specification: str) -> str:
    # Never at import: a process that has drawn once and then forks leaves a child that hangs.
    import vl_convert  # noqa: PLC0415

    _register_fonts()
    svg = str(
        vl_convert.vegalite_to_svg(
            specification,
            vl_version=VEGA_LITE,
            allowed_base_urls=[],
            format_locale=NUMBERS,
            time_format_locale="nb-NO",
        )
    )
    return _ENGLISH.sub("", svg)


@cache
@lru_cache(maxsize=64)
def picture(svg: str) -> bytes:
    """A drawing as PNG, twice as fine as on a screen: for paper."""
    import vl_convert  # noqa: PLC0415

    _register_fonts()
    return bytes(vl_convert.svg_to_png(svg, scale=2))


def _register_fonts() -> None:
    """Let the renderer measure text with the pages' own typeface."""
    import vl_convert  # noqa: PLC0415

    vl_convert.register_font_directory(str(FONTS))
