"""The words of a visit, and what may become of one."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from nyefamilier.kernel.errors import RuleBroken


class VisitState(StrEnum):
    """Where a visit stands."""

    PLANNED = "planned"
    BOOKED = "booked"
    DONE = "done"
    NOT_HOME = "not_home"
    CANCELLED_BY_FAMILY = "cancelled_by_family"
    CANCELLED_BY_US = "cancelled_by_us"
    SUPERSEDED = "superseded"


OPEN_STATES = frozenset({VisitState.PLANNED, VisitState.BOOKED})


class Place(StrEnum):
    """Where a visit takes place."""

    HOME = "hjemme"
    CLINIC = "helsestasjon"
    TELEPHONE = "telefon"
    OTHER = "annet"


class Present(StrEnum):
    """Who was there, besides the nurse."""

    MOTHER = "mor"
    FATHER = "far"
    CO_MOTHER = "medmor"
    GUARDIAN = "foresatt"
    CHILD = "barn"
    SIBLING = "sosken"
    INTERPRETER = "tolk"
    STUDENT = "student"
    OTHER = "annen"


class InterpreterCategory(StrEnum):
    """The national register's categories, and the two ways of having none of them.

    Sources: Prop. 156 L (2019-2020) chapter 7; tolkeloven sections 6 and 7.
    """

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    UNQUALIFIED = "ukvalifisert"
    NEEDED_BUT_ABSENT = "manglet"

    @property
    def needs_reason(self) -> bool:
        """Whether the law wants to know why."""
        return self in {
            InterpreterCategory.UNQUALIFIED,
            InterpreterCategory.NEEDED_BUT_ABSENT,
        }


QUALIFIED: Final = (
    InterpreterCategory.A,
    InterpreterCategory.B,
    InterpreterCategory.C,
    InterpreterCategory.D,
    InterpreterCategory.E,
)
"""What an interpreter can be booked as."""


class Interpreting(StrEnum):
    """How what was said at a visit was interpreted, as coarse as statistics hear it."""

    QUALIFIED = "kvalifisert"
    UNQUALIFIED = "ukvalifisert"
    ABSENT = "manglet"


class InterpretedBy(StrEnum):
    """Who is to interpret. Only an interpreter ever does; the others are refused by name."""

    INTERPRETER = "tolk"
    CHILD = "barn"
    RELATIVE = "parorende"


def interpreting(category: str | None) -> Interpreting | None:
    """What a visit's interpreter was; None where nobody wrote that one was needed."""
    match category:
        case None:
            return None
        case InterpreterCategory.UNQUALIFIED:
            return Interpreting.UNQUALIFIED
        case InterpreterCategory.NEEDED_BUT_ABSENT:
            return Interpreting.ABSENT
        case _:
            return Interpreting.QUALIFIED


class Theme(StrEnum):
    """What a visit was about. Parents' own topics come first, as needs.

    Sources: Oslo kommune press release 2016; Helsestasjonsprogrammet.
    """

    PARENTS_OWN = "foreldrenes_tema"
    SAFE_START = "trygg_start"
    INTERACTION = "samspill"
    COPING = "foreldremestring"
    FEEDING = "amming_ernaering"
    SLEEP = "sovn"
    HEALTH = "helse"
    PARENTS_HEALTH = "foreldrenes_helse"
    FAMILY_NETWORK = "familie_nettverk"
    WORK_EDUCATION = "arbeid_utdanning"
    SAFETY = "sikkerhet"
    BIRTH_EXPERIENCE = "fodselsopplevelse"


_NEXT: dict[VisitState, frozenset[VisitState]] = {
    VisitState.PLANNED: frozenset(VisitState) - {VisitState.PLANNED},
    VisitState.BOOKED: frozenset(VisitState) - {VisitState.PLANNED},
    # Fact beats plan: a visit that took place although it was cancelled did take place.
    VisitState.CANCELLED_BY_FAMILY: frozenset({VisitState.DONE}),
    VisitState.CANCELLED_BY_US: frozenset({VisitState.DONE}),
    VisitState.NOT_HOME: frozenset(),
    VisitState.DONE: frozenset(),
    VisitState.SUPERSEDED: frozenset({VisitState.DONE}),
}


def move(now: VisitState, to: VisitState) -> VisitState:
    """Move a visit from one state to another.

    Raises:
        RuleBroken: the programme knows no such step.
    """
    if to not in _NEXT[now]:
        raise RuleBroken(
            "visit-closed",
            f"The visit is {now} and cannot become {to}. Record what happened as a new visit.",
        )
    return to
