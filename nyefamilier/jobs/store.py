"""The timetable's and the runs' queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from nyefamilier.jobs.states import Outcome
from nyefamilier.jobs.tables import JobRow, RunRow


def enter(session: Session, name: str, due_at: datetime, patience: timedelta) -> None:
    """Put a job on the timetable; one that is there keeps the time at which it is due."""
    seconds = int(patience.total_seconds())
    row = insert(JobRow).values(name=name, due_at=due_at, patience_seconds=seconds)
    known = row.on_conflict_do_update(
        index_elements=[JobRow.name], set_={"patience_seconds": seconds}
    )
    session.execute(known)


def strike_others(session: Session, names: Collection[str]) -> None:
    """Take the jobs that there are no more off the timetable."""
    session.execute(delete(JobRow).where(JobRow.name.not_in(names)))


def timetable(session: Session) -> Sequence[JobRow]:
    """All jobs, by name."""
    return session.scalars(select(JobRow).order_by(JobRow.name)).all()


def due_at(session: Session, name: str) -> datetime | None:
    """When a job is due; None when it is not on the timetable."""
    return session.scalar(select(JobRow.due_at).where(JobRow.name == name))


def settle(session: Session, name: str, until: datetime, due_next: datetime) -> None:
    """What was due until then is done."""
    settled = update(JobRow).where(JobRow.name == name, JobRow.due_at <= until)
    session.execute(settled.values(due_at=due_next))


def lose(session: Session, names: Collection[str], now: datetime) -> int:
    """Close the open runs of some jobs, and say how many; waits for what they have under way."""
    lost = update(RunRow).where(RunRow.job.in_(names), RunRow.outcome.is_(None))
    closed = lost.values(outcome=Outcome.LOST, ended_at=now).returning(RunRow.id)
    return len(session.scalars(closed).all())


def time_out(session: Session, name: str, now: datetime) -> bool:
    """Close the open run of a job as too slow; False when there is none."""
    late = update(RunRow).where(RunRow.job == name, RunRow.outcome.is_(None))
    closed = late.values(outcome=Outcome.TIMED_OUT, ended_at=now).returning(RunRow.id)
    return session.scalar(closed) is not None


def hold(connection: Connection, run_id: UUID) -> bool:
    """Whether the run is open; if so nobody can close it before this transaction has ended."""
    query = (
        select(RunRow.id)
        .where(RunRow.id == run_id, RunRow.outcome.is_(None))
        .with_for_update(read=True)
    )
    return connection.scalar(query) is not None


def wait_shortly(connection: Connection, limit: str) -> None:
    """Let no statement of this transaction wait for a lock for longer than that."""
    connection.execute(select(func.set_config("lock_timeout", limit, True)))  # noqa: FBT003


def close(session: Session, run_id: UUID, values: Mapping[str, Any]) -> bool:
    """Close a run; False when somebody else has."""
    mine = update(RunRow).where(RunRow.id == run_id, RunRow.outcome.is_(None))
    return session.scalar(mine.values(**values).returning(RunRow.id)) is not None


def runs(session: Session, name: str | None, most: int) -> Sequence[RunRow]:
    """The newest runs, of one job or of all; newest first."""
    query = select(RunRow).order_by(RunRow.began_at.desc(), RunRow.id.desc()).limit(most)
    return session.scalars(query if name is None else query.where(RunRow.job == name)).all()


def last_runs(session: Session) -> Sequence[RunRow]:
    """The newest run of each job on the timetable, of those that there is one of."""
    newest = (
        select(RunRow)
        .where(RunRow.job == JobRow.name)
        .order_by(RunRow.began_at.desc())
        .limit(1)
        .lateral()
    )
    run = aliased(RunRow, newest)
    return session.scalars(select(run).select_from(JobRow).join(run, true())).all()


def tally(session: Session, since: datetime) -> Sequence[tuple[str, str, int]]:
    """How many runs of each job that began since an instant ended so."""
    query = (
        select(RunRow.job, RunRow.outcome, func.count())
        .where(RunRow.began_at >= since, RunRow.outcome.is_not(None))
        .group_by(RunRow.job, RunRow.outcome)
        .order_by(RunRow.job, RunRow.outcome)
    )
    return [(job, str(outcome), count) for job, outcome, count in session.execute(query)]


def forget(session: Session, before: datetime, most: int) -> int:
    """Delete runs that ended before an instant, the oldest first, and say how many."""
    old = (
        select(RunRow.id).where(RunRow.ended_at < before).order_by(RunRow.began_at).limit(most)
    ).with_for_update(skip_locked=True)
    gone = delete(RunRow).where(RunRow.id.in_(old)).returning(RunRow.id)
    return len(session.scalars(gone).all())
