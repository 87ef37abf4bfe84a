"""What the routes take and give that set right what births and absences put out of place."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields as ma

from api.fields import Day, Id, Instant, Many, Part, Schema, Shown, StrEnumField
from api.visits.schemas import BookingSchema, CancellationSchema, SlotSchema, WindowSchema
from nyefamilier.door.mutations import OPERATIONS_LIMIT
from nyefamilier.visits.displaced import Reason
from nyefamilier.visits.slots import Why
from nyefamilier.visits.states import Place

_MOST: Final = OPERATIONS_LIMIT // 2

REPLANNING: Final[dict[str, Any]] = {
    "moves": [
        {"visit_id": "01970f3a-5c00-7000-8000-000000000011", "at": "2026-05-18T09:00:00+02:00"}
    ],
    "cancellations": [{"visit_id": "01970f3a-5c00-7000-8000-000000000012", "by": "us"}],
}


class VisitMoveSchema(BookingSchema):
    """A time for one of the family's visits."""

    visit_id = Id(required=True)


class VisitCancellationSchema(CancellationSchema):
    """One of the family's visits that will not take place."""

    visit_id = Id(required=True)


class ReplanningSchema(Schema):
    """What is called off, and what is agreed on, together."""

    moves = Many(Part(VisitMoveSchema), at_most=_MOST, load_default=())
    cancellations = Many(Part(VisitCancellationSchema), at_most=_MOST, load_default=())


class _TimesSchema(Shown):
    """The times that would suit."""

    slots = ma.List(ma.Nested(SlotSchema), metadata={"description": "Best first."})
    why = StrEnumField(
        Why, allow_none=True, metadata={"description": "Why no time in the window works."}
    )
    nearest = ma.List(
        ma.Nested(SlotSchema), metadata={"description": "Outside the window, when none is in it."}
    )


class OutOfPlaceSchema(_TimesSchema):
    """An agreed visit that somebody should look at."""

    visit_id = Id()
    kind = ma.String()
    begins = Instant()
    ends = Instant()
    place = StrEnumField(Place)
    nurse_id = Id(allow_none=True)
    second_nurse_id = Id(allow_none=True)
    window = ma.Nested(WindowSchema, allow_none=True)
    reasons = ma.List(StrEnumField(Reason), metadata={"description": "Why; one at least."})


class DueSchema(_TimesSchema):
    """A visit that the birth gave its days, and that has no time yet."""

    visit_id = Id()
    kind = ma.String()
    window = ma.Nested(WindowSchema)


class OffThePlanSchema(Shown):
    """A visit of the pregnancy that the birth took off the plan, and the time that it had."""

    visit_id = Id()
    kind = ma.String()
    begins = Instant()


class ReplanSchema(Shown):
    """What has come out of place in a family."""

    born_on = Day(allow_none=True)
    out_of_place = ma.List(ma.Nested(OutOfPlaceSchema))
    due = ma.List(ma.Nested(DueSchema))
    off_the_plan = ma.List(ma.Nested(OffThePlanSchema))
