"""Reads of the statistics' tables: each answer is one scan that counts, never a query per line."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Integer, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from nyefamilier.uptake.tables import VisitCount


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
