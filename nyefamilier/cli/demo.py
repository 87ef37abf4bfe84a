"""``nyefamilier demo``: load the demonstration city, and compare it with what was published."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from config.settings import read_settings
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.cli.city import SEED, load_city, plant_canaries
from nyefamilier.cli.migrate import bring_to_head
from nyefamilier.demo.comparing import Compared, compare
from nyefamilier.demo.reference import Kind
from nyefamilier.demo.sizes import Size
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Unavailable

_WORKERS = {Size.SMALL: 1, Size.CITY: 2}
_PER_CENT = {Kind.UPTAKE, Kind.LEAVING, Kind.INTERPRETED}


@click.command()
@click.option(
    "--size",
    type=click.Choice([size.value for size in Size]),
    help="small: Stovner and some of the others, in seconds. city: all of Oslo, in minutes.",
)
@click.option(
    "--seed", type=int, default=SEED, show_default=True, help="Another city, same figures."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes; without it 1 for small, 2 for city."
)
@click.option("--compare", "comparing", is_flag=True, help="Show published figures beside ours.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option(
    "--canaries", type=click.Path(path_type=Path), hidden=True, help="Plant words to search for."
)
def demo(  # noqa: PLR0913, PLR0917 - one argument for each option
    size: str | None,
    seed: int,
    workers: int | None,
    comparing: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
    canaries: Path | None,
) -> None:
    """Load a simulated Oslo of synthetic families, from 2013 until today.

    Loading is repeatable: what is there already stays, and a load that was interrupted goes on.
    With --compare alone nothing is loaded. Exit code 1: a published figure does not hold.
    """
    programme = bootstrap(read_settings())
    console = Console(highlight=False, stderr=as_json)
    try:
        bring_to_head(programme)
        _refuse_production(programme)
        if size is not None or not (comparing or as_json or canaries):
            chosen = Size(size or Size.SMALL)
            load_city(programme, console, chosen, seed, workers or _WORKERS[chosen])
        if canaries is not None:
            plant_canaries(programme, canaries, seed)
        if comparing or as_json:
            sys.exit(_show(programme, console, as_json=as_json))
    finally:
        programme.close()


def _refuse_production(programme: Programme) -> None:
    if programme.settings.in_production:
        raise Unavailable("demo-in-production", "Synthetic families do not belong among real ones.")


def _show(programme: Programme, console: Console, *, as_json: bool) -> int:
    with programme.work(SYSTEM, "demo") as work:
        compared = compare(work)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in compared], ensure_ascii=False, indent=2))
    else:
        _print(console, compared)
    return int(any(one.holds is False for one in compared))


def _print(console: Console, compared: list[Compared]) -> None:
    """The figures in a table that fits a narrow terminal, and below it where each comes from."""
    table = Table("", "figure", "published", "ours", "difference", "holds")
    for number, one in enumerate(compared, 1):
        value, difference = one.figure.value, one.difference
        table.add_row(
            str(number),
            one.figure.name,
            "-" if value is None else _written(value, one.figure.kind),
            "-" if one.ours is None else _written(one.ours, one.figure.kind),
            "-" if difference is None else f"{difference:+.1f} %",
            {True: "yes", False: "NO", None: "-"}[one.holds],
        )
    console.print(table)
    for number, one in enumerate(compared, 1):
        console.print(f"{number:>2}  {one.figure.source}." + (f" {one.why}." if one.why else ""))


def _written(value: float, kind: Kind) -> str:
    return f"{value:.3g} %" if kind in _PER_CENT else f"{value:,.0f}"
