"""The parents' needs: stated and closed by them, reviewed together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.describing import refuses
from api.doorway import allow, guarded_blueprint, work
from api.needs import schemas
from api.records import Items, the_one
from api.writes import Answered, NewIds, answer_to, answers, change
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.states import NeedState
from nyefamilier.needs.views import Need, needs

blueprint = guarded_blueprint("needs", __name__, "/api/v1/families", roles=[Role.NURSE])


@blueprint.get("/<uuid:family_id>/needs")
@blueprint.response(200, schemas.NeedsSchema)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def list_needs(family_id: UUID) -> Items:
    """A family's needs, oldest first.

    Each with its reviews; for a lead without their words.
    """
    with work() as current:
        return Items(needs(current, FamilyId(family_id)))


@blueprint.post("/<uuid:family_id>/needs")
@blueprint.arguments(schemas.NewNeedSchema, example=schemas.NEED)
@answers(blueprint, 201)
@refuses("need-empty", "not-a-parent", "text-too-long")
def state_need(body: dict[str, Any], family_id: UUID) -> Answered:
    """Write down what a parent says that the family needs.

    In the parent's own words. It stands first on the visit screen, before any form.
    """
    ids = NewIds()
    need_id = ids.one("need", body.pop("id", None))
    mutation = change(family_id, StateNeed(need_id, **body))
    return answer_to(mutation, ids, at=f"/needs/{need_id}", moved={"/member_id": "/stated_by"})


@blueprint.get("/<uuid:family_id>/needs/<uuid:need_id>")
@blueprint.response(200, schemas.NeedSchema)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def show_need(family_id: UUID, need_id: UUID) -> Need:
    """One need.

    With its reviews, oldest first.
    """
    with work() as current:
        return the_one(needs(current, FamilyId(family_id)), need_id, "need")


@blueprint.post("/<uuid:family_id>/needs/<uuid:need_id>/reviews")
@blueprint.arguments(schemas.ReviewSchema, example=schemas.REVIEW)
@answers(blueprint, 201)
@refuses("need-closed", "need-closed-by-parents-only", "need-empty", "text-too-long")
def review_need(body: dict[str, Any], family_id: UUID, need_id: UUID) -> Answered:
    """Nurse and parents look at an open need together.

    A need that is met is not reviewed but closed, by a parent.
    """
    ids = NewIds(need=need_id)
    intent = ReviewNeed(ids.one("review", body.pop("id", None)), need_id, **body)
    return answer_to(change(family_id, intent), ids, at=f"/needs/{need_id}")


@blueprint.post("/<uuid:family_id>/needs/<uuid:need_id>/close")
@blueprint.arguments(schemas.ClosingSchema, example=schemas.CLOSING)
@answers(blueprint, 200)
@refuses("need-closed", "need-empty", "not-a-parent", "text-too-long")
def close_need(body: dict[str, Any], family_id: UUID, need_id: UUID) -> Answered:
    """A parent closes a need: it is met, or no longer wished.

    A need that comes back is stated anew.
    """
    ids = NewIds(need=need_id)
    body["state"] = NeedState(body["state"])
    intent = CloseNeed(ids.one("review", body.pop("id", None)), need_id, **body)
    return answer_to(change(family_id, intent), ids, moved={"/member_id": "/closed_by"})
