"""Every write of the API: one mutation through the one door, and one kind of answer.

Ids of new records may come from the client. Where they do not, they follow from the
`Idempotency-Key`, so that a request that is sent again is the same mutation again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeVar, cast
from uuid import UUID

from marshmallow import fields as ma

from api.describing import takes
from api.doorway import Guarded, work
from api.fields import Flag, Id, Schema, Shown
from api.pointers import Moved, pointing
from api.versions import IF_MATCH, base_rev_from_if_match, etag, mutation_id
from nyefamilier.door.mutations import Mutation, Operation
from nyefamilier.door.service import apply
from nyefamilier.kernel.ids import FamilyId

Answered: TypeAlias = tuple[dict[str, Any], dict[str, str]]
"""The answer's body and its headers."""

View = TypeVar("View", bound=Callable[..., Any])

_KEY_BITS: Final = 48


class IdsSchema(Schema):
    """The ids of the records that the write made or changed; only those that it has."""

    member = Id()
    members = ma.List(Id())
    address = Id()
    pregnancy = Id()
    children = ma.List(Id())
    team = Id()
    move = Id()
    offer = Id()
    answer = Id()
    enrolment = Id()
    visit = Id()
    next_visit = Id()
    note = Id()
    need = Id()
    review = Id()
    inbox = Id()


class AnswerSchema(Shown):
    """What became of a write."""

    mutation_id = Id(metadata={"description": "The `Idempotency-Key`."})
    family_id = Id()
    rev = ma.Integer(metadata={"description": "The family's revision that the write made."})
    status = ma.String(metadata={"enum": ["applied"]})
    replayed = Flag(
        metadata={"description": "The write had been made before, and this is its answer again."}
    )
    ids = ma.Nested(IdsSchema)


class NewIds:
    """The ids of one mutation's records: the client's own, or such as follow from its key.

    Args:
        known: The ids of the records that are there already, by what the answer will call them.
    """

    def __init__(self, **known: UUID) -> None:
        self.all: dict[str, UUID | list[UUID]] = {}
        self._key, self._taken = mutation_id(), 0
        for name, given in known.items():
            self.one(name, given)

    def one(self, name: str, given: UUID | None = None) -> UUID:
        """The id of the record that the answer will call *name*."""
        made = self.all[name] = self._id(given)
        return made

    def another(self, name: str, given: UUID | None = None) -> UUID:
        """The id of one more of the records that the answer will call *name*."""
        found = self.all.setdefault(name, [])
        made = self._id(given)
        if isinstance(found, list):
            found.append(made)
        return made

    def _id(self, given: UUID | None) -> UUID:
        self._taken += 1
        return given or derived_id(self._key, self._taken)


def derived_id(key: UUID, number: int) -> UUID:
    """A UUIDv8: the key's first 48 bits, the number, and 62 bits that both determine.

    So the records of one mutation sort in the order in which they were given, and, where keys are
    UUIDv7, after those of the mutations before it.

    Sources: RFC 9562 section 5.8.
    """
    digest = hashlib.sha256(key.bytes + number.to_bytes(2, "big")).digest()
    head = key.int >> (128 - _KEY_BITS)
    tail = int.from_bytes(digest[:8], "big") >> 2
    return UUID(int=head << 80 | 0x8 << 76 | number << 64 | 0b10 << 62 | tail)


def change(family_id: UUID, *operations: Operation) -> Mutation:
    """The mutation that the request asks for, made against what its ``If-Match`` names."""
    base = base_rev_from_if_match()
    return Mutation(mutation_id(), FamilyId(family_id), operations, base)


def answer_to(
    mutation: Mutation, ids: NewIds, *, at: str | None = None, moved: Moved | None = None
) -> Answered:
    """Send a mutation through the door, and say what became of it.

    Args:
        mutation: What is asked for.
        ids: The ids that it uses.
        at: Where the new record can be read, below the family's own address.
        moved: Where the body differs from the intents; see `Moved`.

    Raises:
        Refusal: see `door.service.apply`.
    """
    with pointing(moved or {}), work() as current:
        answer = apply(current, mutation)
    body = {
        "mutation_id": answer.mutation_id,
        "family_id": answer.family_id,
        "rev": answer.rev,
        "status": answer.status,
        "replayed": answer.replayed,
        "ids": ids.all,
    }
    headers = {"ETag": etag(answer.rev)}
    if at is not None:
        headers["Location"] = f"/api/v1/families/{answer.family_id}{at}"
    return body, headers


def answers(blueprint: Guarded, status: int, *, conditional: bool = True) -> Callable[[View], View]:
    """Document and dump a write's answer.

    Args:
        blueprint: The one that the view belongs to.
        status: 201 where the write makes a record that has an address, otherwise 200.
        conditional: Whether `If-Match` may name the family's revision.
    """
    headers = {"ETag": _header("The family's revision that the write made.")}
    if status == 201:
        headers["Location"] = _header("Where the new record can be read.")

    def decorate(view: View) -> View:
        if conditional:
            view = takes(IF_MATCH)(view)
        documented = blueprint.response(status, AnswerSchema, headers=headers)
        return cast("View", documented(view))

    return decorate


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}, "required": True}
