"""Nurses who are out alone, for the leads who are their base: who is late, and where she is."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.safety.patience import grace
from api.web.blueprint import pages
from api.web.places import bydel_name
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import Conflict
from nyefamilier.safety.service import settle
from nyefamilier.safety.states import OutingState
from nyefamilier.safety.views import outings, whereabouts


@pages.get("/outings")
@allow(Role.LEAD)
def show_outings() -> ResponseReturnValue:
    """Who is out, who is late, and who came back in the last day."""
    with work() as current:
        found = outings(current, grace())
        bydel = bydel_name(current, current.actor.bydel, current.today)
        now = current.now
    late = [one for one in found if one.state is OutingState.OVERDUE]
    out = [one for one in found if one.state in {OutingState.OUT, OutingState.SETTLED}]
    back = [one for one in found if one.state is OutingState.BACK]
    return render_template("outings.html", late=late, out=out, back=back, bydel=bydel, now=now)


@pages.post("/outings/<uuid:outing_id>/settle")
@allow(Role.LEAD)
def settle_outing(outing_id: UUID) -> ResponseReturnValue:
    """The nurse has been reached, and her alarm is closed. It may be over already."""
    try:
        with work() as current:
            settle(current, outing_id, grace())
    except Conflict:
        return redirect(url_for("web.show_outings"), 303)
    return redirect(url_for("web.show_outings", done="reached"), 303)


@pages.get("/outings/<uuid:outing_id>/where")
@allow(Role.LEAD)
def show_where(outing_id: UUID) -> ResponseReturnValue:
    """Where a nurse is who is late; each time it is shown stands in the family's access log."""
    try:
        with work() as current:
            found = whereabouts(current, outing_id, grace())
    except Conflict:
        return redirect(url_for("web.show_outings"), 303)
    return render_template("outing_where.html", where=found)
