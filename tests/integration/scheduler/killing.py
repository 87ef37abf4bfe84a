"""Two schedulers, of which the one that leads is killed, or cut off, again and again.

``python -m tests.integration.scheduler.killing --kills 100 --restarts 10`` does what the test does,
and more of it. It prints what happened, and exits with 1 when an effect is not there exactly once.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config.settings import Settings
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.bydeler.service import load_reference_data
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.reminding import WAITS_FOR
from nyefamilier.safety.rules import Told
from nyefamilier.safety.service import tell
from nyefamilier.storage import migrating
from nyefamilier.visits.intents import BookVisit
from tests.builders import HandClock, Household, address, nurse, send
from tests.cutting import cut_off_all
from tests.faults.real.site import Database, wait_until
from tests.places import deployment_folder
from tests.pushes import Outbox

LONG_AGO = datetime(2023, 3, 1, 11, tzinfo=UTC)
PIECES = 25
"""Laid down before each kill."""
PATIENCE = 240.0
"""Seconds in which a start, or what is left to do, must come to its end on a busy machine."""
LEFT = (
    "SELECT count(*) FROM piece WHERE times = 0",
    (
        "SELECT count(*) FROM enrolment JOIN pregnancy ON pregnancy.id = pregnancy_id "
        "WHERE enrolment.state <> 'completed' AND pregnancy.ended_on < now() - interval '2 years'"
    ),
    "SELECT count(*) FROM device WHERE share IS NOT NULL",
    (
        "SELECT count(*) FROM offer LEFT JOIN offer_reminder AS told ON told.offer_id = offer.id "
        "WHERE offer.answer = 'ubesvart' AND told.offer_id IS NULL"
    ),
    (
        "SELECT count(*) FROM visit LEFT JOIN appointment ON visit_id = visit.id "
        "WHERE visit.state = 'booked' AND visit_id IS NULL"
    ),
    "SELECT count(*) FROM visit WHERE state = 'planned' AND closes > DATE '2200-01-01'",
    (
        "SELECT count(*) FROM outing LEFT JOIN outing_alarm ON outing_id = outing.id "
        "WHERE told_at IS NULL"
    ),
)
"""What says that there is something left to do."""
UNCLAIMED = (
    "DELETE FROM appointment USING visit WHERE visit.id = visit_id AND visit.family_id = :home"
)
SHIFTED = (
    "UPDATE visit SET closes = closes + 100000 "
    "WHERE family_id = :home AND from_protocol AND state = 'planned'"
)


@dataclass
class Scheduler:
    """One process, and the file that its log goes to."""

    environment: dict[str, str]
    log: Path
    careless: bool = False
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        words = [sys.executable, "-m", "tests.integration.scheduler.process"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*words, *(["careless"] if self.careless else [])],
                env={**os.environ, **self.environment},
                stderr=log,
                stdout=log,
            )

    @property
    def leads(self) -> bool:
        said = self.log.read_text()
        return said.rfind('"scheduler.leads"') > said.rfind('"scheduler.leads-no-more"')

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass
class Ward:
    """The database, two schedulers, and what was laid down for them to do."""

    database: Database
    programme: Programme
    past: Programme
    nurse: Actor
    folder: Path
    clock: HandClock
    careless: bool = False
    schedulers: list[Scheduler] = field(default_factory=list)
    expected: dict[UUID, int] = field(default_factory=dict)
    """How many mutations each family has when each job has done its part once."""
    started: int = 0
    kills: int = 0
    cuts: int = 0
    restarts: int = 0
    seconds: list[float] = field(default_factory=list)
    """Between a leader's end and the next one's lead."""

    def start(self) -> None:
        self.started += 1
        told = {
            "NYEFAMILIER_ENVIRONMENT": "test",
            "NYEFAMILIER_DATABASE_URL": self.database.url,
            "NYEFAMILIER_VAR": str(self.folder),
            "NYEFAMILIER_TEXTS_GATEWAY": "file",
            "NYEFAMILIER_ON_CALL": '{"*": "+4740000001"}',
        }
        log = self.folder / f"scheduler-{self.started}.log"
        self.schedulers.append(Scheduler(told, log, self.careless))

    def leader(self) -> Scheduler:
        """The one that leads now, as soon as there is one."""
        assert wait_until(lambda: any(one.leads for one in self.schedulers), PATIENCE), self.logs()
        return next(one for one in self.schedulers if one.leads)

    def logs(self) -> str:
        return "\n".join(one.log.read_text()[-1500:] for one in self.schedulers)

    def lay_down(self) -> None:
        """Something for each of the jobs to do, once."""
        with self.programme.engine.begin() as connection:
            connection.execute(
                text("INSERT INTO piece (times) SELECT 0 FROM generate_series(1, :n)"),
                {"n": PIECES},
            )
        self.expected[self._old_enough()] = 3
        # One of her own for each phone: nobody has as many as there are kills.
        another = open_account(self.past, f"n{len(self.expected)}")
        Outbox(self.past, another).enrol()
        self.expected[self._without_answer()] = 1
        self.expected[self._out_of_order(another)] = 3
        with self.programme.work(another, "test") as work:
            tell(work, uuid4(), Told(1, timedelta(hours=2), timedelta(hours=1)))

    def _old_enough(self) -> UUID:
        """An enrolment that has come to its end."""
        home, on = Household(), LONG_AGO.date()
        born = on + timedelta(days=60)
        send(
            self.past, self.nurse, home.id,
            home.registration(address(on=on)), home.expects(on + timedelta(days=70)),
            home.is_offered(on), home.says(on=on),
        )  # fmt: skip
        self.clock.now = LONG_AGO + timedelta(days=61)
        send(self.past, self.nurse, home.id, home.gives_birth(born))
        self.clock.now = LONG_AGO
        return home.id

    def _without_answer(self) -> UUID:
        """An offer that has waited for an answer for long."""
        home, today = Household(), self.programme.clock().date()
        send(
            self.programme, self.nurse, home.id,
            home.registration(address(on=today)), home.expects(today + timedelta(days=70)),
            home.is_offered(today - WAITS_FOR),
        )  # fmt: skip
        return home.id

    def _out_of_order(self, actor: Actor) -> UUID:
        """A plan that is not what the protocol gives, and a visit that has not taken its time."""
        home, now = Household(), self.programme.clock()
        send(
            self.programme, actor, home.id,
            home.registration(address(on=now.date())),
            home.expects(now.date() + timedelta(days=70)),
            home.is_offered(now.date()), home.says(on=now.date()),
        )  # fmt: skip
        visit = BookVisit(uuid4(), now + timedelta(days=10), outside_hours="Familien ønsket det.")
        send(self.programme, actor, home.id, visit)
        with self.programme.engine.begin() as connection:
            connection.execute(text(UNCLAIMED), {"home": home.id})
            connection.execute(text(SHIFTED), {"home": home.id})
        return home.id

    def kill(self) -> None:
        """Kill the one that leads, and see another one lead; then start a third to stand by."""
        leader = self.leader()
        leader.kill()
        self.schedulers.remove(leader)
        self.kills += 1
        ended = time.monotonic()
        self.leader()
        self.seconds.append(time.monotonic() - ended)
        self.start()

    def cut_off(self) -> None:
        """End all connections that hold an advisory lock: of the leader, and of its jobs."""
        self.leader()
        cut_off_all(self.programme)
        self.cuts += 1

    def restart(self) -> None:
        """Kill the whole database where it stands, and start it again."""
        postmaster = self.database.postmaster
        assert postmaster is not None
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in [postmaster, *map(int, children)]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        assert wait_until(lambda: self.database.postmaster is None, PATIENCE)
        self.database.revive()
        self.restarts += 1

    def ask(self, question: str) -> list[tuple]:
        with self.programme.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(question))]

    def is_done(self) -> bool:
        """Whether all that was laid down has been done at least once."""
        with suppress(DBAPIError):
            return all(self.ask(question) == [(0,)] for question in LEFT)
        return False

    def found(self) -> list[str]:
        """Whatever is not there exactly once, and runs that were at work at the same time."""
        said = [
            f"{count} pieces were counted {times} times"
            for times, count in self.ask("SELECT times, count(*) FROM piece GROUP BY times")
            if times != 1
        ]
        said += [
            f"{family} has {count} mutations"
            for family, count in self.ask("SELECT family_id, count(*) FROM mutation GROUP BY 1")
            if count != self.expected[family]
        ]
        lapsed = Counter(
            device for (device,) in self.ask(
                "SELECT device_id FROM sync_event WHERE event = 'lapsed'"
            )
        )  # fmt: skip
        said += [f"{one} lapsed {times} times" for one, times in lapsed.items() if times != 1]
        return said + self._alarms() + self._overlapping()

    def _alarms(self) -> list[str]:
        alarms = self.ask("SELECT outing_id, count(*) FROM outing_alarm GROUP BY 1")
        said = [f"{one} has {count} alarms" for one, count in alarms if count != 1]
        texts = len(list((self.folder / "texts").glob("*.json")))
        return said + ([] if texts == len(alarms) else [f"{texts} texts of {len(alarms)} alarms"])

    def _overlapping(self) -> list[str]:
        runs = self.ask("SELECT job, began_at, ended_at FROM job_run ORDER BY job, began_at, id")
        return [
            f"two runs of {first[0]} at once"
            for first, second in pairwise(runs)
            if first[0] == second[0] and (first[2] is None or second[1] < first[2])
        ]

    def outcomes(self) -> dict[str, int]:
        return dict(self.ask("SELECT coalesce(outcome, 'open'), count(*) FROM job_run GROUP BY 1"))


@contextmanager
def ward(*, careless: bool = False) -> Iterator[Ward]:
    """A database of its own with two schedulers, until the block is left."""
    with deployment_folder() as folder:
        database = Database(folder)
        database.cluster.ensure_running()
        made = None
        try:
            made = _ward(database, folder, careless)
            yield made
        finally:
            if made is not None:
                for one in made.schedulers:
                    one.kill()
                made.programme.close()
                made.past.close()
            database.revive()
            database.cluster.stop()


def _ward(database: Database, folder: Path, careless: bool) -> Ward:
    told = Settings(environment="test", var=folder, database_url=SecretStr(database.url))
    programme = bootstrap(told)
    migrating.upgrade(programme.engine)
    with Session(programme.engine) as session, session.begin():
        load_reference_data(session)
        session.execute(
            text(
                "CREATE TABLE piece (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
                "times int NOT NULL)"
            )
        )
    clock = HandClock(LONG_AGO)
    past = bootstrap(told, clock=clock)
    made = Ward(database, programme, past, open_account(past, "en"), folder, clock, careless)
    for _ in range(2):
        made.start()
    return made


def open_account(programme: Programme, name: str) -> Actor:
    with programme.work(SYSTEM, "test") as work:
        account = create_account(work, NewAccount(name, name, Role.NURSE, BydelNumber("11"), None))
    return nurse(account.id)


def happen(made: Ward, seed: int, kills: int, restarts: int, cuts: int) -> list[str]:
    """Let it happen in an order that follows from the seed, wait until all is done, and check."""
    chance = random.Random(seed)  # noqa: S311 - it repeats itself by its seed
    order = [made.kill] * kills + [made.restart] * restarts + [made.cut_off] * cuts
    chance.shuffle(order)
    for number, strike in enumerate(order, 1):
        made.leader()
        made.lay_down()
        time.sleep(chance.random())
        strike()
        if number % 10 == 0:
            print(f"{number} of {len(order)}", flush=True)  # noqa: T201
    assert wait_until(made.is_done, PATIENCE), made.logs()
    for one in made.schedulers:
        one.process.terminate()
        one.process.wait(PATIENCE)
    return made.found()


def main() -> int:
    """Do what was asked for; 1 if an effect was not there exactly once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--restarts", type=int, default=10)
    parser.add_argument("--cuts", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with ward() as made:
        found = happen(made, asked.seed, asked.kills, asked.restarts, asked.cuts)
        waits = sorted(made.seconds)
        print(  # noqa: T201
            f"kills {made.kills}, restarts {made.restarts}, cut off {made.cuts}; runs "
            f"{made.outcomes()}; the next one led after {waits[len(waits) // 2]:.1f} s, "
            f"at most {waits[-1]:.1f} s; families {len(made.expected)}"
        )
    print("\n".join(found) or "every effect exactly once")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
