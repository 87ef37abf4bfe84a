"""How the parts of a body become the parts of an intent. Each new record gets its id here."""

from __future__ import annotations

from typing import Any, TypeAlias

from api.writes import NewIds
from nyefamilier.families.intents import NewAddress, NewMember, RegisterPregnancy

Body: TypeAlias = dict[str, Any]


def member_of(body: Body, ids: NewIds) -> NewMember:
    """A new member, the one of its write."""
    return NewMember(id=ids.one("member", body.pop("id", None)), **body)


def members_of(bodies: list[Body], ids: NewIds) -> tuple[NewMember, ...]:
    """New members, in their order."""
    return tuple(
        NewMember(id=ids.another("members", body.pop("id", None)), **body) for body in bodies
    )


def address_of(body: Body, ids: NewIds) -> NewAddress:
    """A new address."""
    made = ids.one("address", body.pop("id", None))
    return NewAddress(id=made, delbydel=body.pop("delbydel", None), **body)


def pregnancy_of(body: Body, ids: NewIds) -> RegisterPregnancy:
    """A new pregnancy."""
    return RegisterPregnancy(ids.one("pregnancy", body.pop("id", None)), **body)
