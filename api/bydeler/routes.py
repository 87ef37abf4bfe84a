"""Bydeler and delbydeler, as they are on a day."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from api.bydeler.schemas import (
    BydelerSchema,
    BydelSchema,
    DayQuery,
    DelbydelerSchema,
    ForecastSchema,
)
from api.doorway import EVERY_ROLE, allow, guarded_blueprint, work
from nyefamilier.bydeler.rules import Boundaries, Bydel
from nyefamilier.bydeler.service import boundaries
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.visits.worklists import newborns_ahead

blueprint = guarded_blueprint("bydeler", __name__, "/api/v1/bydeler", roles=EVERY_ROLE)


@blueprint.get("")
@blueprint.arguments(DayQuery, location="query")
@blueprint.response(200, BydelerSchema)
def list_bydeler(query: dict[str, Any]) -> dict[str, Any]:
    """Every bydel on a day, by number; Sentrum, Marka and 99 among them.

    99 stands for families without a registered address.
    """
    known, on = _known(query)
    return {"on": on, "items": [_shown(known, one, on) for one in known.bydeler_on(on)]}


@blueprint.get("/<number>")
@blueprint.arguments(DayQuery, location="query")
@blueprint.response(200, BydelSchema)
def show_bydel(query: dict[str, Any], number: str) -> dict[str, Any]:
    """One bydel.

    With the bydel that serves its residents, where it has no administration of its own.
    """
    known, on = _known(query)
    return _shown(known, _bydel(known, number, on), on)


@blueprint.get("/<number>/delbydeler")
@blueprint.arguments(DayQuery, location="query")
@blueprint.response(200, DelbydelerSchema)
def list_delbydeler(query: dict[str, Any], number: str) -> dict[str, Any]:
    """The delbydeler of a bydel on a day.

    An address names its delbydel; the bydel follows from it, on every day anew.
    """
    known, on = _known(query)
    return {"on": on, "items": known.delbydeler_in(_bydel(known, number, on).number, on)}


@blueprint.get("/<number>/newborn-forecast")
@blueprint.response(200, ForecastSchema)
@allow(Role.LEAD)
def show_newborn_forecast(number: str) -> dict[str, Any]:
    """How many newborn visits to expect in each of the next 26 weeks, this one first.

    For the lead of the bydel. A forecast from the terms of the pregnancies that are known today,
    and from an estimate of how long pregnancies last; docs/scheduling.md says how.
    """
    with work() as current:
        return asdict(newborns_ahead(current, BydelNumber(number))) | {"on": current.today}


def _known(query: dict[str, Any]) -> tuple[Boundaries, date]:
    with work() as current:
        return boundaries(current.session), query["on"] or current.today


def _bydel(known: Boundaries, number: str, on: date) -> Bydel:
    found = known.bydel_on(BydelNumber(number), on)
    if found is None:
        raise NotFound("bydel")
    return found


def _shown(known: Boundaries, bydel: Bydel, on: date) -> dict[str, Any]:
    return asdict(bydel) | {"served_by": known.serving(bydel.number, on)}
