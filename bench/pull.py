"""How fast a phone pulls: all of 60 families, 20 changes in 5 of them, nothing.

Run ``python -m bench.pull``; it starts an embedded PostgreSQL in a folder of its own. Requests go
through the whole application in one process, without a network. ``--profile KIND`` says where the
time of one kind goes.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import pstats
import random
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from uuid import UUID, uuid4

import msgspec
from flask.testing import FlaskClient

from api.app import create_app
from bench._machine import quiet
from config.settings import Settings
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.accounts.sessions import issue_token
from nyefamilier.bootstrap import Programme, assemble
from nyefamilier.bydeler.service import load_reference_data
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply
from nyefamilier.families.intents import NewAddress, NewMember, RegisterFamily
from nyefamilier.families.states import MemberRole
from nyefamilier.journal.intents import WriteNote
from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.clock import system_clock
from nyefamilier.kernel.ids import BydelNumber, FamilyId, MutationId
from nyefamilier.needs.intents import StateNeed
from nyefamilier.storage import migrating
from nyefamilier.storage.embedded import open_embedded
from nyefamilier.storage.engine import make_engine
from nyefamilier.sync.devices import enrol
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.signing import new_signing_key, public_key_of
from nyefamilier.vault.vault import Vault
from nyefamilier.visits.intents import Outcome, RecordVisit
from nyefamilier.wire.chain import have_hash
from nyefamilier.wire.digests import content_digest
from nyefamilier.wire.messages import Enrol, PullAnswer
from nyefamilier.wire.texts import as_text, from_text

FAMILIES, ROWS = 60, 50
WORDS = ["hjemme", "barnet", "sover", "godt", "mor", "far", "amming", "vekt", "trygg", "støtte"]


@dataclass
class Phone:
    """A phone with a token, and what it has of each family."""

    client: FlaskClient
    token: str
    id: UUID
    has: dict[UUID, tuple[int, bytes]] = field(default_factory=dict)
    scope_hash: str | None = None
    bytes_down: int = 0

    def ask(self, **told: object) -> PullAnswer:
        """One pull."""
        content = {"device_id": str(self.id), "acked_seq": 0, "schema": 1} | told
        if self.scope_hash:
            content["scope_hash"] = self.scope_hash
        body = msgspec.json.encode(content)
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Encoding": "gzip"}
        if len(body) > 1400:
            body = gzip.compress(body, 1)
            headers["Content-Encoding"] = "gzip"
        headers["Content-Digest"] = content_digest(body)
        got = self.client.post(
            "/api/v1/sync/pull", data=body, headers=headers, content_type="application/json"
        )
        if got.status_code != 200:
            raise RuntimeError(got.text)
        packed = got.headers.get("Content-Encoding") == "gzip"
        self.bytes_down = len(got.data)
        return msgspec.json.decode(
            gzip.decompress(got.data) if packed else got.data, type=PullAnswer
        )

    def take(self, answer: PullAnswer) -> None:
        """Note how far it has each family."""
        for change in answer.changes:
            self.has[change.family] = change.to, from_text(change.chain)
        for one in answer.snapshots:
            if one.part == one.parts:
                self.has[one.family] = one.at, from_text(one.chain)
        if answer.scope:
            self.scope_hash = answer.scope.hash

    @property
    def have(self) -> dict[str, dict[str, object]]:
        """How far it has each family, as it tells it."""
        return {str(i): {"rev": r, "chain": as_text(c)} for i, (r, c) in self.has.items()}

    @property
    def hash(self) -> str:
        """What stands for all of it."""
        return have_hash((id_, rev, chain) for id_, (rev, chain) in self.has.items())

    def full(self) -> None:
        """All of the families."""
        self.everything()
        if len(self.has) != FAMILIES:
            raise RuntimeError(f"{len(self.has)} families of {FAMILIES}")

    def everything(self) -> None:
        """Whatever it may have, anew."""
        self.has.clear()
        self.scope_hash = None
        more, down = True, 0
        while more:
            answer = self.ask(have=self.have, max_bytes=2 * 1024 * 1024)
            self.take(answer)
            more, down = answer.more, down + self.bytes_down
        self.bytes_down = down

    def news(self) -> None:
        """What has changed."""
        answer = self.ask(have_hash=self.hash)
        if answer.ask:
            answer = self.ask(have=self.have)
        self.take(answer)


def main(runs: int = 5, profiled: str | None = None) -> None:
    """Measure, and print."""
    with private() as programme:
        measure(programme, runs, profiled)


@contextmanager
def private() -> Generator[Programme]:
    """A programme with a new database in a folder of its own, and no pace for phones."""
    quiet()
    with tempfile.TemporaryDirectory() as folder, open_embedded(Path(folder)) as embedded:
        engine = make_engine(embedded.url, Settings(environment="test"))
        migrating.upgrade(engine)
        vault = Vault(LocalKeyring.open(Path(folder) / "keyring.json"), "bench")
        settings = Settings(environment="test", sync_a_minute=1_000_000)
        try:
            yield assemble(settings, engine, vault, system_clock)
        finally:
            engine.dispose()


def measure(programme: Programme, times_over: int, profiled: str | None) -> None:
    """Fill the database and time each kind."""
    actor, token = nurse(programme)
    homes = [family(programme, actor, number) for number in range(FAMILIES)]
    phone = Phone(create_app(programme).test_client(), token, enrolled(programme, actor))

    def change() -> None:
        for home, mother in homes[:5]:
            write(programme, actor, home, *notes(mother, 4))

    phone.full()
    kinds: dict[str, tuple[Callable[[], None], Callable[[], None], int]] = {
        "full": (lambda: None, phone.full, 3),
        "delta": (change, phone.news, 20),
        "idle": (lambda: None, phone.news, 300),
    }
    if profiled:
        prepare, run, times = kinds[profiled]
        profile(prepare, run, times)
        return
    for kind, (prepare, run, times) in kinds.items():
        runs = [timed(prepare, run, times) for _ in range(times_over)]
        passed, busy = (median(one) for one in zip(*runs, strict=True))
        print(
            f"{kind:6} {1 / passed:8.1f} requests/s  {passed * 1000:7.2f} ms, of which this "
            f"process was at work for {busy * 1000:.2f} ms; {phone.bytes_down} bytes down"
        )


def timed(prepare: Callable[[], None], run: Callable[[], None], times: int) -> tuple[float, float]:
    """Seconds that one run takes, and seconds of this process's, on average of *times*."""
    passed = busy = 0.0
    for _ in range(times):
        prepare()
        begun, worked = perf_counter(), process_time()
        run()
        passed, busy = passed + perf_counter() - begun, busy + process_time() - worked
    return passed / times, busy / times


