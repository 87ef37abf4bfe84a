"""A family's chain and checksum worked out from the database, when there is nothing to go on from.

Every write carries them forward (`dossier`). They are worked out anew for a family that was last
written before they were kept, and by whoever wants to know whether they are right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, bindparam, column, literal, select, table, union_all
from sqlalchemy.orm import Session

from nyefamilier.changes.store import mutations_of
from nyefamilier.families.tables import FamilyRow
from nyefamilier.wire import chain
from nyefamilier.wire.kinds import RECORD_KINDS


@dataclass(frozen=True, slots=True)
class Difference:
    """What is kept of a family does not follow from its rows.

    Args:
        family_id: The family.
        what: ``log`` (a revision has no mutation, or two), ``chain`` or ``checksum``.
    """

    family_id: UUID
    what: str


def settle(session: Session, family: FamilyRow) -> None:
    """Give a family that was last written before they were kept its chain, links and checksum.

    The caller holds the family's row lock, so that no revision is made meanwhile.
    """
    at = chain.ORIGIN
    for one in mutations_of(session, family.id):
        one.link = chain.link(one.id, one.request)
        at = one.chain = chain.after(at, one.rev, one.link)
    family.chain = at
    family.checksum = checksum_of(session, family.id)


def settle_all(session: Session, family_ids: Iterable[UUID]) -> None:
    """Do the same for some families, each under its row lock."""
    unsettled = (
        select(FamilyRow)
        .where(FamilyRow.id.in_(list(family_ids)), FamilyRow.chain.is_(None))
        .order_by(FamilyRow.id)
        .with_for_update()
    )
    for family in session.scalars(unsettled):
        settle(session, family)
    session.flush()


def checksum_of(session: Session, family_id: UUID) -> int:
    """The checksum of a family's rows, each of them read."""
    rows = session.execute(_rows(), {"family_id": family_id})
    return chain.checksum((kind, id_, rev) for kind, id_, rev in rows)


def differing(session: Session, family_ids: Iterable[UUID]) -> Iterator[Difference]:
    """What of these families' chains and checksums does not follow from the database.

    A family whose chain was never kept has none that could be wrong.
    """
    for family_id in family_ids:
        family = session.get_one(FamilyRow, family_id, populate_existing=True)
        for what in _wrong(session, family):
            yield Difference(family_id, what)


def _wrong(session: Session, family: FamilyRow) -> Iterator[str]:
    log = mutations_of(session, family.id)
    if [one.rev for one in log] != list(range(1, family.rev + 1)):
        yield "log"
    if family.chain is None:
        return
    if family.chain != chain.chain_of(chain.link(one.id, one.request) for one in log):
        yield "chain"
    if family.checksum != checksum_of(session, family.id):
        yield "checksum"


@cache
def _rows() -> CompoundSelect[Any]:
    """The rows of one family, of whatever kind."""
    return union_all(*(_rows_of(kind) for kind in RECORD_KINDS))


def _rows_of(kind: str) -> Any:  # noqa: ANN401 - a select of three columns
    rows = table(kind, column("id"), column("family_id"), column("rev"))
    return select(literal(kind), rows.c.id, rows.c.rev).where(
        rows.c.family_id == bindparam("family_id")
    )
