"""Visits' queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple
from typing import cast as typed
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Table,
    and_,
    any_,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from nyefamilier.accounts.tables import Account
from nyefamilier.families.states import MemberRole, Outcome, Protection
from nyefamilier.families.store import lives_openly_in, records
from nyefamilier.families.tables import FamilyRow, MemberRow, PregnancyRow
from nyefamilier.kernel.clock import OSLO
from nyefamilier.offers.states import OPEN_STATES as ENROLLED
from nyefamilier.offers.tables import EnrolmentRow
from nyefamilier.protocols.rules import CONSULTATION_1
from nyefamilier.storage import plain
from nyefamilier.visits.appointments import Span
from nyefamilier.visits.newborn import NEWBORN
from nyefamilier.visits.states import OPEN_STATES, Place, VisitState
from nyefamilier.visits.tables import AppointmentRow, VisitRow

_APPOINTMENT: Final = typed("Table", AppointmentRow.__table__)
_LASTS: Final = func.make_interval(0, 0, 0, 0, 0, func.coalesce(VisitRow.minutes, 60))
_CLAIMED: Final = ("visit_id", "nurse_id", "nurse_number", "begins", "ends")


def visits_of(session: Session, family_id: UUID) -> Sequence[VisitRow]:
    """A family's visits, in the order in which they fall."""
    return records(session, VisitRow, family_id, VisitRow.at, VisitRow.opens, VisitRow.ideal)


def open_visits(session: Session, family_id: UUID) -> Sequence[VisitRow]:
    """The planned and booked visits of a family."""
    query = select(VisitRow).where(VisitRow.family_id == family_id, VisitRow.state.in_(OPEN_STATES))
    return session.scalars(query).all()


def items_of(session: Session, pregnancy_id: UUID, programme: str) -> dict[str, VisitRow]:
    """The rows of a protocol's items for one pregnancy, by kind."""
    query = select(VisitRow).where(
        VisitRow.pregnancy_id == pregnancy_id,
        VisitRow.programme == programme,
        VisitRow.from_protocol,
    )
    return {row.kind: row for row in session.scalars(query)}


def items_of_pregnancies(
    session: Session, pregnancy_ids: Sequence[UUID]
) -> dict[tuple[UUID, str], dict[str, VisitRow]]:
    """The same of some pregnancies, by pregnancy and programme."""
    query = select(VisitRow).where(VisitRow.pregnancy_id.in_(pregnancy_ids), VisitRow.from_protocol)
    found: dict[tuple[UUID, str], dict[str, VisitRow]] = {}
    for row in session.scalars(query):
        if row.pregnancy_id is not None and row.programme is not None:
            found.setdefault((row.pregnancy_id, row.programme), {})[row.kind] = row
    return found


def open_visits_of(session: Session, family_ids: Sequence[UUID]) -> Sequence[VisitRow]:
    """The planned and booked visits of some families, in the order in which they fall."""
    falls = func.coalesce(cast(func.timezone(OSLO.key, VisitRow.at), Date), VisitRow.ideal)
    query = (
        select(VisitRow)
        .where(VisitRow.family_id.in_(family_ids), VisitRow.state.in_(OPEN_STATES))
        .order_by(falls, VisitRow.at, VisitRow.id)
    )
    return session.scalars(query).all()


def claim(session: Session, visit_id: UUID, nurse_ids: Collection[UUID], span: Span) -> int:
    """Take the nurses' time for a visit, and say of how many it could be taken.

    A time that is taken is left alone. One that somebody else is just taking is waited for: in
    PostgreSQL two who want the same row of an exclusion constraint in this way cannot both get it.
    """
    wanted = select(
        literal(visit_id), Account.id, Account.number, literal(span.begins), literal(span.ends)
    ).where(Account.id.in_(nurse_ids))
    taking = (
        insert(_APPOINTMENT)
        .from_select(_CLAIMED, wanted.order_by(Account.number))
        .on_conflict_do_nothing()
        .returning(_APPOINTMENT.c.nurse_id)
    )
    # Past the session, which would otherwise write all that it keeps back before this.
    return len(session.connection().execute(taking).all())


