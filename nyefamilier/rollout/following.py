"""Holds a decided plan against what happened since, and lets planners tell of årsverk.

Families and visits are read off the figures that were released, with what they hide. Årsverk nobody
counts: an account says who may sign in and not who is paid for what (docs/adr/0014).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, TypeGuard
from uuid import UUID

from nyefamilier.bydeler.service import bydeler
from nyefamilier.kernel.errors import Conflict, RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.rollout import service, store
from nyefamilier.rollout.months import Month
from nyefamilier.rollout.outcomes import (
    Actual,
    Measure,
    Outcome,
    Standing,
    ToldArsverk,
    band_of,
    newest_told,
    standing,
    together,
)
from nyefamilier.rollout.plan import Observed, Plan, Programme
from nyefamilier.rollout.replanning import replanned
from nyefamilier.rollout.states import Version, Whole
from nyefamilier.rollout.tables import ArsverkRow
from nyefamilier.rollout.writing import toml_of
from nyefamilier.storage.work import Work
from nyefamilier.uptake import service as uptake
from nyefamilier.uptake.releasing import FIRST_YEAR
from nyefamilier.uptake.sheets import AREA, Behind, Sheet

RELEASED: Final[Mapping[Measure, tuple[str, str]]] = {
    Measure.ACCEPTED: ("uptake", "accepted"),
    Measure.VISITED: ("families_visited", "families"),
    Measure.VISITS: ("visits", "at_least_an_hour"),
}
"""Where each figure is released: in which tabulation, in which column."""
MOST_ARSVERK: Final = 1000.0
LONGEST_SOURCE: Final = 2000


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A decided plan beside what happened.

    Args:
        whole: The version.
        plan: What it is.
        computed_anew: Whether the plan's bands are of today's model, since a version of its age
            kept none bydel by bydel.
        released: The day of the newest release; None before the first.
        behind: How complete its figures were, bydel by bydel, and last the city.
        outcomes: Year by year, figure by figure; first the plan's bydeler, last all of them.
        told: All that was told of årsverk, in that order.
    """

    whole: Whole
    plan: Plan
    computed_anew: bool
    released: date | None
    behind: Sequence[Behind]
    outcomes: tuple[Outcome, ...]
    told: tuple[ToldArsverk, ...]


def follow_up(work: Work, plan_id: UUID, number: int) -> FollowUp:
    """A decided version beside what happened in its years.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such version.
        Conflict: ``plan-not-decided``.
        PlanRefused: the version was saved when less was asked of a document.
    """
    whole = decided(work, plan_id, number)
    plan = service.read(whole.document)
    figures, anew = _figures(whole, plan)
    told = tuple(store.told_arsverk(work.session, plan_id))
    sheets = released_sheets(work, plan)
    newest = next((years[max(years)] for years in sheets.values() if years), None)
    return FollowUp(
        whole,
        plan,
        anew,
        None if newest is None else newest.released,
        () if newest is None else newest.behind,
        tuple(_outcomes(work, plan, figures, _Happened(plan, sheets, newest_told(told)))),
        told,
    )


def tell_arsverk(  # noqa: PLR0913, PLR0917 - what is told has so many parts
    work: Work,
    plan_id: UUID,
    told_id: UUID,
    bydel: BydelNumber | None,
    year: int,
    arsverk: float,
    source: str,
) -> ToldArsverk:
    """Keep how many årsverk there were in a year. What is told last counts; nothing is lost.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such plan.
        RuleBroken: ``period-in-future``, ``unknown-bydel``, ``arsverk-out-of-range``.
        Conflict: ``id-taken``.
    """
    service.plan(work, plan_id)
    _check(work, bydel, year, arsverk)
    row = work.session.get(ArsverkRow, told_id)
    if row is None:
        row = ArsverkRow(id=told_id, plan_id=plan_id, bydel=bydel, year=year, arsverk=arsverk)
        row.source, row.told_at, row.told_by = source, work.now, work.actor.id
        work.session.add(row)
        work.session.flush()
    before = row.plan_id, row.bydel, row.year, row.arsverk, row.source
    if before != (plan_id, bydel, year, arsverk, source):
        raise Conflict("id-taken", "Something else was told under this id. Make a new UUID.")
    return store.told(row)


