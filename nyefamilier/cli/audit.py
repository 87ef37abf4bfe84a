"""``nyefamilier audit``: whether every family's history follows from its rows."""

from __future__ import annotations

import json

import click

from config.settings import read_settings
from nyefamilier.bootstrap import bootstrap
from nyefamilier.families.auditing import audit_histories
from nyefamilier.families.history import Difference
from nyefamilier.kernel.actors import SYSTEM

_COLUMNS = ("family", "what")


@click.command("audit")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def audit(*, as_json: bool) -> None:
    """Show the families whose log, chain or checksum does not follow from their rows.

    A row that was changed past the programme, or lost by a restore, shows so. Exit code 3 when
    there is any. Nothing is changed, and nothing of a family is opened.
    """
    programme = bootstrap(read_settings())
    try:
        found = audit_histories(lambda: programme.snapshot(SYSTEM, "cli"))
    finally:
        programme.close()
    told = [_told(one) for one in found.differences]
    if as_json:
        click.echo(json.dumps({"families": found.families, "differences": told}))
    else:
        click.echo("\t".join(_COLUMNS))
        for one in told:
            click.echo("\t".join(one.values()))
        click.echo(f"{found.families} families looked at.", err=True)
    if told:
        raise SystemExit(3)


def _told(one: Difference) -> dict[str, str]:
    return dict(zip(_COLUMNS, (str(one.family_id), one.what), strict=True))
