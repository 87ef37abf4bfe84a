"""Read families: one in full, or many in short."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from nyefamilier.access.log import note_accesses
from nyefamilier.access.rules import READS_TEXT, Action, Ground
from nyefamilier.bydeler.service import boundaries
from nyefamilier.families import store
from nyefamilier.families.bodies import AddressBody, InterpreterNeed, MemberBody, MoveBody
from nyefamilier.families.dossier import Dossier, open_dossier, open_for_list
from nyefamilier.families.national_ids import IdType, parse
from nyefamilier.families.service import NATIONAL_ID
from nyefamilier.families.states import MemberRole, Outcome, Protection, TeamPart
from nyefamilier.families.tables import (
    AddressRow,
    FamilyRow,
    MemberRow,
    MoveRow,
    PregnancyRow,
    TeamRow,
)
from nyefamilier.families.whereabouts import bydel_of_row
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed, NotFound
from nyefamilier.kernel.ids import BydelNumber, FamilyId
from nyefamilier.storage.work import Work

LIST_LIMIT = 100
"""The most families on one page of a list."""

_NOBODY = MemberBody(name="")
_NOWHERE = AddressBody(lines="")
"""What is shown to those who may not read."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person in the family. What is personal is None for who may not read it."""

    id: UUID
    rev: int
    role: MemberRole
    name: str | None
    national_id: str | None
    national_id_type: str | None
    phone: str | None
    language: str | None
    interpreter: InterpreterNeed | None
    no_texts: bool | None
    born_on: date | None
    died_on: date | None
    stillborn: bool
    pregnancy_id: UUID | None

    def __repr__(self) -> str:
        return f"<Member {self.id} {self.role}>"


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """A pregnancy and how it ended."""

    id: UUID
    rev: int
    term: date
    expected: int
    basis: str | None
    outcome: Outcome
    ended_on: date | None
    homecoming_on: date | None


