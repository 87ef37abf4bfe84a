"""The report of a bydel or of Oslo: the same figures as on the page and in the files."""

from __future__ import annotations

from typing import Any

from api.describing import refuses
from api.doorway import guarded_blueprint, work
from api.fields import NothingAsked
from api.reports.schemas import ReportSchema
from nyefamilier.access.exports import Export, note_export
from nyefamilier.kernel.actors import Role
from nyefamilier.uptake.reporting import Figure, Report, ReportPeriod, Section, parsed
from nyefamilier.uptake.reports import report

blueprint = guarded_blueprint(
    "reports", __name__, "/api/v1/reports", roles=[Role.LEAD, Role.PLANNER]
)


@blueprint.get("/<bydel>/<year>")
@blueprint.arguments(NothingAsked, location="query")
@blueprint.response(200, ReportSchema)
@refuses("invalid-fields", "period-in-future", "period-not-over", "period-not-published")
def show_year(_query: dict[str, Any], bydel: str, year: str) -> dict[str, Any]:
    """The report of a bydel's calendar year, once that is over; `oslo` is the whole city.

    From released figures; small numbers are hidden. It is written down who took it.
    """
    return _taken(bydel, parsed(year))


@blueprint.get("/<bydel>/<year>/<part>")
@blueprint.arguments(NothingAsked, location="query")
@blueprint.response(200, ReportSchema)
@refuses("invalid-fields", "period-in-future", "period-not-over", "period-not-published")
def show_tertial(_query: dict[str, Any], bydel: str, year: str, part: str) -> dict[str, Any]:
    """The report of a tertial, once that is over: `t1`, `t2` or `t3`.

    January to April, May to August, September to December. What a report has by year only is of the
    whole year, and its section says so. It is written down who took it.
    """
    return _taken(bydel, parsed(year, part))


def _taken(bydel: str, period: ReportPeriod) -> dict[str, Any]:
    with work() as current:
        found = report(current, bydel, period)
        note_export(current, Export("report", str(period), found.bydel, "json"))
    return _shown(found)


def _shown(found: Report) -> dict[str, Any]:
    return {
        "bydel": found.bydel,
        "period": str(found.period),
        "first_day": found.period.first_day,
        "last_day": found.period.last_day,
        "released": found.released,
        "behind": found.behind,
        "sections": [_section(one) for one in found.sections],
    }


def _section(one: Section) -> dict[str, Any]:
    return {
        "code": one.code,
        "is_whole_year": one.is_whole_year,
        "figures": [_figure(figure) for figure in one.figures],
        "revisions": one.revisions,
        "missing": one.missing,
        "unreleased": one.unreleased,
    }


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "code": one.code,
        "is_estimate": one.is_estimate,
        "part": one.reading.part,
        "whole": None if one.is_count else one.reading.whole,
        "share": None if one.is_count else one.reading.share,
    }
