"""The mutation log's queries."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from nyefamilier.changes.tables import MutationRow


def take_turn(session: Session, mutation_id: UUID) -> None:
    """Wait until no other transaction works on the same mutation id; held until this one ends.

    Two deliveries of one mutation at once would otherwise both find the log empty.
    """
    key = int.from_bytes(mutation_id.bytes[8:], "big", signed=True)
    session.execute(select(func.pg_advisory_xact_lock(key)))


def mutation(session: Session, mutation_id: UUID) -> MutationRow | None:
    """The mutation that was taken in under this id, if any."""
    return session.get(MutationRow, mutation_id)


def mutations_of(session: Session, family_id: UUID) -> list[MutationRow]:
    """A family's mutations, oldest first."""
    query = select(MutationRow).where(MutationRow.family_id == family_id).order_by(MutationRow.rev)
    return list(session.scalars(query))
