"""Open a family in an emergency, and look at it afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from api.describing import refuses
from api.doorway import allow, changes_no_record, guarded_blueprint, identity, work
from api.emergencies.schemas import (
    ASKED,
    REVIEWED,
    EmergenciesSchema,
    EmergencyAskSchema,
    EmergencyReviewSchema,
    EmergencySchema,
)
from api.records import Items
from nyefamilier.accounts.service import Attempt
from nyefamilier.families.emergencies import (
    Emergency,
    EmergencyAsk,
    emergencies,
    end_emergency,
    open_emergency,
    review_emergency,
)
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import Refusal

_REVIEWERS = (Role.LEAD, Role.PRIVACY_OFFICER)

blueprint = guarded_blueprint(
    "emergencies", __name__, "/api/v1/emergency-accesses", roles=[Role.NURSE, *_REVIEWERS]
)


@blueprint.post("")
@blueprint.arguments(EmergencyAskSchema, example=ASKED)
@blueprint.response(201, EmergenciesSchema)
@refuses(
    "reason-too-short",
    "password-wrong",
    "sign-in-too-often",
    "emergency-too-often",
    "follows-already",
    "national-id-check-digits",
    "national-id-length",
    "national-id-type",
    "real-national-id",
    "key-provider-away",
)
@changes_no_record
@allow(Role.NURSE)
def open_in_emergency(body: dict[str, Any]) -> Items:
    """Let yourself in to a family of your bydel that is not yours, for some hours.

    It is written into the family's log, the lead and the privacy officer see it at once, and
    somebody else looks at it within seven days. Asked again while it lasts, it is the same. A
    family of another bydel or with a protected address is a 404, like one that there is not.

    Raises:
        Refusal: see `families.emergencies.open_emergency`.
    """
    attempt = Attempt(identity().username, body.pop("password"), request.remote_addr or "")
    ask = EmergencyAsk(
        body["national_id"], body.get("national_id_type"), body["reason"], body["hours"]
    )
    with work() as current:
        outcome = open_emergency(current, ask, attempt)
    if isinstance(outcome, Refusal):
        raise outcome
    return Items(outcome)


@blueprint.get("")
@blueprint.response(200, EmergenciesSchema)
@refuses("key-provider-away", "record-damaged")
def list_emergencies() -> Items:
    """Emergency access: a nurse's own, those of a lead's bydel, all for a privacy officer.

    What nobody has looked at comes first. That it was shown stands in each family's access log,
    because the reason is shown with it.
    """
    with work() as current:
        return Items(emergencies(current))


@blueprint.post("/<uuid:grant_id>/end")
@blueprint.response(200, EmergencySchema)
@refuses("key-provider-away", "record-damaged")
@changes_no_record
def end_now(grant_id: UUID) -> Emergency:
    """End emergency access before its time; it holds from the next request on.

    The nurse who has it may, her lead, and the privacy officer. Said twice, it is said once.
    """
    with work() as current:
        return end_emergency(current, grant_id)


@blueprint.post("/<uuid:grant_id>/review")
@blueprint.arguments(EmergencyReviewSchema, example=REVIEWED)
@blueprint.response(200, EmergencySchema)
@refuses(
    "remark-missing", "emergency-lasts", "reviewed-already", "key-provider-away", "record-damaged"
)
@changes_no_record
@allow(*_REVIEWERS)
def review(body: dict[str, Any], grant_id: UUID) -> Emergency:
    """Say whether the nurse had to read it. Once, by somebody else, when it is over.

    The nurse can read what was found.
    """
    with work() as current:
        return review_emergency(current, grant_id, body["verdict"], body["remark"])
