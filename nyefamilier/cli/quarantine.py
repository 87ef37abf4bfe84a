"""``nyefamilier sync quarantine``: what phones sent and we could not process."""

from __future__ import annotations

import json
from functools import partial

import click

from config.settings import read_settings
from nyefamilier.bootstrap import bootstrap
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.sync.retrying import retry_quarantined
from nyefamilier.sync.views import Quarantined, quarantined

_COLUMNS = ("received", "device", "seq", "mutation", "reason", "pointer")


@click.group("quarantine")
def quarantine() -> None:
    """What phones sent and we could not process: each is a defect of ours, and nothing is lost."""


@quarantine.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(*, as_json: bool) -> None:
    """Show what lies in quarantine, the oldest first. Exit code 3 when there is any."""
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "cli") as work:
            found = [_told(one) for one in quarantined(work)]
    finally:
        programme.close()
    if as_json:
        click.echo(json.dumps(found))
    else:
        click.echo("\t".join(_COLUMNS))
        for one in found:
            click.echo("\t".join(one.values()))
    if found:
        raise SystemExit(3)


@quarantine.command("retry")
def retry() -> None:
    """Try all of it again, after the defect was mended."""
    programme = bootstrap(read_settings())
    try:
        done = retry_quarantined(partial(programme.work, doorway="cli"))
    finally:
        programme.close()
    click.echo(f"{done} went through.")


def _told(one: Quarantined) -> dict[str, str]:
    told = (one.received_at.isoformat(), one.device_id, one.seq, one.mutation_id, one.reason)
    return dict(zip(_COLUMNS, [*map(str, told), one.pointer or ""], strict=True))
