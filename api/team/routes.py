"""Give a family an address, nurses, and a new home in another bydel."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.describing import refuses
from api.doorway import allow, guarded_blueprint
from api.families import examples
from api.families.parts import address_of
from api.families.schemas import NewAddressSchema
from api.team.schemas import AssignmentSchema, CoverSchema, NewMoveSchema
from api.writes import Answered, NewIds, answer_to, answers, change
from nyefamilier.families.intents import AssignNurse, CoverNurse, MoveFamily, SetAddress
from nyefamilier.kernel.actors import Role

blueprint = guarded_blueprint("team", __name__, "/api/v1", roles=[Role.NURSE])

_PATH = "/families/<uuid:family_id>"
_ADDRESS = (
    "address-before-present",
    "address-of-protected",
    "date-too-old",
    "delbydel-missing",
    "delbydel-of-protected",
    "unknown-delbydel",
)


@blueprint.post(f"{_PATH}/addresses")
@blueprint.arguments(NewAddressSchema, example=examples.ADDRESS)
@answers(blueprint, 201)
@refuses(*_ADDRESS)
def set_address(body: dict[str, Any], family_id: UUID) -> Answered:
    """The family lives elsewhere, or its address got another protection.

    The address before ends on the day on which this one begins. A family that leaves the bydel
    for good is moved instead, so that its new team has it.
    """
    ids = NewIds()
    intent = SetAddress(address_of(body, ids))
    return answer_to(change(family_id, intent), ids, at="", moved={"/address": ""})


@blueprint.post(f"{_PATH}/team")
@blueprint.arguments(AssignmentSchema, example=examples.ASSIGNMENT)
@answers(blueprint, 201)
@refuses("nurse-changed", "unknown-nurse")
@allow(Role.NURSE, Role.LEAD)
def assign_nurse(body: dict[str, Any], family_id: UUID) -> Answered:
    """Give the family a primary nurse.

    The one before has no access from that moment on.
    """
    ids = NewIds()
    intent = AssignNurse(ids.one("team", body.get("id")), body["nurse_id"])
    return answer_to(change(family_id, intent), ids, at="")


@blueprint.post(f"{_PATH}/cover")
@blueprint.arguments(CoverSchema, example=examples.COVER)
@answers(blueprint, 201)
@refuses("cover-period", "unknown-nurse")
@allow(Role.NURSE, Role.LEAD)
def cover_nurse(body: dict[str, Any], family_id: UUID) -> Answered:
    """Let a nurse cover for the primary one, until and including a day.

    She reads and writes as the primary nurse does, and gives the family to nobody.
    """
    ids = NewIds()
    intent = CoverNurse(ids.one("team", body.get("id")), body["nurse_id"], body["until"])
    return answer_to(change(family_id, intent), ids, at="")


@blueprint.post(f"{_PATH}/moves")
@blueprint.arguments(NewMoveSchema, example=examples.MOVE)
@answers(blueprint, 201)
@refuses(*_ADDRESS, "nurse-changed", "nurse-required", "unknown-nurse")
@allow(Role.NURSE, Role.LEAD)
def move_family(body: dict[str, Any], family_id: UUID) -> Answered:
    """The family moves: a new address, and a new team where the bydel changes.

    The new team has the family, and the old one no longer, at one moment. Without `to_nurse` a
    family that changes bydel waits for its new lead to give it one.
    """
    ids = NewIds()
    intent = MoveFamily(
        move_id=ids.one("move", body.get("id")),
        address=address_of(body["address"], ids),
        to_nurse=body.get("to_nurse"),
        team_id=ids.one("team") if "to_nurse" in body else None,
        summary=body.get("summary"),
    )
    return answer_to(change(family_id, intent), ids, at="")
