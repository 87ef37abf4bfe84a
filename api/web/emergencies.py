"""Emergency access: a nurse opens a family that is not hers; others look at it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.doorway import actor, allow, identity, work
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.people import short_id
from api.web.refusals import said
from api.web.submitting import status
from api.web.texts import _
from api.web.wording import words
from nyefamilier.access.emergency import (
    LONGEST_HOURS,
    REASON_CHARS,
    REMARK_CHARS,
    EmergencyState,
    Verdict,
)
from nyefamilier.accounts.service import Attempt
from nyefamilier.families.emergencies import (
    Emergency,
    EmergencyAsk,
    emergencies,
    end_emergency,
    open_emergency,
    review_emergency,
)
from nyefamilier.families.intents import NATIONAL_ID_CHARS
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import Conflict, NotFound, Refusal, RuleBroken, TooMany

_PASSWORD = 200
_REVIEWERS = (Role.LEAD, Role.PRIVACY_OFFICER)
_FIELDS = {"/national_id": "national_id", "/reason": "reason", "/password": "password"}


@pages.route("/emergency", methods=["GET", "POST"])
@allow(Role.NURSE)
def ask_in_emergency() -> ResponseReturnValue:
    """Open a family that is not hers, and see those that she has opened so."""
    form = Form(request.form) if request.method == "POST" else Form()
    opened = _opened(form) if form.sent else ()
    if opened:
        return redirect(url_for("web.show_family", family_id=opened[0].family_id), 303)
    with work() as current:
        own = emergencies(current)
    page = render_template(
        "emergency.html", form=form, own=own, short_id=short_id, most_hours=LONGEST_HOURS
    )
    return page, status(form)


@pages.get("/emergencies")
@allow(*_REVIEWERS)
def show_emergencies() -> ResponseReturnValue:
    """What waits to be looked at, what lasts, and what was found before."""
    with work() as current:
        found = emergencies(current)
    waiting = [one for one in found if one.state in _WAITS]
    open_now = [one for one in found if one.state is EmergencyState.OPEN]
    reviewed = [one for one in found if one.state is EmergencyState.REVIEWED]
    return render_template(
        "emergencies.html",
        waiting=waiting,
        open_now=open_now,
        reviewed=reviewed,
        short_id=short_id,
        me=actor().id,
    )


_WAITS = frozenset({EmergencyState.TO_REVIEW, EmergencyState.OVERDUE})


@pages.post("/emergencies/<uuid:grant_id>/end")
@allow(Role.NURSE, *_REVIEWERS)
def end_this_emergency(grant_id: UUID) -> ResponseReturnValue:
    """End it before its time."""
    with work() as current:
        end_emergency(current, grant_id)
    nurse = actor().role is Role.NURSE
    back = "web.ask_in_emergency" if nurse else "web.show_emergencies"
    return redirect(url_for(back, done="emergency-ended"), 303)


@pages.route("/emergencies/<uuid:grant_id>", methods=["GET", "POST"])
@allow(*_REVIEWERS)
def review_this_emergency(grant_id: UUID) -> ResponseReturnValue:
    """Say whether the nurse had to read it."""
    form = Form(request.form) if request.method == "POST" else Form()
    if form.sent and _is_reviewed(form, grant_id):
        return redirect(url_for("web.show_emergencies", done="emergency-reviewed"), 303)
    with work() as current:
        found = next((one for one in emergencies(current) if one.id == grant_id), None)
    if found is None:
        raise NotFound("emergency access")
    verdicts = [(str(verdict), words(verdict)) for verdict in Verdict]
    page = render_template(
        "emergency_review.html", form=form, one=found, verdicts=verdicts, short_id=short_id
    )
    return page, status(form)


def _opened(form: Form) -> Sequence[Emergency]:
    number = form.text("national_id", limit=NATIONAL_ID_CHARS, required=True)
    reason = form.text("reason", limit=REASON_CHARS, required=True)
    hours = form.number("hours", 1, LONGEST_HOURS, required=True)
    if not form.value("password"):
        form.wrong("password", _("Fill this in."))
    if number is None or reason is None or hours is None or not form.ok:
        return ()
    attempt = Attempt(
        identity().username, form.value("password")[:_PASSWORD], request.remote_addr or ""
    )
    try:
        with work() as current:
            outcome = open_emergency(current, EmergencyAsk(number, None, reason, hours), attempt)
    except (RuleBroken, Conflict) as refusal:
        outcome = refusal
    if isinstance(outcome, Refusal):
        _tell(form, outcome)
        return ()
    return outcome


def _tell(form: Form, refusal: Refusal) -> None:
    """Say why not, at the field that it is about."""
    field = _FIELDS.get(refusal.pointer or "", "")
    if isinstance(refusal, NotFound):
        found = _(
            "No family of your bydel has this person. If another bydel follows the family, or its "
            "address is protected, ring those who follow it."
        )
        form.wrong("national_id", found)
    elif isinstance(refusal, TooMany):
        minutes = max(1, round(refusal.wait.total_seconds() / 60))
        form.wrong(
            "",
            _(
                "That was too often. Wait %(minutes)d minutes, or ask your lead to let you cover.",
                minutes=minutes,
            ),
        )
    else:
        form.wrong(field, said(refusal))


def _is_reviewed(form: Form, grant_id: UUID) -> bool:
    verdict = form.choice("verdict", Verdict)
    remark = form.text("remark", limit=REMARK_CHARS)
    if verdict is None or not form.ok:
        return False
    try:
        with work() as current:
            review_emergency(current, grant_id, verdict, remark)
    except RuleBroken as refusal:
        form.wrong("remark", said(refusal))
    except Conflict as refusal:
        form.wrong("", said(refusal))
    return form.ok
