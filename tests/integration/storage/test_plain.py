"""A statement whose rows come as the driver gives them is otherwise like any other."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from psycopg.pq import Format
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.storage import plain
from tests.cities import build_programme

ID, AT = UUID(int=7), datetime(2026, 11, 22, 5, tzinfo=UTC)


def test_rows_are_plain_tuples_of_the_values_that_any_statement_gives(session):
    told = {"id": ID, "bytes": b"\x00\xff", "at": AT, "words": "blåbær"}
    statement = "SELECT %(id)s::uuid, %(bytes)s::bytea, %(at)s::timestamptz, %(words)s::text, NULL"

    [row] = plain.rows(session.connection(), statement, told)

    assert type(row) is tuple
    assert row == (ID, b"\x00\xff", AT, "blåbær", None)


def test_only_such_a_statement_is_answered_in_binary(engine):
    formats = []

    def note(_connection, cursor, *_: object) -> None:
        formats.append(cursor.pgresult.fformat(0))

    event.listen(engine, "after_cursor_execute", note)
    try:
        with engine.connect() as connection:
            plain.rows(connection, "SELECT 1", {})
            connection.exec_driver_sql("SELECT 1")
    finally:
        event.remove(engine, "after_cursor_execute", note)

    assert formats == [Format.BINARY, Format.TEXT]


def test_a_statement_that_gives_no_rows_gives_none(session):
    connection = session.connection()

    assert plain.rows(connection, "CREATE TEMPORARY TABLE nothing (id int)", {}) == []
    assert plain.rows(connection, "SELECT id FROM nothing", {}) == []


def test_what_fails_is_raised_as_by_any_statement(session):
    with pytest.raises(DBAPIError), session.begin_nested():
        plain.rows(session.connection(), "SELECT 1 / 0", {})


def test_what_is_written_at_a_glance_is_there_without_a_commit(committing, tmp_path):
    programme = build_programme(committing, tmp_path)
    with programme.glance(SYSTEM) as glance:
        plain.rows(glance.connection, "CREATE TABLE seen AS SELECT 1 AS one", {})
        with committing.connect() as other:
            found = plain.rows(other, "SELECT one FROM seen", {})

    assert found == [(1,)]
