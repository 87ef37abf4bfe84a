"""Pregnancy, birth, coming home, and loss."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask.typing import ResponseReturnValue

from api.doorway import allow
from api.records import the_one
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.submitting import Errand, Ids, carried_out, ids_of, opened, seen, shown
from api.web.texts import _
from nyefamilier.door.mutations import Operation
from nyefamilier.families.intents import (
    MOST_CHILDREN,
    NAME_CHARS,
    NATIONAL_ID_CHARS,
    CorrectBirth,
    CorrectTerm,
    NewChild,
    RecordBirth,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
    RegisterPregnancy,
)
from nyefamilier.families.states import Outcome
from nyefamilier.kernel.actors import Role
from nyefamilier.offers.states import Basis

MOST_AT_ONCE = 4
"""Children that the birth form has room for."""

_BIRTH = Errand(
    "birth",
    {"/born_on": "born_on", "/homecoming_on": "homecoming_on"}
    | {f"/children/{n}/national_id": f"child{n}_national_id" for n in range(MOST_AT_ONCE)},
)
_TERM = Errand("saved", {"/term": "term"})
_BIRTH_DAY = Errand("saved", {"/born_on": "born_on"})
_LOSS = Errand("loss", {"/on": "on", "/outcome": "outcome"})
_DEATH = Errand("death", {"/on": "on"})
_BELOW = "/families/<uuid:family_id>/pregnancies/<uuid:pregnancy_id>"


@pages.route("/families/<uuid:family_id>/pregnancies/new", methods=["GET", "POST"])
@allow(Role.NURSE)
def register_pregnancy(family_id: UUID) -> ResponseReturnValue:
    """A child is expected."""
    form = opened()
    form.suggest(expected="1")
    errand = Errand("saved", {"/term": "term"})
    answer = carried_out(form, family_id, errand, lambda: read_pregnancy(form))
    return answer or shown("pregnancy.html", form, seen(family_id))


@pages.route(f"{_BELOW}/birth", methods=["GET", "POST"])
@allow(Role.NURSE)
def record_birth(family_id: UUID, pregnancy_id: UUID) -> ResponseReturnValue:
    """The children are born."""
    form = opened()
    answer = carried_out(form, family_id, _BIRTH, lambda: _read_birth(form, pregnancy_id))
    if answer is not None:
        return answer
    view = seen(family_id)
    pregnancy = the_one(view.pregnancies, pregnancy_id, "pregnancy")
    form.suggest(count=str(pregnancy.expected))
    return shown("birth.html", form, view, pregnancy=pregnancy, rooms=range(MOST_AT_ONCE))


@pages.route(f"{_BELOW}/homecoming", methods=["GET", "POST"])
@allow(Role.NURSE)
def record_homecoming(family_id: UUID, pregnancy_id: UUID) -> ResponseReturnValue:
    """Mother and child have come home."""
    form = opened()
    errand = Errand("saved", {"/homecoming_on": "homecoming_on"})
    answer = carried_out(form, family_id, errand, lambda: _read_homecoming(form, pregnancy_id))
    return answer or _show_about("homecoming.html", form, family_id, pregnancy_id)


@pages.route(f"{_BELOW}/term", methods=["GET", "POST"])
@allow(Role.NURSE)
def correct_term(family_id: UUID, pregnancy_id: UUID) -> ResponseReturnValue:
    """The due date is another."""
    form = opened()
    answer = carried_out(form, family_id, _TERM, lambda: _read_term(form, pregnancy_id))
    return answer or _show_about("term.html", form, family_id, pregnancy_id)


@pages.route(f"{_BELOW}/birth/date", methods=["GET", "POST"])
@allow(Role.NURSE)
def correct_birth(family_id: UUID, pregnancy_id: UUID) -> ResponseReturnValue:
    """The children were born on another day."""
    form = opened()
    answer = carried_out(form, family_id, _BIRTH_DAY, lambda: _read_day(form, pregnancy_id))
    return answer or _show_about("birth_date.html", form, family_id, pregnancy_id)


@pages.route(f"{_BELOW}/loss", methods=["GET", "POST"])
@allow(Role.NURSE)
def record_loss(family_id: UUID, pregnancy_id: UUID) -> ResponseReturnValue:
    """The family has lost the child before or at birth."""
    form = opened()
    answer = carried_out(form, family_id, _LOSS, lambda: _read_loss(form, pregnancy_id))
    return answer or _show_about("loss.html", form, family_id, pregnancy_id)


@pages.route("/families/<uuid:family_id>/members/<uuid:member_id>/death", methods=["GET", "POST"])
@allow(Role.NURSE)
def record_death(family_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """A member of the family has died."""
    form = opened()
    answer = carried_out(form, family_id, _DEATH, lambda: _read_death(form, member_id))
    if answer is not None:
        return answer
    view = seen(family_id)
    return shown("death.html", form, view, member=the_one(view.members, member_id, "member"))


def read_pregnancy(form: Form) -> Sequence[Operation]:
    """The pregnancy that a form tells of."""
    term = form.day("term", required=True)
    expected = form.number("expected", 1, MOST_CHILDREN, required=True)
    basis = form.choice("basis", Basis, required=False)
    if term is None or expected is None:
        return ()
    return (RegisterPregnancy(ids_of(form).of("pregnancy"), term, expected, basis),)


def _show_about(
    template: str, form: Form, family_id: UUID, pregnancy_id: UUID
) -> ResponseReturnValue:
    view = seen(family_id)
    pregnancy = the_one(view.pregnancies, pregnancy_id, "pregnancy")
    return shown(template, form, view, pregnancy=pregnancy, would_work=_would_work(form))


def _would_work(form: Form) -> tuple[str, date] | None:
    """The nearest day that would be taken, where another was refused, and at which end it is."""
    told = {} if form.refused is None else form.refused.members
    return next(
        ((end, date.fromisoformat(told[end])) for end in ("first_day", "last_day") if end in told),
        None,
    )


def _read_birth(form: Form, pregnancy_id: UUID) -> Sequence[Operation]:
    born_on = form.day("born_on", required=True)
    homecoming_on = form.day("homecoming_on")
    count = form.number("count", 1, MOST_AT_ONCE, required=True)
    if count is None or born_on is None:
        return ()
    ids = ids_of(form)
    children = tuple(_read_child(form, ids, number) for number in range(count))
    if any(_has_words(form, number) for number in range(count, MOST_AT_ONCE)):
        form.wrong("count", _("More children are filled in than were born. Check the number."))
    return (RecordBirth(pregnancy_id, born_on, children, homecoming_on),)


def _read_child(form: Form, ids: Ids, number: int) -> NewChild:
    return NewChild(
        member_id=ids.of("child", number, place=number),
        name=form.text(f"child{number}_name", limit=NAME_CHARS),
        national_id=form.text(f"child{number}_national_id", limit=NATIONAL_ID_CHARS),
        stillborn=form.ticked(f"child{number}_stillborn"),
    )


def _has_words(form: Form, number: int) -> bool:
    return bool(form.value(f"child{number}_name") or form.value(f"child{number}_national_id"))


def _read_homecoming(form: Form, pregnancy_id: UUID) -> Sequence[Operation]:
    on = form.day("homecoming_on", required=True)
    return () if on is None else (RecordHomecoming(pregnancy_id, on),)


def _read_term(form: Form, pregnancy_id: UUID) -> Sequence[Operation]:
    term = form.day("term", required=True)
    return () if term is None else (CorrectTerm(pregnancy_id, term),)


def _read_day(form: Form, pregnancy_id: UUID) -> Sequence[Operation]:
    born_on = form.day("born_on", required=True)
    return () if born_on is None else (CorrectBirth(pregnancy_id, born_on),)


def _read_loss(form: Form, pregnancy_id: UUID) -> Sequence[Operation]:
    on, outcome = form.day("on", required=True), form.choice("outcome", Outcome)
    return () if on is None or outcome is None else (RecordLoss(pregnancy_id, outcome, on),)


def _read_death(form: Form, member_id: UUID) -> Sequence[Operation]:
    on = form.day("on", required=True)
    return () if on is None else (RecordDeath(member_id, on),)
