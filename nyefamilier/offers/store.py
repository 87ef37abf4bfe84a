"""Offers' queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from nyefamilier.families.states import Outcome as PregnancyOutcome
from nyefamilier.families.store import lives_openly_in, records
from nyefamilier.families.tables import FamilyRow, PregnancyRow
from nyefamilier.offers.states import OPEN_STATES, Answer
from nyefamilier.offers.tables import AnswerRow, EnrolmentRow, OfferRow, ReminderRow
from nyefamilier.storage.base import one_of, these

_OPEN: Final = select(EnrolmentRow).where(
    one_of(EnrolmentRow.family_id), EnrolmentRow.state.in_(OPEN_STATES)
)

_WAITS: Final = (
    # In the statement's text: only so does the index of the offers that wait serve every plan.
    OfferRow.answer == literal(Answer.UNANSWERED.value, literal_execute=True),
    PregnancyRow.outcome.in_((PregnancyOutcome.EXPECTED, PregnancyOutcome.BORN)),
)
"""Of an offer and its pregnancy: nobody has answered, and there is a child, or will be one."""


def offers_of(session: Session, family_id: UUID) -> Sequence[OfferRow]:
    """A family's offers, oldest first."""
    return records(session, OfferRow, family_id, OfferRow.offered_on)


def answers_of(session: Session, family_id: UUID) -> Sequence[AnswerRow]:
    """A family's answers, oldest first."""
    return records(session, AnswerRow, family_id, AnswerRow.answered_on, AnswerRow.rev)


def enrolments_of(session: Session, family_id: UUID) -> Sequence[EnrolmentRow]:
    """A family's enrolments, oldest first."""
    return records(session, EnrolmentRow, family_id, EnrolmentRow.started_on)


def open_enrolment(session: Session, family_id: UUID) -> EnrolmentRow | None:
    """The enrolment that the family has now, active or paused."""
    query = select(EnrolmentRow).where(
        EnrolmentRow.family_id == family_id, EnrolmentRow.state.in_(OPEN_STATES)
    )
    return session.scalars(query).one_or_none()


def open_enrolments(session: Session, family_ids: Collection[UUID]) -> Sequence[EnrolmentRow]:
    """The same, of some families."""
    return session.scalars(_OPEN, these(family_ids)).all()


def families_under(session: Session, programme: str, version: str) -> Sequence[UUID]:
    """The families that follow one version of a programme now."""
    query = (
        select(EnrolmentRow.family_id)
        .where(
            EnrolmentRow.programme == programme,
            EnrolmentRow.protocol_version == version,
            EnrolmentRow.state.in_(OPEN_STATES),
        )
        .order_by(EnrolmentRow.family_id)
    )
    return session.scalars(query).all()


def enrolled_pregnancies(
    session: Session, family_ids: Sequence[UUID]
) -> Sequence[tuple[FamilyRow, PregnancyRow]]:
    """Some families, each with the pregnancy of its open enrolment."""
    query = (
        select(FamilyRow, PregnancyRow)
        .join(EnrolmentRow, EnrolmentRow.family_id == FamilyRow.id)
        .join(PregnancyRow, PregnancyRow.id == EnrolmentRow.pregnancy_id)
        .where(FamilyRow.id.in_(family_ids), EnrolmentRow.state.in_(OPEN_STATES))
        .order_by(FamilyRow.id)
    )
    return [(family, pregnancy) for family, pregnancy in session.execute(query)]


def open_enrolments_after(
    session: Session, after: UUID | None, most: int
) -> Sequence[tuple[EnrolmentRow, PregnancyRow]]:
    """The open enrolments whose id comes after one, each with its pregnancy, by id."""
    query = (
        select(EnrolmentRow, PregnancyRow)
        .join(PregnancyRow, PregnancyRow.id == EnrolmentRow.pregnancy_id)
        .where(EnrolmentRow.state.in_(OPEN_STATES))
        .order_by(EnrolmentRow.id)
        .limit(most)
    )
    page = query if after is None else query.where(EnrolmentRow.id > after)
    return [(enrolment, pregnancy) for enrolment, pregnancy in session.execute(page)]


def open_enrolments_born_by(session: Session, day: date) -> Sequence[tuple[EnrolmentRow, date]]:
    """The open enrolments whose children were born on or before *day*, with the birthday."""
    query = (
        select(EnrolmentRow, PregnancyRow.ended_on)
        .join(PregnancyRow, PregnancyRow.id == EnrolmentRow.pregnancy_id)
        .where(
            EnrolmentRow.state.in_(OPEN_STATES),
            PregnancyRow.outcome == PregnancyOutcome.BORN,
            PregnancyRow.ended_on <= day,
        )
        .order_by(EnrolmentRow.id)
    )
    return [(row, born_on) for row, born_on in session.execute(query) if born_on is not None]


def unanswered_in(
    session: Session, delbydeler: Sequence[str]
) -> Sequence[tuple[OfferRow, date | None]]:
    """The offers in some delbydeler that wait for an answer, oldest first.

    Each with the day on which the lead was reminded of it, if she was.
    """
    query = (
        select(OfferRow, ReminderRow.reminded_on)
        .join(FamilyRow, FamilyRow.id == OfferRow.family_id)
        .join(PregnancyRow, PregnancyRow.id == OfferRow.pregnancy_id)
        .outerjoin(ReminderRow, ReminderRow.offer_id == OfferRow.id)
        .where(lives_openly_in(delbydeler), *_WAITS)
        .order_by(OfferRow.offered_on, OfferRow.id)
    )
    return [(offer, reminded_on) for offer, reminded_on in session.execute(query)]


def count_unanswered(session: Session, delbydeler: Sequence[str], offered_by: date) -> int:
    """How many offers in some delbydeler have waited for an answer since a day or longer."""
    query = (
        select(func.count())
        .select_from(OfferRow)
        .join(FamilyRow, FamilyRow.id == OfferRow.family_id)
        .join(PregnancyRow, PregnancyRow.id == OfferRow.pregnancy_id)
        .where(lives_openly_in(delbydeler), OfferRow.offered_on <= offered_by, *_WAITS)
    )
    return session.scalar(query) or 0


def remind(session: Session, offered_by: date, today: date, most: int) -> int:
    """Note that the lead is reminded of offers that wait since a day or longer; say of how many."""
    reminded = select(ReminderRow.offer_id).where(ReminderRow.offer_id == OfferRow.id).exists()
    waiting = (
        select(OfferRow.id, literal(today))
        .join(PregnancyRow, PregnancyRow.id == OfferRow.pregnancy_id)
        .where(*_WAITS, OfferRow.offered_on <= offered_by, ~reminded)
        .order_by(OfferRow.offered_on, OfferRow.id)
        .limit(most)
    )
    noted = insert(ReminderRow).from_select(["offer_id", "reminded_on"], waiting)
    told = noted.on_conflict_do_nothing().returning(ReminderRow.offer_id)
    return len(session.scalars(told).all())
