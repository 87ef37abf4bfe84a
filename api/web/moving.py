"""Where the family lives and who follows it: new addresses, handovers, teams."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.family import FAMILY_ROLES, present_team
from api.web.people import present_address
from api.web.places import delbydel_groups
from api.web.register import ADDRESS_FIELDS, frame, nurse_options, read_address
from api.web.submitting import ids_of, opened, send
from api.web.texts import _
from nyefamilier.accounts.service import display_names
from nyefamilier.families.intents import AssignNurse, CoverNurse, MoveFamily
from nyefamilier.families.states import TeamPart
from nyefamilier.families.views import family
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import FamilyId, UserId

SUMMARY = 5000
"""The longest handover, in characters."""


@pages.route("/families/<uuid:family_id>/move", methods=["GET", "POST"])
@allow(Role.NURSE)
def move_family(family_id: UUID) -> ResponseReturnValue:
    """The family moves: a new address, and where the bydel changes a new team with a handover."""
    with work() as current:
        view = family(current, FamilyId(family_id))
        groups, nurses = delbydel_groups(current), nurse_options(current)
        today = current.today
    form = opened(view.rev)
    form.suggest(protection=view.protection, valid_from=today.isoformat())
    if form.sent:
        ids = ids_of(form)
        address = read_address(form, ids)
        summary = form.text("summary", limit=SUMMARY)
        if form.ok and address is not None:
            intent = MoveFamily(
                move_id=ids.of("move"),
                address=address,
                to_nurse=form.id("to_nurse"),
                team_id=ids.of("team"),
                summary=summary,
            )
            answer = send(form, view.id, [intent], {**ADDRESS_FIELDS, "/to_nurse": "to_nurse"})
            if answer is not None:
                return _after(answer.family_id)
    page = render_template(
        "move.html",
        form=form,
        groups=groups,
        nurses=nurses,
        address=present_address(view),
        **frame(view),
    )
    return page, 422 if form.sent else 200


@pages.route("/families/<uuid:family_id>/team", methods=["GET", "POST"])
@allow(*FAMILY_ROLES)
def change_team(family_id: UUID) -> ResponseReturnValue:
    """Give the family a primary nurse, or somebody who covers for her."""
    with work() as current:
        view = family(current, FamilyId(family_id))
        team = present_team(view, current.now)
        names = display_names(current.session, [UserId(one.nurse_id) for one in team])
        nurses = nurse_options(current)
        today = current.today
    form = opened(view.rev)
    form.suggest(part=TeamPart.PRIMARY)
    if form.sent:
        part = form.choice("part", TeamPart)
        nurse = form.id("nurse")
        if nurse is None:
            form.wrong("nurse", _("Choose a nurse."))
        until = form.day("until", required=part is TeamPart.COVERING)
        if form.ok and nurse is not None:
            team_id = ids_of(form).of("team")
            if part is TeamPart.COVERING and until is not None:
                answer = send(form, view.id, [CoverNurse(team_id, nurse, until)], _TEAM_FIELDS)
            else:
                answer = send(form, view.id, [AssignNurse(team_id, nurse)], _TEAM_FIELDS)
            if answer is not None:
                return _after(view.id, "team")
    page = render_template(
        "team.html", form=form, team=team, names=names, nurses=nurses, today=today, **frame(view)
    )
    return page, 422 if form.sent else 200


_TEAM_FIELDS = {"/nurse_id": "nurse", "/until": "until"}


def _after(family_id: UUID, what: str = "saved") -> ResponseReturnValue:
    """Back to the family; to the start page when it is no longer the reader's."""
    try:
        with work() as current:
            family(current, FamilyId(family_id))
    except NotFound:
        return redirect(url_for("web.start", done="moved"), 303)
    return redirect(url_for("web.show_family", family_id=family_id, done=what), 303)
