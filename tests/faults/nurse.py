"""What a nurse might write, given what her phone shows her: every kind of operation, mixed.

Most of it is sensible. Some of it is what comes of hurry and of two at once: a need that is closed
already, a visit in a family that is not hers any more, a note on somebody whom nobody knows.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from tests.builders import VESTLI
from tests.faults.evidence import Op

Rows = dict[str, dict[UUID, Mapping[str, Any]]]
"""What a phone shows of a family: its records by kind, each body by its id."""

DELBYDELER: Final = (VESTLI, "0301111102", "0301111103")
WORDS: Final = ("sover lite", "vil amme", "trygg", "bekymret", "mye besøk", "far hjemme", "ny uro")
WISHED: Final = "Familien ønsket det."
"""Nobody asks a calendar when these visits are."""
RARELY: Final = 0.01
"""How often a nurse does what will be refused or has to wait: a whole push is slower for it."""
LANGUAGES: Final = ("norsk", "somali", "polsk", "urdu")


@dataclass
class Pen:
    """One nurse about to write in one family: what she sees, what time her phone says it is."""

    chance: random.Random
    rows: Rows
    now: datetime
    nurse: UUID
    marker: str
    """A text that stands nowhere else."""
    made: list[UUID] = field(default_factory=list)
    in_a_rush: bool = False
    """Whether she writes about what everybody writes about at the moment."""
    strangers: list[str] = field(default_factory=list)
    """Members whom nobody has told the server of yet, and of whom a note is under way."""

    @property
    def today(self) -> date:
        """The day, as far as she knows."""
        return self.now.date()

    def new(self) -> str:
        """An id for a new record."""
        made = UUID(int=self.chance.getrandbits(128), version=4)
        self.made.append(made)
        return str(made)

    def some(self, kind: str, /, **where: Any) -> str | None:
        """A record of a kind whose body says so; None if she sees none."""
        found = [
            id_
            for id_, body in self.rows.get(kind, {}).items()
            if all(body.get(name) in values for name, values in where.items())
        ]
        if self.in_a_rush and found and self.chance.random() < 0.8:
            return str(min(found))
        return str(self.chance.choice(found)) if found else None

    def saw(self, kind: str, record: object, **more: Any) -> None:
        """See from now on what she wrote herself, before the phone is asked again."""
        rows = self.rows.setdefault(kind, {})
        place = UUID(str(record))
        rows[place] = {**rows.get(place, {}), **more}

    def words(self) -> str:
        """Something to write."""
        return f"{self.chance.choice(WORDS)} {self.marker}"

    def on(self, days: int) -> str:
        """A day from now."""
        return (self.today + timedelta(days=days)).isoformat()

    def at(self, hours: float) -> str:
        """An instant from now."""
        told = (self.now + timedelta(hours=hours)).replace(microsecond=0)
        return told.isoformat().replace("+00:00", "Z")


Wanted = Callable[[Pen], Op | None]


def _parent(pen: Pen) -> str | None:
    return pen.some("member", role=("mor", "far"))


def _need(pen: Pen) -> str | None:
    """One that is open; now and then one that the parents closed already."""
    if pen.chance.random() < RARELY:
        return pen.some("need")
    return pen.some("need", state=("open", "being_met"))


def write_note(pen: Pen) -> Op | None:
    """A note on somebody in the family; now and then on somebody whom nobody knows yet."""
    member = pen.some("member")
    if pen.chance.random() < RARELY:
        member = pen.new()
        pen.strangers.append(member)
    if member is None:
        return None
    op: Op = {"op": "note.write", "note_id": pen.new(), "member_id": member, "text": pen.words()}
    if pen.chance.random() < 0.2:
        op |= {"kind": "concern", "visible_to_parents": False}
    return op


def correct_note(pen: Pen) -> Op | None:
    """A correction."""
    note = pen.some("note")
    if note is None:
        return None
    return {"op": "note.correct", "note_id": pen.new(), "corrects": note, "text": pen.words()}


def state_need(pen: Pen) -> Op | None:
    """A need, in a parent's words."""
    parent = _parent(pen)
    told = {"op": "need.state", "need_id": pen.new(), "stated_by": parent, "words": pen.words()}
    return None if parent is None else told


def review_need(pen: Pen) -> Op | None:
    """A look at a need."""
    need = _need(pen)
    state = pen.chance.choice(("open", "being_met"))
    told = {"op": "need.review", "review_id": pen.new(), "need_id": need, "state": state}
    return None if need is None else told


