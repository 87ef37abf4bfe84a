"""The words of an offer: its basis, its channel, its answer; and the states of an enrolment.

Sources: docs/glossary.md; Prosjektbanken 282167 (basis); docs/indicators.md (answers).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from nyefamilier.kernel.errors import RuleBroken


class Basis(StrEnum):
    """Why the family is offered the programme. A property of the couple and this pregnancy."""

    FIRST_CHILD = "forste_barn"
    FIRST_CHILD_TOGETHER = "forste_barn_sammen"
    FIRST_CHILD_IN_NORWAY = "forste_barn_i_norge"
    EXTENDED_NEED = "flerbarn_utvidet_behov"


class Channel(StrEnum):
    """How the offer reached the family."""

    MIDWIFE = "jordmor"
    LETTER = "brev"
    TELEPHONE = "telefon"
    DIGITAL = "digihelsestasjon"
    CLINIC = "helsestasjon"
    OTHER = "annet"


class Answer(StrEnum):
    """What the family said. *senere* and *ubesvart* are normal, not declines."""

    YES = "ja"
    NO = "nei"
    LATER = "senere"
    UNANSWERED = "ubesvart"


class LanguageGroup(StrEnum):
    """What the programme knows of a family's language, as coarse as equity asks for."""

    NORWEGIAN = "norsk"
    OTHER = "annet"
    """A parent speaks another language, and none needs an interpreter."""
    INTERPRETER = "tolk"
    """A parent needs an interpreter."""
    UNKNOWN = "ukjent"


class EnrolmentState(StrEnum):
    """Where a family stands in a programme."""

    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    MOVED_OUT = "moved_out"
    ENDED_BY_LOSS = "ended_by_loss"


OURS: Final = "nye_familier"
"""The programme whose uptake is measured."""

PROGRAMMES = (OURS, "nfp")
"""The programmes that are offered. The statutory consultations are not: every child has them."""

IN_TIME: Final = timedelta(days=14)
"""How long after the first offer an answer is in time. Our estimate: nothing prescribes it."""

OPEN_STATES = frozenset({EnrolmentState.ACTIVE, EnrolmentState.PAUSED})

_NEXT: dict[EnrolmentState, frozenset[EnrolmentState]] = {
    EnrolmentState.ACTIVE: frozenset(EnrolmentState) - {EnrolmentState.ACTIVE},
    EnrolmentState.PAUSED: frozenset(EnrolmentState) - {EnrolmentState.PAUSED},
    EnrolmentState.COMPLETED: frozenset(),
    EnrolmentState.WITHDRAWN: frozenset(),
    EnrolmentState.MOVED_OUT: frozenset(),
    EnrolmentState.ENDED_BY_LOSS: frozenset(),
}


_NORWEGIAN: Final = frozenset({"norsk", "bokmål", "nynorsk", "norwegian", "nb", "nn", "no"})


def language_group(parents: Iterable[tuple[str | None, bool]]) -> LanguageGroup:
    """The group of a family, by what each parent speaks and whether she needs an interpreter."""
    told = list(parents)
    if any(needs_interpreter for _, needs_interpreter in told):
        return LanguageGroup.INTERPRETER
    spoken = {language.strip().casefold() for language, _ in told if language}
    if not spoken:
        return LanguageGroup.UNKNOWN
    return LanguageGroup.NORWEGIAN if spoken <= _NORWEGIAN else LanguageGroup.OTHER


def is_in_time(answer: Answer, answered_on: date, offered_on: date) -> bool:
    """Whether a family answered soon after it was first offered the programme."""
    return answer is not Answer.UNANSWERED and answered_on - offered_on <= IN_TIME


def move(now: EnrolmentState, to: EnrolmentState) -> EnrolmentState:
    """Move an enrolment from one state to another.

    Raises:
        RuleBroken: the programme knows no such step.
    """
    if to not in _NEXT[now]:
        raise RuleBroken(
            "enrolment-closed" if now not in OPEN_STATES else "enrolment-state",
            f"An enrolment cannot go from {now} to {to}. A family that has left and wants visits "
            "again gets a new offer.",
        )
    return to


def require_offered(programme: str) -> None:
    """Refuse an offer of something that is not offered.

    Raises:
        RuleBroken: ``unknown-programme``.
    """
    if programme not in PROGRAMMES:
        raise RuleBroken(
            "unknown-programme",
            f"The programmes that are offered are {' and '.join(PROGRAMMES)}.",
            pointer="/programme",
        )
