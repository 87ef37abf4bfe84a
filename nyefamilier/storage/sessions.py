"""A session that writes together what it is told one by one.

Most of what a piece of work writes nobody asks for again before it ends. So it is kept back, and
written at once when the work ends: in one statement a table, past the ORM. Whoever does ask the
database for something meanwhile finds all of it there, as with any session.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Executable, Table, event, inspect
from sqlalchemy.orm import (
    Session,
    SessionTransaction,
    make_transient_to_detached,
    sessionmaker,
)

from nyefamilier.storage.base import Base
from nyefamilier.storage.copying import copy_rows


class WriteBehind(Session):
    """See the module."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the session's own
        super().__init__(*args, **kwargs)
        self._records: dict[int, Base] = {}
        self._rows: dict[Table, list[Mapping[str, object]]] = defaultdict(list)
        self._told: list[tuple[Executable, list[Mapping[str, object]]]] = []

    def put(self, record: Base) -> None:
        """Write a record, new or changed.

        A new one is kept back; until it is written it may be changed, and put again.
        """
        if inspect(record).transient:
            self._records[id(record)] = record
        else:
            self.add(record)

    def insert(self, kind: type[Base], values: Mapping[str, object]) -> None:
        """Write a row that nobody will hold as an object: all its values, by column."""
        self._rows[_table(kind)].append(values)

    def tell(self, statement: Executable, values: Mapping[str, object]) -> None:
        """Carry out a statement later: in the order told, the same one in succession at once."""
        if not self._told or self._told[-1][0] is not statement:
            self._told.append((statement, []))
        self._told[-1][1].append(values)

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write all that is kept back. Records become persistent: they may go on being changed."""
        records, self._records = self._records, {}
        self.add_all(records.values())
        super().flush(objects)
        self._write_rows()

    def write(self) -> None:
        """Write all that is kept back at once, and let go of the records.

        Whoever wants one of them after this asks the database for it.
        """
        records, self._records = self._records, {}
        super().flush()
        by_table: dict[Table, list[Mapping[str, object]]] = defaultdict(list)
        for record in records.values():
            by_table[_table(type(record))].append(vars(record))
        for table, rows in by_table.items():
            copy_rows(self.connection(), table, rows)
        for record in records.values():
            make_transient_to_detached(record)
        self._write_rows()

    def forget(self) -> None:
        """Write nothing of what is kept back: it was undone."""
        self._records, self._told = {}, []
        self._rows.clear()

    def _write_rows(self) -> None:
        if self._rows:
            rows = dict(self._rows)
            self._rows.clear()
            for table, some in rows.items():
                copy_rows(self.connection(), table, some)
        told, self._told = self._told, []
        for statement, values in told:
            self.connection().execute(statement, values)


def beginning_with(
    sessions: sessionmaker[WriteBehind], first: Callable[[Connection], None]
) -> sessionmaker[WriteBehind]:
    """The same sessions, but each of their transactions does *first* before anything else.

    What *first* raises ends the transaction; the given sessions go on as before.
    """
    made = sessionmaker(class_=sessions.class_, **sessions.kw)

    def begun(_session: Session, transaction: SessionTransaction, on: Connection) -> None:
        # A savepoint is no transaction of its own: what was done first holds for it too.
        if not transaction.nested:
            first(on)

    event.listen(made, "after_begin", begun)
    return made


def _table(kind: type[Base]) -> Table:
    return cast("Table", kind.__table__)


@event.listens_for(WriteBehind, "before_commit")
def _write_before_commit(session: WriteBehind) -> None:
    # Inside a savepoint the work goes on, and may go on changing what it wrote.
    if session.in_nested_transaction():
        session.flush()
    else:
        session.write()


@event.listens_for(WriteBehind, "after_soft_rollback")
def _forget_what_is_undone(session: WriteBehind, _undone: SessionTransaction) -> None:
    # A savepoint begins with a flush, so that nothing from before it is kept back.
    session.forget()
