"""From a form to the one door: a mutation that is applied once, however often it is sent.

The page that shows a form mints its mutation id. Every id of a record that the form will make is
worked out from it, and what is asked for is read from the form alone, never from what the family
looks like meanwhile: so the same form sent twice is the same mutation to the last bit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.doorway import work
from api.web.forms import Form
from api.web.people import name_of, nameless, title_of
from api.web.refusals import said
from nyefamilier.door.mutations import Answer, Mutation, Operation
from nyefamilier.door.service import apply
from nyefamilier.families.views import FamilyView, family
from nyefamilier.kernel.clock import system_clock
from nyefamilier.kernel.errors import NotAllowed, NotFound, Refusal, StaleVersion
from nyefamilier.kernel.ids import FamilyId, MutationId, new_id

_MOST = 10**9


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of one form: its mutation's, and those of the records that it makes."""

    mutation: UUID

    def of(self, *names: object, place: int = 0) -> UUID:
        """The id of a record; the same names give the same id.

        A UUIDv7 like any other: the mutation's milliseconds, a counter, and 62 bits of a digest
        where there are random ones, so that records made together keep their order.

        Args:
            names: What tells the record from the form's other ones.
            place: Where it comes among them, 0 to 4095.

        Sources: RFC 9562 sections 5.7 and 6.2 (method 1).
        """
        text = "\x1f".join(str(name) for name in names)
        digest = hashlib.sha256(self.mutation.bytes + text.encode()).digest()
        tail = int.from_bytes(digest[:8]) & (2**62 - 1)
        milliseconds = int.from_bytes(self.mutation.bytes[:6])
        return UUID(int=milliseconds << 80 | 0x7 << 76 | place << 64 | 0b10 << 62 | tail)


@dataclass(frozen=True, slots=True)
class Errand:
    """What a form is for.

    Args:
        done: Its word in `site.DONE`: what the family's page says when it has been done.
        fields: Where on the form the pointers of refusals are, by pointer.
    """

    done: str
    fields: Mapping[str, str]


def opened() -> Form:
    """The form of the request at hand: as it was sent, or new with its mutation id."""
    form = Form(request.form) if request.method == "POST" else Form()
    if form.id("mutation_id") is None:
        form.typed["mutation_id"] = str(new_id(system_clock()))
    return form


def ids_of(form: Form) -> Ids:
    """The ids of the form."""
    return Ids(_mutation_id(form))


def carried_out(
    form: Form, family_id: UUID, errand: Errand, read: Callable[[], Sequence[Operation]]
) -> ResponseReturnValue | None:
    """On to the family's page when the form has been sent, read and applied.

    None when there is a form to show: one that nobody has sent, or one with flaws.

    Raises:
        NotFound, NotAllowed: the family is not the actor's; there is no form to show again.
    """
    answer = applied(form, family_id, errand, read)
    return None if answer is None else done(answer, errand.done)


def applied(
    form: Form, family_id: UUID, errand: Errand, read: Callable[[], Sequence[Operation]]
) -> Answer | None:
    """What the door answered; None when it was not asked, or refused and the form says why.

    Raises:
        NotFound, NotAllowed: the family is not the actor's; there is no form to show again.
    """
    if not form.sent:
        return None
    operations = tuple(read())
    rev = form.number("base_rev", 0, _MOST)
    if not form.ok:
        return None
    mutation = Mutation(MutationId(_mutation_id(form)), FamilyId(family_id), operations, rev)
    try:
        with work() as current:
            return apply(current, mutation)
    except (NotFound, NotAllowed):
        raise
    except StaleVersion as stale:
        form.typed["base_rev"] = str(stale.current)
        form.wrong("", said(stale))
    except Refusal as refusal:
        form.refused = refusal
        form.wrong(errand.fields.get(refusal.pointer or "", ""), said(refusal))
    return None


def done(answer: Answer, what: str) -> ResponseReturnValue:
    """On to the family's page, which says what was done."""
    said_there = "already-saved" if answer.replayed else what
    return redirect(url_for("web.show_family", family_id=answer.family_id, done=said_there), 303)


def seen(family_id: UUID) -> FamilyView:
    """The family, as far as the reader may see it.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`.
    """
    with work() as current:
        return family(current, FamilyId(family_id))


def shown(template: str, form: Form, view: FamilyView, **more: object) -> ResponseReturnValue:
    """The page of a form about a family, against the family's present revision."""
    form.suggest(base_rev=str(view.rev))
    page = render_template(
        template,
        form=form,
        family=view,
        title=title_of(view),
        tab_title=nameless(view.id),
        member_names={one.id: name_of(one) for one in view.members},
        **more,
    )
    return page, status(form)


def status(form: Form) -> int:
    """The status of a page that shows the form."""
    return 422 if form.sent else 200


def _mutation_id(form: Form) -> UUID:
    found = form.id("mutation_id")
    if found is None:
        raise LookupError("the form was not opened by `opened`")
    return found
