"""Runs of jobs: begun, held, ended, lost; and what the timetable says.

A run is open in one process only. Each of its transactions holds the run's row, so that whoever
takes the run for lost waits for what it has under way, and nothing of it comes after. So a leader
that was cut off, and does not know it, changes nothing that its successor has begun to change.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from nyefamilier.jobs import store
from nyefamilier.jobs.rules import is_overdue
from nyefamilier.jobs.states import Outcome
from nyefamilier.jobs.tables import JobRow, RunRow
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.kernel.ids import new_id
from nyefamilier.storage.engine import unavailable_from
from nyefamilier.storage.work import Work

KEPT: Final = timedelta(days=90)
"""How long it is remembered what became of a run."""
A_DAY: Final = timedelta(days=1)
FORGOTTEN_AT_ONCE: Final = 1_000
"""The most runs that one transaction deletes."""
LOCK_TIMEOUT: Final = "1s"
"""How long a job's statement waits for a lock: whoever waits behind it is a person."""
_LOCKS: Final = 0x6E79_6A6F << 32  # "nyjo": the advisory locks of jobs, one each


class RunOver(BaseException):  # ends a run as an interrupt ends a process
    """The run is over and must change nothing more.

    No `Exception`: a job that goes on after whatever goes wrong with one family must not go on
    after this.
    """

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Timing:
    """A job on the timetable."""

    name: str
    due_at: datetime
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job; `outcome` is None while it is open."""

    id: UUID
    job: str
    due_at: datetime | None
    began_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    count: int | None = None
    error: str | None = None

    @property
    def settles(self) -> datetime:
        """Until when what was due is done when it is done.

        Its own time is, though the clock may have been set back between the two.
        """
        return self.began_at if self.due_at is None else max(self.began_at, self.due_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """A job, when it is due, whether it should have been done, and its newest run."""

    timing: Timing
    overdue: bool
    last: Run | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: with how many done, or with the code of what went wrong."""

    outcome: Outcome
    count: int | None = None
    error: str | None = None


def lock_of(job: str) -> int:
    """The key of the advisory lock that whoever runs *job* holds meanwhile."""
    return _LOCKS | zlib.crc32(job.encode())


def enter(work: Work, timings: Iterable[Timing]) -> dict[str, datetime]:
    """Make these the jobs on the timetable, and say when each is due.

    A job that was there keeps its time, however long ago that is: nobody has done it yet.

    Raises:
        NotAllowed: the actor is a person.
    """
    _require_system(work)
    wanted = list(timings)
    for one in wanted:
        store.enter(work.session, one.name, one.due_at, one.patience)
    store.strike_others(work.session, [one.name for one in wanted])
    return {row.name: row.due_at for row in store.timetable(work.session)}


def begin(work: Work, job: str, due_at: datetime | None) -> Run | None:
    """Open a run of *job*; None when the time that it was to be for has been settled meanwhile.

    The caller holds the lock of the job (`lock_of`), so a run that is still open is a dead one's.

    Raises:
        NotAllowed: the actor is a person.
    """
    _require_system(work)
    store.lose(work.session, [job], work.now)
    if due_at is not None and store.due_at(work.session, job) != due_at:
        return None
    row = RunRow(id=new_id(work.now), job=job, due_at=due_at, began_at=work.now)
    work.session.add(row)
    return _run(row)


def held(run: Run, go_on: Callable[[], None]) -> Callable[[Connection], None]:
    """What each transaction of a run begins with: it keeps the run open until it has ended.

    Its statements wait for others' locks only shortly.

    Args:
        run: The run.
        go_on: Raises where the run may not go on.
    """

    def hold(connection: Connection) -> None:
        go_on()
        store.wait_shortly(connection, LOCK_TIMEOUT)
        if not store.hold(connection, run.id):
            raise RunOver(Outcome.LOST)

    return hold


def end(work: Work, run: Run, ending: Ending, due_next: datetime) -> None:
    """Close a run. One that is done settles all that was due when it began (`Run.settles`).

    Args:
        work: The work that it is closed in.
        run: The run.
        ending: How it ended.
        due_next: The first time of the job's after what it settles.

    Raises:
        RunOver: somebody has taken it for lost.
    """
    values = {
        "outcome": ending.outcome,
        "ended_at": work.now,
        "count": ending.count,
        "error": ending.error,
    }
    if not store.close(work.session, run.id, values):
        raise RunOver(Outcome.LOST)
    if ending.outcome is Outcome.DONE:
        store.settle(work.session, run.job, run.settles, due_next)


def time_out(work: Work, job: str) -> bool:
    """Close the open run of a job that hangs, if there is one and it holds nothing just now.

    Whatever it would still commit finds its row closed, and is rolled back.

    Raises:
        NotAllowed: the actor is a person.
        sqlalchemy.exc.DBAPIError: the run hangs within a transaction, and holds its row.
    """
    _require_system(work)
    store.wait_shortly(work.session.connection(), LOCK_TIMEOUT)
    return store.time_out(work.session, job, work.now)


def lose(work: Work, jobs: Collection[str]) -> int:
    """Tell the open runs of these jobs as lost, and say how many; the caller holds their locks.

    Raises:
        NotAllowed: the actor is a person.
    """
    _require_system(work)
    return store.lose(work.session, jobs, work.now)


def due_at(work: Work, job: str) -> datetime | None:
    """When a job is due; None when it is not on the timetable."""
    return store.due_at(work.session, job)


def standings(work: Work) -> list[Standing]:
    """Every job on the timetable, by name.

    Raises:
        NotAllowed: the actor is a person.
    """
    _require_system(work)
    last = {row.job: _run(row) for row in store.last_runs(work.session)}
    return [
        Standing(
            timing, is_overdue(timing.due_at, timing.patience, work.now), last.get(timing.name)
        )
        for timing in map(_timing, store.timetable(work.session))
    ]


def history(work: Work, job: str | None = None, most: int = 50) -> list[Run]:
    """The newest runs, of one job or of all; newest first.

    Raises:
        NotAllowed: the actor is a person.
    """
    _require_system(work)
    return [_run(row) for row in store.runs(work.session, job, most)]


def tally(work: Work) -> list[tuple[str, Outcome, int]]:
    """How many of the runs of each job that began within a day ended so.

    Raises:
        NotAllowed: the actor is a person.
    """
    _require_system(work)
    return [
        (job, Outcome(outcome), count)
        for job, outcome, count in store.tally(work.session, work.now - A_DAY)
    ]


def forget_old(work: Work) -> int:
    """Delete some runs that ended long ago; none is left when it says fewer than at once.

    Raises:
        NotAllowed: the actor is a person.
    """
    _require_system(work)
    return store.forget(work.session, work.now - KEPT, FORGOTTEN_AT_ONCE)


def away_code(error: Exception) -> str | None:
    """The code of what is away when *error* means that the database is; else None."""
    away = unavailable_from(error)
    return None if away is None else away.code


def _require_system(work: Work) -> None:
    if work.actor.role is not Role.SYSTEM:
        raise NotAllowed("The timetable is the programme's own.")


def _timing(row: JobRow) -> Timing:
    return Timing(row.name, row.due_at, timedelta(seconds=row.patience_seconds))


def _run(row: RunRow) -> Run:
    outcome = None if row.outcome is None else Outcome(row.outcome)
    return Run(
        row.id, row.job, row.due_at, row.began_at, row.ended_at, outcome, row.count, row.error
    )
