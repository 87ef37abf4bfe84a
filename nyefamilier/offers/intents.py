"""What an actor may want to do with offers and enrolments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState

REASON_CHARS = 2_000


@dataclass(frozen=True, slots=True, repr=False)
class MakeOffer:
    """Offer a programme to the family for one pregnancy."""

    offer_id: UUID
    pregnancy_id: UUID
    programme: str
    basis: Basis
    channel: Channel
    offered_on: date
    reason: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class AnswerOffer:
    """What the family said to an offer. The latest dated answer is the current one."""

    answer_id: UUID
    offer_id: UUID
    answer: Answer
    answered_on: date


@dataclass(frozen=True, slots=True, repr=False)
class ChangeEnrolment:
    """Pause, resume, complete or end the family's enrolment."""

    enrolment_id: UUID
    to: EnrolmentState
    on: date
