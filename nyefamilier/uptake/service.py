"""Hears facts, and answers how many families were reached. It never sees a family.

Who may ask: nurses, leads and planners, for every bydel alike, because small numbers are hidden
before anything leaves this room. A privacy officer has no use of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from nyefamilier.bydeler.service import boundaries, bydeler
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import month_of
from nyefamilier.kernel.errors import NotAllowed, NotFound, RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.needs.events import NeedTold
from nyefamilier.offers.events import (
    ChildBorn,
    EnrolmentEnded,
    FamilyIdentified,
    LanguageKnown,
    OfferAnswered,
    OfferMade,
)
from nyefamilier.storage.work import Work
from nyefamilier.uptake import archive, ledger, rebuild, releasing, store
from nyefamilier.uptake.indicators import Period, UptakeReport, Volume
from nyefamilier.uptake.ledger import Heard, Told
from nyefamilier.uptake.reading import Catalogue, Definition, catalogue
from nyefamilier.uptake.redrawing import Map, redrawn
from nyefamilier.uptake.release import hidden, published
from nyefamilier.uptake.released import first_year_of, of_several, of_years
from nyefamilier.uptake.sheets import Behind, Revision, Sheet, Wanted
from nyefamilier.uptake.suppression import is_small
from nyefamilier.uptake.tabulations import BY_ID, By, Tabulation
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


def hear_birth(work: Work, event: ChildBorn) -> None:
    """A child was born, or its birth or homecoming was dated anew. The last told counts."""
    _hear(work, event)


def hear_language(work: Work, event: LanguageKnown) -> None:
    """What a family speaks became known, or changed. The last told counts."""
    _hear(work, event)


def hear_visit(work: Work, event: VisitDone) -> None:
    """A visit took place; it is one of the programme's if it says so."""
    _hear(work, event)


def hear_need(work: Work, event: NeedTold) -> None:
    """A need was stated, looked at or closed: it belongs to the month in which it was stated."""
    _hear(work, event)