def release(session: Session, visit_id: UUID) -> None:
    """Give back the time that a visit has taken."""
    gone = delete(_APPOINTMENT).where(_APPOINTMENT.c.visit_id == visit_id)
    session.connection().execute(gone)


def appointments_with(session: Session, family_ids: Collection[UUID]) -> Sequence[AppointmentRow]:
    """The time that visits to some families take."""
    query = (
        select(AppointmentRow)
        .join(VisitRow, VisitRow.id == AppointmentRow.visit_id)
        .where(VisitRow.family_id.in_(family_ids))
    )
    return session.scalars(query).all()


def taken(
    session: Session, nurse_ids: Collection[UUID], among: Span, but: UUID | None = None
) -> list[Span]:
    """When any of some nurses has an appointment, in order; without those of one visit."""
    columns = _APPOINTMENT.c
    query = (
        select(columns.begins, columns.ends)
        .where(columns.nurse_id.in_(nurse_ids), _touches(among))
        .order_by(columns.begins)
    )
    if but is not None:
        query = query.where(columns.visit_id != but)
    return [Span(*one) for one in session.connection().execute(query)]


class Appointment(NamedTuple):
    """A time that a visit takes of a nurse, and the family that it is with."""

    visit_id: UUID
    rev: int
    family_id: UUID
    begins: datetime
    ends: datetime


def open_appointments(session: Session, nurse_id: UUID, among: Span) -> list[Appointment]:
    """A nurse's appointments with families whose address is open, in order."""
    query = (
        select(
            VisitRow.id,
            VisitRow.rev,
            VisitRow.family_id,
            AppointmentRow.begins,
            AppointmentRow.ends,
        )
        .join(AppointmentRow, AppointmentRow.visit_id == VisitRow.id)
        .join(FamilyRow, FamilyRow.id == VisitRow.family_id)
        .where(
            AppointmentRow.nurse_id == nurse_id,
            AppointmentRow.begins < among.ends,
            AppointmentRow.ends > among.begins,
            FamilyRow.protection == Protection.NONE,
        )
        .order_by(AppointmentRow.begins)
    )
    return [Appointment(*one) for one in session.execute(query)]


def claim_booked(session: Session, among: Span) -> int:
    """Take the time of whoever is to make the visits that are booked and have not taken it.

    Where it is free; and say how often it was. A family that somebody is writing is left alone,
    and so is a visit that has just been called off: nobody's time is taken for what will not be.
    """
    booked = (
        select(VisitRow.id, Account.id, Account.number, VisitRow.at, VisitRow.at + _LASTS)
        .join(Account, Account.id.in_((VisitRow.nurse_id, VisitRow.second_nurse_id)))
        .join(FamilyRow, FamilyRow.id == VisitRow.family_id)
        .where(_booked_among(among), _has_no_claim())
        .order_by(VisitRow.at, VisitRow.id)
        .with_for_update(of=[FamilyRow, VisitRow], skip_locked=True)
    )
    taking = insert(_APPOINTMENT).from_select(_CLAIMED, booked).on_conflict_do_nothing()
    return len(session.connection().execute(taking.returning(_APPOINTMENT.c.nurse_id)).all())


def unclaimed(session: Session, among: Span) -> Sequence[VisitRow]:
    """The visits that are booked and for which somebody's time is not taken, in order."""
    missing = (
        select(Account.id)
        .where(Account.id.in_((VisitRow.nurse_id, VisitRow.second_nurse_id)), _has_no_claim())
        .exists()
    )
    query = select(VisitRow).where(_booked_among(among), missing).order_by(VisitRow.at, VisitRow.id)
    return session.scalars(query).all()


