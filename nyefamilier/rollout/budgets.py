"""Money in øre: what budget lines give each year, what a plan costs, and where it is not enough.

All amounts of a year are at that year's prices, and whole numbers: sums are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.rollout.plan import BudgetKind, BudgetLine

ORE = 100


class CostLine(StrEnum):
    """What money is spent on."""

    NURSES = "nurses"
    VISITS = "visits"
    INTERPRETERS = "interpreters"
    STARTING = "starting"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one line costs a bydel in a year."""

    year: int
    bydel: BydelNumber
    line: CostLine
    ore: int


@dataclass(frozen=True, slots=True)
class Balance:
    """A year's money: what the lines give, what the plan costs, and what is missing."""

    year: int
    budget_ore: int
    cost_ore: int

    @property
    def missing_ore(self) -> int:
        """What the budget lacks; 0 when it is enough."""
        return max(0, self.cost_ore - self.budget_ore)


def levels(lines: Iterable[BudgetLine], years: Sequence[int], growth: float) -> dict[int, int]:
    """What all lines together give in each year, in øre at that year's prices.

    A line stays from year to year, grown with prices; an ``increase`` comes on top of the year
    before, an amount ``above`` on top of the year that it names, a ``level`` stands for itself.
    """
    by_name: dict[str, dict[int, BudgetLine]] = {}
    for line in lines:
        by_name.setdefault(line.name, {})[line.year] = line
    found = dict.fromkeys(years, 0)
    for own in by_name.values():
        of_line = _levels(own, range(min(own), max([*years, *own]) + 1), growth)
        for year in years:
            found[year] += of_line.get(year, 0)
    return found


def _levels(lines: Mapping[int, BudgetLine], years: range, growth: float) -> dict[int, int]:
    found: dict[int, int] = {}
    for year in years:
        before = _grown(found.get(year - 1, 0), 1, growth)
        line = lines.get(year)
        if line is None:
            found[year] = before
            continue
        amount = _grown(line.nok * ORE, year - line.price_level, growth)
        match line.kind:
            case BudgetKind.LEVEL:
                found[year] = amount
            case BudgetKind.INCREASE:
                found[year] = before + amount
            case BudgetKind.ABOVE:
                over = line.over if line.over is not None else year
                found[year] = _grown(found.get(over, 0), year - over, growth) + amount
    return found


def _grown(ore: int, years: int, growth: float) -> int:
    return round(ore * (1 + growth) ** years)


def balances(budget: Mapping[int, int], costs: Iterable[Cost]) -> tuple[Balance, ...]:
    """Each year's budget beside the sum of its costs, to the øre."""
    spent = dict.fromkeys(budget, 0)
    for cost in costs:
        spent[cost.year] += cost.ore
    return tuple(Balance(year, budget[year], spent[year]) for year in sorted(budget))


def divided(ore: int, weights: Sequence[int]) -> tuple[int, ...]:
    """An amount divided by weights, to the øre: what is left over goes to the largest rests.

    Raises:
        ValueError: no weight is over 0, or one is under it.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights")
    shares = [divmod(ore * weight, total) for weight in weights]
    left = ore - sum(whole for whole, _ in shares)
    first = sorted(range(len(shares)), key=lambda at: (-shares[at][1], at))[:left]
    return tuple(whole + (at in first) for at, (whole, _) in enumerate(shares))
