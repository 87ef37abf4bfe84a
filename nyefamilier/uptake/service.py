"""Hears facts, and answers how many families were reached. It never sees a family.

Who may ask: nurses, leads and planners, for every bydel alike, because small numbers are hidden
before anything leaves this room. A privacy officer has no use of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from nyefamilier.bydeler.service import bydeler
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import month_of
from nyefamilier.kernel.errors import NotAllowed, NotFound, RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.events import EnrolmentEnded, FamilyIdentified, OfferAnswered, OfferMade
from nyefamilier.storage.work import Work
from nyefamilier.uptake import ledger, rebuild, store
from nyefamilier.uptake.indicators import Period, UptakeReport, Volume
from nyefamilier.uptake.ledger import Heard, Told
from nyefamilier.uptake.reading import Catalogue, Definition, catalogue
from nyefamilier.uptake.release import published
from nyefamilier.uptake.suppression import is_small
from nyefamilier.visits.events import VisitDone

READERS: Final = frozenset({Role.NURSE, Role.LEAD, Role.PLANNER, Role.SYSTEM})
"""Who may read figures. The system reads them for the comparison with published ones."""


def hear_identified(work: Work, event: FamilyIdentified) -> None:
    """A family became known: its month is its cohort."""
    _hear(work, event)


def hear_offer(work: Work, event: OfferMade) -> None:
    """A family was offered a programme; the offer also says on which basis."""
    _hear(work, event)


def hear_answer(work: Work, event: OfferAnswered) -> None:
    """A family answered. A yes to the programme that covers instead takes it out of ours."""
    _hear(work, event)


def hear_enrolment_ended(work: Work, event: EnrolmentEnded) -> None:
    """A family left a programme. Who withdraws from the one that covers instead is ours again."""
    _hear(work, event)


def hear_visit(work: Work, event: VisitDone) -> None:
    """A visit took place; it is one of the programme's if it says so."""
    _hear(work, event)


HEARERS: Final = frozenset(
    {hear_identified, hear_offer, hear_answer, hear_enrolment_ended, hear_visit}
)
"""Those who hear one fact at a time. Whoever has many may keep them back, and `load` them."""


def load(work: Work, events: Sequence[Heard]) -> None:
    """Hear many facts at once, in the order told; the same rows as one by one, some times faster.

    The participations' families must be locked by this work, or be nobody else's yet.
    """
    this_month = month_of(work.today)
    load_told(work.session, [(this_month, event) for event in events])


def load_told(session: Session, told: Sequence[Told]) -> None:
    """Hear many facts of many months at once; `load` says under which condition."""
    keys = ledger.write_facts(session, told)
    rebuild.rebuild_some(session, keys)


def definitions(work: Work) -> Catalogue:
    """What each figure counts.

    Raises:
        NotAllowed: the actor's role reads no figures.
    """
    _require_reader(work)
    return catalogue()


def definition(work: Work, indicator: str) -> Definition:
    """What one figure counts.

    Raises:
        NotAllowed: the actor's role reads no figures.
        NotFound: there is no such indicator.
    """
    for found in definitions(work).items:
        if found.id == indicator:
            return found
    raise NotFound("indicator")


def uptake_of(work: Work, period: Period, bydel: BydelNumber | None = None) -> UptakeReport:
    """Uptake and reach of the families identified in *period*: of all bydeler or one, and the city.

    Small numbers are hidden already, and alike in every answer that holds them. A bydel without
    families has zeros and no share.

    Raises:
        NotAllowed: the actor's role reads no figures.
        NotFound: there was no such bydel in the period.
        RuleBroken: ``period-in-future``.
    """
    _require_reader(work)
    if period.first_month > work.today:
        raise RuleBroken("period-in-future", "The period has not begun yet.", pointer="/period")
    counted = store.tallies(work.session, period.first_month, period.last_month)
    known = _bydeler_in(work, period) | {row.bydel for row in counted if row.bydel is not None}
    if bydel is not None and bydel not in known:
        raise NotFound("bydel")
    *lines, city = published(counted, sorted(known) if bydel is None else [bydel])
    return UptakeReport(period, tuple(lines), city)


def volume(work: Work, years: Sequence[int]) -> list[Volume]:
    """Families visited and counted visits in each of *years*, and last from the first to the last.

    Raises:
        NotAllowed: the actor's role reads no figures.
        RuleBroken: there is no such year, or none at all.
    """
    _require_reader(work)
    if not years:
        raise RuleBroken("period-not-published", "Name at least one year.", pointer="/years")
    first, last = min(years), max(years)
    whole = Period.years(first, last)
    found = store.volumes(work.session, whole.first_month, whole.last_month)
    spans = [(year, year, year) for year in years] + [(first, last, None)]
    return [Volume(start, end, *map(_shown, found.get(key, (0, 0)))) for start, end, key in spans]


def rebuild_projections(work: Work) -> None:
    """Write again, from the facts alone, all that they add up to. Whoever tells a fact waits."""
    rebuild.rebuild(work.session)


def drift(work: Work) -> int:
    """How many rows are not what the facts add up to: 0, or something is wrong."""
    return rebuild.drift(work.session)


def mix(work: Work) -> int:
    """Lay the rows in random order, and say how many facts; a nightly job's (docs/adr/0008)."""
    return rebuild.mix(work.session, month_of(work.today))


def _hear(work: Work, event: Heard) -> None:
    ledger.write(work.session, event, month_of(work.today))


def _require_reader(work: Work) -> None:
    if work.actor.role not in READERS:
        raise NotAllowed("Your role does not read the programme's figures.")


def _bydeler_in(work: Work, period: Period) -> set[BydelNumber]:
    """Every bydel that there was when the period began or ends."""
    ends = period.first_month, period.last_month + timedelta(days=30)
    return {found.number for day in ends for found in bydeler(work.session, day)}


def _shown(count: int) -> int | None:
    return None if is_small(count) else count
