"""Reads a plan document, TOML or JSON of one schema: all of it is right, or nothing is taken."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from nyefamilier.bydeler.reading import packaged_boundaries, packaged_estimates
from nyefamilier.bydeler.rules import NO_REGISTERED_ADDRESS
from nyefamilier.kernel.errors import Malformed
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode
from nyefamilier.kernel.strict_json import decode
from nyefamilier.rollout import coherence
from nyefamilier.rollout.assuming import read_assumptions
from nyefamilier.rollout.assumptions import Assumption
from nyefamilier.rollout.cells import Cells
from nyefamilier.rollout.flaws import Flaw, PlanFlawed
from nyefamilier.rollout.plan import (
    Basis,
    Births,
    BudgetKind,
    BudgetLine,
    Hiring,
    Observed,
    Plan,
    Policy,
    Programme,
    Redrawn,
    ReformMap,
    Wave,
)

SCHEMA = 1
MOST_MONTHS = 240
LONGEST_DOCUMENT: Final = 100_000
"""Characters of a plan's document: a whole one of fifteen bydeler has about fifteen thousand."""
LONGEST_BODY: Final = 4 * LONGEST_DOCUMENT
"""Bytes of the same: no character of UTF-8 has more than four."""
_YEAR_DIGITS = 4
_YEARS = (1900, 2199)
_PLAN = {"schema", "name", "first_month", "months", "policy", "births"}
_PLAN_OPTIONAL = {"waves", "staffing", "budget", "assumptions", "observed", "reform", "open_from"}
_POLICY = {"eligible", "hiring_lead_months", "longest_wait_months", "price_level"}
_WAVE = {"bydel", "programme", "start", "preparation_months", "ramp_months", "source"}
_HIRING = {"bydel", "decided", "arsverk", "position_percentage", "source"}
_LINE = {"line", "year", "nok", "kind", "price_level", "source"}


