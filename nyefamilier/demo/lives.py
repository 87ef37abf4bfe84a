"""What the simulation knows of a family's way through the programme, before anybody tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.states import Basis

PREGNANCY_VISIT = "svangerskap_uke_28"
NEWBORN_VISIT = "nyfodt"
AGREED_VISIT = "avtalt"


class Reply(StrEnum):
    """What becomes of an offer."""

    YES = "yes"
    LATER_THEN_YES = "later_then_yes"
    NO = "no"
    LATER = "later"
    NONE = "none"


ACCEPTS = frozenset({Reply.YES, Reply.LATER_THEN_YES})


class Made(StrEnum):
    """What becomes of a visit that fits the family."""

    COUNTED = "counted"
    """Done, and at least one hour long: what the published volumes count."""
    SHORT = "short"
    NOT_HOME = "not_home"
    CANCELLED_BY_FAMILY = "cancelled_by_family"
    CANCELLED_BY_US = "cancelled_by_us"
    NEVER = "never"


class Ending(StrEnum):
    """How a family's time in the programme ends."""

    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    LEFT_OSLO = "left_oslo"
    LOST = "lost"
    STILLBORN = "stillborn"
    CHILD_DIED = "child_died"


@dataclass(slots=True)
class Call:
    """A visit that fits the family's days; the quotas decide what becomes of it."""

    on: date
    kind: str
    made: Made = Made.NEVER

    @property
    def is_anchor(self) -> bool:
        """Whether the protocol promises it."""
        return self.kind != AGREED_VISIT


@dataclass(frozen=True, slots=True)
class Removal:
    """The family moves: ``to`` is its new bydel, None where it leaves Oslo."""

    on: date
    to: BydelNumber | None


@dataclass(slots=True)
class Life:
    """One pregnancy's way through the programme.

    Args:
        key: Its stable name, such as ``11/2016/037``; all its randomness hangs on it.
        seat: Which of the bydel's nurses follows it.
        basis: Why it is eligible; None for a second child that does not make it so.
        again: The couple's next pregnancy, if they expect again after the programme.
        unregistered: Whether no register knows its address.
        booked: A visit that lies ahead and has been agreed on, and the day on which it was.
        speaks: The mother's language, where it must be a certain one; she wants an interpreter.
    """

    key: str
    bydel: BydelNumber
    seat: int
    programme: str
    basis: Basis | None
    identified: date
    reply: Reply
    answered: date
    enrolled: date
    term: date
    born: date
    homecoming: date
    children: int
    ending: Ending
    ends: date
    removals: list[Removal] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    protected: bool = False
    unregistered: bool = False
    again: Life | None = None
    booked: tuple[date, Call] | None = None
    speaks: str | None = None

    @property
    def accepts(self) -> bool:
        """Whether the family says yes in the end."""
        return self.reply in ACCEPTS

    @property
    def is_born(self) -> bool:
        """Whether a living child is born."""
        return self.ending not in {Ending.LOST, Ending.STILLBORN}


def workday(day: date) -> date:
    """*day*, or the Monday after it: nobody visits at the weekend."""
    weekday = day.weekday()
    return day if weekday < 5 else day + timedelta(days=7 - weekday)
