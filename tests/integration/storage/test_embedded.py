"""The embedded server is there whatever happened before, and nobody loses what was committed."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import Engine, text

from nyefamilier.storage.embedded import open_embedded

pytestmark = pytest.mark.xdist_group("embedded")


def ask(url: str, question: str) -> list[tuple]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else []


def test_a_first_start_makes_a_database_that_sorts_the_same_on_every_machine(var):
    with open_embedded(var) as embedded:
        assert ask(embedded.url, "SELECT current_user, current_setting('fsync')") == [
            ("nyefamilier", "on")
        ]
        question = (
            "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = 'nyefamilier'"
        )
        assert ask(embedded.url, question) == [("b", "C.UTF-8")]


def test_the_engine_of_the_tests_is_a_postgresql_that_we_support(engine: Engine):
    with engine.connect() as connection:
        assert int(connection.scalar(text("SHOW server_version_num"))) >= 150_000
