"""A run: phones write and sync, a proxy spoils what it carries, and processes are killed."""

from __future__ import annotations

import random
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg

from nyefamilier.families.history import differing
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import stopwatch
from tests.faults.evidence import Evidence, Violation
from tests.faults.history import History
from tests.faults.phone_checks import ROUNDS_TO_DRAIN
from tests.faults.properties import violations
from tests.faults.reading import reader
from tests.faults.real import oracle
from tests.faults.real.nurses import Carry, Phone
from tests.faults.real.oracle import Seen, Sum
from tests.faults.real.people import PHONES, People, settle
from tests.faults.real.proxy import CALM, WEIGHTS, Fate, Fates, Proxy
from tests.faults.real.site import Site, Victim, site, wait_until

ROUNDS_TO_AGREE: Final = 2
"""After the outboxes are empty, until each phone has heard of what the others sent."""
PART: Final = 25
"""Kills in one deployment."""
BETWEEN: Final = 12
"""The most mutations that the server takes in between two kills."""
AT_MOST: Final = 1.0
"""Seconds more, at most, before the next kill: it may come at any moment of a request."""
COMES_BACK: Final = 300.0
"""Seconds that it may take until phones are served again, on a machine that is busy otherwise."""
SHARES: Final[Mapping[Victim, int]] = {
    Victim.WORKER: 5, Victim.BACKEND: 5, Victim.DATABASE: 5, Victim.POSTMASTER: 3, Victim.MASTER: 2,
}  # fmt: skip
"""Of twenty kills. A whole web server takes longest to come back, and what is killed is the same
as when its workers are."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen.

    Args:
        seed: From which kills, spoiled requests and all that is written are drawn.
        victims: What is killed, in this order.
        fates: What the proxy does to requests meanwhile.
        settings: Of PostgreSQL, beside the house's own, from when all phones have begun.
        binaries: Another PostgreSQL than the packaged one.
        carry: What is put between each client and its transport.
        least: So many mutations are taken in before it ends, kills or not.
    """

    seed: int
    victims: Sequence[Victim] = ()
    fates: Mapping[Fate, float] = field(default_factory=lambda: WEIGHTS)
    settings: Mapping[str, str] = field(default_factory=dict)
    binaries: Path | None = None
    carry: Carry = lambda transport: transport
    least: int = 0


