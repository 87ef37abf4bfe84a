"""``nyefamilier keys``: make the keyring, and say how it is."""

from __future__ import annotations

import click

from config.settings import read_settings
from nyefamilier.kernel.errors import Conflict, Unavailable
from nyefamilier.vault.keyring import LocalKeyring


@click.group()
def keys() -> None:
    """The keys that every family's key is wrapped by."""


@keys.command("create")
def create() -> None:
    """Make a new, empty keyring file; only its owner can read it.

    Outside production `serve` does this by itself. In production it is asked for by name, so that
    a mistyped path never becomes an empty ring.
    """
    path = read_settings().keyring_path
    if path.exists():
        raise Conflict(
            "keyring-exists", f"There is a keyring at {path} already; it was left alone."
        )
    LocalKeyring.open(path)
    click.echo(f"Made {path}. Back it up apart from the database: without it nothing can be read.")


@keys.command("status")
def status() -> None:
    """Say whether the keyring can be read."""
    path = read_settings().keyring_path
    if not path.exists():
        raise Unavailable("keyring-refused", f"There is no keyring at {path}.")
    click.echo(LocalKeyring.open(path, create=False).health().detail)
