"""The lead's page of her bydel's week."""

from datetime import timedelta

from nyefamilier.kernel.actors import Role
from tests.builders import DAY

MAUNDY_THURSDAY = "2026-04-02"


def test_the_lead_sees_who_is_at_work_and_who_is_busy_and_no_family(visited, reader):
    visited.do("/visits/book", day=DAY + timedelta(days=2), clock="10.00")
    page = reader(Role.LEAD).read("/bydel-week")

    assert "Bydelens uke 10" in page.words
    assert "Opptatt 10.00–11.00" in page.words
    assert "08.00–15.30" in page.words
    assert "Myk" not in page.words
    assert visited.path not in page.html


def test_the_lead_comes_there_from_her_start_page_and_reads_it_in_english_too(reader):
    chief = reader(Role.LEAD)
    assert 'href="/bydel-week"' in chief.read("/").html

    chief.client.set_cookie("nf_language", "en")
    assert "The bydel's week 10" in chief.read("/bydel-week").words


def test_the_week_of_easter_tells_its_holidays_and_leads_on(visited, reader):
    page = reader(Role.LEAD).read(f"/bydel-week?on={MAUNDY_THURSDAY}")

    assert "Helligdag" in page.words
    assert 'href="/bydel-week?on=2026-03-23"' in page.html
    assert 'href="/bydel-week?on=2026-04-06"' in page.html


def test_a_nurse_has_no_bydels_week(reader):
    assert reader(Role.NURSE).read("/bydel-week").answer.status_code == 403
