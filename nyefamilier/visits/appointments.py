"""From when to when an appointment is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from nyefamilier.calendars.hours import at_clock, end_of

TAKES: Final = timedelta(hours=1)
"""How much of a nurse's day an appointment takes, where nothing else was agreed on."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From when to when an appointment is; half open."""

    begins: datetime
    ends: datetime

    @property
    def lasts(self) -> timedelta:
        """How long it is."""
        return self.ends - self.begins


def lasting(begins: datetime, lasts: timedelta = TAKES) -> Span:
    """An appointment of some length."""
    return Span(begins, begins + lasts)


def whole_days(first: date, last: date) -> Span:
    """From the midnight in Oslo before one day to the one after another."""
    return Span(at_clock(first, time.min), end_of(last))


def collide(one: Span, other: Span) -> bool:
    """Whether nobody can keep both appointments."""
    return one.begins < other.ends and other.begins < one.ends
