"""A nurse's week and day."""

from datetime import timedelta

from nyefamilier.kernel.actors import Role
from tests.builders import DAY

MAUNDY_THURSDAY = "2026-04-02"


def test_the_week_tells_what_is_agreed_and_when_she_works(visited):
    visited.do("/visits/book", day=DAY + timedelta(days=2), clock="10.00")
    page = visited.nurse.read("/week")

    assert "Uke 10" in page.words
    assert page.html.count("08.00–15.30") == 5
    assert "10.00–11.00" in page.words
    assert "MS" in page.words
    assert "Myk" not in page.words


def test_the_day_tells_its_own_and_leads_on_to_the_week(visited):
    on = DAY + timedelta(days=2)
    visited.do("/visits/book", day=on, clock="10.00")

    assert "10.00–11.00" in visited.nurse.read(f"/day?on={on}").words
    assert "Ingenting er avtalt" in visited.nurse.read("/day").words
    assert f'href="/week?on={on}"' in visited.nurse.read(f"/day?on={on}").html


def test_a_public_holiday_is_told_as_one(visited):
    assert "Helligdag" in visited.nurse.read(f"/day?on={MAUNDY_THURSDAY}").words


def test_a_day_that_is_none_is_today(visited):
    assert visited.nurse.read("/week?on=i-dag").answer.status_code == 200
    assert "Mandag 2. mars" in visited.nurse.read("/day?on=2026-02-30").words


def test_a_family_that_has_another_nurse_now_only_takes_her_time(visited, reader):
    on, colleague = DAY + timedelta(days=2), reader(Role.NURSE)
    visited.do("/visits/book", day=on, clock="10.00", nurse=colleague.identity.id)
    page = colleague.read(f"/day?on={on}")

    assert "Opptatt" in page.words
    assert "10.00–11.00" in page.words
    assert visited.path not in page.html


def test_only_nurses_have_a_week_and_it_is_read_in_english_too(visited, reader):
    assert reader(Role.LEAD).read("/week").answer.status_code == 403
    visited.nurse.client.set_cookie("nf_language", "en")
    assert "Week 10" in visited.nurse.read("/week").words
