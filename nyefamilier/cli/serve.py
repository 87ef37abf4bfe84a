"""``nyefamilier serve``: the database, at first start a demonstration, and the web server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from config.settings import Settings, read_settings
from nyefamilier.accounts.service import make_demo_accounts, nobody_signs_in
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.cli.city import load_small
from nyefamilier.cli.migrate import bring_to_head
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.errors import Unavailable

Account = tuple[str, str, Role]
FIRST_START = 5_461_871_110
"""Names the turn of preparing a demonstration: two first starts at once prepare one."""


@click.command()
def serve() -> None:
    """Serve the programme.

    Outside production it brings the database to the newest version and, at the first start, opens
    demonstration accounts and loads a small city of synthetic families.
    """
    settings = read_settings()
    console = Console(highlight=False)
    listener = _listen(settings)
    programme = bootstrap(settings)
    try:
        if not settings.in_production:
            with programme.turn(FIRST_START):
                _prepare(programme, console)
        programme.require_own_keys()
        _announce(console, listener)
        sys.exit(_run_web(settings, programme, listener))
    finally:
        programme.close()


def _listen(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port), backlog=512)
    except OSError as error:
        raise Unavailable(
            "port-taken",
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}. Set "
            "NYEFAMILIER_PORT to another one; 0 takes any that is free.",
        ) from error


def _prepare(programme: Programme, console: Console) -> None:
    bring_to_head(programme)
    with programme.work(SYSTEM, "demo") as work:
        is_first = nobody_signs_in(work.session)
    if not is_first:
        return
    # The sign-ins come last: a first start that was interrupted is then still a first one.
    load_small(programme, console)
    with programme.work(SYSTEM, "demo") as work:
        made = make_demo_accounts(work)
    _show_accounts(console, made)


def _show_accounts(console: Console, made: Sequence[Account]) -> None:
    table = Table("username", "password", "role", title="Sign-ins (shown this once)")
    for username, password, role in made:
        table.add_row(username, password, role.value)
    console.print(table)


def _announce(console: Console, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    console.print(f"Nye familier is at [bold]http://{host}:{port}/[/] (Ctrl-C stops it).")


def _run_web(settings: Settings, programme: Programme, listener: socket.socket) -> int:
    """Run gunicorn until it ends. Signals reach it, and the database outlives it."""
    environment = dict(os.environ)  # noqa: TID251 - handed on whole, not read
    if programme.embedded is not None:
        environment["NYEFAMILIER_DATABASE_URL"] = programme.embedded.url
    child = subprocess.Popen(  # noqa: S603 - our own interpreter, fixed words
        _gunicorn(settings, listener), env=environment, pass_fds=[listener.fileno()]
    )
    listener.close()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda number, _frame: child.send_signal(number))
    return child.wait()


def _gunicorn(settings: Settings, listener: socket.socket) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"fd://{listener.fileno()}",
        "--workers",
        str(settings.workers),
        "--threads",
        str(settings.threads),
        "--log-level",
        "warning",
        "wsgi:app",
    ]
