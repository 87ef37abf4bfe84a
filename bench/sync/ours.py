"""Nye familier as a system under measurement: `serve` in production, and phones of its nurses."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from importlib.metadata import version
from uuid import UUID, uuid4

import msgspec
from pydantic import SecretStr

from bench.sync.places import Place
from bench.sync.records import Home, Written
from bench.sync.serving import Command, Server, free_port, serving
from bench.sync.systems import Caseload, System
from bench.sync.talking import Answer, Line, request
from config.settings import Settings
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.accounts.sessions import identity_of, issue_token
from nyefamilier.accounts.tables import Account
from nyefamilier.bootstrap import Programme, bootstrap
from nyefamilier.bydeler.service import load_reference_data
from nyefamilier.door.mutations import Mutation
from nyefamilier.door.service import apply_all
from nyefamilier.families.intents import NewAddress, NewMember, RegisterFamily, RegisterPregnancy
from nyefamilier.families.states import MemberRole
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import FamilyId, MutationId, new_id
from nyefamilier.offers.intents import AnswerOffer, MakeOffer
from nyefamilier.offers.states import Answer as Said
from nyefamilier.offers.states import Basis, Channel
from nyefamilier.storage import migrating
from nyefamilier.storage.work import Work
from nyefamilier.sync.devices import enrol
from nyefamilier.vault.signing import new_signing_key, public_key_of
from nyefamilier.wire.chain import have_hash
from nyefamilier.wire.digests import content_digest
from nyefamilier.wire.limits import MUTATIONS, PULL_BYTES
from nyefamilier.wire.messages import SCHEMA, Enrol, Held, Pull, PullAnswer, PushAnswer
from nyefamilier.wire.texts import as_text, from_text

WORTH_PACKING = 1400
"""Below this a body fits into one packet as it is."""
CHUNK = 20
"""Families that are registered in one transaction."""


@dataclass
class OurPhone:
    """A nurse's phone: its token, how far it has each family, and the seq that comes next."""

    id: UUID
    token: str
    seq: int = 0
    has: dict[UUID, tuple[int, str]] = field(default_factory=dict)
    scope: str | None = None

    def push(self, written: Sequence[Written]) -> bytes:
        """See `Phone`."""
        mutations = []
        for one in written:
            self.seq += 1
            mutations.append({**one.told, "seq": self.seq, "v": SCHEMA})
        told = {"device_id": self.id, "acked_seq": 0, "schema": SCHEMA, "mutations": mutations}
        return self._request("push", msgspec.json.encode(told))

    def acknowledged(self, written: Sequence[Written], answer: Answer) -> bool:
        """See `Phone`."""
        if answer.status != 200:
            return False
        results = msgspec.json.decode(answer.body, type=PushAnswer).results
        return [one.id for one in results] == [one.id for one in written] and all(
            one.status == "applied" for one in results
        )

    def everything(self, line: Line) -> list[bytes]:
        """See `Phone`."""
        requests, more = [], True
        self.has, self.scope = {}, None
        while more:
            requests.append(self._pull(have=self._held(), max_bytes=PULL_BYTES))
            told = _told(line.ask(requests[-1]))
            self._take(told)
            more = told.more
        return requests

    def stored(self, line: Line) -> set[UUID]:
        """See `Phone`."""
        parts = (part for one in self.everything(line) for part in _told(line.ask(one)).snapshots)
        return {item.id for part in parts for item in part.items}

    def news(self) -> bytes:
        """See `Phone`."""
        whole = ((family, rev, from_text(chain)) for family, (rev, chain) in self.has.items())
        return self._pull(have_hash=have_hash(whole)) if self.has else self._pull(have={})

    def learn(self, answer: Answer) -> int:
        """See `Phone`."""
        told = _told(answer)
        if told.ask or told.more:
            raise SystemExit("our server asked for more than a phone under measurement says")
        return self._take(told)

    def _take(self, told: PullAnswer) -> int:
        for change in told.changes:
            self.has[change.family] = change.to, change.chain
        for one in told.snapshots:
            if one.part == one.parts:
                self.has[one.family] = one.at, one.chain
        if told.scope:
            self.scope = told.scope.hash
        changed = sum(len(one.items) for one in told.changes)
        return changed + sum(len(one.items) for one in told.snapshots)

    def _held(self) -> dict[UUID, Held]:
        return {family: Held(rev=rev, chain=chain) for family, (rev, chain) in self.has.items()}

    def _pull(
        self,
        have: dict[UUID, Held] | None = None,
        have_hash: str | None = None,
        max_bytes: int | None = None,
    ) -> bytes:
        told = Pull(
            device_id=self.id,
            acked_seq=0,
            schema=SCHEMA,
            have=have,
            have_hash=have_hash,
            scope_hash=self.scope,
            max_bytes=max_bytes,
        )
        return self._request("pull", msgspec.json.encode(told))

    def _request(self, what: str, body: bytes) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}"}
        if len(body) > WORTH_PACKING:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        headers["Content-Digest"] = content_digest(body)
        return request("POST", f"/api/v1/sync/{what}", body, headers)


