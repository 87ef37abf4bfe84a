"""How a pregnancy ends: born, home, or lost; and the visits after a loss, which nobody counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from nyefamilier.demo.lives import AGREED_VISIT, Call, Ending, Made, workday
from nyefamilier.demo.people import child
from nyefamilier.demo.setting import Beat, Chapter, Setting, names_in
from nyefamilier.demo.visiting import visit_without_child
from nyefamilier.demo.words import say
from nyefamilier.door.mutations import Operation
from nyefamilier.families.intents import RecordBirth, RecordDeath, RecordHomecoming, RecordLoss
from nyefamilier.families.states import Outcome
from nyefamilier.journal.intents import WriteNote
from nyefamilier.kernel.clock import day_of

_AFTER_A_LOSS = (6, 30)
"""Days after which the nurse comes, when the parents want her to."""


def birth_beats(setting: Setting, chapter: Chapter) -> list[Beat]:
    """The birth, when it is told here, and the homecoming that was not known yet."""
    life = chapter.life
    beats: list[Beat] = []
    told = workday(life.born + timedelta(days=2))
    if chapter.is_born_before_known:
        told = life.identified
    else:
        beats.append((told, 3, partial(born, setting, chapter)))
    if life.homecoming > told:
        # Before the nurse agrees on her visit, which that day can be: its days follow it.
        beats.append((workday(life.homecoming), 4, partial(_home, chapter)))
    return beats


def loss_beats(chapter: Chapter) -> list[Beat]:
    """The pregnancy is lost, or the child is stillborn."""
    return [(chapter.life.ends, 6, partial(_lost, chapter))]


def bereaved_beats(setting: Setting, chapter: Chapter) -> list[Beat]:
    """A child dies, if that is the ending; and the nurse comes when the programme has ended."""
    life = chapter.life
    beats: list[Beat] = []
    if life.ending is Ending.CHILD_DIED:
        beats.append((workday(life.ends), 6, partial(_died, chapter)))
    for days in _AFTER_A_LOSS:
        call = Call(workday(life.ends + timedelta(days=days)), AGREED_VISIT, Made.COUNTED)
        beats.append((call.on, 9, partial(_sat_with, setting, chapter, call)))
    return beats


def born(setting: Setting, chapter: Chapter, at: datetime) -> list[Operation]:
    """The children are born."""
    life = chapter.life
    chapter.children = tuple(
        child(setting.id(at), life.born, setting.rng) for _ in range(life.children)
    )
    came_home = life.homecoming if life.homecoming <= day_of(at) else None
    return [RecordBirth(chapter.pregnancy, life.born, chapter.children, came_home)]


def _home(chapter: Chapter, _: datetime) -> list[Operation]:
    if not chapter.children:
        return []
    return [RecordHomecoming(chapter.pregnancy, chapter.life.homecoming)]


def _lost(chapter: Chapter, _: datetime) -> list[Operation]:
    lost = chapter.life.ending is Ending.LOST
    outcome = Outcome.LOST if lost else Outcome.STILLBORN
    return [RecordLoss(chapter.pregnancy, outcome, chapter.life.ends)]


def _died(chapter: Chapter, _: datetime) -> list[Operation]:
    return [RecordDeath(one.member_id, chapter.life.ends) for one in chapter.children]


def _sat_with(setting: Setting, chapter: Chapter, call: Call, at: datetime) -> list[Operation]:
    record = visit_without_child(setting, call, at)
    text = say("tap", setting.rng, names_in(setting, chapter))
    note = WriteNote(setting.id(at), setting.home.mother.id, text, visit_id=record.visit_id)
    return [record, note]
