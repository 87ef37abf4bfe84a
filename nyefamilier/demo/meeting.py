"""How the programme and the family meet: known, offered, answered."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from nyefamilier.bydeler.rules import NO_REGISTERED_ADDRESS
from nyefamilier.demo.birth import born
from nyefamilier.demo.lives import Life, Reply
from nyefamilier.demo.people import address
from nyefamilier.demo.setting import Beat, Chapter, Setting
from nyefamilier.demo.words import say
from nyefamilier.door.mutations import Operation
from nyefamilier.families.intents import RegisterFamily, RegisterPregnancy
from nyefamilier.families.states import Protection
from nyefamilier.offers.intents import AnswerOffer, MakeOffer
from nyefamilier.offers.states import Answer, Basis, Channel

_SAID = {
    Reply.YES: Answer.YES,
    Reply.LATER_THEN_YES: Answer.LATER,
    Reply.NO: Answer.NO,
    Reply.LATER: Answer.LATER,
}
_SECRET = (Protection.CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL)
_CHANNELS = (
    Channel.MIDWIFE,
    Channel.TELEPHONE,
    Channel.LETTER,
    Channel.DIGITAL,
    Channel.CLINIC,
)
_DIGITAL_FROM = 2018
"""DigiHelsestasjon came; before it nobody was offered anything there. The year is a guess."""


def meeting_beats(setting: Setting, chapter: Chapter, *, is_new: bool) -> list[Beat]:
    """The family, or its next pregnancy, becomes known and is offered the programme."""
    life = chapter.life
    first = partial(_registered if is_new else _expects_again, setting, chapter)
    beats: list[Beat] = [(life.identified, 0, first)]
    if life.answered > life.identified and life.reply is not Reply.NONE:
        beats.append((life.answered, 1, partial(_answered, setting, chapter)))
    if life.reply is Reply.LATER_THEN_YES:
        beats.append((life.enrolled, 2, partial(_yes_after_all, setting, chapter)))
    return beats


def _registered(setting: Setting, chapter: Chapter, at: datetime) -> list[Operation]:
    life = chapter.life
    protection = setting.rng.choice(_SECRET) if life.protected else Protection.NONE
    area = NO_REGISTERED_ADDRESS if life.unregistered else life.bydel
    place = address(area, life.identified, setting.rng, setting.id(at), protection)
    registered = RegisterFamily(setting.home.adults, place)
    return [registered, *_expects_again(setting, chapter, at)]


def _expects_again(setting: Setting, chapter: Chapter, at: datetime) -> list[Operation]:
    life = chapter.life
    operations: list[Operation] = [
        RegisterPregnancy(chapter.pregnancy, life.term, life.children, life.basis)
    ]
    if chapter.is_born_before_known:
        operations += born(setting, chapter, at)
    if life.basis is not None:
        operations.append(_offered(setting, chapter, life, life.basis))
        if life.answered == life.identified and life.reply is not Reply.NONE:
            operations += _answered(setting, chapter, at)
    return operations


def _offered(setting: Setting, chapter: Chapter, life: Life, basis: Basis) -> MakeOffer:
    rng = setting.rng
    reason = say("utvidet_behov", rng) if basis is Basis.EXTENDED_NEED else None
    digital = 0.10 if life.identified.year > _DIGITAL_FROM else 0.0
    channel = rng.choices(_CHANNELS, (0.55, 0.18, 0.07, digital, 0.10))[0]
    on, programme = life.identified, life.programme
    return MakeOffer(chapter.offer, chapter.pregnancy, programme, basis, channel, on, reason)


def _answered(setting: Setting, chapter: Chapter, at: datetime) -> list[Operation]:
    life = chapter.life
    return [AnswerOffer(setting.id(at), chapter.offer, _SAID[life.reply], life.answered)]


def _yes_after_all(setting: Setting, chapter: Chapter, at: datetime) -> list[Operation]:
    return [AnswerOffer(setting.id(at), chapter.offer, Answer.YES, chapter.life.enrolled)]
