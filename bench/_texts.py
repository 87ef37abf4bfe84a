"""So many texts that are due, sent in one run of the job: how fast, and what is locked meanwhile.

Families are registered and visits booked through the door; the visits and their texts are then
copied in the database, since ten thousand bookings are another benchmark. While the gateway has a
text, which is slow now and then, another connection counts the locks and the open transactions.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial
from time import perf_counter, sleep
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Engine, event, text

from bench._machine import usage
from bench.pull import nurse, private, write
from nyefamilier.bootstrap import Programme
from nyefamilier.families.intents import NewAddress, NewMember, RegisterFamily, RegisterPregnancy
from nyefamilier.families.states import MemberRole
from nyefamilier.kernel.actors import Actor
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.offers.intents import AnswerOffer, MakeOffer
from nyefamilier.offers.states import Answer, Basis, Channel
from nyefamilier.texts.gateway import Message
from nyefamilier.texts.sending import send_due
from nyefamilier.visits.intents import BookVisit

FAMILIES: Final = 200
SLOW_EACH: Final = 100
"""Each hundredth text takes the gateway `SLOW_FOR` seconds."""
SLOW_FOR: Final = 0.05

_COPY_VISITS: Final = """
    CREATE TEMPORARY TABLE copied ON COMMIT DROP AS
    SELECT gen_random_uuid() AS id, visit.id AS of, visit.at + n * interval '1 hour' AS at
    FROM visit, generate_series(1, :copies) AS n WHERE visit.state = 'booked'
"""
_KEEP_VISITS: Final = """
    INSERT INTO visit SELECT (jsonb_populate_record(visit, jsonb_build_object('id', copied.id,
    'at', copied.at))).* FROM copied JOIN visit ON visit.id = copied.of
"""
_KEEP_TEXTS: Final = """
    INSERT INTO parent_text SELECT (jsonb_populate_record(parent_text, jsonb_build_object(
    'id', gen_random_uuid(), 'visit_id', copied.id, 'visit_at', copied.at))).*
    FROM copied JOIN parent_text ON parent_text.visit_id = copied.of
"""
_LOCKS: Final = """
    SELECT count(pg_locks.pid), count(DISTINCT others.pid) FILTER (WHERE xact_start IS NOT NULL)
    FROM pg_stat_activity AS others LEFT JOIN pg_locks ON pg_locks.pid = others.pid
    WHERE others.datname = current_database() AND others.pid <> pg_backend_pid()
    AND backend_type = 'client backend'
"""


@dataclass
class Slow:
    """A gateway that now and then takes its time; it looks at what the database holds then."""

    watch: Connection
    got: int = 0
    looks: list[tuple[int, int]] = field(default_factory=list)

    def send(self, _message: Message) -> None:
        """Take it; each hundredth after a while."""
        self.got += 1
        if self.got % SLOW_EACH == 1:
            sleep(SLOW_FOR)
            locks, transactions = self.watch.execute(text(_LOCKS)).one()
            self.looks.append((locks, transactions))


@dataclass
class Transactions:
    """How long each transaction of an engine took."""

    engine: Engine
    took: list[float] = field(default_factory=list)

    def listen(self) -> None:
        """From now on."""
        event.listen(self.engine, "begin", self._begun)
        for end in ("commit", "rollback"):
            event.listen(self.engine, end, self._ended)

    def _begun(self, connection: Connection) -> None:
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.info["begun"] = perf_counter()

    def _ended(self, connection: Connection) -> None:
        begun = connection.info.pop("begun", None)
        if begun is not None:
            self.took.append(perf_counter() - begun)


def main(texts: int) -> None:
    """Fill the outbox, send, and print."""
    with private() as started:
        noon = datetime.combine(started.clock().date(), time(12), OSLO)
        programme = replace(started, clock=lambda: noon)
        due = _fill(programme, texts)
        _send(programme, due)


def _fill(programme: Programme, texts: int) -> int:
    """Have so many reminders due, or a few more."""
    actor, _ = nurse(programme)
    at = programme.clock() + timedelta(days=3)
    for number in range(FAMILIES):
        _book(programme, actor, at + timedelta(hours=number))
    with programme.engine.begin() as connection:
        copies = {"copies": max(0, -(-texts // FAMILIES) - 1)}
        connection.execute(text(_COPY_VISITS), copies)
        for keep in (_KEEP_VISITS, _KEEP_TEXTS):
            connection.execute(text(keep))
        connection.execute(text("UPDATE parent_text SET due = now() - interval '1 day'"))
        count = connection.scalar(text("SELECT count(*) FROM parent_text"))
    with programme.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return int(count or 0)


def _book(programme: Programme, actor: Actor, at: datetime) -> None:
    """A family that takes part, with a visit."""
    home, today = FamilyId(uuid4()), programme.clock().date()
    pregnancy, offer = uuid4(), uuid4()
    mother = NewMember(uuid4(), MemberRole.MOTHER, "Rask Bjørk", phone="40000001")
    place = NewAddress(uuid4(), "0301111101", today, lines="Prøveveien 1")
    write(
        programme,
        actor,
        home,
        RegisterFamily((mother,), place),
        RegisterPregnancy(pregnancy, today + timedelta(days=90), 1, Basis.FIRST_CHILD),
        MakeOffer(offer, pregnancy, "nye_familier", Basis.FIRST_CHILD, Channel.MIDWIFE, today),
        AnswerOffer(uuid4(), offer, Answer.YES, today),
    )
    write(
        programme,
        actor,
        home,
        BookVisit(uuid4(), at, minutes=60, outside_hours="Familien ønsket det."),
    )


def _send(programme: Programme, due: int) -> None:
    transactions = Transactions(programme.engine)
    transactions.listen()
    with programme.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watch:
        gateway, before, begun = Slow(watch), usage(), perf_counter()
        sent = send_due(partial(programme.work, doorway="job"), gateway, at_most=due)
        seconds = perf_counter() - begun - SLOW_FOR * len(gateway.looks)
    _print(due, sent, seconds, transactions.took, gateway, (usage() - before).foreign)


def _print(  # noqa: PLR0913, PLR0917 - the figures of one line
    due: int, sent: int, seconds: float, took: list[float], gateway: Slow, foreign: float
) -> None:
    locks, open_ = (max(one) for one in zip(*gateway.looks, strict=True))
    figures: dict[str, Any] = {
        "texts due": due,
        "sent in one run": sent,
        "texts a second, without the gateway's own time": f"{sent / seconds:.0f}",
        "transactions": len(took),
        "longest transaction, ms": f"{max(took) * 1000:.0f}",
        "looks while the gateway had a text": len(gateway.looks),
        "locks held then, at most": locks,
        "transactions open then, at most": open_,
    }
    print("\n| texts | |\n|---|---|")
    for what, figure in figures.items():
        print(f"| {what} | {figure} |")
    print(f"\nOthers took {foreign:.0%} of the CPU meanwhile.")
