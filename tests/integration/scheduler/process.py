"""A scheduler as `python -m scheduler` is one, in a hurry: its jobs are due each second.

One of the jobs is the test's own: it counts up what the test laid down, one at a time, in a way
that two at once would get wrong; `careless` lets a run go on whoever took it for lost.
"""

import signal
import sys
import time
from datetime import timedelta
from threading import Event

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import text

from config.logging import configure_logging
from config.settings import read_settings
from nyefamilier.bootstrap import bootstrap
from nyefamilier.jobs import service
from nyefamilier.kernel.actors import SYSTEM
from scheduler import leading
from scheduler.jobs import JOBS as PROGRAMMES
from scheduler.jobs import Job
from scheduler.leading import Hung
from scheduler.main import begin_anew, run

NEXT = text("SELECT id FROM piece WHERE times = 0 ORDER BY id LIMIT 1")
HANGS = text("SELECT count(*) FROM job_run WHERE job = 'hang-once'")
DONE = text("UPDATE piece SET times = times + 1 WHERE id = :id")
TRIED = (
    "complete-enrolments",
    "remind-of-offers",
    "lapse-leases",
    "claim-appointments",
    "roll-plans",
    "raise-alarms",
)


def each_second():
    return CronTrigger(second="*", timezone="UTC")


def count_pieces(programme):
    count = 0
    while True:
        with programme.work(SYSTEM, "job") as work:
            found = work.session.scalar(NEXT)
            if found is None:
                return count
            time.sleep(0.02)
            work.session.execute(DONE, {"id": found})
        count += 1


def hang_once(programme):
    with programme.work(SYSTEM, "job") as work:
        runs = work.session.scalar(HANGS)
    if runs == 1:
        time.sleep(3600)
    return runs


JOBS = (
    Job("count-pieces", each_second(), count_pieces),
    *(Job(one.name, each_second(), one.run) for one in PROGRAMMES if one.name in TRIED),
)


def main():
    configure_logging()
    if "careless" in sys.argv:
        service.held = lambda *_: lambda _: None
    jobs = JOBS
    if "hanging" in sys.argv:
        leading.GRACE = leading.ENDING = timedelta()
        jobs = (Job("hang-once", each_second(), hang_once, longest=timedelta(seconds=2)),)
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    programme = bootstrap(read_settings())
    try:
        run(programme, stop, jobs=jobs, standby=0.2)
    except Hung:
        begin_anew(stop)
    finally:
        programme.close()


if __name__ == "__main__":
    main()
