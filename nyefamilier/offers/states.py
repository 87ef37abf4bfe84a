"""The words of an offer: its basis, its channel, its answer; and the states of an enrolment.

Sources: docs/glossary.md; Prosjektbanken 282167 (basis); docs/indicators.md (answers).
"""

from __future__ import annotations

from enum import StrEnum

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


class EnrolmentState(StrEnum):
    """Where a family stands in a programme."""

    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    MOVED_OUT = "moved_out"
    ENDED_BY_LOSS = "ended_by_loss"


PROGRAMMES = ("nye_familier", "nfp")
"""The programmes that are offered. The statutory consultations are not: every child has them."""

OPEN_STATES = frozenset({EnrolmentState.ACTIVE, EnrolmentState.PAUSED})

_NEXT: dict[EnrolmentState, frozenset[EnrolmentState]] = {
    EnrolmentState.ACTIVE: frozenset(EnrolmentState) - {EnrolmentState.ACTIVE},
    EnrolmentState.PAUSED: frozenset(EnrolmentState) - {EnrolmentState.PAUSED},
    EnrolmentState.COMPLETED: frozenset(),
    EnrolmentState.WITHDRAWN: frozenset(),
    EnrolmentState.MOVED_OUT: frozenset(),
    EnrolmentState.ENDED_BY_LOSS: frozenset(),
}


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
