"""One whole example of every operation, how REST says the same, and values that nobody takes."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from api.families import schemas as families
from api.journal import schemas as journal
from api.needs import schemas as needs
from api.offers import schemas as offers
from api.pregnancies import schemas as pregnancies
from api.reviews.schemas import DecisionSchema
from api.team import schemas as team
from api.visits import schemas as visits

ID = "01970f3a-5c00-7000-8000-{:012d}"
MEMBER = {
    "id": ID.format(1),
    "role": "mor",
    "name": "Rask Bjørk",
    "national_id": "01832612345",
    "national_id_type": "synthetic_80",
    "phone": "40000001",
    "language": "urdu",
    "interpreter": {"language": "urdu", "dialect": "lahori", "gender_wish": "kvinne"},
}
ADDRESS = {
    "id": ID.format(2),
    "delbydel": "0301111101",
    "valid_from": "2026-03-02",
    "lines": "Prøveveien 1\nH0101",
    "postal_code": "0980",
    "directions": "Ring på hos Bjørk",
    "source": "familien",
    "protection": "ugradert",
}
CHILD = {"member_id": ID.format(3), "name": "Liten Sten", "stillborn": False}


@dataclass(frozen=True)
class Example:
    """An operation as it travels, and the schema by which REST takes the same.

    ``path``: the members that REST has in the address (or in a header). ``renamed``: what REST
    calls a member, by the pointer that it has on the wire; numbers in pointers are written as 0.
    ``inside``: the member whose object is REST's whole body.
    """

    told: dict[str, Any]
    schema: type
    path: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    inside: str | None = None


CORPUS: dict[str, Example] = {
    "family.register": Example(
        {"members": [MEMBER], "address": ADDRESS, "primary_nurse": ID.format(4)},
        families.NewFamilySchema,
    ),
    "member.add": Example({"member": MEMBER}, families.NewMemberSchema, inside="member"),
    "member.update": Example(
        {"member_id": ID.format(1), "no_texts": True}
        | {k: v for k, v in MEMBER.items() if k not in {"id", "role"}},
        families.MemberChangeSchema,
        ("member_id",),
    ),
    "pregnancy.register": Example(
        {
            "pregnancy_id": ID.format(5),
            "term": "2026-07-01",
            "expected": 2,
            "basis": "forste_barn",
        },
        families.NewPregnancySchema,
        renamed=(("/pregnancy_id", "id"),),
    ),
    "birth.record": Example(
        {
            "pregnancy_id": ID.format(5),
            "born_on": "2026-06-30",
            "children": [CHILD],
            "homecoming_on": "2026-07-02",
        },
        pregnancies.BirthSchema,
        ("pregnancy_id",),
        (("/children/0/member_id", "id"),),
    ),
    "homecoming.record": Example(
        {"pregnancy_id": ID.format(5), "homecoming_on": "2026-07-02"},
        pregnancies.HomecomingSchema,
        ("pregnancy_id",),
    ),
    "term.correct": Example(
        {"pregnancy_id": ID.format(5), "term": "2026-07-08"},
        pregnancies.TermSchema,
        ("pregnancy_id",),
    ),
    "birth.correct": Example(
        {"pregnancy_id": ID.format(5), "born_on": "2026-06-29"},
        pregnancies.BirthDaySchema,
        ("pregnancy_id",),
    ),
    "loss.record": Example(
        {"pregnancy_id": ID.format(5), "outcome": "tapt", "on": "2026-05-02"},
        pregnancies.LossSchema,
        ("pregnancy_id",),
    ),
    "death.record": Example(
        {"member_id": ID.format(1), "on": "2026-05-02"}, families.DeathSchema, ("member_id",)
    ),
    "address.set": Example({"address": ADDRESS}, families.NewAddressSchema, inside="address"),
    "team.assign": Example(
        {"team_id": ID.format(6), "nurse_id": ID.format(4)},
        team.AssignmentSchema,
        renamed=(("/team_id", "id"),),
    ),
    "team.cover": Example(
        {"team_id": ID.format(6), "nurse_id": ID.format(4), "until": "2026-04-01"},
        team.CoverSchema,
        renamed=(("/team_id", "id"),),
    ),
    "family.move": Example(
        {
            "move_id": ID.format(7),
            "address": ADDRESS,
            "to_nurse": ID.format(4),
            "summary": "De er\nflyttet.",
        },
        team.NewMoveSchema,
        renamed=(("/move_id", "id"),),
    ),
    "offer.make": Example(
        {
            "offer_id": ID.format(8),
            "pregnancy_id": ID.format(5),
            "programme": "nye_familier",
            "basis": "flerbarn_utvidet_behov",
            "channel": "brev",
            "offered_on": "2026-03-02",
            "reason": "Tredje barn.",
        },
        offers.NewOfferSchema,
        renamed=(("/offer_id", "id"),),
    ),
    "offer.answer": Example(
        {
            "answer_id": ID.format(9),
            "offer_id": ID.format(8),
            "answer": "senere",
            "answered_on": "2026-03-04",
        },
        offers.NewAnswerSchema,
        ("offer_id",),
        (("/answer_id", "id"),),
    ),
    "enrolment.change": Example(
        {"enrolment_id": ID.format(10), "to": "paused", "on": "2026-05-02"},
        offers.NewStateSchema,
        ("enrolment_id",),
    ),
    "plan.rework": Example({"enrolment_id": ID.format(10)}, visits.ReworkSchema),
    "visit.book": Example(
        {
            "visit_id": ID.format(11),
            "at": "2026-05-17T09:00:00+02:00",
            "place": "hjemme",
            "kind": "nyfodt",
            "nurse_id": ID.format(4),
            "agreed": "De vil\nha tolk.",
            "minutes": 90,
            "second_nurse_id": ID.format(5),
            "interpreter": {
                "language": "urdu",
                "dialect": "lahori",
                "gender_wish": "kvinne",
                "category": "B",
                "remote": True,
                "confirmed": False,
                "who": "tolk",
            },
            "no_interpreter": False,
            "not_alone": True,
            "safety_note": "Hund.",
            "outside_hours": "Far er\nhjemme da.",
        },
        visits.NewVisitSchema,
        renamed=(("/visit_id", "id"),),
    ),
    "visit.record": Example(
        {
            "visit_id": ID.format(11),
            "outcome": "done",
            "at": "2026-05-17T09:00:00.123456Z",
            "minutes": 75,
            "place": "hjemme",
            "kind": "nyfodt",
            "present": ["mor", "tolk"],
            "themes": ["sovn"],
            "interpreter": {"category": "B", "language": "urdu", "why_unqualified": "Ingen fri."},
            "nurse_id": ID.format(4),
            "next_visit": {
                "id": ID.format(12),
                "on": "2026-06-02",
                "at": "2026-06-02T10:00Z",
                "place": "telefon",
                "outside_hours": "Far er hjemme.",
            },
        },
        visits.RecordSchema,
        ("visit_id",),
    ),
    "visit.cancel": Example(
        {"visit_id": ID.format(11), "by": "family", "reason": "Bestemor\ner her."},
        visits.CancellationSchema,
        ("visit_id",),
    ),
    "note.write": Example(
        {
            "note_id": ID.format(13),
            "member_id": ID.format(1),
            "text": "Vekt\n3480 g",
            "kind": "concern",
            "visible_to_parents": False,
            "visit_id": ID.format(11),
        },
        journal.NewNoteSchema,
        renamed=(("/note_id", "id"),),
    ),
    "note.correct": Example(
        {"note_id": ID.format(14), "corrects": ID.format(13), "text": "Vekt 3840 g"},
        journal.CorrectionSchema,
        ("corrects",),
        (("/note_id", "id"),),
    ),
    "need.state": Example(
        {
            "need_id": ID.format(15),
            "stated_by": ID.format(1),
            "words": "Vi får ikke sove.",
            "wish": "Fire timer",
            "theme": "sovn",
            "visit_id": ID.format(11),
        },
        needs.NewNeedSchema,
        renamed=(("/need_id", "id"),),
    ),
    "need.review": Example(
        {
            "review_id": ID.format(16),
            "need_id": ID.format(15),
            "state": "being_met",
            "words": "Bedre.",
            "visit_id": ID.format(11),
        },
        needs.ReviewSchema,
        ("need_id",),
        (("/review_id", "id"),),
    ),
    "need.close": Example(
        {
            "review_id": ID.format(16),
            "need_id": ID.format(15),
            "closed_by": ID.format(1),
            "state": "met",
            "words": "Nå sover vi.",
            "visit_id": ID.format(11),
        },
        needs.ClosingSchema,
        ("need_id",),
        (("/review_id", "id"),),
    ),
    "review.decide": Example(
        {"review_id": ID.format(17), "choose": "dismiss", "reason": "Sett\nav begge."},
        DecisionSchema,
    ),
}
"""Every operation with all of its members."""

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    0,
    1,
    -1,
    1.0,
    7,
    601,
    2**53 - 1,
    "",
    " ",
    "x",
    "0980",
    "09800",
    "a\nb",
    "a\tb",
    "a\x07b",
    "\u202eb",
    "a\u200db",
    " \u00c5se ",
    "A\u030ase",
    "x" * 32,
    "x" * 33,
    "x" * 65,
    "x" * 301,
    "x" * 2_001,
    "x" * 20_001,
    "true",
    "done",
    "mor",
    "tapt",
    "fodt",
    "open",
    "met",
    "2026-02-30",
    "2026-2-3",
    "1899-12-31",
    "2200-01-01",
    "2026-03-02",
    "2026-05-17T09:00:00",
    "2026-05-17T25:00:00Z",
    "2026-05-17 09:00:00Z",
    "1900-01-01T00:00+14:00",
    "01970f3a5c0070008000000000000001",
    "01970F3A-5C00-7000-8000-00000000000F",
    "{01970f3a-5c00-7000-8000-000000000001}",
    [],
    {},
    [1],
    ["mor"] * 13,
    {"language": "urdu"},
    {"identity": ID.format(1)},
    [{}],
)


def variants(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The example with one member left out, added, or replaced by a hostile value, at any depth."""
    for path in _paths(told):
        for value in HOSTILE:
            yield _with(told, path, value)
        yield _without(told, path)
    for path in [(), *(path for path in _paths(told) if isinstance(_at(told, path), dict))]:
        yield _with(told, (*path, "unheard_of"), 1)
        yield _with(told, (*path, "a/b~c"), 1)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield (*path, key)
            yield from _paths(below, (*path, key))
    if isinstance(value, list):
        for number, below in enumerate(value):
            yield (*path, number)
            yield from _paths(below, (*path, number))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _with(told: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    made = deepcopy(told)
    _at(made, path[:-1])[path[-1]] = value
    return made


def _without(told: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    made = deepcopy(told)
    del _at(made, path[:-1])[path[-1]]
    return made
