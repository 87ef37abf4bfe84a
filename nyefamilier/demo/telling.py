"""Tells a life as a story: each thing that happened, on its day, by the nurse who did it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeAlias
from uuid import UUID

from nyefamilier.demo.crew import Crew
from nyefamilier.demo.lives import Call, Ending, Life, Made, Removal, Reply, workday
from nyefamilier.demo.people import Household, address, child, household
from nyefamilier.demo.stories import OPEN_ENROLMENT, Scene, Story, instant, planned, story_id
from nyefamilier.demo.visiting import Listening, Visit, nobody_home, occasion, visit_told
from nyefamilier.demo.words import Names, say
from nyefamilier.door.mutations import Operation
from nyefamilier.families.intents import (
    AssignNurse,
    CoverNurse,
    MoveFamily,
    NewChild,
    RecordBirth,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
    RegisterFamily,
    RegisterPregnancy,
    SetAddress,
)
from nyefamilier.families.states import Outcome, Protection
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.kernel.actors import Actor
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.ids import BydelNumber, FamilyId, MutationId
from nyefamilier.offers.intents import AnswerOffer, ChangeEnrolment, MakeOffer
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState
from nyefamilier.visits.intents import BookVisit, CancelledBy, CancelVisit, NextVisit

Act: TypeAlias = Callable[[datetime], "list[Operation]"]
Beat: TypeAlias = "tuple[date, int, Act]"

_SAID = {
    Reply.YES: Answer.YES,
    Reply.LATER_THEN_YES: Answer.LATER,
    Reply.NO: Answer.NO,
    Reply.LATER: Answer.LATER,
}
_LEFT = {
    Ending.COMPLETED: EnrolmentState.COMPLETED,
    Ending.WITHDRAWN: EnrolmentState.WITHDRAWN,
    Ending.LEFT_OSLO: EnrolmentState.MOVED_OUT,
}
_BIRTH_TOLD_ANYWAY = 0.6
"""How often the birth of a family that did not say yes is told here, and its newborn visit made."""
_NEXT_AGREED = 0.7
_AGREED_WITHIN = timedelta(days=120)


def tell(life: Life, crew: Crew, seed: int, now: datetime) -> Story:
    """The story of a life until *now*; what has not happened yet is not told."""
    return _Tale(life, crew, Random(f"{seed}/story/{life.key}"), now).story()


@dataclass(slots=True)
class _Tale:
    life: Life
    crew: Crew
    rng: Random
    now: datetime
    family_id: FamilyId = field(init=False)
    home: Household = field(init=False)
    bydel: BydelNumber = field(init=False)
    nurse: Actor = field(init=False)
    pregnancy: UUID = field(init=False)
    offer: UUID = field(init=False)
    children: tuple[NewChild, ...] = ()
    listening: Listening = field(default_factory=Listening)
    agreed: dict[int, UUID] = field(default_factory=dict)
    note_of: UUID | None = None
    scenes: list[Scene] = field(default_factory=list)
    actor: Actor | None = None
    protected: bool = field(init=False)

    def __post_init__(self) -> None:
        life, known = self.life, instant(self.life.identified, 9)
        self.protected = life.protected
        self.bydel, self.nurse = life.bydel, self.crew.nurse(life.bydel, life.seat)
        self.family_id = FamilyId(self._id(known))
        ids = (self._id(known), self._id(known))
        self.home = household(life, self.rng, ids)
        self.pregnancy, self.offer = self._id(known), self._id(known)

    def story(self) -> Story:
        """The scenes until now, in order."""
        last = None
        for day, _, act in sorted(self._beats(), key=lambda beat: beat[:2]):
            at = instant(day, self.rng.randint(8, 13), self.rng.randrange(0, 60, 5))
            if last is not None and at <= last:
                at = last + timedelta(minutes=25)
            # A visit is written down after it, so its scene is played two hours later.
            if at + timedelta(hours=2) > self.now:
                break
            self.actor = None
            operations = act(at)
            if operations:
                last = at + timedelta(hours=2)
                self._scene(last, operations)
        return Story(self.family_id, tuple(self.scenes))

    def _scene(self, at: datetime, operations: list[Operation]) -> None:
        actor = self.actor or self.nurse
        self.scenes.append(Scene(MutationId(self._id(at)), at, actor, tuple(operations)))

    def _id(self, at: datetime) -> UUID:
        return story_id(at, self.rng)

    # What happens, and when

    def _beats(self) -> list[Beat]:
        life = self.life
        beats: list[Beat] = [(life.identified, 0, self._registered)]
        if life.answered > life.identified and life.reply is not Reply.NONE:
            beats.append((life.answered, 1, self._answered))
        if life.reply is Reply.LATER_THEN_YES:
            beats.append((life.enrolled, 2, self._yes_after_all))
        beats += self._birth_beats()
        if life.accepts:
            beats += self._programme_beats()
        if life.booked is not None:
            beats.append((life.booked[0], 8, self._booked))
        return beats

    def _birth_beats(self) -> list[Beat]:
        life = self.life
        if not life.is_born:
            order = Outcome.LOST if life.ending is Ending.LOST else Outcome.STILLBORN
            return [(life.ends, 6, lambda _: [RecordLoss(self.pregnancy, order, life.ends)])]
        if not life.accepts and self.rng.random() > _BIRTH_TOLD_ANYWAY:
            return []
        beats: list[Beat] = []
        told = life.born if self._is_born_before_known() else workday(life.born + timedelta(days=2))
        if not self._is_born_before_known():
            beats.append((told, 3, self._born))
        if life.homecoming > max(told, life.identified):
            beats.append((workday(life.homecoming + timedelta(days=1)), 4, self._home))
        if not life.accepts:
            soon = max(life.born + timedelta(days=8), life.homecoming + timedelta(days=2))
            if soon > life.identified:
                call = Call(workday(soon), "avtalt", Made.SHORT)
                beats.append((call.on, 5, lambda at: self._visited(at, call)))
        return beats

    def _programme_beats(self) -> list[Beat]:
        life = self.life
        beats: list[Beat] = [
            (call.on, 5, self._act_of(number, call)) for number, call in enumerate(life.calls)
        ]
        beats += [(one.on, 7, self._removal_act(one)) for one in life.removals]
        beats += self._team_beats()
        if life.ending in _LEFT:
            beats.append((workday(life.ends), 9, self._left))
        else:
            beats += self._bereaved_beats()
        return beats

    def _team_beats(self) -> list[Beat]:
        dice, span = self.rng.random(), (self.life.ends - self.life.enrolled).days
        day = workday(self.life.enrolled + timedelta(days=self.rng.randint(3, max(4, span - 8))))
        if self.life.protected or day >= self.life.ends:
            return []
        if dice < 0.04:
            return [(day, 8, self._another_nurse)]
        if dice < 0.07:
            return [(day, 8, self._covered)]
        if dice < 0.10 and span > 120:
            back = workday(min(day + timedelta(days=60), self.life.ends - timedelta(days=4)))
            return [(day, 8, self._paused), (back, 8, self._resumed)] if back > day else []
        if dice < 0.104:
            return [(day, 8, self._becomes_protected)]
        return []

    def _bereaved_beats(self) -> list[Beat]:
        beats: list[Beat] = []
        if self.life.ending is Ending.CHILD_DIED:
            beats.append((workday(self.life.ends), 6, self._child_died))
        for days in (6, 30):
            call = Call(workday(self.life.ends + timedelta(days=days)), "avtalt", Made.COUNTED)
            beats.append((call.on, 9, lambda at, call=call: self._sat_with(at, call)))  # type: ignore[misc]
        return beats

    def _is_born_before_known(self) -> bool:
        return self.life.born <= self.life.identified

    # The first meeting

    def _registered(self, at: datetime) -> list[Operation]:
        life, on = self.life, self.life.identified
        protection = Protection.NONE
        if life.protected:
            protection = self.rng.choice(
                (Protection.CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL)
            )
        place = address(life.bydel, on, self.rng, self._id(at), protection)
        operations: list[Operation] = [
            RegisterFamily(self.home.adults, place),
            RegisterPregnancy(self.pregnancy, life.term, life.children, life.basis),
        ]
        if self._is_born_before_known():
            operations += self._born(at)
        operations.append(self._offered())
        if life.answered == on and life.reply is not Reply.NONE:
            operations += self._answered(at)
        return operations

    def _offered(self) -> MakeOffer:
        life = self.life
        needs_reason = life.basis is Basis.EXTENDED_NEED
        reason = say("utvidet_behov", self.rng) if needs_reason else None
        channel = self.rng.choices(
            (Channel.MIDWIFE, Channel.TELEPHONE, Channel.LETTER, Channel.DIGITAL, Channel.CLINIC),
            (0.55, 0.18, 0.07, 0.10 if life.identified.year > 2018 else 0.0, 0.10),
        )[0]
        return MakeOffer(
            self.offer,
            self.pregnancy,
            life.programme,
            life.basis,
            channel,
            life.identified,
            reason,
        )

    def _answered(self, at: datetime) -> list[Operation]:
        said = _SAID[self.life.reply]
        return [AnswerOffer(self._id(at), self.offer, said, self.life.answered)]

    def _yes_after_all(self, at: datetime) -> list[Operation]:
        return [AnswerOffer(self._id(at), self.offer, Answer.YES, self.life.enrolled)]

    # Birth

    def _born(self, at: datetime) -> list[Operation]:
        life = self.life
        self.children = tuple(
            child(self._id(at), life.born, self.rng) for _ in range(life.children)
        )
        came_home = life.homecoming if life.homecoming <= day_of(at) else None
        return [RecordBirth(self.pregnancy, life.born, self.children, came_home)]

    def _home(self, _: datetime) -> list[Operation]:
        return [RecordHomecoming(self.pregnancy, self.life.homecoming)] if self.children else []

    # Visits

    def _act_of(self, number: int, call: Call) -> Act:
        match call.made:
            case Made.COUNTED | Made.SHORT:
                return lambda at: self._visited(at, call, number)
            case Made.NOT_HOME:
                return lambda at: [nobody_home(self._visit(at, call, number, agrees=False))]
            case Made.CANCELLED_BY_FAMILY | Made.CANCELLED_BY_US:
                return lambda at: self._cancelled(at, call, number)
            case Made.NEVER:
                return lambda _: []

    def _visit(self, at: datetime, call: Call, number: int | None, *, agrees: bool = True) -> Visit:
        known = None if number is None else self.agreed.pop(number, None)
        if known is None:
            known = planned(call.kind) if call.is_anchor else self._id(at)
        about = (
            None if not self.children else (self.children[0].member_id, self.children[0].name or "")
        )
        following = self._following(at, number) if agrees and number is not None else None
        return Visit(known, call, at, self.home, about, self.protected, following)

    def _visited(self, at: datetime, call: Call, number: int | None = None) -> list[Operation]:
        born = self.life.born if self.children else None
        visit = self._visit(at, call, number)
        operations = visit_told(visit, occasion(call, born), self.listening, self.rng)
        if self.note_of is not None:
            names = Names(self.home.mother.name, self._partner_name(), None)
            text = say("rettelse", self.rng, names)
            operations.append(CorrectNote(self._id(at), self.note_of, text))
            self.note_of = None
        elif self.rng.random() < 0.02:
            self.note_of = next(one.note_id for one in operations if isinstance(one, WriteNote))
        return operations

    def _following(self, at: datetime, number: int) -> NextVisit | None:
        """The next visit, if they agree on it today."""
        for later, call in enumerate(self.life.calls[number + 1 :], number + 1):
            if call.made is Made.NEVER:
                continue
            is_near = call.on - day_of(at) <= _AGREED_WITHIN
            if call.is_anchor or not is_near or self.rng.random() > _NEXT_AGREED:
                return None
            self.agreed[later] = self._id(at)
            hour = instant(call.on, self.rng.randint(9, 13), self.rng.choice((0, 0, 30)))
            return NextVisit(self.agreed[later], call.on, hour)
        return None

    def _cancelled(self, at: datetime, call: Call, number: int) -> list[Operation]:
        known = self.agreed.pop(number, None)
        operations: list[Operation] = []
        if known is None:
            known = self._id(at)
            operations.append(BookVisit(known, instant(workday(call.on + timedelta(days=3)), 12)))
        if call.made is Made.CANCELLED_BY_FAMILY:
            operations.append(
                CancelVisit(known, CancelledBy.FAMILY, say("avlyst_familien", self.rng))
            )
        else:
            operations.append(CancelVisit(known, CancelledBy.US, say("avlyst_oss", self.rng)))
        return operations

    def _booked(self, at: datetime) -> list[Operation]:
        if self.life.booked is None:
            return []
        call = self.life.booked[1]
        visit_id = planned(call.kind) if call.is_anchor else self._id(at)
        hour = instant(call.on, self.rng.randint(9, 13), self.rng.choice((0, 30)))
        return [BookVisit(visit_id, hour, kind=call.kind)]

    # Moves, team, endings

    def _removal_act(self, removal: Removal) -> Act:
        return lambda at: self._moved(at, removal)

    def _moved(self, at: datetime, removal: Removal) -> list[Operation]:
        if removal.to is None or self.protected:
            return []  # out of Oslo ends the programme, which says so; a secret address stays one
        place = address(removal.to, removal.on, self.rng, self._id(at))
        if removal.to == self.bydel:
            return [MoveFamily(self._id(at), place)]
        self.actor, self.bydel = self.nurse, removal.to
        self.nurse = self.crew.nurse(removal.to, self.rng.randint(1, 3))
        summary = say("overlevering", self.rng)
        return [MoveFamily(self._id(at), place, self.nurse.id, self._id(at), summary)]

    def _another_nurse(self, at: datetime) -> list[Operation]:
        self.actor = self.crew.lead(self.bydel)
        self.nurse = self._colleague()
        return [AssignNurse(self._id(at), self.nurse.id)]

    def _covered(self, at: datetime) -> list[Operation]:
        self.actor = self.crew.lead(self.bydel)
        until = day_of(at) + timedelta(days=28)
        return [CoverNurse(self._id(at), self._colleague().id, until)]

    def _colleague(self) -> Actor:
        there = [self.crew.nurse(self.bydel, seat) for seat in (1, 2, 3)]
        return self.rng.choice([one for one in there if one.id != self.nurse.id])

    def _becomes_protected(self, at: datetime) -> list[Operation]:
        self.protected = True
        on = day_of(at)
        secret = Protection.STRICTLY_CONFIDENTIAL
        return [SetAddress(address(self.bydel, on, self.rng, self._id(at), secret))]

    def _paused(self, at: datetime) -> list[Operation]:
        return [ChangeEnrolment(OPEN_ENROLMENT, EnrolmentState.PAUSED, day_of(at))]

    def _resumed(self, at: datetime) -> list[Operation]:
        return [ChangeEnrolment(OPEN_ENROLMENT, EnrolmentState.ACTIVE, day_of(at))]

    def _left(self, at: datetime) -> list[Operation]:
        return [ChangeEnrolment(OPEN_ENROLMENT, _LEFT[self.life.ending], day_of(at))]

    def _child_died(self, _: datetime) -> list[Operation]:
        return [RecordDeath(one.member_id, self.life.ends) for one in self.children]

    def _sat_with(self, at: datetime, call: Call) -> list[Operation]:
        visit = self._visit(at, call, None)
        record = visit_told(visit, "svangerskap", Listening(UUID(int=0)), self.rng)[0]
        names = Names(self.home.mother.name.split()[0], self._partner_name(), None)
        text = say("tap", self.rng, names)
        mother = self.home.mother.id
        return [record, WriteNote(self._id(at), mother, text, visit_id=visit.id)]

    def _partner_name(self) -> str | None:
        return None if self.home.partner is None else self.home.partner.name.split()[0]
