"""What statistics hear of offers, and what the family's other records do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nyefamilier.kernel.events import Fact, FamilyEvent
from nyefamilier.kernel.ids import PregnancyId
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState, LanguageGroup


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
    """A family answered, or its answer changed. The latest told is the one that counts.

    Args:
        in_time: Whether it answered within 14 days of the first offer that was known then.
        after_birth: Whether it answered on the day of a birth that was known then, or later.
    """

    programme: str
    answer: Answer
    in_time: bool = False
    after_birth: bool = False


@dataclass(frozen=True, slots=True)
class EnrolmentEnded(Fact):
    """A family left a programme, or completed it."""

    programme: str
    state: EnrolmentState


@dataclass(frozen=True, slots=True)
class ChildBorn(Fact):
    """A living child was born in ``month``. The latest told is the one that counts.

    Args:
        home: The first day of the month in which the child came home; None while nobody knows.
    """

    home: date | None = None


@dataclass(frozen=True, slots=True)
class LanguageKnown(Fact):
    """What the family speaks, as it was known in ``month``. The latest told counts."""

    group: LanguageGroup


@dataclass(frozen=True, slots=True)
class EnrolmentStarted(FamilyEvent):
    """The family said yes and is enrolled: its visits can be planned."""

    pregnancy_id: PregnancyId


@dataclass(frozen=True, slots=True)
class EnrolmentClosed(FamilyEvent):
    """The family left the programme or completed it: nothing more is planned."""

    pregnancy_id: PregnancyId
