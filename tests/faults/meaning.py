"""What an operation is about, worked out from its words alone and not by the code under test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tests.faults.evidence import Op

NOTES: Final = frozenset({"note.write", "note.correct"})

_MAKES: Final = {
    "note.write": (("note", "note_id"),),
    "note.correct": (("note", "note_id"),),
    "need.state": (("need", "need_id"),),
    "need.review": (("review", "review_id"),),
    "need.close": (("review", "review_id"),),
    "offer.make": (("offer", "offer_id"),),
    "offer.answer": (("answer", "answer_id"),),
    "pregnancy.register": (("pregnancy", "pregnancy_id"),),
}
_DETAILS: Final = frozenset({"name", "phone", "language", "interpreter"})


@dataclass(frozen=True, slots=True)
class Touch:
    """A value that an operation sets: one group of one record's values."""

    record: str
    group: str
    value: str


def makes(op: Op) -> Iterator[tuple[str, UUID]]:
    """The records that *op* brings into being, by kind and id."""
    for kind, field in _MAKES.get(op["op"], ()):
        yield kind, UUID(op[field])
    if op["op"] == "member.add":
        yield "member", UUID(op["member"]["id"])


def named(kind: str, record: UUID) -> str:
    """What a touch calls a record that the programme names by kind and id.

    A family's log tells of no other family: there it is named without its id.
    """
    return kind if kind == "family" else f"{kind}:{record}"


def touches(op: Op) -> Iterator[Touch]:
    """The values that *op* sets and that two nurses could set differently."""
    match op["op"]:
        case "member.update":
            for group in op.keys() & _DETAILS:
                yield Touch(f"member:{op['member_id']}", group, repr(op.get(group)))
        case "address.set":
            address = op["address"]
            told = (address.get("lines"), address.get("delbydel"), address.get("protection"))
            yield Touch("family", "address", repr(told))
        case "visit.book":
            told = (op["at"], op.get("place"), op.get("nurse_id"))
            yield Touch(f"visit:{op['visit_id']}", "plan", repr(told))
        case "visit.record":
            yield Touch(f"visit:{op['visit_id']}", "outcome", repr((op["outcome"], op["minutes"])))
        case "need.review" | "need.close":
            yield Touch(f"need:{op['need_id']}", "state", op["state"])
        case "enrolment.change":
            yield Touch(f"enrolment:{op['enrolment_id']}", "state", op["to"])


def meant(raw: bytes) -> bytes:
    """What a mutation means, in bytes that do not depend on its id or seq."""
    told = json.loads(raw)
    rest = {name: value for name, value in told.items() if name not in {"id", "seq"}}
    return json.dumps(rest, sort_keys=True).encode()
