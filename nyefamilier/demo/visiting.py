"""What a nurse writes after a visit: the visit, a note about one member, and where needs stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from nyefamilier.demo.lives import NEWBORN_VISIT, PREGNANCY_VISIT, Call, Made
from nyefamilier.demo.people import Household
from nyefamilier.demo.stories import story_id
from nyefamilier.demo.words import Names, need, note, say
from nyefamilier.door.mutations import Operation
from nyefamilier.families.states import MemberRole
from nyefamilier.journal.intents import WriteNote
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.states import NeedState
from nyefamilier.visits.intents import Interpreter, NextVisit, Outcome, RecordVisit
from nyefamilier.visits.states import InterpreterCategory, Place, Present, Theme

_LONG, _SHORT = (60, 60, 60, 65, 70, 70, 75, 80, 90), (30, 35, 40, 45, 50)
_CATEGORIES = (
    (InterpreterCategory.A, 0.12),
    (InterpreterCategory.B, 0.18),
    (InterpreterCategory.C, 0.12),
    (InterpreterCategory.D, 0.18),
    (InterpreterCategory.E, 0.14),
    (InterpreterCategory.UNQUALIFIED, 0.20),
    (InterpreterCategory.NEEDED_BUT_ABSENT, 0.06),
)
"""Invented. NOU 2014: 8 found seven of ten assignments unqualified; the law of 2022 forbids it."""
_WHY_NOT = "Ingen i kategori A til E var ledig på språket den dagen."
_THEMES = {
    "svangerskap": (Theme.SAFE_START, Theme.BIRTH_EXPERIENCE, Theme.FAMILY_NETWORK),
    "nyfodt": (Theme.FEEDING, Theme.SAFE_START, Theme.BIRTH_EXPERIENCE, Theme.HEALTH),
    "spedbarn": (Theme.SLEEP, Theme.INTERACTION, Theme.FEEDING, Theme.PARENTS_HEALTH),
    "smabarn": (Theme.COPING, Theme.SAFETY, Theme.WORK_EDUCATION, Theme.INTERACTION),
}


@dataclass(slots=True)
class Listening:
    """What parents have said so far: the need that is open, if there is one."""

    need_id: UUID | None = None
    looked_at: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit that took place."""

    id: UUID
    call: Call
    at: datetime
    home: Household
    child: tuple[UUID, str] | None
    protected: bool = False
    following: NextVisit | None = None


def occasion(call: Call, born: date | None) -> str:
    """What kind of sentences fit: before the birth, just after it, a baby, a toddler."""
    if born is None or call.on < born or call.kind == PREGNANCY_VISIT:
        return "svangerskap"
    if call.kind == NEWBORN_VISIT:
        return "nyfodt"
    return "spedbarn" if call.on < born + timedelta(days=365) else "smabarn"


def visit_told(visit: Visit, when: str, listening: Listening, rng: Random) -> list[Operation]:
    """The visit, its note, and perhaps a need that was stated, looked at or closed."""
    operations: list[Operation] = [_record(visit, when, rng)]
    about = visit.home.mother.id if visit.child is None else visit.child[0]
    partner = visit.home.partner
    names = Names(
        visit.home.mother.name.split()[0],
        None if partner is None else partner.name.split()[0],
        None if visit.child is None else visit.child[1].split()[-1],
    )
    told = note(when, names, rng)
    operations.append(WriteNote(story_id(visit.at, rng), about, told, visit_id=visit.id))
    operations += _needs(visit, when, listening, rng)
    return operations


def nobody_home(visit: Visit) -> RecordVisit:
    """The nurse came, and nobody was there."""
    return RecordVisit(visit.id, Outcome.NOT_HOME, visit.at, 0, kind=visit.call.kind)


def _record(visit: Visit, when: str, rng: Random) -> RecordVisit:
    interpreter = _interpreter(visit.home, rng)
    minutes = rng.choice(_LONG if visit.call.made is Made.COUNTED else _SHORT)
    if interpreter is not None and visit.call.made is Made.COUNTED:
        minutes = max(minutes, 90)
    return RecordVisit(
        visit.id,
        Outcome.DONE,
        visit.at,
        minutes,
        _place(visit, rng),
        visit.call.kind,
        _present(visit, interpreter, rng),
        tuple(sorted(rng.sample(_THEMES[when], rng.choice((1, 2, 2, 3))))),
        interpreter,
        next_visit=visit.following,
    )


def _interpreter(home: Household, rng: Random) -> Interpreter | None:
    wanted = home.interpreter
    if wanted is None:
        return None
    kinds, weights = zip(*_CATEGORIES, strict=True)
    category = rng.choices(kinds, weights)[0]
    return Interpreter(category, wanted.language, _WHY_NOT if category.needs_reason else None)


def _place(visit: Visit, rng: Random) -> Place:
    if visit.protected:
        return Place.CLINIC
    closed = date(2020, 3, 13) <= visit.call.on <= date(2021, 6, 30)
    if closed and visit.call.made is Made.SHORT:
        return Place.TELEPHONE
    return rng.choices((Place.HOME, Place.CLINIC, Place.OTHER), (0.92, 0.05, 0.03))[0]


def _present(visit: Visit, interpreter: Interpreter | None, rng: Random) -> tuple[Present, ...]:
    there = [Present.MOTHER]
    partner = visit.home.partner
    if partner is not None and rng.random() < (0.7 if visit.call.is_anchor else 0.45):
        is_father = partner.role is MemberRole.FATHER
        there.append(Present.FATHER if is_father else Present.CO_MOTHER)
    if visit.child is not None:
        there.append(Present.CHILD)
    if (
        interpreter is not None
        and interpreter.category is not InterpreterCategory.NEEDED_BUT_ABSENT
    ):
        there.append(Present.INTERPRETER)
    return tuple(there)


def _needs(visit: Visit, when: str, listening: Listening, rng: Random) -> list[Operation]:
    if listening.need_id is None:
        return _stated(visit, when, listening, rng) if rng.random() < 0.4 else []
    if rng.random() < 0.45:
        return _closed(visit, listening, rng)
    listening.looked_at += 1
    said = say("gjennomgang", rng) if rng.random() < 0.8 else None
    review = story_id(visit.at, rng)
    return [ReviewNeed(review, listening.need_id, NeedState.BEING_MET, said, visit.id)]


def _stated(visit: Visit, when: str, listening: Listening, rng: Random) -> list[Operation]:
    listening.need_id, listening.looked_at = story_id(visit.at, rng), 0
    wish = need(when, rng)
    adults = visit.home.adults
    stated_by = rng.choice(adults).id if len(adults) > 1 else adults[0].id
    return [StateNeed(listening.need_id, stated_by, wish.words, wish.wish, wish.theme, visit.id)]


def _closed(visit: Visit, listening: Listening, rng: Random) -> list[Operation]:
    need_id, listening.need_id = listening.need_id, None
    if need_id is None:
        return []
    state = NeedState.MET if rng.random() < 0.85 else NeedState.NO_LONGER_WISHED
    closed_by = rng.choice(visit.home.adults).id
    said = say("lukket", rng) if state is NeedState.MET else None
    return [CloseNeed(story_id(visit.at, rng), need_id, closed_by, state, said, visit.id)]
