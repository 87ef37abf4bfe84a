"""What a nurse writes after a visit: the visit, a note about one member, and where needs stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from nyefamilier.demo.lives import NEWBORN_VISIT, PREGNANCY_VISIT, Call, Made
from nyefamilier.demo.setting import Chapter, Setting, names_in
from nyefamilier.demo.words import need, note, say
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
_STATED, _CLOSED = 0.4, 0.45
"""How often parents state a need at a visit when none is open, and close the one that is."""
_CLOSED_FROM, _CLOSED_TO = date(2020, 3, 13), date(2021, 6, 30)
"""The pandemic: short visits became calls. The last day is a guess."""
_WHY_NOT = "Ingen i kategori A til E var ledig på språket den dagen."
_THEMES = {
    "svangerskap": (Theme.SAFE_START, Theme.BIRTH_EXPERIENCE, Theme.FAMILY_NETWORK),
    "nyfodt": (Theme.FEEDING, Theme.SAFE_START, Theme.BIRTH_EXPERIENCE, Theme.HEALTH),
    "spedbarn": (Theme.SLEEP, Theme.INTERACTION, Theme.FEEDING, Theme.PARENTS_HEALTH),
    "sorg": (Theme.PARENTS_OWN, Theme.PARENTS_HEALTH),
    "smabarn": (Theme.COPING, Theme.SAFETY, Theme.WORK_EDUCATION, Theme.INTERACTION),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit that took place."""

    id: UUID
    call: Call
    at: datetime
    following: NextVisit | None = None


def occasion(call: Call, born: date | None) -> str:
    """What kind of sentences fit: before the birth, just after it, a baby, a toddler."""
    if born is None or call.on < born or call.kind == PREGNANCY_VISIT:
        return "svangerskap"
    if call.kind == NEWBORN_VISIT:
        return "nyfodt"
    return "spedbarn" if call.on < born + timedelta(days=365) else "smabarn"


def visit_told(setting: Setting, chapter: Chapter, visit: Visit, when: str) -> list[Operation]:
    """The visit, its note, and perhaps a need that was stated, looked at or closed."""
    record = _record(setting, visit, when, with_child=bool(chapter.children))
    about = chapter.children[0].member_id if chapter.children else setting.home.mother.id
    told = note(when, names_in(setting, chapter), setting.rng)
    written = WriteNote(setting.id(visit.at), about, told, visit_id=visit.id)
    return [record, written, *_needs(setting, chapter, visit, when)]


def visit_without_child(setting: Setting, call: Call, at: datetime) -> RecordVisit:
    """A visit to parents who have lost their child."""
    visit = Visit(setting.id(at), call, at)
    return _record(setting, visit, "sorg", with_child=False)


def nobody_home(visit: Visit) -> RecordVisit:
    """The nurse came, and nobody was there."""
    return RecordVisit(visit.id, Outcome.NOT_HOME, visit.at, 0, kind=visit.call.kind)


def _record(setting: Setting, visit: Visit, when: str, *, with_child: bool) -> RecordVisit:
    rng = setting.rng
    interpreter = _interpreter(setting)
    is_long = visit.call.made is Made.COUNTED
    minutes = rng.choice(_LONG if is_long else _SHORT)
    if interpreter is not None and is_long:
        minutes = max(minutes, 90)
    themes = _THEMES[when]
    return RecordVisit(
        visit.id,
        Outcome.DONE,
        visit.at,
        minutes,
        _place(setting, visit),
        visit.call.kind,
        _present(setting, visit, interpreter, with_child=with_child),
        tuple(sorted(rng.sample(themes, min(len(themes), rng.choice((1, 2, 2, 3)))))),
        interpreter,
        next_visit=visit.following,
    )


def _interpreter(setting: Setting) -> Interpreter | None:
    wanted = setting.home.interpreter
    if wanted is None:
        return None
    kinds, weights = zip(*_CATEGORIES, strict=True)
    category = setting.rng.choices(kinds, weights)[0]
    return Interpreter(category, wanted.language, _WHY_NOT if category.needs_reason else None)


def _place(setting: Setting, visit: Visit) -> Place:
    if setting.protected:
        return Place.CLINIC
    is_closed = _CLOSED_FROM <= visit.call.on <= _CLOSED_TO
    if is_closed and visit.call.made is Made.SHORT:
        return Place.TELEPHONE
    return setting.rng.choices((Place.HOME, Place.CLINIC, Place.OTHER), (0.92, 0.05, 0.03))[0]


def _present(
    setting: Setting, visit: Visit, interpreter: Interpreter | None, *, with_child: bool
) -> tuple[Present, ...]:
    there, partner = [Present.MOTHER], setting.home.partner
    likely = 0.7 if visit.call.is_anchor else 0.45
    if partner is not None and setting.rng.random() < likely:
        is_father = partner.role is MemberRole.FATHER
        there.append(Present.FATHER if is_father else Present.CO_MOTHER)
    if with_child:
        there.append(Present.CHILD)
    absent = InterpreterCategory.NEEDED_BUT_ABSENT
    if interpreter is not None and interpreter.category is not absent:
        there.append(Present.INTERPRETER)
    return tuple(there)


def _needs(setting: Setting, chapter: Chapter, visit: Visit, when: str) -> list[Operation]:
    rng = setting.rng
    if chapter.need is None:
        return _stated(setting, chapter, visit, when) if rng.random() < _STATED else []
    if rng.random() < _CLOSED:
        return _closed(setting, chapter, visit, chapter.need)
    said = say("gjennomgang", rng) if rng.random() < 0.8 else None
    review = setting.id(visit.at)
    return [ReviewNeed(review, chapter.need, NeedState.BEING_MET, said, visit.id)]


def _stated(setting: Setting, chapter: Chapter, visit: Visit, when: str) -> list[Operation]:
    wish = need(when, setting.rng)
    chapter.need = setting.id(visit.at)
    stated_by = setting.rng.choice(setting.home.adults).id
    return [StateNeed(chapter.need, stated_by, wish.words, wish.wish, wish.theme, visit.id)]


def _closed(setting: Setting, chapter: Chapter, visit: Visit, need_id: UUID) -> list[Operation]:
    chapter.need = None
    rng = setting.rng
    state = NeedState.MET if rng.random() < 0.85 else NeedState.NO_LONGER_WISHED
    said = say("lukket", rng) if state is NeedState.MET else None
    closed_by = rng.choice(setting.home.adults).id
    return [CloseNeed(setting.id(visit.at), need_id, closed_by, state, said, visit.id)]
