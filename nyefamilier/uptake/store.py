"""Reads of the statistics' tables: each answer is one scan that counts, never a query per line."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.states import Answer
from nyefamilier.uptake.release import Tally
from nyefamilier.uptake.tables import Participation, VisitCount


def tallies(session: Session, first_month: date, last_month: date) -> list[Tally]:
    """What was counted of the families identified in these months, by year and bydel."""
    rows = session.execute(tallies_query(first_month, last_month))
    return [
        Tally(row.year, BydelNumber(row.bydel) if row.bydel else None, *row[2:]) for row in rows
    ]


def tallies_query(first_month: date, last_month: date) -> Select[*tuple[Any, ...]]:
    """The one scan that counts. Whoever is covered by another programme is not eligible."""
    year = _year_of(Participation.cohort)
    offered = Participation.offered.is_not(None)
    query: Select[*tuple[Any, ...]] = (
        select(
            year,
            Participation.bydel,
            func.count().label("eligible"),
            func.count().filter(offered).label("offered"),
            *(
                func.count().filter(offered, Participation.answer == answer).label(answer.name)
                for answer in (Answer.YES, Answer.NO, Answer.LATER)
            ),
            func.count().filter(Participation.visits > 0).label("reached"),
        )
        .where(
            Participation.cohort.between(first_month, last_month),
            Participation.basis.is_not(None),
            Participation.covered.is_(False),
        )
        .group_by(year, Participation.bydel)
    )
    return query


def volumes(
    session: Session, first_month: date, last_month: date
) -> dict[int | None, tuple[int, int]]:
    """Families visited and counted visits by calendar year; under None, over all of it."""
    year = _year_of(VisitCount.month)
    rows = session.execute(
        select(
            year,
            func.count(VisitCount.participation.distinct()),
            func.coalesce(func.sum(VisitCount.counted_visits), 0),
        )
        .where(
            VisitCount.month.between(first_month, last_month),
            VisitCount.counted_visits > 0,
        )
        .group_by(func.rollup(year))
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _year_of(
    month: InstrumentedAttribute[date | None] | InstrumentedAttribute[date],
) -> ColumnElement[int]:
    return cast(extract("year", month), Integer).label("year")
