"""Intake's queries: what is in the records already, asked for many rows at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from nyefamilier.changes.tables import MutationRow
from nyefamilier.families.states import Outcome
from nyefamilier.families.tables import MemberRow, PregnancyRow
from nyefamilier.vault.vault import BlindIndex

_TURN: Final = 0x6E79_6566_696D_7031
"""The number of the lock that one batch of one import at a time holds."""
_PATIENCE: Final = "120s"


class Pregnancy(NamedTuple):
    """A pregnancy, as far as a list can be compared with it."""

    id: UUID
    term: date
    outcome: Outcome
    ended_on: date | None = None


class Known(NamedTuple):
    """A family that a person is in, with one of its pregnancies; without, if it has none."""

    family_id: UUID
    pregnancy: Pregnancy | None


def take_turn(session: Session) -> None:
    """Wait until no other import is at work on a batch; held until the transaction ends.

    Two imports of one person in two lists would otherwise both find her unknown.
    """
    session.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
    session.execute(text(f"SET LOCAL statement_timeout = '{_PATIENCE}'"))
    session.execute(select(func.pg_advisory_xact_lock(_TURN)))
    session.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
    session.execute(text("SET LOCAL statement_timeout TO DEFAULT"))


def taken_in(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those of some mutations that have been taken in before."""
    return set(session.scalars(select(MutationRow.id).where(MutationRow.id.in_(ids))))


def known(session: Session, indexes: Sequence[BlindIndex]) -> dict[bytes, list[Known]]:
    """The families of some people, by the people's blind index."""
    query = (
        select(MemberRow.national_id_index, MemberRow.family_id, PregnancyRow)
        .outerjoin(PregnancyRow, PregnancyRow.family_id == MemberRow.family_id)
        .where(MemberRow.national_id_index.in_([one.digest for one in indexes]))
        .where(MemberRow.national_id_index_version.in_({one.version for one in indexes}))
        .order_by(MemberRow.family_id, PregnancyRow.term)
    )
    found: dict[bytes, list[Known]] = {}
    for digest, family_id, row in session.execute(query):
        if digest is not None:
            found.setdefault(digest, []).append(Known(family_id, _pregnancy(row)))
    return found


def _pregnancy(row: PregnancyRow | None) -> Pregnancy | None:
    if row is None:
        return None
    return Pregnancy(row.id, row.term, Outcome(row.outcome), row.ended_on)
