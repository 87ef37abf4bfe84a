"""From a form to the one door: a mutation that is applied once, however often it is sent.

The page that shows a form mints its mutation id. Every id of a record that the form will make is
worked out from it, so that the same form sent twice is the same mutation to the last bit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from api.doorway import work
from api.web.forms import Form
from api.web.refusals import said
from nyefamilier.door.mutations import Answer, Mutation, Operation
from nyefamilier.door.service import apply
from nyefamilier.kernel.clock import system_clock
from nyefamilier.kernel.errors import NotAllowed, NotFound, Refusal, StaleVersion
from nyefamilier.kernel.ids import FamilyId, MutationId, new_id


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


def opened(rev: int | None = None) -> Form:
    """The form of the request at hand: as it was sent, or new with its mutation id and revision."""
    if request.method == "POST":
        form = Form(request.form)
        if form.id("mutation_id") is None:
            form.typed["mutation_id"] = str(new_id(system_clock()))
        return form
    form = Form()
    form.typed["mutation_id"] = str(new_id(system_clock()))
    if rev is not None:
        form.typed["base_rev"] = str(rev)
    return form


def ids_of(form: Form) -> Ids:
    """The ids of the form."""
    return Ids(_mutation_id(form))


def send(
    form: Form,
    family_id: UUID,
    operations: Sequence[Operation],
    fields: Mapping[str, str] | None = None,
) -> Answer | None:
    """What the door answered; None when it refused, and then the form says why.

    Args:
        form: The form that was sent.
        family_id: Whose family it is about.
        operations: What it asks for.
        fields: Where on the form the pointers of refusals are, by pointer.

    Raises:
        NotFound, NotAllowed: the family is not the actor's; there is no form to show again.
    """
    mutation = Mutation(
        MutationId(_mutation_id(form)),
        FamilyId(family_id),
        tuple(operations),
        form.number("base_rev", 0, 10**9),
    )
    try:
        with work() as current:
            return apply(current, mutation)
    except (NotFound, NotAllowed):
        raise
    except StaleVersion as stale:
        form.typed["base_rev"] = str(stale.current)
        form.wrong("", said(stale))
    except Refusal as refusal:
        form.wrong((fields or {}).get(refusal.pointer or "", ""), said(refusal))
    return None


def done(answer: Answer, what: str) -> ResponseReturnValue:
    """On to the family's page, which says what was done."""
    said_there = "already-saved" if answer.replayed else what
    return redirect(url_for("web.show_family", family_id=answer.family_id, done=said_there), 303)


def _mutation_id(form: Form) -> UUID:
    found = form.id("mutation_id")
    if found is None:
        raise LookupError("the form was not opened by `opened`")
    return found
