"""Pregnancy, birth, coming home, and loss."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.register import MOST_CHILDREN, NAME, frame
from api.web.submitting import Ids, done, ids_of, opened, send
from api.web.texts import _
from nyefamilier.families.intents import (
    NewChild,
    RecordBirth,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
    RegisterPregnancy,
)
from nyefamilier.families.states import MemberRole, Outcome
from nyefamilier.families.views import FamilyView, Pregnancy, family
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.offers.states import Basis

MOST_AT_ONCE = 4
"""Children that the birth form has room for."""


@pages.route("/families/<uuid:family_id>/pregnancies/new", methods=["GET", "POST"])
@allow(Role.NURSE)
def register_pregnancy(family_id: UUID) -> ResponseReturnValue:
    """A child is expected."""
    view = _family(family_id)
    form = opened(view.rev)
    form.suggest(expected="1")
    if form.sent:
        term = form.day("term", required=True)
        expected = form.number("expected", 1, MOST_CHILDREN, required=True)
        basis = form.choice("basis", Basis, required=False)
        if form.ok and term is not None and expected is not None:
            intent = RegisterPregnancy(ids_of(form).of("pregnancy"), term, expected, basis)
            answer = send(form, view.id, [intent], {"/term": "term"})
            if answer is not None:
                return done(answer, "saved")
    return _show("pregnancy.html", form, view)


@pages.route(
    "/families/<uuid:family_id>/pregnancies/<uuid:pregnancy_id>/birth", methods=["GET", "POST"]
)
@allow(Role.NURSE)
def record_birth(family_id: UUID, pregnancy_id: UUID) -> ResponseReturnValue:
    """The children are born."""
    view = _family(family_id)
    pregnancy = _pregnancy(view, pregnancy_id)
    form = opened(view.rev)
    form.suggest(count=str(pregnancy.expected))
    if form.sent:
        intent = _read_birth(form, pregnancy.id)
        if form.ok and intent is not None:
            fields = {"/born_on": "born_on", "/homecoming_on": "homecoming_on"} | {
                f"/children/{number}/national_id": f"child{number}_national_id"
                for number in range(MOST_AT_ONCE)
            }
            answer = send(form, view.id, [intent], fields)
            if answer is not None:
                return done(answer, "birth")
    return _show("birth.html", form, view, pregnancy=pregnancy, rooms=range(MOST_AT_ONCE))


@pages.route(
    "/families/<uuid:family_id>/pregnancies/<uuid:pregnancy_id>/homecoming",
    methods=["GET", "POST"],
)
@allow(Role.NURSE)
def record_homecoming(family_id: UUID, pregnancy_id: UUID) -> ResponseReturnValue:
    """Mother and child have come home."""
    view = _family(family_id)
    pregnancy = _pregnancy(view, pregnancy_id)
    form = opened(view.rev)
    if form.sent:
        on = form.day("homecoming_on", required=True)
        if form.ok and on is not None:
            fields = {"/homecoming_on": "homecoming_on"}
            answer = send(form, view.id, [RecordHomecoming(pregnancy.id, on)], fields)
            if answer is not None:
                return done(answer, "saved")
    return _show("homecoming.html", form, view, pregnancy=pregnancy)


@pages.route(
    "/families/<uuid:family_id>/pregnancies/<uuid:pregnancy_id>/loss", methods=["GET", "POST"]
)
@allow(Role.NURSE)
def record_loss(family_id: UUID, pregnancy_id: UUID) -> ResponseReturnValue:
    """The family has lost the child, before, during or after birth."""
    view = _family(family_id)
    pregnancy = _pregnancy(view, pregnancy_id)
    form = opened(view.rev)
    if form.sent:
        on = form.day("on", required=True)
        outcome = form.choice("outcome", Outcome)
        if form.ok and on is not None and outcome is not None:
            fields = {"/on": "on", "/outcome": "outcome"}
            answer = send(form, view.id, [RecordLoss(pregnancy.id, outcome, on)], fields)
            if answer is not None:
                return done(answer, "loss")
    return _show("loss.html", form, view, pregnancy=pregnancy, Outcome=Outcome)


@pages.route("/families/<uuid:family_id>/members/<uuid:member_id>/death", methods=["GET", "POST"])
@allow(Role.NURSE)
def record_death(family_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """A member of the family has died."""
    view = _family(family_id)
    member = next((one for one in view.members if one.id == member_id), None)
    if member is None:
        raise NotFound("member")
    form = opened(view.rev)
    if form.sent:
        on = form.day("on", required=True)
        if form.ok and on is not None:
            answer = send(form, view.id, [RecordDeath(member.id, on)], {"/on": "on"})
            if answer is not None:
                return done(answer, "loss" if member.role is MemberRole.CHILD else "saved")
    return _show("death.html", form, view, member=member)


def _read_birth(form: Form, pregnancy_id: UUID) -> RecordBirth | None:
    born_on = form.day("born_on", required=True)
    homecoming_on = form.day("homecoming_on")
    count = form.number("count", 1, MOST_AT_ONCE, required=True)
    if count is None or born_on is None:
        return None
    ids = ids_of(form)
    children = tuple(_read_child(form, ids, number) for number in range(count))
    if any(_has_words(form, number) for number in range(count, MOST_AT_ONCE)):
        form.wrong("count", _("More children are filled in than were born. Check the number."))
    return RecordBirth(pregnancy_id, born_on, children, homecoming_on)


def _read_child(form: Form, ids: Ids, number: int) -> NewChild:
    return NewChild(
        member_id=ids.of("child", number, place=number),
        name=form.text(f"child{number}_name", limit=NAME),
        national_id=form.text(f"child{number}_national_id", limit=20),
        stillborn=form.ticked(f"child{number}_stillborn"),
    )


def _has_words(form: Form, number: int) -> bool:
    return bool(form.value(f"child{number}_name") or form.value(f"child{number}_national_id"))


def _family(family_id: UUID) -> FamilyView:
    with work() as current:
        return family(current, FamilyId(family_id))


def _pregnancy(view: FamilyView, pregnancy_id: UUID) -> Pregnancy:
    for one in view.pregnancies:
        if one.id == pregnancy_id:
            return one
    raise NotFound("pregnancy")


def _show(template: str, form: Form, view: FamilyView, **more: object) -> ResponseReturnValue:
    page = render_template(template, form=form, **frame(view), **more)
    return page, 422 if form.sent else 200
