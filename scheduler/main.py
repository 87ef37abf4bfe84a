"""The scheduler process: one of them works, any other stands by.

Two schedulers on one clock would run every job twice, so the one that works holds an advisory lock
of the database for as long as its connection lives, however it dies.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Event
from typing import Final

import structlog

from config.logging import configure_logging
from config.settings import read_settings
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.kernel.clock import stopwatch
from scheduler.jobs import JOBS, Job
from scheduler.leading import Leader
from scheduler.metrics import serving
from scheduler.running import code_of

LEADER: Final = 0x6E79_6566  # "nyef": the advisory lock of the scheduler that works
STANDBY_SECONDS: Final = 2.0
ALARM_SECONDS: Final = 30.0
"""How often it is asked whether every job was done in time."""

log = structlog.get_logger()


def serve() -> None:
    """Wait until no other scheduler works, then run the jobs until told to stop."""
    configure_logging()
    stop = Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    settings = read_settings()
    programme = bootstrap(settings)
    try:
        with serving(programme, settings.jobs_metrics_host, settings.jobs_metrics_port):
            run(programme, stop)
    finally:
        programme.close()


def run(
    programme: Programme,
    stop: Event,
    *,
    jobs: tuple[Job, ...] = JOBS,
    standby: float = STANDBY_SECONDS,
) -> None:
    """Run every job at its time while this process leads; return when *stop* is set.

    Args:
        programme: What the jobs work on.
        stop: Set by a signal.
        jobs: What to run.
        standby: Seconds between two tries to lead, and between two looks at the own lead.
    """
    while not stop.is_set():
        with programme.leadership(LEADER) as still_leads:
            if still_leads():
                _lead(programme, jobs, lambda: still_leads() and not stop.wait(standby))
        stop.wait(standby)


def _lead(programme: Programme, jobs: tuple[Job, ...], goes_on: Callable[[], bool]) -> None:
    """Lead while that goes on; whatever goes wrong with the database meanwhile ends the lead."""
    try:
        leader = Leader(programme, jobs)
        with leader.at_work():
            _watch(leader, goes_on)
    except Exception as error:  # noqa: BLE001 - the next try finds out whether it is still so
        log.warning("scheduler.gave-up", reason=code_of(error))


def _watch(leader: Leader, goes_on: Callable[[], bool]) -> None:
    looked = stopwatch()
    while goes_on():
        if stopwatch() - looked >= ALARM_SECONDS:
            leader.ring_alarms()
            looked = stopwatch()
