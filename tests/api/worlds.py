"""A family with a record of every kind, and how a request is made to be about it.

The family can be written to in every way: it has a child that is born and one that is expected, an
enrolment that is open, visits, a note and a need. Two writes need another family.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from nyefamilier.bootstrap import Programme
from nyefamilier.calendars.rules import Absence, AbsenceKind
from nyefamilier.calendars.service import cancel_absence, record_absence
from nyefamilier.calendars.views import calendar_of
from nyefamilier.families.intents import RegisterPregnancy
from nyefamilier.journal.intents import WriteNote
from nyefamilier.kernel.actors import Actor
from nyefamilier.kernel.clock import day_of
from nyefamilier.needs.intents import StateNeed
from nyefamilier.offers.views import enrolments
from nyefamilier.rollout.service import create_plan, decide
from nyefamilier.safety.rules import Told
from nyefamilier.safety.service import tell
from nyefamilier.vault.signing import new_signing_key, public_key_of
from nyefamilier.visits.intents import BookVisit
from nyefamilier.wire.messages import SCHEMA
from nyefamilier.wire.texts import as_text
from tests.builders import DAY, NOON, VESTLI, Household, send
from tests.emergencies import let_in
from tests.rollouts import document, planner

BORN = DAY - timedelta(days=20)
_OF_DECIDED = ("/follow-up", "/versions/{version_number}/replan")
"""Addresses about a plan that was decided."""
ELSEWHERE = {
    "number": "11", "programme": "nye_familier", "version": "2016", "indicator": "uptake",
    "bydel": "11", "year": "2025", "part": "t1",
    "tabulation": "uptake", "version_number": "1",
}  # fmt: skip
"""What paths name that is no family's."""

_APART = timedelta(hours=10)
"""Between the visits of two families, who have one nurse: longer than any two of them last."""
_WHENEVER = {"outside_hours": "Familien ønsket det."}
"""Many of those visits are in the evening or at the weekend."""
_WORLDS = count()
_YEAR = str(DAY.year)
_ADDRESS = {"delbydel": VESTLI, "protection": "ugradert", "postal_code": "0980"}
_PLAUSIBLE = {
    "at": (NOON - timedelta(hours=3)).isoformat(),
    "on": str(DAY),
    "born_on": str(DAY),
    "homecoming_on": str(DAY),
    "offered_on": str(DAY),
    "answered_on": str(DAY),
    "valid_from": str(DAY),
    "until": str(DAY + timedelta(days=7)),
    "first_day": str(DAY),
    "last_day": str(DAY + timedelta(days=7)),
    "term": str(DAY + timedelta(days=90)),
    "national_id": "17859058213",
    "national_id_type": "synthetic_80",
    "state": "being_met",
    "remark": "Avtalt på telefon samme kveld.",
    "who": "tolk",
    "not_alone": False,
    "schema": SCHEMA,
    "document": document(),
}
"""Values that fit this family and its day, where almost no value would."""

_NEW = {
    "id": lambda: str(uuid4()),
    "public_key": lambda: as_text(public_key_of(new_signing_key())),
}
"""Values that nothing may have had before."""

