"""What an actor may want to do with visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from nyefamilier.visits.states import (
    InterpretedBy,
    InterpreterCategory,
    Place,
    Present,
    Theme,
)

AGREED = "avtalt"
"""The kind of a visit that nurse and family agreed on, outside the protocol's anchors."""

AGREED_CHARS = 2_000
REASON_CHARS = 2_000
"""Why a visit was cancelled, or nobody qualified interpreted."""

SAFETY_CHARS = 500
"""Why no nurse is to come alone: a few words, for whoever goes there."""

MOST_MINUTES = 600
"""The longest visit."""

KIND_CHARS = 64
"""A visit's kind: a code of a protocol."""

MOST_PRESENT = 9
MOST_THEMES = 12


class Outcome(StrEnum):
    """What became of an agreed visit when the nurse came."""

    DONE = "done"
    NOT_HOME = "not_home"


class CancelledBy(StrEnum):
    """Who cancelled."""

    FAMILY = "family"
    US = "us"


@dataclass(frozen=True, slots=True, repr=False)
class NextVisit:
    """What nurse and family agreed about the next visit.

    Args:
        outside_hours: Why it is outside the nurse's working time, where it is.
    """

    id: UUID
    on: date
    at: datetime | None = None
    place: Place = Place.HOME
    outside_hours: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class InterpreterBooking:
    """What kind of interpreter is to come.

    Args:
        category: The least that is asked for; without one any of A to E.
        remote: By telephone or on a screen; else in the room.
        confirmed: Whether an interpreter has said yes; without it as before, if not moved.
        who: An interpreter. A child or a relative is refused.
    """

    language: str
    dialect: str | None = None
    gender_wish: str | None = None
    category: InterpreterCategory | None = None
    remote: bool | None = None
    confirmed: bool | None = None
    who: InterpretedBy = InterpretedBy.INTERPRETER


@dataclass(frozen=True, slots=True, repr=False)
class BookVisit:
    """Agree on a time for a planned visit, or for a new one.

    Args:
        visit_id: A planned or booked visit of the family, or a new id.
        kind: For a new visit: `AGREED` or an item of the family's protocol.
        minutes: How long it is to last; without it as long as it was to last, or an hour.
        second_nurse_id: Who comes too; without it whoever was to. The nurse herself: nobody.
        interpreter: Who is to interpret; without it as before.
        no_interpreter: The interpreter that had been booked is not needed any more.
        not_alone: Whether no nurse is to be at the home alone; without it as before.
        safety_note: Why, in a few words; without it as before, while the flag stands.
        outside_hours: Why it is outside the nurse's working time, where it is.
    """

    visit_id: UUID
    at: datetime
    place: Place = Place.HOME
    kind: str = AGREED
    nurse_id: UUID | None = None
    agreed: str | None = None
    minutes: int | None = None
    second_nurse_id: UUID | None = None
    interpreter: InterpreterBooking | None = None
    no_interpreter: bool | None = None
    not_alone: bool | None = None
    safety_note: str | None = None
    outside_hours: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Interpreter:
    """How the visit was interpreted, and why nobody qualified was there, if nobody was."""

    category: InterpreterCategory
    language: str
    why_unqualified: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class RecordVisit:
    """Record what became of a visit: a planned one, a booked one, or one that just happened.

    Args:
        visit_id: A visit of the family, or a new id.
        at: When it began.
        minutes: How long it lasted, 1 to 600; 0 for nobody at home.
        nurse_id: Who made it; without it the actor.
    """

    visit_id: UUID
    outcome: Outcome
    at: datetime
    minutes: int
    place: Place = Place.HOME
    kind: str = AGREED
    present: tuple[Present, ...] = ()
    themes: tuple[Theme, ...] = ()
    interpreter: Interpreter | None = None
    nurse_id: UUID | None = None
    next_visit: NextVisit | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ReworkPlan:
    """Bring an enrolled family's plan in line with its protocol and its days."""

    enrolment_id: UUID


@dataclass(frozen=True, slots=True, repr=False)
class CancelVisit:
    """A planned or booked visit will not take place."""

    visit_id: UUID
    by: CancelledBy
    reason: str | None = None
