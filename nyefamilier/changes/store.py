"""The mutation log's queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select
from sqlalchemy.orm import Session

from nyefamilier.changes.tables import MutationRow

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


def mutations_of(session: Session, family_id: UUID) -> list[MutationRow]:
    """A family's mutations, oldest first."""
    query = select(MutationRow).where(MutationRow.family_id == family_id).order_by(MutationRow.rev)
    return list(session.scalars(query))
