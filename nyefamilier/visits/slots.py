"""Which times to offer a family, best first, each with the reasons of its place. Pure.

In order: inside the visit's window, the family's own nurse, little travel, the half-days that the
family wished for, a nurse with room in her week; then the day nearest to the ideal one. A family
chooses among different half-days, so each half-day gives its best time only. Where nothing in the
window works, the answer says why, and names the nearest times that would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Final

from nyefamilier.kernel.clock import OSLO, day_of
from nyefamilier.kernel.ids import UserId
from nyefamilier.visits.newborn import HOLIDAY, Window
from nyefamilier.visits.openings import (
    Half,
    HalfDay,
    Journeys,
    Nurse,
    Opening,
    Part,
    first_openings,
    openings,
    works_within,
)

SHOWN: Final = 8
"""How many times are offered."""
NOTICE: Final = timedelta(hours=2)
"""Nothing sooner than this is offered."""
STRETCH: Final = timedelta(days=14)
"""How far from the ideal day is looked first."""
BEYOND: Final = timedelta(days=21)
"""How far outside a window is looked for what would work."""
LEAST_MINUTES, MOST_BOOKED = 15, 240
"""How long a visit can be agreed on to last."""
ROOMY: Final = 5
"""A week of which fewer tenths are taken has room."""


class Reason(StrEnum):
    """Why a time stands where it stands."""

    IN_WINDOW = "in-window"
    HOLIDAY = "holiday"
    """In a window that was made wider because holidays take all days of the protocol's."""
    BEFORE_WINDOW = "before-window"
    AFTER_WINDOW = "after-window"
    OWN_NURSE = "own-nurse"
    COVERING_NURSE = "covering-nurse"
    OTHER_NURSE = "other-nurse"
    SAME_AREA = "same-area"
    SAME_HALF_DAY = "same-half-day"
    WISHED = "wished"
    ROOM_IN_WEEK = "room-in-week"


