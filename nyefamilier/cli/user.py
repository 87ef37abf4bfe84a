"""``nyefamilier user``: open, close and list accounts."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from config.settings import read_settings
from nyefamilier.accounts.passwords import random_password
from nyefamilier.accounts.service import (
    NewAccount,
    accounts,
    change_password,
    create_account,
    disable_account,
)
from nyefamilier.bootstrap import bootstrap
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber

ROLES = [role.value for role in Role if role is not Role.SYSTEM]


@click.group()
def user() -> None:
    """Open, close and list the accounts of people who work here."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The name that colleagues see.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--bydel", help="Two digits, for nurses and leads: 11 is Stovner.")
def add(username: str, name: str, role: str, bydel: str | None) -> None:
    """Open an account; its password is printed once."""
    password = random_password()
    number = None if bydel is None else BydelNumber(bydel)
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "cli") as work:
            create_account(work, NewAccount(username, name, Role(role), number, password))
    finally:
        programme.close()
    click.echo(f"{username}\t{password}")


@user.command("disable")
@click.argument("username")
def disable(username: str) -> None:
    """Close an account; whoever is signed in to it is out at the next request."""
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "cli") as work:
            disable_account(work, username)
    finally:
        programme.close()
    click.echo(f"{username} is closed.")


@user.command("password")
@click.argument("username")
def password(username: str) -> None:
    """Give an account a new password, printed once, and end all its sessions."""
    fresh = random_password()
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "cli") as work:
            change_password(work, username, fresh)
    finally:
        programme.close()
    click.echo(f"{username}\t{fresh}")


@user.command("list")
def list_() -> None:
    """Show the accounts that are open."""
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "cli") as work:
            found = accounts(work)
    finally:
        programme.close()
    table = Table("username", "name", "role", "bydel")
    for one in found:
        table.add_row(one.username, one.display_name, one.role, one.bydel or "")
    Console().print(table)
