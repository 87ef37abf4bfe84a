"""Plain builders of what tests need. Everybody in them is synthetic."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from nyefamilier.bootstrap import Programme
from nyefamilier.door.mutations import Answer, Mutation, Operation
from nyefamilier.door.service import apply
from nyefamilier.families.intents import (
    NewAddress,
    NewChild,
    NewMember,
    RecordBirth,
    RegisterFamily,
    RegisterPregnancy,
)
from nyefamilier.families.states import MemberRole, Protection
from nyefamilier.kernel.actors import Actor, Role
from nyefamilier.kernel.ids import BydelNumber, FamilyId, MutationId, UserId
from nyefamilier.offers.intents import AnswerOffer, MakeOffer
from nyefamilier.offers.states import Answer as Said
from nyefamilier.offers.states import Basis, Channel

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
DAY = NOON.date()
VESTLI, TEISEN, SKOYEN = "0301111101", "0301121207", "0301060605"
"""Delbydeler of Stovner (11), Alna (12) and Ullern (06)."""


@dataclass
class HandClock:
    """A clock that a test moves by hand."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **how: float) -> None:
        self.now += timedelta(**how)

    @property
    def today(self) -> date:
        return self.now.date()


def nurse(user_id: UUID, bydel: str = "11") -> Actor:
    return Actor(UserId(user_id), Role.NURSE, BydelNumber(bydel))


def lead(bydel: str = "11") -> Actor:
    return Actor(UserId(uuid4()), Role.LEAD, BydelNumber(bydel))


def address(delbydel: str | None = VESTLI, on: date = DAY, **more: object) -> NewAddress:
    told = {"lines": "Prøveveien 1", "postal_code": "0980"} | more
    return NewAddress(id=uuid4(), delbydel=delbydel, valid_from=on, **told)


def protected(on: date = DAY) -> NewAddress:
    return NewAddress(
        id=uuid4(), delbydel=None, valid_from=on, protection=Protection.STRICTLY_CONFIDENTIAL
    )


@dataclass
class Household:
    """A family's ids, and the operations that bring it into being."""

    id: FamilyId = field(default_factory=lambda: FamilyId(uuid4()))
    mother: UUID = field(default_factory=uuid4)
    father: UUID = field(default_factory=uuid4)
    pregnancy: UUID = field(default_factory=uuid4)
    offer: UUID = field(default_factory=uuid4)
    child: UUID = field(default_factory=uuid4)

    def registration(
        self, place: NewAddress | None = None, national_id: str | None = None
    ) -> RegisterFamily:
        """With the mother's national id, if she has one."""
        return RegisterFamily(
            members=(
                NewMember(
                    self.mother,
                    MemberRole.MOTHER,
                    "Rask Bjørk",
                    national_id=national_id,
                    phone="40000001",
                ),
                NewMember(self.father, MemberRole.FATHER, "Stille Fjell"),
            ),
            address=place or address(),
        )

    def expects(self, term: date, basis: Basis | None = Basis.FIRST_CHILD) -> RegisterPregnancy:
        return RegisterPregnancy(self.pregnancy, term, 1, basis)

    def is_offered(self, on: date = DAY, programme: str = "nye_familier") -> MakeOffer:
        return MakeOffer(
            self.offer, self.pregnancy, programme, Basis.FIRST_CHILD, Channel.MIDWIFE, on
        )

    def says(self, said: Said = Said.YES, on: date = DAY) -> AnswerOffer:
        return AnswerOffer(uuid4(), self.offer, said, on)

    def gives_birth(self, on: date, *more: NewChild, homecoming: date | None = None) -> RecordBirth:
        children = (NewChild(self.child, "Liten Sten"), *more)
        return RecordBirth(self.pregnancy, on, children, homecoming)


def send(
    programme: Programme,
    actor: Actor,
    family_id: FamilyId,
    *operations: Operation,
    mutation_id: UUID | None = None,
    base_rev: int | None = None,
) -> Answer:
    """Through the one door, in a transaction of its own."""
    mutation = Mutation(MutationId(mutation_id or uuid4()), family_id, operations, base_rev)
    with programme.work(actor, "test") as work:
        return apply(work, mutation)