class Why(StrEnum):
    """Why no time in the window can be offered."""

    WINDOW_PASSED = "window-passed"
    NOBODY_WORKS = "nobody-works"
    """No nurse works long enough at a time on any day of it."""
    FULLY_BOOKED = "fully-booked"
    NO_SECOND_NURSE = "no-second-nurse"


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be placed.

    Args:
        now: The present instant; nothing sooner than `NOTICE` from it is offered.
        not_before: The first day that makes sense: a child long in hospital has to come home.
        wishes: The half-days that the family asked for; empty when all are alike.
    """

    window: Window
    lasts: timedelta
    now: datetime
    not_before: date
    two_nurses: bool = False
    wishes: Collection[HalfDay] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that works for the nurse, or for both nurses."""

    begins: datetime
    ends: datetime
    nurse_id: UserId
    second_nurse_id: UserId | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Times in the window, best first; or why there are none, and the nearest ones outside it."""

    slots: tuple[Slot, ...]
    why: Why | None = None
    nearest: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """An opening, and how it stands to the question."""

    opening: Opening
    outside: int
    wish_missed: bool
    from_ideal: int
    second: Nurse | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """The lower, the better."""
        return (
            self.outside,
            self.opening.nurse.part,
            self.opening.journeys,
            self.wish_missed,
            self.opening.load,
            self.from_ideal,
            self.opening.begins,
            self.opening.nurse.id,
        )


_ORDER = attrgetter("order")

_PARTS = {
    Part.OWN: Reason.OWN_NURSE,
    Part.COVERING: Reason.COVERING_NURSE,
    Part.OTHER: Reason.OTHER_NURSE,
}
_JOURNEYS = {Journeys.NONE: Reason.SAME_AREA, Journeys.ONE: Reason.SAME_HALF_DAY}


def stretches(window: Window, today: date) -> list[tuple[date, date]]:
    """The days to look through, first and last: near the ideal day, then all that could do.

    The second stretch is for when the first one holds nothing.
    """
    around = min(max(window.ideal, today), max(window.closes, today))
    near = max(window.opens, around - STRETCH, today), min(window.closes, around + STRETCH)
    whole = max(window.opens - BEYOND, today), max(window.closes, today) + BEYOND
    return [near, whole] if near[0] <= near[1] else [whole]


def offer(question: Question, nurses: Sequence[Nurse]) -> Answer:
    """The times to offer, or why there are none in the window and what would work instead."""
    alone = _places(question, nurses)
    found = sorted(_with_second(alone) if question.two_nurses else alone, key=_ORDER)
    inside = [place for place in found if not place.outside]
    if inside:
        return Answer(_different(question, inside))
    return Answer((), _why(question, nurses, alone), _different(question, found))


def _places(question: Question, nurses: Iterable[Nurse]) -> list[_Place]:
    # Of one nurse's times in a half-day the first is the best; two must find one that both have.
    some = openings if question.two_nurses else first_openings
    soonest = _soonest(question)
    return [
        _place(question, opening)
        for nurse in nurses
        for opening in some(nurse, question.lasts, soonest)
    ]


def _soonest(question: Question) -> datetime:
    dawn = datetime.combine(question.not_before, time(), OSLO)
    return max(question.now + NOTICE, dawn.astimezone(UTC))


def _place(question: Question, opening: Opening) -> _Place:
    window, wishes, day = question.window, question.wishes, opening.day
    return _Place(
        opening=opening,
        outside=max((window.opens - day).days, (day - window.closes).days, 0),
        wish_missed=bool(wishes) and (day.weekday(), opening.half) not in wishes,
        from_ideal=abs((day - window.ideal).days),
    )


def _with_second(alone: Iterable[_Place]) -> list[_Place]:
    """The times at which another nurse can come too; of several, who would be offered first."""
    together: dict[datetime, list[_Place]] = defaultdict(list)
    for place in sorted(alone, key=_ORDER):
        together[place.opening.begins].append(place)
    return [
        replace(first, second=next(one for one in places if one is not first).opening.nurse)
        for places in together.values()
        if len(places) > 1
        for first in places
    ]


def _different(question: Question, ordered: Iterable[_Place]) -> tuple[Slot, ...]:
    """The best time of each half-day, as many as are shown."""
    found: dict[tuple[date, Half], _Place] = {}
    for place in ordered:
        found.setdefault((place.opening.day, place.opening.half), place)
        if len(found) == SHOWN:
            break
    return tuple(_slot(question, place) for place in found.values())


def _slot(question: Question, place: _Place) -> Slot:
    return Slot(
        begins=place.opening.begins,
        ends=place.opening.begins + question.lasts,
        nurse_id=place.opening.nurse.id,
        second_nurse_id=None if place.second is None else place.second.id,
        reasons=tuple(_reasons(question, place)),
    )


def _reasons(question: Question, place: _Place) -> Iterator[Reason]:
    """Why a time stands where it stands, in the order in which that is decided."""
    window, opening = question.window, place.opening
    if not place.outside:
        yield Reason.HOLIDAY if window.reason == HOLIDAY else Reason.IN_WINDOW
    else:
        yield Reason.BEFORE_WINDOW if opening.day < window.opens else Reason.AFTER_WINDOW
    yield _PARTS[opening.nurse.part]
    if opening.nurse.travel and opening.journeys in _JOURNEYS:
        yield _JOURNEYS[opening.journeys]
    if question.wishes and not place.wish_missed:
        yield Reason.WISHED
    if opening.load < ROOMY:
        yield Reason.ROOM_IN_WEEK


def _why(question: Question, nurses: Iterable[Nurse], alone: Iterable[_Place]) -> Why:
    """Why there is no time in the window."""
    if question.window.closes < day_of(question.now):
        return Why.WINDOW_PASSED
    if any(not place.outside for place in alone):
        return Why.NO_SECOND_NURSE
    days, soonest = (question.window.opens, question.window.closes), _soonest(question)
    if any(works_within(nurse, question.lasts, soonest, days) for nurse in nurses):
        return Why.FULLY_BOOKED
    return Why.NOBODY_WORKS
