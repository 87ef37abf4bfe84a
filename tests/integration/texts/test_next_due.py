"""The next text is found by its place in the index: thousands can be due at the same minute."""

from __future__ import annotations

from sqlalchemy import event, text

from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.texts import store


def test_the_next_text_is_found_without_putting_all_that_are_due_in_order(real_city):
    asked = []

    def hear(_connection, _cursor, statement, parameters, *_rest):
        asked.append((statement, parameters))

    programme = real_city.programme
    with programme.work(SYSTEM, "test") as work:
        work.session.execute(text("SET LOCAL enable_seqscan = off"))
        event.listen(programme.engine, "before_cursor_execute", hear)
        store.next_due(work.session, work.now)
        event.remove(programme.engine, "before_cursor_execute", hear)
        [(statement, parameters)] = asked
        found = work.session.connection().exec_driver_sql(f"EXPLAIN {statement}", parameters)
        plan = "\n".join(found.scalars())

    assert "ix_parent_text_due" in plan
    assert "Sort" not in plan
