"""Taking a family into the records, and its people afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from api.doorway import allow, identity, work
from api.web import people
from api.web.blueprint import pages
from api.web.family import FAMILY_ROLES
from api.web.forms import Form
from api.web.places import delbydel_groups
from api.web.submitting import Ids, done, ids_of, opened, send
from api.web.texts import _
from api.web.wording import language_options, options
from nyefamilier.accounts.service import accounts
from nyefamilier.door.mutations import Operation
from nyefamilier.families.bodies import InterpreterNeed
from nyefamilier.families.intents import (
    AddMember,
    NewAddress,
    NewMember,
    RegisterFamily,
    RegisterPregnancy,
    UpdateMember,
)
from nyefamilier.families.national_ids import IdType
from nyefamilier.families.states import AddressSource, MemberRole, Protection
from nyefamilier.families.views import FamilyView, Member, family
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.offers.states import Basis
from nyefamilier.storage.work import Work

NAME, PHONE, LINES, POSTAL, DIRECTIONS, DIALECT = 200, 30, 300, 4, 500, 100
"""The longest of each, in characters."""

MOST_CHILDREN = 6


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """What a form tells of one person."""

    name: str
    national_id: str | None
    national_id_type: IdType | None
    phone: str | None
    language: str | None
    interpreter: InterpreterNeed | None


_PARENTS = ("one_", "two_", "")
"""The prefixes of a person's fields, in the order in which the records are kept."""
_OTHER = (MemberRole.FATHER, MemberRole.CO_MOTHER, MemberRole.GUARDIAN, MemberRole.MOTHER)

ADDRESS_FIELDS: Final[Mapping[str, str]] = {
    "/address/delbydel": "delbydel",
    "/address/lines": "lines",
    "/address/valid_from": "valid_from",
}
_FIELDS: Final[Mapping[str, str]] = {
    **ADDRESS_FIELDS,
    "/members/0/national_id": "one_national_id",
    "/members/1/national_id": "two_national_id",
    "/term": "term",
    "/primary_nurse": "nurse",
}


@pages.route("/families/new", methods=["GET", "POST"])
@allow(*FAMILY_ROLES)
def register_family() -> ResponseReturnValue:
    """Register a family: its adults, where it lives, and the child that is expected."""
    form = opened()
    with work() as current:
        today = current.today
        groups = delbydel_groups(current)
        nurses = nurse_options(current)
    form.suggest(
        one_role=MemberRole.MOTHER,
        protection=Protection.NONE,
        expected="1",
        valid_from=today.isoformat(),
    )
    if form.sent:
        operations = _read_family(form)
        if form.ok:
            answer = send(form, ids_of(form).of("family"), operations, _FIELDS)
            if answer is not None:
                return done(answer, "registered")
    page = render_template(
        "register.html",
        form=form,
        groups=groups,
        nurses=nurses,
        is_lead=identity().role is Role.LEAD,
        languages=language_options(),
        other_roles=[pair for pair in options(MemberRole) if pair[0] in _OTHER],
    )
    return page, 422 if form.sent else 200


@pages.route("/families/<uuid:family_id>/members/new", methods=["GET", "POST"])
@allow(Role.NURSE)
def add_member(family_id: UUID) -> ResponseReturnValue:
    """Add a person to the family."""
    with work() as current:
        view = family(current, FamilyId(family_id))
    form = opened(view.rev)
    if form.sent:
        role = form.choice("role", MemberRole)
        member = _read_member(form, "", ids_of(form), role)
        if form.ok and member is not None:
            answer = send(
                form, view.id, [AddMember(member)], {"/member/national_id": "national_id"}
            )
            if answer is not None:
                return done(answer, "saved")
    page = render_template("member.html", form=form, languages=language_options(), **frame(view))
    return page, 422 if form.sent else 200


