"""A lead reads who is out alone, closes an alarm, and is shown where a nurse is who is late."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from nyefamilier.kernel.actors import Role
from nyefamilier.safety.rules import Told
from nyefamilier.safety.service import tell

HOUR = timedelta(hours=1)
BYDEL = "13"
"""One in which no other test has anybody out."""


@pytest.fixture
def goes_out(programme, reader):
    """A nurse checks in: how long ago, and with whom. All are back when the test is over."""
    out = []

    def check_in(ago=timedelta(0), bydel=BYDEL, family=None):
        nurse, outing_id = reader(Role.NURSE, bydel).identity, uuid4()
        with programme.work(nurse.actor, "test") as work:
            tell(work, outing_id, Told(1, ago, HOUR, None, family))

        def comes_back():
            with programme.work(nurse.actor, "test") as work:
                tell(work, outing_id, Told(2, ago, HOUR, timedelta(0), family))

        comes_back.id = outing_id
        out.append(comes_back)
        return comes_back

    yield check_in
    for comes_back in out:
        comes_back()


@pytest.fixture
def lead(reader):
    return reader(Role.LEAD, BYDEL)


def test_a_lead_sees_who_is_late_says_that_she_is_reached_and_sees_her_come_back(lead, goes_out):
    comes_back = goes_out(2 * HOUR)
    page = lead.read("/outings")
    assert page.answer.status_code == 200
    assert "skulle vært tilbake" in page.words
    assert 'role="alert"' in page.html
    assert "Det kan være uten nett" in page.words

    after = lead.send(page)
    assert "Varselet er lukket." in after.words
    assert "Forsinket, og nådd" in after.words
    assert 'role="alert"' not in after.html

    comes_back()
    assert "Tilbake det siste døgnet" in lead.read("/outings").words


def test_the_menu_and_the_page_today_count_who_is_late(lead, goes_out):
    comes_back = goes_out(2 * HOUR)
    for path in ("/", "/overview"):
        assert "Ute nå 1" in " ".join(lead.read(path).words.split())
    assert "helsesykepleiere som er ute alene og forsinket" in lead.read("/overview").words
    comes_back()
    assert "Ute nå 1" not in " ".join(lead.read("/").words.split())


def test_an_alarm_that_is_over_meanwhile_is_no_mistake_of_the_leads(lead, goes_out):
    comes_back = goes_out(2 * HOUR)
    page = lead.read("/outings")
    comes_back()
    after = lead.send(page)
    assert after.answer.status_code == 200
    assert "Varselet er lukket." not in after.words
    assert lead.read(f"/outings/{comes_back.id}/where").path == "/outings"


def test_where_she_is_is_shown_by_the_familys_address(reader, goes_out, visited):
    family = UUID(visited.path.rpartition("/")[2])
    late = goes_out(2 * HOUR, "11", family)
    page = reader(Role.LEAD, "11").read(f"/outings/{late.id}/where")
    assert page.answer.status_code == 200
    assert "Prøveveien 1" in page.words
    assert "Myk" not in page.words


def test_a_place_that_is_not_hers_to_know_is_said_in_words(lead, goes_out):
    late = goes_out(2 * HOUR)
    page = lead.read(f"/outings/{late.id}/where")
    assert page.answer.status_code == 200
    assert "Spør dem hun arbeider sammen med" in page.words


@pytest.mark.parametrize("role", [Role.NURSE, Role.PLANNER, Role.PRIVACY_OFFICER])
def test_the_page_is_for_leads(reader, role):
    assert reader(role).read("/outings").answer.status_code == 403


def test_another_bydels_lead_finds_nothing(reader, goes_out):
    late = goes_out(2 * HOUR)
    elsewhere = reader(Role.LEAD, "12")
    assert "skulle vært tilbake" not in elsewhere.read("/outings").words
    assert elsewhere.read(f"/outings/{late.id}/where").answer.status_code == 404
