"""``nyefamilier rollout``: check a plan document, compare two, simulate one; without a database."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from nyefamilier.rollout.comparing import changes
from nyefamilier.rollout.flaws import PlanFlawed
from nyefamilier.rollout.plan import Plan
from nyefamilier.rollout.reading import LONGEST_BODY, read_json, read_toml

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def rollout() -> None:
    """Plans for taking the programme to the bydeler: documents in TOML or JSON."""


@rollout.command()
@click.argument("plan", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(plan: Path, *, as_json: bool) -> None:
    """Say all that is wrong with PLAN, where, and how to mend it; 1 when something is."""
    read_or_exit(plan, as_json=as_json)
    click.echo(json.dumps({"flaws": []}) if as_json else f"{plan}: nothing is wrong.")


@rollout.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(old: Path, new: Path, *, as_json: bool) -> None:
    """Say what differs between OLD and NEW, place by place."""
    found = changes(read_or_exit(old, as_json=as_json), read_or_exit(new, as_json=as_json))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    table = Table("place", "before", "after")
    for one in found:
        table.add_row(one.pointer, *("-" if v is None else str(v) for v in (one.before, one.after)))
    Console().print(table)


@rollout.command()
@click.argument("plan", type=_FILE)
@click.option("--draws", type=click.IntRange(1, 100_000), default=10_000, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with everything by month.")
def simulate(plan: Path, *, draws: int, seed: int, as_json: bool) -> None:
    """Compute PLAN in many draws of what it assumes: families, visits, nurses and money by year.

    The same seed gives the same figures.
    """
    read = read_or_exit(plan, as_json=as_json)
    from nyefamilier.rollout.telling import told  # noqa: PLC0415 - NumPy takes a while to start

    found = told(read, draws, seed)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    table = Table("year", "families with a visit", "visits", "cost, mill", "budget, mill")
    for year in found["years"]:
        bands = (_band(year["visited"], 1), _band(year["visits"], 1), _band(year["cost_nok"], 1e6))
        table.add_row(str(year["year"]), *bands, f"{year['budget_ore'] / 1e8:.1f}")
    Console().print(table)
    for warning in found["warnings"]:
        Console(highlight=False).print(warning["why"])


@rollout.command()
@click.option("--draws", type=click.IntRange(1, 100_000), default=10_000, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True)
def history(draws: int, seed: int) -> None:
    """Lay the plan of 2013 to 2019 beside what happened, as a table in Markdown."""
    from nyefamilier.rollout.looking_back import compared  # noqa: PLC0415 - as for `simulate`

    click.echo("| years | figure | happened | median | 90 % band | |\n|---|---|---|---|---|---|")
    for one in compared(draws, seed):
        band = f"{one.low:,.0f} to {one.high:,.0f}"
        verdict = "inside" if one.is_inside else "**missed**"
        years = str(one.first_year)
        if one.last_year != one.first_year:
            years += f"-{one.last_year}"
        cells = (years, one.figure, f"{one.actual:,}", f"{one.median:,.0f}", band, verdict)
        click.echo(f"| {' | '.join(cells)} |")


@rollout.command()
@click.argument("plan", type=_FILE)
@click.option("--arsverk-a-year", type=click.FloatRange(0, 1000), required=True)
@click.option("--rule", type=click.Choice(["most_soonest", "most_even"]), default="most_soonest")
@click.option("--seconds", type=click.FloatRange(0.1, 600), default=30.0, show_default=True)
def search(plan: Path, *, arsverk_a_year: float, rule: str, seconds: float) -> None:
    """Choose when the bydeler of PLAN start, within its budget and so many new posts a year.

    Prints JSON: the starts, what they reach, what each year has left of money (thousands of kroner)
    and posts (hundredths of an årsverk), the years whose limit stands in the way of a better
    choice, and what one more årsverk in a year buys: family-months, and permille of the least
    reached bydel. By most_even the second comes first, and may cost some of the first.
    """
    read = read_or_exit(plan, as_json=True)
    from nyefamilier.rollout.choosing import question  # noqa: PLC0415 - as for `simulate`
    from nyefamilier.rollout.searching import (  # noqa: PLC0415
        Rule,
        binding,
        limits,
        one_more,
        search,
    )

    asked = question(read, arsverk_a_year, Rule(rule))
    best = search(asked, seconds)
    left, in_the_way = limits(asked, best), binding(asked, best)
    more = {year: one_more(asked, at) for at, year in enumerate(read.years)}
    found = {
        "rule": rule,
        "starts": {one.bydel: one.start for one in best.chosen},
        "family_months": best.reach,
        "least_permille": best.least_permille,
        "proven": best.is_proven,
        "gap": best.gap if best.gap != float("inf") else None,
        "left": {name: dict(zip(read.years, values, strict=True)) for name, values in left.items()},
        "in_the_way": {
            name: [year for year, one in zip(read.years, found, strict=True) if one]
            for name, found in in_the_way.items()
        },
        "one_more_arsverk_buys": {
            year: {
                "family_months": one.reach - best.reach,
                "least_permille": one.least_permille - best.least_permille,
            }
            for year, one in more.items()
        },
    }
    click.echo(json.dumps(found, ensure_ascii=False))


def _band(band: dict[str, float], unit: float) -> str:
    """The median, and between what nine in ten draws lie."""
    digits = 0 if unit == 1 else 1
    median, low, high = (f"{band[name] / unit:,.{digits}f}" for name in ("p50", "p05", "p95"))
    return f"{median} ({low} to {high})"


def read_or_exit(path: Path, *, as_json: bool) -> Plan:
    """The plan in a file; when it is flawed, its flaws are printed and the command ends with 1."""
    with path.open("rb") as file:
        body = file.read(LONGEST_BODY + 1)
    try:
        return read_json(body) if path.suffix == ".json" else read_toml(_text(body))
    except PlanFlawed as flawed:
        if as_json:
            told = [asdict(flaw) for flaw in flawed.flaws]
            click.echo(json.dumps({"flaws": told}, ensure_ascii=False))
        else:
            console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
            for flaw in flawed.flaws:
                console.print(f"{path}: {flaw}")
        sys.exit(1)


def _text(body: bytes) -> str:
    """What is not UTF-8 becomes a character that no TOML has, and is told as such."""
    return body.decode("utf-8", errors="replace").replace("\ufffd", "\x00")
