"""Stands in for the database session while one family's story is played.

The use cases are the ordinary ones and never notice. What they write stays in memory, what they ask
is answered from there, and at the end all rows are put into the database at once. It is right for
one family that is new: nobody else can have written a row that a query would have found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, inspect
from sqlalchemy.orm import Mapper

from nyefamilier.demo.answering import answer
from nyefamilier.storage.base import Base

Row = TypeVar("Row")


class Found(Generic[Row]):
    """The answer to a query, in the few ways in which services take one."""

    def __init__(self, rows: list[Row]) -> None:
        """Hold the rows."""
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def all(self) -> list[Row]:
        """Every row."""
        return self._rows

    def one(self) -> Row:
        """The only row.

        Raises:
            LookupError: there is none, or there are several.
        """
        found = self.one_or_none()
        if found is None:
            raise LookupError("no row where one was expected")
        return found

    def one_or_none(self) -> Row | None:
        """The only row, or None.

        Raises:
            LookupError: there are several.
        """
        if len(self._rows) > 1:
            raise LookupError("several rows where one was expected")
        return self._rows[0] if self._rows else None


class Understudy:
    """The part of a session that services use. Rows are kept by table.

    Args:
        reference: Rows that lie in the database already and may be looked up by their id.
        info: What sessions remember for those who use them, such as the boundaries.
    """

    def __init__(self, reference: Mapping[UUID, Base], info: dict[Any, Any]) -> None:
        """Begin with nothing written."""
        self.info = info
        self.rows: dict[str, list[Any]] = defaultdict(list)
        self._reference = reference
        self._kept: set[int] = set()

    @property
    @contextmanager
    def no_autoflush(self) -> Generator[None]:
        """There is nothing that would be flushed."""
        yield

    def add(self, row: Base) -> None:
        """Keep a row, with the values that a column has by default."""
        if id(row) not in self._kept:
            self._kept.add(id(row))
            self.rows[row.__tablename__].append(row)
            _set_defaults(row)

    def put(self, row: Base) -> None:
        """The same."""
        self.add(row)

    def insert(self, kind: type[Base], values: Mapping[str, Any]) -> None:
        """Keep a row that is told by its columns."""
        self.add(kind(**values))

    def add_all(self, rows: Iterable[Base]) -> None:
        """Keep rows."""
        for row in rows:
            self.add(row)

    def flush(self) -> None:
        """Nothing is held back."""

    def get(self, kind: type[Row], record_id: UUID) -> Row | None:
        """The row of *kind* with this id."""
        for row in self.rows[kind.__tablename__]:  # type: ignore[attr-defined]
            if row.id == record_id:
                return row  # type: ignore[no-any-return]
        known = self._reference.get(record_id)
        return known if isinstance(known, kind) else None

    def scalars(self, query: Select[Any]) -> Found[Any]:
        """The first value of each row of the answer."""
        return Found([row[0] for row in answer(query, self.rows)])

    def scalar(self, query: Select[Any]) -> Any:  # noqa: ANN401 - whatever is asked for
        """The first value of the answer's first row; None when there is none."""
        found = answer(query, self.rows)
        return found[0][0] if found else None

    def execute(self, query: Select[Any], _: object = None) -> Found[Any]:
        """The rows of the answer. Values that come apart are those of a lock, which is not taken.

        Raises:
            UnknownQuery: see `answering.answer`.
        """
        return Found(answer(query, self.rows))


def _set_defaults(row: Base) -> None:
    mapper: Mapper[Any] = inspect(type(row))
    for column, default in _defaults(mapper):
        if getattr(row, column) is None:
            setattr(row, column, default.arg(None) if default.is_callable else default.arg)


_DEFAULTS: dict[Mapper[Any], list[tuple[str, Any]]] = {}


def _defaults(mapper: Mapper[Any]) -> list[tuple[str, Any]]:
    if mapper not in _DEFAULTS:
        _DEFAULTS[mapper] = [
            (column.key, column.default)
            for column in mapper.columns
            if column.default is not None and not column.default.is_sequence
        ]
    return _DEFAULTS[mapper]
