"""Reads the boundaries as one value, and writes what a reform changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TypeAlias, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, ScalarResult, Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from nyefamilier.bydeler.reforms import ReformDiff
from nyefamilier.bydeler.rules import Boundaries, Bydel, Delbydel, Membership, Serving
from nyefamilier.bydeler.tables import (
    BoundaryStamp,
    BydelRow,
    DelbydelRow,
    MembershipRow,
    ServingRow,
)
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode

_Value: TypeAlias = Bydel | Delbydel | Membership | Serving
Row = TypeVar("Row", BydelRow, DelbydelRow, MembershipRow, ServingRow)
_Row: TypeAlias = type[BydelRow] | type[DelbydelRow] | type[MembershipRow] | type[ServingRow]


def stamp(session: Session) -> UUID | None:
    """The mark of the boundaries as they are; None when no reference data has been loaded."""
    return session.scalar(select(BoundaryStamp.stamp))


def lock(session: Session) -> None:
    """Wait until no other transaction is changing the boundaries, and keep others out."""
    session.execute(select(BoundaryStamp).with_for_update())


def load(session: Session) -> Boundaries:
    """All boundaries at all times."""
    return Boundaries(
        bydeler=tuple(map(_bydel, _all(session, select(BydelRow).order_by(BydelRow.number)))),
        delbydeler=tuple(
            map(_delbydel, _all(session, select(DelbydelRow).order_by(DelbydelRow.code)))
        ),
        memberships=tuple(map(_membership, _all(session, select(MembershipRow)))),
        served=tuple(map(_serving, _all(session, select(ServingRow)))),
    )


def add_missing(session: Session, boundaries: Boundaries) -> int:
    """Insert what is not there. What is there, a reform's rows among it, stays as it is.

    Returns:
        How many rows were inserted. The stamp changes when any was.
    """
    added = (
        _insert(session, BydelRow, boundaries.bydeler)
        + _insert(session, DelbydelRow, boundaries.delbydeler)
        + _insert(session, MembershipRow, boundaries.memberships)
        + _insert(session, ServingRow, boundaries.served)
    )
    if added:
        _restamp(session)
    return added


def write(session: Session, change: ReformDiff) -> None:
    """Make a reform's change: end what ends on its day, and insert what begins."""
    _end(session, BydelRow, BydelRow.number.in_(change.closed), change.on)
    moved = [move.delbydel for move in change.moved]
    _end(session, MembershipRow, MembershipRow.delbydel.in_(moved), change.on)
    rearranged = [row.bydel for row in change.served]
    _end(session, ServingRow, ServingRow.bydel.in_(rearranged), change.on)
    _insert(session, BydelRow, change.opened)
    _insert(session, MembershipRow, change.memberships)
    _insert(session, ServingRow, change.served)
    _restamp(session)


def _all(session: Session, query: Select[Row]) -> ScalarResult[Row]:
    # Rows are changed by statements that the session's identity map does not see.
    return session.scalars(query, execution_options={"populate_existing": True})


def _insert(session: Session, row: _Row, values: Sequence[_Value]) -> int:
    if not values:  # an INSERT without rows would insert one of defaults
        return 0
    statement = insert(row).values([asdict(value) for value in values])
    inserted = session.execute(statement.on_conflict_do_nothing().returning(row.valid_from))
    return len(inserted.all())


def _end(session: Session, row: _Row, which: ColumnElement[bool], on: date) -> None:
    session.execute(update(row).where(which, row.valid_to.is_(None)).values(valid_to=on))


def _restamp(session: Session) -> None:
    mark = uuid4()
    session.execute(
        insert(BoundaryStamp)
        .values(id=1, stamp=mark)
        .on_conflict_do_update(index_elements=["id"], set_={"stamp": mark})
    )


def _bydel(row: BydelRow) -> Bydel:
    return Bydel(
        BydelNumber(row.number),
        row.code,
        row.name,
        row.valid_from,
        row.valid_to,
        row.administered,
        row.source,
    )


def _delbydel(row: DelbydelRow) -> Delbydel:
    return Delbydel(
        DelbydelCode(row.code),
        row.name,
        row.valid_from,
        row.valid_to,
        tuple(map(DelbydelCode, row.successors)),
        row.label,
        row.source,
    )


def _membership(row: MembershipRow) -> Membership:
    return Membership(
        DelbydelCode(row.delbydel), BydelNumber(row.bydel), row.valid_from, row.valid_to
    )


def _serving(row: ServingRow) -> Serving:
    return Serving(
        BydelNumber(row.bydel),
        BydelNumber(row.served_by),
        row.valid_from,
        row.valid_to,
        row.label,
        row.source,
    )
