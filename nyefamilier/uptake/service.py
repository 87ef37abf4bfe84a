"""Hears facts, and answers how many families were reached. It never sees a family.

Who may ask: nurses, leads and planners, for every bydel alike, because small numbers are hidden
before anything leaves this room. A privacy officer has no use of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from sqlalchemy import Insert

from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import month_of
from nyefamilier.kernel.errors import NotAllowed, RuleBroken
from nyefamilier.kernel.events import Fact
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.events import EnrolmentEnded, FamilyIdentified, OfferAnswered, OfferMade
from nyefamilier.offers.states import Answer, EnrolmentState
from nyefamilier.storage.work import Work
from nyefamilier.uptake import ledger, rebuild, store
from nyefamilier.uptake.indicators import (
    COUNTED_QUARTERS,
    COUNTED_VISIT,
    COVERS_INSTEAD,
    OURS,
    QUARTER_OF_AN_HOUR,
    Period,
    UptakeReport,
    Volume,
)
from nyefamilier.uptake.release import published
from nyefamilier.uptake.suppression import is_small
from nyefamilier.visits.events import VisitDone

Payload: TypeAlias = Mapping[str, str | int | bool | list[str] | None]
"""Codes and counts; never a word that anybody wrote."""

READERS: Final = frozenset({Role.NURSE, Role.LEAD, Role.PLANNER, Role.SYSTEM})
"""Who may read figures. The system reads them for the published comparison."""


def hear_identified(work: Work, event: FamilyIdentified) -> None:
    """A family became known: its month is its cohort."""
    _write(work, ledger.IDENTIFIED, event, "identified", {"basis": event.basis}, basis=event.basis)


def hear_offer(work: Work, event: OfferMade) -> None:
    """A family was offered a programme; the offer also says on which basis."""
    statement = ledger.OFFERED if event.programme == OURS else ledger.OFFERED_ANOTHER
    payload = {"programme": event.programme, "basis": event.basis, "channel": event.channel}
    _write(work, statement, event, "offered", payload, basis=event.basis)


def hear_answer(work: Work, event: OfferAnswered) -> None:
    """A family answered. A yes to the programme that covers instead takes it out of ours."""
    payload = {"programme": event.programme, "answer": event.answer}
    if event.programme == OURS:
        _write(work, ledger.ANSWERED, event, "answered", payload, answer=event.answer)
    elif event.programme == COVERS_INSTEAD:
        covered = event.answer is Answer.YES
        _write(work, ledger.COVERED, event, "answered", payload, covered=covered)
    else:
        _write(work, ledger.NOTED, event, "answered", payload)


def hear_enrolment_ended(work: Work, event: EnrolmentEnded) -> None:
    """A family left a programme. Who withdraws from the one that covers instead is ours again."""
    payload = {"programme": event.programme, "state": event.state}
    if event.programme == OURS:
        _write(work, ledger.ENDED, event, "ended", payload, state=event.state)
    elif event.programme == COVERS_INSTEAD and event.state is EnrolmentState.WITHDRAWN:
        _write(work, ledger.COVERED, event, "ended", payload, covered=False)
    else:
        _write(work, ledger.NOTED, event, "ended", payload)


def hear_visit(work: Work, event: VisitDone) -> None:
    """A visit took place; it is one of the programme's if it says so."""
    quarters = event.minutes // QUARTER_OF_AN_HOUR
    ours = event.programme == OURS and COUNTED_VISIT in event.counts_as
    counts = {"visit_kind": event.kind, "programme": int(ours)}
    counts["counted"] = int(ours and quarters >= COUNTED_QUARTERS)
    payload = {
        "programme": event.programme,
        "kind": event.kind,
        "quarters": quarters,
        "at_home": event.at_home,
        "counts_as": list(event.counts_as),
        "by_own_nurse": event.by_own_nurse,
        "other_parent_present": event.other_parent_present,
    }
    statement = ledger.VISITED if ours else ledger.VISITED_OTHERWISE
    _write(work, statement, event, "visited", payload, **counts)


def uptake_of(work: Work, period: Period, bydel: BydelNumber | None = None) -> UptakeReport:
    """Uptake and reach of the families identified in *period*: of all bydeler or one, and the city.

    Small numbers are hidden already, and alike in every answer that holds them.

    Raises:
        NotAllowed: the actor's role reads no figures.
        RuleBroken: the period has not begun.
    """
    _require_reader(work)
    if period.first_month > work.today:
        raise RuleBroken("period-in-future", "The period has not begun yet.")
    counted = store.tallies(work.session, period.first_month, period.last_month)
    present = sorted({tally.bydel for tally in counted if tally.bydel is not None})
    *lines, city = published(counted, present if bydel is None else [bydel])
    return UptakeReport(period, tuple(lines), city)


def volume(work: Work, years: Sequence[int]) -> list[Volume]:
    """Families visited and counted visits in each of *years*, and last over them all together.

    Raises:
        NotAllowed: the actor's role reads no figures.
        RuleBroken: there is no such year.
    """
    _require_reader(work)
    first, last = min(years), max(years)
    whole = Period.years(first, last)
    found = store.volumes(work.session, whole.first_month, whole.last_month)
    spans = [(year, year, year) for year in years] + [(first, last, None)]
    return [Volume(start, end, *map(_shown, found.get(key, (0, 0)))) for start, end, key in spans]


def rebuild_projections(work: Work) -> None:
    """Write again, from the facts alone, all that they add up to."""
    rebuild.rebuild(work.session)


def drift(work: Work) -> int:
    """How many rows are not what the facts add up to: 0, or something is wrong."""
    return rebuild.drift(work.session)


def mix(work: Work) -> None:
    """Lay the rows in random order; a nightly job's task (docs/adr/0008)."""
    rebuild.mix(work.session, month_of(work.today))


def _write(
    work: Work, statement: Insert, event: Fact, kind: str, payload: Payload, **more: object
) -> None:
    told = month_of(work.today)
    ledger.write(work.session, statement, event, told, kind=kind, payload=payload, **more)


def _require_reader(work: Work) -> None:
    if work.actor.role not in READERS:
        raise NotAllowed("Your role does not read the programme's figures.")


def _shown(count: int) -> int | None:
    return None if is_small(count) else count
