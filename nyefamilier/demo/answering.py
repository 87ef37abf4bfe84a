"""Answers the services' queries from rows in memory, as PostgreSQL would from its tables.

It knows the few forms that the services use on their way through the door, and refuses every other
one: a query that it does not understand must stop a load, never be answered a little wrongly.
Queries of one form differ in their values only, so each form is read once and kept.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

from sqlalchemy import Select, Table
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ColumnClause,
    Grouping,
    Null,
    UnaryExpression,
)
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import Join

Rows: TypeAlias = Mapping[str, Sequence[Any]]
"""The rows of each table, by its name."""
Env: TypeAlias = Mapping[str, Any]
"""One row of each table that a query joins, by the table's name."""
Value: TypeAlias = Callable[[Env, Sequence[Any]], Any]
"""What a part of a query comes to for some rows, given the query's own values."""

TAKES_NO_ROWS = "pg_advisory_xact_lock"
"""A function that services call for its effect. Here there is nobody to wait for."""

_COMPARISONS: dict[Any, Callable[[Any, Any], bool]] = {
    operators.eq: operator.eq,
    operators.ne: operator.ne,
    operators.lt: operator.lt,
    operators.le: operator.le,
    operators.gt: operator.gt,
    operators.ge: operator.ge,
    operators.in_op: lambda value, among: value in among,
    operators.not_in_op: lambda value, among: value not in among,
}


class UnknownQuery(NotImplementedError):  # noqa: N818 - named for what it says
    """A query of a form that nobody has taught us."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A query without its values: the tables, the conditions, the order, what is asked for."""

    tables: tuple[str, ...]
    conditions: tuple[Value, ...]
    order: tuple[Value, ...]
    limit: Value | None
    asked_for: tuple[Value, ...]


_forms: dict[Any, _Form] = {}


def answer(query: Select[Any], rows: Rows) -> list[tuple[Any, ...]]:
    """The rows that the query asks for, in its order; each with the values that it selects.

    Raises:
        UnknownQuery: the query is of a form that is not known here.
    """
    cache_key = query._generate_cache_key()  # noqa: SLF001 - what the ORM itself tells forms by
    if cache_key is None:
        raise UnknownQuery(str(query))
    form = _forms.get(cache_key.key)
    if form is None:
        names = {bound.key: place for place, bound in enumerate(cache_key.bindparams)}
        form = _forms[cache_key.key] = _Reader(names).form(query)
    return _found(form, rows, [bound.effective_value for bound in cache_key.bindparams])


def _found(form: _Form, rows: Rows, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    each = product(*(rows.get(name, ()) for name in form.tables))
    found = [
        env
        for env in (dict(zip(form.tables, one, strict=True)) for one in each)
        if all(holds(env, values) is True for holds in form.conditions)
    ]
    for value in reversed(form.order):
        found.sort(key=lambda env, value=value: _place(value(env, values)))  # type: ignore[misc]
    if form.limit is not None:
        found = found[: form.limit({}, values)]
    return [tuple(value(env, values) for value in form.asked_for) for env in found]


def _place(value: Any) -> tuple[bool, Any]:  # noqa: ANN401 - a column's value
    """Where a value is sorted: upwards, what is unknown last, as PostgreSQL does."""
    return (True, 0) if value is None else (False, value)


class _Reader:
    """Reads a query's form. Its values are told apart by their places."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self._places = places

    def form(self, query: Select[Any]) -> _Form:
        # No public attribute tells a query's order, its limit and the rest of its form.
        if query._distinct or query._group_by_clauses or query._offset_clause is not None:  # noqa: SLF001
            raise UnknownQuery(str(query))
        described = query.column_descriptions
        if all(isinstance(one["expr"], FunctionElement) for one in described):
            return self._effect(query)
        tables, conditions = self._sources(query.get_final_froms())
        if query.whereclause is not None:
            conditions.append(self._value(query.whereclause))
        order = tuple(self._value(one) for one in query._order_by_clauses)  # noqa: SLF001
        limit = query._limit_clause  # noqa: SLF001
        return _Form(
            tables=tuple(tables),
            conditions=tuple(conditions),
            order=order,
            limit=None if limit is None else self._value(limit),
            asked_for=tuple(_selected(query, one) for one in described),
        )

    @staticmethod
    def _effect(query: Select[Any]) -> _Form:
        if TAKES_NO_ROWS not in str(query):
            raise UnknownQuery(str(query))
        return _Form((TAKES_NO_ROWS,), (), (), None, ())

    def _sources(self, froms: Iterable[Any]) -> tuple[list[str], list[Value]]:
        tables: list[str] = []
        conditions: list[Value] = []
        for source in froms:
            if isinstance(source, Table):
                tables.append(source.name)
            elif isinstance(source, Join) and not source.isouter:
                more, others = self._sources((source.left, source.right))
                tables += more
                conditions += [*others, self._value(source.onclause)]
            else:
                raise UnknownQuery(str(source))
        return tables, conditions

    def _value(self, node: Any) -> Value:  # noqa: ANN401 - any part of a query
        match node:
            case BindParameter():
                place = self._places[node.key]
                return lambda _, values: values[place]
            case ColumnClause():
                return _column(node)
            case Grouping():
                return self._value(node.element)
            case Null():
                return lambda _, __: None
            case _:
                return self._condition(node)

    def _condition(self, node: Any) -> Value:  # noqa: ANN401
        match node:
            case BooleanClauseList():
                return self._combined(node)
            case BinaryExpression():
                return self._compared(node)
            case UnaryExpression() if node.operator is operators.is_true:
                return self._value(node.element)
            case _:
                raise UnknownQuery(f"{type(node).__name__}: {node}")

    def _combined(self, node: BooleanClauseList) -> Value:
        parts = [self._value(part) for part in node.clauses]
        if node.operator is operators.and_:
            return lambda env, values: all(part(env, values) is True for part in parts)
        if node.operator is operators.or_:
            return lambda env, values: any(part(env, values) is True for part in parts)
        raise UnknownQuery(str(node))

    def _compared(self, node: BinaryExpression[Any]) -> Value:
        left, right = self._value(node.left), self._value(node.right)
        if node.operator is operators.is_:
            return lambda env, values: left(env, values) is right(env, values)
        if node.operator is operators.is_not:
            return lambda env, values: left(env, values) is not right(env, values)
        compare = _COMPARISONS.get(node.operator)
        if compare is None:
            raise UnknownQuery(str(node))
        return _comparing(left, compare, right)


def _selected(query: Select[Any], described: Any) -> Value:  # noqa: ANN401 - SQLAlchemy's dict
    """A whole row, or one column of it."""
    entity, name = described["entity"], described["name"]
    if entity is None:
        raise UnknownQuery(str(query))
    table = entity.__tablename__
    if described["expr"] is entity:
        return lambda env, _: env[table]
    if not isinstance(described["expr"], InstrumentedAttribute):
        raise UnknownQuery(str(query))
    return lambda env, _: getattr(env[table], name)


def _column(node: ColumnClause[Any]) -> Value:
    table, name = getattr(node.table, "name", ""), node.key
    return lambda env, _: getattr(env[table], name)


def _comparing(left: Value, compare: Callable[[Any, Any], bool], right: Value) -> Value:
    def compared(env: Env, values: Sequence[Any]) -> bool:
        one, other = left(env, values), right(env, values)
        # What is unknown is neither equal nor unequal to anything.
        return one is not None and other is not None and compare(one, other)

    return compared
