"""Variation between bydeler: funnel plots of uptake and reach, as a page and as a file."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from api.doorway import allow
from api.files.tables import Cell, Column, Kind, Table
from api.web import charts
from api.web.asking import Asked, asked
from api.web.blueprint import pages
from api.web.comparing import MEASURES, Compared, Comparison, compare, finding, width
from api.web.downloads import TABLES, table_file
from api.web.formats import number, percent
from api.web.marks import NARROW_FUNNEL, WIDE_FUNNEL, Edge, Reference, Spot
from api.web.texts import _
from nyefamilier.access.exports import Export
from nyefamilier.kernel.actors import Role
from nyefamilier.uptake.funnel import Funnel, Verdict

READERS = (Role.LEAD, Role.PLANNER)
_STEPS = 60
"""How many corners a limit is drawn with."""


@pages.get("/variation")
@allow(*READERS)
def variation() -> ResponseReturnValue:
    """How much bydeler vary, and how much of it chance can explain."""
    return _page(asked())


@pages.get("/variation.<any(csv,xlsx,parquet):form>")
@allow(*READERS)
def variation_file(form: str) -> ResponseReturnValue:
    """The same figures as a file; the page, where the question was wrong."""
    found = asked()
    if found.report is None:
        return _page(found)
    period = f"{found.first}-{found.last}"
    return table_file(_table(found, period), Export("variation", period, None, form))


def _page(found: Asked) -> ResponseReturnValue:
    return render_template(
        "variation.html",
        asked=found,
        files=TABLES,
        sections=[(one, finding(one), width(one), _figure(one)) for one in _comparisons(found)],
    ), found.status


def _comparisons(found: Asked) -> list[Comparison]:
    """One for each measure; none where the question was wrong."""
    if found.report is None:
        return []
    return [compare(measure, found.rows, found.report) for measure in MEASURES]


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


def _table(asked_for: Asked, period: str) -> Table:
    rows = [
        [one.measure.code, asked_for.first, asked_for.last, row.row.line.bydel, row.row.name,
         *_numbers(row), row.words]
        for one in _comparisons(asked_for)
        for row in one.bydeler
    ]  # fmt: skip
    about = [
        (_("Hidden"), _("An empty cell is hidden: one to four families, or what would give such a "
                        "number away.")),
        (_("Shares"), _("With Wilson's 95 %% interval. A share of fewer than ten families is not "
                        "shown.") % ()),
        (_("Not to be claimed"), _("Nothing here says that the visits have had an effect, or that "
                                   "one bydel is better than another.")),
    ]  # fmt: skip
    return Table(f"variation-{period}", _("Variation between bydeler"), _columns(), rows, about)


def _columns() -> list[Column]:
    shares = {
        "share": _("Share"), "low": _("Interval, from"), "high": _("Interval, to"),
        "outer_low": _("Outer limit, low"), "inner_low": _("Inner limit, low"),
        "inner_high": _("Inner limit, high"), "outer_high": _("Outer limit, high"),
    }  # fmt: skip
    return [
        Column("indicator", "indicator"),
        Column("from", "from", Kind.WHOLE),
        Column("to", "to", Kind.WHOLE),
        Column("bydel", "bydel"),
        Column("name", _("Bydel")),
        Column("numerator", _("Numerator"), Kind.WHOLE),
        Column("denominator", _("Denominator"), Kind.WHOLE),
        *(Column(code, title, Kind.SHARE) for code, title in shares.items()),
        Column("verdict", _("Set against the limits")),
    ]


def _numbers(one: Compared) -> list[Cell]:
    point, share, at = one.point, one.share, one.limits
    cells: list[Cell] = [None] * 5
    if point is not None and share is not None:
        cells = [point.part, point.whole, share.value, share.low, share.high]
    if at is None:
        return [*cells, None, None, None, None]
    return [*cells, at.outer_low, at.inner_low, at.inner_high, at.outer_high]
