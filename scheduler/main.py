"""The scheduler process: one of them works, any other stands by.

Two schedulers on one clock would run every job twice, so the one that works holds an advisory lock
of the database for as long as its connection lives, however it dies.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from threading import Event
from typing import Final, NoReturn

import structlog

from config.logging import configure_logging
from config.settings import read_settings
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.kernel.clock import stopwatch
from scheduler.jobs import JOBS, Job
from scheduler.leading import Hung, Leader
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
    except Hung:
        begin_anew(stop)
    finally:
        programme.close()


def begin_anew(stop: Event) -> NoReturn:
    """End this process, with all of its threads; unless it was told to stop, another begins.

    It takes this one's place and number, so that whoever watches over it has nothing to do.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    if stop.is_set():
        os._exit(1)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606


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

    Raises:
        Hung: a job hangs; this process must end, so that another can do what it left.
    """
    while not stop.is_set():
        with programme.leadership(LEADER) as still_leads:
            if still_leads():
                _lead(programme, jobs, lambda: still_leads() and not stop.wait(standby))
        stop.wait(standby)


def _lead(programme: Programme, jobs: tuple[Job, ...], goes_on: Callable[[], bool]) -> None:
    """Lead while that goes on; whatever goes wrong with the database meanwhile ends the lead.

    Raises:
        Hung: a job hangs.
    """
    try:
        leader = Leader(programme, jobs)
        with leader.at_work():
            _watch(leader, goes_on)
    except Hung:
        raise
    except Exception as error:  # noqa: BLE001 - the next try finds out whether it is still so
        log.warning("scheduler.gave-up", reason=code_of(error))


def _watch(leader: Leader, goes_on: Callable[[], bool]) -> None:
    looked = stopwatch()
    while goes_on():
        leader.stop_hanging()
        if stopwatch() - looked >= ALARM_SECONDS:
            leader.ring_alarms()
            looked = stopwatch()
