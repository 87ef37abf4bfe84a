"""What statistics hear of offers."""

from __future__ import annotations

from dataclasses import dataclass

from nyefamilier.kernel.events import Fact
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState


@dataclass(frozen=True, slots=True)
class FamilyIdentified(Fact):
    """A pregnancy or a newborn family became known to the programme. ``month`` is its cohort.

    ``basis`` is None while nobody has established that the family is eligible.
    """

    basis: Basis | None


@dataclass(frozen=True, slots=True)
class OfferMade(Fact):
    """A family was offered a programme (`nye_familier`, `nfp`)."""

    programme: str
    basis: Basis
    channel: Channel


@dataclass(frozen=True, slots=True)
class OfferAnswered(Fact):
    """A family answered, or its answer changed. The latest told is the one that counts."""

    programme: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class EnrolmentEnded(Fact):
    """A family left a programme, or completed it."""

    programme: str
    state: EnrolmentState
