"""The report of a bydel or of Oslo, read from what was released; for leads and planners."""

from __future__ import annotations

from nyefamilier.bydeler.service import bydeler
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work
from nyefamilier.uptake import reporting, service
from nyefamilier.uptake.releasing import FIRST_YEAR
from nyefamilier.uptake.reporting import OSLO, Part, Report, ReportPeriod
from nyefamilier.uptake.sheets import Sheet


def report(work: Work, place: str, period: ReportPeriod) -> Report:
    """A bydel's report of a period that is over, or Oslo's of a year, as it was released last.

    Args:
        work: Whose question it is.
        place: A bydel's number, or `reporting.OSLO`.
        period: The year or tertial.

    Raises:
        NotAllowed: the actor's role reads no such figures.
        NotFound: there was no such bydel in the period, or nothing has been released yet.
        RuleBroken: ``period-in-future``, ``period-not-over``, ``period-not-published``.
    """
    reporting.require_over(period, FIRST_YEAR, work.today)
    known = {one.number for one in bydeler(work.session, period.last_day)}
    if place not in {OSLO, *known}:
        raise NotFound("bydel", pointer="/bydel")
    number = None if place == OSLO else BydelNumber(place)
    reporting.require_published(number, period)

    tertials = number if period.part is not Part.YEAR else None
    uptake = "uptake" if tertials is None else "uptake_by_tertial"
    first = service.sheet(work, uptake, period.year, tertials)
    return reporting.report(number, period, first, _released(work, period.year).get)


def _released(work: Work, year: int) -> dict[str, Sheet]:
    """The tables; without those of which nothing has been released, which is not nobody."""
    every = service.sheets_of(work, reporting.TABULATIONS, year, year)
    return {name: sheet for name, (sheet,) in every.items() if sheet.revision}


def periods(work: Work) -> list[ReportPeriod]:
    """The years and tertials that are over, the newest first."""
    last = work.today.year
    every = [
        ReportPeriod(year, part)
        for year in range(last, FIRST_YEAR - 1, -1)
        for part in (Part.YEAR, Part.T3, Part.T2, Part.T1)
    ]
    return [one for one in every if one.last_day < work.today]
