"""Where the family lives and who follows it: new addresses, handovers, teams."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.addresses import ADDRESS_FIELDS, read_address
from api.web.blueprint import pages
from api.web.colleagues import nurse_options
from api.web.family import FAMILY_ROLES, present_team
from api.web.forms import Form
from api.web.people import present_address
from api.web.places import delbydel_groups
from api.web.submitting import Errand, applied, done, ids_of, opened, seen, shown
from api.web.texts import _
from nyefamilier.accounts.service import display_names
from nyefamilier.door.mutations import Answer, Operation
from nyefamilier.families.intents import HANDOVER_CHARS, AssignNurse, CoverNurse, MoveFamily
from nyefamilier.families.states import TeamPart
from nyefamilier.families.views import family
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import FamilyId, UserId

_MOVED = Errand("saved", {**ADDRESS_FIELDS, "/to_nurse": "to_nurse"})
_TEAM = Errand("team", {"/nurse_id": "nurse", "/until": "until"})


@pages.route("/families/<uuid:family_id>/move", methods=["GET", "POST"])
@allow(Role.NURSE)
def move_family(family_id: UUID) -> ResponseReturnValue:
    """The family moves: a new address, and where the bydel changes a new team with a handover."""
    form = opened()
    answer = applied(form, family_id, _MOVED, lambda: _read_move(form))
    if answer is not None:
        return _after(answer, _MOVED)
    with work() as current:
        view = family(current, FamilyId(family_id))
        groups, nurses = delbydel_groups(current), nurse_options(current)
        form.suggest(protection=view.protection, valid_from=current.today.isoformat())
    address = present_address(view)
    return shown("move.html", form, view, groups=groups, nurses=nurses, address=address)


@pages.route("/families/<uuid:family_id>/team", methods=["GET", "POST"])
@allow(*FAMILY_ROLES)
def change_team(family_id: UUID) -> ResponseReturnValue:
    """Give the family a primary nurse, or somebody who covers for her."""
    form = opened()
    form.suggest(part=TeamPart.PRIMARY)
    answer = applied(form, family_id, _TEAM, lambda: _read_team(form))
    if answer is not None:
        return _after(answer, _TEAM)
    with work() as current:
        view = family(current, FamilyId(family_id))
        team = present_team(view, current.now)
        names = display_names(current.session, [UserId(one.nurse_id) for one in team])
        nurses = nurse_options(current)
    return shown("team.html", form, view, team=team, names=names, nurses=nurses)


def _read_move(form: Form) -> Sequence[Operation]:
    ids = ids_of(form)
    address = read_address(form, ids)
    summary = form.text("summary", limit=HANDOVER_CHARS)
    if address is None:
        return ()
    to_nurse, team_id = form.id("to_nurse"), ids.of("team")
    return (MoveFamily(ids.of("move"), address, to_nurse, team_id, summary),)


def _read_team(form: Form) -> Sequence[Operation]:
    part, nurse = form.choice("part", TeamPart), form.id("nurse")
    if nurse is None:
        form.wrong("nurse", _("Choose a nurse."))
    until = form.day("until", required=part is TeamPart.COVERING)
    if part is TeamPart.PRIMARY and until is not None:
        form.wrong("part", _("A primary nurse has no last day. Choose cover, or leave it empty."))
    if part is None or nurse is None:
        return ()
    team_id = ids_of(form).of("team")
    if part is TeamPart.PRIMARY:
        return (AssignNurse(team_id, nurse),)
    return () if until is None else (CoverNurse(team_id, nurse, until),)


def _after(answer: Answer, errand: Errand) -> ResponseReturnValue:
    """Back to the family; to the start page when it is no longer the reader's."""
    try:
        seen(answer.family_id)
    except NotFound:
        return redirect(url_for("web.start", done="moved"), 303)
    return done(answer, errand.done)
