"""``nyefamilier protocol``: show the protocols; say what a change would do before it is made."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from config.settings import read_settings
from nyefamilier.bootstrap import bootstrap
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.protocols.service import all_protocols
from nyefamilier.visits.dry_run import protocol_diff


@click.group()
def protocol() -> None:
    """The programme's protocols: versioned data, each visit with its source."""


@protocol.command("list")
def list_() -> None:
    """Show every version of every protocol."""
    table = Table("programme", "version", "in force from", "visits")
    for one in all_protocols():
        table.add_row(one.programme, one.version, str(one.valid_from), str(len(one.visits)))
    Console().print(table)


@protocol.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(old: str, new: str, *, as_json: bool) -> None:
    """Say which planned visits of live families would move, per bydel.

    OLD and NEW are written PROGRAMME-VERSION, as in nye_familier-2016. Nothing is changed.
    """
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "cli") as work:
            found = protocol_diff(work, _named(old), _named(new))
    finally:
        programme.close()
    if as_json:
        click.echo(json.dumps([asdict(line) for line in found], ensure_ascii=False))
        return
    table = Table("bydel", "visit", "moved", "added", "removed", "unchanged")
    for line in found:
        table.add_row(
            line.bydel or "(protected)",
            line.kind,
            *(str(n) for n in (line.moved, line.added, line.removed, line.unchanged)),
        )
    Console().print(table)


def _named(text: str) -> tuple[str, str]:
    programme, separator, version = text.partition("-")
    if not separator:
        raise click.BadParameter("Write PROGRAMME-VERSION, as in nye_familier-2016.")
    return programme, version
