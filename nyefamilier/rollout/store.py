"""Queries over plans and their versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.ids import BydelNumber, UserId
from nyefamilier.rollout.outcomes import ToldArsverk
from nyefamilier.rollout.states import Done, Kept, Version, Whole
from nyefamilier.rollout.tables import ArsverkRow, PlanRow, VersionRow

_HEAD: Final = (
    VersionRow.plan_id, VersionRow.number, VersionRow.name,
    VersionRow.written_at, VersionRow.written_by, VersionRow.decided_at, VersionRow.decided_by,
    VersionRow.archived_at, VersionRow.archived_by,
)  # fmt: skip


def plans(session: Session) -> list[Kept]:
    """Every plan with its versions, by id; documents and figures stay where they are."""
    return _kept(session, _heads())


def plan(session: Session, plan_id: UUID) -> Kept | None:
    """One plan with its versions."""
    return next(iter(_kept(session, _heads().where(VersionRow.plan_id == plan_id))), None)


def add_plan(session: Session, plan_id: UUID) -> bool:
    """Make a plan without versions; False when somebody else has just made it."""
    made = insert(PlanRow).values(id=plan_id, rev=1).on_conflict_do_nothing()
    return session.scalar(made.returning(PlanRow.id)) is not None


def locked(session: Session, plan_id: UUID) -> PlanRow | None:
    """A plan, that nobody else does anything to till the transaction ends."""
    return session.scalar(select(PlanRow).where(PlanRow.id == plan_id).with_for_update())


def version_row(session: Session, plan_id: UUID, number: int) -> VersionRow | None:
    """One version of a plan."""
    return session.get(VersionRow, (plan_id, number))


def version_by_id(session: Session, version_id: UUID) -> VersionRow | None:
    """The version that was saved under an id."""
    return session.scalar(select(VersionRow).where(VersionRow.id == version_id))


def told_arsverk(session: Session, plan_id: UUID) -> list[ToldArsverk]:
    """All that was told of årsverk under a plan, in the order in which it was told."""
    mine = select(ArsverkRow).where(ArsverkRow.plan_id == plan_id)
    rows = session.scalars(mine.order_by(ArsverkRow.told_at, ArsverkRow.id))
    return [told(row) for row in rows]


def told(row: ArsverkRow) -> ToldArsverk:
    """What was told of årsverk, as a value."""
    bydel = None if row.bydel is None else BydelNumber(row.bydel)
    by, on = UserId(row.told_by), day_of(row.told_at)
    return ToldArsverk(row.id, bydel, row.year, row.arsverk, row.source, by, on)


def whole(row: VersionRow) -> Whole:
    """A version with all that is kept of it."""
    return Whole(_version(row), row.document, row.figures, row.model)


def _heads() -> Select[Any]:
    found = cast("Select[Any]", select(PlanRow.rev, *_HEAD))
    joined = found.join(PlanRow, PlanRow.id == VersionRow.plan_id)
    return joined.order_by(VersionRow.plan_id, VersionRow.number.desc())


def _kept(session: Session, query: Select[Any]) -> list[Kept]:
    found: Iterable[Row[Any]] = session.execute(query).all()
    return [
        Kept(plan_id, rev, tuple(map(_version, rows)))
        for (plan_id, rev), rows in groupby(found, lambda row: (row.plan_id, row.rev))
    ]


def _version(row: VersionRow | Row[Any]) -> Version:
    return Version(
        row.plan_id,
        row.number,
        row.name,
        Done(UserId(row.written_by), row.written_at),
        _done(row.decided_by, row.decided_at),
        _done(row.archived_by, row.archived_at),
    )


def _done(by: UUID | None, at: datetime | None) -> Done | None:
    return None if by is None or at is None else Done(UserId(by), at)
