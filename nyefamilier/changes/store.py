"""The mutation log's queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, any_, bindparam, func, literal, select, true
from sqlalchemy.orm import Session

from nyefamilier.changes.tables import MutationRow
from nyefamilier.storage.base import one_of, these

_TAKEN_IN: Final = select(MutationRow.id).where(one_of(MutationRow.id))
_KEYS: Final = func.unnest(bindparam("keys", type_=ARRAY(BigInteger))).column_valued("key")
_TURNS: Final = select(func.pg_advisory_xact_lock(_KEYS))


def take_turns(session: Session, ids: Iterable[UUID]) -> None:
    """Wait until no other transaction works on the same mutation ids; held until this one ends.

    Two deliveries of one mutation at once would otherwise both find the log empty.
    """
    # In one order everywhere, so that no two transactions wait for each other.
    keys = sorted({int.from_bytes(one.bytes[8:], "big", signed=True) for one in ids})
    session.execute(_TURNS, {"keys": keys})


def mutations(session: Session, ids: Iterable[UUID]) -> dict[UUID, MutationRow]:
    """Those of some mutations that have been taken in, by their id."""
    query = select(MutationRow).where(MutationRow.id.in_(ids))
    return {row.id: row for row in session.scalars(query)}


def taken_in(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Which of some mutations have made a revision."""
    return set(session.scalars(_TAKEN_IN, these(ids)))


def mutations_of(session: Session, family_id: UUID) -> list[MutationRow]:
    """A family's mutations, oldest first."""
    query = select(MutationRow).where(MutationRow.family_id == family_id).order_by(MutationRow.rev)
    return list(session.scalars(query))


def touched_by_others(
    session: Session, family_id: UUID, since: int, device_id: UUID
) -> dict[str, int]:
    """What other devices, or none, wrote to a family after a revision: the last one of each value.

    What this device wrote itself is left out, so that a chain of changes that were all made against
    one revision does not contend with itself.
    """
    query = (
        select(MutationRow.rev, MutationRow.touched)
        .where(
            MutationRow.family_id == family_id,
            MutationRow.rev > since,
            MutationRow.device_id.is_distinct_from(device_id),
        )
        .order_by(MutationRow.rev)
    )
    found = session.connection().execute(query)
    return {touch: rev for rev, touched in found for touch in touched}


def came_from(session: Session, family_id: UUID, revs: Collection[int]) -> dict[int, UUID | None]:
    """The devices whose mutations made some revisions of a family; None for another doorway."""
    query = select(MutationRow.rev, MutationRow.device_id).where(
        MutationRow.family_id == family_id, MutationRow.rev.in_(revs)
    )
    return {row.rev: row.device_id for row in session.execute(query)}


def last_to_touch(
    session: Session, family_id: UUID, touch: str, before: UUID
) -> MutationRow | None:
    """The latest mutation that wrote a value before another mutation came; None if none did.

    Args:
        session: Where it is asked.
        family_id: The family.
        touch: The value, as ``kind:id:group``.
        before: The mutation that came later. One that made no revision came after all others.
    """
    later = select(MutationRow.rev).where(MutationRow.id == before).scalar_subquery()
    query = (
        select(MutationRow)
        .where(
            MutationRow.family_id == family_id,
            literal(touch) == any_(MutationRow.touched),
            MutationRow.rev < func.coalesce(later, MutationRow.rev + 1),
        )
        .order_by(MutationRow.rev.desc())
    )
    return session.scalars(query.limit(1)).first()


def same_as(session: Session, family_id: UUID, kind: str, told_id: UUID) -> UUID | None:
    """The id under which a record is here that was told under another, if that was recognised."""
    touches = func.unnest(MutationRow.touched).table_valued("value").render_derived("touches")
    query = (
        select(touches.c.value)
        .select_from(MutationRow)
        .join(touches, true())
        .where(
            MutationRow.family_id == family_id,
            touches.c.value.startswith(f"{kind}:{told_id}:is:"),
        )
    )
    found: str | None = session.scalars(query.limit(1)).first()
    return None if found is None else UUID(found.rpartition(":")[2])
