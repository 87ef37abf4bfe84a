"""Computes again, from the facts alone, what they add up to; and lays facts in random order.

Written apart from `ledger`, in whole sets and not step by step, so that each checks the other.
"""

# ruff: noqa: S608 - every name that is put into a statement is a constant of this module

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Result, text
from sqlalchemy.orm import Session

from nyefamilier.offers.states import Answer, EnrolmentState
from nyefamilier.uptake.indicators import COUNTED_QUARTERS, COUNTED_VISIT, COVERS_INSTEAD, OURS
from nyefamilier.uptake.tables import CITY_ONLY

MAINTENANCE: Final = "15min"
"""How long one statement may take here; elsewhere it is seconds."""

_WORDS: Final = {
    "ours": OURS,
    "instead": COVERS_INSTEAD,
    "yes": Answer.YES.value,
    "withdrawn": EnrolmentState.WITHDRAWN.value,
    "counted_visit": COUNTED_VISIT,
    "counted_quarters": COUNTED_QUARTERS,
    "city_only": CITY_ONLY,
}

_PARTICIPATIONS: Final = """
WITH told AS (
  SELECT participation, step, kind, bydel, month, payload,
         payload->>'programme' = :ours AS ours,
         payload->>'programme' = :instead AS instead,
         payload->>'programme' = :ours AND payload->'counts_as' ? :counted_visit AS programme_visit
  FROM fact
  WHERE CAST(:only AS uuid[]) IS NULL OR participation = ANY (CAST(:only AS uuid[]))
)
SELECT participation AS key,
       max(step) AS steps,
       (array_agg(month ORDER BY step) FILTER (WHERE kind = 'identified'))[1] AS cohort,
       (array_agg(bydel ORDER BY step) FILTER (WHERE kind = 'identified'))[1] AS bydel,
       coalesce(
         (array_agg(payload->>'basis' ORDER BY step DESC) FILTER (WHERE kind = 'offered'))[1],
         (array_agg(payload->>'basis' ORDER BY step)
            FILTER (WHERE kind = 'identified' AND payload->>'basis' IS NOT NULL))[1]
       ) AS basis,
       coalesce(
         (array_agg(kind = 'answered' AND payload->>'answer' = :yes ORDER BY step DESC)
            FILTER (WHERE instead AND (kind = 'answered'
                    OR kind = 'ended' AND payload->>'state' = :withdrawn)))[1],
         false
       ) AS covered,
       min(month) FILTER (WHERE kind = 'offered' AND ours) AS offered,
       (array_agg(payload->>'answer' ORDER BY step DESC)
          FILTER (WHERE kind = 'answered' AND ours))[1] AS answer,
       (array_agg(month ORDER BY step DESC)
          FILTER (WHERE kind = 'answered' AND ours))[1] AS answered,
       (array_agg(payload->>'state' ORDER BY step DESC) FILTER (WHERE ours AND (kind = 'ended'
                    OR kind = 'answered' AND payload->>'answer' = :yes)))[1] AS ended,
       (array_agg(CASE kind WHEN 'ended' THEN month END ORDER BY step DESC)
          FILTER (WHERE ours AND (kind = 'ended'
                    OR kind = 'answered' AND payload->>'answer' = :yes)))[1] AS ended_month,
       min(month) FILTER (WHERE kind = 'visited' AND programme_visit) AS first_visit,
       count(*) FILTER (WHERE kind = 'visited' AND programme_visit) AS visits
FROM told
GROUP BY participation
"""

_VISIT_COUNTS: Final = """
SELECT participation, month, coalesce(bydel, :city_only) AS bydel, payload->>'kind' AS kind,
       count(*) AS visits,
       count(*) FILTER (WHERE programme_visit) AS programme_visits,
       count(*) FILTER (WHERE programme_visit
                        AND CAST(payload->>'quarters' AS int) >= :counted_quarters)
         AS counted_visits
FROM (
  SELECT *, payload->>'programme' = :ours AND payload->'counts_as' ? :counted_visit
              AS programme_visit
  FROM fact
  WHERE kind = 'visited'
    AND (CAST(:only AS uuid[]) IS NULL OR participation = ANY (CAST(:only AS uuid[])))
) AS visited
GROUP BY 1, 2, 3, 4
"""

