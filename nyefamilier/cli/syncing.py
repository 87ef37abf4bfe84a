"""``nyefamilier sync``: what an operator tells the phones' protocol of backups and restores."""

from __future__ import annotations

from datetime import datetime

import click

from config.settings import read_settings
from nyefamilier.bootstrap import bootstrap
from nyefamilier.cli.quarantine import quarantine
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.sync.devices import new_epoch
from nyefamilier.sync.durability import mark_durable
from nyefamilier.sync.states import EpochReason

REASONS = [reason.value for reason in EpochReason if reason is not EpochReason.INSTALL]


@click.group("sync")
def sync() -> None:
    """What phones sent and we could not process; backups that were verified, or restored."""


sync.add_command(quarantine)


@sync.command("epoch")
@click.option("--reason", required=True, type=click.Choice(REASONS))
def epoch(reason: str) -> None:
    """Begin another history, after a restore or a failover and before the server serves again.

    The phones would find out by themselves; told, none of them has to stumble over it.
    """
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "cli") as work:
            begun = new_epoch(work, EpochReason(reason))
    finally:
        programme.close()
    click.echo(str(begun))


@sync.command("durable")
@click.option("--backup-taken", required=True, metavar="AT", help="Like 2026-11-21T02:00:00+01:00.")
def durable(backup_taken: str) -> None:
    """Let the phones forget what is in a backup that was begun at AT and has been verified."""
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "cli") as work:
            count = mark_durable(work, _instant(backup_taken))
    finally:
        programme.close()
    click.echo(f"{count} devices may forget more than before.")


def _instant(told: str) -> datetime:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise RuleBroken(
            "instant", "Give the instant with its offset, like 2026-11-21T02:00:00+01:00."
        )
    return at
