"""Phones for tests: what a nurse meant, as it comes to the door from her device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import select

from nyefamilier.changes.bodies import InboxBody
from nyefamilier.changes.tables import InboxRow, MutationRow
from nyefamilier.door.judging import Judgement, judge
from nyefamilier.door.mutations import Mutation, Operation, Sent
from nyefamilier.door.operations import decode, encode
from nyefamilier.families.dossier import open_for_list
from nyefamilier.families.tables import FamilyRow
from nyefamilier.kernel.actors import SYSTEM, Actor
from nyefamilier.kernel.ids import FamilyId, MutationId
from nyefamilier.storage.work import Work
from tests.builders import Household
from tests.cities import City

T = TypeVar("T")


@dataclass
class Phone:
    """A nurse's phone. What it sends is read from the bytes, as the server does."""

    city: City
    nurse: Actor
    id: UUID = field(default_factory=uuid4)

    def sent(
        self,
        family_id: FamilyId,
        *operations: Operation,
        base_rev: int = 1,
        at: datetime | None = None,
        mutation_id: UUID | None = None,
    ) -> Sent:
        """One mutation with its bytes."""
        ops = [msgspec.json.encode(encode(one)) for one in operations]
        identity = mutation_id or uuid4()
        told = {"id": identity, "family": family_id, "base_rev": base_rev}
        raw = msgspec.json.encode(told | {"ops": [msgspec.Raw(op) for op in ops]})
        mutation = Mutation(
            MutationId(identity), family_id, tuple(decode(op) for op in ops), base_rev
        )
        return Sent(mutation, self.id, at or self.city.clock.now, raw)

    def sends(self, family_id: FamilyId, *operations: Operation, **how: object) -> Judgement:
        """The verdict on one mutation, in a transaction of its own."""
        return self.hands_in(self.sent(family_id, *operations, **how))

    def hands_in(self, sent: Sent) -> Judgement:
        """The verdict on a mutation that is made already."""
        with self.city.programme.work(self.nurse, "sync") as work:
            return judge(work, sent)


def seen(
    city: City, view: Callable[[Work, FamilyId], T], home: Household, nurse: Actor | None = None
) -> T:
    """What a nurse sees of a family: ours, if no other is named."""
    with city.programme.work(nurse or city.ours, "test") as work:
        return view(work, home.id)


def inbox_of(city: City, family_id: UUID) -> list[tuple[InboxRow, InboxBody]]:
    """A family's inbox, opened, oldest first."""
    with city.programme.work(SYSTEM, "test") as work:
        family = work.session.get_one(FamilyRow, family_id)
        dossier = open_for_list(work, [family])[family_id]
        query = select(InboxRow).where(InboxRow.family_id == family_id)
        rows = work.session.scalars(query.order_by(InboxRow.rev, InboxRow.id)).all()
        return [(row, dossier.read(row, InboxBody)) for row in rows]


def log_of(city: City, family_id: UUID) -> list[MutationRow]:
    """A family's log, oldest first."""
    with city.programme.sessions() as session:
        query = select(MutationRow).where(MutationRow.family_id == family_id)
        return list(session.scalars(query.order_by(MutationRow.rev)))
