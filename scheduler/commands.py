"""``nyefamilier jobs`` and ``python -m scheduler``: run the jobs, look at them, start one by hand.

Exit codes: 0 done; 1 refused, away, or a run that did not end as done; 2 the command's words are
off.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Event

import click

from config.logging import configure_logging
from config.settings import read_settings
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.jobs import service
from nyefamilier.jobs.service import Run, Standing
from nyefamilier.jobs.states import Outcome
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.errors import Refusal
from scheduler.jobs import JOBS, Job
from scheduler.main import serve
from scheduler.running import carry_out

_NAMES = sorted(job.name for job in JOBS)
_RUN = ("job", "due", "began", "ended", "outcome", "count", "error")
_JOB = ("job", "schedule", "due", "next", "overdue", "last", "outcome", "count")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def jobs(context: click.Context) -> None:
    """Run the jobs of the night and of the minute, or show what became of them."""
    if context.invoked_subcommand is None:
        serve()


@jobs.command("run")
def run() -> None:
    """Wait until no other scheduler leads, then run every job at its time, until told to stop."""
    serve()


@jobs.command("list")
@as_json
def list_(*, as_json: bool) -> None:
    """Show every job: when it is due, when it runs next, whether it is overdue, its newest run."""
    with _programme() as programme, programme.work(SYSTEM, "cli") as work:
        known = {one.timing.name: one for one in service.standings(work)}
        now = work.now
    _print(_JOB, [_job(job, now, known.get(job.name)) for job in JOBS], as_json)


@jobs.command("history")
@click.argument("job", required=False, metavar="[JOB]")
@click.option("--most", default=50, type=click.IntRange(1, 10_000), help="How many; 50.")
@as_json
def history(job: str | None, most: int, *, as_json: bool) -> None:
    """Show the newest runs of one job, or of all; newest first."""
    with _programme() as programme, programme.work(SYSTEM, "cli") as work:
        found = service.history(work, job, most)
    _print(_RUN, [_run(one) for one in found], as_json)


@jobs.command("run-now")
@click.argument("name", type=click.Choice(_NAMES), metavar="JOB")
def run_now(name: str) -> None:
    """Run one job here and now, whoever leads; it is recorded like any other run."""
    configure_logging()
    (job,) = (one for one in JOBS if one.name == name)
    with _programme() as programme:
        outcome = carry_out(programme, job, Event())
    if outcome is None:
        click.echo(f"{name}: another process runs it just now.", err=True)
    else:
        click.echo(f"{name}: {outcome}")
    sys.exit(0 if outcome is Outcome.DONE else 1)


def main() -> None:
    """Run the command; a refusal is told in words, never as a stack."""
    try:
        jobs(prog_name="nyefamilier jobs")
    except Refusal as refusal:
        click.echo(f"{refusal.code}: {refusal.detail}", err=True)
        sys.exit(1)


@contextmanager
def _programme() -> Generator[Programme, None, None]:
    programme = bootstrap(read_settings())
    try:
        yield programme
    finally:
        programme.close()


def _job(job: Job, now: datetime, found: Standing | None) -> list[object]:
    name, schedule = job.name, str(job.trigger)
    due_next = _told(job.trigger.get_next_fire_time(None, now))
    if found is None:
        return [name, schedule, None, due_next, None, None, None, None]
    last = found.last
    began = None if last is None else _told(last.began_at)
    outcome = None if last is None else last.outcome or "open"
    count = None if last is None else last.count
    due = _told(found.timing.due_at)
    return [name, schedule, due, due_next, found.overdue, began, outcome, count]


def _run(one: Run) -> list[object]:
    outcome = one.outcome or "open"
    times = _told(one.due_at), _told(one.began_at), _told(one.ended_at)
    return [one.job, *times, outcome, one.count, one.error]


def _told(at: datetime | None) -> str | None:
    """Oslo's time."""
    return None if at is None else at.astimezone(OSLO).isoformat(sep=" ", timespec="seconds")


def _print(columns: Sequence[str], rows: Iterable[Sequence[object]], as_json: bool) -> None:  # noqa: FBT001
    if as_json:
        click.echo(json.dumps([dict(zip(columns, row, strict=True)) for row in rows]))
        return
    click.echo("\t".join(columns))
    for row in rows:
        click.echo("\t".join("-" if one is None else str(one) for one in row))