_UNFIT = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@dataclass(frozen=True)
class World:
    """The ids of the family's records, by the names that paths and bodies have for them."""

    template: str
    path_ids: dict[str, UUID]
    body_ids: dict[str, UUID]
    free: datetime = NOON
    """When the nurse has no appointment yet."""

    @property
    def parameters(self) -> dict[str, str]:
        """What the path names, about this family."""
        return ELSEWHERE | {name: str(one) for name, one in self.path_ids.items()}

    @property
    def path(self) -> str:
        """The address, about this family."""
        return self.template.format_map(self.parameters)

    @property
    def revision(self) -> int:
        """What its address is about is in this revision: a plan that was decided in its second."""
        return 2 if self.template.endswith(_OF_DECIDED) else 1

    def asking(self, query: dict[str, Any]) -> dict[str, Any]:
        """The query with one way of naming the years, where there are two, and no revision.

        Of figures that nobody is counted in there are no revisions to ask for.
        """
        if "/statistics/" not in self.template:
            return query
        asked = {name: value for name, value in query.items() if name != "revision"}
        if {"from", "to"} <= set(asked) and "year" not in asked:
            return asked
        return {n: v for n, v in asked.items() if n not in {"from", "to"}} | {"year": _YEAR}

    def about(self, body: Any) -> Any:
        """The body with this family's ids and days in it, however deep they stand."""
        fitting = _PLAUSIBLE | {name: str(one) for name, one in self.body_ids.items()}
        soon = {"at": self.free.isoformat(), "on": str(day_of(self.free))} | _WHENEVER
        if "/visits" in self.template:
            fitting |= {"kind": "avtalt", "next_visit": soon}
        if self.template.endswith(("/visits", "/book")):
            fitting |= soon
            body = body | _WHENEVER if isinstance(body, dict) else body
        if "{family_id}/replan" in self.template and isinstance(body, dict):
            body = body | {"moves": _one_move(body.get("moves")), "cancellations": []}
            fitting |= soon
        if self.template.endswith("/close"):
            fitting["state"] = "met"
        if self.template.endswith("/state"):
            fitting["to"] = "paused"
        if self.template.endswith("/devices"):
            fitting["device_id"] = str(uuid4())  # with the key of another it is refused
        if self.template.endswith("/arsverk") and isinstance(body, dict):
            body = body | {"bydel": "11", "year": DAY.year}
        if self.template.endswith("/hours") and isinstance(body, dict):
            body = body | {"covers": ["12"], "week": _half_day(body.get("week"))}
            fitting |= {"begins": "08:00", "ends": "15:30"}
        return _fitted(body, fitting)


def _one_move(moves: Any) -> Any:
    """One of the moves told: the family has one visit that can be moved. One, if none is told."""
    if moves is None or moves == []:
        return [{"visit_id": "", "at": ""} | _WHENEVER]
    return [one | _WHENEVER for one in moves[:1]] if isinstance(moves, list) else moves


def _half_day(week: Any) -> Any:
    """One half-day of those told: two of one weekday seldom go together."""
    return week[:1] if isinstance(week, list) else week


def build_world(programme: Programme, nurse: Actor, colleague: UUID, template: str) -> World:
    """A family of *nurse*'s to which the operation can be done.

    Args:
        programme: Where it comes to live.
        nurse: Its primary nurse.
        colleague: A nurse to whom it may be given.
        template: The path of the operation, as the document has it.
    """
    home, ids = Household(), dict[str, UUID]()
    at = NOON + timedelta(days=2) + next(_WORLDS) % 500 * _APART
    if "{nurse_id}" in template:
        ids = _away(programme, nurse)
    elif "{plan_id}" in template:
        ids = _planned(
            programme,
            decided=template.endswith(_OF_DECIDED),
        )
    elif "{outing_id}" in template:
        ids = _late(programme, nurse, home)
    elif "{grant_id}" in template:
        send(programme, nurse, home.id, home.registration())
        # It is over, or nobody could say what she found.
        ids = {"grant_id": let_in(programme, nurse, home.id, ago=timedelta(hours=3))}
    elif "{family_id}" not in template:
        pass  # nothing is asked about a family
    elif template.endswith("/pregnancies"):
        send(programme, nurse, home.id, home.registration())
    elif template.endswith("/answers"):
        expected = home.expects(DAY + timedelta(days=60))
        send(programme, nurse, home.id, home.registration(), expected, home.is_offered())
    else:
        ids = _fill(programme, nurse, home, at)
    path_ids = {
        "family_id": home.id,
        "member_id": home.mother,
        "pregnancy_id": home.pregnancy,
        "offer_id": home.offer,
    }
    body_ids = {
        "pregnancy_id": home.pregnancy,
        "member_id": home.child,
        "stated_by": home.mother,
        "closed_by": home.father,
        "nurse_id": colleague,
        "second_nurse_id": nurse.id,
        "to_nurse": colleague,
        "primary_nurse": nurse.id,
        "visit_id": ids.get("visit_id", home.id),
        "enrolment_id": ids.get("enrolment_id", home.id),
    }
    if template.endswith(("/birth", "/loss")):
        path_ids["pregnancy_id"] = ids.pop("expected")
    return World(template, path_ids | ids, body_ids, at + _APART / 2)


