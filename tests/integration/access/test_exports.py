"""Whoever takes figures home is written down, and the line stands."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from nyefamilier.access.exports import Export, note_export
from nyefamilier.access.service import exports
from nyefamilier.kernel.actors import Actor, Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.kernel.ids import UserId
from tests.builders import lead

TAKEN = Export("report", "2026-t1", "11", "xlsx")


def officer() -> Actor:
    return Actor(UserId(uuid4()), Role.PRIVACY_OFFICER)


def take(city, who, what=TAKEN):
    with city.programme.work(who, "test") as work:
        note_export(work, what)


def seen(city, **asked):
    with city.programme.work(officer(), "test") as work:
        return exports(work, **asked)


def test_a_line_says_who_in_what_role_when_and_what_and_nothing_of_its_content(city):
    boss = lead()
    take(city, boss)
    (line,) = seen(city)
    assert (line.actor_id, line.role, line.unit, line.at) == (boss.id, "lead", "11", city.clock.now)
    assert (line.what, line.period, line.area, line.form) == ("report", "2026-t1", "11", "xlsx")


def test_they_are_read_newest_first_by_person_and_page_by_page(city):
    first, second = lead(), lead()
    for who in (first, second, first):
        take(city, who)
    found = seen(city)
    assert [one.actor_id for one in found] == [first.id, second.id, first.id]
    assert [one.id for one in seen(city, actor_id=first.id)] == [found[0].id, found[2].id]
    assert [one.id for one in seen(city, before=found[0].id, limit=1)] == [found[1].id]


@pytest.mark.parametrize("role", [Role.NURSE, Role.LEAD, Role.PLANNER])
def test_nobody_but_a_privacy_officer_reads_them(city, role):
    actor = Actor(UserId(uuid4()), role, "11" if role in {Role.NURSE, Role.LEAD} else None)
    with city.programme.work(actor, "test") as work, pytest.raises(NotAllowed):
        exports(work)


@pytest.mark.parametrize(
    "wrong", ["UPDATE export_log SET what = ''", "DELETE FROM export_log", "TRUNCATE export_log"]
)
def test_the_database_lets_nobody_change_or_remove_a_line(city, wrong):
    take(city, lead())
    with city.programme.work(lead(), "test") as work:
        connection = work.session.connection()
        with pytest.raises(DBAPIError, match="only added to"), connection.begin_nested():
            connection.execute(text(wrong))
    assert len(seen(city)) == 1
