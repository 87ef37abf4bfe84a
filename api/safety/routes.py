"""Check in before being out alone, check out; for the base, who is late and where she is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from api.describing import refuses
from api.doorway import allow, changes_no_record, guarded_blueprint, work
from api.records import Items
from api.safety.patience import grace
from api.safety.schemas import (
    OUTING,
    OutingSchema,
    OutingsSchema,
    OutingToldSchema,
    WhereaboutsSchema,
)
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.safety.rules import Told
from nyefamilier.safety.service import settle, tell
from nyefamilier.safety.views import Outing, Whereabouts, outings, shown, whereabouts

blueprint = guarded_blueprint(
    "safety", __name__, "/api/v1/safety/outings", roles=[Role.NURSE, Role.LEAD]
)


@blueprint.put("/<uuid:outing_id>")
@blueprint.arguments(OutingToldSchema, example=OUTING)
@blueprint.response(200, OutingSchema)
@changes_no_record
@allow(Role.NURSE)
def tell_of_outing(body: dict[str, Any], outing_id: UUID) -> Outing:
    """Check in, stay longer, check out: all that the phone knows of one outing of its nurse's.

    The phone makes the id. Sent again, late or in another order it comes to the same; a check-out
    is never undone. Sent with nothing new it says that the phone has been heard of.
    """
    told = Told(
        step=body["step"],
        began_ago=timedelta(seconds=body["began_seconds_ago"]),
        lasts=timedelta(minutes=body["minutes"]),
        ended_ago=_seconds(body["ended_seconds_ago"]),
        family_id=body["family_id"],
    )
    with work() as current:
        return shown(current, tell(current, outing_id, told), grace())


@blueprint.get("")
@blueprint.response(200, OutingsSchema)
def list_outings() -> Items:
    """Who is out, the most pressing first, then who came back in the last 24 hours.

    A lead sees her bydel's nurses, a nurse her own outings. Nothing of any family is told.
    """
    with work() as current:
        return Items(outings(current, grace()))


@blueprint.post("/<uuid:outing_id>/settle")
@blueprint.response(200, OutingSchema)
@refuses("no-alarm")
@changes_no_record
@allow(Role.LEAD)
def settle_alarm(outing_id: UUID) -> Outing:
    """Say that a nurse of your bydel who is late has been reached: the alarm is closed.

    She may check out later all the same. If she stays longer and is late then, there is another.
    """
    with work() as current:
        return shown(current, settle(current, outing_id, grace()), grace())


@blueprint.get("/<uuid:outing_id>/where")
@blueprint.response(200, WhereaboutsSchema)
@refuses("no-alarm", "key-provider-away", "record-damaged")
@allow(Role.LEAD)
def show_whereabouts(outing_id: UUID) -> Whereabouts:
    """Where a nurse of your bydel is who is late; written into the family's access log.

    404 when she was with no family, or with one that is not yours to know: the two look alike.
    """
    with work() as current:
        found = whereabouts(current, outing_id, grace())
    if found is None:
        raise NotFound("place", mending="Ask those who work with her.")
    return found


def _seconds(told: int | None) -> timedelta | None:
    return None if told is None else timedelta(seconds=told)