def profile(prepare: Callable[[], None], run: Callable[[], None], times: int) -> None:
    """Print where the time goes."""
    profiler = cProfile.Profile()
    for _ in range(times):
        prepare()
        profiler.enable()
        run()
        profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(35)


def nurse(programme: Programme) -> tuple[Actor, str]:
    """A nurse with a token."""
    with programme.work(SYSTEM, "bench") as work:
        load_reference_data(work.session)
        identity = create_account(
            work,
            NewAccount(
                "bench", "Rask Bjørk", Role.NURSE, BydelNumber("11"), "fire vanlige ord her"
            ),
        )
        return identity.actor, issue_token(work, identity.id, Lifetimes()).secret


def enrolled(programme: Programme, actor: Actor) -> UUID:
    """A phone of a nurse's."""
    device, key = uuid4(), as_text(public_key_of(new_signing_key()))
    with programme.work(actor, "bench") as work:
        enrol(work, Enrol(device_id=device, name="bench", public_key=key, schema=1))
    return device


def family(programme: Programme, actor: Actor, number: int) -> tuple[FamilyId, UUID]:
    """A family of `ROWS` rows of about 1 KB as they travel."""
    home, mother = FamilyId(uuid4()), uuid4()
    today = programme.clock().date()
    place = NewAddress(uuid4(), "0301111101", today, lines=f"Prøveveien {number}")
    register = RegisterFamily(
        (NewMember(mother, MemberRole.MOTHER, f"Rask Bjørk {number}"),), place
    )
    write(programme, actor, home, register)
    made = 3
    while made < ROWS:
        some = min(20, ROWS - made)
        write(programme, actor, home, *islice(mixed(programme, mother), some))
        made += some
    return home, mother


def mixed(programme: Programme, mother: UUID) -> Iterator[object]:
    """Notes, visits and needs, as they come in a year."""
    at = programme.clock() - timedelta(days=2)
    while True:
        yield from notes(mother, 2)
        yield RecordVisit(uuid4(), Outcome.DONE, at, 60)
        yield StateNeed(uuid4(), mother, words(300), words(200))


def notes(mother: UUID, count: int) -> list[WriteNote]:
    """Notes of 600 characters."""
    return [WriteNote(uuid4(), mother, words(600)) for _ in range(count)]


def words(length: int) -> str:
    """So many characters of words."""
    return " ".join(random.choices(WORDS, k=length // 5))[:length]  # noqa: S311


def write(programme: Programme, actor: Actor, home: FamilyId, *operations: object) -> None:
    """One mutation through the door."""
    mutation = Mutation(MutationId(uuid4()), home, operations)  # type: ignore[arg-type]
    with programme.work(actor, "bench") as work:
        apply(work, mutation)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--profile", choices=["full", "delta", "idle"])
    options = parser.parse_args()
    main(options.runs, options.profile)
