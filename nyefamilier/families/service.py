"""Families' use cases about people: members, pregnancies, births, losses, deaths.

Each takes an open dossier; the door opened it and will commit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import date
from uuid import UUID, uuid4

from nyefamilier.access.rules import Ground
from nyefamilier.families import store
from nyefamilier.families.bodies import MemberBody, PregnancyBody
from nyefamilier.families.dossier import Dossier, new_dossier, require_version
from nyefamilier.families.events import (
    AnchorsChanged,
    LanguagesTold,
    PregnancyRegistered,
    ProgrammeEnded,
)
from nyefamilier.families.intents import (
    AddMember,
    NewChild,
    NewMember,
    RecordBirth,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
    RegisterFamily,
    RegisterPregnancy,
    UpdateMember,
)
from nyefamilier.families.national_ids import IdType, parse
from nyefamilier.families.placing import assign, place, require_answerable, require_place
from nyefamilier.families.rules import (
    check_birth,
    check_during_pregnancy,
    check_homecoming,
    check_lived,
    check_not_before,
    check_past,
    check_term,
    first_day,
)
from nyefamilier.families.states import LOSSES, MemberRole, Outcome
from nyefamilier.families.tables import MemberRow, PregnancyRow
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.errors import NotAllowed, RuleBroken
from nyefamilier.kernel.ids import FamilyId, PregnancyId
from nyefamilier.storage.work import Work

NATIONAL_ID = "national-id"
"""The purpose under which national ids are indexed."""

_PERSONAL = tuple(field.name for field in fields(MemberBody))


def register_family(work: Work, family_id: FamilyId, intent: RegisterFamily) -> Dossier:
    """Take a family into the records; a nurse who does it becomes its primary nurse.

    Raises:
        NotAllowed: the actor's role registers no families.
        RuleBroken: see `national_ids.parse`, `check_address`; ``no-members``, ``unknown-nurse``.
    """
    if work.actor.role not in {Role.NURSE, Role.LEAD, Role.SYSTEM}:
        raise NotAllowed("Families are registered by nurses and programme leads.")
    if not intent.members:
        raise RuleBroken("no-members", "A family has at least one member.", pointer="/members")
    address = intent.address
    require_place(work, address)
    dossier = new_dossier(work, family_id, address.delbydel, address.protection)
    place(dossier, address)
    for number, member in enumerate(intent.members):
        _add_member(dossier, member, f"/members/{number}")
    nurse = intent.primary_nurse or (work.actor.id if work.actor.role is Role.NURSE else None)
    if nurse is None:
        require_answerable(dossier, "/primary_nurse")
    else:
        assign(dossier, nurse, pointer="/primary_nurse")
    return dossier


def add_member(dossier: Dossier, intent: AddMember) -> None:
    """Add a person to the family.

    Raises:
        RuleBroken: see `national_ids.parse`; ``born-on-of-adult``, ``date-in-future``,
            ``date-too-old``.
    """
    _add_member(dossier, intent.member, "/member")
    if intent.member.role is not MemberRole.CHILD:
        dossier.work.record(LanguagesTold(dossier.id))


def update_member(dossier: Dossier, intent: UpdateMember) -> None:
    """Replace what is known of a person.

    Raises:
        NotFound: the family has no such member.
        StaleVersion: the record was changed since ``base_rev``.
        RuleBroken: see `national_ids.parse`.
    """
    row = dossier.record(MemberRow, intent.member_id)
    require_version(row, intent.base_rev)
    known = dossier.read(row, MemberBody)
    body = _member_body(dossier, row, _with_known(intent, known), "")
    dossier.put(row, body)
    if (body.language, body.interpreter) != (known.language, known.interpreter):
        dossier.work.record(LanguagesTold(dossier.id))


def register_pregnancy(dossier: Dossier, intent: RegisterPregnancy) -> None:
    """A child is expected: the programme's anchors and its statistics hang on this.

    Raises:
        RuleBroken: see `check_term`; ``pregnancy-open``.
    """
    check_term(intent.term, dossier.work.today)
    if dossier.may_have(PregnancyRow):
        _require_none_open(dossier)
    row = PregnancyRow(
        id=intent.pregnancy_id,
        term=intent.term,
        expected=intent.expected,
        basis=intent.basis,
        outcome=Outcome.EXPECTED,
    )
    dossier.put(row, PregnancyBody(participation=uuid4()))
    pregnancy = PregnancyId(row.id)
    dossier.work.record(PregnancyRegistered(dossier.id, pregnancy, intent.basis))
    dossier.work.record(AnchorsChanged(dossier.id, pregnancy))


def record_birth(dossier: Dossier, intent: RecordBirth) -> None:
    """The children of a pregnancy are born; each becomes a member of the family.

    Raises:
        NotFound: the family has no such pregnancy.
        RuleBroken: see `check_birth`, `check_homecoming`; ``pregnancy-ended``, ``no-children``.
    """
    row = _expected_pregnancy(dossier, intent.pregnancy_id)
    check_birth(row.term, intent.born_on, dossier.work.today)
    if not intent.children:
        raise RuleBroken("no-children", "A birth has at least one child.", pointer="/children")
    if intent.homecoming_on is not None:
        check_homecoming(intent.born_on, intent.homecoming_on, dossier.work.today)
    living = [child for child in intent.children if not child.stillborn]
    row.outcome = Outcome.BORN if living else Outcome.STILLBORN
    row.ended_on = intent.born_on
    row.homecoming_on = intent.homecoming_on
    dossier.touch(row)
    for number, child in enumerate(intent.children):
        _add_child(dossier, row, child, f"/children/{number}")
    pregnancy = PregnancyId(row.id)
    event = AnchorsChanged if living else ProgrammeEnded
    dossier.work.record(event(dossier.id, pregnancy))


def record_homecoming(dossier: Dossier, intent: RecordHomecoming) -> None:
    """Mother and child came home.

    Raises:
        NotFound: the family has no such pregnancy.
        RuleBroken: see `check_homecoming`; ``not-born-yet``.
    """
    row = dossier.record(PregnancyRow, intent.pregnancy_id)
    if row.ended_on is None or row.outcome != Outcome.BORN:
        raise RuleBroken("not-born-yet", "Record the birth before the homecoming.")
    check_homecoming(row.ended_on, intent.homecoming_on, dossier.work.today)
    row.homecoming_on = intent.homecoming_on
    dossier.touch(row)
    dossier.work.record(AnchorsChanged(dossier.id, PregnancyId(row.id)))


def record_loss(dossier: Dossier, intent: RecordLoss) -> None:
    """The pregnancy ended without a living child: whatever is open closes now.

    Raises:
        NotFound: the family has no such pregnancy.
        RuleBroken: ``pregnancy-ended``, ``date-in-future``, ``date-too-old``, ``outcome``.
    """
    row = _expected_pregnancy(dossier, intent.pregnancy_id)
    if intent.outcome not in LOSSES:
        raise RuleBroken("outcome", "A loss is either tapt or dodfodt.", pointer="/outcome")
    check_past(intent.on, dossier.work.today, "/on")
    check_during_pregnancy(row.term, intent.on, "/on")
    row.outcome = intent.outcome
    row.ended_on = intent.on
    dossier.touch(row)
    dossier.work.record(ProgrammeEnded(dossier.id, PregnancyId(row.id)))


def record_death(dossier: Dossier, intent: RecordDeath) -> None:
    """A member died. The programme ends where no child of the pregnancy lives.

    Raises:
        NotFound: the family has no such member.
        RuleBroken: ``date-in-future``, ``date-too-old``, ``death-before-birth``.
    """
    row = dossier.record(MemberRow, intent.member_id)
    check_past(intent.on, dossier.work.today, "/on")
    check_lived(intent.on, "/on")
    if row.born_on is not None and intent.on < row.born_on:
        raise RuleBroken("death-before-birth", "Death cannot be before the birth.", pointer="/on")
    row.died_on = intent.on
    dossier.touch(row)
    dossier.work.session.flush()
    if row.pregnancy_id is not None:
        children = store.children_of(dossier.work.session, row.pregnancy_id)
        if all(child.stillborn or child.died_on is not None for child in children):
            dossier.work.record(ProgrammeEnded(dossier.id, PregnancyId(row.pregnancy_id)))


def check_met(dossier: Dossier, day: date, pointer: str) -> None:
    """Refuse a day on which the programme cannot have met the family yet.

    Raises:
        RuleBroken: ``date-too-old``.
    """
    known_on = day_of(dossier.family.registered_at)
    if day >= known_on:
        return  # as almost always; it is not worth asking for the pregnancies
    rows = store.pregnancies(dossier.work.session, dossier.id)
    earliest = first_day(known_on, [row.term for row in rows])
    check_not_before(earliest, day, pointer, "the family was followed")


def any_exists(work: Work, family_ids: Collection[FamilyId]) -> bool:
    """Whether a family has one of these ids. For whoever is about to register some."""
    return store.any_exists(work.session, family_ids)


def participation_of(dossier: Dossier, pregnancy_id: PregnancyId) -> PregnancyBody:
    """The statistics' key of a pregnancy.

    Raises:
        NotFound: the family has no such pregnancy.
    """
    return dossier.read(dossier.record(PregnancyRow, pregnancy_id), PregnancyBody)


def note_first_offer(dossier: Dossier, pregnancy_id: PregnancyId, on: date) -> None:
    """Keep the day on which a pregnancy was offered the programme, if none before it is kept.

    Raises:
        NotFound: the family has no such pregnancy.
    """
    row = dossier.record(PregnancyRow, pregnancy_id)
    body = dossier.read(row, PregnancyBody)
    if body.offered_on is None or on < body.offered_on:
        dossier.put(row, replace(body, offered_on=on))


def parents_of(dossier: Dossier) -> list[MemberBody]:
    """The living parents and guardians of the family, as they are known now."""
    if dossier.ground is Ground.REGISTERING:  # all of them were written just now
        rows: Sequence[MemberRow] = dossier.written(MemberRow)
    else:
        rows = store.members_of(dossier.work.session, dossier.id)
    living = [row for row in rows if row.role != MemberRole.CHILD and row.died_on is None]
    return [dossier.read(row, MemberBody) for row in living]


def _require_none_open(dossier: Dossier) -> None:
    for other in store.pregnancies(dossier.work.session, dossier.id):
        if other.outcome == Outcome.EXPECTED:
            raise RuleBroken(
                "pregnancy-open",
                "The family already has a pregnancy that has not ended. Record its birth or its "
                "loss first.",
            )


def _add_member(dossier: Dossier, member: NewMember, pointer: str) -> None:
    row = MemberRow(id=member.id, role=member.role, born_on=member.born_on, stillborn=False)
    if member.role is not MemberRole.CHILD and member.born_on is not None:
        raise RuleBroken(
            "born-on-of-adult",
            "Only a child's date of birth is kept.",
            pointer=f"{pointer}/born_on",
        )
    if member.born_on is not None:
        check_past(member.born_on, dossier.work.today, f"{pointer}/born_on")
        check_lived(member.born_on, f"{pointer}/born_on")
    dossier.put(row, _member_body(dossier, row, member, pointer))


def _add_child(dossier: Dossier, pregnancy: PregnancyRow, child: NewChild, pointer: str) -> None:
    row = MemberRow(
        id=child.member_id,
        role=MemberRole.CHILD,
        pregnancy_id=pregnancy.id,
        born_on=pregnancy.ended_on,
        stillborn=child.stillborn,
    )
    member = NewMember(
        id=child.member_id,
        role=MemberRole.CHILD,
        name=child.name or "",
        national_id=child.national_id,
        national_id_type=child.national_id_type,
    )
    dossier.put(row, _member_body(dossier, row, member, pointer))


def _member_body(
    dossier: Dossier, row: MemberRow, told: NewMember | UpdateMember, pointer: str
) -> MemberBody:
    kind = digits = None
    row.national_id_index = row.national_id_index_version = None
    if told.national_id is not None:
        parsed = parse(
            told.national_id,
            told.national_id_type,
            allow_real=dossier.work.real_people,
            pointer=f"{pointer}/national_id",
        )
        kind, digits = parsed.type, parsed.digits
        index = dossier.work.vault.blind_index(NATIONAL_ID, digits)
        row.national_id_index, row.national_id_index_version = index.digest, index.version
    return MemberBody(
        name=told.name,
        national_id=digits,
        national_id_type=kind,
        phone=told.phone,
        language=told.language,
        interpreter=told.interpreter,
        no_texts=isinstance(told, UpdateMember) and bool(told.no_texts),
    )


def _with_known(intent: UpdateMember, known: MemberBody) -> UpdateMember:
    """The intent, with what is known in the place of what it does not tell."""
    if intent.no_texts is None:
        # An objection stands until somebody takes it back in so many words.
        intent = replace(intent, no_texts=known.no_texts)
    if intent.only is None:
        return intent
    told = set(intent.only)
    if "national_id" in told:
        told.add("national_id_type")  # the type of the number before says nothing about this one
    kept = {name: getattr(known, name) for name in _PERSONAL if name not in told}
    if kept.get("national_id_type") is not None:
        kept["national_id_type"] = IdType(kept["national_id_type"])
    return replace(intent, **kept)


def _expected_pregnancy(dossier: Dossier, pregnancy_id: UUID) -> PregnancyRow:
    row = dossier.record(PregnancyRow, pregnancy_id)
    if row.outcome != Outcome.EXPECTED:
        raise RuleBroken("pregnancy-ended", "This pregnancy has already ended.")
    return row