class Outcome(msgspec.Struct):
    """What came of it, fit to be kept."""

    seed: int
    kills: dict[str, int]
    fates: dict[str, int]
    statuses: dict[int, int]
    verdicts: dict[str, int]
    total: Sum
    rounds: int
    """That it took, with all faults off, until every outbox was empty and every phone agreed."""
    families: int
    rows: int
    starts: int
    """How often `serve` was started."""
    seconds: float
    found: list[str]
    postgresql: str = ""
    parts: int = 1

    def add(self, other: Outcome) -> None:
        """Count in what came of another deployment."""
        for name in ("kills", "fates", "statuses", "verdicts"):
            setattr(self, name, dict(Counter(getattr(self, name)) + Counter(getattr(other, name))))
        for name in ("families", "rows", "starts", "seconds", "parts"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.rounds = max(self.rounds, other.rounds)
        self.total = self.total + other.total
        self.found = [*self.found, *other.found]


def parts(seed: int, kills: int, binaries: Path | None) -> Iterator[Plan]:
    """So many kills in deployments of their own, so that each part is checked by itself."""
    for first in range(0, kills, PART):
        one = seed + first // PART
        yield Plan(one, victims(one, min(PART, kills - first)), binaries=binaries)


def victims(seed: int, number: int) -> list[Victim]:
    """So many kills, in their shares, in an order that follows from the seed."""
    twenty = [one for one, share in SHARES.items() for _ in range(share)]
    random.Random("twenty").shuffle(twenty)
    order = [twenty[place % len(twenty)] for place in range(number)]
    random.Random(f"kills {seed}").shuffle(order)
    return order


def run(plan: Plan) -> Outcome:
    """Let it happen, let everything become quiet, and check."""
    with _folder() as folder, site(
        folder, plan.binaries
    ) as place:  # fmt: skip
        people = settle(place.programme)
        place.wait_until_ready()
        fates = Fates(plan.seed)
        proxy = Proxy(place.web.port, fates)
        try:
            with _phones(plan, people, folder, proxy.url) as phones:
                return _Run(plan, place, people, fates, phones).outcome()
        finally:
            proxy.close()


@contextmanager
def _phones(plan: Plan, people: People, folder: Path, url: str) -> Iterator[list[Phone]]:
    history = History()
    made = [
        Phone(name, people.nurses[nurse], folder, url, plan.seed, history, plan.carry)
        for name, nurse in PHONES
    ]
    try:
        yield made
    finally:
        for one in made:
            one.close()


class _Run:
    """One run on a site that is up."""

    def __init__(
        self, plan: Plan, place: Site, people: People, fates: Fates, phones: list[Phone]
    ) -> None:
        self.plan, self.place, self.people = plan, place, people
        self.fates, self.phones = fates, phones
        self.history = phones[0].history
        self.kills: Counter[str] = Counter()
        self.chance = random.Random(f"reaper {plan.seed}")

    def outcome(self) -> Outcome:
        began = stopwatch()
        for phone in self.phones:
            phone.begin()
        self.place.database.set(self.plan.settings)
        self.fates.weights = self.plan.fates
        with self._writing():
            for number, victim in enumerate(self.plan.victims, 1):
                self._kill(victim)
                _say(f"{number} of {len(self.plan.victims)}: {victim}")
            self._load(max(self.plan.least - self._taken, BETWEEN))
        self.fates.weights = CALM
        self.place.wait_until_ready()
        rounds = self._drain()
        seconds = stopwatch() - began
        return self._told(self._seen(), rounds, seconds)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """All phones at work."""
        stop = threading.Event()
        threads = [threading.Thread(target=one.go_on, args=(stop,)) for one in self.phones]
        for one in threads:
            one.start()
        try:
            yield
        finally:
            stop.set()
            for one in threads:
                one.join()

    @property
    def _taken(self) -> int:
        return sum(len(phone.told) for phone in self.phones)

    def _kill(self, victim: Victim) -> None:
        self._load(self.chance.randint(1, BETWEEN))
        threading.Event().wait(self.chance.random() * AT_MOST)

        def is_killed() -> bool:
            self.place.revive()
            return self.place.kill(victim, self.chance)

        if not wait_until(is_killed, COMES_BACK):
            raise RuntimeError(f"there was no {victim} to be killed")
        self.kills[victim] += 1

    def _load(self, number: int) -> None:
        """Until the server has taken in so many mutations more; what has died is started again."""
        enough = self._taken + number

        def goes_on() -> bool:
            self.place.revive()
            return self._taken >= enough

        if not wait_until(goes_on, COMES_BACK + number):
            log = self.place.web.log.read_text()[-2000:]
            raise RuntimeError(f"the server takes in nothing any more:\n{log}")

    def _drain(self) -> int:
        """Rounds until nothing is unsent and nobody learns anything new; how many it took."""
        needed = 0
        for number in range(1, ROUNDS_TO_DRAIN + ROUNDS_TO_AGREE + 1):
            before = [phone.unsent for phone in self.phones]
            reports = [phone.round() for phone in self.phones]
            for phone, unsent in zip(self.phones, before, strict=True):
                if unsent:
                    self.history.tell("drained", phone=phone.name, rounds=number)
            if any(before) or any(report.received or report.stopped for report in reports):
                needed = number
        return needed

    def _seen(self) -> Seen:
        url = self.place.database.url
        with (
            psycopg.connect(url, autocommit=True) as admin,
            self.place.programme.work(SYSTEM, "test") as work,
        ):
            seen = reader(admin, work)
            log, records = seen.log(), seen.records()
            heads = seen.heads(self.people.follows)
            return Seen(
                Evidence(
                    saved=[one for phone in self.phones for one in phone.saved],
                    delivered=seen.delivered(log, records),
                    revisions=log.revisions,
                    records=records,
                    heads=heads,
                    devices=seen.devices(),
                    phones=[phone.look() for phone in self.phones],
                    holdings=seen.holdings(),
                    reviews=seen.column("SELECT mutation_id FROM inbox"),
                    followed=self.people.follows,
                    history=self.history.events,
                ),
                told={one for phone in self.phones for one in phone.told | phone.journal()},
                differing=[
                    f"{one.what} of {one.family_id}"
                    for one in differing(work.session, [head.family for head in heads])
                ],
                statuses=self.fates.statuses,
            )

    def _told(self, seen: Seen, rounds: int, seconds: float) -> Outcome:
        found: list[Violation] = [*violations(seen.evidence)]
        for check in (oracle.lost, oracle.doubled, oracle.untold, oracle.broken):
            found += check(seen)
        return Outcome(
            seed=self.plan.seed,
            kills=dict(self.kills),
            fates={str(fate): times for fate, times in self.fates.drawn.items()},
            statuses=dict(self.fates.statuses),
            verdicts=dict(Counter(one.status for one in seen.told)),
            total=oracle.summed_up(seen),
            rounds=rounds,
            families=len(seen.evidence.heads),
            rows=len(seen.evidence.records),
            starts=self.place.web.starts,
            seconds=seconds,
            found=[str(one) for one in found],
            postgresql=self._version(),
        )

    def _version(self) -> str:
        with psycopg.connect(self.place.database.url) as connection:
            told: Any = connection.execute("SHOW server_version").fetchone()
        return str(told[0])


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that the database's account may walk to."""
    with tempfile.TemporaryDirectory(prefix="nyefamilier-real-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a long run tells where it is
