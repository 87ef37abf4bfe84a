"""The people of a family: the part of a form that tells of one, and the forms for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask.typing import ResponseReturnValue

from api.doorway import allow
from api.records import the_one
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.submitting import Errand, Ids, carried_out, ids_of, opened, seen, shown
from api.web.texts import _
from api.web.wording import language_options
from nyefamilier.door.mutations import Operation
from nyefamilier.families.bodies import InterpreterNeed
from nyefamilier.families.intents import (
    LANGUAGE_CHARS,
    NAME_CHARS,
    NATIONAL_ID_CHARS,
    PHONE_CHARS,
    AddMember,
    NewMember,
    UpdateMember,
)
from nyefamilier.families.national_ids import IdType
from nyefamilier.families.states import MemberRole
from nyefamilier.families.views import Member
from nyefamilier.kernel.actors import Role

PREFIXES = ("one_", "two_", "")
"""Before the names of a person's fields, in the order in which the records are kept."""


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """What a form tells of one person."""

    name: str
    national_id: str | None
    national_id_type: IdType | None
    phone: str | None
    language: str | None
    interpreter: InterpreterNeed | None


@pages.route("/families/<uuid:family_id>/members/new", methods=["GET", "POST"])
@allow(Role.NURSE)
def add_member(family_id: UUID) -> ResponseReturnValue:
    """Add a person to the family."""
    form = opened()
    errand = Errand("saved", {"/member/national_id": "national_id", "/member/born_on": "born_on"})
    answer = carried_out(form, family_id, errand, lambda: _read_new(form))
    return answer or shown("member.html", form, seen(family_id), languages=language_options())


@pages.route("/families/<uuid:family_id>/members/<uuid:member_id>", methods=["GET", "POST"])
@allow(Role.NURSE)
def change_member(family_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """Change what is known of a person."""
    form = opened()
    errand = Errand("saved", {"/national_id": "national_id"})
    answer = carried_out(form, family_id, errand, lambda: _read_change(form, member_id))
    if answer is not None:
        return answer
    view = seen(family_id)
    member = the_one(view.members, member_id, "member")
    _fill_in(form, member)
    return shown("member.html", form, view, member=member, languages=language_options())


def read_member(form: Form, prefix: str, ids: Ids) -> NewMember | None:
    """The new person that a part of the form tells of; None when something is missing."""
    role = form.choice(f"{prefix}role", MemberRole)
    told = _read_person(form, prefix)
    if role is None or told is None:
        return None
    return NewMember(
        id=ids.of("member", prefix, place=PREFIXES.index(prefix)),
        role=role,
        name=told.name,
        national_id=told.national_id,
        national_id_type=told.national_id_type,
        phone=told.phone,
        language=told.language,
        interpreter=told.interpreter,
        born_on=form.day(f"{prefix}born_on") if role is MemberRole.CHILD else None,
    )


def _read_new(form: Form) -> Sequence[Operation]:
    member = read_member(form, "", ids_of(form))
    return () if member is None else (AddMember(member),)


def _read_change(form: Form, member_id: UUID) -> Sequence[Operation]:
    told = _read_person(form, "")
    rev = form.number("member_rev", 0, 10**9, required=True)
    if told is None or rev is None:
        return ()
    change = UpdateMember(
        member_id=member_id,
        base_rev=rev,
        name=told.name,
        national_id=told.national_id,
        national_id_type=told.national_id_type,
        phone=told.phone,
        language=told.language,
        interpreter=told.interpreter,
        no_texts=form.ticked("no_texts"),
    )
    return (change,)


def _read_person(form: Form, prefix: str) -> Person | None:
    name = form.text(f"{prefix}name", limit=NAME_CHARS, required=True)
    language = form.text(f"{prefix}language", limit=LANGUAGE_CHARS)
    person = Person(
        name=name or "",
        national_id=form.text(f"{prefix}national_id", limit=NATIONAL_ID_CHARS),
        national_id_type=form.choice(f"{prefix}national_id_type", IdType, required=False),
        phone=form.text(f"{prefix}phone", limit=PHONE_CHARS),
        language=language,
        interpreter=_read_interpreter(form, prefix, language),
    )
    return None if name is None else person


def _read_interpreter(form: Form, prefix: str, language: str | None) -> InterpreterNeed | None:
    dialect = form.text(f"{prefix}dialect", limit=LANGUAGE_CHARS)
    wish = form.text(f"{prefix}wish", limit=LANGUAGE_CHARS)
    interpreted = form.text(f"{prefix}interpreted", limit=LANGUAGE_CHARS) or language
    if not form.ticked(f"{prefix}interpreter"):
        return None
    if interpreted is None:
        form.wrong(f"{prefix}language", _("Choose the language that is to be interpreted."))
        return None
    return InterpreterNeed(interpreted, dialect, wish)


def _fill_in(form: Form, member: Member) -> None:
    form.suggest(
        name=member.name or "",
        national_id=member.national_id or "",
        national_id_type=member.national_id_type or "",
        phone=member.phone or "",
        language=member.language or "",
        member_rev=str(member.rev),
        no_texts="1" if member.no_texts else "",
    )
    need = member.interpreter
    if need is not None:
        other = "" if need.language == member.language else need.language
        form.suggest(
            interpreter="1",
            interpreted=other,
            dialect=need.dialect or "",
            wish=need.gender_wish or "",
        )
