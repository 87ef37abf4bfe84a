"""``nyefamilier keys``: make the keyring, tell what lies under which key, and rotate."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager

import click

from config.settings import read_settings
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Conflict, RuleBroken, Unavailable
from nyefamilier.keys import service
from nyefamilier.keys.store import Lying
from nyefamilier.storage.work import Work
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.provider import Versions
from nyefamilier.vault.vault import KeyUse

_COLUMNS = ("provider", "kek", "version", "state", "use", "keys")


@click.group()
def keys() -> None:
    """The keys that every family's key is wrapped by."""


@keys.command("create")
def create() -> None:
    """Make a new, empty keyring file; only its owner can read it.

    Outside production `serve` does this by itself. In production it is asked for by name, so that
    a mistyped path never becomes an empty ring.
    """
    settings = read_settings()
    if settings.keys != "file":
        raise RuleBroken(
            "key-version", "The keys lie in a key server, which makes each at its first use."
        )
    path = settings.keyring_path
    if path.exists():
        raise Conflict(
            "keyring-exists", f"There is a keyring at {path} already; it was left alone."
        )
    LocalKeyring.open(path)
    click.echo(f"Made {path}. Back it up apart from the database: without it nothing can be read.")


@keys.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(*, as_json: bool) -> None:
    """Show whether the keys can be used, and how many data keys lie under which version.

    A version is the primary, which wraps; opens; or is closed (disabled, destroyed or unknown).
    """
    with _programme() as programme:
        health = programme.vault.provider.health()
        if not health.ok:
            raise Unavailable("key-provider-away", health.detail)
        with programme.snapshot(SYSTEM, "cli") as work:
            found = service.inventory(work)
        there = {kek: service.versions(programme.vault, kek) for kek in {one.kek for one in found}}
        told = [_told(one, programme.vault.provider.name, there[one.kek]) for one in found]
    if as_json:
        click.echo(json.dumps({"health": health.detail, "keys": told}))
        return
    click.echo("\t".join(_COLUMNS))
    for row in told:
        click.echo("\t".join(str(row[column]) for column in _COLUMNS))
    click.echo(health.detail, err=True)


def _told(one: Lying, provider: str, there: Versions | None) -> dict[str, str | int]:
    if one.provider != provider or there is None or one.version not in there.opening:
        state = "closed"
    else:
        state = "primary" if one.version == there.newest else "opens"
    row = (one.provider, one.kek, one.version, state, one.use.name.lower(), one.keys)
    return dict(zip(_COLUMNS, row, strict=True))


@keys.command("rotate")
@click.argument("keks", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Every key under which a data key lies.")
def rotate(keks: tuple[str, ...], *, all_: bool) -> None:
    """Make a new version of KEKS, which wraps from now on in every process; older ones open."""
    if all_ == bool(keks):
        raise click.UsageError("Name the keys to rotate, or say --all.")
    with _programme() as programme:
        if all_:
            with programme.snapshot(SYSTEM, "cli") as work:
                keks = tuple(sorted({one.kek for one in service.inventory(work)}))
        for kek in keks:
            click.echo(f"{kek}\t{service.rotate(programme.vault, kek)}")


@keys.command("rewrap")
@click.option("--batch", default=service.BATCH, type=click.IntRange(1, 1000), show_default=True)
def rewrap(batch: int) -> None:
    """Bring every data key under the newest version of its key, while the programme serves.

    It can be stopped at any time, and begun again. Exit code 3 when some were left.
    """
    with _programme() as programme:
        brought = service.rewrap(_opening(programme), _tell, batch)
    click.echo(f"{brought.keys} data keys were brought to the newest version.")
    for use, owner in brought.closed:
        click.echo(f"closed\t{use.name.lower()}\t{owner}")
    if brought.busy:
        click.echo(f"{brought.busy} were being written. Run it again.", err=True)
    if not brought.whole:
        raise SystemExit(3)


@keys.command("disable")
@click.argument("kek")
@click.argument("version", type=int)
def disable(kek: str, version: int) -> None:
    """Have VERSION of KEK open nothing. Refused while data keys lie under it."""
    _withdraw(service.disable, kek, version)
    click.echo(f"Version {version} of {kek} opens nothing. `keys enable` lets it open again.")


@keys.command("enable")
@click.argument("kek")
@click.argument("version", type=int)
def enable(kek: str, version: int) -> None:
    """Let VERSION of KEK, which was disabled, open again."""
    with _programme() as programme:
        service.enable(programme.vault, kek, version)
    click.echo(f"Version {version} of {kek} opens again.")


@keys.command("destroy")
@click.argument("kek")
@click.argument("version", type=int)
@click.confirmation_option(prompt="What only it opens is lost, also in older backups. Destroy it?")
def destroy(kek: str, version: int) -> None:
    """Delete VERSION of KEK for good. Refused while data keys lie under it."""
    _withdraw(service.destroy, kek, version)
    click.echo(f"Version {version} of {kek} is destroyed.")


def _withdraw(how: Callable[[Work, str, int], None], kek: str, version: int) -> None:
    with _programme() as programme, programme.work(SYSTEM, "cli") as work:
        how(work, kek, version)


def _opening(programme: Programme) -> service.OpenWork:
    def open_work() -> AbstractContextManager[Work]:
        return programme.work(SYSTEM, "cli")

    return open_work


def _tell(use: KeyUse, kek: str, brought: int) -> None:
    click.echo(f"{kek}\t{use.name.lower()}\t{brought}", err=True)


@contextmanager
def _programme() -> Generator[Programme, None, None]:
    programme = bootstrap(read_settings())
    try:
        yield programme
    finally:
        programme.close()
