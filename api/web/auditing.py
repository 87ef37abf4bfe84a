"""The access log for the privacy officer: who opened which family, when, and on what ground."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.people import short_id
from api.web.texts import _
from nyefamilier.access.service import PAGE, accesses
from nyefamilier.accounts.service import accounts, display_names
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import UserId


@pages.get("/access-log")
@allow(Role.PRIVACY_OFFICER)
def show_accesses() -> ResponseReturnValue:
    """The newest accesses first, of one family, of one person, or of all."""
    form = Form(MultiDict(request.args))
    family_id = _id(form, "family")
    actor_id = _id(form, "person")
    before = form.number("before", 1, 10**15) if form.value("before") else None
    with work() as current:
        found = (
            accesses(current, family_id=family_id, actor_id=actor_id, before=before, limit=PAGE)
            if form.ok
            else []
        )
        names = display_names(current.session, [UserId(one.actor_id) for one in found])
        people = [(str(one.id), one.display_name) for one in accounts(current, active_only=False)]
    page = render_template(
        "accesses.html",
        form=form,
        entries=found,
        names=names,
        people=people,
        short_id=short_id,
        more=found[-1].id if len(found) == PAGE else None,
    )
    return page, 200 if form.ok else 422


def _id(form: Form, name: str) -> UUID | None:
    if not form.value(name).strip():
        return None
    found = form.id(name)
    if found is None:
        form.wrong(
            name,
            _(
                "This is not a whole id. Copy all 36 characters, or empty the field and click on a "
                "family."
            ),
        )
    return found
