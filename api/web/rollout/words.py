"""What a plan's parts are called: assumptions, units, lines of cost, states, months, money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from api.web.formats import decimal, number
from api.web.rollout.sources import SOURCES
from api.web.texts import LazyText, _, _l, format_date, format_decimal
from nyefamilier.rollout.assumptions import Shape, Unit
from nyefamilier.rollout.budgets import CostLine
from nyefamilier.rollout.months import Month, read_month
from nyefamilier.rollout.reading import packaged_assumptions
from nyefamilier.rollout.states import VersionState

ASSUMPTIONS: Final[Mapping[str, LazyText]] = {
    "births_factor": _l("Births, against those that the plan counts on"),
    "first_birth_factor": _l("First births, against the estimate of each bydel"),
    "first_together_share": _l("The couple's first child together, of other births"),
    "first_in_norway_share": _l("First child in Norway, of other births"),
    "extended_need_share": _l("Extended need, of other births"),
    "uptake": _l("Share who say yes"),
    "uptake_between_bydeler": _l("How much bydeler differ in who says yes"),
    "nfp_share": _l("Families followed by Sammen på vei (NFP) instead"),
    "visits_pregnancy": _l("Visits in pregnancy"),
    "visits_newborn": _l("Visits in the first month"),
    "visits_first_half_year": _l("Visits in the rest of the first half-year"),
    "visits_second_half_year": _l("Visits in the second half-year"),
    "visits_second_year": _l("Visits in the second year"),
    "visits_factor": _l("Visits, against those of each phase"),
    "minutes_visit": _l("Minutes of a visit"),
    "minutes_travel": _l("Minutes on the way"),
    "minutes_notes": _l("Minutes of notes"),
    "minutes_interpreter": _l("Minutes more with an interpreter"),
    "interpreter_share": _l("Visits with an interpreter"),
    "supervision_share": _l("Time for supervision"),
    "moves_between_bydeler": _l("Families who move to another bydel"),
    "moves_out_of_the_city": _l("Families who leave the city"),
    "withdrawals": _l("Families who withdraw"),
    "hours_per_arsverk": _l("Hours of an årsverk"),
    "holiday_in_july": _l("Days off that nurses take in July"),
    "programme_share": _l("The programme's share of those hours"),
    "leave_share": _l("Nurses on leave"),
    "turnover": _l("Nurses who leave their post"),
    "cost_per_arsverk": _l("Cost of an årsverk"),
    "cost_per_visit": _l("Cost of a visit besides the nurse"),
    "cost_per_interpreted_visit": _l("Cost of an interpreter for a visit"),
    "cost_of_starting": _l("Cost of starting in a bydel"),
    "price_growth": _l("Growth of prices"),
}
UNITS: Final[Mapping[Unit, LazyText]] = {
    Unit.SHARE: _l("share"),
    Unit.SHARE_PER_YEAR: _l("share per year"),
    Unit.FACTOR: _l("factor"),
    Unit.VISITS: _l("visits per family"),
    Unit.MINUTES: _l("minutes"),
    Unit.HOURS_PER_YEAR: _l("hours per year"),
    Unit.NOK: _l("kroner"),
    Unit.NOK_PER_YEAR: _l("kroner per year"),
}
LINES: Final[Mapping[CostLine, LazyText]] = {
    CostLine.NURSES: _l("Nurses"),
    CostLine.VISITS: _l("Visits"),
    CostLine.INTERPRETERS: _l("Interpreters"),
    CostLine.STARTING: _l("Starting"),
}
STATES: Final[Mapping[VersionState, LazyText]] = {
    VersionState.DRAFT: _l("Draft"),
    VersionState.DECIDED: _l("Decided on"),
    VersionState.ARCHIVED: _l("Put away"),
}

REACH: Final = (
    "births_factor", "first_birth_factor", "first_together_share", "first_in_norway_share",
    "extended_need_share", "uptake", "uptake_between_bydeler", "nfp_share",
    "moves_between_bydeler", "moves_out_of_the_city", "withdrawals",
)  # fmt: skip
WORKLOAD: Final = (
    "visits_pregnancy", "visits_newborn", "visits_first_half_year", "visits_second_half_year",
    "visits_second_year", "visits_factor", "minutes_visit", "minutes_travel", "minutes_notes",
    "minutes_interpreter", "interpreter_share", "supervision_share", "hours_per_arsverk",
    "holiday_in_july", "programme_share", "leave_share", "turnover",
)  # fmt: skip
MONEY: Final = (
    "cost_per_arsverk", "cost_per_visit", "cost_per_interpreted_visit", "interpreter_share",
    "cost_of_starting", "price_growth",
)  # fmt: skip


def assumption_words(name: str) -> str:
    """What an assumption is called."""
    return str(ASSUMPTIONS.get(name, name))


def source_words(name: str, source: str) -> str:
    """Where an assumption is from; in the reader's language where the programme wrote it."""
    known = SOURCES.get(name)
    is_ours = known is not None and packaged_assumptions()[name].source == source
    return str(known) if is_ours else source


def value_words(told: Mapping[str, Any]) -> str:
    """An assumption's value with its unit."""
    unit = Unit(told["unit"])
    return f"{plain(told['value'])} {UNITS[unit]}"


def spread_words(told: Mapping[str, Any]) -> str:
    """How an assumption's value may differ."""
    shape = told["distribution"]
    values = {name: plain(shape[name]) for name in ("low", "high", "spread")}
    match Shape(shape["shape"]):
        case Shape.FIXED:
            return _("Always this value.")
        case Shape.UNIFORM:
            return _("Anything from %(low)s to %(high)s alike (uniform).", **values)
        case Shape.TRIANGULAR:
            return _(
                "From %(low)s to %(high)s, most likely the value above (triangular).", **values
            )
        case Shape.NORMAL:
            return _("Around the value with standard deviation %(spread)s (normal).", **values)
        case Shape.LOGNORMAL:
            return _(
                "Around the value; the standard deviation of its logarithm is %(spread)s "
                "(lognormal).",
                **values,
            )


def plain(value: float) -> str:
    """A number with as many decimals as it has, at most four."""
    return str(format_decimal(value, "#,##0.####"))


def month_words(written: str | Month | None) -> str:
    """``juli 2018``; a dash where there is none."""
    if written is None:
        return "–"
    month = read_month(written) if isinstance(written, str) else written
    return str(format_date(date(month.year, month.month, 1), "MMM\N{NO-BREAK SPACE}y"))


def millions(ore: float) -> str:
    """Øre as millions of kroner: ``28,9``."""
    return decimal(ore / 1e8)


def band_words(band: Mapping[str, float], unit: float = 1) -> str:
    """The median, and what nine in ten draws lie between."""
    write = decimal if unit > 1 else _whole
    low, median, high = (write(band[name] / unit) for name in ("p05", "p50", "p95"))
    return f"{median} ({low}–{high})"


def _whole(value: float) -> str:
    return number(round(value))
