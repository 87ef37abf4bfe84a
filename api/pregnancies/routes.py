"""Register a pregnancy, and write down how it ends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from api.describing import refuses
from api.doorway import guarded_blueprint
from api.families import examples
from api.families.parts import Body, pregnancy_of
from api.families.schemas import NewPregnancySchema
from api.pregnancies.schemas import (
    BirthDaySchema,
    BirthSchema,
    HomecomingSchema,
    LossSchema,
    TermSchema,
)
from api.writes import Answered, NewIds, answer_to, answers, change
from nyefamilier.families.intents import (
    CorrectBirth,
    CorrectTerm,
    NewChild,
    RecordBirth,
    RecordHomecoming,
    RecordLoss,
)
from nyefamilier.families.states import Outcome
from nyefamilier.kernel.actors import Role

blueprint = guarded_blueprint("pregnancies", __name__, "/api/v1", roles=[Role.NURSE])

_PATH = "/families/<uuid:family_id>/pregnancies"


@blueprint.post(_PATH)
@blueprint.arguments(NewPregnancySchema, example=examples.PREGNANCY)
@answers(blueprint, 201)
@refuses("pregnancy-open", "term-too-far", "term-too-old")
def register_pregnancy(body: dict[str, Any], family_id: UUID) -> Answered:
    """A child is expected.

    The programme's two anchors hang on the term until the child is born, and on the birth from
    then on.
    """
    ids = NewIds()
    return answer_to(change(family_id, pregnancy_of(body, ids)), ids, at="")


@blueprint.post(f"{_PATH}/<uuid:pregnancy_id>/birth")
@blueprint.arguments(BirthSchema, example=examples.BIRTH)
@answers(blueprint, 201)
@refuses(
    "birth-after-44-weeks",
    "birth-before-20-weeks",
    "date-in-future",
    "date-too-old",
    "homecoming-before-birth",
    "national-id-check-digits",
    "national-id-length",
    "national-id-type",
    "pregnancy-ended",
    "real-national-id",
)
def record_birth(body: dict[str, Any], family_id: UUID, pregnancy_id: UUID) -> Answered:
    """The children of a pregnancy are born; each becomes a member of the family.

    Twins are two children of one birth and share one newborn visit. Where no child lives, the
    programme ends at once.
    """
    ids = NewIds(pregnancy=pregnancy_id)
    children = tuple(_child(child, ids) for child in body.pop("children"))
    intent = RecordBirth(pregnancy_id, children=children, **body)
    return answer_to(change(family_id, intent), ids, at="")


@blueprint.post(f"{_PATH}/<uuid:pregnancy_id>/homecoming")
@blueprint.arguments(HomecomingSchema, example=examples.HOMECOMING)
@answers(blueprint, 200)
@refuses("date-in-future", "homecoming-before-birth", "not-born-yet")
def record_homecoming(body: dict[str, Any], family_id: UUID, pregnancy_id: UUID) -> Answered:
    """Mother and child came home from hospital.

    A child that was long in hospital is waited for: the newborn visit's window moves.
    """
    ids = NewIds(pregnancy=pregnancy_id)
    return answer_to(change(family_id, RecordHomecoming(pregnancy_id, **body)), ids)


@blueprint.post(f"{_PATH}/<uuid:pregnancy_id>/term")
@blueprint.arguments(TermSchema, example=examples.TERM)
@answers(blueprint, 200)
@refuses(
    "birth-after-44-weeks",
    "birth-before-20-weeks",
    "pregnancy-ended",
    "term-too-far",
    "term-too-old",
)
def correct_term(body: dict[str, Any], family_id: UUID, pregnancy_id: UUID) -> Answered:
    """The term is another: an ultrasound moved it, or it was mistyped.

    The plan's days follow. A visit that is agreed on keeps its time, and is shown with `replan`
    where the days moved away from it. A refusal names the nearest day that would work:
    `first_day` or `last_day`.
    """
    ids = NewIds(pregnancy=pregnancy_id)
    return answer_to(change(family_id, CorrectTerm(pregnancy_id, **body)), ids)


@blueprint.post(f"{_PATH}/<uuid:pregnancy_id>/birth/date")
@blueprint.arguments(BirthDaySchema, example=examples.BIRTH_DAY)
@answers(blueprint, 200)
@refuses(
    "birth-after-44-weeks",
    "birth-after-visit",
    "birth-before-20-weeks",
    "date-in-future",
    "date-too-old",
    "death-before-birth",
    "homecoming-before-birth",
    "not-born-yet",
    "pregnancy-ended",
)
def correct_birth(body: dict[str, Any], family_id: UUID, pregnancy_id: UUID) -> Answered:
    """The children were born on another day than was recorded.

    The children's own day of birth and the newborn visit's window follow. What a visit that was
    made counted as is not counted anew. A refusal names the nearest day that would work:
    `first_day` or `last_day`.
    """
    ids = NewIds(pregnancy=pregnancy_id)
    return answer_to(change(family_id, CorrectBirth(pregnancy_id, **body)), ids)


@blueprint.post(f"{_PATH}/<uuid:pregnancy_id>/loss")
@blueprint.arguments(LossSchema, example=examples.LOSS)
@answers(blueprint, 200)
@refuses("date-in-future", "date-too-old", "pregnancy-ended")
def record_loss(body: dict[str, Any], family_id: UUID, pregnancy_id: UUID) -> Answered:
    """The pregnancy ended without a living child.

    Enrolment and open visits close at once, and nothing is sent to the parents. Visits that they
    want can still be recorded.
    """
    ids = NewIds(pregnancy=pregnancy_id)
    intent = RecordLoss(pregnancy_id, Outcome(body["outcome"]), body["on"])
    return answer_to(change(family_id, intent), ids)


def _child(body: Body, ids: NewIds) -> NewChild:
    return NewChild(ids.another("children", body.pop("id", None)), **body)
