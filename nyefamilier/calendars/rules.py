"""What hours and absences can be, and who may see and write them; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, Protocol
from uuid import UUID

from nyefamilier.calendars.hours import Away, HalfDay, Hours, at_clock, left_of
from nyefamilier.kernel.actors import Actor, Role
from nyefamilier.kernel.clock import OSLO, day_of
from nyefamilier.kernel.errors import Conflict, RuleBroken
from nyefamilier.kernel.ids import BydelNumber


class AbsenceKind(StrEnum):
    """Why a nurse is away."""

    LEAVE = "leave"
    SICKNESS = "sickness"
    COURSE = "course"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Absence:
    """A nurse will be, is or was away; the end is not part of it."""

    id: UUID
    nurse_id: UUID
    kind: AbsenceKind
    begins: datetime
    ends: datetime

    def __repr__(self) -> str:
        # Without the kind: it may be about her health, and a repr ends in logs.
        return f"<Absence {self.id}>"


class Span(Protocol):
    """Whatever begins and ends."""

    @property
    def begins(self) -> datetime:
        """Its first instant."""

    @property
    def ends(self) -> datetime:
        """The first one that is not part of it."""


HALVES: Final = 2
"""The most half-days on one weekday."""
PERCENTAGES: Final = (1, 100)
TRAVEL: Final = (0, 120)
"""The least and the most minutes between two homes."""
HOURS_BACK: Final = timedelta(days=31)
HOURS_AHEAD: Final = timedelta(days=731)
ABSENCE_BACK: Final = timedelta(days=366)
ABSENCE_AHEAD: Final = timedelta(days=1096)
LONGEST: Final = timedelta(days=1096)
"""An absence: three years, as long as leave with a child can be."""


def check_hours(hours: Hours, today: date, bydeler: Collection[BydelNumber]) -> None:
    """Refuse hours that nobody can work.

    Args:
        hours: What is told.
        today: The day in Oslo.
        bydeler: Those that there are on the day on which the hours begin.

    Raises:
        RuleBroken: ``hours-begin``, ``hours-range``, ``unknown-bydel``, ``half-day``,
            ``half-days``.
    """
    if not today - HOURS_BACK <= hours.valid_from <= today + HOURS_AHEAD:
        raise RuleBroken(
            "hours-begin",
            f"Hours begin from {today - HOURS_BACK} to {today + HOURS_AHEAD}.",
            pointer="/valid_from",
        )
    if not (_within(hours.percentage, PERCENTAGES) and _within(hours.travel_minutes, TRAVEL)):
        raise RuleBroken(
            "hours-range",
            "A position is 1 to 100 per cent, and travel takes 0 to 120 minutes.",
            pointer="/percentage",
        )
    if not set(hours.covers) <= set(bydeler):
        raise RuleBroken("unknown-bydel", "One of the bydeler is unknown.", pointer="/covers")
    _check_week(hours.week)


def check_absence(absence: Absence, today: date) -> None:
    """Refuse an absence that ends before it begins, or lies where none can be.

    Raises:
        RuleBroken: ``absence-period``.
    """
    earliest = at_clock(today - ABSENCE_BACK, time.min)
    latest = at_clock(today + ABSENCE_AHEAD, time.min)
    if not (
        earliest <= absence.begins < absence.ends <= absence.begins + LONGEST
        and absence.begins <= latest
    ):
        raise RuleBroken(
            "absence-period",
            "An absence ends after it begins, begins from a year back to three years ahead, and "
            "lasts three years at most.",
            pointer="/ends",
        )


def absence_overlaps(absence: Absence, others: Iterable[Away]) -> Conflict:
    """The refusal of an absence where the nurse is away already, with what is free of it."""
    taken = sorted(others, key=lambda other: other.begins)
    days = ", ".join(f"{first} to {last}" for first, last in map(days_of, taken))
    return Conflict(
        "absence-overlaps",
        f"The nurse is away already: {days}. Record only what is free, or cancel that first.",
        pointer="/begins",
        members={
            "overlaps": [_told(other) for other in taken],
            "free": [_told(Away(*span)) for span in left_of(absence.begins, absence.ends, taken)],
        },
    )


def days_of(away: Span) -> tuple[date, date]:
    """The first and the last day in Oslo that an absence touches."""
    return day_of(away.begins), day_of(away.ends - timedelta(microseconds=1))


def is_whole_days(away: Span) -> bool:
    """Whether an absence begins and ends at midnight in Oslo."""
    return {one.astimezone(OSLO).time() for one in (away.begins, away.ends)} == {time.min}


def may_see(actor: Actor, nurse_id: UUID, bydeler: Collection[BydelNumber]) -> bool:
    """Whether *actor* may see when a nurse works, who serves *bydeler*."""
    if actor.role is Role.SYSTEM or actor.id == nurse_id:
        return True
    return actor.role in {Role.NURSE, Role.LEAD} and actor.bydel in bydeler


def may_write(actor: Actor, nurse_id: UUID, bydel: BydelNumber | None) -> bool:
    """Whether *actor* may change a nurse's calendar, and see why she is away."""
    if actor.role is Role.SYSTEM or actor.id == nurse_id:
        return True
    return actor.role is Role.LEAD and bydel is not None and actor.bydel == bydel


def _check_week(week: Sequence[HalfDay]) -> None:
    for place, half in enumerate(week):
        if not (1 <= half.weekday <= 7 and half.begins < half.ends):
            raise RuleBroken(
                "half-day", "A half-day ends after it begins.", pointer=f"/week/{place}/ends"
            )
    for weekday in {half.weekday for half in week}:
        own = sorted(
            (half for half in week if half.weekday == weekday), key=lambda half: half.begins
        )
        if len(own) > HALVES or any(one.ends > other.begins for one, other in pairwise(own)):
            raise RuleBroken(
                "half-days",
                "A weekday has two half-days at most, one after the other.",
                pointer="/week",
            )


def _within(value: int, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _told(away: Away) -> dict[str, Any]:
    first, last = days_of(away)
    return {
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "begins": away.begins.isoformat().replace("+00:00", "Z"),
        "ends": away.ends.isoformat().replace("+00:00", "Z"),
    }
