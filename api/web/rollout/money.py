"""The parts of a plan's page that are about money."""

from __future__ import annotations

from collections.abc import Sequence

from api.web import charts
from api.web.marks import NARROW_BARS, WIDE_BARS, Bar
from api.web.quality.sections import Figure, drawn
from api.web.rollout.part import Line, Part, Told
from api.web.rollout.words import LINES, MONEY, REACH, WORKLOAD, band_words, millions
from api.web.texts import _
from nyefamilier.rollout.budgets import CostLine
from nyefamilier.rollout.plan import Plan


def against_budget(told: Told, *, drawing: bool) -> Part:
    """What the plan costs each year, against what its budget lines give."""
    years = told["years"]
    lines = tuple(
        Line(
            str(one["year"]),
            (
                millions(one["budget_ore"]),
                millions(one["expected_cost_ore"]),
                millions(one["missing_ore"]),
                band_words(one["cost_nok"], 1e6),
            ),
        )
        for one in years
    )
    short = [one for one in years if one["missing_ore"]]
    said = (
        _("%(years)s: the budget lacks %(missing)s million kroner.",
          years=", ".join(str(one["year"]) for one in short),
          missing=millions(sum(one["missing_ore"] for one in short)))
        if short else _("The budget lines cover the expected cost of every year.")
    )  # fmt: skip
    per = _("A family costs about %(family)s kroner, a visit about %(visit)s.",
            family=band_words(told["cost_per_family_nok"]),
            visit=band_words(told["cost_per_visit_nok"]))  # fmt: skip
    return Part(
        "money",
        _("Cost against budget"),
        f"{said} {per}",
        _("Millions of kroner at each year's prices. Dark: what the budget lines give. Light: the "
          "expected cost."),
        (_("Year"), _("Budget"), _("Expected cost"), _("Missing"), _("Cost, in the draws")),
        lines,
        _money_figure(years) if drawing else None,
        (*MONEY, *REACH, *WORKLOAD),
        grounds=("", "budget", "cost", "missing", "cost"),
    )  # fmt: skip


def _money_figure(years: Sequence[Told]) -> Figure:
    most = max((max(one["budget_ore"], one["expected_cost_ore"]) for one in years), default=0) or 1
    rows = []
    for one in years:
        for name, key, is_part in (
            (_("%(year)s, budget", year=one["year"]), "budget_ore", False),
            (_("%(year)s, cost", year=one["year"]), "expected_cost_ore", True),
        ):
            label = millions(one[key])
            rows.append(Bar(name, f"{name}: {label}", one[key] / most, label, is_part))
    what = _("bar")
    return drawn(charts.bars(rows, what, WIDE_BARS), charts.bars(rows, what, NARROW_BARS))


def by_line(told: Told) -> Part:
    """What each line costs each year."""
    spent: dict[tuple[int, str], int] = {}
    for one in told["costs_ore"]:
        at = one["year"], one["line"]
        spent[at] = spent.get(at, 0) + one["ore"]
    lines = tuple(
        Line(
            str(one["year"]),
            tuple(millions(spent.get((one["year"], line.value), 0)) for line in CostLine),
        )
        for one in told["years"]
    )
    return Part(
        "lines",
        _("Cost by line"),
        _("Expected cost of each line, in millions of kroner at each year's prices."),
        "",
        (_("Year"), *(str(LINES[line]) for line in CostLine)),
        lines,
        rests=MONEY,
        grounds=("", *(f"{line.value}_cost" for line in CostLine)),
    )


def budget_lines(plan: Plan) -> Part:
    """The budget lines as the plan has them, each with its source."""
    kinds = {
        "level": _("the year's level"),
        "increase": _("on top of the year before"),
        "above": _("above another year"),
    }
    lines = tuple(
        Line(
            str(one.year),
            (
                one.name,
                millions(one.nok * 100),
                kinds[one.kind.value] + (f" ({one.over})" if one.over is not None else ""),
                one.source,
            ),
        )
        for one in plan.budget
    )
    return Part(
        "budget",
        _("The budget lines, and where they are from"),
        _("Millions of kroner, as the plan has them."),
        "",
        (_("Year"), _("Line"), _("Amount"), _("How it is meant"), _("Source")),
        lines,
        rests=("price_growth",),
        is_words=True,
        grounds=("budget", "", "budget", "budget", ""),
    )