_PARTICIPATION_COLUMNS: Final = """key, steps, cohort, bydel, basis, covered, offered, answer,
  answered, ended, ended_month, first_visit, visits"""
_VISIT_COUNT_COLUMNS: Final = """participation, month, bydel, kind, visits, programme_visits,
  counted_visits"""

_PROJECTIONS: Final = (
    ("participation", "key", _PARTICIPATION_COLUMNS, _PARTICIPATIONS),
    ("visit_count", "participation", _VISIT_COUNT_COLUMNS, _VISIT_COUNTS),
)


_FACT_COLUMNS: Final = "id, participation, step, kind, bydel, month, told, payload"


def rebuild(session: Session) -> None:
    """Write the projections of all participations again from the facts."""
    _wait_for_the_others(session)
    _write_again(session, None)


def rebuild_some(session: Session, participations: Iterable[UUID]) -> None:
    """Write the projections of these participations again from their facts."""
    _write_again(session, list(participations))


def drift(session: Session) -> int:
    """How many rows of the projections are not what the facts add up to. Not 0 is a defect."""
    return sum(_differences(session, *projection) for projection in _PROJECTIONS)


def mix(session: Session, this_month: date) -> int:
    """Lay the rows in random order: where they lie and who wrote them must not tell a sequence.

    The facts of a month are laid anew until the month is over, then once more and for good.

    Returns:
        How many facts were laid.
    """
    _wait_for_the_others(session)
    for table, key, columns, _ in _PROJECTIONS:
        gone = f"WITH gone AS (DELETE FROM {table} RETURNING {columns})"
        again = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM gone ORDER BY {key}"
        session.execute(text(f"{gone} {again}"))
    gone = f"WITH gone AS (DELETE FROM fact WHERE NOT mixed RETURNING {_FACT_COLUMNS})"
    again = f"INSERT INTO fact ({_FACT_COLUMNS}, mixed)"
    rows = f"SELECT {_FACT_COLUMNS}, told < :this_month FROM gone ORDER BY id"
    laid = session.connection().execute(text(f"{gone} {again} {rows}"), {"this_month": this_month})
    return laid.rowcount


def _write_again(session: Session, only: Sequence[UUID] | None) -> None:
    for table, key, columns, counted in _PROJECTIONS:
        chosen = f"CAST(:only AS uuid[]) IS NULL OR {key} = ANY (CAST(:only AS uuid[]))"
        _run(session, f"DELETE FROM {table} WHERE {chosen}", only)
        _run(session, f"INSERT INTO {table} ({columns}) {counted}", only)


def _wait_for_the_others(session: Session) -> None:
    """Let facts that others tell wait for us: one told in between would be lost."""
    session.execute(text(f"SET LOCAL statement_timeout = '{MAINTENANCE}'"))
    session.execute(text("LOCK TABLE participation, visit_count, fact IN EXCLUSIVE MODE"))


def _differences(session: Session, table: str, _key: str, columns: str, counted: str) -> int:
    facts, kept = f"({counted})", f"(SELECT {columns} FROM {table})"
    rows = f"({facts} EXCEPT {kept}) UNION ALL ({kept} EXCEPT {facts})"
    return int(_run(session, f"SELECT count(*) FROM ({rows}) AS differing", None).scalar_one())


def _run(session: Session, statement: str, only: Sequence[UUID] | None) -> Result[Any]:
    """Run one of our own statements with those of our words that it uses."""
    given = {**_WORDS, "only": None if only is None else list(only)}
    used = text(statement)
    return session.execute(used, {name: given[name] for name in used.compile().params})
