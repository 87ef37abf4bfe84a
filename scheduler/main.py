"""The scheduler process: one of them works, any other stands by.

Two schedulers on one clock would run every job twice, so the one that works holds an advisory lock
of the database for as long as its connection lives, however it dies.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Event

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from config.logging import configure_logging
from config.settings import read_settings
from nyefamilier.bootstrap import Programme, bootstrap
from scheduler.jobs import JOBS, Job

LEADER = 0x6E79_6566  # "nyef": the advisory lock of the scheduler that works
STANDBY_SECONDS = 5.0

log = structlog.get_logger()


def main() -> None:
    """Wait until no other scheduler works, then run the jobs until told to stop."""
    configure_logging()
    stop = Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    programme = bootstrap(read_settings())
    try:
        run(programme, stop)
    finally:
        programme.close()


def run(programme: Programme, stop: Event, *, standby: float = STANDBY_SECONDS) -> None:
    """Run every job at its time while this process leads; return when *stop* is set.

    Args:
        programme: What the jobs work on.
        stop: Set by a signal.
        standby: Seconds between two tries to lead, and between two looks at the own lead.
    """
    while not stop.is_set():
        with programme.leadership(LEADER) as still_leads:
            if still_leads():
                _work_while(still_leads, programme, stop, standby)
        stop.wait(standby)


def _work_while(
    still_leads: Callable[[], bool], programme: Programme, stop: Event, standby: float
) -> None:
    timetable = BackgroundScheduler(timezone="Europe/Oslo")
    for job in JOBS:
        # Late is as good as in time: without the grace, a job whose second was missed waits a day.
        timetable.add_job(
            _carry_out,
            job.trigger,
            [job, programme],
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    timetable.start()
    log.info("scheduler.leads", count=len(JOBS))
    try:
        while still_leads() and not stop.wait(standby):
            pass
    finally:
        timetable.shutdown(wait=True)


def _carry_out(job: Job, programme: Programme) -> None:
    log.info("job.done", job=job.name, count=job.run(programme))