def _fill(programme: Programme, nurse: Actor, home: Household, at: datetime) -> dict[str, UUID]:
    ids = {name: uuid4() for name in ("expected", "visit_id", "note_id", "need_id")}
    send(
        programme,
        nurse,
        home.id,
        home.registration(),
        home.expects(BORN),
        home.gives_birth(BORN),
        home.is_offered(BORN),
        home.says(on=BORN),
        RegisterPregnancy(ids["expected"], DAY + timedelta(days=60)),
        BookVisit(ids["visit_id"], at, **_WHENEVER),
        WriteNote(ids["note_id"], home.child, "Vekt 3480 g."),
        StateNeed(ids["need_id"], home.mother, "Ro"),
    )
    with programme.work(nurse, "test") as work:
        (enrolment,) = enrolments(work, home.id)
    return ids | {"enrolment_id": enrolment.id}


def _away(programme: Programme, nurse: Actor) -> dict[str, UUID]:
    """An absence of the nurse's in a month's time, and no other."""
    begins = NOON + timedelta(days=30)
    absence = Absence(uuid4(), nurse.id, AbsenceKind.COURSE, begins, begins + timedelta(hours=3))
    with programme.work(nurse, "test") as work:
        for known in calendar_of(work, nurse.id).absences:
            cancel_absence(work, nurse.id, known.id)
        record_absence(work, absence)
    return {"nurse_id": nurse.id, "absence_id": absence.id}


def _late(programme: Programme, nurse: Actor, home: Household) -> dict[str, UUID]:
    """An outing of the nurse's to the family, from which she should have been back."""
    send(programme, nurse, home.id, home.registration())
    outing_id, told = uuid4(), Told(1, timedelta(hours=2), timedelta(hours=1), None, home.id)
    with programme.work(nurse, "test") as work:
        tell(work, outing_id, told)
    return {"outing_id": outing_id}


def _planned(programme: Programme, *, decided: bool) -> dict[str, UUID]:
    """A plan of one version, a draft or *decided*."""
    plan_id = uuid4()
    with programme.work(planner(), "test") as work:
        create_plan(work, plan_id, document())
        if decided:
            decide(work, plan_id, 1)
    return {"plan_id": plan_id}


def _fitted(value: Any, fitting: dict[str, Any]) -> Any:
    match value:
        case dict():
            return {name: _member(name, one, fitting) for name, one in _whole(value).items()}
        case list():
            return [_fitted(item, fitting) for item in value]
        case str():
            return _readable(value)
        case _:
            return value


def _whole(value: dict[str, Any]) -> dict[str, Any]:
    """The object, with what one of its members calls for."""
    if "valid_from" in value:
        return value | _ADDRESS
    if value.get("role", "barn") != "barn":
        return {name: one for name, one in value.items() if name != "born_on"}
    return value


def _member(name: str, value: Any, fitting: dict[str, Any]) -> Any:
    fits = _NEW[name]() if name in _NEW else fitting.get(name)
    if isinstance(value, str) and isinstance(fits, str):
        return fits
    return _fitted(value, fitting | fits if isinstance(fits, dict) else fitting)


def _readable(text: str) -> str:
    """The text without what no text may hold, which a schema has no words for."""
    kept = "".join(one for one in text if unicodedata.category(one) not in _UNFIT).strip()
    return kept or "x"
