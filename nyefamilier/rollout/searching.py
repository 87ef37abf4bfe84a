"""Chooses when each bydel starts: under yearly limits, by a proven optimum or with its gap.

A bydel's options are months in which it could start, each with what it would reach, spend and hire.
Whole numbers throughout, so that a limit is kept exactly.

Sources: Huangfu and Hall 2018, doi 10.1007/s12532-017-0130-5 (HiGHS, the solver).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import highspy
from highspy import Highs, HighsModelStatus

TOLERANCE = 1e-6
LIMITS = ("budgets", "hirings")


class Rule(StrEnum):
    """What is wanted most."""

    MOST_SOONEST = "most_soonest"
    """As many family-months as can be."""
    MOST_EVEN = "most_even"
    """First that the bydel that is reached least is reached as much as can be, then as above."""


@dataclass(frozen=True, slots=True)
class Option:
    """A bydel starts at a time.

    Args:
        reach: Family-months that are reached.
        permille: The same, of all that the bydel could be reached with.
        spending: Thousands of kroner in each year; small numbers, which the solver keeps exactly.
        hiring: Hundredths of an årsverk that are hired in each year.
    """

    bydel: str
    start: str
    reach: int
    permille: int
    spending: tuple[int, ...]
    hiring: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What may be chosen from, and how much each year has."""

    options: tuple[Option, ...]
    budgets: tuple[int, ...]
    hirings: tuple[int, ...]
    rule: Rule = Rule.MOST_SOONEST


@dataclass(frozen=True, slots=True)
class Answer:
    """A choice.

    Args:
        chosen: One option for each bydel that starts.
        reach: What they reach together.
        least_permille: What the least reached bydel has.
        gap: How much better a choice could be, as a share; 0 is proven to be the best.
    """

    chosen: tuple[Option, ...]
    reach: int
    least_permille: int
    gap: float

    @property
    def is_proven(self) -> bool:
        """Whether no better choice exists."""
        return self.gap <= TOLERANCE


def search(question: Question, seconds: float = 30.0) -> Answer:
    """The best choice that was found within so many seconds. Nothing chosen is a choice, too."""
    if question.rule is Rule.MOST_SOONEST:
        return _answer(question, *_solve(question, seconds, None))
    first, gap = _solve(question, seconds / 2, None)
    least = _least(question, first)
    chosen, second_gap = _solve(
        replace(question, rule=Rule.MOST_SOONEST), seconds / 2, least, first
    )
    return _answer(question, chosen, max(gap, second_gap))


def limits(question: Question, answer: Answer) -> Mapping[str, tuple[int, ...]]:
    """What each year has left of its money and its hires: 0 is a limit that is fully used."""
    return {
        "budgets": _left(question.budgets, [one.spending for one in answer.chosen]),
        "hirings": _left(question.hirings, [one.hiring for one in answer.chosen]),
    }


def binding(
    question: Question, answer: Answer, seconds: float = 5.0
) -> dict[str, tuple[bool, ...]]:
    """Which year's limit stands in the way: without it, and it alone, a better choice exists.

    What is left of a limit does not say so: what is left may be too little for any bydel. Nor does
    it stand in the way when it is used up: another limit may as well.
    """
    found = {}
    for name in LIMITS:
        without = [_without(question, name, year) for year in range(len(question.budgets))]
        found[name] = tuple(_is_better(search(one, seconds), answer, question) for one in without)
    return found


def one_more(question: Question, year: int, hundredths: int = 100, seconds: float = 5.0) -> Answer:
    """The best choice if one year could hire one årsverk more."""
    hirings = list(question.hirings)
    hirings[year] += hundredths
    return search(replace(question, hirings=tuple(hirings)), seconds)


def _without(question: Question, name: str, year: int) -> Question:
    """The question with as much of one year's limit as all options together could use."""
    budgets, hirings = list(question.budgets), list(question.hirings)
    if name == "budgets":
        budgets[year] = max(budgets[year], sum(one.spending[year] for one in question.options))
    else:
        hirings[year] = max(hirings[year], sum(one.hiring[year] for one in question.options))
    return replace(question, budgets=tuple(budgets), hirings=tuple(hirings))


def _is_better(other: Answer, answer: Answer, question: Question) -> bool:
    if question.rule is Rule.MOST_SOONEST:
        return other.reach > answer.reach
    return (other.least_permille, other.reach) > (answer.least_permille, answer.reach)


def _left(limit: Sequence[int], used: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(has - sum(row[at] for row in used) for at, has in enumerate(limit))


def _least(question: Question, chosen: Sequence[Option]) -> int:
    reached = dict.fromkeys((one.bydel for one in question.options), 0)
    reached.update({one.bydel: one.permille for one in chosen})
    return min(reached.values(), default=0)


def _answer(question: Question, chosen: tuple[Option, ...], gap: float) -> Answer:
    return Answer(chosen, sum(one.reach for one in chosen), _least(question, chosen), gap)


def _solve(
    question: Question, seconds: float, least: int | None, known: tuple[Option, ...] = ()
) -> tuple[tuple[Option, ...], float]:
    """The options that are chosen, and the gap.

    Args:
        question: What is asked.
        seconds: How long may be searched.
        least: What every bydel must be reached with, in permille.
        known: What is answered if nothing is found in time.
    """
    solver = _solver(seconds)
    evenly = question.rule is Rule.MOST_EVEN
    for one in question.options:
        solver.addCol(0.0 if evenly else float(one.reach), 0.0, 1.0, 0, [], [])
        solver.changeColIntegrality(solver.getNumCol() - 1, highspy.HighsVarType.kInteger)
    if evenly:
        solver.addCol(1.0, 0.0, 1000.0, 0, [], [])
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    _add_rows(solver, question, least, evenly=evenly)
    solver.run()
    return _read(solver, question, known)


def _solver(seconds: float) -> Highs:
    solver = Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 1),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),  # reach and permille are whole numbers
        ("time_limit", seconds),
    ):
        solver.setOptionValue(name, value)
    return solver


def _add_rows(solver: Highs, question: Question, least: int | None, *, evenly: bool) -> None:
    options, infinite = question.options, highspy.kHighsInf
    for bydel in sorted({one.bydel for one in options}):
        own = [at for at, one in enumerate(options) if one.bydel == bydel]
        permille = [float(options[at].permille) for at in own]
        solver.addRow(-infinite, 1.0, len(own), own, [1.0] * len(own))
        if evenly:
            columns = [*own, len(options)]
            solver.addRow(0.0, infinite, len(columns), columns, [*permille, -1.0])
        if least:
            solver.addRow(float(least), infinite, len(own), own, permille)
    for limit, part in ((question.budgets, "spending"), (question.hirings, "hiring")):
        for year, has in enumerate(limit):
            used = [(at, float(getattr(one, part)[year])) for at, one in enumerate(options)]
            some = [(at, amount) for at, amount in used if amount]
            columns, amounts = [at for at, _ in some], [amount for _, amount in some]
            solver.addRow(-infinite, float(has), len(some), columns, amounts)


def _read(
    solver: Highs, question: Question, known: tuple[Option, ...]
) -> tuple[tuple[Option, ...], float]:
    solution = solver.getSolution()
    if not solution.value_valid:
        return known, float("inf")
    values = list(solution.col_value)
    chosen = tuple(one for one, value in zip(question.options, values, strict=False) if value > 0.5)
    if solver.getModelStatus() == HighsModelStatus.kOptimal:
        return chosen, 0.0
    return chosen, float(solver.getInfo().mip_gap)