def anew(work: Work, plan_id: UUID, number: int) -> str:
    """The document of a decided version, planned anew from this month on.

    What has started stays; of each bydel that has, the released offers and answers of the years
    that are over are put into what was observed, so that its uptake is learned from them. A year
    that hides one of the two counts is left out.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such version.
        Conflict: ``plan-not-decided``.
        PlanRefused: the version was saved when less was asked of a document.
    """
    whole = decided(work, plan_id, number)
    plan = service.read(whole.document)
    today = Month(work.today.year, work.today.month)
    sheets = released_sheets(work, plan)["uptake"]
    waves = [one for one in plan.waves_of(Programme.NYE_FAMILIER) if one.start < today]
    seen = [one for wave in waves if (one := _seen(wave.bydel, sheets)) is not None]
    opened = min(max(today, plan.begins), plan.ends)
    return toml_of(replanned(tomllib.loads(whole.document), opened, seen))


def plan_anew(work: Work, plan_id: UUID, number: int, version_id: UUID, base: int) -> Version:
    """Keep a decided version, planned anew from this month on, as a new draft.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such version.
        Conflict: ``plan-not-decided``, ``id-taken``.
        PlanRefused: the version was saved when less was asked of a document.
        StaleVersion: something was done to the plan since.
    """
    document = anew(work, plan_id, number)
    return service.save_version(work, plan_id, version_id, base, document)


def decided(work: Work, plan_id: UUID, number: int) -> Whole:
    """A version that was decided; it may have been put away since.

    Raises:
        NotAllowed: the actor is no planner.
        NotFound: there is no such version.
        Conflict: ``plan-not-decided``.
    """
    whole = service.version(work, plan_id, number)
    if whole.version.decided is None:
        why = "Nobody has decided on this version, so nothing follows it. Decide on it first."
        raise Conflict("plan-not-decided", why)
    return whole


def released_sheets(work: Work, plan: Plan) -> dict[str, dict[int, Sheet]]:
    """The sheets of a plan's years by tabulation and year, as far as any were released."""
    newest = uptake.newest_releases(work)
    found: dict[str, dict[int, Sheet]] = {}
    for tabulation in {tabulation for tabulation, _ in RELEASED.values()}:
        first = max(FIRST_YEAR, plan.years[0])
        last = min(plan.years[-1], newest[tabulation].year) if tabulation in newest else first - 1
        sheets = uptake.sheets(work, tabulation, first, last) if first <= last else []
        found[tabulation] = {one.year: one for one in sheets}
    return found


def actual_of(sheet: Sheet | None, line: str, column: str) -> Actual | None:
    """A released count; None where nothing has been counted that year."""
    if sheet is None or not sheet.revision or line not in sheet.lines:
        return None
    shown = sheet.lines[line][column]
    return Actual(shown.value, shown.held_since or sheet.released, sheet.revision)


@dataclass(frozen=True, slots=True)
class _Happened:
    """What is known of what happened."""

    plan: Plan
    sheets: Mapping[str, Mapping[int, Sheet]]
    told: Mapping[tuple[int, BydelNumber | None], ToldArsverk]

    def actual(self, measure: Measure, year: int, bydel: BydelNumber) -> Actual | None:
        """What happened in one bydel."""
        if measure is Measure.ARSVERK:
            told = self.told.get((year, bydel))
            return None if told is None else Actual(told.arsverk)
        tabulation, column = RELEASED[measure]
        return actual_of(self.sheets[tabulation].get(year), bydel, column)

    def of_all(
        self, measure: Measure, year: int, ours: Sequence[BydelNumber], *, whole_city: bool
    ) -> Actual | None:
        """What happened in all of a plan's bydeler; the city's own figure where those are all."""
        if whole_city and measure is not Measure.ARSVERK:
            tabulation, column = RELEASED[measure]
            return actual_of(self.sheets[tabulation].get(year), AREA, column)
        if whole_city and (year, None) in self.told:
            return Actual(self.told[year, None].arsverk)
        return together([self.actual(measure, year, one) for one in ours])


