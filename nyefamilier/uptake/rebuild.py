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

from nyefamilier.needs.states import NeedStep
from nyefamilier.offers.states import Answer, EnrolmentState
from nyefamilier.uptake.indicators import (
    COUNTED_QUARTERS,
    COUNTED_VISIT,
    COVERS_INSTEAD,
    KOSTRA_10,
    KOSTRA_14,
    NEWBORN_7_10,
    OURS,
    PREGNANCY_FROM_28,
    UNSCHEDULED,
)
from nyefamilier.uptake.patience import take_time
from nyefamilier.uptake.tables import CITY_ONLY, NO_THEME
from nyefamilier.visits.states import Interpreting

_WORDS: Final = {
    "ours": OURS,
    "instead": COVERS_INSTEAD,
    "yes": Answer.YES.value,
    "withdrawn": EnrolmentState.WITHDRAWN.value,
    "counted_visit": COUNTED_VISIT,
    "counted_quarters": COUNTED_QUARTERS,
    "city_only": CITY_ONLY,
    "from_28": PREGNANCY_FROM_28,
    "newborn": NEWBORN_7_10,
    "kostra_10": KOSTRA_10,
    "kostra_14": KOSTRA_14,
    "unscheduled": UNSCHEDULED,
    "qualified": Interpreting.QUALIFIED.value,
    "unqualified": Interpreting.UNQUALIFIED.value,
    "absent": Interpreting.ABSENT.value,
    "no_theme": NO_THEME,
    **{step.value: step.value for step in NeedStep},
}

_PARTICIPATIONS: Final = """
WITH told AS (
  SELECT participation, step, kind, bydel, month, payload,
         payload->>'programme' = :ours AS ours,
         payload->>'programme' = :instead AS instead,
         payload->>'programme' = :ours AND payload->'counts_as' ? :counted_visit AS programme_visit,
         make_date(CAST(payload->>'home' AS int) / 100, CAST(payload->>'home' AS int) % 100, 1)
           AS home
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
       count(*) FILTER (WHERE kind = 'visited' AND programme_visit) AS visits,
       (array_agg(month ORDER BY step DESC) FILTER (WHERE kind = 'born'))[1] AS born,
       (array_agg(home ORDER BY step DESC) FILTER (WHERE kind = 'born'))[1] AS home,
       (array_agg(payload->>'group' ORDER BY step DESC) FILTER (WHERE kind = 'speaks'))[1]
         AS language,
       coalesce(bool_or(CAST(payload->>'in_time' AS boolean))
                  FILTER (WHERE kind = 'answered' AND ours), false) AS in_time,
       coalesce((array_agg(CAST(payload->>'after_birth' AS boolean) ORDER BY step DESC)
                  FILTER (WHERE kind = 'answered' AND ours))[1], false) AS after_birth,
       min(CAST(payload->>'weeks' AS int)) FILTER (WHERE kind = 'visited' AND programme_visit)
         AS first_weeks,
       coalesce(bool_or(payload->'counts_as' ? :from_28)
                  FILTER (WHERE kind = 'visited' AND programme_visit), false) AS in_pregnancy,
       coalesce(bool_or(payload->'counts_as' ? :newborn), false) AS newborn,
       coalesce(bool_or(payload->'counts_as' ? :kostra_10), false) AS kostra_10,
       coalesce(bool_or(payload->'counts_as' ? :kostra_14), false) AS kostra_14
FROM told
GROUP BY participation
"""

