"""What changes around a family: its address, its nurse, its wish for visits; and how it leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from nyefamilier.demo.lives import Ending, Removal, workday
from nyefamilier.demo.people import address
from nyefamilier.demo.setting import Act, Beat, Chapter, Setting
from nyefamilier.demo.stories import OPEN_ENROLMENT
from nyefamilier.demo.words import say
from nyefamilier.door.mutations import Operation
from nyefamilier.families.intents import AssignNurse, CoverNurse, MoveFamily, SetAddress
from nyefamilier.families.states import Protection
from nyefamilier.kernel.clock import day_of
from nyefamilier.offers.intents import ChangeEnrolment
from nyefamilier.offers.states import EnrolmentState

LEAVES = {
    Ending.COMPLETED: EnrolmentState.COMPLETED,
    Ending.WITHDRAWN: EnrolmentState.WITHDRAWN,
    Ending.LEFT_OSLO: EnrolmentState.MOVED_OUT,
}
"""The endings that somebody records; a loss closes what is open by itself."""
_ANOTHER_NURSE, _COVERED, _PAUSED, _PROTECTED = 0.04, 0.07, 0.10, 0.104
_COVER_DAYS, _PAUSE_DAYS = 28, 60


def removal_beats(setting: Setting, chapter: Chapter) -> list[Beat]:
    """The family's moves inside the city. Of one without an address nobody knows that it moves."""
    if chapter.life.unregistered:
        return []
    return [(one.on, 7, partial(_moved, setting, one)) for one in chapter.life.removals]


def team_beats(setting: Setting, chapter: Chapter) -> list[Beat]:
    """For some families: another nurse, a cover, a pause, a protected address."""
    life, dice = chapter.life, setting.rng.random()
    span = (life.ends - life.enrolled).days
    day = workday(life.enrolled + timedelta(days=setting.rng.randint(3, max(4, span - 8))))
    # No lead answers for a family whose address names no bydel.
    if setting.protected or life.unregistered or day >= life.ends:
        return []
    if dice < _ANOTHER_NURSE:
        return [(day, 8, partial(_another_nurse, setting))]
    if dice < _COVERED:
        return [(day, 8, partial(_covered, setting))]
    if dice < _PAUSED:
        back = workday(min(day + timedelta(days=_PAUSE_DAYS), life.ends - timedelta(days=4)))
        pause = _enrolment_becomes(EnrolmentState.PAUSED)
        resume = _enrolment_becomes(EnrolmentState.ACTIVE)
        return [(day, 8, pause), (back, 8, resume)] if back > day else []
    if dice < _PROTECTED:
        return [(day, 8, partial(_becomes_protected, setting))]
    return []


def leaving_beats(chapter: Chapter) -> list[Beat]:
    """The family completes the programme, wants no more visits, or leaves Oslo."""
    life = chapter.life
    return [(workday(life.ends), 9, _enrolment_becomes(LEAVES[life.ending]))]


def _moved(setting: Setting, removal: Removal, at: datetime) -> list[Operation]:
    if removal.to is None or setting.protected:
        return []  # out of Oslo ends the programme, which says so; a secret address stays one
    place = address(removal.to, removal.on, setting.rng, setting.id(at))
    if removal.to == setting.bydel:
        return [MoveFamily(setting.id(at), place)]
    setting.actor, setting.bydel = setting.nurse, removal.to
    setting.nurse = setting.crew.nurse(removal.to, setting.rng.randint(1, 9))
    summary = say("overlevering", setting.rng)
    return [MoveFamily(setting.id(at), place, setting.nurse.id, setting.id(at), summary)]


def _another_nurse(setting: Setting, at: datetime) -> list[Operation]:
    setting.actor = setting.crew.lead(setting.bydel)
    setting.nurse = setting.colleague()
    return [AssignNurse(setting.id(at), setting.nurse.id)]


def _covered(setting: Setting, at: datetime) -> list[Operation]:
    setting.actor = setting.crew.lead(setting.bydel)
    until = day_of(at) + timedelta(days=_COVER_DAYS)
    return [CoverNurse(setting.id(at), setting.colleague().id, until)]


def _becomes_protected(setting: Setting, at: datetime) -> list[Operation]:
    setting.protected = True
    secret = Protection.STRICTLY_CONFIDENTIAL
    return [SetAddress(address(setting.bydel, day_of(at), setting.rng, setting.id(at), secret))]


def _enrolment_becomes(state: EnrolmentState) -> Act:
    return lambda at: [ChangeEnrolment(OPEN_ENROLMENT, state, day_of(at))]