@pages.route("/families/<uuid:family_id>/members/<uuid:member_id>", methods=["GET", "POST"])
@allow(Role.NURSE)
def change_member(family_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """Change what is known of a person."""
    with work() as current:
        view = family(current, FamilyId(family_id))
    member = member_of(view, member_id)
    form = opened(view.rev)
    if form.sent:
        told = _read_person(form, "")
        rev = form.number("member_rev", 0, 10**9)
        if form.ok and told is not None and rev is not None:
            intent = UpdateMember(
                member_id=member.id,
                base_rev=rev,
                name=told.name,
                national_id=told.national_id,
                national_id_type=told.national_id_type,
                phone=told.phone,
                language=told.language,
                interpreter=told.interpreter,
            )
            answer = send(form, view.id, [intent], {"/national_id": "national_id"})
            if answer is not None:
                return done(answer, "saved")
    else:
        _fill_in(form, member)
    page = render_template(
        "member.html", form=form, member=member, languages=language_options(), **frame(view)
    )
    return page, 422 if form.sent else 200


def frame(view: FamilyView) -> dict[str, object]:
    """What the head of every page about a family needs."""
    return {
        "family": view,
        "title": people.title_of(view),
        "tab_title": people.nameless(view.id),
        "member_names": {one.id: people.name_of(one) for one in view.members},
    }


def member_of(view: FamilyView, member_id: UUID) -> Member:
    """The family's member with this id.

    Raises:
        NotFound: it has none.
    """
    for one in view.members:
        if one.id == member_id:
            return one
    raise NotFound("member")


def nurse_options(current: Work) -> list[tuple[str, str]]:
    """The nurses who can take a family, those of the reader's own bydel first."""
    found = accounts(current, role=Role.NURSE)
    own = current.actor.bydel
    found = tuple(
        sorted(found, key=lambda one: (one.bydel != own, one.bydel or "", one.display_name))
    )
    return [(str(one.id), one.display_name) for one in found]


def read_address(form: Form, ids: Ids) -> NewAddress | None:
    """The address that the form tells of; None when something is missing."""
    protection = form.choice("protection", Protection)
    lines = form.text("lines", limit=LINES)
    postal_code = form.text("postal_code", limit=POSTAL)
    if postal_code is not None and not (postal_code.isdigit() and len(postal_code) == POSTAL):
        form.wrong("postal_code", _("A postal code has four digits."))
    directions = form.text("directions", limit=DIRECTIONS)
    valid_from = form.day("valid_from", required=True)
    if protection is Protection.NONE and not form.value("delbydel"):
        form.wrong("delbydel", _("Choose the delbydel that the family lives in."))
    if protection is None or valid_from is None:
        return None
    return NewAddress(
        id=ids.of("address"),
        delbydel=form.value("delbydel") or None,
        valid_from=valid_from,
        lines=lines,
        postal_code=postal_code,
        directions=directions,
        source=AddressSource.FAMILY,
        protection=protection,
    )


def _read_family(form: Form) -> list[Operation]:
    ids = ids_of(form)
    one = _read_member(form, "one_", ids, form.choice("one_role", MemberRole))
    two = None
    if form.value("two_role") or form.value("two_name"):
        two = _read_member(form, "two_", ids, form.choice("two_role", MemberRole))
    address = read_address(form, ids)
    term = form.day("term", required=True)
    basis = form.choice("basis", Basis, required=False)
    expected = form.number("expected", 1, MOST_CHILDREN, required=True)
    if one is None or address is None or term is None or expected is None:
        return []
    members = tuple(member for member in (one, two) if member is not None)
    return [
        RegisterFamily(members, address, form.id("nurse")),
        RegisterPregnancy(
            ids.of("pregnancy"), term, expected, None if basis is None else str(basis)
        ),
    ]


def _read_member(form: Form, prefix: str, ids: Ids, role: MemberRole | None) -> NewMember | None:
    told = _read_person(form, prefix)
    if role is None or told is None:
        return None
    born_on = form.day(f"{prefix}born_on") if role is MemberRole.CHILD else None
    return NewMember(
        id=ids.of("member", prefix, place=_PARENTS.index(prefix)),
        role=role,
        name=told.name,
        national_id=told.national_id,
        national_id_type=told.national_id_type,
        phone=told.phone,
        language=told.language,
        interpreter=told.interpreter,
        born_on=born_on,
    )


def _read_person(form: Form, prefix: str) -> Person | None:
    name = form.text(f"{prefix}name", limit=NAME, required=True)
    language = form.text(f"{prefix}language", limit=DIALECT)
    person = Person(
        name=name or "",
        national_id=form.text(f"{prefix}national_id", limit=20),
        national_id_type=form.choice(f"{prefix}national_id_type", IdType, required=False),
        phone=form.text(f"{prefix}phone", limit=PHONE),
        language=language,
        interpreter=_read_interpreter(form, prefix, language),
    )
    return None if name is None else person


def _read_interpreter(form: Form, prefix: str, language: str | None) -> InterpreterNeed | None:
    if not form.ticked(f"{prefix}interpreter"):
        return None
    if language is None:
        form.wrong(f"{prefix}language", _("Choose the language that is to be interpreted."))
        return None
    dialect = form.text(f"{prefix}dialect", limit=DIALECT)
    return InterpreterNeed(language=language, dialect=dialect)


def _fill_in(form: Form, member: Member) -> None:
    form.suggest(
        name=member.name or "",
        national_id=member.national_id or "",
        national_id_type=member.national_id_type or "",
        phone=member.phone or "",
        language=member.language or "",
        member_rev=str(member.rev),
    )
    if member.interpreter is not None:
        form.suggest(interpreter="1", dialect=member.interpreter.dialect or "")
