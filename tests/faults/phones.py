"""A nurse with her phone: the real client on a real file, which may die at any durable step."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

from nyefamilier.client import copies, outbox
from nyefamilier.client.client import Client
from nyefamilier.client.clocks import Clocks
from nyefamilier.client.pace import Pace
from nyefamilier.client.report import Report
from nyefamilier.client.steps import Moment, Step
from nyefamilier.client.store import Store, StoreClosed
from nyefamilier.client.talking import Refused
from nyefamilier.client.transport import HttpTransport, Unreachable
from nyefamilier.vault.phone import CannotOpen
from tests.faults import evidence
from tests.faults.clocks import PhoneClock
from tests.faults.evidence import Op, Saved
from tests.faults.looking import copies_in, remains_in
from tests.faults.network import Transport
from tests.faults.tasks import Task
from tests.faults.town import Resident
from tests.faults.writing import PhoneDied, Writing

if TYPE_CHECKING:
    from tests.faults.world import World

BASE_URL = "http://localhost"
OFTEN: Final = (Step.CHANGED, Step.REPLACED, Step.PART, Step.VERDICTS, Step.PURGED, Step.SCOPED)
CRASH_POINTS: Final = tuple(
    f"{step}.{moment}"
    for step in (*Step, *OFTEN, *OFTEN)
    if step is not Step.OPEN
    for moment in Moment
)
"""Where a phone may die: each durable step, and thrice those by which sync stands or falls."""
LOOKED_AT = 8
"""So many of her latest writings are looked for after each round."""

_SUM = """
SELECT (SELECT sum(rev) FROM cursor), (SELECT count(*) FROM cursor), (SELECT count(*) FROM outbox),
  (SELECT count(*) FROM journal), (SELECT count(*) FROM leaving), (SELECT count(*) FROM row)