class Ours(System):
    """A nurse for each caseload."""

    name = "ours, sealed"
    largest = MUTATIONS

    def __init__(self, server: Server, programme: Programme) -> None:
        names = ("flask", "sqlalchemy", "psycopg", "msgspec", "cryptography", "gunicorn")
        super().__init__(server, ", ".join(f"{name} {version(name)}" for name in names))
        self.programme = programme

    def _caseload(self, families: int) -> Caseload:
        nurse, homes = self._nurse(families)
        return Caseload(partial(self._phone, nurse), homes)

    def _nurse(self, families: int) -> tuple[AccountIdentity, list[Home]]:
        """A new nurse with new families."""
        with self.programme.work(SYSTEM, "bench") as work:
            nurse = _account(work, next(self._numbers))
        homes = [Home(uuid4(), uuid4()) for _ in range(families)]
        for first in range(0, families, CHUNK):
            with self.programme.work(nurse.actor, "bench") as work:
                few = homes[first : first + CHUNK]
                apply_all(work, [_registration(home, work.today) for home in few])
        return nurse, homes

    def _phone(self, nurse: AccountIdentity) -> OurPhone:
        key = as_text(public_key_of(new_signing_key()))
        phone = uuid4()
        with self.programme.work(nurse.actor, "bench") as work:
            enrol(work, Enrol(device_id=phone, name="bench", public_key=key, schema=SCHEMA))
            token = issue_token(work, nurse.id, Lifetimes(token=timedelta(hours=12)))
        return OurPhone(phone, token.secret)


@contextmanager
def ours(place: Place, database: str = "bench_ours") -> Iterator[Ours]:
    """Our server, while the block runs."""
    url, port = place.database(database), free_port()
    settings = Settings(environment="test", var=place.var, database_url=SecretStr(url))
    programme = bootstrap(settings)
    try:
        migrating.upgrade(programme.engine)
        with programme.work(SYSTEM, "bench") as work:
            load_reference_data(work.session)
        words = [sys.executable, "-m", "nyefamilier.cli", "serve"]
        log, told = place.var / f"{database}.log", _production(place, url, port)
        with serving(Command(words, port, log, told, "/health/ready")) as server:
            yield Ours(server, programme)
    finally:
        programme.close()


def _production(place: Place, url: str, port: int) -> dict[str, str]:
    """As it is served in production, but for the pace: four phones stand for a hundred here."""
    told = {
        "ENVIRONMENT": "production",
        "DATABASE_URL": url,
        "VAR": str(place.var),
        "ALLOW_LOCAL_KEYRING": "1",
        "SECURE_COOKIES": "1",
        "PORT": str(port),
        "SYNC_A_MINUTE": "1000000",
    }
    return {f"NYEFAMILIER_{name}": value for name, value in told.items()}


def _account(work: Work, number: int) -> AccountIdentity:
    """A nurse who never signs in: hashing a password takes longer than all else here."""
    account = Account(
        id=new_id(work.now),
        username=f"bench{number}",
        display_name="Rask Bjørk",
        role=Role.NURSE.value,
        bydel="11",
        password_hash="none",  # noqa: S106 - that no password has
        active=True,
        created_at=work.now,
    )
    work.session.add(account)
    work.session.flush()
    return identity_of(account)


def _registration(home: Home, today: date) -> Mutation:
    """A family that has said yes: mother, address, pregnancy, offer and answer."""
    pregnancy, offer = uuid4(), uuid4()
    yesterday = today - timedelta(days=1)
    operations = (
        RegisterFamily(
            (NewMember(home.member, MemberRole.MOTHER, "Rask Bjørk"),),
            NewAddress(uuid4(), "0301111101", today, lines="Prøveveien 1"),
        ),
        RegisterPregnancy(pregnancy, today + timedelta(days=70)),
        MakeOffer(
            offer, pregnancy, "nye_familier", Basis.FIRST_CHILD, Channel.TELEPHONE, yesterday
        ),
        AnswerOffer(uuid4(), offer, Said.YES, yesterday),
    )
    return Mutation(MutationId(uuid4()), FamilyId(home.family), operations)


def _told(answer: Answer) -> PullAnswer:
    if answer.status != 200:
        raise SystemExit(f"our server answers a pull by {answer.status}: {answer.body.decode()}")
    return msgspec.json.decode(answer.body, type=PullAnswer)
