"""Random lives of families, told through the door, and an oracle that knows only what was told.

The oracle reads neither the outbox nor the rules. It keeps what the story has said until now, and
judges every message that the gateway got, and every reminder that it should have got.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from nyefamilier.families.intents import (
    MoveFamily,
    NewChild,
    RecordBirth,
    RecordDeath,
    RecordLoss,
    RegisterPregnancy,
    SetAddress,
    UpdateMember,
)
from nyefamilier.families.states import Outcome as PregnancyOutcome
from nyefamilier.families.tables import MemberRow
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.offers.intents import AnswerOffer, ChangeEnrolment, MakeOffer
from nyefamilier.offers.states import Answer, Basis, Channel, EnrolmentState
from nyefamilier.offers.views import enrolments
from nyefamilier.visits.intents import (
    BookVisit,
    CancelledBy,
    CancelVisit,
    Outcome,
    RecordVisit,
)
from nyefamilier.visits.views import visits
from tests.builders import NOON, Household, address, protected, send
from tests.cities import City
from tests.outbox import Pocket, outbox, send_texts

OSLO = ZoneInfo("Europe/Oslo")
MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni", "juli"),
    *("august", "september", "oktober", "november", "desember"),
)
DAYS = 60
WISHED = "Familien ønsket det."
"""Nobody asks a calendar when these visits are."""
WEEK_28 = "svangerskap_uke_28"
OPEN = {"planned", "booked"}


@dataclass
class Agreed:
    """A visit as the story has told it.

    Args:
        since: When its present time was agreed on.
        pregnancy: Whose programme it is part of.
        belongs: The pregnancy that it was agreed on in, programme or not.
        moved: The family's address has changed since.
    """

    at: datetime
    since: datetime
    pregnancy: UUID
    kind: str = "avtalt"
    state: str = "booked"
    moved: bool = False
    belongs: UUID | None = None


@dataclass
class Life:
    """What has been told of a family until now, and by whom it may be written to."""

    city: City
    rng: Random
    home: Household
    programme: str
    pregnancy: UUID
    term: date
    born: date | None = None
    children: list[UUID] = field(default_factory=list)
    grieving: set[UUID | None] = field(default_factory=set)
    """The pregnancies that ended in grief; None for a death that touches all of them."""
    ended: bool = False
    paused: bool = False
    hidden: bool = False
    objects: bool = False
    number: str | None = "40000001"
    agreed: dict[UUID, Agreed] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    reminded: set[tuple[UUID, datetime]] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        return self.city.clock.now

    @property
    def today(self) -> date:
        return self.now.astimezone(OSLO).date()

    def does(self, *operations: object) -> None:
        send(self.city.programme, self.city.ours, self.home.id, *operations)

    def may_be_written_to(self, visit: Agreed) -> bool:
        grieves = not self.grieving.isdisjoint({visit.pregnancy, None})
        away = self.ended or self.paused or self.hidden or visit.pregnancy != self.pregnancy
        return not (grieves or away or visit.moved or self.objects or self.number is None)


def begin(city: City, seed: int) -> Life:
    """A family in Stovner that said yes in pregnancy."""
    rng, home = Random(f"life/{seed}"), Household()  # noqa: S311 - repeats itself by its seed
    city.clock.now = NOON
    term = NOON.date() + timedelta(days=rng.randrange(20, 100))
    programme = rng.choice(("nye_familier", "nye_familier", "nye_familier", "nfp"))
    place = address(on=NOON.date())
    first = (home.registration(place), home.expects(term), home.is_offered(programme=programme))
    life = Life(city, rng, home, programme, home.pregnancy, term)
    life.does(*first, home.says())
    return life


def live(life: Life) -> None:
    """Live the life to its end, with the clock on every minute at which a text is due."""
    moments = sorted(
        life.rng.randrange(60, DAYS * 24 * 60) for _ in range(life.rng.randrange(12, 28))
    )
    for minutes in moments:
        _wait_until(life, NOON + timedelta(minutes=minutes))
        life.rng.choice(HAPPENINGS)(life)
        _check_plan(life)
    _wait_until(life, NOON + timedelta(days=DAYS + 40))


def _wait_until(life: Life, moment: datetime) -> None:
    while (due := _next_due(life)) is not None and due <= moment:
        remind(life, until=due)
        life.city.clock.now = max(due, life.now)
        _send(life)
    remind(life, until=moment)
    life.city.clock.now = max(moment, life.now)
    _send(life)


def _next_due(life: Life) -> datetime | None:
    rows = outbox(life.city.programme, life.home.id)
    return min((row.due for row in rows if row.state in {"waiting", "handed"}), default=None)


def _send(life: Life) -> None:
    gateway = Pocket()
    send_texts(life.city.programme, gateway)
    for message in gateway.got:
        judge(life, message.number, message.words)


def judge(life: Life, number: str, words: str) -> None:
    """Whether the story allows this message at this moment."""
    local = life.now.astimezone(OSLO)
    assert time(8) <= local.time() < time(20), f"at night: {local}"
    assert number == f"+47{life.number}"
    about = [(id_, one) for id_, one in life.agreed.items() if _speaks_of(words, one, life)]
    assert about, f"of no visit that there is: {words}"
    allowed = [one for _, one in about if life.may_be_written_to(one)]
    assert allowed, f"forbidden: {words}; grief {life.grieving}, ended {life.ended}, {life.paused}"
    assert not life.told or life.told[-1] != words, f"twice: {words}"
    life.told.append(words)
    if "Vi minner om" in words:
        for id_, one in about:
            life.reminded.discard((id_, one.at))


def _speaks_of(words: str, visit: Agreed, life: Life) -> bool:
    local = visit.at.astimezone(OSLO)
    day = f"{local.day}. {MONTHS[local.month - 1]}"
    if "Takk for samtalen" in words:
        return visit.state == "done" and day in words and life.now - visit.at < timedelta(days=3)
    if "Vi har en avtale" in words and visit.kind != WEEK_28:
        return False
    open_still = visit.state == "booked" and visit.at > life.now
    return open_still and f"{day} kl. {local:%H:%M}" in words


def remind(life: Life, until: datetime) -> None:
    """Note the reminders that must come in the time until then; see that the earlier ones came."""
    assert not life.reminded, f"no reminder came of {life.reminded}"
    for id_, one in life.agreed.items():
        noon = datetime.combine(
            one.at.astimezone(OSLO).date() - timedelta(days=1), time(12), OSLO
        ).astimezone(UTC)
        waits = one.state == "booked" and one.since < noon
        if waits and life.now < noon <= until and life.may_be_written_to(one):
            life.reminded.add((id_, one.at))


def _check_plan(life: Life) -> None:
    """Whether the plan is what the story's days ask for."""
    with life.city.programme.work(life.city.ours) as work:
        rows = [one for one in visits(work, life.home.id) if one.pregnancy_id == life.pregnancy]
    opened = [one for one in rows if one.state in OPEN]
    if life.ended:
        made = [one for one in opened if one.id not in life.agreed]
        assert made == [], "something is planned for a family that left"
        return
    anchors = {one.kind: one for one in opened if one.from_protocol}
    if life.programme == "nfp":
        assert anchors == {}
        return
    assert set(anchors) <= {WEEK_28, "nyfodt"}
    if WEEK_28 in anchors:
        assert life.born is None, "a visit in pregnancy is planned after the birth"
        assert anchors[WEEK_28].opens == life.term - timedelta(days=84)
    if "nyfodt" in anchors:
        assert anchors["nyfodt"].opens == (life.born or life.term) + timedelta(days=7)
        assert anchors["nyfodt"].state == "planned", "it was booked by guess"