def read_toml(text: str) -> Plan:
    """Read a plan that is written in TOML.

    Raises:
        PlanFlawed: it is not TOML, or something in it is wrong; all that is wrong is said.
    """
    _refuse_length(len(text), LONGEST_DOCUMENT)
    try:
        return read_plan(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise _unreadable("not-toml", f"This is not TOML: {problem}.") from problem
    except (RecursionError, ValueError) as problem:  # the parser's own limits
        if isinstance(problem, PlanFlawed):
            raise
        why = "It is nested too deeply, or has a number of too many digits."
        raise _unreadable("not-toml", why) from problem


def read_json(body: bytes) -> Plan:
    """Read a plan that is written in JSON.

    Raises:
        PlanFlawed: it is not JSON, or something in it is wrong; all that is wrong is said.
    """
    _refuse_length(len(body), LONGEST_BODY)
    try:
        return read_plan(decode(body))
    except Malformed as problem:
        raise _unreadable("not-json", problem.detail, problem.pointer or "") from problem


def read_plan(values: Mapping[str, Any]) -> Plan:
    """Read a plan from the values of a document.

    Raises:
        PlanFlawed: something in it is wrong; all that is wrong is said.
    """
    cells = Cells("", values)
    cells.expect(_PLAN, _PLAN_OPTIONAL)
    plan = _plan(cells)
    cells.flaws.extend(coherence.flaws(plan, packaged_boundaries(), cells.flaws))
    if cells.flaws:
        raise PlanFlawed(cells.flaws)
    return plan


@cache
def packaged_assumptions() -> Mapping[str, Assumption]:
    """What is assumed where a plan says nothing else.

    Raises:
        PlanFlawed: the file in the package is broken.
    """
    file = resources.files("nyefamilier.rollout") / "data" / "assumptions.toml"
    cells = Cells("", tomllib.loads(file.read_text("utf-8")))
    found = read_assumptions(cells)
    if cells.flaws:
        raise PlanFlawed(cells.flaws)
    return found


def packaged_plan(name: str) -> str:
    """The text of a plan that ships with the package, by its file name without ``.toml``.

    Raises:
        FileNotFoundError: there is none of that name.
    """
    return (resources.files("nyefamilier.rollout") / "data" / f"{name}.toml").read_text("utf-8")


def _refuse_length(length: int, most: int) -> None:
    """Before parsing, which takes time and memory by the length."""
    if length > most:
        why = f"The document has more than {LONGEST_DOCUMENT:,} characters."
        raise PlanFlawed([Flaw("", "too-long", why, "Leave out what is not needed.")])


def _unreadable(code: str, why: str, pointer: str = "") -> PlanFlawed:
    return PlanFlawed([Flaw(pointer, code, why, "Mend the text at that place.")])


def _plan(cells: Cells) -> Plan:
    cells.whole("schema", SCHEMA, SCHEMA)
    own = read_assumptions(cells.table("assumptions"))
    return Plan(
        name=cells.text("name"),
        first_month=cells.month("first_month"),
        months=cells.whole("months", 1, MOST_MONTHS),
        policy=_policy(cells.table("policy")),
        waves=tuple(map(_wave, cells.rows("waves"))),
        hirings=tuple(map(_hiring, cells.rows("staffing"))),
        budget=tuple(map(_line, cells.rows("budget"))),
        births=_births(cells.table("births")),
        assumptions={**packaged_assumptions(), **own},
        observed=tuple(map(_observed, cells.rows("observed"))),
        reform=_reform(cells.table("reform")) if "reform" in cells.values else None,
        open_from=cells.month("open_from") if "open_from" in cells.values else None,
    )


def _policy(cells: Cells) -> Policy:
    most = "families_per_arsverk"
    cells.expect(_POLICY, {most})
    return Policy(
        eligible=_bases(cells),
        hiring_lead_months=cells.whole("hiring_lead_months", 0, 24),
        longest_wait_months=cells.whole("longest_wait_months", 0, 12),
        price_level=cells.whole("price_level", *_YEARS),
        families_per_arsverk=cells.number(most, 1, 500) if most in cells.values else None,
    )


def _bases(cells: Cells) -> frozenset[Basis]:
    words = cells.texts("eligible")
    for number, word in enumerate(words):
        if word not in set(Basis):
            mend = f"Write one of: {', '.join(Basis)}."
            cells.flaw(f"eligible/{number}", "unknown-basis", f"{word} is no basis.", mend)
    return frozenset(Basis(word) for word in words if word in set(Basis))


def _wave(cells: Cells) -> Wave:
    cells.expect(_WAVE, {"label"})
    return Wave(
        bydel=BydelNumber(cells.text("bydel")),
        programme=cells.word("programme", Programme, Programme.NYE_FAMILIER),
        start=cells.month("start"),
        preparation_months=cells.whole("preparation_months", 0, 36),
        ramp_months=cells.whole("ramp_months", 0, 60),
        source=cells.text("source"),
        label=cells.text("label", ""),
    )


def _hiring(cells: Cells) -> Hiring:
    cells.expect(_HIRING, {"until"})
    return Hiring(
        bydel=BydelNumber(cells.text("bydel")),
        decided=cells.month("decided"),
        arsverk=cells.number("arsverk", 0, 1000),
        position_percentage=cells.whole("position_percentage", 1, 100),
        source=cells.text("source"),
        until=cells.month("until") if "until" in cells.values else None,
    )


def _line(cells: Cells) -> BudgetLine:
    cells.expect(_LINE, {"over"})
    kind = cells.word("kind", BudgetKind, BudgetKind.LEVEL)
    if (kind is BudgetKind.ABOVE) != ("over" in cells.values):
        mend = f"Name the year with over, or choose another kind than {kind}."
        cells.flaw(
            "over", "over-without-kind", "A line of kind above, and no other, has over.", mend
        )
    return BudgetLine(
        name=cells.text("line"),
        year=cells.whole("year", *_YEARS),
        nok=cells.whole("nok", 0, 10**10),
        kind=kind,
        price_level=cells.whole("price_level", *_YEARS),
        source=cells.text("source"),
        over=cells.whole("over", *_YEARS) if "over" in cells.values else None,
    )


def _observed(cells: Cells) -> Observed:
    cells.expect({"bydel", "offered", "accepted", "source"}, set())
    offered = cells.whole("offered", 0, 10**6)
    return Observed(
        bydel=BydelNumber(cells.text("bydel")),
        offered=offered,
        accepted=cells.whole("accepted", 0, max(offered, 0)),
        source=cells.text("source"),
    )


def _births(cells: Cells) -> Births:
    cells.expect({"source", "estimate", "city"}, {"weights", "first_shares"})
    known = [row for row in packaged_estimates() if row.bydel != NO_REGISTERED_ADDRESS]
    weights, shares = cells.table("weights"), cells.table("first_shares")
    for table in (weights, shares):
        table.expect(set(), {row.bydel for row in known})
    return Births(
        city=_by_year(cells.table("city")),
        weights={
            row.bydel: weights.whole(row.bydel, 0, 10**6)
            if row.bydel in weights.values
            else row.births_per_year
            for row in known
        },
        first_shares={
            row.bydel: shares.number(row.bydel, 0, 1)
            if row.bydel in shares.values
            else row.first_births_per_year / row.births_per_year
            for row in known
        },
        source=cells.text("source"),
        is_estimate=cells.flag("estimate"),
    )


def _by_year(cells: Cells) -> Mapping[int, int]:
    found = {}
    for key in cells.values:
        is_year = len(key) == _YEAR_DIGITS and key.isascii() and key.isdigit()
        if is_year and _YEARS[0] <= int(key) <= _YEARS[1]:
            found[int(key)] = cells.whole(key, 0, 10**6)
        else:
            cells.flaw(key, "not-a-year", f"{key} is no year.", "Write the year's four digits.")
    return found


def _reform(cells: Cells) -> ReformMap:
    cells.expect({"on", "source", "units"}, set())
    return ReformMap(cells.day("on"), cells.text("source"), tuple(map(_unit, cells.rows("units"))))


def _unit(cells: Cells) -> Redrawn:
    cells.expect({"name"}, {"bydeler", "delbydeler"})
    return Redrawn(
        name=cells.text("name"),
        bydeler=tuple(map(BydelNumber, cells.texts("bydeler"))),
        delbydeler=tuple(map(DelbydelCode, cells.texts("delbydeler"))),
    )
