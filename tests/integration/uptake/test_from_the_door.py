"""What the door tells, end to end: real families in, counts out, and no way back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, cast, func, select, text
from sqlalchemy.types import Text

from nyefamilier.families.bodies import InterpreterNeed
from nyefamilier.families.intents import (
    CorrectBirth,
    NewChild,
    RecordBirth,
    RecordHomecoming,
    RecordLoss,
    UpdateMember,
)
from nyefamilier.families.states import Outcome as PregnancyOutcome
from nyefamilier.families.views import family
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.states import NeedState
from nyefamilier.offers.intents import ChangeEnrolment
from nyefamilier.offers.states import Answer, EnrolmentState
from nyefamilier.offers.views import enrolments
from nyefamilier.schema import METADATA
from nyefamilier.uptake import service
from nyefamilier.uptake.indicators import Period
from nyefamilier.uptake.tables import NeedCount, Participation
from nyefamilier.visits.intents import Outcome, RecordVisit
from nyefamilier.wire.verdicts import Verdict
from scheduler.jobs import mix_statistics
from tests.builders import Household, protected, send
from tests.cities import TERM, City
from tests.pushes import Outbox
from tests.releasing import release_now

STATISTICS = {"fact", "participation", "visit_count", "need_count"}
STOVNER = BydelNumber("11")


def counts(city: City) -> tuple[int | None, ...]:
    """What is read after a release."""
    release_now(city.programme)
    with city.programme.work(city.ours) as work:
        (row,) = service.uptake_of(work, Period.year(2026), STOVNER).bydeler
    return row.eligible, row.offered, row.accepted, row.declined, row.reached


def settle(city: City, said: Answer = Answer.YES, **offer: str) -> Household:
    home = Household()
    told = (home.registration(), home.expects(TERM), home.is_offered(**offer), home.says(said))
    send(city.programme, city.ours, home.id, *told)
    return home


def visited(city: City, home: Household) -> None:
    visit = RecordVisit(uuid4(), Outcome.DONE, city.clock.now - timedelta(hours=2), minutes=75)
    send(city.programme, city.ours, home.id, visit)


def test_each_family_counts_once_in_its_bydel_and_one_more_is_not_seen_until_five_are(
    city: City,
) -> None:
    for _ in range(6):
        visited(city, settle(city))
    assert counts(city) == (6, 6, 6, 0, 6)
    visited(city, settle(city))
    assert counts(city) == (6, 6, 6, 0, 6)
    for _ in range(5):
        visited(city, settle(city))
    assert counts(city) == (12, 12, 12, 0, 12)


def test_a_family_of_nfp_is_not_counted_until_it_withdraws_from_it(city: City) -> None:
    for _ in range(5):
        visited(city, settle(city))
    home = settle(city, programme="nfp")
    assert counts(city) == (5, 5, 5, 0, 5)
    with city.programme.work(city.ours) as work:
        (enrolment,) = enrolments(work, home.id)
    ends = ChangeEnrolment(enrolment.id, EnrolmentState.WITHDRAWN, city.clock.today)
    send(city.programme, city.ours, home.id, ends)
    with city.programme.work(city.ours) as work:
        covered = work.session.scalars(select(Participation.covered)).all()
        assert (list(covered), service.drift(work)) == ([False] * 6, 0)


def test_a_family_with_a_protected_address_is_told_without_a_bydel(city: City) -> None:
    home = Household()
    register, expects = home.registration(protected()), home.expects(TERM)
    send(city.programme, city.ours, home.id, register, expects, home.is_offered(), home.says())
    with city.programme.work(city.ours) as work:
        found = work.session.execute(text("SELECT DISTINCT bydel FROM fact")).scalars().all()
    assert found == [None]


def rows_with(connection: Connection, table: Table, words: str) -> int:
    line = cast(func.to_jsonb(text(f'"{table.name}".*')), Text)
    query = select(func.count()).select_from(table).where(func.lower(line).contains(words))
    return connection.execute(query).scalar_one()


def test_nothing_in_the_clear_joins_a_family_to_its_facts(city: City) -> None:
    home = settle(city)
    visited(city, home)
    with city.programme.work(city.ours) as work:
        connection = work.session.connection()
        (key,) = connection.execute(text("SELECT key FROM participation")).scalars().all()
        assert rows_with(connection, METADATA.tables["family"], str(home.id)) == 1
        for table in METADATA.sorted_tables:
            ids: list[UUID] = [home.id, home.mother, home.pregnancy, home.offer, city.ours.id]
            known = [key] if table.name not in STATISTICS else ids
            for one in known:
                assert rows_with(connection, table, str(one)) == 0, table.name
                assert rows_with(connection, table, one.hex) == 0, table.name


SHARED = [
    text("SELECT count(*) FROM fact AS told JOIN mutation ON told.xmin = mutation.xmin"),
    text("SELECT count(*) FROM participation AS told JOIN mutation ON told.xmin = mutation.xmin"),
    text("SELECT count(*) FROM visit_count AS told JOIN mutation ON told.xmin = mutation.xmin"),
]


def shared_transactions(city: City) -> list[int]:
    with city.programme.work(city.ours) as work:
        return [work.session.execute(query).scalar_one() for query in SHARED]


def test_after_the_night_no_row_shares_a_transaction_with_a_mutation(real_city: City) -> None:
    visited(real_city, settle(real_city))
    assert 0 not in shared_transactions(real_city)
    assert mix_statistics(real_city.programme) == 5
    assert shared_transactions(real_city) == [0, 0, 0]


def standing(city: City) -> Participation:
    with city.programme.work(city.ours) as work:
        assert service.drift(work) == 0
        return work.session.scalars(select(Participation)).one()


def tell(city: City, home: Household, *operations: object) -> None:
    send(city.programme, city.ours, home.id, *operations)


def test_a_birth_is_told_in_months_and_again_when_it_is_corrected(city: City) -> None:
    home = settle(city)
    city.clock.forward(days=75)
    today = city.clock.today
    tell(city, home, RecordBirth(home.pregnancy, today, (NewChild(uuid4(), "Liten Sten"),)))
    row = standing(city)
    assert (row.born, row.home) == (today.replace(day=1), None)
    tell(city, home, RecordHomecoming(home.pregnancy, today))
    before = today - timedelta(days=31)
    tell(city, home, CorrectBirth(home.pregnancy, before))
    row = standing(city)
    assert (row.born, row.home) == (before.replace(day=1), today.replace(day=1))


def test_a_loss_is_told_as_no_birth(city: City) -> None:
    home = settle(city)
    tell(city, home, RecordLoss(home.pregnancy, PregnancyOutcome.LOST, city.clock.today))
    row = standing(city)
    assert (row.born, row.ended) == (None, "ended_by_loss")


def test_what_a_family_speaks_is_told_again_when_it_changes_and_only_then(city: City) -> None:
    home = settle(city)
    before = standing(city)
    with city.programme.work(city.ours) as work:
        rev = next(one.rev for one in family(work, home.id).members if one.id == home.mother)
    need = InterpreterNeed("urdu")
    change = partial(UpdateMember, home.mother, name="")
    tell(city, home, change(rev, interpreter=need, only=("interpreter",)))
    after = standing(city)
    assert (after.language, after.steps) == ("tolk", before.steps + 1)
    with city.programme.work(city.ours) as work:
        rev = next(one.rev for one in family(work, home.id).members if one.id == home.mother)
    tell(city, home, change(rev, phone="40000001", only=("phone",)))
    assert standing(city).steps == after.steps


def test_weeks_are_counted_from_the_first_offer_whose_day_is_not_told(city: City) -> None:
    home = settle(city)
    city.clock.forward(days=34)
    visited(city, home)
    row = standing(city)
    assert (row.first_weeks, row.in_time) == (4, True)


def test_a_need_is_looked_at_once_however_often_it_is(city: City) -> None:
    home, need = settle(city), uuid4()
    tell(city, home, StateNeed(need, home.mother, "Sove litt mer", theme="sovn"))
    city.clock.forward(days=40)
    for _ in range(2):
        tell(city, home, ReviewNeed(uuid4(), need, NeedState.BEING_MET))
    tell(city, home, CloseNeed(uuid4(), need, home.mother, NeedState.MET))
    unseen = uuid4()
    tell(city, home, StateNeed(unseen, home.mother, "Treffe andre"))
    tell(city, home, CloseNeed(uuid4(), unseen, home.mother, NeedState.NO_LONGER_WISHED))
    standing(city)
    with city.programme.work(city.ours) as work:
        rows = work.session.scalars(select(NeedCount).order_by(NeedCount.theme)).all()
        told = [
            (one.theme, one.stated, one.reviewed, one.met, one.no_longer_wished) for one in rows
        ]
    assert told == [("sovn", 1, 1, 1, 0), ("uten_tema", 1, 1, 0, 1)]


def test_a_need_that_one_push_states_and_looks_at_twice_is_looked_at_once(city: City) -> None:
    home, need = settle(city), uuid4()
    box = Outbox(city.programme, city.ours).enrol()
    told = (
        StateNeed(need, home.mother, "ro"),
        ReviewNeed(uuid4(), need, NeedState.OPEN),
        CloseNeed(uuid4(), need, home.mother, NeedState.MET),
    )
    answer = box.push(*(box.mutation(home.id, one) for one in told))
    assert {one.status for one in answer.results} == {Verdict.APPLIED}
    standing(city)
    with city.programme.work(city.ours) as work:
        (row,) = work.session.scalars(select(NeedCount)).all()
        assert (row.stated, row.reviewed, row.met) == (1, 1, 1)
