"""On which days a newborn is visited, and what is done when none of them is a working day. Pure.

The visit waits for the birth: nothing here counts from a term.

Sources: Helsedirektoratet, helsestasjonsprogrammet (first home visit on day 7 to 10). The wider
window where a holiday takes all four days is a decision of the programme (docs/scheduling.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from nyefamilier.calendars.holidays import is_holiday

IsWorking: TypeAlias = Callable[[date], bool]
"""Whether nurses work on a day: `is_working_day`, unless somebody knows better."""

NEWBORN: Final = "nyfodt"
"""The protocols' name of the newborn visit."""

HOLIDAY: Final = "holiday"
"""Why a window is wider than the protocol's: no day of the protocol's is a working day."""

OPENS, IDEAL, CLOSES = (timedelta(days) for days in (7, 8, 10))
EARLIEST, LATEST = timedelta(5), timedelta(13)
"""The first and the last day after birth when days 7 to 10 hold no working day."""

_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a visit fits.

    Args:
        opens: The first day.
        ideal: The day to try first.
        closes: The last day, itself included.
        reason: Why it is not the protocol's own window, where it is not.
    """

    opens: date
    ideal: date
    closes: date
    reason: str | None = None

    def days(self) -> list[date]:
        """Its days, in order."""
        return [self.opens + timedelta(n) for n in range((self.closes - self.opens).days + 1)]

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.opens <= day <= self.closes


def is_working_day(day: date) -> bool:
    """Whether it is Monday to Friday and no public holiday."""
    return day.weekday() < _SATURDAY and not is_holiday(day)


def window_after(born_on: date, is_working: IsWorking) -> Window:
    """When a child who was born on a day and came home soon is visited."""
    window = Window(born_on + OPENS, born_on + IDEAL, born_on + CLOSES)
    return with_fallback(window, born_on, born_on, is_working)


def with_fallback(window: Window, born_on: date, home_from: date, is_working: IsWorking) -> Window:
    """The protocol's window of a newborn visit, made wider where it holds no working day.

    Args:
        window: What the protocol gives the family.
        born_on: The child's birth.
        home_from: The first day on which the child may be visited at home.
        is_working: Whether nurses work on a day.
    """
    if any(is_working(day) for day in window.days()):
        return window
    opens = min(window.opens, max(born_on + EARLIEST, home_from))
    return Window(opens, window.ideal, max(window.closes, born_on + LATEST), HOLIDAY)


def day_after(born_on: date, is_working: IsWorking) -> date:
    """The day on which a child born on a day is expected to be visited."""
    window = window_after(born_on, is_working)
    return _nearest(window.days(), window.ideal, is_working)


def _nearest(days: Iterable[date], ideal: date, is_working: IsWorking) -> date:
    return min(days, key=lambda day: (not is_working(day), abs(day - ideal), day))
