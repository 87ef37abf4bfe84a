"""What travels: an idle pull, one changed visit, and a nurse's caseload for the first time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from nyefamilier.client import copies
from nyefamilier.client.client import Client
from nyefamilier.client.transport import Asked, Got, Unreachable
from nyefamilier.families.intents import NewMember
from nyefamilier.families.states import MemberRole
from nyefamilier.journal.intents import WriteNote
from nyefamilier.visits.intents import BookVisit
from nyefamilier.wire import limits
from tests.builders import Household, send
from tests.cities import TERM, City
from tests.wards import Ward

FAMILIES, ROWS = 60, 3_000
WORDS = "Vekt 3480 g. Ammer hver tredje time. Mor forteller om lite søvn og god hjelp fra bestemor."


@pytest.fixture
def ward(real_city, tmp_path) -> Ward:
    return Ward(real_city, tmp_path)


def last(phone: Client) -> tuple[Asked, Got]:
    return phone.line.transport.heard[-1]


def written(city: City) -> Household:
    """A family of six that said yes in pregnancy, and 36 notes: as much as a mutation holds."""
    home = Household()
    registration = home.registration()
    children = tuple(NewMember(uuid4(), MemberRole.CHILD, "Liten Sten") for _ in range(4))
    family = replace(registration, members=(*registration.members, *children))
    notes = (WriteNote(uuid4(), home.mother, f"{number}. {WORDS}") for number in range(36))
    told = (family, home.expects(TERM), home.is_offered(), home.says(), *notes)
    send(city.programme, city.ours, home.id, *told)
    return home


def test_an_idle_pull_is_under_300_bytes_each_way_however_much_is_on_the_phone(ward):
    for _ in range(3):
        written(ward.city)
    phone = ward.phone(ward.city.ours)
    phone.round()
    phone.round()

    report = phone.round()

    asked, got = last(phone)
    assert (report.requests, report.received) == (1, [])
    assert len(asked.body) < 300
    assert len(got.body) < 300


def test_one_changed_visit_is_under_3_kilobytes_both_ways_together(ward):
    home = written(ward.city)
    phone = ward.phone(ward.city.ours)
    phone.round()
    phone.round()
    at = ward.city.clock.now + timedelta(days=3)
    send(ward.city.programme, ward.city.ours, home.id, BookVisit(uuid4(), at, "hjemme"))

    report = phone.round()

    assert [(one.family, one.items) for one in report.received] == [(home.id, 1)]
    assert report.bytes_up + report.bytes_down < 3_000


@pytest.fixture
def caseload(ward) -> Ward:
    for _ in range(FAMILIES):
        written(ward.city)
    return ward


def test_a_caseload_comes_in_one_download_that_goes_on_where_it_was_cut_off(caseload):
    phone = caseload.phone(caseload.city.ours)
    phone.max_bytes = limits.PART_BYTES
    line, pulls = phone.line.transport.line, []

    class Tunnel:
        """Cuts every third answer off."""

        def send(self, asked: Asked) -> Got:
            got = line.send(asked)
            pulls.append(asked)
            if len(pulls) % 3 == 0:
                raise Unreachable("no-connection")
            return got

    phone.line.transport = Tunnel()
    received = []
    while len(copies.families(phone.store)) < FAMILIES:
        report = phone.round()
        assert len(pulls) < 3 * FAMILIES
        assert report.alarms == []
        received += [one.family for one in report.received]
        caseload.city.clock.forward(hours=1)

    assert len(received) == len(set(received)) == FAMILIES
    [(rows,)] = phone.store.read("SELECT count(*) FROM row")
    assert rows >= ROWS

    another = caseload.phone(caseload.city.ours)
    in_one_round = another.round()

    assert (in_one_round.stopped, in_one_round.alarms) == (None, [])
    assert len(in_one_round.received) == FAMILIES
    assert another.store.read("SELECT count(*) FROM row") == [(rows,)]
