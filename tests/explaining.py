"""Finds the statements that read a table from end to end.

PostgreSQL reads a small table from end to end because that is cheaper. Here it is told not to, and
does so only where no index serves the question.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

SMALL = {
    "sync_epoch", "escrow_pair", "boundary_stamp", "bydel", "delbydel", "bydel_served_by",
    "delbydel_membership",
}  # fmt: skip
"""Tables that do not grow with the city."""

WHOLE = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
"""What is cheaper where there are few rows, and reads all of them."""

Whole = tuple[str, str, str]
"""How a table is read from end to end, which, and by what statement."""


@contextmanager
def explaining(engine: Engine) -> Iterator[list[Whole]]:
    """What would be read from end to end of what is asked meanwhile."""
    found: list[Whole] = []

    def explain(_connection, cursor, statement, parameters, _context, executemany):
        if statement.lstrip()[:6].upper() not in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            return
        told = parameters[0] if executemany else parameters
        with cursor.connection.cursor() as beside:
            for way in WHOLE:
                beside.execute(f"SET {way} = off")
            [(plans,)] = beside.execute(f"EXPLAIN (FORMAT JSON) {statement}", told).fetchall()
            for way in WHOLE:
                beside.execute(f"RESET {way}")
        found.extend((how, table, statement) for how, table in whole(plans[0]["Plan"]))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def whole(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The parts of a plan that read a table, or an index, from end to end."""
    kind, table = plan["Node Type"], plan.get("Relation Name")
    by_index = kind in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}
    if table not in SMALL and (kind == "Seq Scan" or (by_index and "Index Cond" not in plan)):
        yield kind, table or plan["Index Name"]
    for part in plan.get("Plans", ()):
        yield from whole(part)
