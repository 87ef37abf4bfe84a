"""Taking a family into the records: its adults, where it lives, and the child that it expects."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from api.doorway import allow, identity, work
from api.web.addresses import ADDRESS_FIELDS, read_address
from api.web.blueprint import pages
from api.web.colleagues import nurse_options
from api.web.family import FAMILY_ROLES
from api.web.forms import Form
from api.web.persons import read_member
from api.web.places import delbydel_groups
from api.web.pregnancies import read_pregnancy
from api.web.submitting import Errand, carried_out, ids_of, opened, status
from api.web.wording import language_options
from nyefamilier.door.mutations import Operation
from nyefamilier.families.intents import RegisterFamily
from nyefamilier.families.states import MemberRole, Protection
from nyefamilier.kernel.actors import Role

_ERRAND = Errand(
    "registered",
    {
        **ADDRESS_FIELDS,
        "/members/0/national_id": "one_national_id",
        "/members/1/national_id": "two_national_id",
        "/term": "term",
        "/primary_nurse": "nurse",
    },
)


@pages.route("/families/new", methods=["GET", "POST"])
@allow(*FAMILY_ROLES)
def register_family() -> ResponseReturnValue:
    """Register a family."""
    form = opened()
    family_id = ids_of(form).of("family")
    answer = carried_out(form, family_id, _ERRAND, lambda: _read_family(form))
    return answer or _show(form)


def _show(form: Form) -> ResponseReturnValue:
    with work() as current:
        groups, nurses = delbydel_groups(current), nurse_options(current)
        today = current.today.isoformat()
    form.suggest(
        one_role=MemberRole.MOTHER, protection=Protection.NONE, expected="1", valid_from=today
    )
    page = render_template(
        "register.html",
        form=form,
        groups=groups,
        nurses=nurses,
        is_lead=identity().role is Role.LEAD,
        languages=language_options(),
    )
    return page, status(form)


def _read_family(form: Form) -> Sequence[Operation]:
    ids = ids_of(form)
    told = [read_member(form, "one_", ids)]
    # Whatever was written of a second parent tells of one; a number without a name is asked about.
    if any(value for name, value in form.typed.items() if name.startswith("two_")):
        told.append(read_member(form, "two_", ids))
    address = read_address(form, ids)
    pregnancy = read_pregnancy(form)
    if address is None:
        return ()
    members = tuple(member for member in told if member is not None)
    return (RegisterFamily(members, address, form.id("nurse")), *pregnancy)
