"""Puts rows into their tables by COPY, in the order in which tables refer to one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from nyefamilier.storage.base import Base


def copy_rows(session: Session, by_table: Iterable[Mapping[str, Sequence[Any]]]) -> None:
    """Insert the rows of each table, given by the table's name."""
    together: dict[str, list[Any]] = defaultdict(list)
    for rows in by_table:
        for name, some in rows.items():
            together[name] += some
    for table in Base.metadata.sorted_tables:
        if together[table.name]:
            _copy(session, table, together[table.name])


def _copy(session: Session, table: Table, rows: Sequence[Any]) -> None:
    names = _columns(table)
    listed = ", ".join(f'"{name}"' for name in names)
    cursor: Any = session.connection().connection.cursor()  # psycopg's own: SQLAlchemy has no COPY
    with cursor, cursor.copy(f'COPY "{table.name}" ({listed}) FROM STDIN') as lines:
        for row in rows:
            lines.write_row([getattr(row, name) for name in names])


@cache
def _columns(table: Table) -> tuple[str, ...]:
    """The columns that are given; the others the database numbers itself."""
    return tuple(column.name for column in table.columns if column.identity is None)
