"""Families' queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Final, TypeVar, cast
from uuid import UUID

import msgspec
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    DateTime,
    Select,
    bindparam,
    func,
    inspect,
    literal,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session

from nyefamilier.families.rules import PROGRAMME_SPAN
from nyefamilier.families.states import MEMBER_ORDER, MemberRole, Protection, TeamPart
from nyefamilier.families.tables import (
    AddressRow,
    FamilyKeyRow,
    FamilyRow,
    MemberRow,
    MoveRow,
    PregnancyRow,
    TeamRow,
)
from nyefamilier.kernel.clock import day_of
from nyefamilier.storage.base import FamilyRecord, one_of, these

Row = TypeVar("Row", bound=FamilyRecord)
Found = TypeVar("Found")

_AT: Final = bindparam("at", type_=DateTime(timezone=True))
_LOCK: Final = (
    select(FamilyRow, FamilyKeyRow)
    .join(FamilyKeyRow, FamilyKeyRow.family_id == FamilyRow.id)
    .where(one_of(FamilyRow.id))
    .order_by(FamilyRow.id)
    .with_for_update(of=FamilyRow)
    .execution_options(populate_existing=True)
)
_REVISION: Final = frozenset({"rev", "chain", "checksum"})
_WRITE_REVISIONS: Final = text(
    "UPDATE family SET rev = told.rev, chain = decode(told.chain, 'hex'), checksum = told.checksum "
    "FROM json_to_recordset(CAST(:told AS json)) "
    "AS told(id uuid, rev bigint, chain text, checksum bigint) "
    # Named once more: how many are told PostgreSQL cannot know, and would look through all.
    "WHERE family.id = told.id AND family.id = ANY (CAST(:ids AS uuid[]))"
)


def family_and_key(
    session: Session, family_id: UUID, *, lock: bool
) -> tuple[FamilyRow, FamilyKeyRow] | None:
    """The family and its key; with *lock*, nobody else writes the family until the work ends."""
    query = (
        select(FamilyRow, FamilyKeyRow)
        .join(FamilyKeyRow, FamilyKeyRow.family_id == FamilyRow.id)
        .where(FamilyRow.id == family_id)
        .execution_options(populate_existing=True)
    )
    if lock:
        query = query.with_for_update(of=FamilyRow)
    row = session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def lock_families(
    session: Session, family_ids: Collection[UUID]
) -> list[tuple[FamilyRow, FamilyKeyRow]]:
    """Those of some families that exist, with their keys, locked in the order of their ids.

    Whoever locks many does it in this order, so that no two wait for each other in a circle.
    """
    return [(row[0], row[1]) for row in session.execute(_LOCK, these(family_ids))]


def write_revisions(session: Session, families: Sequence[FamilyRow]) -> None:
    """Write the revision, chain and checksum of each of some families, in one statement.

    The session lets go of them. What else was changed of a family is left to be written by it.
    """
    only = [one for one in families if inspect(one).committed_state.keys() <= _REVISION]
    told = [(one.id, one.rev, cast("bytes", one.chain).hex(), one.checksum) for one in only]
    rows = [dict(zip(("id", "rev", "chain", "checksum"), one, strict=True)) for one in told]
    told_of = {"told": msgspec.json.encode(rows).decode(), **these(one.id for one in only)}
    session.connection().execute(_WRITE_REVISIONS, told_of)
    for one in only:
        session.expunge(one)


def key_of(session: Session, family_id: UUID) -> FamilyKeyRow:
    """The family's data key, wrapped."""
    return session.scalars(select(FamilyKeyRow).where(FamilyKeyRow.family_id == family_id)).one()


def any_exists(session: Session, family_ids: Collection[UUID]) -> bool:
    """Whether there is a family with one of these ids."""
    query = select(FamilyRow).where(FamilyRow.id.in_(family_ids))
    return bool(session.scalars(query).all())


def records(
    session: Session, kind: type[Row], family_id: UUID, *order: InstrumentedAttribute[Any]
) -> Sequence[Row]:
    """All records of one kind of a family, by *order* and then by id.

    Ids made together sort in the order in which they were made, so no two reads differ.
    """
    query = select(kind).where(kind.family_id == family_id).order_by(*order, kind.id)
    return session.scalars(query).all()


def pregnancies(session: Session, family_id: UUID) -> Sequence[PregnancyRow]:
    """A family's pregnancies, by term."""
    return records(session, PregnancyRow, family_id, PregnancyRow.term)


def pregnancies_with(session: Session, ids: Collection[UUID]) -> dict[UUID, PregnancyRow]:
    """Pregnancies, of whichever families, by id."""
    if not ids:
        return {}
    query = select(PregnancyRow).where(PregnancyRow.id.in_(ids))
    return {row.id: row for row in session.scalars(query)}


def children_of(session: Session, pregnancy_id: UUID) -> Sequence[MemberRow]:
    """The children of a pregnancy, stillborn ones too."""
    query = select(MemberRow).where(MemberRow.pregnancy_id == pregnancy_id).order_by(MemberRow.id)
    return session.scalars(query).all()


