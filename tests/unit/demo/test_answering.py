"""The understudy answers as a database would, and refuses what it does not know."""

from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy import func, literal, or_, select

from nyefamilier.demo.answering import UnknownQuery, answer
from nyefamilier.families.tables import FamilyRow, MemberRow, PregnancyRow

ONE, TWO = UUID(int=1), UUID(int=2)


def pregnancy(number: int, **columns: object) -> SimpleNamespace:
    told = {"id": UUID(int=number), "family_id": ONE, "term": date(2026, 1, 1), "ended_on": None}
    return SimpleNamespace(**(told | columns))


ROWS = {
    "family": [SimpleNamespace(id=ONE, delbydel=None), SimpleNamespace(id=TWO, delbydel="x")],
    "pregnancy": [
        pregnancy(10, ended_on=date(2026, 3, 1)),
        pregnancy(11, family_id=TWO),
        pregnancy(12, ended_on=date(2026, 2, 1)),
        pregnancy(13, term=date(2025, 1, 1)),
    ],
}


def ids(query) -> list[int]:
    return [row[0].id.int for row in answer(query, ROWS)]


def test_rows_come_in_the_order_asked_for_with_the_unknown_last():
    query = select(PregnancyRow).order_by(PregnancyRow.ended_on, PregnancyRow.id)

    assert ids(query) == [12, 10, 11, 13]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (PregnancyRow.family_id == TWO, [11]),
        (PregnancyRow.family_id != TWO, [10, 12, 13]),
        (PregnancyRow.ended_on > date(2026, 2, 1), [10]),
        (PregnancyRow.ended_on.is_(None), [11, 13]),
        (PregnancyRow.ended_on.is_not(None), [10, 12]),
        (PregnancyRow.ended_on != date(2026, 3, 1), [12]),  # unknown is not unequal
        (PregnancyRow.family_id.in_([ONE]), [10, 12, 13]),
        (or_(PregnancyRow.ended_on.is_(None), PregnancyRow.family_id == TWO), [11, 13]),
    ],
)
def test_a_condition_holds_for_the_rows_that_sql_gives(condition, found):
    assert ids(select(PregnancyRow).where(condition).order_by(PregnancyRow.id)) == found


def test_two_queries_of_one_form_are_told_apart_by_their_values():
    for family, found in ((ONE, [10, 12, 13]), (TWO, [11])):
        query = select(PregnancyRow).where(PregnancyRow.family_id == family)
        assert ids(query.order_by(PregnancyRow.id)) == found


def test_tables_are_joined():
    query = (
        select(FamilyRow, PregnancyRow)
        .join(PregnancyRow, PregnancyRow.family_id == FamilyRow.id)
        .where(FamilyRow.delbydel == "x")
    )

    assert [(one.id, other.id.int) for one, other in answer(query, ROWS)] == [(TWO, 11)]


def test_a_column_and_a_limit_are_understood():
    query = select(PregnancyRow.term).order_by(PregnancyRow.term).limit(1)

    assert answer(query, ROWS) == [(date(2025, 1, 1),)]


@pytest.mark.parametrize(
    "query",
    [
        select(func.count()).select_from(PregnancyRow),
        select(PregnancyRow).distinct(),
        select(PregnancyRow).where(PregnancyRow.term + literal(1) > date(2026, 1, 1)),
        select(PregnancyRow).where(PregnancyRow.id.in_(select(MemberRow.pregnancy_id))),
        select(FamilyRow).outerjoin(PregnancyRow, PregnancyRow.family_id == FamilyRow.id),
        select(func.pg_sleep(1)),
    ],
)
def test_a_query_of_another_form_is_refused(query):
    with pytest.raises(UnknownQuery):
        answer(query, ROWS)
