"""Counts, in the database alone, what the published statistics do not: moves, languages, NFP.

Only clear columns are read: days, bydeler, states. Nothing is opened and nobody is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Select, case, cast, extract, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from nyefamilier.bydeler.service import boundaries
from nyefamilier.demo.cohorts import OURS
from nyefamilier.families.tables import AddressRow, FamilyRow, MoveRow
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode
from nyefamilier.offers.states import EnrolmentState
from nyefamilier.offers.tables import EnrolmentRow
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.tables import VisitRow

_DAYS_A_YEAR = 365.25


def families(session: Session) -> int:
    """How many families there are."""
    return session.scalar(select(func.count()).select_from(FamilyRow)) or 0


def bydeler_with(session: Session, programme: str, today: date) -> set[BydelNumber]:
    """The bydeler in which families lived that joined a programme."""
    first = _first_addresses().subquery()
    query = (
        select(first.c.delbydel)
        .join(EnrolmentRow, EnrolmentRow.family_id == first.c.family_id)
        .where(EnrolmentRow.programme == programme, first.c.delbydel.is_not(None))
        .distinct()
    )
    known = boundaries(session)
    found = {known.bydel_of(DelbydelCode(code), today) for code in session.scalars(query)}
    return {bydel for bydel in found if bydel is not None}


def interpreted_share(session: Session, first_year: int, last_year: int) -> float | None:
    """The share of visits, in per cent, at which there was to be an interpreter."""
    year = cast(extract("year", VisitRow.at), Integer)
    interpreted = func.count().filter(VisitRow.interpreter_category.is_not(None))
    query = select(func.count(), interpreted).where(
        VisitRow.state == VisitState.DONE, year.between(first_year, last_year)
    )
    done, with_one = session.execute(query).tuples().one()
    return 100 * with_one / done if done else None


def leaving_rate(session: Session, bydel: BydelNumber, today: date) -> float | None:
    """Families that leave a bydel, in per cent of the years that families there take part.

    A family counts where it lived when it joined, from then until it leaves the programme, leaves
    the bydel, or today.
    """
    left, days = session.execute(_leaving(session, bydel, today)).one()
    return 100 * left / (days / _DAYS_A_YEAR) if days else None


def _leaving(session: Session, bydel: BydelNumber, today: date) -> Select[*tuple[Any, ...]]:
    moved = _first_moves(bydel).subquery()
    first = _first_addresses().subquery()
    ended = func.least(func.coalesce(EnrolmentRow.ended_on, today), moved.c.moved_on)
    out = EnrolmentRow.state == EnrolmentState.MOVED_OUT
    left = case((moved.c.moved_on.is_not(None) | out, 1), else_=0)
    return (
        select(func.sum(left), func.sum(cast(ended, Date) - EnrolmentRow.started_on))
        .join(first, first.c.family_id == EnrolmentRow.family_id)
        .outerjoin(moved, moved.c.family_id == EnrolmentRow.family_id)
        .where(
            EnrolmentRow.programme == OURS,
            first.c.delbydel.in_(_delbydeler(session, bydel)),
        )
    )


def _first_moves(bydel: BydelNumber) -> Select[*tuple[Any, ...]]:
    return (
        select(MoveRow.family_id, MoveRow.moved_on)
        .where(MoveRow.from_bydel == bydel, MoveRow.to_bydel != bydel)
        .ext(distinct_on(MoveRow.family_id))
        .order_by(MoveRow.family_id, MoveRow.moved_on)
    )


def _first_addresses() -> Select[*tuple[Any, ...]]:
    return (
        select(AddressRow.family_id, AddressRow.delbydel)
        .ext(distinct_on(AddressRow.family_id))
        .order_by(AddressRow.family_id, AddressRow.valid_from, AddressRow.id)
    )


def _delbydeler(session: Session, bydel: BydelNumber) -> Sequence[str]:
    """Every delbydel code that has lain in a bydel since the programme began."""
    known = boundaries(session)
    return [row.delbydel for row in known.memberships if row.bydel == bydel]
