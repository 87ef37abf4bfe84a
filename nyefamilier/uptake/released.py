"""Reads what was released, year by year; of a year in which nobody was counted, zeros."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake import archive, releasing
from nyefamilier.uptake.archive import Newest
from nyefamilier.uptake.sheets import Behind, Sheet, Wanted
from nyefamilier.uptake.tabulations import BY_ID, Tabulation


def of_years(session: Session, wanted: Wanted, newest: Newest | None = None) -> list[Sheet]:
    """The sheets of some years; of a year without families, one that says so.

    Args:
        session: Where they are read.
        wanted: Which they are.
        newest: The release that they are of, if it has been looked up already.

    Raises:
        NotFound: a year was not released yet, or not by the day that is asked about.
    """
    tabulation = BY_ID[wanted.tabulation]
    newest = newest or archive.newest_day(session, [tabulation.id], wanted.on)
    years = range(wanted.first_year, wanted.last_year + 1)
    if newest is None or not years or wanted.last_year > newest[0].year:
        raise NotFound("release")
    return _filled(session, tabulation, years, wanted.area, *newest, _kept(session, wanted))


def of_several(
    session: Session,
    tabulations: Sequence[str],
    first_year: int,
    last_year: int,
    area: BydelNumber | None,
) -> dict[str, list[Sheet]]:
    """The sheets of several tabulations, each of those of the years that were released.

    They were released together, so two questions find them all; a tabulation that the last
    releases did not have is asked for alone. One of which there is no sheet is left out.
    """
    newest = archive.newest_day(session, tabulations)
    if newest is None:
        alone = tabulations if len(tabulations) > 1 else ()
        each = [of_several(session, [one], first_year, last_year, area) for one in alone]
        return {name: sheets for one in each for name, sheets in one.items()}
    day, behind = newest
    kept = archive.sheets(session, tabulations, first_year, last_year, area)
    found: dict[str, list[Sheet]] = {}
    for tabulation in (BY_ID[one] for one in tabulations):
        years = range(max(first_year, first_year_of(tabulation)), min(last_year, day.year) + 1)
        own = [one for one in kept if one.tabulation == tabulation.id]
        if years:
            found[tabulation.id] = _filled(session, tabulation, years, area, day, behind, own)
    return found


def first_year_of(tabulation: Tabulation) -> int:
    """The first year that it is released for."""
    return max(releasing.FIRST_YEAR, tabulation.since)


def _filled(  # noqa: PLR0913, PLR0917 - what a sheet of zeros has, and those that are there
    session: Session,
    tabulation: Tabulation,
    years: range,
    area: BydelNumber | None,
    day: date,
    behind: Sequence[Behind],
    kept: Sequence[Sheet],
) -> list[Sheet]:
    by_year = {one.year: one.as_complete_as(behind) for one in kept}
    return [
        by_year.get(year) or releasing.empty(session, tabulation, year, area, day, behind)
        for year in years
    ]


def _kept(session: Session, wanted: Wanted) -> list[Sheet]:
    if wanted.on is not None:
        return archive.sheets_on(session, wanted, wanted.on)
    years = wanted.first_year, wanted.last_year
    return archive.sheets(session, [wanted.tabulation], *years, wanted.area)
