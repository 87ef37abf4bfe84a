"""The programme on a real key server: rotated under load, and gone for a while.

`python -m tests.rotation` runs both at the size that ``docs/keys.md`` tells of.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from statistics import quantiles
from threading import Event, Lock
from time import monotonic, perf_counter, sleep
from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.keys.service import disable, inventory, rewrap, rotate
from nyefamilier.vault.openbao import OpenBao
from nyefamilier.vault.transit import Transit
from nyefamilier.vault.vault import Vault
from tests.api.callers import Caller
from tests.api.homes import Home
from tests.sealing.figures import Figure, tell

READS = int(os.environ.get("NYEFAMILIER_TEST_ROTATION_READS", "200"))
FAMILIES = 5 if READS < 10_000 else 100
OUTAGE = float(os.environ.get("NYEFAMILIER_TEST_OUTAGE_SECONDS", "1"))
KEK = "kek-bydel-11"
LIST = "/api/v1/families?limit=100"
PAGES = 10
"""Pages of one family that are read between two lists of all."""


@contextmanager
def vault_with(server, token):
    """A vault whose keys lie in the server, asked with one of its tokens."""
    with closing(Transit(server.url, lambda: token)) as transit:
        yield Vault(OpenBao(transit), "test")


@pytest.fixture
def vault(key_server):
    key_server.empty()
    with vault_with(key_server, key_server.app) as made:
        yield made


@pytest.fixture
def homes(home, vault):
    more = [
        Home(home.nurse).register(members=[{"role": "mor", "name": f"Rask Bjørk {number}"}])
        for number in range(1, FAMILIES)
    ]
    return [home, *more]


@dataclass
class Load:
    """Readers and a writer, each with a client of its own, and what they saw."""

    app: object
    vault: Vault
    homes: list[Home]
    stop: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    answers: Counter = field(default_factory=Counter)
    opened: int = 0
    """Families that were opened with a key that the server was asked for."""
    seconds: list[float] = field(default_factory=list)
    wrong: list[object] = field(default_factory=list)
    written: set[str] = field(default_factory=set)

    def __post_init__(self):
        self.whole = {LIST: self._names(LIST)} | {
            home.path: self._names(home.path) for home in self.homes
        }

    def caller(self) -> Caller:
        return replace(self.homes[0].nurse, client=self.app.test_client())

    def read(self) -> None:
        """Pages of families and the list of all, over and over, with no key remembered."""
        call, pages = self.caller(), cycle(home.path for home in self.homes)
        while not self.stop.is_set():
            for path in (LIST, *islice(pages, PAGES)):
                self.vault.forget()
                began = perf_counter()
                answer = call("GET", path)
                self._note(path, answer, perf_counter() - began)

    def write(self) -> None:
        """One note after another; what is refused is sent again, as the same."""
        call, number = self.caller(), 0
        while not self.stop.is_set():
            home, note = self.homes[number % len(self.homes)], str(uuid4())
            body = {"id": note, "member_id": home.mother, "text": f"Vekt {number} g."}
            number += 1
            while (status := self._sent(call, home, body)) == 503 and not self.stop.is_set():
                sleep(0.02)
            if status != 503:
                self.written.add(note)

    def _sent(self, call: Caller, home: Home, body: dict[str, str]) -> int:
        headers = {"Idempotency-Key": body["id"]}
        answer = call("POST", f"{home.path}/notes", json=body, headers=headers)
        with self.lock:
            self.answers["write", answer.status_code] += 1
            if answer.status_code not in {201, 503}:
                self.wrong.append(answer.json)
        return answer.status_code

    def _note(self, path, answer, seconds) -> None:
        with self.lock:
            self.answers["read", answer.status_code] += 1
            if answer.status_code == 200:
                self.opened += len(self.homes) if path == LIST else 1
                if path != LIST:
                    self.seconds.append(seconds)
                if names_in(answer.json) != self.whole[path]:
                    self.wrong.append(answer.json)
            elif not says_when_to_come_back(answer):
                self.wrong.append(answer.json)

    def _names(self, path):
        answer = self.caller()("GET", path)
        assert answer.status_code == 200, answer.json
        return names_in(answer.json)

    @property
    def p95(self) -> float:
        """Milliseconds that 95 of 100 pages took at most; those since it was last asked."""
        with self.lock:
            taken, self.seconds = self.seconds, []
        return quantiles(taken, n=20)[-1] * 1000 if len(taken) > 1 else 0.0

    def notes(self) -> set[str]:
        """The notes that there are, of all families."""
        return {note["id"] for home in self.homes for note in home.read("/notes")["items"]}


def names_in(told) -> str:
    """What is told of people: the words that only an opened family can have."""
    if "members" in told:
        return str([told["id"], *sorted(member["name"] for member in told["members"])])
    return str(sorted((line["id"], *line["names"]) for line in told["items"]))


def says_when_to_come_back(answer) -> bool:
    """Whether it is the refusal that a key server's absence calls for, and nothing besides."""
    return (
        answer.status_code == 503
        and answer.content_type == "application/problem+json"
        and answer.json["code"] == "key-provider-away"
        and 0 < int(answer.headers["Retry-After"]) <= 60
    )


