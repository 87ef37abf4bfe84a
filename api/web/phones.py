"""Nurses' phones: which there are, how to stop one, and which copies are still on them."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.credentials import session_secret
from api.doorway import allow, identity, work
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.people import short_id
from api.web.places import bydel_name
from api.web.refusals import said
from api.web.submitting import status
from api.web.wording import words
from nyefamilier.accounts.service import display_names
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import Conflict
from nyefamilier.kernel.ids import UserId
from nyefamilier.sync.copies import MOST, copies_outstanding
from nyefamilier.sync.revoking import Stop, carry_out, open_to
from nyefamilier.sync.views import devices_in_bydel, managed_device, own_devices


@pages.get("/phones")
@allow(Role.NURSE, Role.LEAD)
def show_phones() -> ResponseReturnValue:
    """The reader's phones, or those of the nurses in the lead's bydel."""
    leads = identity().role is Role.LEAD
    with work() as current:
        found = devices_in_bydel(current) if leads else own_devices(current)
        names = display_names(current.session, [UserId(one.account_id) for one in found])
        bydel = bydel_name(current, current.actor.bydel, current.today) if leads else None
        today = current.today
    return render_template("phones.html", phones=found, names=names, bydel=bydel, today=today)


@pages.route("/phones/<uuid:device_id>", methods=["GET", "POST"])
@allow(Role.NURSE, Role.LEAD)
def stop_phone(device_id: UUID) -> ResponseReturnValue:
    """Lock a phone, have it erased, take it out of use; unlock one that was found."""
    form = Form(request.form) if request.method == "POST" else Form()
    chosen = form.choice("stop", Stop) if form.sent else None
    if chosen is not None and _is_done(form, chosen, device_id):
        return redirect(url_for("web.show_phones", done="phone"), 303)
    with work() as current:
        phone = managed_device(current, device_id)
        names = display_names(current.session, [UserId(phone.account_id)])
    choices = [(str(stop), words(stop)) for stop in open_to(phone.state)]
    page = render_template("phone.html", form=form, phone=phone, names=names, choices=choices)
    return page, status(form)


@pages.get("/phones/copies")
@allow(Role.LEAD)
def show_copies() -> ResponseReturnValue:
    """Families that are still on a phone and should not be."""
    with work() as current:
        found = copies_outstanding(current)
        names = display_names(current.session, [UserId(one.nurse_id) for one in found])
        bydel = bydel_name(current, current.actor.bydel, current.today)
        now = current.now
    return render_template(
        "copies.html",
        copies=found,
        names=names,
        bydel=bydel,
        now=now,
        short_id=short_id,
        is_cut=len(found) == MOST,
    )


def _is_done(form: Form, stop: Stop, device_id: UUID) -> bool:
    try:
        with work() as current:
            carry_out(current, stop, device_id, keep=session_secret())
    except Conflict as refusal:
        form.wrong("", said(refusal))
        return False
    return True