"""


@dataclass
class Phone:
    """One nurse's phone."""

    world: World
    name: str
    nurse: Resident
    client: Client | None = None
    task: Task | None = None
    stopped: bool = False
    """The server was told to lock or to wipe it."""
    erased: bool = False
    written: list[Saved] = field(default_factory=list)
    verdicts: dict[UUID, str] = field(default_factory=dict)
    rounds: int = 0
    last: Report | None = None
    _crash_at: set[str] = field(default_factory=set)
    _lies_under: bytes | None = None
    """What tells the key of its store from another."""

    def __post_init__(self) -> None:
        """Give it a clock, and its own half of its key."""
        self.clock = PhoneClock(self.world.clock)
        self.writing = Writing(self)
        self.path = self.world.folder / f"{self.name}.db"
        # Small pages on every other phone, so that a pull takes several.
        self.page = 60_000 if self.name[-1] in "02468" else 15_000
        self.secret = random.Random(self.name).randbytes(32)

    @property
    def device(self) -> UUID | None:
        """The id under which the server knows it."""
        standing = None if self.client is None else self.client.store.standing
        return None if standing is None else standing.device_id

    @property
    def busy(self) -> bool:
        """Whether a round is under way."""
        return self.task is not None and not self.task.done

    def begin(self, copy_of: Phone | None) -> None:
        """Switch it on: new and enrolled by the next round, or on a copy of another's files."""
        if copy_of is not None:
            self.secret = copy_of.secret
            self.writing.knows_what(copy_of.writing)
            for end in ("", "-wal"):
                source = copy_of.path.with_name(copy_of.path.name + end)
                if source.exists():
                    shutil.copyfile(source, self.path.with_name(self.path.name + end))
        self.restart()

    def restart(self, *, reboot: bool = False) -> None:
        """Start the app anew; what was under way on the phone is lost."""
        if self.erased:
            return
        self._abandon()
        if reboot:
            self.clock.reboot()
        clocks = Clocks(self.clock.wall, self.clock.running, self.clock.boot)
        transport = HttpTransport(BASE_URL, transport=Transport(self.world.network, self.name))
        store = Store(self.path, self.secret, hook=self._hook)
        try:
            self.client = Client(
                store, transport, clocks, self.name, lambda: 0.0, max_bytes=self.page
            )
        except PhoneDied:
            # It was switched on again at once.
            store._connection.close()
            self.restart()

    def start_round(self) -> None:
        """Begin a round, unless one is under way."""
        if not self.busy and not self.erased:
            self.task = self.world.scheduler.spawn("phone", self.name, self._round)

    def crash_at(self, point: str) -> None:
        """Die when it comes to a point: before, in, or after a durable step."""
        if not self.erased:
            self._crash_at.add(point)

    def damage(self, chance: random.Random) -> bool:
        """A record on the disk is no longer what it was; whether there was one."""
        if self.client is None or self.erased or self.busy:
            return False
        store = self.client.store
        places = store.read("SELECT rowid, body FROM row ORDER BY family, kind, id")
        if not places:
            return False
        row, body = chance.choice(places)
        at = chance.randrange(len(body))
        spoilt = body[:at] + bytes([body[at] ^ 0x10]) + body[at + 1 :]
        store._connection.execute("UPDATE row SET body = ? WHERE rowid = ?", (spoilt, row))
        return True

    def look_at_all(self) -> None:
        """The nurse looks at each of her families; what was damaged shows by that."""
        if self.client is None or self.erased:
            return
        for family in self.client.families():
            with suppress(StoreClosed, CannotOpen):
                self.client.family(family)

    def spare(self) -> None:
        """Forget about dying."""
        self._crash_at.clear()

    def switch_off(self) -> None:
        """Take it down for good."""
        self._abandon()

    def sum(self) -> tuple[object, ...]:
        """What changes with whatever a round does to the phone's disk."""
        if self.client is None or self.erased:
            return ()
        return tuple(self.client.store.read(_SUM)[0])

    def look(self) -> evidence.Phone:
        """What is on the phone."""
        gone = self.client is None or self.erased
        if gone or self.client is None:
            return evidence.Phone(self.name, self.nurse.actor.id, None, counts=False)
        store = self.client.store
        return evidence.Phone(
            self.name,
            self.nurse.actor.id,
            self.device,
            counts=not self.stopped and store.cipher is not None,
            outbox=frozenset(one.id for one in outbox.unsent(store)),
            copies=copies_in(store),
            remains=remains_in(store),
        )

    def _round(self) -> None:
        try:
            self._sync()
        except PhoneDied:
            self.restart()

    def _sync(self) -> None:
        client = self.client
        assert client is not None
        client.line.token = self.nurse_token()
        client.pace = Pace(client.clocks.running, lambda: 0.0)
        self.rounds += 1
        self.world.network.told_more.pop(self.name, None)
        if client.store.standing is None:
            self._enrol(client)
            return
        report = client.round()
        self.last = report
        self._read(report)

    def _enrol(self, client: Client) -> None:
        try:
            client.enrol()
        except Unreachable as away:
            self.world.history.tell("not-enrolled", phone=self.name, why=away.why)
        except Refused as refused:
            self.world.history.tell("not-enrolled", phone=self.name, why=refused.code)

    def nurse_token(self) -> str:
        """The token with which she is signed in now."""
        return self.world.token_of(self.nurse)

    def _read(self, report: Report) -> None:
        tell = self.world.history.tell
        tell(
            "round",
            phone=self.name,
            stopped=report.stopped,
            stuck=report.stuck,
            unsent=report.unsent,
            brought_back=report.brought_back,
        )
        for result in report.verdicts:
            self.verdicts[result.id] = result.status
            tell("acked", phone=self.name, id=str(result.id), seq=result.seq, status=result.status)
        for alarm in report.alarms:
            if not alarm.startswith("lease-refused"):
                tell("alarm", phone=self.name, kind=alarm)
        if report.erased:
            self.erased = True
            tell("erased", phone=self.name)
            return
        if report.stopped is None and self._stopped_short():
            tell("unfinished", phone=self.name)
        if report.enrolled_anew or self._began_empty():
            tell("reset", phone=self.name)
        self._tell_copies()
        self._look_for_own()

    def _began_empty(self) -> bool:
        """Whether another share was lent since the last round: what the old one opened is gone."""
        assert self.client is not None
        standing = self.client.store.standing
        before = self._lies_under
        self._lies_under = None if standing is None else standing.check
        return before is not None and before != self._lies_under

    def _stopped_short(self) -> bool:
        """Whether there was more to pull in this round, and the phone open to take it."""
        is_open = self.client is not None and self.client.store.cipher is not None
        return is_open and self.world.network.told_more.get(self.name, False)

    def _tell_copies(self) -> None:
        assert self.client is not None
        for one in copies.cursors(self.client.store):
            self.world.history.tell("copy", phone=self.name, family=str(one.family), rev=one.rev)

    def _look_for_own(self) -> None:
        """What she wrote lately is shown, or is among what is pending."""
        assert self.client is not None
        unsent = {one.id for one in outbox.unsent(self.client.store)}
        lately = defaultdict(list)
        for one in self.written[-LOOKED_AT:]:
            # What a round heard that did not come to its end, nobody told us: it may be held.
            if one.id in unsent or self.verdicts.get(one.id) == "applied":
                lately[one.family].append(one)
        for family, ones in lately.items():
            self._look_for(family, ones)

    def _look_for(self, family: UUID, ones: Iterable[Saved]) -> None:
        assert self.client is not None
        try:
            shown = self.client.family(family)
        except (StoreClosed, CannotOpen):
            return
        pending = {one.id for one in shown.pending}
        for one in ones:
            if shown.rev is None or one.id in pending:
                continue
            for place in _notes_of(one.ops):
                if place not in shown.records:
                    self.world.history.tell("flicker", phone=self.name, id=str(place[1]))

    def _hook(self, moment: str) -> None:
        self.world.moments[moment] += 1
        if moment in self._crash_at:
            self._crash_at.remove(moment)
            self.world.history.fault("crash-phone", phone=self.name, at=moment)
            raise PhoneDied(moment)

    def _abandon(self) -> None:
        """Drop everything without a good end, as a crash does."""
        if self.task is not None and self.task is not self.world.scheduler.current:
            self.world.scheduler.kill(self.task)
        self.task = None
        if self.client is not None:
            self.client.store._connection.close()
            self.client = None


def _notes_of(ops: Iterable[Op]) -> Iterable[tuple[str, UUID]]:
    for op in ops:
        if op["op"] in {"note.write", "note.correct"}:
            yield "note", UUID(op["note_id"])
        elif op["op"] == "need.state":
            yield "need", UUID(op["need_id"])