def _agree(life: Life) -> None:
    with life.city.programme.work(life.city.ours) as work:
        planned = [
            one.id
            for one in visits(work, life.home.id)
            if one.kind == WEEK_28 and one.state == "planned" and one.pregnancy_id == life.pregnancy
        ]
    kind = WEEK_28 if planned else "avtalt"
    visit = planned[0] if planned else uuid4()
    at = _sometime(life)
    life.does(BookVisit(visit, at, outside_hours=WISHED))
    life.agreed[visit] = Agreed(at, life.now, life.pregnancy, kind, belongs=life.pregnancy)
    if life.ended or life.pregnancy in life.grieving:
        # Nothing is planned any more; what is agreed all the same is of no pregnancy's programme.
        life.agreed[visit].pregnancy = UUID(int=0)


def _sometime(life: Life) -> datetime:
    """A time at which the nurse is free."""
    while True:
        day = life.today + timedelta(days=life.rng.randrange(1, 16))
        clock = time(life.rng.randrange(8, 15), life.rng.choice((0, 30)))
        at = datetime.combine(day, clock, OSLO).astimezone(UTC)
        taken = [one.at for one in life.agreed.values() if one.state == "booked"]
        if all(abs(at - one) >= timedelta(hours=1) for one in taken):
            return at


def _some_open(life: Life) -> tuple[UUID, Agreed] | None:
    found = [(id_, one) for id_, one in life.agreed.items() if one.state == "booked"]
    return life.rng.choice(found) if found else None


def _another_time(life: Life) -> None:
    found = _some_open(life)
    if found is None:
        return
    visit, one = found
    one.at, one.since, one.moved = _sometime(life), life.now, False
    life.does(BookVisit(visit, one.at, outside_hours=WISHED))


def _cancel(life: Life) -> None:
    found = _some_open(life)
    if found is not None:
        life.does(CancelVisit(found[0], life.rng.choice(list(CancelledBy))))
        found[1].state = "cancelled"


