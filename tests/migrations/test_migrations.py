"""Migrations go up, down and up again, in one line, and end where the models are."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from nyefamilier.schema import METADATA
from nyefamilier.storage import migrating, version
from nyefamilier.storage.migrating import configuration
from nyefamilier.storage.version import MIGRATIONS
from tests.integration.storage.servers import wait_until
from tests.migrations.catalog import catalog

scripts = ScriptDirectory.from_config(configuration())


@pytest.fixture
def empty(fresh_database: Callable[..., Engine]) -> Engine:
    return fresh_database(empty=True)


def test_there_is_one_head_and_the_head_file_names_it():
    [head] = scripts.get_heads()
    path = scripts.get_revision(head).path
    assert (MIGRATIONS / "HEAD").read_text().strip() == path.rpartition("/")[2].removesuffix(".py")


def test_migrations_are_numbered_without_a_gap():
    found = [script.revision for script in reversed(list(scripts.walk_revisions()))]
    assert found == [f"{number:04d}" for number in range(1, len(found) + 1)]


def test_every_migration_goes_up_down_and_up_again(empty: Engine):
    for script in reversed(list(scripts.walk_revisions())):
        here = catalog(empty)
        migrating.upgrade(empty, script.revision)
        there = catalog(empty)
        migrating.downgrade(empty, script.down_revision or "base")
        assert catalog(empty) == here
        migrating.upgrade(empty, script.revision)
        assert catalog(empty) == there


def test_the_way_back_to_the_start_leaves_nothing(empty: Engine):
    migrating.upgrade(empty)
    migrating.downgrade(empty, "base")
    assert catalog(empty) == {}


def test_alembic_finds_no_difference_between_the_models_and_the_migrated_database(empty: Engine):
    migrating.upgrade(empty)
    with empty.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_the_migrated_database_has_every_constraint_and_index_of_the_models(
    fresh_database: Callable[..., Engine],
):
    migrated, modelled = fresh_database(empty=True), fresh_database(empty=True)
    migrating.upgrade(migrated)
    METADATA.create_all(modelled)
    assert catalog(migrated) == catalog(modelled)


def test_a_database_is_at_head_after_the_migrations_and_not_before(empty: Engine):
    assert not version.at_head(empty)
    migrating.upgrade(empty)
    assert version.at_head(empty)


def test_migrating_twice_changes_nothing(empty: Engine):
    migrating.upgrade(empty)
    migrating.upgrade(empty)
    assert version.at_head(empty)


MIGRATE = """
import sys
from sqlalchemy import create_engine
from nyefamilier.storage.migrating import upgrade
upgrade(create_engine(sys.argv[1]))
"""


def test_migrating_from_several_processes_at_once_is_done_once(empty: Engine):
    url = empty.url.render_as_string(hide_password=False)
    several = [subprocess.Popen([sys.executable, "-c", MIGRATE, url]) for _ in range(3)]
    assert [each.wait(120) for each in several] == [0, 0, 0]
    assert version.at_head(empty)


def test_a_migration_gives_up_soon_when_a_table_is_busy_and_keeps_nothing(empty: Engine):
    migrating.upgrade(empty, "0001")
    there = catalog(empty)
    with empty.begin() as busy:
        busy.execute(text("LOCK TABLE bydel IN ACCESS SHARE MODE"))
        with pytest.raises(OperationalError, match="lock timeout"):
            migrating.downgrade(empty, "base")
    assert version.present(empty) == "0001"
    assert catalog(empty) == there


HELD = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE locktype = 'advisory' AND datname = current_database()
"""


def test_migrations_leave_neither_limits_nor_locks_behind(empty: Engine):
    migrating.upgrade(empty)
    with empty.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "10s"
        assert wait_until(lambda: connection.scalar(text(HELD)) == 0)
