"""The log of files for the privacy officer: who took which figures home, when, in which format."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.places import bydel_names
from nyefamilier.access.service import PAGE, exports
from nyefamilier.accounts.service import accounts, display_names
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import UserId


@pages.get("/export-log")
@allow(Role.PRIVACY_OFFICER)
def show_exports() -> ResponseReturnValue:
    """The newest files first, of one person or of all."""
    form = Form(MultiDict(request.args))
    actor_id: UUID | None = form.id("person") if form.value("person") else None
    before = form.number("before", 1, 10**15) if form.value("before") else None
    with work() as current:
        found = exports(current, actor_id=actor_id, before=before) if form.ok else []
        page = render_template(
            "exports.html",
            form=form,
            entries=found,
            names=display_names(current.session, [UserId(one.actor_id) for one in found]),
            bydeler=bydel_names(current, current.today),
            people=[
                (str(one.id), one.display_name) for one in accounts(current, active_only=False)
            ],
            more=found[-1].id if len(found) == PAGE else None,
        )
    return page, 200 if form.ok else 422
