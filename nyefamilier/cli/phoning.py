"""``nyefamilier device sync``: be a nurse's phone for a round, to see the protocol at work."""

from __future__ import annotations

import random
import sys
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import BinaryIO, Final
from uuid import UUID

import click
import msgspec
from rich.console import Console
from rich.table import Table

from nyefamilier.client.client import CannotKeep, Client
from nyefamilier.client.keyfile import KeyRefused, secret_at
from nyefamilier.client.leasing import OtherNurse
from nyefamilier.client.outbox import NotEnrolled
from nyefamilier.client.report import Report
from nyefamilier.client.store import Store, StoreInUse
from nyefamilier.client.talking import Refused
from nyefamilier.client.transport import HttpTransport, Unreachable

_EVERY_SECONDS: Final = 60.0
_REFUSALS: Final = (
    CannotKeep, KeyRefused, NotEnrolled, OtherNurse, Refused, StoreInUse, Unreachable,
)  # fmt: skip


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """A mutation in a file: what `Client.save` takes."""

    type: str
    family: UUID
    ops: list[dict[str, object]]


@click.command("sync")
@click.option("--server", required=True, help="Where the programme is: http://127.0.0.1:8000")
@click.option(
    "--store",
    "path",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The phone's store. It is made if it is not there, and its key beside it, in PATH.key.",
)
@click.option("--username", help="Who is signed in; without it the phone asks by itself only.")
@click.option(
    "--password", envvar="NYEFAMILIER_PASSWORD", help="Asked for when it is told nowhere else."
)
@click.option("--name", default="Telefon", show_default=True, help="What she calls the phone.")
@click.option(
    "--write",
    "written",
    type=click.File("rb"),
    help='Save this first: JSON of {"type", "family", "ops"}.',
)
@click.option("--watch", is_flag=True, help="Go on, a round a minute, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print each round as a line of JSON.")
def sync(  # noqa: PLR0913, PLR0917 - one argument for each option
    server: str,
    path: Path,
    username: str | None,
    password: str | None,
    name: str,
    written: BinaryIO | None,
    *,
    watch: bool,
    as_json: bool,
) -> None:
    """Enrol a phone if it is new, and make one round: send, receive, give up what is to go.

    Exit codes: 0 all is sent and here; 1 the server was not reached or refused; 3 done in part.
    """
    try:
        client = _client(server, path, name)
        try:
            _sign_in(client, username, password)
            if written is not None:
                _save(client, written.read())
            report = _rounds(client, watch=watch, as_json=as_json)
        finally:
            client.close()
    except _REFUSALS as refusal:
        Console(stderr=True, highlight=False).print(str(refusal))
        sys.exit(1)
    sys.exit(_exit_code(report))


def _client(server: str, path: Path, name: str) -> Client:
    store = Store(path, secret_at(path.with_name(f"{path.name}.key")))
    return Client(store, HttpTransport(server), name=name)


def _sign_in(client: Client, username: str | None, password: str | None) -> None:
    if username is not None:
        client.sign_in(username, password or click.prompt("Password", hide_input=True))
    if client.store.standing is None:
        client.enrol()


def _save(client: Client, told: bytes) -> None:
    try:
        written = msgspec.json.decode(told, type=_Written)
    except msgspec.MsgspecError as error:
        raise click.UsageError(f"--write: {error}") from None
    client.save(written.type, written.family, written.ops)


def _rounds(client: Client, *, watch: bool, as_json: bool) -> Report:
    pause = Event()
    while True:
        report = client.round()
        _show(report, as_json=as_json)
        if not watch or report.erased:
            return report
        # Twenty per cent to either side: phones that start together drift apart.
        jitter = random.uniform(0.8, 1.2)  # noqa: S311 - no secret
        try:
            pause.wait(max(report.wait, _EVERY_SECONDS * jitter))
        except KeyboardInterrupt:
            return report


def _exit_code(report: Report) -> int:
    if report.stopped is not None:
        return 1
    return 3 if report.stuck is not None or report.alarms or report.unsent else 0


def _show(report: Report, *, as_json: bool) -> None:
    if as_json:
        told = {**asdict(report), "verdicts": [msgspec.to_builtins(v) for v in report.verdicts]}
        click.echo(msgspec.json.encode(told).decode())
        return
    console = Console(highlight=False)
    for table in (_sent(report), _received(report), _gone(report)):
        if table.row_count:
            console.print(table)
    console.print(_summary(report))


def _sent(report: Report) -> Table:
    table = Table("seq", "mutation", "verdict", "reason", "revision", title="Sent")
    for one in report.verdicts:
        rev = "" if one.rev is None else str(one.rev)
        table.add_row(str(one.seq), str(one.id), one.status, one.reason or "", rev)
    return table


def _received(report: Report) -> Table:
    table = Table("family", "from", "to", "records", title="Received")
    for one in report.received:
        since = "new" if one.since is None else str(one.since)
        table.add_row(str(one.family), since, str(one.rev), str(one.items))
    return table


def _gone(report: Report) -> Table:
    table = Table("family", "records deleted", title="Given up")
    for family, rows in report.purged.items():
        table.add_row(str(family), str(rows))
    return table


def _summary(report: Report) -> str:
    said = [
        f"{len(report.verdicts)} sent, {report.unsent} unsent, {len(report.received)} received",
        f"{report.requests} requests, {report.bytes_up} bytes up, {report.bytes_down} down",
    ]
    if report.stopped is not None:
        said.append(f"stopped: {report.stopped}, again in {report.wait:.0f} s")
    if report.stuck is not None:
        said.append(f"stuck: {report.stuck}")
    said += [f"alarm: {alarm}" for alarm in report.alarms]
    return "\n".join(said)
