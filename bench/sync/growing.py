"""Makes a city large: the caseload of one phone is copied, row by row, as often as is asked for.

Every id of a copy is another one, worked out from the old one and the copy's number, so that the
copy's rows name each other as the first ones did. What lies sealed is copied as it is: it is as
long as it should be and opens for nobody, since it is bound to the ids that it was sealed for.
Nobody asks for those families; they are what the database has beside the ones that are measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import Column, Table, Uuid

from nyefamilier.schema import METADATA

_OURS: Final[Mapping[str, str]] = {
    "our_families": "SELECT family_id AS id FROM team WHERE nurse_id = %(nurse)s",
    "our_devices": "SELECT id FROM device WHERE account_id = %(nurse)s",
    # Statistics do not know whose a participation is: as many as she has families, the busiest.
    "our_facts": """
        SELECT c.participation AS id FROM visit_count c GROUP BY c.participation
        ORDER BY sum(c.visits) DESC, c.participation LIMIT (SELECT count(*) FROM our_families)
    """,
}
_WHOSE: Final[Mapping[str, str]] = {
    "account": "id = %(nurse)s",
    "access_token": "account_id = %(nurse)s",
    "access_log": "actor_id = %(nurse)s",
    "appointment": "nurse_id = %(nurse)s",
    "device": "account_id = %(nurse)s",
    "delivery": "device_id IN (SELECT id FROM our_devices)",
    "holding": "device_id IN (SELECT id FROM our_devices)",
    "sync_event": "actor_id = %(nurse)s",
    "family": "id IN (SELECT id FROM our_families)",
    "participation": "key IN (SELECT id FROM our_facts)",
    "fact": "participation IN (SELECT id FROM our_facts)",
    "visit_count": "participation IN (SELECT id FROM our_facts)",
}
"""Which rows of a table are the phone's; of any other with a family, its families'."""
_OTHERWISE: Final[Mapping[tuple[str, str], str]] = {
    ("account", "username"): "username || '/' || k",
    # A bydel has a few of the city's nurses: one that had them all would be read from end to end.
    ("account", "bydel"): "to_char(1 + mod(k, 15), 'FM00')",
    ("access_token", "token_digest"): "sha256(token_digest || int4send(k))",
    ("device", "public_key"): "sha256(public_key || int4send(k))",
    ("appointment", "nurse_number"): "nurse_number + k * 1000",
}
"""What is another one in each copy, and is no id."""


def grow(url: str, nurse: UUID, copies: int) -> None:
    """Copy all that a nurse's phone has, so often, and let PostgreSQL know of it.

    Args:
        url: The database, as one of its superusers.
        nurse: Whose.
        copies: How often.
    """
    told = {"nurse": nurse, "copies": copies}
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.transaction():
            # What a copy refers to is a copy as well: nothing is left to be checked.
            connection.execute("SET LOCAL session_replication_role = replica")
            for name, query in _OURS.items():
                named = sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS ")
                connection.execute(named.format(sql.Identifier(name)) + sql.SQL(query), told)
            for table in _grown():
                connection.execute(_copying(table), told)
        connection.execute("VACUUM ANALYZE")


def records(url: str) -> int:
    """How many revisions the city has."""
    with psycopg.connect(url) as connection:
        [count] = connection.execute("SELECT count(*) FROM mutation").fetchone() or [0]
    return int(count)


def size(url: str) -> int:
    """How many bytes the database takes."""
    with psycopg.connect(url) as connection:
        told = connection.execute("SELECT pg_database_size(current_database())")
        [size] = told.fetchone() or [0]
    return int(size)


def _grown() -> list[Table]:
    """The tables that grow with a city."""
    tables = METADATA.sorted_tables
    return [one for one in tables if one.name in _WHOSE or "family_id" in one.columns]


def _copying(table: Table) -> sql.Composed:
    columns = [one for one in table.columns if one.identity is None]
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM {table}, "
        "generate_series(1, %(copies)s) AS k WHERE {whose}"
    ).format(
        table=sql.Identifier(table.name),
        names=sql.SQL(", ").join(sql.Identifier(one.name) for one in columns),
        values=sql.SQL(", ").join(_copied(table, one) for one in columns),
        whose=sql.SQL(_WHOSE.get(table.name, "family_id IN (SELECT id FROM our_families)")),
    )


def _copied(table: Table, column: Column[object]) -> sql.Composable:
    if (table.name, column.name) in _OTHERWISE:
        return sql.SQL(_OTHERWISE[table.name, column.name])
    if isinstance(column.type, Uuid):
        return sql.SQL("md5({}::text || '/' || k)::uuid").format(sql.Identifier(column.name))
    return sql.Identifier(column.name)
