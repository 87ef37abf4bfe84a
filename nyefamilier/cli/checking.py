"""``nyefamilier check``: whether what is kept for speed is what it was made of."""

from __future__ import annotations

import json

import click

from config.settings import read_settings
from nyefamilier.bootstrap import bootstrap
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.uptake.service import differences


@click.group("check")
def check() -> None:
    """Work out again what is kept up to date, and compare."""


@check.command("uptake")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def uptake(*, as_json: bool) -> None:
    """Show how many rows of the statistics are not what their facts add up to, table by table.

    Exit code 1 when there is any. Nothing is changed: the nightly job adds them up anew.
    """
    programme = bootstrap(read_settings())
    try:
        with programme.snapshot(SYSTEM, "cli") as work:
            found = differences(work)
    finally:
        programme.close()
    if as_json:
        click.echo(json.dumps({"differences": found}))
    else:
        click.echo("table\tdiffering")
        for table, number in found.items():
            click.echo(f"{table}\t{number}")
    if any(found.values()):
        raise SystemExit(1)
