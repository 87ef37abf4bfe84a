"""What is kept back is written whenever anybody could miss it, in few statements, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Identity,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    event,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from nyefamilier.storage.sessions import WriteBehind


class Base(DeclarativeBase):
    pass


class Colour(StrEnum):
    RED = "red"


class Thing(Base):
    """One column of each type that the programme has."""

    __tablename__ = "a_thing"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(12))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    on: Mapped[date | None]
    small: Mapped[int | None] = mapped_column(SmallInteger)
    whole: Mapped[int | None]
    large: Mapped[int | None] = mapped_column(BigInteger)
    flag: Mapped[bool] = mapped_column(default=False)
    words: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    told: Mapped[dict[str, object] | None] = mapped_column(JSONB(none_as_null=True))


THINGS = Thing.__table__


@pytest.fixture
def session(session: WriteBehind) -> WriteBehind:
    Base.metadata.create_all(session.connection())
    return session


@contextmanager
def statements(session: WriteBehind) -> Iterator[list[str]]:
    heard: list[str] = []

    def hear(_connection, _cursor, statement, *_rest):
        heard.append(statement.split()[0])

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", hear)
    yield heard
    event.remove(connection, "before_cursor_execute", hear)


def names(session):
    """As the database has them; nothing is flushed for it."""
    return session.connection().scalars(text("SELECT name FROM a_thing ORDER BY number")).all()


def test_a_row_is_not_written_before_anybody_asks_and_is_there_when_somebody_does(session):
    session.insert(Thing, {"id": uuid4(), "name": "a"})
    session.put(Thing(id=uuid4(), name="b"))
    assert names(session) == []
    assert set(session.scalars(select(Thing.name))) == {"a", "b"}


def test_a_commit_writes_many_rows_in_one_statement_a_table(session):
    for name in "abc":
        session.put(Thing(id=uuid4(), name=name))
    with statements(session) as heard:
        session.commit()
    assert heard.count("COPY") == 1
    assert "INSERT" not in heard
    assert names(session) == ["a", "b", "c"]


def test_a_record_may_be_changed_until_it_is_written(session):
    thing = Thing(id=uuid4(), name="a")
    session.put(thing)
    thing.name = "b"
    session.put(thing)
    session.commit()
    assert names(session) == ["b"]


def test_a_record_that_was_asked_for_is_the_same_object_and_may_be_changed_on(session):
    thing = Thing(id=uuid4(), name="a")
    session.put(thing)
    assert session.scalars(select(Thing)).all() == [thing]
    thing.name = "b"
    session.put(thing)
    session.commit()
    assert names(session) == ["b"]


def test_a_record_that_was_let_go_of_and_is_put_again_is_changed_and_not_lost(session):
    thing = Thing(id=uuid4(), name="a")
    session.put(thing)
    session.write()
    thing.name = "b"
    session.put(thing)
    session.commit()
    assert names(session) == ["b"]


def test_a_savepoint_that_is_undone_takes_with_it_what_was_told_inside(session):
    session.insert(Thing, {"id": uuid4(), "name": "before"})
    session.put(Thing(id=uuid4(), name="before too"))
    savepoint = session.begin_nested()
    session.insert(Thing, {"id": uuid4(), "name": "inside"})
    session.put(Thing(id=uuid4(), name="inside too"))
    session.tell(update(THINGS).values(name="told"), {})
    savepoint.rollback()
    session.insert(Thing, {"id": uuid4(), "name": "after"})
    session.commit()
    assert set(names(session)) == {"before", "before too", "after"}


def test_a_savepoint_ends_by_writing_so_that_a_duplicate_is_told_inside_it(session):
    known = uuid4()
    session.insert(Thing, {"id": known, "name": "a"})
    for again in (
        lambda: session.insert(Thing, {"id": known}),
        lambda: session.put(Thing(id=known)),
    ):
        with pytest.raises(IntegrityError, match="a_thing_pkey"), session.begin_nested():
            again()
    assert names(session) == ["a"]


def test_a_savepoint_that_holds_leaves_its_records_to_be_changed_on(session):
    thing = Thing(id=uuid4(), name="a")
    with session.begin_nested():
        session.put(thing)
    thing.name = "b"
    session.commit()
    assert names(session) == ["b"]


def test_what_is_told_is_carried_out_in_order_and_in_succession_at_once(session):
    add = text("INSERT INTO a_thing (id, name, flag, words) VALUES (:id, :name, false, '{}')")
    rename = text("UPDATE a_thing SET name = name || :more")
    for name in "ab":
        session.tell(add, {"id": uuid4(), "name": name})
    session.tell(rename, {"more": "1"})
    session.tell(add, {"id": uuid4(), "name": "c"})
    with statements(session) as heard:
        session.flush()
    assert heard == ["INSERT", "UPDATE", "INSERT"]
    assert set(names(session)) == {"a1", "b1", "c"}


def test_what_is_copied_reads_as_what_was_told(session):
    values = {
        "id": uuid4(),
        "name": Colour.RED,
        "sealed": bytes(range(256)),
        "at": datetime(2026, 11, 22, 5, 20, 1, 250, tzinfo=UTC),
        "on": date(2026, 11, 22),
        "small": -3,
        "whole": 2**31 - 1,
        "large": 2**53,
        "flag": True,
        "words": ["æ", "{,}", '"'],
        "told": {"a": [1, None, "ø"]},
    }
    session.insert(Thing, values)
    session.commit()
    row = session.execute(select(THINGS)).mappings().one()
    assert {name: row[name] for name in values} == values


def test_what_is_left_out_is_what_its_column_has_by_default(session):
    session.put(Thing(id=uuid4()))
    session.insert(Thing, {"id": uuid4()})
    session.commit()
    for row in session.execute(select(THINGS)).mappings():
        assert (row["flag"], row["words"], row["name"], row["told"]) == (False, [], None, None)


def test_what_the_database_refuses_is_raised_as_it_always_is(session):
    session.insert(Thing, {"id": uuid4(), "name": "longer than twelve"})
    with pytest.raises(DataError, match="too long"):
        session.write()
