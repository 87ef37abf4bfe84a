"""``nyefamilier check``: whether what is kept for speed is what it was made of."""

from __future__ import annotations

import json
from pathlib import Path

import click

from config.settings import read_settings
from nyefamilier.bootstrap import bootstrap
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.transparency.anchoring import FolderAnchor
from nyefamilier.transparency.sealing import check_all
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


@check.command("log")
@click.option(
    "--anchors",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with checkpoints that somebody else has kept.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def log(*, anchors: Path | None, as_json: bool) -> None:
    """Show which entries of the access log are not what was sealed, and which heads do not fit.

    The checkpoints of the folder that the settings name are compared too, or those of --anchors.
    Exit code 1 when anything is wrong. Nothing is changed.
    """
    programme = bootstrap(read_settings())
    try:
        places = programme.anchors if anchors is None else (FolderAnchor(anchors),)
        with programme.snapshot(SYSTEM, "cli") as work:
            found = check_all(work, places)
    finally:
        programme.close()
    told = [{"flaw": str(one.flaw), "where": one.where} for one in found.findings]
    if as_json:
        click.echo(json.dumps({"leaves": found.leaves, "findings": told}))
    else:
        click.echo("flaw\twhere")
        for one in told:
            click.echo("\t".join(one.values()))
        click.echo(f"{found.leaves} entries looked at.", err=True)
    if told:
        raise SystemExit(1)
