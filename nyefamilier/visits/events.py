"""What happens to visits: what statistics, nurses' time and the family's records hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nyefamilier.kernel.events import Fact, FamilyEvent
from nyefamilier.visits.states import Interpreting


@dataclass(frozen=True, slots=True)
class TimeAgreed(FamilyEvent):
    """A visit is agreed on, or agreed on anew: nobody else can have its nurses then.

    Args:
        visit_id: The visit.
        nurse_ids: Who is to come.
        begins: When, up to but not including *ends*.
        ends: When the nurses are free again.
        place: Where it is to be.
        moved: Whether another time had been agreed on for it.
        pointer: Where the request speaks of the time.
    """

    visit_id: UUID
    nurse_ids: tuple[UUID, ...]
    begins: datetime
    ends: datetime
    place: str
    moved: bool
    pointer: str


@dataclass(frozen=True, slots=True)
class TimeGivenBack(FamilyEvent):
    """A visit that was agreed on has taken place, or will not: its time is free."""

    visit_id: UUID


@dataclass(frozen=True, slots=True)
class VisitDone(Fact):
    """A visit took place. One visit is told once and says everything that it counts as.

    Args:
        programme: The programme that the family is enrolled in, or None.
        kind: The protocol's item (``svangerskap_uke_28``, ``nyfodt``), or ``avtalt``.
        minutes: How long it lasted.
        at_home: Whether it was at the family's home.
        counts_as: Statistics that count it: ``programvisit``, ``konsultasjon_1``,
            ``kostra_10_dager`` (within 10 days of birth), ``kostra_14_dager`` (within 14 days of
            homecoming), ``nyfodt_7_10`` (day 7 to 10 after birth), ``svangerskap_fra_28`` (from
            week 28), ``uplanlagt`` (nobody had planned or agreed on it).
        by_own_nurse: Whether the family's primary nurse made it.
        other_parent_present: Whether father or co-mother was there.
        weeks: Whole weeks since the programme was first offered; None where that is not known.
        interpreter: How it was interpreted; None where nobody wrote that it had to be.
    """

    programme: str | None
    kind: str
    minutes: int
    at_home: bool
    counts_as: tuple[str, ...]
    by_own_nurse: bool
    other_parent_present: bool
    weeks: int | None = None
    interpreter: Interpreting | None = None


@dataclass(frozen=True, slots=True)
class VisitAgreed(FamilyEvent):
    """A time for a visit was agreed on, or another one than before.

    Args:
        kind: The protocol's item, or ``avtalt``.
        before: The time that had been agreed on before, if there was one.
    """

    visit_id: UUID
    kind: str
    at: datetime
    before: datetime | None


@dataclass(frozen=True, slots=True)
class VisitMade(FamilyEvent):
    """A visit took place."""

    visit_id: UUID
    at: datetime
