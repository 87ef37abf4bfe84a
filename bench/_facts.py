"""Makes the facts of a city, and of larger ones: codes and months drawn by rule, nobody's."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from nyefamilier.bootstrap import Programme

CITY: Final = 40_000
"""Participations of the whole demonstration city, in round numbers."""
VISITS: Final = 5
"""The most visits that one of them has; on average half of it."""

NEWEST_YEAR: Final = 2025
"""The last year in which one of them was identified."""

# Steps as `ledger` numbers them: identified, offered, answered, and then the visits.
_FACTS: Final = """
INSERT INTO fact (id, participation, step, kind, bydel, month, told, payload, mixed)
SELECT gen_random_uuid(), family.key, one.step, one.kind, family.bydel,
       (family.month + make_interval(months => one.later))::date,
       (family.month + make_interval(months => one.later))::date, one.payload, true
FROM (
  SELECT md5('bench' || number)::uuid AS key,
         lpad((number % 15 + 1)::text, 2, '0') AS bydel,
         (date '2016-01-01' + make_interval(months => number % 120)) AS month,
         number
  FROM generate_series(1, :families) AS number
) AS family
CROSS JOIN LATERAL (
  SELECT 1 AS step, 'identified' AS kind, 0 AS later, '{"basis": "forste_barn"}'::jsonb AS payload
  UNION ALL
  SELECT 2, 'offered', 0,
         '{"programme": "nye_familier", "basis": "forste_barn", "channel": "jordmor"}'::jsonb
  UNION ALL
  SELECT 3, 'answered', 1,
         jsonb_build_object('programme', 'nye_familier', 'answer',
           CASE WHEN family.number % 6 = 0 THEN 'nei' ELSE 'ja' END)
  UNION ALL
  SELECT 3 + visit, 'visited', 1 + visit,
         jsonb_build_object('programme', 'nye_familier', 'kind', 'avtalt', 'quarters', visit + 2,
           'at_home', true, 'counts_as', jsonb_build_array('programvisit'),
           'by_own_nurse', visit % 4 > 0, 'other_parent_present', visit % 2 > 0)
  FROM generate_series(1, family.number % (:visits + 1)) AS visit
  WHERE family.number % 6 > 0
) AS one
"""


# Keys are made after the rows: random keys, one by one, take most of the time of a hundred cities.
_WITHOUT_KEYS: Final = """
ALTER TABLE fact DROP CONSTRAINT pk_fact, DROP CONSTRAINT uq_fact_participation_step
"""
_WITH_KEYS: Final = """
ALTER TABLE fact ADD CONSTRAINT pk_fact PRIMARY KEY (id),
  ADD CONSTRAINT uq_fact_participation_step UNIQUE (participation, step)
"""


def tell(programme: Programme, times: int) -> int:
    """Write the facts of so many cities, and say how many they are; nothing is added up yet."""
    with programme.engine.begin() as connection:
        for name, value in {"statement_timeout": "0", "maintenance_work_mem": "'1GB'"}.items():
            connection.execute(text(f"SET LOCAL {name} = {value}"))
        connection.execute(text(_WITHOUT_KEYS))
        connection.execute(text(_FACTS), {"families": CITY * times, "visits": VISITS})
        connection.execute(text(_WITH_KEYS))
    with programme.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE fact"))
        return int(connection.execute(text("SELECT count(*) FROM fact")).scalar_one())
