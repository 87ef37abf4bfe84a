"""``nyefamilier log``: the access log's tree: how far it is, seal it now, an extract to check."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from uuid import UUID

import click

from config.settings import read_settings
from nyefamilier.bootstrap import bootstrap
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import day_of
from nyefamilier.transparency import sealing
from nyefamilier.transparency.checkpoints import size_of
from nyefamilier.transparency.extracts import extract


@click.group("log")
def log() -> None:
    """The access log: sealed so that nobody changes it unseen."""


@log.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(*, as_json: bool) -> None:
    """Show how far the log is sealed, who outside has its head, and the key to check it with."""
    programme = bootstrap(read_settings())
    try:
        with programme.work(SYSTEM, "cli") as work:
            found = sealing.standing(work, programme.anchors)
    finally:
        programme.close()
    told = {
        "sealed": found.leaves,
        "sealed_at": None if found.sealed_at is None else found.sealed_at.isoformat(),
        "not_sealed": {str(one): count for one, count in found.not_sealed.items()},
        "places": found.places,
        "key": found.key,
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        flat = value.items() if isinstance(value, dict) else [("", value)]
        for part, one in flat:
            click.echo(
                "\t".join(filter(None, (name, part))) + f"\t{one if one is not None else '-'}"
            )
    if not found.places:
        click.echo(
            "No place outside of the database has the log's head: whoever owns the database could "
            "rewrite both. Set NYEFAMILIER_LOG_FOLDER or NYEFAMILIER_LOG_WITNESS_URL.",
            err=True,
        )


@log.command("seal")
def seal() -> None:
    """Seal the log now, and tell its head to the places outside; the job does it each minute."""
    programme = bootstrap(read_settings())
    try:
        opened = partial(programme.work, SYSTEM, "cli")
        click.echo(f"{sealing.seal(opened)} entries sealed.")
        failed = sealing.tell_all(opened, programme.anchors)
    finally:
        programme.close()
    for place, why in failed.items():
        click.echo(f"{place}: {why}", err=True)
    if failed:
        raise SystemExit(1)


@log.command("extract")
@click.argument("family", type=click.UUID)
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file to write; it must not be there yet.",
)
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="An earlier checkpoint; the extract shows that the log begins with it.",
)
def extract_(family: UUID, to: Path, checkpoints: tuple[Path, ...]) -> None:
    """Write a family's entries to a file, with the proofs that `verify_log.py` checks.

    It says who has read what of the family, so that it is as confidential as the log. That it was
    made stands in the log.
    """
    if to.exists():
        raise click.BadParameter(f"{to} is there already; name another file.", param_hint="--to")
    since = [_size(one) for one in checkpoints]
    programme = bootstrap(read_settings())
    try:
        with programme.snapshot(SYSTEM, "cli") as work:
            found = extract(work, family, since)
            day = day_of(work.now)
    finally:
        programme.close()
    with to.open("x", encoding="utf-8") as file:
        json.dump(found, file, ensure_ascii=False, indent=1)
    to.chmod(0o600)
    click.echo(f"{len(found['entries'])} entries, {day}: {to}")


def _size(path: Path) -> int:
    try:
        return size_of(path.read_text(encoding="utf-8"))
    except ValueError:
        raise click.BadParameter(
            f"{path} is no checkpoint of the log.", param_hint="--checkpoint"
        ) from None