_VISIT_COUNTS: Final = """
SELECT participation, month, coalesce(bydel, :city_only) AS bydel, payload->>'kind' AS kind,
       count(*) AS visits,
       count(*) FILTER (WHERE programme_visit) AS programme_visits,
       count(*) FILTER (WHERE programme_visit
                        AND CAST(payload->>'quarters' AS int) >= :counted_quarters)
         AS counted_visits,
       count(*) FILTER (WHERE programme_visit AND CAST(payload->>'by_own_nurse' AS boolean))
         AS own_nurse,
       count(*) FILTER (WHERE programme_visit
                        AND CAST(payload->>'other_parent_present' AS boolean)) AS other_parent,
       count(*) FILTER (WHERE programme_visit AND payload->>'interpreter' = :qualified)
         AS qualified,
       count(*) FILTER (WHERE programme_visit AND payload->>'interpreter' = :unqualified)
         AS unqualified,
       count(*) FILTER (WHERE programme_visit AND payload->>'interpreter' = :absent) AS absent,
       count(*) FILTER (WHERE programme_visit AND payload->'counts_as' ? :unscheduled)
         AS unscheduled
FROM (
  SELECT *, payload->>'programme' = :ours AND payload->'counts_as' ? :counted_visit
              AS programme_visit
  FROM fact
  WHERE kind = 'visited'
    AND (CAST(:only AS uuid[]) IS NULL OR participation = ANY (CAST(:only AS uuid[])))
) AS visited
GROUP BY 1, 2, 3, 4
"""

_NEED_COUNTS: Final = """
SELECT participation, month, coalesce(payload->>'theme', :no_theme) AS theme,
       coalesce((array_agg(bydel ORDER BY step))[1], :city_only) AS bydel,
       count(*) FILTER (WHERE payload->>'step' = :stated) AS stated,
       count(*) FILTER (WHERE payload->>'step' = :reviewed) AS reviewed,
       count(*) FILTER (WHERE payload->>'step' = :met) AS met,
       count(*) FILTER (WHERE payload->>'step' = :no_longer_wished) AS no_longer_wished
FROM fact
WHERE kind = 'need'
  AND (CAST(:only AS uuid[]) IS NULL OR participation = ANY (CAST(:only AS uuid[])))
GROUP BY 1, 2, 3
"""

_NEED_COUNT_COLUMNS: Final = """participation, month, theme, bydel, stated, reviewed, met,
  no_longer_wished"""
_PARTICIPATION_COLUMNS: Final = """key, steps, cohort, bydel, basis, covered, offered, answer,
  answered, ended, ended_month, first_visit, visits, born, home, language, in_time, after_birth,
  first_weeks, in_pregnancy, newborn, kostra_10, kostra_14"""
_VISIT_COUNT_COLUMNS: Final = """participation, month, bydel, kind, visits, programme_visits,
  counted_visits, own_nurse, other_parent, qualified, unqualified, absent, unscheduled"""

_PROJECTIONS: Final = (
    ("participation", "key", _PARTICIPATION_COLUMNS, _PARTICIPATIONS),
    ("visit_count", "participation", _VISIT_COUNT_COLUMNS, _VISIT_COUNTS),
    ("need_count", "participation", _NEED_COUNT_COLUMNS, _NEED_COUNTS),
)


_FACT_COLUMNS: Final = "id, participation, step, kind, bydel, month, told, payload"


def rebuild(session: Session) -> None:
    """Write the projections of all participations again from the facts."""
    _wait_for_the_others(session)
    _write_again(session, None)


def rebuild_some(session: Session, participations: Iterable[UUID]) -> None:
    """Write the projections of these participations again from their facts."""
    _write_again(session, list(participations))


def differences(session: Session) -> dict[str, int]:
    """How many rows of each projection are not what the facts add up to. Not 0 is a defect.

    A row that is there and should be another is two.
    """
    take_time(session)
    return {one[0]: _differences(session, *one) for one in _PROJECTIONS}


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
    take_time(session)
    tables = ", ".join(("fact", *(table for table, *_ in _PROJECTIONS)))
    session.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))


def _differences(session: Session, table: str, _key: str, columns: str, counted: str) -> int:
    facts, kept = f"({counted})", f"(SELECT {columns} FROM {table})"
    rows = f"({facts} EXCEPT {kept}) UNION ALL ({kept} EXCEPT {facts})"
    return int(_run(session, f"SELECT count(*) FROM ({rows}) AS differing", None).scalar_one())


def _run(session: Session, statement: str, only: Sequence[UUID] | None) -> Result[Any]:
    """Run one of our own statements with those of our words that it uses."""
    given = {**_WORDS, "only": None if only is None else list(only)}
    used = text(statement)
    return session.execute(used, {name: given[name] for name in used.compile().params})
