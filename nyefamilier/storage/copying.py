"""Puts many rows into a table at once, by COPY in binary: some times faster than any INSERT.

It goes through SQLAlchemy like any statement, so that whoever listens hears of it, and whatever
fails is raised as it always is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, Table, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import DBAPICursor

_COPIED: Final = "nyefamilier_copied"
_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]

Default = Callable[[], object]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How rows of one table are copied.

    Args:
        statement: The COPY.
        columns: The columns that are given; the others the database numbers itself.
        types: Their types, as PostgreSQL names them.
        defaults: What stands in the columns that have a value by default, by place.
    """

    statement: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    defaults: tuple[tuple[int, Default], ...]

    def row(self, values: Mapping[str, object]) -> list[object]:
        """The values of one record, in the order of the columns."""
        row = [values.get(name) for name in self.columns]
        for place, default in self.defaults:
            if row[place] is None:
                row[place] = default()
        return row


@dataclass(frozen=True, slots=True)
class _Copied:
    """What a statement copies."""

    plan: _Plan
    rows: Iterable[Mapping[str, object]]


def copy_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, each told by its columns' names; None where a column has a default means it."""
    if rows:
        plan = _plan(table)
        told = {_COPIED: _Copied(plan, rows)}
        connection.exec_driver_sql(plan.statement, execution_options=told)


@event.listens_for(Engine, "do_execute")
def _copy(cursor: DBAPICursor, statement: str, _parameters: object, context: Any) -> bool | None:  # noqa: ANN401 - SQLAlchemy's own
    copied: _Copied | None = context.execution_options.get(_COPIED)
    if copied is None:
        return None
    plan = copied.plan
    with cursor.copy(statement) as lines:
        lines.set_types(plan.types)
        for values in copied.rows:
            lines.write_row(plan.row(values))
    return True


@cache
def _plan(table: Table) -> _Plan:
    columns = [one for one in table.columns if one.identity is None]
    names = tuple(one.name for one in columns)
    listed = ", ".join(f'"{name}"' for name in names)
    found = ((place, _default(one)) for place, one in enumerate(columns))
    return _Plan(
        f'COPY "{table.name}" ({listed}) FROM STDIN (FORMAT BINARY)',
        names,
        tuple(_type(one) for one in columns),
        tuple((place, default) for place, default in found if default is not None),
    )


def _type(column: Column[Any]) -> str:
    """The type as PostgreSQL names it, without a length."""
    return column.type.compile(_DIALECT).lower().partition("(")[0]


def _default(column: Column[Any]) -> Default | None:
    default = column.default
    if default is None or not (default.is_scalar or default.is_callable):
        return None
    value = default.arg  # type: ignore[attr-defined]
    return (lambda: value(None)) if default.is_callable else (lambda: value)
