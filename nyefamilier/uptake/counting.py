"""Counts the published tables from what the facts add up to: one grouped scan each.

What is counted is as it is: nothing small is hidden yet. So it is for `release` alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    SQLColumnExpression,
    String,
    case,
    cast,
    extract,
    func,
    literal,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.states import LanguageGroup
from nyefamilier.uptake import parts
from nyefamilier.uptake.tables import CITY_ONLY, NeedCount, Participation, VisitCount
from nyefamilier.uptake.tabulations import By, Clock, Tabulation

TERTIAL_MONTHS: Final = 4
_FAMILIES_VISITED: Final = "families_visited"
"""A table of visits that counts families."""

_CLOCKS: Final = {
    Clock.IDENTIFIED: Participation.cohort,
    Clock.BORN: Participation.born,
    Clock.VISITED: VisitCount.month,
    Clock.STATED: NeedCount.month,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One leaf of a tabulation.

    Args:
        year: By the tabulation's clock.
        area: The bydel that the table is about; None for the city.
        line: A bydel's number, `CITY_ONLY` for families in no bydel's line, a tertial (``t1``), or
            the code of a group.
        column: The leaf.
        value: How many.
    """

    year: int
    area: BydelNumber | None
    line: str
    column: str
    value: int


def counted(
    session: Session, tabulation: Tabulation, first_year: int, last_year: int, today: date
) -> list[Counted]:
    """Every leaf of every line that there is, zeros too, from the first year to the last.

    Args:
        session: Where the facts are.
        tabulation: What to count.
        first_year: The first year, by the tabulation's clock.
        last_year: The last one, itself included.
        today: The day by which it is judged who has had the time for something.
    """
    first = max(first_year, tabulation.since, 1)
    if last_year < first:
        return []
    rows = session.execute(query_of(tabulation, first, last_year, today))
    if tabulation.id in parts.SUMS or tabulation.id == _FAMILIES_VISITED:
        return [one for row in rows for one in _of_sums(row, tabulation)]
    return _of_groups(rows, tabulation)


def query_of(
    tabulation: Tabulation, first_year: int, last_year: int, today: date
) -> Select[*tuple[Any, ...]]:
    """The one scan that counts."""
    if tabulation.id == _FAMILIES_VISITED:
        return _families_visited(first_year, last_year)
    month = _CLOCKS[tabulation.clock]
    key = [_year_of(month), _area(tabulation), _line(tabulation, month)]
    within: parts.Condition = month.between(date(first_year, 1, 1), date(last_year, 12, 1))
    if tabulation.by is By.TERTIAL:
        within &= _BYDEL[tabulation.clock] != CITY_ONLY
    if tabulation.id in parts.SUMS:
        sums = parts.SUMS[tabulation.id]
        columns = [func.sum(value).label(name) for name, value in sums.items()]
        return select(*key, *columns).where(within).group_by(*_by_place(key))
    key += [_of_split(split) for split in parts.families(today)[tabulation.id]]
    whom = parts.ROOTS[tabulation.root]
    return select(*key, func.count()).where(within, whom).group_by(*_by_place(key))


def _families_visited(first_year: int, last_year: int) -> Select[*tuple[Any, ...]]:
    """Families by their counted visits in a year, in the bydel of the last of them."""
    year = _year_of(VisitCount.month)
    # Of two bydeler in one month the first: a protected address stands before any other.
    last = aggregate_order_by(VisitCount.bydel, VisitCount.month.desc(), VisitCount.bydel)
    one = (
        select(
            year.label("year"),
            func.array_agg(last)[1].label("bydel"),
            func.sum(VisitCount.counted_visits).label("visits"),
        )
        .where(
            VisitCount.month.between(date(first_year, 1, 1), date(last_year, 12, 1)),
            VisitCount.counted_visits > 0,
        )
        .group_by(VisitCount.participation, year)
        .subquery("family")
    )
    key = [one.c.year, null().label("area"), one.c.bydel]
    numbers = [func.count().filter(one.c.visits == 1), func.count().filter(one.c.visits > 1)]
    return select(*key, *numbers).group_by(*_by_place(key))


def _by_place(key: Sequence[object]) -> list[ColumnElement[Any]]:
    """Group by the columns' places: what has parameters in it would not be known again."""
    return [literal_column(str(place)) for place, _ in enumerate(key, start=1)]


def _of_sums(row: Row[*tuple[Any, ...]], tabulation: Tabulation) -> Iterable[Counted]:
    year, area, line, *values = row
    columns = parts.SUMS.get(tabulation.id, tabulation.leaves)
    for column, value in zip(columns, values, strict=True):
        yield Counted(year, area, line, column, value)


def _of_groups(rows: Iterable[Row[*tuple[Any, ...]]], tabulation: Tabulation) -> list[Counted]:
    """The leaves of all splits: a row is a group of families that are alike in each of them."""
    lines: dict[tuple[int, BydelNumber | None, str], dict[str, int]]
    lines = defaultdict(lambda: dict.fromkeys(tabulation.leaves, 0))
    for year, area, line, *leaves, number in rows:
        for leaf in leaves:
            lines[year, area, line][leaf] += number
    return [
        Counted(*key, column, value)
        for key, columns in lines.items()
        for column, value in columns.items()
    ]


def _of_split(split: Mapping[str, parts.Condition]) -> ColumnElement[str]:
    *asked, (rest, _) = split.items()
    if not asked:
        return literal(rest, String)
    return case(*((condition, leaf) for leaf, condition in asked), else_=literal(rest, String))


_BYDEL: Final[Mapping[Clock, SQLColumnExpression[Any]]] = {
    Clock.IDENTIFIED: func.coalesce(Participation.bydel, CITY_ONLY),
    Clock.BORN: func.coalesce(Participation.bydel, CITY_ONLY),
    Clock.VISITED: VisitCount.bydel,
    Clock.STATED: NeedCount.bydel,
}
_GROUPS: Final[Mapping[By, SQLColumnExpression[Any]]] = {
    By.BASIS: Participation.basis,
    By.LANGUAGE: func.coalesce(Participation.language, LanguageGroup.UNKNOWN.value),
    By.THEME: NeedCount.theme,
}


def _area(tabulation: Tabulation) -> ColumnElement[Any]:
    if tabulation.by is By.TERTIAL:
        return _BYDEL[tabulation.clock].label("area")
    return null().label("area")


def _line(tabulation: Tabulation, month: InstrumentedAttribute[Any]) -> SQLColumnExpression[Any]:
    if tabulation.by is By.TERTIAL:
        number = cast(extract("month", month) - 1, Integer) // TERTIAL_MONTHS + 1
        return func.concat("t", number)
    return _GROUPS.get(tabulation.by, _BYDEL[tabulation.clock])


def _year_of(month: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    return cast(extract("year", month), Integer)
