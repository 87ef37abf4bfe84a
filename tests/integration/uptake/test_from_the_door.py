"""What the door tells, end to end: real families in, counts out, and no way back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, cast, func, select, text
from sqlalchemy.types import Text

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.intents import ChangeEnrolment
from nyefamilier.offers.states import Answer, EnrolmentState
from nyefamilier.offers.views import enrolments
from nyefamilier.schema import METADATA
from nyefamilier.uptake import service
from nyefamilier.uptake.indicators import Period
from nyefamilier.uptake.tables import Participation
from nyefamilier.visits.intents import Outcome, RecordVisit
from scheduler.jobs import mix_statistics
from tests.builders import Household, protected, send
from tests.cities import TERM, City

STATISTICS = {"fact", "participation", "visit_count"}
STOVNER = BydelNumber("11")


def counts(city: City) -> tuple[int | None, ...]:
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


def test_each_family_changes_the_counts_of_its_bydel_by_one(city: City) -> None:
    homes = [settle(city) for _ in range(6)]
    for home in homes:
        visited(city, home)
    assert counts(city) == (6, 6, 6, 0, 6)
    visited(city, settle(city))
    assert counts(city) == (7, 7, 7, 0, 7)


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
    assert mix_statistics(real_city.programme) == 4
    assert shared_transactions(real_city) == [0, 0, 0]