def close_need(pen: Pen) -> Op | None:
    """A parent closes a need."""
    need, parent = _need(pen), _parent(pen)
    if need is None or parent is None:
        return None
    state = pen.chance.choice(("met", "no_longer_wished"))
    told = {"op": "need.close", "review_id": pen.new(), "need_id": need}
    return told | {"closed_by": parent, "state": state}


def book_visit(pen: Pen) -> Op | None:
    """A time agreed on: for a planned visit, another time for one, or a new one."""
    known = pen.some("visit", state=("planned", "booked"))
    visit = known if known and pen.chance.random() < 0.8 else pen.new()
    hours = pen.chance.randrange(24, 24 * 40)
    told = {"op": "visit.book", "visit_id": visit, "at": pen.at(hours), "outside_hours": WISHED}
    return told | {"place": pen.chance.choice(("hjemme", "helsestasjon"))}


def record_visit(pen: Pen) -> Op | None:
    """What became of a visit."""
    known = pen.some("visit", state=("planned", "booked", "cancelled_by_us"))
    visit = known if known and pen.chance.random() < 0.8 else pen.new()
    done = pen.chance.random() < 0.8
    told = {"op": "visit.record", "visit_id": visit, "outcome": "done" if done else "not_home"}
    minutes = pen.chance.randrange(15, 90) if done else 0
    return told | {"at": pen.at(-pen.chance.randrange(1, 48)), "minutes": minutes}


def cancel_visit(pen: Pen) -> Op | None:
    """A visit that will not take place."""
    visit = pen.some("visit", state=("planned", "booked"))
    by = pen.chance.choice(("family", "us"))
    return None if visit is None else {"op": "visit.cancel", "visit_id": visit, "by": by}


def update_member(pen: Pen) -> Op | None:
    """What is known of a person."""
    member = pen.some("member")
    if member is None:
        return None
    op: Op = {"op": "member.update", "member_id": member}
    match pen.chance.randrange(3):
        case 0:
            op["phone"] = f"4{pen.chance.randrange(10**7):07}"
        case 1:
            op["language"] = pen.chance.choice(LANGUAGES)
        case _:
            op["name"] = f"Rask {pen.marker}"
    return op


def add_member(pen: Pen) -> Op | None:
    """A person more; she may be the one on whom a note came earlier than this."""
    known = pen.strangers and pen.chance.random() < 0.7
    member = {"id": pen.strangers.pop() if known else pen.new()}
    member |= {"role": "foresatt", "name": f"Stille {pen.marker}"}
    return {"op": "member.add", "member": member}


def set_address(pen: Pen) -> Op | None:
    """The family lives elsewhere in the bydel."""
    address = {"id": pen.new(), "delbydel": pen.chance.choice(DELBYDELER[:1])}
    told = {"valid_from": pen.on(0), "lines": f"Vei {pen.marker}", "postal_code": "0980"}
    return {"op": "address.set", "address": address | told}


def register_pregnancy(pen: Pen) -> Op | None:
    """Another child is expected."""
    told = {"op": "pregnancy.register", "pregnancy_id": pen.new()}
    return told | {"term": pen.on(pen.chance.randrange(60, 200)), "basis": "forste_barn"}


def record_birth(pen: Pen) -> Op | None:
    """A child is born. Two nurses may hear of it."""
    pregnancy = pen.some("pregnancy", outcome=("ventet",))
    if pregnancy is None:
        return None
    children = [{"member_id": pen.new(), "name": f"Liten {pen.marker}"}]
    told = {"op": "birth.record", "pregnancy_id": pregnancy, "born_on": pen.on(-1)}
    return told | {"children": children}


def record_homecoming(pen: Pen) -> Op | None:
    """Mother and child came home."""
    pregnancy = pen.some("pregnancy", outcome=("fodt",))
    told = {"op": "homecoming.record", "pregnancy_id": pregnancy, "homecoming_on": pen.on(0)}
    return None if pregnancy is None else told


def record_loss(pen: Pen) -> Op | None:
    """A pregnancy ended without a child."""
    pregnancy = pen.some("pregnancy", outcome=("ventet",))
    told = {"op": "loss.record", "pregnancy_id": pregnancy, "outcome": "tapt", "on": pen.on(0)}
    return None if pregnancy is None else told


def record_death(pen: Pen) -> Op | None:
    """A member of the family died."""
    member = pen.some("member", role=("foresatt",))
    return None if member is None else {"op": "death.record", "member_id": member, "on": pen.on(0)}


def make_offer(pen: Pen) -> Op | None:
    """A programme is offered."""
    pregnancy = pen.some("pregnancy")
    if pregnancy is None:
        return None
    told = {"op": "offer.make", "offer_id": pen.new(), "pregnancy_id": pregnancy}
    told |= {"programme": "nye_familier", "basis": "forste_barn", "channel": "telefon"}
    return told | {"offered_on": pen.on(0)}