def present_address(session: Session, family_id: UUID) -> AddressRow | None:
    """Where the family lives now."""
    query = select(AddressRow).where(
        AddressRow.family_id == family_id, AddressRow.valid_to.is_(None)
    )
    return session.scalars(query).one_or_none()


def addresses(session: Session, family_id: UUID) -> Sequence[AddressRow]:
    """A family's addresses, the present one last."""
    return records(session, AddressRow, family_id, AddressRow.valid_from, AddressRow.valid_to)


def team(session: Session, family_id: UUID) -> Sequence[TeamRow]:
    """The nurses who follow a family and those who did, in order."""
    return records(session, TeamRow, family_id, TeamRow.starts_at, TeamRow.ends_at)


def moves(session: Session, family_id: UUID) -> Sequence[MoveRow]:
    """A family's moves, in order."""
    return records(session, MoveRow, family_id, MoveRow.moved_on)


def team_at(session: Session, family_id: UUID, at: datetime) -> list[TeamRow]:
    """The nurses who follow a family at an instant."""
    query = select(TeamRow).where(TeamRow.family_id == family_id, follows_at(at))
    return list(session.scalars(query))


def followed_since(session: Session, family_id: UUID, since: datetime) -> bool:
    """Whether a nurse has begun to follow a family after an instant."""
    query = select(TeamRow.id).where(TeamRow.family_id == family_id, TeamRow.starts_at > since)
    return session.scalars(query.limit(1)).one_or_none() is not None


def has_followed(session: Session, family_id: UUID, nurse_id: UUID) -> bool:
    """Whether a nurse follows a family or ever did."""
    query = select(TeamRow.id).where(TeamRow.family_id == family_id, TeamRow.nurse_id == nurse_id)
    return session.scalars(query.limit(1)).first() is not None


def teams_at(
    session: Session, family_ids: Collection[UUID], at: datetime
) -> dict[UUID, list[TeamRow]]:
    """Who follows each of some families at an instant."""
    found: dict[UUID, list[TeamRow]] = {family_id: [] for family_id in family_ids}
    for row in session.scalars(_teams(), these(family_ids) | {"at": at}):
        found[row.family_id].append(row)
    return found


def named(
    session: Session, kind: type[FamilyRecord], ids: Collection[UUID]
) -> Sequence[FamilyRecord]:
    """The records of a kind with these ids, whosever they are: only to have them at hand."""
    return session.scalars(_named(kind), these(ids)).all()


def any_is_here(
    session: Session, kinds: tuple[type[FamilyRecord], ...], ids: Collection[UUID]
) -> bool:
    """Whether there is a record of one of some kinds with one of these ids."""
    return session.execute(_ids_of(kinds), these(ids)).first() is not None


def families_of_nurse(
    session: Session, nurse_id: UUID, at: datetime, after: UUID | None, limit: int
) -> Sequence[FamilyRow]:
    """The families that a nurse follows at an instant, by id, those after *after*.

    Only those that expect a child, or whose youngest is not two yet.
    """
    query = _followed(select(FamilyRow), nurse_id, at)
    return session.scalars(_page(query, after, limit)).all()


def followed_openly(
    session: Session, nurse_id: UUID, at: datetime, among: Collection[UUID]
) -> Sequence[FamilyRow]:
    """Those of some families that `families_of_nurse` would give and whose address is open."""
    wanted = FamilyRow.id.in_(among) & (FamilyRow.protection == Protection.NONE)
    return session.scalars(_followed(select(FamilyRow).where(wanted), nurse_id, at)).all()


def ids_of_nurse(session: Session, nurse_id: UUID, at: datetime) -> Sequence[UUID]:
    """The ids of all families that `families_of_nurse` would give, however many."""
    return session.scalars(_followed(select(FamilyRow.id), nurse_id, at)).all()


def families_in(
    session: Session, delbydeler: Sequence[str], after: UUID | None, limit: int
) -> Sequence[FamilyRow]:
    """The families with an open address in some delbydeler, by id, those after *after*."""
    query = select(FamilyRow).where(lives_openly_in(delbydeler)).order_by(FamilyRow.id)
    return session.scalars(_page(query, after, limit)).all()


def awaiting_nurse(session: Session, delbydeler: Sequence[str]) -> Sequence[FamilyRow]:
    """The families in some delbydeler that have no primary nurse."""
    query = select(FamilyRow).where(lives_openly_in(delbydeler), awaits_nurse())
    return session.scalars(query.order_by(FamilyRow.id)).all()


def awaits_nurse() -> ColumnElement[bool]:
    """Whether a family has no primary nurse."""
    followed = select(TeamRow.id).where(
        TeamRow.family_id == FamilyRow.id,
        TeamRow.part == TeamPart.PRIMARY,
        TeamRow.ends_at.is_(None),
    )
    return ~followed.exists()


@cache
def _teams() -> Select[TeamRow]:
    return select(TeamRow).where(one_of(TeamRow.family_id), follows_at(_AT))


@cache
def _named(kind: type[FamilyRecord]) -> Select[FamilyRecord]:
    return select(kind).where(one_of(kind.id))


