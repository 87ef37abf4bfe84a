"""Tells a life as a story: each thing that happened, on its day, by the nurse who did it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from random import Random

from nyefamilier.demo.birth import bereaved_beats, birth_beats, loss_beats
from nyefamilier.demo.calling import booked_beats, call_beats, visited
from nyefamilier.demo.crew import Crew
from nyefamilier.demo.lives import AGREED_VISIT, Call, Life, Made, workday
from nyefamilier.demo.meeting import meeting_beats
from nyefamilier.demo.moving import LEAVES, leaving_beats, removal_beats, team_beats
from nyefamilier.demo.people import household
from nyefamilier.demo.setting import Beat, Chapter, Setting
from nyefamilier.demo.stories import Scene, Story, instant, story_id
from nyefamilier.kernel.ids import FamilyId, MutationId

_VISITED_ANYWAY = 0.6
"""How often the newborn visit of a family that did not say yes is written down here."""
_WRITTEN_AFTER = timedelta(hours=2)
"""A visit is written down when it is over."""
_BETWEEN = timedelta(minutes=25)


def tell(life: Life, crew: Crew, seed: int, now: datetime) -> Story:
    """The story of a life until *now*; what has not happened yet is not told."""
    rng = _randomness(life, seed)
    setting, chapter = _beginning(life, crew, rng)
    beats = _beats(setting, chapter, is_new=True)
    if life.again is not None:
        known = instant(life.again.identified, 9)
        beats += _beats(setting, _chapter(life.again, known, rng), is_new=False)
    return Story(setting.family_id, tuple(_scenes(setting, beats, now)))


def _randomness(life: Life, seed: int) -> Random:
    return Random(f"{seed}/story/{life.key}")


def _beginning(life: Life, crew: Crew, rng: Random) -> tuple[Setting, Chapter]:
    known = instant(life.identified, 9)
    family_id = FamilyId(story_id(known, rng))
    home = household(life, rng, (story_id(known, rng), story_id(known, rng)))
    nurse = crew.nurse(life.bydel, life.seat)
    setting = Setting(crew, rng, family_id, home, life.bydel, nurse, life.protected)
    return setting, _chapter(life, known, rng)


def _chapter(life: Life, known: datetime, rng: Random) -> Chapter:
    return Chapter(life, story_id(known, rng), story_id(known, rng))


def _beats(setting: Setting, chapter: Chapter, *, is_new: bool) -> list[Beat]:
    """Everything that happens in one pregnancy and the two years after it."""
    life = chapter.life
    beats = meeting_beats(setting, chapter, is_new=is_new) + booked_beats(setting, chapter)
    if not life.accepts:
        return beats + _without_programme(setting, chapter)
    beats += birth_beats(setting, chapter) if life.is_born else loss_beats(chapter)
    beats += call_beats(setting, chapter)
    if is_new:
        beats += removal_beats(setting, chapter) + team_beats(setting, chapter)
    if life.ending in LEAVES:
        return beats + leaving_beats(chapter)
    return beats + bereaved_beats(setting, chapter)


def _without_programme(setting: Setting, chapter: Chapter) -> list[Beat]:
    """A family outside the programme has its newborn visit all the same: every child has."""
    life = chapter.life
    if not life.is_born:
        return loss_beats(chapter)
    beats = birth_beats(setting, chapter)
    if setting.rng.random() > _VISITED_ANYWAY:
        return beats
    soon = max(life.born + timedelta(days=8), life.homecoming + timedelta(days=2))
    if soon > life.identified:
        call = Call(workday(soon), AGREED_VISIT, Made.SHORT)
        beats.append((call.on, 5, partial(visited, setting, chapter, call, None)))
    return beats


def _scenes(setting: Setting, beats: list[Beat], now: datetime) -> list[Scene]:
    scenes: list[Scene] = []
    for day, _, act in sorted(beats, key=lambda beat: beat[:2]):
        at = instant(day, setting.rng.randint(8, 13), setting.rng.randrange(0, 60, 5))
        if scenes and at <= scenes[-1].at:
            at = scenes[-1].at + _BETWEEN
        if at + _WRITTEN_AFTER > now:
            break
        setting.actor = None
        operations = act(at)
        if operations:
            written = at + _WRITTEN_AFTER
            scene_id = MutationId(setting.id(written))
            scenes.append(Scene(scene_id, written, setting.acting(), tuple(operations)))
    return scenes
