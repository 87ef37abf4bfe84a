"""One run of one job: locked, recorded from beginning to end, stopped when it is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import cast

import structlog

from nyefamilier.bootstrap import Programme
from nyefamilier.jobs import service
from nyefamilier.jobs.service import Ending, Run, RunOver
from nyefamilier.jobs.states import Outcome
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import stopwatch
from nyefamilier.kernel.errors import Refusal
from scheduler.jobs import Job

log = structlog.get_logger()


def carry_out(
    programme: Programme, job: Job, stop: Event, *, due_at: datetime | None = None
) -> Outcome | None:
    """Run *job*, and say how it ended; None where nothing was to be done.

    That is when another process runs it just now, or has done what was due at *due_at*.

    Args:
        programme: What the job works on.
        job: What to run.
        stop: Set when the process is to end, or leads no more.
        due_at: The time that the run is for; None for one that somebody asked for.

    Raises:
        sqlalchemy.exc.DBAPIError: the database is away.
    """
    with programme.leadership(service.lock_of(job.name)) as holds:
        if not holds():
            return None
        with programme.work(SYSTEM, "job") as work:
            run = service.begin(work, job.name, due_at)
        return None if run is None else _recorded(programme, job, run, stop)


def lose_dead_runs(programme: Programme, jobs: tuple[Job, ...]) -> int:
    """Tell the runs as lost that dead processes left open, and say how many."""
    return sum(_lost(programme, job) for job in jobs)


def code_of(error: Exception) -> str:
    """What is told of an error: a code, or its type. Its words may quote somebody."""
    if isinstance(error, Refusal):
        return error.code
    away = service.away_code(error)
    return type(error).__qualname__ if away is None else away


def _lost(programme: Programme, job: Job) -> int:
    with programme.leadership(service.lock_of(job.name)) as holds:
        if not holds():
            return 0
        with programme.work(SYSTEM, "job") as work:
            found = service.lose(work, [job.name])
    if found:
        log.warning("job.lost", job=job.name, count=found)
    return found


def _recorded(programme: Programme, job: Job, run: Run, stop: Event) -> Outcome:
    began = stopwatch()
    ending = _ending(job, programme.beginning_with(service.held(run, _in_time(job, stop))))
    try:
        with programme.work(SYSTEM, "job") as work:
            service.end(work, run, ending, _time_after(job, run))
    except RunOver as over:
        ending = Ending(over.outcome)
    _tell(job, ending, stopwatch() - began)
    return ending.outcome


def _time_after(job: Job, run: Run) -> datetime:
    """The job's first time after what the run settles; a time is not after itself."""
    after = job.trigger.get_next_fire_time(None, run.settles + timedelta(microseconds=1))
    return cast("datetime", after)  # every schedule of ours goes on for ever


def _in_time(job: Job, stop: Event) -> Callable[[], None]:
    """What is asked before each transaction of a run: whether it may go on."""
    began = stopwatch()

    def go_on() -> None:
        if stop.is_set():
            raise RunOver(Outcome.STOPPED)
        if timedelta(seconds=stopwatch() - began) > job.longest:
            raise RunOver(Outcome.TIMED_OUT)

    return go_on


def _ending(job: Job, programme: Programme) -> Ending:
    try:
        return Ending(Outcome.DONE, count=job.run(programme))
    except RunOver as over:
        return Ending(over.outcome)
    except Exception as error:  # noqa: BLE001 - whatever it is, the run has failed and says so
        return Ending(Outcome.FAILED, error=code_of(error))


def _tell(job: Job, ending: Ending, seconds: float) -> None:
    say = log.info if ending.outcome in {Outcome.DONE, Outcome.STOPPED} else log.error
    say(
        f"job.{ending.outcome}",
        job=job.name,
        count=ending.count,
        reason=ending.error,
        milliseconds=round(seconds * 1000),
    )
