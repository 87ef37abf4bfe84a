"""A simulated world: a server, phones, a network and an organisation, all moved by one script."""

from __future__ import annotations

import random
import traceback
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from nyefamilier.accounts.sessions import issue_token
from nyefamilier.kernel.actors import SYSTEM
from tests.faults.evidence import Saved
from tests.faults.history import History
from tests.faults.machine import Machine
from tests.faults.network import Exchange, Network
from tests.faults.phones import Phone
from tests.faults.script import Kind, Step
from tests.faults.server import Server
from tests.faults.tasks import Scheduler, Task
from tests.faults.town import FOR_EVER, Resident, Town
from tests.faults.watching import Watcher

SECONDS_A_STEP: Final = 2.0
PHONES: Final = (0, 0, 1, 2)
"""Whose each phone is: the first nurse has two."""
AWAY_STEPS: Final = 25
"""How long the keys are away."""


_SUM: Final = """
SELECT (SELECT sum(rev) FROM family), (SELECT count(*) FROM delivery WHERE settled_at IS NULL),
  (SELECT count(*) FROM delivery), (SELECT count(*) FROM escrow WHERE settled_at IS NULL),
  (SELECT count(*) FROM holding WHERE gone_at IS NULL), (SELECT count(*) FROM device)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where worlds are made: a server with the town in it, and a folder for phones."""

    machine: Machine
    town: Town
    folder: Path


@dataclass
class World:
    """One world. `tests.faults.happenings` moves it; `tests.faults.gathering` looks at its end."""

    place: Place
    name: str
    scheduler: Scheduler = field(default_factory=Scheduler)
    history: History = field(default_factory=History)
    saved: list[Saved] = field(default_factory=list)
    moments: Counter[str] = field(default_factory=Counter)
    """How often each durable step of a phone was passed."""
    keys_back_at: int | None = None
    marks: int = 0
    strangers: defaultdict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Of each family, members that a note was written on and nobody has told the server of."""
    doomed: bool = False
    """Whether the next push that is about to commit dies."""
    noted: dict[str, str] = field(default_factory=dict)
    tokens: dict[UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start the server and switch the phones on."""
        machine = self.place.machine
        self.clock = machine.clock
        self.watcher = Watcher(self.history, self.clock, lambda: machine.admin)
        machine.begin(self.scheduler, self.watcher.committed)
        self.scheduler.dies = self._dies
        self.server = Server(machine, self.scheduler)
        self.network = Network(self.scheduler, self.server.serve, self.clock.seconds)
        self.server.network = self.network
        self.server.watch = self.watcher.watch
        self.folder = self.place.folder / self.name
        self.folder.mkdir()
        self.phones: list[Phone] = []
        for number in PHONES:
            self.add_phone(number)

    @property
    def nurses(self) -> list[UUID]:
        """The nurses' ids."""
        return [one.actor.id for one in self.place.town.nurses]

    def add_phone(self, nurse: int, copy_of: Phone | None = None) -> Phone:
        """Switch a phone on: a new one, or one that runs on a copy of another's files."""
        name = f"phone{len(self.phones)}"
        phone = Phone(self, name, self.place.town.nurses[nurse])
        phone.begin(copy_of)
        self.phones.append(phone)
        return phone

    def begin(self, number: int) -> None:
        """The next step of the script; time passes."""
        self.history.step = number
        self.clock.forward(SECONDS_A_STEP)
        self.network.tire()
        if self.keys_back_at is not None and number >= self.keys_back_at:
            self.server.find_keys()
            self.keys_back_at = None

    def chance(self, step: Step) -> random.Random:
        """The chance that one step has, whatever came before it."""
        return random.Random(step.how)

    def token_of(self, nurse: Resident) -> str:
        """The token with which a nurse is signed in; she signs in again where she has to."""
        return self.tokens.get(nurse.actor.id, nurse.token)

    def sign_in_again(self) -> None:
        """A phone was locked: its nurse signs in anew on her others."""
        for one in self.place.town.nurses:
            with self.server.programme.work(SYSTEM, "test") as work:
                issued = issue_token(work, one.actor.id, FOR_EVER)
            self.tokens[one.actor.id] = issued.secret

    def kill(self, task: Task) -> None:
        """A worker dies where it is."""
        self.watcher.forget(task)
        self.scheduler.kill(task)

    def _dies(self, task: Task) -> bool:
        is_doomed = self.doomed and task.where == "before commit" and task.name.endswith("/push")
        if is_doomed:
            self.doomed = False
            self.watcher.forget(task)
            self.history.fault(Kind.KILL_BEFORE_COMMIT, task=task.name)
        return is_doomed

    def crash(self) -> None:
        """Every worker dies; whoever waits hears so."""
        for task in self.server.busy:
            self.watcher.forget(task)
        self.server.crash()
        self.network.cut_off()

    def let_all_finish(self, kinds: Sequence[str] = ("server", "phone")) -> None:
        """Let everything that is under way come to its end, with a network that loses nothing."""
        while True:
            going = [task for task in self.scheduler.runnable() if task.kind in kinds]
            if going:
                for task in going:
                    self.scheduler.resume(task, 200)
            elif self.network.flying:
                self.network.deliver(self.network.flying[0])
            else:
                return

    def sum(self) -> list[object]:
        """What changes with every revision, delivery, copy, receipt, and unsent mutation."""
        told = self.server.admin.execute(_SUM).fetchone()
        return [told, *(phone.sum() for phone in self.phones)]

    def calm_down(self) -> None:
        """Switch every fault off, and let what is under way come to its end."""
        self.history.step += 1
        self.server.find_keys()
        self.keys_back_at, self.doomed = None, False
        for phone in self.phones:
            phone.spare()
        for exchange in list(self.network.waiting):
            if not any(packet.exchange is exchange for packet in self.network.flying):
                self._let_go(exchange)
        self.let_all_finish()

    def defects(self) -> list[str]:
        """What tasks raised that nobody caught."""
        return [
            "".join(traceback.format_exception(task.defect)[-4:])
            for task in self.scheduler.ended
            if task.defect is not None
        ]

    def _let_go(self, exchange: Exchange) -> None:
        """Nothing that would answer it is under way, unless a worker is at it."""
        if not any(task.notes.get("exchange") is exchange for task in self.server.busy):
            self.network.give_up(exchange)

    def close(self) -> None:
        """Take everything down."""
        for task in list(self.scheduler.tasks):
            self.scheduler.kill(task)
        for phone in self.phones:
            phone.switch_off()
        self.server.close()
