"""Many who book, move and call off at once, some of them offline; and what must be so afterwards.

Each client and each phone moves and calls off only what it booked itself, so that it knows how each
of its visits must stand in the end. Nurses, hours and families they share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select, text

from nyefamilier.changes.tables import InboxRow
from nyefamilier.door.mutations import Operation
from nyefamilier.kernel.errors import Refusal
from nyefamilier.storage.engine import unavailable_from
from nyefamilier.visits.claiming import TimeTaken
from nyefamilier.visits.intents import BookVisit, CancelledBy, CancelVisit
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.tables import VisitRow
from nyefamilier.wire.verdicts import Verdict
from tests.builders import NOON, Household, send
from tests.cities import City, settle
from tests.pushes import Outbox

T = TypeVar("T")

CLIENTS, PHONES = 16, 4
HOMES = 60
DAYS = 40
"""Working days on which visits are agreed."""
WISHED = "Familien ønsket det."
"""Some of the times are outside working hours."""
AT_ONCE = 12
"""How many mutations a phone has gathered when it has a network again."""

Stands = tuple[VisitState, datetime, UUID]
"""How a visit must stand: its state, its time and its nurse."""


@dataclass
class Diary:
    """What one client or phone did, and what it was told."""

    random: Random
    stands: dict[UUID, tuple[Household, Stands]] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    held: list[UUID] = field(default_factory=list)

    def next(self, homes: list[Household], nurses: list[UUID]) -> tuple[Household, Operation]:
        """Something new, or a change of something that is booked."""
        mine = [one for one, (_, stands) in self.stands.items() if stands[0] is VisitState.BOOKED]
        what = self.random.random()
        if not mine or what < 0.5:
            return self.random.choice(homes), self._booking(uuid4(), nurses)
        visit = self.random.choice(mine)
        home = self.stands[visit][0]
        if what < 0.75:
            return home, self._booking(visit, nurses)
        return home, CancelVisit(visit, self.random.choice(list(CancelledBy)))

    def _booking(self, visit: UUID, nurses: list[UUID]) -> BookVisit:
        day = self.random.randrange(1, DAYS)
        at = NOON + timedelta(days=day + 2 * (day // 5), minutes=30 * self.random.randrange(-6, 8))
        return BookVisit(visit, at, nurse_id=self.random.choice(nurses), outside_hours=WISHED)

    def went_through(self, home: Household, operation: Operation) -> None:
        """Remember how the visit stands now."""
        self.told["applied"] += 1
        if isinstance(operation, BookVisit):
            assert operation.nurse_id is not None
            stands = (VisitState.BOOKED, operation.at, operation.nurse_id)
            self.stands[operation.visit_id] = (home, stands)
        elif isinstance(operation, CancelVisit):
            by_family = operation.by is CancelledBy.FAMILY
            to = VisitState.CANCELLED_BY_FAMILY if by_family else VisitState.CANCELLED_BY_US
            _, (_, at, nurse) = self.stands[operation.visit_id]
            self.stands[operation.visit_id] = (home, (to, at, nurse))


@dataclass
class Bookings:
    """A city in which they all book at once."""

    city: City
    seed: int
    homes: list[Household] = field(default_factory=list)
    diaries: list[Diary] = field(default_factory=list)

    def run(self, operations: int) -> None:
        """Share that many operations among all of them, and let them go."""
        self.homes = [settle(self.city) for _ in range(HOMES)]
        self.diaries = [Diary(Random(self.seed + one)) for one in range(CLIENTS + PHONES)]  # noqa: S311
        boxes = [Outbox(self.city.programme, self.city.ours).enrol() for _ in range(PHONES)]
        share = operations // len(self.diaries)
        with ThreadPoolExecutor(len(self.diaries)) as pool:
            ends = [pool.submit(self._client, one, share) for one in self.diaries[:CLIENTS]]
            ends += [
                pool.submit(self._phone, diary, box, share)
                for diary, box in zip(self.diaries[CLIENTS:], boxes, strict=True)
            ]
            for end in ends:
                end.result()

    @property
    def told(self) -> Counter[str]:
        """What they were told, and how often."""
        return sum((one.told for one in self.diaries), Counter())

    @property
    def unexplained(self) -> list[str]:
        """Answers that say too little, or the wrong thing."""
        return [one for diary in self.diaries for one in diary.unexplained]

    def collisions(self) -> int:
        """Pairs of visits that one nurse has at once, by the visits themselves."""
        query = text(
            "SELECT count(*) FROM visit one JOIN visit other ON one.nurse_id = other.nurse_id "
            "AND one.id < other.id AND other.at > one.at - interval '1 hour' "
            "AND other.at < one.at + interval '1 hour' "
            "WHERE one.state = 'booked' AND other.state = 'booked'"
        )
        return self._one(query)

    def strays(self) -> int:
        """Claims without a booked visit at that time, and booked visits without a claim."""
        query = text(
            "SELECT count(*) FROM appointment FULL JOIN "
            "(SELECT * FROM visit WHERE state = 'booked') AS visit ON visit.id = visit_id "
            "AND visit.nurse_id = appointment.nurse_id AND visit.at = begins "
            "WHERE visit.id IS NULL OR visit_id IS NULL"
        )
        return self._one(query)

    def lost(self) -> list[UUID]:
        """Visits that do not stand as whoever booked them was told."""
        with self.city.programme.work(self.city.ours) as work:
            rows = work.session.scalars(select(VisitRow).where(VisitRow.at.is_not(None)))
            found = {one.id: (VisitState(one.state), one.at, one.nurse_id) for one in rows}
        meant = {one: stands for diary in self.diaries for one, (_, stands) in diary.stands.items()}
        return sorted(one for one in meant | found if meant.get(one) != found.get(one))

    def held_and_gone(self) -> set[UUID]:
        """What a phone was told that it is held, and is in nobody's inbox."""
        with self.city.programme.work(self.city.ours) as work:
            known = set(work.session.scalars(select(InboxRow.id)))
        return {one for diary in self.diaries for one in diary.held} - known

    def _one(self, query: object) -> int:
        with self.city.programme.engine.connect() as connection:
            return int(connection.scalar(query) or 0)  # type: ignore[call-overload]

    def _client(self, diary: Diary, count: int) -> None:
        for _ in range(count):
            home, operation = diary.next(self.homes, self._nurses)
            try:
                _patiently(diary, lambda: self._send(home, operation))  # noqa: B023 - done at once
            except TimeTaken as taken:
                diary.told[taken.code] += 1
                if not (taken.taken and taken.free):
                    diary.unexplained.append("time-taken without times")
            except Refusal as refusal:
                diary.unexplained.append(refusal.code)
            else:
                diary.went_through(home, operation)

    def _send(self, home: Household, operation: Operation) -> None:
        send(self.city.programme, self.city.ours, home.id, operation)

    @property
    def _nurses(self) -> list[UUID]:
        return [one.id for one in (self.city.ours, self.city.colleague)]

    def _phone(self, diary: Diary, box: Outbox, count: int) -> None:
        for some in _shares(count):
            meant = [diary.next(self.homes, self._nurses) for _ in range(some)]
            meant = _one_each(meant)
            body = box.body(*(box.mutation(home.id, one, base_rev=10**6) for home, one in meant))
            answer = _patiently(diary, lambda: box.send(body))  # noqa: B023 - done at once
            for (home, operation), result in zip(meant, answer.results, strict=True):
                if result.status is Verdict.APPLIED:
                    diary.went_through(home, operation)
                elif (result.status, result.reason) == (Verdict.HELD, "time-taken"):
                    diary.told["held"] += 1
                    diary.held.append(UUID(str(result.review)))
                elif (result.status, result.reason) == (Verdict.NOOP, "already-so"):
                    # It was moved to where it was; `lost` looks whether that is so.
                    diary.went_through(home, operation)
                    diary.told["already-so"] += 1
                else:
                    diary.unexplained.append(f"{result.status} {result.reason}")


def _shares(count: int) -> Iterator[int]:
    while count > 0:
        yield min(count, AT_ONCE)
        count -= AT_ONCE


def _one_each(meant: list[tuple[Household, Operation]]) -> list[tuple[Household, Operation]]:
    """At most one operation for each visit: what follows on one that is held is another test's."""
    return list({one[1].visit_id: one for one in meant}.values())  # type: ignore[union-attr]


def _patiently(diary: Diary, doing: Callable[[], T]) -> T:
    """Try again while the database is busy, as a page and a phone do."""
    while True:
        try:
            return doing()
        except Exception as error:
            away = unavailable_from(error)
            if away is None or away.code != "database-busy":
                raise
            diary.told[away.code] += 1
