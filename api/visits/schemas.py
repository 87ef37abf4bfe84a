"""What the routes of visits take and give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields as ma
from marshmallow import post_load

from api.families.schemas import NEW_ID
from api.fields import (
    Day,
    Flag,
    Id,
    Instant,
    Many,
    Part,
    QueryFlag,
    QueryWhole,
    Schema,
    Shown,
    StrEnumField,
    Text,
    Whole,
    Word,
)
from nyefamilier.families.intents import LANGUAGE_CHARS
from nyefamilier.protocols.protocol import VisitRole
from nyefamilier.visits.intents import (
    AGREED_CHARS,
    KIND_CHARS,
    MOST_MINUTES,
    MOST_PRESENT,
    MOST_THEMES,
    REASON_CHARS,
    SAFETY_CHARS,
    CancelledBy,
    Interpreter,
    InterpreterBooking,
    Outcome,
)
from nyefamilier.visits.newborn import HOLIDAY
from nyefamilier.visits.openings import WISHES
from nyefamilier.visits.slots import LEAST_MINUTES, MOST_BOOKED, Reason, Why
from nyefamilier.visits.states import (
    QUALIFIED,
    InterpretedBy,
    InterpreterCategory,
    Place,
    Present,
    Theme,
    VisitState,
)

BOOKING: Final[dict[str, Any]] = {"at": "2026-05-17T09:00:00+02:00", "place": "hjemme"}
RECORD: Final[dict[str, Any]] = {
    "outcome": "done",
    "at": "2026-05-17T09:00:00+02:00",
    "minutes": 75,
    "kind": "nyfodt",
    "present": ["mor", "far", "barn", "tolk"],
    "themes": ["foreldrenes_tema", "amming_ernaering", "sovn"],
    "interpreter": {"category": "B", "language": "urdu"},
    "next_visit": {"on": "2026-06-02"},
}
CANCELLATION: Final[dict[str, Any]] = {"by": "family", "reason": "Bestemor er på besøk."}
REWORK: Final[dict[str, Any]] = {"enrolment_id": "01970f3a-5c00-7000-8000-000000000010"}
BOOKING_REFUSALS: Final = (
    "birth-awaited",
    "interpreter-child",
    "interpreter-relative",
    "not-alone",
    "nurse-not-qualified",
    "outside-hours",
    "time-taken",
    "unknown-nurse",
    "visit-closed",
    "visit-in-past",
    "visit-minutes",
    "visit-too-far",
    "window-closed",
)
"""What the door may refuse of a booking."""

_OUTSIDE_HOURS = {
    "description": "Why it is outside the nurse's working time, where it is. Kept sealed."
}
_KIND = {"description": "`avtalt`, or a kind of the family's protocol, for a new visit."}


class InterpreterBookingSchema(Schema):
    """What kind of interpreter is to come."""

    language = Text(LANGUAGE_CHARS, required=True)
    dialect = Text(LANGUAGE_CHARS)
    gender_wish = Text(LANGUAGE_CHARS)
    category = Word(
        QUALIFIED,
        metadata={"description": "The least that is asked for; without it any of A to E."},
    )
    remote = Flag(metadata={"description": "By telephone or on a screen; else in the room."})
    confirmed = Flag(
        metadata={"description": "Without it as before, unless the visit is moved: then not."}
    )
    who = StrEnumField(
        InterpretedBy,
        metadata={"description": "`barn` and `parorende` are refused: neither ever interprets."},
    )

    @post_load
    def _booking(self, data: Mapping[str, Any], **_: object) -> InterpreterBooking:
        told = dict(data)
        if "category" in told:
            told["category"] = InterpreterCategory(told["category"])
        return InterpreterBooking(**told)


class BookingSchema(Schema):
    """A time that nurse and family agree on."""

    at = Instant(required=True)
    place = StrEnumField(Place)
    nurse_id = Id(metadata={"description": "Who comes; without it you."})
    agreed = Text(AGREED_CHARS, lines=True, metadata={"description": "Kept sealed."})
    minutes = Whole(
        LEAST_MINUTES,
        MOST_BOOKED,
        metadata={"description": "How long; without it as before, or an hour."},
    )
    second_nurse_id = Id(
        metadata={"description": "Who comes too; without it as before. The nurse herself: nobody."}
    )
    interpreter = Part(InterpreterBookingSchema, metadata={"description": "Without it as before."})
    no_interpreter = Flag(metadata={"description": "True: none is needed any more."})
    not_alone = Flag(
        metadata={
            "description": "No nurse is to be at the home alone; without it as before. Kept sealed."
        }
    )
    safety_note = Text(SAFETY_CHARS, metadata={"description": "Why. Kept sealed."})
    outside_hours = Text(REASON_CHARS, lines=True, metadata=_OUTSIDE_HOURS)


class NewVisitSchema(BookingSchema):
    """A visit that stands in no plan yet."""

    id = Id(metadata=NEW_ID)
    kind = Text(KIND_CHARS, metadata=_KIND)


class InterpreterSchema(Schema):
    """How the visit was interpreted."""

    category = StrEnumField(InterpreterCategory, required=True)
    language = Text(LANGUAGE_CHARS, required=True)
    why_unqualified = Text(
        REASON_CHARS,
        lines=True,
        metadata={"description": "Required when nobody qualified was there."},
    )

    @post_load
    def _interpreter(self, data: Mapping[str, Any], **_: object) -> Interpreter:
        return Interpreter(**data)


class NextVisitSchema(Schema):
    """What was agreed about the next visit."""

    id = Id(metadata=NEW_ID)
    on = Day(required=True)
    at = Instant()
    place = StrEnumField(Place)
    outside_hours = Text(REASON_CHARS, lines=True, metadata=_OUTSIDE_HOURS)


class RecordSchema(Schema):
    """What became of a visit."""

    outcome = StrEnumField(Outcome, required=True)
    at = Instant(required=True, metadata={"description": "When it began."})
    minutes = Whole(
        0, MOST_MINUTES, required=True, metadata={"description": "0 when nobody was at home."}
    )
    place = StrEnumField(Place)
    kind = Text(KIND_CHARS, metadata=_KIND)
    present = Many(StrEnumField(Present), at_most=MOST_PRESENT)
    themes = Many(StrEnumField(Theme), at_most=MOST_THEMES)
    interpreter = Part(InterpreterSchema)
    nurse_id = Id(metadata={"description": "Who made it; without it you."})
    next_visit = Part(NextVisitSchema)


class CancellationSchema(Schema):
    """Who cancelled, and why."""

    by = StrEnumField(CancelledBy, required=True)
    reason = Text(REASON_CHARS, lines=True, metadata={"description": "Kept sealed."})


class ReworkSchema(Schema):
    """Whose plan is worked out anew."""

    enrolment_id = Id(required=True)


class BookedInterpreterSchema(Shown):
    """The interpreter who is to come."""

    language = ma.String()
    dialect = ma.String(allow_none=True)
    gender_wish = ma.String(allow_none=True)
    category = StrEnumField(InterpreterCategory, allow_none=True)
    remote = Flag()
    confirmed = Flag()
    ask_again = Flag(metadata={"description": "The visit was moved after a yes to another time."})


class VisitSchema(Shown):
    """A visit. Words are null for who may not read them."""

    id = Id()
    rev = ma.Integer()
    pregnancy_id = Id(allow_none=True)
    programme = ma.String(allow_none=True)
    kind = ma.String()
    from_protocol = Flag(metadata={"description": "It stands for one of the protocol's anchors."})
    state = StrEnumField(VisitState)
    opens = Day(allow_none=True)
    ideal = Day(allow_none=True)
    closes = Day(allow_none=True)
    at = Instant(allow_none=True)
    minutes = ma.Integer(allow_none=True)
    place = StrEnumField(Place, allow_none=True)
    nurse_id = Id(allow_none=True)
    second_nurse_id = Id(allow_none=True)
    present = ma.List(StrEnumField(Present))
    themes = ma.List(StrEnumField(Theme))
    counts_as = ma.List(ma.String(), metadata={"description": "The statistics that count it."})
    interpreter_category = StrEnumField(InterpreterCategory, allow_none=True)
    interpreter_language = ma.String(allow_none=True)
    why_unqualified = ma.String(allow_none=True)
    agreed = ma.String(allow_none=True)
    interpreter = ma.Nested(BookedInterpreterSchema, allow_none=True)
    not_alone = Flag(allow_none=True)
    safety_note = ma.String(allow_none=True)
    outside_hours = ma.String(allow_none=True)
    cancel_reason = ma.String(allow_none=True)
    recorded_at = Instant(allow_none=True)
    recorded_by = Id(allow_none=True)


class SlotsQuery(Schema):
    """What is to be placed."""

    visit = Id(
        load_default=None,
        metadata={"description": "A planned or booked visit; without it, one outside the plan."},
    )
    on = Day(
        load_default=None,
        metadata={"description": "For a visit without a window: the day that is thought of."},
    )
    minutes = QueryWhole(LEAST_MINUTES, MOST_BOOKED, load_default=60)
    place = StrEnumField(Place, load_default=Place.HOME)
    two_nurses = QueryFlag(load_default=False)
    wish = Many(
        Word(tuple(WISHES)),
        at_most=len(WISHES),
        load_default=(),
        metadata={"description": "Half-days that the family wishes for; may be repeated."},
    )


class WindowSchema(Shown):
    """The days that were looked through."""

    opens = Day()
    ideal = Day()
    closes = Day()
    reason = ma.String(
        allow_none=True,
        metadata={
            "enum": [HOLIDAY, None],
            "description": "`holiday`: wider than the protocol's, because holidays take all of it.",
        },
    )


class SlotSchema(Shown):
    """A time that works for whoever comes."""

    begins = Instant()
    ends = Instant()
    nurse_id = Id()
    second_nurse_id = Id(allow_none=True)
    reasons = ma.List(
        StrEnumField(Reason), metadata={"description": "Why it stands where it stands."}
    )


class SlotsSchema(Shown):
    """The times to offer, best first; or why there are none, and the nearest ones."""

    visit_id = Id(allow_none=True)
    window = ma.Nested(WindowSchema)
    slots = ma.List(ma.Nested(SlotSchema))
    why = StrEnumField(
        Why, allow_none=True, metadata={"description": "Why no time in the window works."}
    )
    nearest = ma.List(
        ma.Nested(SlotSchema), metadata={"description": "Outside the window, when none is in it."}
    )


class VisitsSchema(Shown):
    """A family's visits."""

    items = ma.List(ma.Nested(VisitSchema))


class PlanItemSchema(Shown):
    """A window in the plan."""

    kind = ma.String()
    name_nb = ma.String()
    name_en = ma.String()
    role = StrEnumField(VisitRole)
    opens = Day()
    ideal = Day()
    closes = Day()
    provisional = Flag(metadata={"description": "Counted from the term: it will move."})
    source = ma.String()
    visit_id = Id(allow_none=True, metadata={"description": "The visit that stands for it."})
    state = StrEnumField(VisitState, allow_none=True)


class PlanSchema(Shown):
    """What the programme promises the family, and what surrounds it."""

    programme = ma.String(allow_none=True)
    protocol_version = ma.String(allow_none=True)
    anchors = ma.List(ma.Nested(PlanItemSchema), metadata={"description": "Promised."})
    rhythm = ma.List(
        ma.Nested(PlanItemSchema), metadata={"description": "Suggested; never due, never overdue."}
    )
    consultations = ma.List(
        ma.Nested(PlanItemSchema), metadata={"description": "The statutory programme's."}
    )
    agreed = ma.List(ma.Nested(VisitSchema), metadata={"description": "Planned and booked."})
