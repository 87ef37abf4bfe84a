"""Uptake, bydel by bydel: a chart, the same numbers in a table, and what may not be claimed."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from api.doorway import allow
from api.web import charts
from api.web.asking import Row, asked
from api.web.blueprint import pages
from api.web.formats import number, percent
from api.web.marks import NARROW, WIDE, Dot, Reference
from api.web.texts import _
from nyefamilier.kernel.actors import Role
from nyefamilier.uptake.indicators import BydelUptake, Period, Share, UptakeReport

READERS = (Role.NURSE, Role.LEAD, Role.PLANNER)


@pages.get("/uptake")
@allow(*READERS)
def uptake() -> ResponseReturnValue:
    """How many said yes, in each bydel and in the city."""
    found = asked()
    rows, report = found.rows, found.report
    return render_template(
        "uptake.html",
        asked=found,
        own=next((row for row in rows if row.own), None),
        figure=None if report is None else _figure(rows, report),
        finding=None if report is None else _finding(rows, report),
        may_compare=found.role in {Role.LEAD, Role.PLANNER},
        years_hide=found.first != found.last and any(_hides(line) for line in _lines(report)),
    ), found.status


def _lines(report: UptakeReport | None) -> tuple[BydelUptake, ...]:
    return () if report is None else (*report.bydeler, report.city)


def _hides(line: BydelUptake) -> bool:
    """Whether a count of the line is hidden: it is small, or would give away one that is."""
    counts = line.eligible, line.offered, line.accepted, line.declined, line.later
    return None in {*counts, line.unanswered, line.reached}


def _figure(rows: list[Row], report: UptakeReport) -> dict[str, Markup] | None:
    """The chart in both widths; None when there is nothing to draw."""
    if not any(row.line.uptake is not None for row in rows):
        return None
    # Where nobody was offered anything there is nothing to draw, and nothing hidden either.
    dots = [_dot(row) for row in rows if row.line.offered != 0]
    share = report.city.uptake
    city = None if share is None else Reference(share.value, f"Oslo {percent(share.value)}")
    # The renderer escapes what it writes, and all of it is ours: names of bydeler and numbers.
    return {
        "wide": Markup(charts.dots(dots, city, WIDE)),  # noqa: S704
        "narrow": Markup(charts.dots(dots, city, NARROW)),  # noqa: S704
    }


def _dot(row: Row) -> Dot:
    share = row.line.uptake
    if share is None:
        words = _("%(bydel)s: hidden, so that no small number can be told", bydel=row.name)
        return Dot(row.name, words, None, 0, 0, _("hidden"), row.own)
    words = _(
        "%(bydel)s: %(share)s said yes, of %(offered)s families offered; between %(low)s and "
        "%(high)s with 95 %% certainty",
        bydel=row.name,
        share=percent(share.value),
        offered=number(row.line.offered),
        low=percent(share.low),
        high=percent(share.high),
    )
    return Dot(row.name, words, share.value, share.low, share.high, percent(share.value), row.own)


def _finding(rows: list[Row], report: UptakeReport) -> str:
    """The chart in one sentence or two, and no more than the interval bears."""
    own = next((row for row in rows if row.own), None)
    if own is not None and own.line.uptake is not None:
        return _of_own(own.name, own.line.uptake, report.city.uptake)
    rest = _of_all([row.line for row in rows], report)
    if own is None or own.line.offered == 0:
        return rest
    if _several(report.period) and _hides(own.line):
        told = _(
            "%(bydel)s: hidden for these years together, because at least one of them hides a "
            "number.",
            bydel=own.name,
        )
        return f"{told} {rest}"
    return _("The numbers of %(bydel)s are too small to be shown.", bydel=own.name) + " " + rest


def _of_own(bydel: str, share: Share, city: Share | None) -> str:
    told = _(
        "%(bydel)s: %(share)s of the families offered said yes.",
        bydel=bydel,
        share=percent(share.value),
    )
    if city is None:
        return told
    whole = percent(city.value)
    if share.low > city.value:
        compared = _("That is more than in Oslo as a whole (%(city)s).", city=whole)
    elif share.high < city.value:
        compared = _("That is less than in Oslo as a whole (%(city)s).", city=whole)
    else:
        compared = _("That cannot be told apart from Oslo as a whole (%(city)s).", city=whole)
    return f"{told} {compared}"


def _several(period: Period) -> bool:
    return period.first_month.year != period.last_month.year


def _of_all(lines: Sequence[BydelUptake], report: UptakeReport) -> str:
    if report.released is None:
        return _("No figures have been released yet. They are released each Monday.")
    city = report.city.uptake
    if city is not None:
        return _("In Oslo, %(share)s of the families offered said yes.", share=percent(city.value))
    known = [line.uptake.value for line in lines if line.uptake is not None]
    if not known and _several(report.period) and any(_hides(line) for line in lines):
        return _("For these years together no share can be shown.")
    if not known:
        return _("There are too few families in this period to show a share.")
    return _(
        "In the bydeler that can be shown, the share that said yes is from %(low)s to %(high)s.",
        low=percent(min(known)),
        high=percent(max(known)),
    )