def _visited(life: Life) -> None:
    """A visit is made, now, whenever it was agreed on."""
    found = _some_open(life)
    if found is None:
        return
    visit, one = found
    made = life.rng.random() < 0.8
    life.does(RecordVisit(visit, Outcome.DONE if made else Outcome.NOT_HOME, life.now, 60))
    one.at, one.state, one.moved = life.now, "done" if made else "not_home", False


def _birth(life: Life) -> None:
    """Early, late, one child or two, and of two perhaps one that did not live."""
    if life.born is not None or life.pregnancy in life.grieving:
        return
    if abs((life.term - life.today).days) > 60 or life.today > life.term + timedelta(days=20):
        return
    twins = life.rng.random() < 0.3
    still = twins and life.rng.random() < 0.4
    children = [NewChild(uuid4(), "Liten Sten")]
    children += [NewChild(uuid4(), "Liten Elv", stillborn=still)] if twins else []
    life.does(RecordBirth(life.pregnancy, life.today, tuple(children)))
    life.born = life.today
    life.children = [one.member_id for one in children if not one.stillborn]
    if still:
        life.grieving.add(life.pregnancy)
    if life.programme != "nfp":
        _close(life, lambda one: one.kind == WEEK_28)


def _loss(life: Life) -> None:
    if life.born is not None or life.pregnancy in life.grieving:
        return
    if life.rng.random() < 0.5:
        outcome = life.rng.choice((PregnancyOutcome.LOST, PregnancyOutcome.STILLBORN))
        life.does(RecordLoss(life.pregnancy, outcome, life.today))
        life.grieving.add(life.pregnancy)
        _end(life)


def _child_dies(life: Life) -> None:
    if not life.children or life.rng.random() < 0.5:
        return
    life.does(RecordDeath(life.children.pop(), life.today))
    life.grieving.add(life.pregnancy)
    if not life.children:
        _end(life)


def _father_dies(life: Life) -> None:
    if None not in life.grieving and life.rng.random() < 0.3:
        life.does(RecordDeath(life.home.father, life.today))
        life.grieving.add(None)


def _expects_again(life: Life) -> None:
    """After a loss, another pregnancy: what was lost is not held against it."""
    if not life.ended or life.pregnancy not in life.grieving or None in life.grieving:
        return
    if life.born is not None:
        return
    life.city.clock.forward(days=1)
    pregnancy, offer = uuid4(), uuid4()
    life.term = life.today + timedelta(days=90)
    life.does(
        RegisterPregnancy(pregnancy, life.term, 1, Basis.FIRST_CHILD),
        MakeOffer(offer, pregnancy, "nye_familier", Basis.FIRST_CHILD, Channel.MIDWIFE, life.today),
        AnswerOffer(uuid4(), offer, Answer.YES, life.today),
    )
    life.pregnancy, life.programme, life.ended, life.paused = (
        pregnancy,
        "nye_familier",
        False,
        False,
    )


def _participation(life: Life) -> None:
    if life.ended:
        return
    if life.paused:
        to = EnrolmentState.ACTIVE
    else:
        to = life.rng.choice((EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN))
    with life.city.programme.work(life.city.ours) as work:
        (current,) = [one for one in enrolments(work, life.home.id) if one.ended_on is None]
    life.does(ChangeEnrolment(current.id, to, life.today))
    life.paused = to is EnrolmentState.PAUSED
    if to is EnrolmentState.WITHDRAWN:
        _end(life)


def _moves(life: Life) -> None:
    life.does(MoveFamily(uuid4(), address(on=life.today), to_nurse=life.city.ours.id))
    life.hidden = False
    _everything_moved(life)


def _hides(life: Life) -> None:
    life.does(SetAddress(protected(life.today)))
    life.hidden = True
    _everything_moved(life)


def _objects(life: Life) -> None:
    life.objects = not life.objects
    _changes(life, no_texts=life.objects)


def _other_number(life: Life) -> None:
    life.number = life.rng.choice((None, "40000002", "90000003"))
    _changes(life, phone=life.number)


def _changes(life: Life, **told: object) -> None:
    with life.city.programme.work(SYSTEM, "test") as work:
        rev = work.session.get_one(MemberRow, life.home.mother).rev
    life.does(UpdateMember(life.home.mother, rev, "", only=tuple(told), **told))


def _everything_moved(life: Life) -> None:
    for one in life.agreed.values():
        one.moved = True


def _end(life: Life) -> None:
    life.ended = True
    _close(life, lambda one: one.belongs == life.pregnancy)


def _close(life: Life, which: Callable[[Agreed], bool]) -> None:
    for one in life.agreed.values():
        if one.state == "booked" and which(one):
            one.state = "closed"


HAPPENINGS: tuple[Callable[[Life], None], ...] = (
    *(_agree,) * 9,
    *(_another_time,) * 3,
    *(_visited,) * 3,
    *(_birth,) * 2,
    _cancel,
    _loss,
    _child_dies,
    _father_dies,
    _expects_again,
    _participation,
    _moves,
    _hides,
    _objects,
    _other_number,
)
"""What may happen; what does not fit the story so far is nothing."""
