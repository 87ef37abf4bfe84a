"""The boundaries in the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from nyefamilier.bydeler import service, store
from nyefamilier.bydeler.reading import packaged_boundaries, packaged_reform
from nyefamilier.bydeler.reforms import Move, Reform
from nyefamilier.bydeler.tables import (
    BoundaryStamp,
    BydelRow,
    DelbydelRow,
    MembershipRow,
    ServingRow,
)
from nyefamilier.kernel.actors import SYSTEM, Actor, Occasion, Role
from nyefamilier.kernel.errors import NotAllowed, RuleBroken
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode, UserId
from nyefamilier.storage.base import Base
from nyefamilier.storage.work import Work

TABLES = [
    row.__table__ for row in (BydelRow, DelbydelRow, MembershipRow, ServingRow, BoundaryStamp)
]
REFORM = packaged_reform("hearing-2025-alternative-a")
SKOYEN = DelbydelCode("0301060605")
EVE, DAY = date(2027, 12, 31), date(2028, 1, 1)


TEISEN_MOVES = Reform(
    "Teisen moves",
    DAY,
    "made up",
    "test",
    moves=(Move(BydelNumber("09"), delbydeler=(TEISEN := DelbydelCode("0301121207"),)),),
)


@pytest.fixture
def committed(committing: Engine) -> Engine:
    """An engine on a database of its own with the reference data committed."""
    Base.metadata.create_all(committing, tables=TABLES)
    with Session(committing) as session, session.begin():
        service.load_reference_data(session)
    return committing


@pytest.fixture
def city(session: Session) -> Session:
    """A session in which the reference data has been loaded."""
    Base.metadata.create_all(session.connection(), tables=TABLES)
    service.load_reference_data(session)
    return session


def work(session: Session, actor: Actor = SYSTEM) -> Work:
    now = datetime(2027, 6, 1, 12, tzinfo=UTC)
    return Work(session, actor, now, None, Occasion(UUID(int=1), "cli"))  # type: ignore[arg-type]


def test_what_is_loaded_is_what_the_package_holds(city):
    assert store.load(city) == packaged_boundaries()


def test_loading_again_adds_nothing_and_leaves_the_stamp(city):
    before = store.stamp(city)
    assert service.load_reference_data(city) == 0
    assert store.stamp(city) == before


def test_loading_again_after_a_reform_does_not_undo_it(city):
    service.apply_reform(work(city), REFORM)
    reformed = store.load(city)
    assert service.load_reference_data(city) == 0
    assert store.load(city) == reformed


def test_a_delbydel_has_the_bydel_of_the_day(city):
    assert service.bydel_of(city, SKOYEN, EVE) == "06"
    service.apply_reform(work(city), REFORM)
    assert service.bydel_of(city, SKOYEN, EVE) == "06"
    assert service.bydel_of(city, SKOYEN, DAY) == "22"


def test_an_unknown_delbydel_is_refused_where_it_was_written(city):
    assert service.require_delbydel(city, SKOYEN, EVE) == "06"
    with pytest.raises(RuleBroken) as caught:
        service.require_delbydel(city, DelbydelCode("0301999999"), EVE, pointer="/delbydel")
    assert (caught.value.code, caught.value.pointer) == ("unknown-delbydel", "/delbydel")


def test_a_preview_changes_nothing(city):
    before = store.load(city)
    assert len(service.preview_reform(city, REFORM).moved) == 62
    assert store.load(city) == before


def test_the_preview_is_what_the_reform_does(city):
    foreseen = service.preview_reform(city, REFORM)
    assert service.apply_reform(work(city), REFORM) == foreseen
    assert service.preview_reform(city, REFORM).is_empty


def test_applying_a_reform_twice_is_applying_it_once(city):
    service.apply_reform(work(city), REFORM)
    once, mark = store.load(city), store.stamp(city)
    assert service.apply_reform(work(city), REFORM).is_empty
    assert (store.load(city), store.stamp(city)) == (once, mark)


def test_a_person_cannot_move_the_boundaries(city):
    planner = Actor(UserId(UUID(int=7)), Role.PLANNER)
    with pytest.raises(NotAllowed):
        service.apply_reform(work(city, planner), REFORM)


def test_a_delbydel_cannot_be_in_two_bydeler_on_one_day(city):
    second = MembershipRow(
        delbydel=SKOYEN, bydel="05", valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1)
    )
    city.add(second)
    with pytest.raises(IntegrityError, match="one_at_a_time"):
        city.flush()


def test_an_area_cannot_be_served_by_two_on_one_day(city):
    city.add(
        ServingRow(bydel="16", served_by="05", valid_from=DAY, valid_to=None, label="", source="t")
    )
    with pytest.raises(IntegrityError, match="one_at_a_time"):
        city.flush()


def test_validity_ends_after_it_begins(city):
    city.add(MembershipRow(delbydel=SKOYEN, bydel="05", valid_from=EVE, valid_to=EVE))
    with pytest.raises(IntegrityError, match="validity"):
        city.flush()


def test_a_session_asks_the_database_once(city):
    asked = []
    event.listen(city.get_bind(), "before_cursor_execute", lambda *told: asked.append(told[2]))
    service.refresh(city)
    del asked[:]
    for _ in range(1000):
        service.bydel_of(city, SKOYEN, EVE)
    assert asked == []
    service.refresh(city)
    assert len(asked) == 1  # the stamp: the boundaries themselves are in memory


def test_the_lists_are_those_of_the_day(city):
    numbers = [bydel.number for bydel in service.bydeler(city, DAY)]
    assert numbers[:3] == ["01", "02", "03"]
    listed = service.delbydeler(city, DAY)
    assert len(listed) == 100
    assert listed[0][1] == "01"
    service.apply_reform(work(city), REFORM)
    numbers = [bydel.number for bydel in service.bydeler(city, DAY)]
    assert numbers == [*map(str, range(10, 18)), "21", "22", "23", "24", "99"]


def test_the_stamp_has_one_row(city):
    assert city.scalar(select(func.count()).select_from(BoundaryStamp)) == 1


def test_without_reference_data_nobody_knows_a_delbydel(session):
    Base.metadata.create_all(session.connection(), tables=TABLES)
    for row in (BoundaryStamp, ServingRow, MembershipRow, DelbydelRow, BydelRow):
        session.execute(delete(row))
    assert service.bydel_of(session, SKOYEN, EVE) is None
    service.load_reference_data(session)
    assert service.bydel_of(session, SKOYEN, EVE) == "06"


def test_a_reform_that_is_rolled_back_is_remembered_by_nobody(committed):
    with Session(committed) as session:
        service.apply_reform(work(session), TEISEN_MOVES)
        assert service.bydel_of(session, TEISEN, DAY) == "09"
        session.rollback()
    with Session(committed) as session:
        assert service.bydel_of(session, TEISEN, DAY) == "12"


def test_a_reform_in_one_session_is_known_to_the_next(committed):
    with Session(committed) as session:
        assert service.bydel_of(session, TEISEN, DAY) == "12"
    with Session(committed) as other, other.begin():
        service.apply_reform(work(other), TEISEN_MOVES)
    with Session(committed) as session:
        assert service.bydel_of(session, TEISEN, DAY) == "09"


def test_a_reform_committed_while_the_boundaries_are_read_leaves_no_mixture(committed):
    done = []

    def reform_in_between(_connection, _cursor, statement, *_rest) -> None:
        if "FROM delbydel_membership" in statement and not done:
            done.append(statement)
            with Session(committed) as other, other.begin():
                service.apply_reform(work(other), TEISEN_MOVES)

    with Session(committed) as session, session.begin():
        store._restamp(session)  # nothing is in memory: everything must be read
    event.listen(committed, "before_cursor_execute", reform_in_between)
    with Session(committed) as session:
        known = service.boundaries(session)
        assert done
        assert known == store.load(session)
        assert known.bydel_of(TEISEN, DAY) == "09"


def test_two_at_once_apply_a_reform_once(committed):
    def apply(_number: int) -> bool:
        with Session(committed) as session, session.begin():
            return service.apply_reform(work(session), TEISEN_MOVES).is_empty

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(apply, range(4))) == [False, True, True, True]


def test_two_at_once_load_the_reference_data_once(fresh_database):
    engine = fresh_database(empty=True)
    Base.metadata.create_all(engine, tables=TABLES)

    def load(_number: int) -> int:
        with Session(engine) as session, session.begin():
            return service.load_reference_data(session)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(load, range(4))) == 18 + 103 + 103 + 2
    with Session(engine) as session:
        assert store.load(session) == packaged_boundaries()