@dataclass(frozen=True, slots=True)
class Address:
    """An address with its time of validity."""

    id: UUID
    rev: int
    delbydel: str | None
    valid_from: date
    valid_to: date | None
    source: str
    protection: Protection
    lines: str | None
    postal_code: str | None
    directions: str | None

    def __repr__(self) -> str:
        return f"<Address {self.id}>"


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A nurse who follows the family now, or did."""

    id: UUID
    nurse_id: UUID
    part: TeamPart
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Move:
    """A move with its handover."""

    id: UUID
    moved_on: date
    from_bydel: str | None
    to_bydel: str | None
    by_id: UUID
    summary: str | None

    def __repr__(self) -> str:
        return f"<Move {self.id}>"


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A family in full."""

    id: FamilyId
    rev: int
    bydel: BydelNumber | None
    protection: Protection
    registered_at: datetime
    reads_text: bool
    ground: Ground
    members: tuple[Member, ...]
    pregnancies: tuple[Pregnancy, ...]
    addresses: tuple[Address, ...]
    team: tuple[TeamMember, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family in a list. ``names`` are empty for who may not read them."""

    id: FamilyId
    rev: int
    bydel: BydelNumber | None
    delbydel: str | None
    protection: Protection
    names: tuple[str, ...]
    term: date | None
    born_on: date | None
    outcome: Outcome | None

    def __repr__(self) -> str:
        return f"<FamilyLine {self.id}>"


def family(work: Work, family_id: FamilyId) -> FamilyView:
    """A family in full, as far as the actor may read it.

    Raises:
        NotFound, NotAllowed: see `access.rules.ground_of`.
        Unavailable: the key provider is away.
    """
    dossier = open_dossier(work, family_id, Action.READ)
    session = work.session
    return FamilyView(
        id=family_id,
        rev=dossier.family.rev,
        bydel=dossier.bydel,
        protection=Protection(dossier.family.protection),
        registered_at=dossier.family.registered_at,
        reads_text=dossier.reads_text,
        ground=dossier.ground,
        members=tuple(_member(dossier, row) for row in store.members_of(session, family_id)),
        pregnancies=tuple(_pregnancy(row) for row in store.pregnancies(session, family_id)),
        addresses=tuple(_address(dossier, row) for row in store.addresses(session, family_id)),
        team=tuple(_team(row) for row in store.team(session, family_id)),
        moves=tuple(_move(dossier, row) for row in store.moves(session, family_id)),
    )


def own_families(
    work: Work, *, after: UUID | None = None, limit: int = LIST_LIMIT
) -> list[FamilyLine]:
    """The families that the nurse follows now, by id; each is written down as read.

    A family whose youngest child is over two has left the programme and this list; its nurse can
    still open it.

    Raises:
        NotAllowed: the actor is not a nurse.
        Unavailable: the key provider is away.
    """
    require_nurse_asks(work)
    most = min(limit, LIST_LIMIT)
    rows = store.families_of_nurse(work.session, work.actor.id, work.now, after, most)
    return _lines(work, rows, Ground.PRIMARY)


def own_families_among(work: Work, family_ids: Collection[UUID]) -> list[FamilyLine]:
    """Those of some families that `own_families` would give and whose address is open.

    Raises:
        NotAllowed, Unavailable: see `own_families`.
    """
    require_nurse_asks(work)
    rows = store.followed_openly(work.session, work.actor.id, work.now, family_ids)
    return _lines(work, rows, Ground.PRIMARY)


def families_of_bydel(
    work: Work, *, after: UUID | None = None, limit: int = LIST_LIMIT
) -> list[FamilyLine]:
    """The open families of the lead's own bydel, by id, without names.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    delbydeler = delbydeler_of_lead(work)
    rows = store.families_in(work.session, delbydeler, after, min(limit, LIST_LIMIT))
    return _lines(work, rows, Ground.LEAD)


def families_awaiting_nurse(work: Work) -> list[FamilyLine]:
    """The families of the lead's own bydel that nobody follows, without names.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    return _lines(work, store.awaiting_nurse(work.session, delbydeler_of_lead(work)), Ground.LEAD)


def find_by_national_id(work: Work, text: str, kind: IdType | None = None) -> list[FamilyId]:
    """The actor's families that have a member with this national id; often none.

    A family that is not the actor's is left out, so the answer does not tell whether a person
    exists.

    Raises:
        NotAllowed: the actor's role looks nobody up.
        RuleBroken: see `national_ids.parse`.
    """
    if work.actor.role not in {Role.NURSE, Role.LEAD, Role.SYSTEM}:
        raise NotAllowed("Looking up a person needs a family relation.")
    parsed = parse(text, kind, allow_real=work.real_people, pointer="/national_id")
    index = work.vault.blind_index(NATIONAL_ID, parsed.digits)
    found = store.families_with_index(work.session, index.digest, index.version)
    return [FamilyId(one) for one in found if _may_open(work, FamilyId(one))]


def adults_names(work: Work, rows: Sequence[FamilyRow]) -> dict[FamilyId, tuple[str, ...]]:
    """The adults' names of families of which the caller has decided and logged access.

    Raises:
        Unavailable: the key provider is away; ``record-damaged``.
    """
    return {FamilyId(id_): tuple(names) for id_, names in _names(work, rows).items()}


def require_nurse_asks(work: Work) -> None:
    """Refuse a list of one's own families to whoever can have none.

    Raises:
        NotAllowed: the actor is not a nurse.
    """
    if work.actor.role is not Role.NURSE:
        raise NotAllowed("Only nurses have families of their own.")


def delbydeler_of_lead(work: Work) -> Sequence[str]:
    """The delbydeler whose families the lead sees: her bydel's own, and those that it serves.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    if work.actor.role is not Role.LEAD or work.actor.bydel is None:
        raise NotAllowed("Only a programme lead sees a bydel's families.")
    known, served = boundaries(work.session), work.actor.bydel
    return [
        one.code
        for one in known.delbydeler
        if (bydel := known.bydel_of(one.code, work.today)) is not None
        and known.serving(bydel, work.today) == served
    ]


def _may_open(work: Work, family_id: FamilyId) -> bool:
    try:
        open_dossier(work, family_id, Action.READ, "lookup")
    except (NotFound, NotAllowed):
        return False
    return True


def _lines(work: Work, rows: Sequence[FamilyRow], ground: Ground) -> list[FamilyLine]:
    """The families of a list, each written down as read on *ground*."""
    ids = [row.id for row in rows]
    note_accesses(work, ids, Action.READ, "list", ground)
    pregnancies = store.latest_pregnancies(work.session, ids)
    names = _names(work, rows) if ground in READS_TEXT else {}
    return [_line(work, row, pregnancies.get(row.id), tuple(names.get(row.id, ()))) for row in rows]


def _names(work: Work, rows: Iterable[FamilyRow]) -> dict[UUID, list[str]]:
    dossiers = open_for_list(work, list(rows))
    names: dict[UUID, list[str]] = {}
    for member in store.adults_of(work.session, list(dossiers)):
        body = dossiers[member.family_id].read(member, MemberBody)
        names.setdefault(member.family_id, []).append(body.name)
    return names


def _line(
    work: Work, row: FamilyRow, pregnancy: PregnancyRow | None, names: tuple[str, ...]
) -> FamilyLine:
    outcome = None if pregnancy is None else Outcome(pregnancy.outcome)
    return FamilyLine(
        id=FamilyId(row.id),
        rev=row.rev,
        bydel=bydel_of_row(work, row, work.today),
        delbydel=row.delbydel,
        protection=Protection(row.protection),
        names=names,
        term=None if pregnancy is None else pregnancy.term,
        born_on=pregnancy.ended_on if pregnancy and outcome is Outcome.BORN else None,
        outcome=outcome,
    )


def _member(dossier: Dossier, row: MemberRow) -> Member:
    told = dossier.shown(row, MemberBody)
    body = told or _NOBODY
    return Member(
        id=row.id,
        rev=row.rev,
        role=MemberRole(row.role),
        name=body.name or None,
        national_id=body.national_id,
        national_id_type=body.national_id_type,
        phone=body.phone,
        language=body.language,
        interpreter=body.interpreter,
        no_texts=None if told is None else told.no_texts,
        born_on=row.born_on,
        died_on=row.died_on,
        stillborn=row.stillborn,
        pregnancy_id=row.pregnancy_id,
    )


def _pregnancy(row: PregnancyRow) -> Pregnancy:
    return Pregnancy(
        id=row.id,
        rev=row.rev,
        term=row.term,
        expected=row.expected,
        basis=row.basis,
        outcome=Outcome(row.outcome),
        ended_on=row.ended_on,
        homecoming_on=row.homecoming_on,
    )


def _address(dossier: Dossier, row: AddressRow) -> Address:
    body = dossier.shown(row, AddressBody) or _NOWHERE
    return Address(
        id=row.id,
        rev=row.rev,
        delbydel=row.delbydel,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        protection=Protection(row.protection),
        lines=body.lines or None,
        postal_code=body.postal_code,
        directions=body.directions,
    )


def _team(row: TeamRow) -> TeamMember:
    part = TeamPart(row.part)
    return TeamMember(row.id, row.nurse_id, part, row.starts_at, row.ends_at)


def _move(dossier: Dossier, row: MoveRow) -> Move:
    body = dossier.shown(row, MoveBody) or MoveBody()
    return Move(
        id=row.id,
        moved_on=row.moved_on,
        from_bydel=row.from_bydel,
        to_bydel=row.to_bydel,
        by_id=row.by_id,
        summary=body.summary,
    )
