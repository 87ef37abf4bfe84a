"""What the scheduler that leads does: hands out what is due, and says aloud what was not done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Condition, Event
from typing import Final

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from nyefamilier.bootstrap import Programme
from nyefamilier.jobs import service
from nyefamilier.jobs.rules import retry_after
from nyefamilier.jobs.service import Timing
from nyefamilier.jobs.states import Outcome
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import stopwatch
from scheduler.jobs import Job
from scheduler.running import carry_out, code_of, lose_dead_runs
from scheduler.timetable import Timetable

AT_ONCE: Final = 3
"""Jobs that run at the same time; each has two connections to the database."""
SOON: Final = timedelta(seconds=5)
"""When a job is tried again that another process was at, or that the database was away for."""
GRACE: Final = timedelta(minutes=1)
"""How long past its limit a job may take to come to its next transaction, where it is stopped."""
ENDING: Final = timedelta(seconds=30)
"""How long the jobs that are under way are waited for when the lead ends."""

log = structlog.get_logger()


class Hung(Exception):  # noqa: N818 - it says what has happened
    """A job hangs where nothing but the end of its process can stop it: outside the database."""


class Leader:
    """Runs every job at its time, until it is told to stop.

    Args:
        programme: What the jobs work on.
        jobs: All jobs.
    """

    def __init__(self, programme: Programme, jobs: tuple[Job, ...]) -> None:
        self._programme = programme
        self._jobs = jobs
        self._stop = Event()
        self._failures: Counter[str] = Counter()
        self._alarmed: set[str] = set()
        self._at_work: dict[str, tuple[Job, float]] = {}
        self._changed = Condition()
        self._timetable = Timetable(self._enter())
        self._scheduler = self._made()

    @contextmanager
    def at_work(self) -> Generator[None, None, None]:
        """Work while the block lasts; what is under way ends at its next transaction.

        Raises:
            Hung: a job did not come to one.
        """
        lose_dead_runs(self._programme, self._jobs)
        self._scheduler.start()
        log.info("scheduler.leads", count=len(self._jobs))
        try:
            yield
        finally:
            self._stop.set()
            self._scheduler.pause()
            left = self._left_at_work()
            self._scheduler.shutdown(wait=not left)
            log.info("scheduler.leads-no-more")
            if left:
                raise Hung(", ".join(left))

    def ring_alarms(self) -> None:
        """Say once of a job that it was not done in time, and once that it was done after all."""
        with self._programme.work(SYSTEM, "job") as work:
            late = {one.timing.name for one in service.standings(work) if one.overdue}
        for name in sorted(late - self._alarmed):
            log.error("job.overdue", job=name)
        for name in sorted(self._alarmed - late):
            log.info("job.overdue-no-more", job=name)
        self._alarmed = late

    def stop_hanging(self) -> None:
        """Say of jobs that they hang, and tell their runs as timed out.

        What such a run still does is rolled back.

        Raises:
            Hung: there is one. Its thread ends with this process and not before.
        """
        now = stopwatch()
        with self._changed:
            hang = [
                job.name
                for job, began in self._at_work.values()
                if timedelta(seconds=now - began) > job.longest + GRACE
            ]
        for name in hang:
            log.error("job.hangs", job=name)
            self._time_out(name)
        if hang:
            raise Hung(", ".join(hang))

    def _time_out(self, name: str) -> None:
        try:
            with self._programme.work(SYSTEM, "job") as work:
                service.time_out(work, name)
        except Exception as error:  # noqa: BLE001 - whoever leads next tells the run as lost
            log.warning("job.not-timed-out", job=name, reason=code_of(error))

    def _left_at_work(self) -> list[str]:
        with self._changed:
            self._changed.wait_for(lambda: not self._at_work, ENDING.total_seconds())
            return sorted(self._at_work)

    def _enter(self) -> dict[str, datetime]:
        with self._programme.work(SYSTEM, "job") as work:
            return service.enter(
                work,
                [
                    Timing(job.name, job.trigger.get_next_fire_time(None, work.now), job.patience)
                    for job in self._jobs
                ],
            )

    def _made(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": self._timetable},
            executors={"default": ThreadPoolExecutor(AT_ONCE)},
        )
        for job in self._jobs:
            # Late is as good as in time, and once is as good as all the times that were missed.
            # Two at once are only what APScheduler sees between a run's end and its own knowing;
            # a skipped one would never be given back.
            scheduler.add_job(
                self._run,
                job.trigger,
                [job],
                id=job.name,
                coalesce=True,
                misfire_grace_time=None,
                max_instances=2,
            )
        return scheduler

    def _run(self, job: Job) -> None:
        with self._changed:
            self._at_work[job.name] = (job, stopwatch())
        try:
            self._do(job)
        finally:
            with self._changed:
                self._at_work.pop(job.name, None)
                self._changed.notify_all()

    def _do(self, job: Job) -> None:
        due_at = self._timetable.due_at(job.name)
        try:
            wait = self._wait_after(job, carry_out(self._programme, job, self._stop, due_at=due_at))
            due_at = self._due_now(job) or due_at
        except Exception as error:  # noqa: BLE001 - a job that could not be begun is tried again
            log.warning("job.put-off", job=job.name, reason=code_of(error))
            wait = SOON
        self._timetable.give_back(job.name, due_at, self._programme.clock() + wait)
        if not self._stop.is_set():
            self._scheduler.wakeup()

    def _wait_after(self, job: Job, outcome: Outcome | None) -> timedelta:
        if outcome is Outcome.DONE:
            del self._failures[job.name]
            return timedelta()
        if outcome not in {Outcome.FAILED, Outcome.TIMED_OUT}:
            return SOON
        self._failures[job.name] += 1
        return retry_after(self._failures[job.name])

    def _due_now(self, job: Job) -> datetime | None:
        with self._programme.work(SYSTEM, "job") as work:
            return service.due_at(work, job.name)