HEARERS: Final = frozenset(
    {
        hear_identified,
        hear_offer,
        hear_answer,
        hear_enrolment_ended,
        hear_birth,
        hear_language,
        hear_visit,
        hear_need,
    }
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
    raise NotFound("indicator", mending="`GET /api/v1/indicators` lists them.")


def uptake_of(
    work: Work, period: Period, bydel: BydelNumber | None = None, drawn: Map = Map.THEN
) -> UptakeReport:
    """Uptake and reach of the families identified in *period*: of all bydeler or one, and the city.

    They are of the newest release, and small numbers are hidden, alike in every answer that holds
    them. A bydel without families has zeros and no share; a year that no release holds, nothing.
    On today's map, a bydel that has ground of one that was cut has nothing for the years before.

    Raises:
        NotAllowed: the actor's role reads no figures.
        NotFound: there was no such bydel in the period, or is none today, by the map.
        RuleBroken: ``period-in-future``.
    """
    _require_reader(work)
    if period.first_month > work.today:
        raise RuleBroken("period-in-future", "The period has not begun yet.", pointer="/period")
    known = _bydeler_of(work, period, drawn)
    if bydel is not None and bydel not in known:
        raise NotFound("bydel")
    asked = sorted(known) if bydel is None else [bydel]
    first, last = period.first_month.year, period.last_month.year
    newest = archive.newest_day(work.session, ["uptake"])
    if newest is None or last > newest[0].year:
        *lines, city = hidden(asked)
    else:
        found = of_years(work.session, Wanted("uptake", first, last), newest)
        if drawn is Map.NOW:
            found = [_redrawn(work, one, sorted(known)) for one in found]
        *lines, city = published(found, asked)
    released, behind = (None, ()) if newest is None else newest
    return UptakeReport(period, tuple(lines), city, released, behind)


def volume(work: Work, years: Sequence[int]) -> list[Volume]:
    """Families visited and counted visits in each of *years*, and last from the first to the last.

    They are counted now and not released, so nobody but the programme reads them: to hold a city
    against published figures.

    Raises:
        NotAllowed: the actor is a person.
        RuleBroken: there is no such year, or none at all.
    """
    if work.actor.role is not Role.SYSTEM:
        raise NotAllowed("Figures that were not released are nobody's to read.")
    if not years:
        raise RuleBroken("period-not-published", "Name at least one year.", pointer="/years")
    first, last = min(years), max(years)
    whole = Period.years(first, last)
    found = store.volumes(work.session, whole.first_month, whole.last_month)
    spans = [(year, year, year) for year in years] + [(first, last, None)]
    return [Volume(start, end, *map(_shown, found.get(key, (0, 0)))) for start, end, key in spans]


def begin_release(work: Work) -> None:
    """Wait for whoever releases figures just now; others wait until this work is over.

    Facts are counted after it, so that no release has counted earlier than the one before it.

    Raises:
        sqlalchemy.exc.DBAPIError: another release goes on for longer than this work waits.
    """
    archive.lock(work.session)


def release(work: Work, facts: Session, behind: Sequence[Behind]) -> int:
    """Release all figures as of now, and say how many sheets are not what they were.

    Args:
        work: Where sheets are written. Whoever releases figures meanwhile waits for it.
        facts: Where facts are counted; it must see them as they are at one instant.
        behind: How complete they are, bydel by bydel, and last the city.

    Raises:
        NotAllowed: the actor is a person.
        ValueError: the counts do not add up.
    """
    if work.actor.role is not Role.SYSTEM:
        raise NotAllowed("Figures are released by the programme itself.")
    return releasing.release(work.session, facts, work.today, behind)


def sheet(
    work: Work,
    tabulation_id: str,
    year: int,
    area: BydelNumber | None = None,
    revision: int | None = None,
) -> Sheet:
    """A tabulation of one year and area as it was released last, or as a revision of it was.

    Where nothing has been counted it has zeros.

    Raises:
        NotAllowed: the actor's role does not read it.
        NotFound: there is no such tabulation, area or revision, or it was not released yet.
    """
    _tabulation(work, tabulation_id, area)
    if revision is None:
        return sheets(work, tabulation_id, year, year, area)[0]
    found = archive.revision(work.session, tabulation_id, year, area, revision)
    if found is None:
        raise NotFound("revision")
    return replace(found, behind=archive.behind_on(work.session, found.released))


def sheets(
    work: Work,
    tabulation_id: str,
    first_year: int,
    last_year: int,
    area: BydelNumber | None = None,
) -> list[Sheet]:
    """A tabulation of each of some years as it was released last, oldest first.

    Raises:
        NotAllowed: the actor's role does not read it.
        NotFound: there is no such tabulation or area, or a year was not released yet.
    """
    return sheets_wanted(work, Wanted(tabulation_id, first_year, last_year, area))


def sheets_wanted(work: Work, wanted: Wanted) -> list[Sheet]:
    """The same, or as it was read on an earlier day: the earlier revisions, oldest year first.

    Raises:
        NotAllowed: the actor's role does not read it.
        NotFound: there is no such tabulation or area, or a year was not released by then.
    """
    tabulation = _tabulation(work, wanted.tabulation, wanted.area)
    if wanted.first_year < first_year_of(tabulation):
        raise NotFound("release")
    return of_years(work.session, wanted)


def sheets_of(
    work: Work,
    tabulations: Sequence[str],
    first_year: int,
    last_year: int,
    area: BydelNumber | None = None,
) -> dict[str, list[Sheet]]:
    """Several tabulations at once, each of those of the years that were released, oldest first.

    One that was released for none of them is left out.

    Raises:
        NotAllowed: the actor's role does not read one of them.
        NotFound: there is no such tabulation or area.
    """
    for one in tabulations:
        _tabulation(work, one, area)
    return of_several(work.session, tabulations, first_year, last_year, area)


def revisions(
    work: Work, tabulation_id: str, year: int, area: BydelNumber | None = None
) -> list[Revision]:
    """Each time that a sheet became different, oldest first.

    Raises:
        NotAllowed: the actor's role does not read it.
        NotFound: there is no such tabulation or area.
    """
    _tabulation(work, tabulation_id, area)
    return archive.revisions(work.session, tabulation_id, year, area)


def newest_releases(work: Work) -> dict[str, date]:
    """The newest day of each tabulation that has been released.

    Raises:
        NotAllowed: the actor's role reads no figures.
    """
    _require_reader(work)
    return archive.newest_days(work.session)


def rebuild_projections(work: Work) -> None:
    """Write again, from the facts alone, all that they add up to. Whoever tells a fact waits."""
    rebuild.rebuild(work.session)


def drift(work: Work) -> int:
    """How many rows are not what the facts add up to: 0, or something is wrong."""
    return sum(differences(work).values())


def differences(work: Work) -> dict[str, int]:
    """The same, table by table."""
    return rebuild.differences(work.session)


def mix(work: Work) -> int:
    """Lay the rows in random order, and say how many facts; a nightly job's (docs/adr/0008)."""
    return rebuild.mix(work.session, month_of(work.today))


def _hear(work: Work, event: Heard) -> None:
    ledger.write(work.session, event, month_of(work.today))


def _tabulation(work: Work, tabulation_id: str, area: BydelNumber | None) -> Tabulation:
    """The tabulation, if the actor may read it and it has such an area."""
    tabulation = BY_ID.get(tabulation_id)
    if tabulation is None:
        raise NotFound("tabulation")
    readers = READERS if tabulation_id == "uptake" else READERS - {Role.NURSE}
    if work.actor.role not in readers:
        raise NotAllowed("Your role does not read these figures.")
    if (area is not None) != (tabulation.by is By.TERTIAL):
        raise NotFound("area")
    return tabulation


def _require_reader(work: Work) -> None:
    if work.actor.role not in READERS:
        raise NotAllowed("Your role does not read the programme's figures.")


def is_redrawn(work: Work, period: Period) -> bool:
    """Whether today's map of the bydeler is another one than that of some day of a period."""
    known, today = boundaries(work.session), work.today
    first, last = period.first_month, min(_end(period), today)
    then = {one.number for day in (first, last) for one in known.bydeler_on(day)}
    now = {one.number for one in known.bydeler_on(today)}
    return then != now or any(known.lies_in(one, first, last, today) - {one} for one in then)


def _redrawn(work: Work, sheet: Sheet, today: Sequence[BydelNumber]) -> Sheet:
    """A sheet on today's map."""
    year, known = Period.year(sheet.year), boundaries(work.session)
    ends = year.first_month, min(_end(year), work.today)
    return redrawn(sheet, today, lambda bydel: known.lies_in(bydel, *ends, work.today))


def _bydeler_of(work: Work, period: Period, drawn: Map) -> set[BydelNumber]:
    """Every bydel that there was when the period began or ends, or that there is today."""
    days = (work.today,) if drawn is Map.NOW else (period.first_month, _end(period))
    return {found.number for day in days for found in bydeler(work.session, day)}


def _end(period: Period) -> date:
    return period.last_month + timedelta(days=30)


def _shown(count: int) -> int | None:
    return None if is_small(count) else count