def _seen(bydel: BydelNumber, sheets: Mapping[int, Sheet]) -> Observed | None:
    """What a bydel's families have answered in the years that are over, as far as it is shown."""
    offered = accepted = 0
    years: list[int] = []
    for year, sheet in sorted(sheets.items()):
        counts = [actual_of(sheet, bydel, column) for column in ("offered", "accepted")]
        values = [one.value for one in counts if _is_over(one, year) and one.value is not None]
        if len(values) == len(counts) and values[0]:
            offered, accepted = offered + int(values[0]), accepted + int(values[1])
            years.append(year)
    if not years:
        return None
    last = sheets[years[-1]]
    told = ", ".join(map(str, years))
    source = f"the programme's released figures of {last.released}: families of {told}"
    return Observed(bydel, offered, min(accepted, offered), source)


def _is_over(actual: Actual | None, year: int) -> TypeGuard[Actual]:
    return actual is not None and actual.as_of is not None and actual.as_of.year > year


def _outcomes(
    work: Work, plan: Plan, figures: Mapping[str, Any], happened: _Happened
) -> Iterator[Outcome]:
    waves = sorted(plan.waves_of(Programme.NYE_FAMILIER), key=lambda one: one.bydel)
    # A plan that ends on another map has the bydeler of today's beside those of the other.
    planned = {one["bydel"]: one for one in (*figures["bydeler"], *figures.get("other_map", ()))}
    at_first = _administered(work, plan.first_month.year)
    for at, whole in enumerate(figures["years"]):
        year = whole["year"]
        if year > work.today.year:
            return
        ours = [wave.bydel for wave in waves if wave.start.year <= year]
        is_city = at_first <= set(ours) or _administered(work, year) <= set(ours)
        for measure in Measure:
            judged = partial(standing, measure, year, is_whole=plan.ends.year > year)
            for bydel in ours:
                band = planned[bydel]["years"][at][measure.value]
                told = happened.told.get((year, bydel)) if measure is Measure.ARSVERK else None
                actual = happened.actual(measure, year, bydel)
                yield _outcome(measure, year, bydel, band, actual, judged, told)
            actual = happened.of_all(measure, year, ours, whole_city=is_city)
            told = happened.told.get((year, None)) if measure is Measure.ARSVERK else None
            yield _outcome(measure, year, None, whole[measure.value], actual, judged, told)


def _outcome(  # noqa: PLR0913, PLR0917 - an outcome has so many parts
    measure: Measure,
    year: int,
    bydel: BydelNumber | None,
    told_band: Mapping[str, Any],
    actual: Actual | None,
    judged: Callable[..., Standing],
    told: ToldArsverk | None,
) -> Outcome:
    band = band_of(told_band)
    return Outcome(measure, year, bydel, band, actual, judged(band, actual), told)


def _figures(whole: Whole, plan: Plan) -> tuple[Mapping[str, Any], bool]:
    """What the version gave, bydel by bydel; one that kept less is computed anew."""
    kept = whole.figures
    told = (*kept["bydeler"], *kept.get("other_map", ()))
    if all("years" in one for one in told) and "arsverk" in kept["years"][0]:
        return kept, False
    return service.figures_of(plan, kept["draws"], kept["seed"]), True


def _administered(work: Work, year: int) -> set[BydelNumber]:
    """The bydeler with an administration of their own at the year's end."""
    return {one.number for one in bydeler(work.session, date(year, 12, 31)) if one.administered}


def _check(work: Work, bydel: BydelNumber | None, year: int, arsverk: float) -> None:
    if not FIRST_YEAR <= year <= work.today.year:
        why = f"Tell of a year from {FIRST_YEAR} to {work.today.year}."
        raise RuleBroken("period-in-future", why, pointer="/year")
    if bydel is not None and bydel not in _administered(work, year):
        why = "There was no such bydel at the year's end, or it is served by another."
        raise RuleBroken("unknown-bydel", why, pointer="/bydel")
    if not (math.isfinite(arsverk) and 0 <= arsverk <= MOST_ARSVERK):
        why = f"Write a number from 0 to {MOST_ARSVERK:g}."
        raise RuleBroken("arsverk-out-of-range", why, pointer="/arsverk")
