"""What each figure of a plan comes of: how it is worked out, which assumptions, which parts of it.

Every number on a plan's pages links to one of these, and each of these names its sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.web.formats import decimal, number
from api.web.rollout.part import Names
from api.web.rollout.words import MONEY, REACH, WORKLOAD, millions, month_words
from api.web.texts import LazyText, _, _l
from nyefamilier.rollout.plan import Plan


class Place(StrEnum):
    """A part of the document that has sources of its own."""

    WAVES = "waves"
    STAFFING = "staffing"
    BUDGET = "budget"
    BIRTHS = "births"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a figure comes of.

    Args:
        name: What the figure is.
        how: How it is worked out.
        assumptions: Those that it comes of.
        places: The parts of the document that it comes of.
        sources: Where it is from besides.
    """

    name: LazyText
    how: LazyText
    assumptions: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    sources: tuple[LazyText, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its assumptions, each once."""
        return tuple(dict.fromkeys(self.assumptions))


_NURSES: Final = ("turnover", "leave_share")
_FLOW: Final = (Place.WAVES, Place.STAFFING, Place.BIRTHS, Place.OBSERVED)
_FAMILIES: Final = (*REACH, *WORKLOAD)
_CATALOGUE: Final = _l(
    "The programme's own facts, as they were released: the catalogue of indicators says what is "
    "counted, and small numbers are hidden."
)

GROUNDS: Final[Mapping[str, Ground]] = {
    "start": Ground(
        _l("Start"),
        _l("The month in which families are first offered the programme, as the plan has it."),
        places=(Place.WAVES,),
    ),
    "first_possible": Ground(
        _l("First possible start"),
        _l("The month in which the bydel's first posts were decided, and the months that hiring "
           "and preparing take."),
        places=(Place.STAFFING, Place.WAVES),
    ),
    "wait_from": Ground(
        _l("Families wait from"),
        _l("The first month in which more families have said yes than the nurses reach, when all "
           "is as it is assumed."),
        _FAMILIES,
        _FLOW,
    ),
    "families": Ground(
        _l("Families"),
        _l("Births three months later, by bydel; the share of them that may join; the share who "
           "say yes; as many as the nurses reach. Some leave, some move, and at two years it is "
           "over."),
        _FAMILIES,
        _FLOW,
    ),
    "visits": Ground(
        _l("Visits"),
        _l("The families that are followed, times the visits of the phase that each is in. What a "
           "month has no nurse's hours for is made later."),
        _FAMILIES,
        _FLOW,
    ),
    "waiting": Ground(
        _l("Families waiting"),
        _l("Families that have said yes, less those whom the nurses reach, less those who have "
           "given up waiting."),
        _FAMILIES,
        _FLOW,
    ),
    "there": Ground(
        _l("Årsverk there"),
        _l("The posts of the plan when they are filled, less those that are vacant because "
           "somebody left, less nurses on leave."),
        _NURSES,
        (Place.STAFFING,),
    ),
    "needed": Ground(
        _l("Årsverk needed"),
        _l("The visits that there would be if nobody waited, times the minutes of a visit, divided "
           "by the hours that an årsverk has for visits."),
        _FAMILIES,
        (Place.WAVES, Place.BIRTHS, Place.OBSERVED),
    ),
    "strain": Ground(
        _l("Årsverk needed of those that are there"),
        _l("The year's årsverk needed, divided by those that are there."),
        _FAMILIES,
        _FLOW,
    ),
    "cost": Ground(
        _l("Cost"),
        _l("Posts that are filled, visits, interpreters, and a sum for each start, at the prices "
           "of the year."),
        (*MONEY, *_FAMILIES),
        _FLOW,
    ),
    "nurses_cost": Ground(
        _l("Cost of nurses"),
        _l("Posts that are filled, times the cost of an årsverk at the prices of the year."),
        ("cost_per_arsverk", "price_growth", "turnover"),
        (Place.STAFFING,),
    ),
    "visits_cost": Ground(
        _l("Cost of visits"),
        _l("Visits, times what a visit costs besides the nurse, at the prices of the year."),
        ("cost_per_visit", "price_growth", *_FAMILIES),
        _FLOW,
    ),
    "interpreters_cost": Ground(
        _l("Cost of interpreters"),
        _l("Visits, times the share with an interpreter, times what an interpreter costs."),
        ("cost_per_interpreted_visit", "interpreter_share", "price_growth", *_FAMILIES),
        _FLOW,
    ),
    "starting_cost": Ground(
        _l("Cost of starting"),
        _l("A sum for each bydel in the year in which it starts."),
        ("cost_of_starting", "price_growth"),
        (Place.WAVES,),
    ),
    "budget": Ground(
        _l("Budget"),
        _l("The budget lines of the year and of the years before, at the prices of the year."),
        ("price_growth",),
        (Place.BUDGET,),
    ),
    "missing": Ground(
        _l("Missing"),
        _l("The expected cost less the budget, where that is more than nothing."),
        (*MONEY, *_FAMILIES),
        (Place.BUDGET, *_FLOW),
    ),
    "alone": Ground(
        _l("What an assumption alone does"),
        _l("The plan is computed with this assumption at the value that one draw in ten lies "
           "below, and at the one that one in ten lies above; all else is as assumed."),
        _FAMILIES,
        _FLOW,
    ),
    "births": Ground(
        _l("Births that the plan counts on"),
        _l("As the plan has them; how they fall on the bydeler is an estimate."),
        ("births_factor",),
        (Place.BIRTHS,),
    ),
    "happened_accepted": Ground(
        _l("Families that said yes, as it happened"),
        _l("Families that became known in the year, were offered the programme and have said yes."),
        sources=(_CATALOGUE,),
    ),
    "happened_visited": Ground(
        _l("Families with a visit, as it happened"),
        _l("Families with at least one visit of the programme in the year, in the bydel of the "
           "last one."),
        sources=(_CATALOGUE,),
    ),
    "happened_visits": Ground(
        _l("Visits, as it happened"),
        _l("Visits of the programme in the year that lasted at least an hour."),
        sources=(_CATALOGUE,),
    ),
    "happened_arsverk": Ground(
        _l("Årsverk, as they were told"),
        _l("The mean of a year, as a planner has told it. Nothing in the programme knows årsverk."),
        sources=(_l("What each planner named as the source; the follow-up lists all of it."),),
    ),
}  # fmt: skip


def named_sources(plan: Plan, place: Place, names: Names) -> Iterator[tuple[str, str]]:
    """What a part of the document says, row by row, each with its source."""
    match place:
        case Place.WAVES:
            for wave in plan.waves:
                name = names.get(wave.bydel, wave.bydel)
                yield f"{name}, {month_words(wave.start)}", _labelled(wave.source, wave.label)
        case Place.STAFFING:
            for row in plan.hirings:
                name = names.get(row.bydel, row.bydel)
                told = _("%(bydel)s: %(arsverk)s årsverk, decided %(month)s", bydel=name,
                         arsverk=decimal(row.arsverk), month=month_words(row.decided))  # fmt: skip
                yield told, row.source
        case Place.BUDGET:
            for line in plan.budget:
                nok = millions(line.nok * 100)
                told = _("%(year)s: %(line)s, %(nok)s million kroner", year=line.year,
                         line=line.name, nok=nok)  # fmt: skip
                yield told, line.source
        case Place.BIRTHS:
            label = _("estimate") if plan.births.is_estimate else ""
            years = [f"{year}: {number(one)}" for year, one in plan.births.city.items()]
            yield " · ".join(years), _labelled(plan.births.source, label)
        case Place.OBSERVED:
            for seen in plan.observed:
                name = names.get(seen.bydel, seen.bydel)
                told = _("%(bydel)s: %(accepted)s of %(offered)s said yes", bydel=name,
                         accepted=number(seen.accepted), offered=number(seen.offered))  # fmt: skip
                yield told, seen.source


def place_words(place: Place) -> str:
    """What a part of the document is called."""
    return {
        Place.WAVES: _("When each bydel starts"),
        Place.STAFFING: _("Posts"),
        Place.BUDGET: _("Budget lines"),
        Place.BIRTHS: _("Births"),
        Place.OBSERVED: _("What families have answered so far"),
    }[place]


def _labelled(source: str, label: str) -> str:
    return f"{source} ({label})" if label else source
