"""What births and absences put out of place in a family, and setting it right in one step."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.describing import refuses, takes
from api.doorway import allow, guarded_blueprint, work
from api.rearranging.schemas import (
    REPLANNING,
    ReplanningSchema,
    ReplanSchema,
)
from api.records import ETAG
from api.versions import IF_MATCH_REQUIRED, etag, mutation_id, record_rev_from_if_match
from api.visits.schemas import BOOKING_REFUSALS
from api.writes import Answered, NewIds, answer_to, answers
from nyefamilier.door.mutations import Mutation
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import Refusal
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.visits.intents import BookVisit, CancelVisit
from nyefamilier.visits.placing import Placing
from nyefamilier.visits.rearranging import Replan, replan

blueprint = guarded_blueprint("replan", __name__, "/api/v1/families", roles=[Role.NURSE])


@blueprint.get("/<uuid:family_id>/replan")
@blueprint.response(200, ReplanSchema, headers=ETAG)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def show_replan(family_id: UUID) -> tuple[dict[str, Any], dict[str, str]]:
    """What has come out of place in the family's plan, and the times that would suit instead.

    Windows follow births by themselves; agreed times do not, nor does a nurse's absence move
    them. After a loss nothing is told of what a birth moved. Its `ETag` is what a decision about
    it must name.
    """
    with work() as current:
        found = replan(current, FamilyId(family_id))
    return _shown(found), {"ETag": etag(found.moved.rev)}


@blueprint.post("/<uuid:family_id>/replan")
@blueprint.arguments(ReplanningSchema, example=REPLANNING)
@answers(blueprint, 200, conditional=False)
@takes(IF_MATCH_REQUIRED)
@refuses(*BOOKING_REFUSALS, "if-match-required", "no-operations")
def replan_visits(body: dict[str, Any], family_id: UUID) -> Answered:
    """Call visits off and agree on times for others, all of it or nothing.

    What is called off gives its time back first. A visit that is agreed on anew at the time that
    it has is in its place from then on. Any of the family's planned or booked visits can be named;
    an id that no visit has yet books a new one under it.
    """
    cancelled = [CancelVisit(**one) for one in body["cancellations"]]
    booked = [BookVisit(**one) for one in body["moves"]]
    rev = record_rev_from_if_match()
    mutation = Mutation(mutation_id(), FamilyId(family_id), (*cancelled, *booked), rev)
    try:
        return answer_to(mutation, NewIds())
    except Refusal as refusal:
        refusal.pointer = _pointer(refusal, len(cancelled))
        raise


def _pointer(refusal: Refusal, cancelled: int) -> str | None:
    """Where in the body the operation stands that was refused."""
    number = refusal.operation
    if number is None:
        return refusal.pointer
    if number < cancelled:
        return f"/cancellations/{number}{refusal.pointer or ''}"
    return f"/moves/{number - cancelled}{refusal.pointer or ''}"


def _shown(found: Replan) -> dict[str, Any]:
    return {
        "born_on": found.moved.born_on,
        "out_of_place": [
            {name: getattr(one, name) for name in _AGREEMENT}
            | _times(found.times.get(one.visit_id))
            for one in found.moved.agreements
        ],
        "due": [
            {"visit_id": one.visit_id, "kind": one.kind, "window": one.window}
            | _times(found.times.get(one.visit_id))
            for one in found.moved.due
        ],
        "off_the_plan": found.moved.off_the_plan,
    }


_AGREEMENT = (
    "visit_id",
    "kind",
    "begins",
    "ends",
    "place",
    "nurse_id",
    "second_nurse_id",
    "window",
    "reasons",
)


def _times(placing: Placing | None) -> dict[str, Any]:
    if placing is None:
        return {"slots": (), "why": None, "nearest": ()}
    return {name: getattr(placing.answer, name) for name in ("slots", "why", "nearest")}
