"""Push: new notes a second, sealed, logged and answered, over the app in-process.

Each client is one nurse's phone with 60 families; a push holds 100 new notes of 600 characters,
and is one durable commit. One client is one process; four are two processes with two threads each,
as two web workers have them. `python -m bench.push profile` prints where one client's time goes.
"""

from __future__ import annotations

import cProfile
import gc
import gzip
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import msgspec
from flask.testing import FlaskClient
from pydantic import SecretStr

from api.app import create_app
from bench._machine import quiet
from config.settings import Settings
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.service import NewAccount, create_account
from nyefamilier.accounts.sessions import issue_token
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.bydeler.service import load_reference_data
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply_all
from nyefamilier.families.intents import NewAddress, NewMember, RegisterFamily
from nyefamilier.families.states import MemberRole
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber, FamilyId, MutationId
from nyefamilier.storage import migrating
from nyefamilier.storage.embedded import open_embedded
from nyefamilier.sync.devices import enrol
from nyefamilier.vault.signing import new_signing_key, public_key_of
from nyefamilier.wire.digests import content_digest
from nyefamilier.wire.messages import SCHEMA, Enrol, PushAnswer
from nyefamilier.wire.texts import as_text

FAMILIES, NOTES, CHARS = 60, 100, 600
PUSHES, ROUNDS, WARM = 3, 3, 1
WORDS = """barnet ammer hver tredje time mor sover lite far er hjemme vekt lengde følger kurven
snakket om søvn amming og ro neste besøk er avtalt tolk var til stede på skjerm"""


Span = tuple[float, float]
"""When a process began and ended."""


@dataclass
class Phone:
    """A nurse's phone: its token, its families with one member each, and how far it has come."""

    device_id: UUID
    token: str
    families: list[tuple[UUID, UUID]]
    seq: int = 0
    random: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - no secret

    def push(self) -> bytes:
        """The next push."""
        told = {"device_id": self.device_id, "acked_seq": 0, "schema": SCHEMA}
        return msgspec.json.encode(told | {"mutations": [self._note() for _ in range(NOTES)]})

    def _note(self) -> dict[str, object]:
        self.seq += 1
        family, member = self.families[self.seq % len(self.families)]
        text = " ".join(self.random.choices(WORDS.split(), k=CHARS // 5))[:CHARS]
        note = {"op": "note.write", "note_id": uuid4(), "member_id": member, "text": text}
        return {
            "id": uuid4(),
            "seq": self.seq,
            "v": SCHEMA,
            "type": "note",
            "family": family,
            "base_rev": 1,
            "occurred_at": "2026-03-02T12:40:00Z",
            "ops": [note],
        }


def main() -> None:
    """Measure, and print one line for each number of clients."""
    with _database() as settings:
        programme = bootstrap(settings)
        one, *four = [_phone(programme, number) for number in range(5)]
        programme.close()
        if sys.argv[1:] == ["profile"]:
            _profile(settings, one)
            return
        for clients, workers in ((1, [[one]]), (4, [four[:2], four[2:]])):
            rate = _measure(settings, workers)
            print(
                f"push of {NOTES} notes, {clients} client(s) {rate:8,.0f} notes/s "
                f"(median of {ROUNDS} rounds)"
            )


@contextmanager
def _database() -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="nyefamilier-bench-") as folder:
        Path(folder).chmod(0o711)
        with open_embedded(Path(folder)) as embedded:
            yield Settings(
                environment="test",
                var=Path(folder),
                database_url=SecretStr(embedded.url),
                sync_a_minute=1_000_000,
            )


def _phone(programme: Programme, number: int) -> Phone:
    if number == 0:
        migrating.upgrade(programme.engine)
        with programme.work(SYSTEM, "demo") as work:
            load_reference_data(work.session)
    with programme.work(SYSTEM, "demo") as work:
        new = NewAccount(f"nurse{number}", "Rask Bjørk", Role.NURSE, BydelNumber("11"), "x" * 12)
        nurse = create_account(work, new)
        token = issue_token(work, nurse.id, Lifetimes()).secret
    families = [(uuid4(), uuid4()) for _ in range(FAMILIES)]
    with programme.work(nurse.actor, "demo") as work:
        apply_all(work, [_registration(family, member, work.today) for family, member in families])
        device_id = uuid4()
        key = as_text(public_key_of(new_signing_key()))
        enrol(work, Enrol(device_id=device_id, name="Telefon", public_key=key, schema=SCHEMA))
    return Phone(device_id, token, families)


def _registration(family: UUID, member: UUID, day: date) -> Mutation:
    members = (NewMember(member, MemberRole.MOTHER, "Rask Bjørk"),)
    address = NewAddress(uuid4(), "0301111101", day)
    return Mutation(MutationId(uuid4()), FamilyId(family), (RegisterFamily(members, address),))


def _requests(phone: Phone, number: int) -> list[tuple[bytes, dict[str, str]]]:
    """The next pushes as they travel, made before the clock runs."""
    packed = [gzip.compress(phone.push(), compresslevel=1) for _ in range(number)]
    return [(body, _headers(phone, body)) for body in packed]


def _headers(phone: Phone, packed: bytes) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {phone.token}",
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
        "Content-Digest": content_digest(packed),
    }


