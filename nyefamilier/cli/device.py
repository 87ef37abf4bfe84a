"""``nyefamilier device``: which phones there are, and how to stop one."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

import click

from config.settings import read_settings
from nyefamilier.bootstrap import bootstrap
from nyefamilier.cli.phoning import sync
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.storage.work import Work
from nyefamilier.sync import revoking
from nyefamilier.sync.views import DeviceView, devices_of_username

_COLUMNS = ("device", "nurse", "name", "state", "last seen", "lease until", "families", "to drop")


@click.group()
def device() -> None:
    """The nurses' phones: list them, lock, wipe or retire one, or be one."""


device.add_command(sync)


@device.command("list")
@click.option("--user", help="Only the phones of this username.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(user: str | None, *, as_json: bool) -> None:
    """Show the phones, the newest first; those that were stopped too."""
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "cli") as work:
            found = devices_of_username(work, user)
    finally:
        programme.close()
    if as_json:
        click.echo(json.dumps([_told(username, one) for username, one in found]))
    else:
        click.echo("\t".join(_COLUMNS))
        for username, one in found:
            told = _told(username, one).values()
            click.echo("\t".join("" if value is None else str(value) for value in told))


@device.command("lock")
@click.argument("device_id", type=click.UUID)
def lock(device_id: UUID) -> None:
    """Lock a phone that may be lost: it is sent nothing more, and its nurse is signed out."""
    _stop(lambda work: revoking.lock(work, device_id), f"{device_id} is locked.")


@device.command("unlock")
@click.argument("device_id", type=click.UUID)
def unlock(device_id: UUID) -> None:
    """Let a phone that was found be used again; it fetches its families anew."""
    _stop(lambda work: revoking.unlock(work, device_id), f"{device_id} may be used again.")


@device.command("wipe")
@click.argument("device_id", type=click.UUID)
def wipe(device_id: UUID) -> None:
    """Have a phone erase everything at its next contact."""
    _stop(lambda work: revoking.wipe(work, device_id), f"{device_id} is to be wiped.")


@device.command("retire")
@click.argument("device_id", type=click.UUID)
def retire(device_id: UUID) -> None:
    """Take a phone out of use."""
    _stop(lambda work: revoking.retire(work, device_id), f"{device_id} is out of use.")


def _stop(how: Callable[[Work], None], said: str) -> None:
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "cli") as work:
            how(work)
    finally:
        programme.close()
    click.echo(said)


def _told(username: str, one: DeviceView) -> dict[str, object]:
    lease = None if one.lease_until is None else one.lease_until.isoformat()
    return {
        "device": str(one.device_id),
        "nurse": username,
        "name": one.name,
        "state": one.state,
        "last_seen": one.last_seen_at.isoformat(),
        "lease_until": lease,
        "families": one.families,
        "to_drop": one.asked_to_drop,
    }