def answer_offer(pen: Pen) -> Op | None:
    """What the family said."""
    offer = pen.some("offer")
    answer = pen.chance.choice(("ja", "nei", "senere"))
    told = {"op": "offer.answer", "answer_id": pen.new(), "offer_id": offer, "answer": answer}
    return None if offer is None else told | {"answered_on": pen.on(0)}


def change_enrolment(pen: Pen) -> Op | None:
    """The family pauses, or goes on."""
    enrolment = pen.some("enrolment", state=("active", "paused"))
    to = pen.chance.choice(("paused", "active", "paused", "withdrawn"))
    told = {"op": "enrolment.change", "enrolment_id": enrolment, "to": to, "on": pen.on(0)}
    return None if enrolment is None else told


def decide_review(pen: Pen) -> Op | None:
    """A decision about a conflict in the inbox; now and then about what is none."""
    kinds = {} if pen.chance.random() < RARELY else {"kind": ("conflict",)}
    review = pen.some("inbox", decided_at=(None,), **kinds)
    choice = pen.chance.choice(("current", "proposed"))
    told = {"op": "review.decide", "review_id": review, "choose": choice}
    return None if review is None else told


def _same(name: str) -> Callable[[Op], dict[str, Any]]:
    return lambda op: {name: op[name]}


def _now(**more: Any) -> Callable[[Op], dict[str, Any]]:
    return lambda _op: more


LEARNT: Final[dict[str, tuple[str, str, Callable[[Op], dict[str, Any]]]]] = {
    "note.write": ("note", "note_id", _now()),
    "note.correct": ("note", "note_id", _now()),
    "need.state": ("need", "need_id", _now(state="open")),
    "need.review": ("need", "need_id", _same("state")),
    "need.close": ("need", "need_id", _same("state")),
    "visit.book": ("visit", "visit_id", _now(state="booked")),
    "visit.record": ("visit", "visit_id", lambda op: {"state": op["outcome"]}),
    "visit.cancel": ("visit", "visit_id", _now(state="cancelled")),
    "birth.record": ("pregnancy", "pregnancy_id", _now(outcome="born just now")),
    "loss.record": ("pregnancy", "pregnancy_id", _same("outcome")),
    "homecoming.record": ("pregnancy", "pregnancy_id", _now(outcome="at home")),
    "death.record": ("member", "member_id", _now(role="dead")),
    "enrolment.change": ("enrolment", "enrolment_id", lambda op: {"state": op["to"]}),
    "review.decide": ("inbox", "review_id", _now(decided_at="just now")),
}
"""What she sees after she has written: the record's kind, its id's field, its values."""


def learn(pen: Pen, op: Op) -> None:
    """Let her see what she has just written: she would not close a need twice."""
    if op["op"] in LEARNT:
        kind, field_, values = LEARNT[op["op"]]
        pen.saw(kind, op[field_], **values(op))


MIX: Final[dict[Wanted, float]] = {
    write_note: 20, correct_note: 8, state_need: 10, review_need: 7, close_need: 4,
    book_visit: 13, record_visit: 8, cancel_visit: 3, update_member: 13, add_member: 1.5,
    set_address: 3, register_pregnancy: 0.7, record_birth: 1.5, record_homecoming: 1,
    record_loss: 0.4, record_death: 0.7, make_offer: 1, answer_offer: 1.5, change_enrolment: 1.5,
    decide_review: 5,
}  # fmt: skip
"""How often each is wanted."""


def mutation_of(pen: Pen) -> tuple[str, list[Op]]:
    """A mutation's type and its operations: mostly one, now and then a whole visit at once."""
    if pen.chance.random() < 0.12:
        ops = [record_visit(pen), write_note(pen), state_need(pen), review_need(pen)]
        whole = [op for op in ops if op is not None]
        return "visit", whole
    for _ in range(12):
        wanted = pen.chance.choices(list(MIX), list(MIX.values()))[0]
        op = wanted(pen)
        if op is not None:
            return str(op["op"]), [op]
    return "member", [add_member(pen) or {}]


def registration_of(pen: Pen) -> list[Op]:
    """A family that the nurse meets, told whole."""
    mother = {"id": pen.new(), "role": "mor", "name": f"Rask {pen.marker}"}
    address = {"id": pen.new(), "delbydel": VESTLI, "valid_from": pen.on(0), "lines": "Vei 1"}
    address |= {"postal_code": "0980"}
    return [{"op": "family.register", "members": [mother], "address": address}]