@contextmanager
def working(load: Load, readers: int):
    """Have *readers* read and one write meanwhile; a defect in one of them is raised."""
    with ThreadPoolExecutor(readers + 1) as pool:
        jobs: list[Future] = [pool.submit(load.read) for _ in range(readers)]
        jobs.append(pool.submit(load.write))
        try:
            yield
        finally:
            load.stop.set()
    for job in jobs:
        job.result()


def wait_until(ready, jobs_say=lambda: False):
    until = monotonic() + 3600
    while not ready() and not jobs_say():
        assert monotonic() < until
        sleep(0.01)


def test_keys_are_rotated_while_families_are_read_and_written(
    app, programme, key_server, homes, record_property
):
    load = Load(app, programme.vault, homes)
    with (
        vault_with(key_server, key_server.keeper) as keeper,
        vault_with(key_server, key_server.withdrawer) as withdrawer,
        working(load, 3),
    ):
        wait_until(lambda: load.opened >= READS / 5, lambda: load.wrong)
        before, version, rotations, brought = load.p95, 1, 0, 0
        keeping = replace(programme, vault=keeper)
        while load.opened < READS and not load.wrong:
            version, rotations = rotate(keeper, KEK), rotations + 1
            while not (done := rewrap(lambda: keeping.work(SYSTEM, "test"), _nothing)).whole:
                brought += done.keys
            brought += done.keys
            if version > 2:
                with replace(programme, vault=withdrawer).work(SYSTEM, "test") as work:
                    disable(work, KEK, version - 2)
            wait_until(
                lambda upto=rotations: load.opened >= min(READS, READS / 5 + upto * READS / 20)
            )
        during = load.p95
    with programme.work(SYSTEM, "test") as work:
        old = sum(one.keys for one in inventory(work) if one.kek == KEK and one.version != version)
    failed = sum(many for (_, status), many in load.answers.items() if status not in {200, 201})
    reads = load.answers["read", 200]
    tell(
        record_property,
        Figure(
            8,
            "Keys rotated on OpenBao under load, over the API",
            f"{load.opened:,} families opened in {reads:,} requests, {failed + len(load.wrong)} "
            f"failed or wrong; {len(load.written):,} notes written; {rotations} rotations, "
            f"{brought:,} data keys brought over, {old} left under an old version",
            "≥ 50,000 reads, 0 failed, 0 left",
        ),
    )
    tell(
        record_property,
        Figure(8, "95 of 100 pages", f"{before:.0f} ms before, {during:.0f} ms during", "< 20 %"),
    )
    assert (failed, load.wrong, old) == (0, [], 0)
    assert load.opened >= READS
    assert rotations
    assert load.notes() == load.written


def test_while_the_key_server_is_gone_it_says_so_and_goes_on_by_itself(
    app, programme, key_server, homes, record_property
):
    load = Load(app, programme.vault, homes)
    with working(load, 2):
        wait_until(lambda: load.opened >= 20, lambda: load.wrong)
        key_server.kill()
        wait_until(lambda: load.answers["read", 503], lambda: load.wrong)
        before, served = load.answers.copy(), load.opened
        sleep(OUTAGE)
        gone, opened = load.answers - before, load.opened - served
        key_server.start()
        key_server.unseal()
        back, opened_then = perf_counter(), load.opened
        wait_until(lambda: load.opened > opened_then, lambda: load.wrong)
        recovered = perf_counter() - back
        written = len(load.written)
        wait_until(lambda: len(load.written) > written + 3, lambda: load.wrong)
    refused = sum(many for (_, status), many in gone.items() if status == 503)
    lost = len(load.written - load.notes())
    tell(
        record_property,
        Figure(
            9,
            f"Key server killed for {OUTAGE:.0f} s, over the API",
            f"{refused:,} requests, all 503 with Retry-After; {opened} families opened, "
            f"{len(load.wrong)} answers wrong, {lost} notes lost of {len(load.written):,}; "
            f"served again {recovered:.2f} s after it was unsealed, by the same process",
            "503, 0 wrong, ≤ 5 s",
        ),
    )
    assert (load.wrong, lost) == ([], 0)
    assert refused
    assert load.notes() >= load.written
    assert {status for _, status in load.answers} == {200, 201, 503}


def _nothing(*_: object) -> None:
    """Whom progress does not interest."""
