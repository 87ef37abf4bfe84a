"""Plan, book, record and cancel visits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from api.describing import refuses
from api.doorway import allow, guarded_blueprint, work
from api.records import Items, the_one
from api.visits import schemas
from api.writes import Answered, NewIds, answer_to, answers, change
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.visits.intents import (
    BookVisit,
    CancelVisit,
    NextVisit,
    RecordVisit,
    ReworkPlan,
)
from nyefamilier.visits.openings import WISHES
from nyefamilier.visits.placing import Wanted, slots
from nyefamilier.visits.views import Plan, Visit, plan, visits

blueprint = guarded_blueprint("visits", __name__, "/api/v1/families", roles=[Role.NURSE])


@blueprint.get("/<uuid:family_id>/plan")
@blueprint.response(200, schemas.PlanSchema)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def show_plan(family_id: UUID) -> Plan:
    """The family's plan.

    Its two anchors, soft suggestions, what is agreed, and the statutory consultations around
    them. A window that has passed is not overdue; it has passed.
    """
    with work() as current:
        return plan(current, FamilyId(family_id))


@blueprint.post("/<uuid:family_id>/plan/rework")
@blueprint.arguments(schemas.ReworkSchema, example=schemas.REWORK)
@answers(blueprint, 200)
def rework_plan(body: dict[str, Any], family_id: UUID) -> Answered:
    """Bring a family's plan in line with its protocol and its days.

    The programme does so by itself when a day changes, and looks again each night.
    """
    ids = NewIds(enrolment=body["enrolment_id"])
    return answer_to(change(family_id, ReworkPlan(**body)), ids)


@blueprint.get("/<uuid:family_id>/visits")
@blueprint.response(200, schemas.VisitsSchema)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def list_visits(family_id: UUID) -> Items:
    """A family's visits, in the order in which they fall.

    Those of the plan and those that were agreed, whatever became of them.
    """
    with work() as current:
        return Items(visits(current, FamilyId(family_id)))


@blueprint.get("/<uuid:family_id>/slots")
@blueprint.arguments(schemas.SlotsQuery, location="query")
@blueprint.response(200, schemas.SlotsSchema)
@refuses("birth-awaited", "key-provider-away", "visit-closed")
@allow(Role.NURSE, Role.LEAD)
def list_slots(query: dict[str, Any], family_id: UUID) -> dict[str, Any]:
    """The times that the family can be offered for a visit, best first.

    In the visit's window first, the own nurse first, then travel, wishes and fairness; each with
    the reasons of its place. Where nothing in the window works, `why` says so and `nearest` tells
    what would. The newborn visit has no times before the birth.
    """
    wanted = Wanted(
        visit_id=query["visit"],
        on=query["on"],
        lasts=timedelta(minutes=query["minutes"]),
        place=query["place"],
        two_nurses=query["two_nurses"],
        wishes=frozenset(WISHES[one] for one in query["wish"]),
    )
    with work() as current:
        found = slots(current, FamilyId(family_id), wanted)
    shown = {name: getattr(found.answer, name) for name in ("slots", "why", "nearest")}
    return shown | {"visit_id": found.visit_id, "window": found.window}


@blueprint.post("/<uuid:family_id>/visits")
@blueprint.arguments(schemas.NewVisitSchema, example=schemas.BOOKING)
@answers(blueprint, 201)
@refuses(*schemas.BOOKING_REFUSALS, "unknown-visit-kind")
def book_new_visit(body: dict[str, Any], family_id: UUID) -> Answered:
    """Agree on a visit that stands in no plan yet.

    A planned visit is booked at its own address instead.
    """
    ids = NewIds()
    visit_id = ids.one("visit", body.pop("id", None))
    return answer_to(change(family_id, BookVisit(visit_id, **body)), ids, at=f"/visits/{visit_id}")


@blueprint.get("/<uuid:family_id>/visits/<uuid:visit_id>")
@blueprint.response(200, schemas.VisitSchema)
@refuses("key-provider-away")
@allow(Role.NURSE, Role.LEAD)
def show_visit(family_id: UUID, visit_id: UUID) -> Visit:
    """One visit.

    Words, as what was agreed, are null for who may not read them.
    """
    with work() as current:
        return the_one(visits(current, FamilyId(family_id)), visit_id, "visit")


@blueprint.post("/<uuid:family_id>/visits/<uuid:visit_id>/book")
@blueprint.arguments(schemas.BookingSchema, example=schemas.BOOKING)
@answers(blueprint, 200)
@refuses(*schemas.BOOKING_REFUSALS)
def book_visit(body: dict[str, Any], family_id: UUID, visit_id: UUID) -> Answered:
    """Agree on a time for a planned visit, or on another one for a booked visit.

    An id that no visit has yet books a new visit under it.
    """
    ids = NewIds(visit=visit_id)
    return answer_to(change(family_id, BookVisit(visit_id, **body)), ids)


@blueprint.post("/<uuid:family_id>/visits/<uuid:visit_id>/record")
@blueprint.arguments(schemas.RecordSchema, example=schemas.RECORD)
@answers(blueprint, 200)
@refuses(
    "birth-awaited",
    "date-too-old",
    "interpreter-reason",
    "nurse-not-qualified",
    "outside-hours",
    "time-taken",
    "unknown-nurse",
    "unknown-visit-kind",
    "visit-closed",
    "visit-days-differ",
    "visit-in-future",
    "visit-in-past",
    "visit-minutes",
    "visit-too-far",
)
def record_visit(body: dict[str, Any], family_id: UUID, visit_id: UUID) -> Answered:
    """Record what became of a visit.

    A visit that stands in the plan is recorded under its own id. One that just happened is
    recorded under a new UUID that you make; `kind` then says which of the protocol's visits it
    was, if it was one. One record feeds every statistic that counts the visit.
    """
    ids = NewIds(visit=visit_id)
    for several in ("present", "themes"):
        body[several] = tuple(body.get(several, ()))
    if "next_visit" in body:
        told = body["next_visit"]
        body["next_visit"] = NextVisit(ids.one("next_visit", told.pop("id", None)), **told)
    return answer_to(change(family_id, RecordVisit(visit_id, **body)), ids)


@blueprint.post("/<uuid:family_id>/visits/<uuid:visit_id>/cancel")
@blueprint.arguments(schemas.CancellationSchema, example=schemas.CANCELLATION)
@answers(blueprint, 200)
@refuses("visit-closed")
def cancel_visit(body: dict[str, Any], family_id: UUID, visit_id: UUID) -> Answered:
    """A planned or booked visit will not take place.

    Should it take place after all, it can still be recorded.
    """
    ids = NewIds(visit=visit_id)
    return answer_to(change(family_id, CancelVisit(visit_id, **body)), ids)
