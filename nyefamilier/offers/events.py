"""What statistics hear of offers, and what the family's other records do."""

from __future__ import annotations

from dataclasses import dataclass

from nyefamilier.kernel.events import Fact, FamilyEvent
from nyefamilier.kernel.ids import PregnancyId
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


@dataclass(frozen=True, slots=True)
class EnrolmentStarted(FamilyEvent):
    """The family said yes and is enrolled: its visits can be planned."""

    pregnancy_id: PregnancyId


@dataclass(frozen=True, slots=True)
class EnrolmentClosed(FamilyEvent):
    """The family left the programme or completed it: nothing more is planned."""

    pregnancy_id: PregnancyId