def claims_of(session: Session, visit_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Whose time some visits have taken: pairs of visit and nurse."""
    query = select(AppointmentRow.visit_id, AppointmentRow.nurse_id).where(
        AppointmentRow.visit_id.in_(visit_ids)
    )
    return {(visit_id, nurse_id) for visit_id, nurse_id in session.execute(query)}


def booked_in(session: Session, delbydeler: Sequence[str], since: datetime) -> Sequence[VisitRow]:
    """What is booked from an instant on with families that live openly in some delbydeler."""
    query = (
        select(VisitRow)
        .join(FamilyRow, FamilyRow.id == VisitRow.family_id)
        .where(
            lives_openly_in(delbydeler),
            VisitRow.state == VisitState.BOOKED,
            VisitRow.at >= since,
        )
        .order_by(VisitRow.at, VisitRow.id)
    )
    return session.scalars(query).all()


def _touches(among: Span) -> ColumnElement[bool]:
    columns = _APPOINTMENT.c
    return and_(columns.begins < among.ends, columns.ends > among.begins)


def _booked_among(among: Span) -> ColumnElement[bool]:
    is_booked = VisitRow.state == VisitState.BOOKED
    return is_booked & (VisitRow.at >= among.begins) & (VisitRow.at < among.ends)


def _has_no_claim() -> ColumnElement[bool]:
    """Whether the nurse's time is not taken for the visit."""
    claimed = (
        select(AppointmentRow.visit_id)
        .where(AppointmentRow.visit_id == VisitRow.id, AppointmentRow.nurse_id == Account.id)
        .correlate(VisitRow, Account)
    )
    return ~claimed.exists()


class TakenTime(NamedTuple):
    """A nurse's time that a visit takes, and where it is; no delbydel for a protected family."""

    nurse_id: UUID
    begins: datetime
    ends: datetime
    delbydel: str | None


def taken_in(
    session: Session, nurse_ids: Collection[UUID], among: Span, *, but: UUID | None = None
) -> list[TakenTime]:
    """What some nurses have agreed to in a span of time; without one visit's."""
    columns = _APPOINTMENT.c
    query = (
        select(columns.nurse_id, columns.begins, columns.ends, FamilyRow.delbydel)
        .join(VisitRow, VisitRow.id == columns.visit_id)
        .join(FamilyRow, FamilyRow.id == VisitRow.family_id)
        .where(columns.nurse_id.in_(nurse_ids), _touches(among))
    )
    if but is not None:
        query = query.where(columns.visit_id != but)
    return [TakenTime(*one) for one in session.execute(query)]


_TAKEN: Final = """
    SELECT nurse_id, begins, ends FROM appointment
    WHERE nurse_id = ANY(%(nurses)s) AND begins < %(ends)s AND ends > %(begins)s
    ORDER BY nurse_id, begins
"""


def taken_of_each(
    session: Session, nurse_ids: Collection[UUID], among: Span
) -> dict[UUID, tuple[Span, ...]]:
    """When each of some nurses has appointments, in order; nothing of who has none."""
    named = {"nurses": list(nurse_ids), "begins": among.begins, "ends": among.ends}
    rows = plain.rows(session.connection(), _TAKEN, named)
    return {
        nurse_id: tuple(Span(begins, ends) for _, begins, ends in taken)
        for nurse_id, taken in groupby(rows, itemgetter(0))
    }


def agreed_of(
    session: Session, nurse_id: UUID, among: Span
) -> list[tuple[VisitRow, datetime, datetime]]:
    """What a nurse has agreed to in a span of time: each visit, from when to when; in order."""
    columns = _APPOINTMENT.c
    query = (
        select(VisitRow, columns.begins, columns.ends)
        .join(_APPOINTMENT, VisitRow.id == columns.visit_id)
        .where(columns.nurse_id == nurse_id, _touches(among))
        .order_by(columns.begins)
    )
    return [(row, at, until) for row, at, until in session.execute(query)]


def planned_past_window(
    session: Session, delbydeler: Sequence[str], since: date, until: date
) -> list[tuple[str, date, int]]:
    """How many visits of some delbydeler are planned and not agreed on though their window closed.

    By kind and by the day on which it closed, from *since* up to, but not on, *until*. A newborn
    visit has no window before the child is born.
    """
    is_born = PregnancyRow.outcome == Outcome.BORN
    query = (
        select(VisitRow.kind, VisitRow.closes, func.count())
        .join(FamilyRow, FamilyRow.id == VisitRow.family_id)
        .join(PregnancyRow, PregnancyRow.id == VisitRow.pregnancy_id)
        .where(
            or_(VisitRow.kind != NEWBORN, is_born),
            lives_openly_in(delbydeler),
            # In the statement's text: only so does the index of the open ones serve every plan.
            VisitRow.state == literal(VisitState.PLANNED.value, literal_execute=True),
            VisitRow.closes >= since,
            VisitRow.closes < until,
        )
        .group_by(VisitRow.kind, VisitRow.closes)
    )
    return [(kind, on, many) for kind, on, many in session.execute(query) if on is not None]


def newborns_unvisited(
    session: Session, delbydeler: Sequence[str], since: date
) -> Sequence[PregnancyRow]:
    """Births since a day, in some delbydeler, after which nobody has visited; oldest first."""
    query = (
        select(PregnancyRow)
        .join(FamilyRow, FamilyRow.id == PregnancyRow.family_id)
        .where(lives_openly_in(delbydeler), _unvisited_since(since))
        .order_by(PregnancyRow.ended_on, PregnancyRow.id)
    )
    return session.scalars(query).all()


def newborns_to_come(
    session: Session, delbydeler: Sequence[str], since: date
) -> Sequence[tuple[PregnancyRow, EnrolmentRow, datetime | None]]:
    """The enrolled pregnancies in some delbydeler whose newborn visit is still to be made.

    Those that go on, and those that ended with a birth since a day and no visit after it. With the
    time for which that visit is agreed on, if it is.
    """
    agreed = (
        select(func.min(VisitRow.at))
        .where(
            VisitRow.pregnancy_id == PregnancyRow.id,
            VisitRow.kind == NEWBORN,
            VisitRow.state == VisitState.BOOKED,
        )
        .scalar_subquery()
    )
    query = (
        select(PregnancyRow, EnrolmentRow, agreed)
        .join(FamilyRow, FamilyRow.id == PregnancyRow.family_id)
        .join(EnrolmentRow, EnrolmentRow.pregnancy_id == PregnancyRow.id)
        .where(
            lives_openly_in(delbydeler),
            EnrolmentRow.state.in_(ENROLLED),
            (PregnancyRow.outcome == Outcome.EXPECTED) | _unvisited_since(since),
        )
        .order_by(PregnancyRow.term, PregnancyRow.id)
    )
    return [(pregnancy, enrolment, at) for pregnancy, enrolment, at in session.execute(query)]


def _unvisited_since(since: date) -> ColumnElement[bool]:
    """Whether a child who lives was born since a day and nobody has visited it."""
    on = cast(func.timezone(OSLO.key, VisitRow.at), Date)
    # Of the day of the birth nobody knows whether the visit came first, unless it was counted.
    after = (on > PregnancyRow.ended_on) | (literal(CONSULTATION_1) == any_(VisitRow.counts_as))
    visited = select(VisitRow.id).where(
        VisitRow.pregnancy_id == PregnancyRow.id,
        VisitRow.state == VisitState.DONE,
        VisitRow.place != Place.TELEPHONE,
        after,
    )
    lives = select(MemberRow.id).where(
        MemberRow.family_id == PregnancyRow.family_id,
        MemberRow.pregnancy_id == PregnancyRow.id,
        MemberRow.role == MemberRole.CHILD,
        MemberRow.died_on.is_(None),
        ~MemberRow.stillborn,
    )
    # In the statement's text: only so does the index of births serve every plan.
    born = PregnancyRow.outcome == literal(Outcome.BORN.value, literal_execute=True)
    return born & (PregnancyRow.ended_on >= since) & lives.exists() & ~visited.exists()
