"""Every statement of a push and of a pull finds its rows by an index, however large the city.

`python -m bench sync --only sizes` measures the same in cities that are large.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from bench.sync.growing import grow
from nyefamilier.client.client import Client
from nyefamilier.storage.base import Base
from nyefamilier.visits.intents import BookVisit
from tests.builders import send
from tests.cities import City, settle
from tests.explaining import SMALL, explaining
from tests.wards import Ward


def test_no_statement_of_a_push_or_a_pull_reads_a_table_from_end_to_end(ward, phone):
    homes = [settle(ward.city) for _ in range(3)]
    phone.round()
    for home in homes:
        write(phone, home)
    phone.round()
    enlarge(ward.city)
    new = ward.phone(ward.city.ours)
    with explaining(ward.city.programme.engine) as found:
        new.round()  # a new phone: all comes anew
        for home in homes:
            write(phone, home)
        phone.round()  # a push, and its changes
        at = ward.city.clock.now + timedelta(days=3)
        send(ward.city.programme, ward.city.ours, homes[0].id, BookVisit(uuid4(), at, "hjemme"))
        phone.round()  # a change of somebody else's
        phone.round()  # nothing

    told = "\n\n".join(f"{how} of {table}:\n{statement}" for how, table, statement in found)
    assert not found, told


def test_a_phone_is_enrolled_without_looking_through_all_phones(ward):
    settle(ward.city)
    enlarge(ward.city)
    with explaining(ward.city.programme.engine) as found:
        ward.phone(ward.city.ours).round()
    assert not found, found


def test_a_question_that_no_index_serves_is_found(ward):
    city = ward.city
    settle(city)
    with explaining(city.programme.engine) as found, city.programme.work(city.ours, "test") as work:
        work.session.connection().exec_driver_sql("SELECT 1 FROM mutation WHERE status = 'held'")
        work.session.connection().exec_driver_sql("SELECT 1 FROM mutation WHERE family_id IS NULL")
    assert [(how, table) for how, table, _ in found] == [("Seq Scan", "mutation")]


def test_what_is_said_to_be_small_is_a_table():
    assert set(Base.metadata.tables) >= SMALL


@pytest.fixture
def ward(real_city, tmp_path) -> Ward:
    return Ward(real_city, tmp_path)


@pytest.fixture
def phone(ward) -> Client:
    return ward.phone(ward.city.ours)


def enlarge(city: City) -> None:
    """A hundred other nurses, each with as much as ours."""
    address = city.programme.engine.url.set(drivername="postgresql")
    grow(address.render_as_string(hide_password=False), city.ours.id, 100)


def write(phone: Client, home) -> None:
    """A visit, a note, a need, and another number, each once as something new and once as old."""
    visit, need = uuid4(), uuid4()
    member = {"member_id": str(home.mother)}
    at = phone.clocks.wall()
    done = {"op": "visit.record", "visit_id": str(visit), "outcome": "done", "minutes": 45}
    stated = {"op": "need.state", "need_id": str(need), "stated_by": str(home.mother)}
    ops = [
        {"op": "note.write", "note_id": str(uuid4()), "text": "Rolig hjem.", **member},
        stated | {"words": "sover lite"},
        {"op": "member.update", "phone": "40000002", **member},
        done | {"at": at.isoformat()},
        {"op": "visit.book", "visit_id": str(uuid4()), "at": (at + timedelta(days=9)).isoformat()},
    ]
    for op in ops:
        phone.save(op["op"], home.id, [op])
    look = {"op": "need.review", "review_id": str(uuid4()), "need_id": str(need)}
    phone.save("need.review", home.id, [look | {"state": "being_met"}])