@cache
def _ids_of(kinds: tuple[type[FamilyRecord], ...]) -> CompoundSelect[UUID]:
    # All of them: asked whether there is any, PostgreSQL takes the first for near and looks through
    # the table for it.
    return union_all(*(select(kind.id).where(one_of(kind.id)) for kind in kinds))


def follows_at(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether a nurse of a team follows its family at an instant that is not in the past.

    A primary nurse's end is written when it comes; only a cover's is known before. Told so, and
    with the part in the statement's text, the partial index of the team's nurses serves it.
    """
    covering = TeamRow.part == literal(TeamPart.COVERING.value, literal_execute=True)
    ends = or_(TeamRow.ends_at.is_(None), covering & (TeamRow.ends_at > at))
    return (TeamRow.starts_at <= at) & ends


def families(session: Session, family_ids: Collection[UUID]) -> Sequence[FamilyRow]:
    """The families with these ids."""
    return session.scalars(select(FamilyRow).where(FamilyRow.id.in_(family_ids))).all()


def ids_after(session: Session, after: UUID | None, limit: int) -> list[UUID]:
    """The ids of all families, by id, those after *after*."""
    query = select(FamilyRow.id).order_by(FamilyRow.id).limit(limit)
    if after is not None:
        query = query.where(FamilyRow.id > after)
    return list(session.scalars(query))


def lives_openly_in(delbydeler: Sequence[str]) -> ColumnElement[bool]:
    """Whether a family lives in one of some delbydeler, at an address that is not protected.

    Every list of a bydel's families asks this, so that no list can give a protected one away.
    """
    return FamilyRow.delbydel.in_(delbydeler) & (FamilyRow.protection == Protection.NONE)


def openly_among(
    session: Session, family_ids: Collection[UUID], delbydeler: Sequence[str]
) -> Sequence[UUID]:
    """Those of some families that live openly in some delbydeler."""
    query = select(FamilyRow.id).where(FamilyRow.id.in_(family_ids), lives_openly_in(delbydeler))
    return session.scalars(query).all()


def families_with_index(session: Session, index: bytes, version: int) -> Sequence[UUID]:
    """The families that have a member with this blind index."""
    query = (
        select(MemberRow.family_id)
        .where(MemberRow.national_id_index == index, MemberRow.national_id_index_version == version)
        .distinct()
        .order_by(MemberRow.family_id)
    )
    return session.scalars(query).all()


def latest_pregnancies(session: Session, family_ids: Sequence[UUID]) -> dict[UUID, PregnancyRow]:
    """The latest pregnancy of each of some families, by family."""
    query = (
        select(PregnancyRow)
        .where(PregnancyRow.family_id.in_(family_ids))
        .ext(distinct_on(PregnancyRow.family_id))
        .order_by(PregnancyRow.family_id, PregnancyRow.term.desc(), PregnancyRow.id)
    )
    return {row.family_id: row for row in session.scalars(query)}


def members_of(session: Session, family_id: UUID) -> Sequence[MemberRow]:
    """A family's members: mother, father or co-mother, guardians, children."""
    return sorted(records(session, MemberRow, family_id), key=_place_in_family)


def adults_of(session: Session, family_ids: Sequence[UUID]) -> Sequence[MemberRow]:
    """The parents and guardians of some families, each family's in the order of showing."""
    query = (
        select(MemberRow)
        .where(MemberRow.family_id.in_(family_ids), MemberRow.role != MemberRole.CHILD)
        .order_by(MemberRow.family_id, MemberRow.id)
    )
    return sorted(session.scalars(query), key=_place_in_family)


def keys_of(session: Session, family_ids: Collection[UUID]) -> Sequence[FamilyKeyRow]:
    """The wrapped data keys of some families."""
    return session.scalars(select(FamilyKeyRow).where(FamilyKeyRow.family_id.in_(family_ids))).all()


def _followed(query: Select[Found], nurse_id: UUID, at: datetime) -> Select[Found]:
    """Of the families that *query* reads those that a nurse follows at an instant, by id."""
    return (
        query.join(TeamRow, TeamRow.family_id == FamilyRow.id)
        .where(TeamRow.nurse_id == nurse_id, follows_at(at), is_current(day_of(at)))
        .distinct()
        .order_by(FamilyRow.id)
    )


def _page(query: Select[FamilyRow], after: UUID | None, limit: int) -> Select[FamilyRow]:
    return (query if after is None else query.where(FamilyRow.id > after)).limit(limit)


def is_current(today: date) -> ColumnElement[bool]:
    """Whether a child is expected or is young. A family whose pregnancy is not told yet is, too."""
    # One latest day of each family, found by index; asked whether there is any that is young, or
    # none at all, PostgreSQL would read every pregnancy of the city and remember it.
    latest = select(func.max(func.coalesce(PregnancyRow.ended_on, date.max))).where(
        PregnancyRow.family_id == FamilyRow.id
    )
    return func.coalesce(latest.scalar_subquery(), date.max) > today - PROGRAMME_SPAN


def _place_in_family(row: MemberRow) -> tuple[int, date, UUID]:
    return MEMBER_ORDER[MemberRole(row.role)], row.born_on or date.min, row.id
