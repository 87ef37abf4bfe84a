"""Uptake and reach: figures without a family in them."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.describing import refuses
from api.doorway import guarded_blueprint, work
from api.fields import NothingAsked
from api.uptake.schemas import CatalogueSchema, DefinitionSchema, UptakeQuery, UptakeSchema
from nyefamilier.bydeler.rules import Boundaries
from nyefamilier.bydeler.service import boundaries
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.indicators import Period
from nyefamilier.uptake.questions import require_order, require_year
from nyefamilier.uptake.reading import Catalogue, Definition
from nyefamilier.uptake.redrawing import Map
from nyefamilier.uptake.releasing import FIRST_YEAR
from nyefamilier.uptake.service import definition, definitions, uptake_of

_READERS = [Role.NURSE, Role.LEAD, Role.PLANNER]

blueprint = guarded_blueprint("uptake", __name__, "/api/v1/uptake", roles=_READERS)
indicators = guarded_blueprint("indicators", __name__, "/api/v1/indicators", roles=_READERS)


@blueprint.get("")
@blueprint.arguments(UptakeQuery, location="query")
@blueprint.response(200, UptakeSchema)
@refuses("period-in-future", "period-not-published", "period-swapped", "unknown-bydel")
def show_uptake(query: dict[str, Any]) -> dict[str, Any]:
    """Uptake and reach of the families identified in some calendar years, bydel by bydel.

    A year is the finest period: from two shorter ones a handful of families could be worked out.
    Figures are released each Monday; small numbers are hidden, and alike in every answer that
    holds them. What each figure counts is in `GET /api/v1/indicators`.
    """
    with work() as current:
        period = _period(query["first"], query["last"], current.today.year)
        day = period.last_month if query["map"] is Map.THEN else current.today
        bydel = _bydel(boundaries(current.session), query["bydel"], day)
        report = uptake_of(current, period, bydel, query["map"])
    return {
        "first_year": period.first_month.year,
        "last_year": period.last_month.year,
        "bydeler": report.bydeler,
        "city": report.city,
        "released": report.released,
        "behind": report.behind,
    }


@indicators.get("")
@indicators.arguments(NothingAsked, location="query")
@indicators.response(200, CatalogueSchema)
@refuses("invalid-fields")
def list_indicators(_query: dict[str, Any]) -> Catalogue:
    """What each figure counts, and what may not be claimed by it.

    Every indicator that there is, under the name that the figures' answers call it by.
    """
    with work() as current:
        return definitions(current)


@indicators.get("/<indicator>")
@indicators.arguments(NothingAsked, location="query")
@indicators.response(200, DefinitionSchema)
@refuses("invalid-fields")
def show_indicator(_query: dict[str, Any], indicator: str) -> Definition:
    """What one figure counts.

    A share names the two counts that it is made of; they are indicators too.
    """
    with work() as current:
        return definition(current, indicator)


def _period(first: int, last: int, this_year: int) -> Period:
    for year, pointer in ((first, "/from"), (last, "/to")):
        require_year(year, this_year, first=FIRST_YEAR, pointer=pointer)
    require_order(first, last, pointer="/from")
    return Period.years(first, last)


def _bydel(known: Boundaries, number: str | None, on: date) -> BydelNumber | None:
    if number is None:
        return None
    found = known.bydel_on(BydelNumber(number), on)
    if found is None:
        raise RuleBroken(
            "unknown-bydel", "`GET /api/v1/bydeler` lists the bydeler.", pointer="/bydel"
        )
    return found.number
