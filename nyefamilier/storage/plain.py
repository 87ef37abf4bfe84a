"""Rows as the driver gives them: for the few statements that phones ask all day.

A statement goes through SQLAlchemy like any other, so that whoever listens hears of it and
whatever fails is raised as it always is. But its rows come in PostgreSQL's binary format, in which
sealed bytes are half as long, and as plain tuples.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from psycopg.pq import Format
from sqlalchemy import Connection, Engine, event

_BINARY: Final = "nyefamilier_binary"
_ASKED: Final = {_BINARY: True}


def rows(connection: Connection, statement: str, named: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows that a statement of ours gives; none where it gives none.

    Args:
        connection: In the transaction.
        statement: SQL of psycopg's, with named parameters.
        named: Those.

    Raises:
        sqlalchemy.exc.DBAPIError: as any statement.
    """
    result = connection.exec_driver_sql(statement, named, execution_options=_ASKED)
    if not result.returns_rows:
        return []
    # Past SQLAlchemy's own rows, which cost more than ours are worth.
    found = cast("list[tuple[Any, ...]]", result.cursor.fetchall())
    result.close()
    return found


@event.listens_for(Engine, "before_cursor_execute")
def _choose_format(
    _connection: Connection,
    cursor: Any,  # noqa: ANN401 - psycopg's own, which SQLAlchemy has no name for
    _statement: str,
    _parameters: object,
    context: Any,  # noqa: ANN401 - None, or whatever SQLAlchemy keeps of the statement
    _many: bool,  # noqa: FBT001
) -> None:
    if context is not None and _BINARY in context.execution_options:
        cursor.format = Format.BINARY
