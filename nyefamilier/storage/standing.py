"""Tables that are only added to: the database itself lets nobody change or remove a row.

Whoever owns the database can take the trigger away. It holds back a mistake, not the owner; what
she changes is found by what others were told before (`nyefamilier.transparency`).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import DDL, Table, event

from nyefamilier.storage.base import Base

_STANDS: Final = """
CREATE OR REPLACE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
_GUARD: Final = """
CREATE TRIGGER %(table)s_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON %(table)s
FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()
"""


def only_added_to(kind: type[Base]) -> None:
    """Have a database that is made from the models guard the table as a migrated one does."""
    table = kind.__table__
    assert isinstance(table, Table)  # noqa: S101 - a declared class has one
    for statement in (_STANDS, _GUARD):
        event.listen(table, "after_create", DDL(statement))  # type: ignore[no-untyped-call]
