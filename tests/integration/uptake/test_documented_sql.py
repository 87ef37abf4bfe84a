"""The SQL of docs/indicators.md, run as it stands there, gives the figures that are counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TypeAlias

import pytest
from sqlalchemy import text

from nyefamilier.bootstrap import SUBSCRIBERS
from nyefamilier.demo.casting import cast_crew
from nyefamilier.demo.loading import load
from nyefamilier.demo.simulating import simulate
from nyefamilier.demo.staging import Stage
from nyefamilier.demo.telling import tell
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.storage.work import Work
from nyefamilier.uptake.counting import counted
from nyefamilier.uptake.tabulations import BY_ID, Tabulation
from tests.cities import City
from tests.databases import HERE

NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
"""The day that the page takes for its example."""
Counts: TypeAlias = dict[tuple[str, str], int]
"""By line and column; what is zero is left out."""


@dataclass(frozen=True)
class Example:
    """A statement of the page by how it begins, and the table that it counts."""

    says: str
    table: str
    year: int


EXAMPLES = (
    Example("uptake and reach of 2016", "uptake", 2016),
    Example("home visits on day 7 to 10", "newborn_visit", 2026),
    Example("interpreters at the programme's visits", "interpreter", 2026),
    Example("needs stated in 2026", "needs_by_theme", 2026),
)


def documented() -> list[str]:
    page = (HERE / "docs" / "indicators.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    return [one.strip() for block in blocks for one in block.split(";") if one.strip()]


@pytest.fixture
def lived(city: City) -> Iterator[Work]:
    """Some families of every bydel, from before the first example to the last."""
    city.clock.now = NOW
    with city.programme.work(SYSTEM, "demo") as work:
        crew = cast_crew(work, most_nurses=4)
    rng = Random("documented")  # noqa: S311 - repeats itself
    lives = simulate(7, NOW.date())
    early = rng.sample([one for one in lives if one.identified.year == 2016], 60)
    late = rng.sample([one for one in lives if one.identified.year >= 2025], 120)
    stage = Stage(city.programme.sessions, city.programme.vault, SUBSCRIBERS)
    load(stage, (tell(life, crew, 7, NOW) for life in [*early, *late]))
    with city.programme.work(SYSTEM, "test") as work:
        yield work


def test_every_statement_of_the_page_is_an_example() -> None:
    begun = [one.removeprefix("-- ").split(",")[0] for one in documented()]
    assert len(begun) == len(EXAMPLES)
    assert all(said.startswith(one.says) for said, one in zip(begun, EXAMPLES, strict=True))


@pytest.mark.parametrize(("statement", "example"), [*zip(documented(), EXAMPLES, strict=True)])
def test_the_pages_sql_counts_what_is_counted(
    lived: Work, statement: str, example: Example
) -> None:
    rows = lived.session.execute(text(statement)).mappings().all()
    columns = [name for name in rows[0] if name not in {"bydel", "theme"}]
    read = {
        (next(iter(row.values())) or "00", name): row[name]
        for row in rows
        for name in columns
        if row[name]
    }
    assert len(read) > len(columns)
    assert read == by_product(lived, example, columns)


def by_product(work: Work, example: Example, columns: list[str]) -> Counts:
    """What is counted, columns with parts as their sum."""
    table = BY_ID[example.table]
    found: Counter[tuple[str, str]] = Counter()
    for one in counted(work.session, table, example.year, example.year, work.today):
        if one.area is None:
            for column in columns:
                found[one.line, column] += one.value * (one.column in leaves(table, column))
    return {key: value for key, value in found.items() if value}


def leaves(table: Tabulation, code: str) -> set[str]:
    """What the column adds up; one that is split twice, by its first split."""
    parts = [one for one in table.columns if one.of == code]
    split = [one.code for one in parts if one.split == parts[0].split]
    return {leaf for part in split for leaf in leaves(table, part)} or {code}
