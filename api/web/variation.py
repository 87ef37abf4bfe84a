"""Variation between bydeler: funnel plots of uptake and reach, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from api.doorway import allow, work
from api.web import charts
from api.web.asking import (
    Row,
    asked_report,
    asked_years,
    bydel_options,
    pointed_out,
    rows_of,
    year_options,
)
from api.web.blueprint import pages
from api.web.comparing import MEASURES, Compared, Comparison, compare, finding, width
from api.web.formats import number, percent
from api.web.forms import Form
from api.web.marks import NARROW_FUNNEL, WIDE_FUNNEL, Edge, Reference, Spot
from api.web.sheets import Cell, csv_file
from api.web.texts import _
from nyefamilier.kernel.actors import Role
from nyefamilier.uptake.funnel import Funnel, Verdict
from nyefamilier.uptake.indicators import UptakeReport

READERS = (Role.LEAD, Role.PLANNER)
_STEPS = 60
"""How many corners a limit is drawn with."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for, and what there is to show of it."""

    form: Form
    first: int
    last: int
    years: list[tuple[str, str]]
    rows: list[Row]
    report: UptakeReport | None

    def comparisons(self) -> list[Comparison]:
        """One for each measure; none where the question was wrong."""
        if self.report is None:
            return []
        return [compare(measure, self.rows, self.report) for measure in MEASURES]


@pages.get("/variation")
@allow(*READERS)
def variation() -> ResponseReturnValue:
    """How much bydeler vary, and how much of it chance can explain."""
    return _page(_asked())


@pages.get("/variation.csv")
@allow(*READERS)
def variation_file() -> ResponseReturnValue:
    """The same figures as a file; the page, where the question was wrong."""
    asked = _asked()
    if asked.report is None:
        return _page(asked)
    return csv_file(f"variation-{asked.first}-{asked.last}", _lines(asked))


def _asked() -> Asked:
    form = Form()
    with work() as current:
        years = year_options(current.today)
        first, last = asked_years(form, current.today)
        report = asked_report(form, current, first, last)
        own = pointed_out(current)
        rows = [] if report is None else rows_of(current, report, own)
    form.typed.update({"from": str(first), "to": str(last), "bydel": own or ""})
    return Asked(form, first, last, years, rows, report)


def _page(asked: Asked) -> ResponseReturnValue:
    return render_template(
        "variation.html",
        form=asked.form,
        years=asked.years,
        first=asked.first,
        last=asked.last,
        asked={"from": asked.first, "to": asked.last, "bydel": request.args.get("bydel", "")},
        bydel_options=bydel_options(asked.rows),
        sections=[
            (found, finding(found), width(found), _figure(found)) for found in asked.comparisons()
        ],
    ), (200 if asked.report is not None else 422)


def _figure(found: Comparison) -> dict[str, Markup] | None:
    """The funnel in both widths; None where there is no bydel or no limit to draw."""
    if found.funnel is None or not found.shown:
        return None
    spots = [_spot(one) for one in found.shown]
    target = found.funnel.target
    city = Reference(target, f"Oslo {percent(target)}")
    edges = _edges(found.funnel, [spot.whole for spot in spots])
    axis = str(found.measure.whole_words)
    # The renderer escapes what it writes, and all of it is ours: names of bydeler and numbers.
    return {
        "wide": Markup(charts.funnel(spots, edges, city, axis, WIDE_FUNNEL)),  # noqa: S704
        "narrow": Markup(charts.funnel(spots, edges, city, axis, NARROW_FUNNEL)),  # noqa: S704
    }


def _edges(funnel: Funnel, wholes: list[int]) -> list[Edge]:
    """The limits from somewhat fewer families than the fewest to somewhat more than the most."""
    first, last = max(5, min(wholes) * 7 // 10), max(wholes) * 21 // 20 + 1
    step = max(1, (last - first) // _STEPS)
    edges = []
    for whole in [*range(first, last, step), last]:
        at = funnel.limits(whole)
        edges.append(Edge(whole, at.outer_low, at.inner_low, at.inner_high, at.outer_high))
    return edges


def _spot(one: Compared) -> Spot:
    if one.point is None:
        raise ValueError("what is hidden is not drawn")
    words = _(
        "%(bydel)s: %(share)s of %(families)s families; %(verdict)s",
        bydel=one.row.name,
        share=percent(one.point.share),
        families=number(one.point.whole),
        verdict=one.words,
    )
    is_named = one.row.own or one.verdict is not Verdict.WITHIN
    return Spot(one.row.name, words, one.point.whole, one.point.share, is_named, one.row.own)


def _lines(asked: Asked) -> Iterator[list[Cell]]:
    yield [
        "indicator", "from", "to", "bydel", _("Bydel"), _("Numerator"), _("Denominator"),
        _("Share"), _("Interval, from"), _("Interval, to"), _("Outer limit, low"),
        _("Inner limit, low"), _("Inner limit, high"), _("Outer limit, high"),
        _("Set against the limits"),
    ]  # fmt: skip
    for found in asked.comparisons():
        for one in found.bydeler:
            known: list[Cell] = [found.measure.code, asked.first, asked.last]
            yield [*known, one.row.line.bydel, one.row.name, *_numbers(one), one.words]


def _numbers(one: Compared) -> list[Cell]:
    point, share, at = one.point, one.share, one.limits
    cells: list[Cell] = [None] * 5
    if point is not None and share is not None:
        cells = [point.part, point.whole, share.value, share.low, share.high]
    if at is None:
        return [*cells, None, None, None, None]
    return [*cells, at.outer_low, at.inner_low, at.inner_high, at.outer_high]