def _send(client: FlaskClient, requests: list[tuple[bytes, dict[str, str]]]) -> None:
    for body, headers in requests:
        answer = client.post("/api/v1/sync/push", data=body, headers=headers)
        told = msgspec.json.decode(answer.data, type=PushAnswer)
        if any(one.status != "applied" for one in told.results):
            raise SystemExit(f"not all was applied: {answer.status} {told.results[:1]}")


def as_a_web_worker() -> None:
    """The collector as `gunicorn.conf.py` sets it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _worker(settings: Settings, phones: list[Phone], ready: Barrier, told: Queue[Span]) -> None:
    """One process: each of its phones pushes in a thread of its own, round after round."""
    quiet()
    programme = bootstrap(settings)
    app = create_app(programme)
    as_a_web_worker()
    for number in (WARM, *[PUSHES] * ROUNDS):
        requests = [_requests(phone, number) for phone in phones]
        ready.wait()
        began = time.monotonic()
        with ThreadPoolExecutor(len(phones)) as threads:
            list(threads.map(_send, [app.test_client() for _ in phones], requests))
        told.put((began, time.monotonic()))
        ready.wait()
    programme.close()


def _measure(settings: Settings, workers: list[list[Phone]]) -> float:
    """Notes a second, the median of the rounds."""
    context = get_context("spawn")
    ready, told = context.Barrier(len(workers) + 1), context.Queue()
    made = [
        context.Process(target=_worker, args=(settings, phones, ready, told)) for phones in workers
    ]
    for process in made:
        process.start()
    notes = NOTES * PUSHES * sum(map(len, workers))
    rates = [notes / _round(ready, told, len(workers)) for _ in range(ROUNDS + 1)]
    for process in made:
        process.join()
    return statistics.median(rates[1:])


def _round(ready: Barrier, told: Queue[Span], workers: int) -> float:
    ready.wait()
    spans = [told.get() for _ in range(workers)]
    ready.wait()
    return max(end for _, end in spans) - min(began for began, _ in spans)


def _profile(settings: Settings, phone: Phone) -> None:
    quiet()
    programme = bootstrap(settings)
    client = create_app(programme).test_client()
    as_a_web_worker()
    _send(client, _requests(phone, WARM))
    requests = _requests(phone, PUSHES)
    profile = cProfile.Profile()
    profile.runcall(_send, client, requests)
    pstats.Stats(profile).sort_stats("tottime").print_stats(45)
    programme.close()


if __name__ == "__main__":
    main()
