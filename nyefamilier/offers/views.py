"""Read a family's offers, answers and enrolments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nyefamilier.access.rules import Action
from nyefamilier.families.dossier import Dossier, open_dossier
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.offers import store
from nyefamilier.offers.bodies import OfferBody
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState
from nyefamilier.offers.tables import EnrolmentRow, OfferRow
from nyefamilier.storage.work import Work


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A dated answer."""

    id: UUID
    answer: Answer
    answered_on: date


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer with all its answers; ``reason`` is None for who may not read it."""

    id: UUID
    rev: int
    pregnancy_id: UUID
    programme: str
    basis: Basis
    channel: Channel
    offered_on: date
    answer: Answer
    answered_on: date | None
    reason: str | None
    answers: tuple[GivenAnswer, ...]

    def __repr__(self) -> str:
        return f"<Offer {self.id} {self.answer}>"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The family takes part, or took."""

    id: UUID
    rev: int
    offer_id: UUID
    pregnancy_id: UUID
    programme: str
    protocol_version: str
    state: EnrolmentState
    started_on: date
    ended_on: date | None


def offers(work: Work, family_id: FamilyId) -> list[Offer]:
    """A family's offers, oldest first.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`.
    """
    dossier = open_dossier(work, family_id, Action.READ, "offers")
    answers: dict[UUID, list[GivenAnswer]] = {}
    for row in store.answers_of(work.session, family_id):
        given = GivenAnswer(row.id, Answer(row.answer), row.answered_on)
        answers.setdefault(row.offer_id, []).append(given)
    return [
        _offer(dossier, row, tuple(answers.get(row.id, ())))
        for row in store.offers_of(work.session, family_id)
    ]


def enrolments(work: Work, family_id: FamilyId) -> list[Enrolment]:
    """A family's enrolments, oldest first.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`.
    """
    open_dossier(work, family_id, Action.READ, "enrolments")
    return [_enrolment(row) for row in store.enrolments_of(work.session, family_id)]


def _offer(dossier: Dossier, row: OfferRow, answers: tuple[GivenAnswer, ...]) -> Offer:
    body = dossier.shown(row, OfferBody)
    return Offer(
        id=row.id,
        rev=row.rev,
        pregnancy_id=row.pregnancy_id,
        programme=row.programme,
        basis=Basis(row.basis),
        channel=Channel(row.channel),
        offered_on=row.offered_on,
        answer=Answer(row.answer),
        answered_on=row.answered_on,
        reason=None if body is None else body.reason,
        answers=answers,
    )


def _enrolment(row: EnrolmentRow) -> Enrolment:
    return Enrolment(
        id=row.id,
        rev=row.rev,
        offer_id=row.offer_id,
        pregnancy_id=row.pregnancy_id,
        programme=row.programme,
        protocol_version=row.protocol_version,
        state=EnrolmentState(row.state),
        started_on=row.started_on,
        ended_on=row.ended_on,
    )
