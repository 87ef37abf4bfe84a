"""Nurses and leads see and change working hours and absences on pages."""

from __future__ import annotations

import re

import pytest

from nyefamilier.kernel.actors import Role
from tests.api.web.readers import Page


@pytest.fixture
def path(nurse) -> str:
    return f"/calendar/{nurse.identity.id}"


def leave(nurse, path, **more) -> Page:
    told = {"kind": "sickness", "first_day": "03.03.2026", "last_day": "04.03.2026"} | more
    return nurse.send(nurse.read(f"{path}/absences/new"), **told)


def test_a_nurse_comes_to_her_own_calendar_with_the_usual_hours(nurse, path):
    page = nurse.read("/calendar")
    assert page.path == path
    assert "Mandag 08.00–15.30 hjemmebesøk" in page.words
    assert "Lørdag arbeider ikke" in page.words
    assert "Ingen har ført opp en annen arbeidstid" in page.words


def test_in_english_too(nurse):
    nurse.read("/language/en")
    page = nurse.read("/calendar")
    assert "Monday 08:00–15:30 home visits" in page.words


def test_the_holidays_ahead_are_named(nurse):
    page = nurse.read("/calendar")
    assert "Torsdag 2. april Skjærtorsdag" in page.words.replace("\xa0", " ")


def test_a_form_shows_the_present_hours_and_saves_others(nurse, path):
    form = nurse.read(f"{path}/hours")
    assert form.form.fields["begins_1_1"] == "08:00"
    assert form.form.fields["begins_6_1"] == ""
    told = {"percentage": 60, "ends_1_1": "11.30", "begins_1_2": "12.00", "ends_1_2": "15.30"}
    off = {f"{end}_5_1": "" for end in ("begins", "ends")}
    page = nurse.send(form, **told, **off, purpose_1_2="clinic", covers=["12"])
    assert page.answer.status_code == 200, page.words
    assert "Arbeidstiden er lagret" in page.words
    assert "Mandag 08.00–11.30 hjemmebesøk, 12.00–15.30 på helsestasjonen" in page.words
    assert "Fredag arbeider ikke" in page.words
    assert "60 %" in page.words.replace("\xa0", " ")
    assert "Hjelper til i Alna" in page.words


def test_hours_from_a_later_day_stand_below_the_present_ones(nurse, path):
    page = nurse.send(nurse.read(f"{path}/hours"), first_day="01.04.2026", percentage=50)
    assert "Fra 1. april 2026" in page.words.replace("\xa0", " ")
    assert "Ingen har ført opp en annen arbeidstid" in page.words


@pytest.mark.parametrize(
    ("filled", "words"),
    [
        ({"percentage": "150"}, "Skriv et tall fra 1 til 100"),
        ({"first_day": "01.01.2020"}, "Arbeidstiden kan gjelde fra en måned tilbake"),
        ({"ends_2_1": "07.00"}, "må slutte etter at den begynner"),
        ({"begins_2_2": "12.00", "ends_2_2": "16.00"}, "overlapper"),
        ({"begins_6_1": "10.00"}, "Fyll inn et klokkeslett"),
        ({"ends_6_1": "10.00"}, "Fyll inn et klokkeslett"),
        ({"begins_1_1": "kl. ti"}, "ikke et klokkeslett"),
    ],
)
def test_a_form_with_a_flaw_says_which_and_keeps_what_was_typed(nurse, path, filled, words):
    page = nurse.send(nurse.read(f"{path}/hours"), travel=37, **filled)
    assert page.answer.status_code == 422
    assert words in page.words
    assert page.form.fields["travel"] == "37"
    assert "Ingen har ført opp en annen arbeidstid" in nurse.read(path).words


def test_an_absence_is_recorded_and_shown_with_its_days(nurse, path):
    page = leave(nurse, path)
    assert "Fraværet er ført" in page.words
    assert "3.–4. mars 2026 Sykdom" in page.words.replace("\xa0", " ")


def test_a_part_of_a_day_is_told_by_the_clock(nurse, path):
    page = leave(nurse, path, last_day="", from_time="08.00", until_time="12.00", kind="course")
    assert "tirsdag 3. mars kl. 08.00 – tirsdag 3. mars kl. 12.00 Kurs" in page.words.replace(
        "\xa0", " "
    )


def test_a_form_sent_twice_records_one_absence(nurse, path):
    form = nurse.read(f"{path}/absences/new")
    told = {"kind": "leave", "first_day": "03.03.2026"}
    for _ in range(2):
        page = nurse.send(form, **told)
    assert page.words.count("Permisjon eller ferie") == 1


def test_an_absence_over_another_says_which_days_are_taken_and_which_are_free(nurse, path):
    leave(nurse, path)
    page = leave(nurse, path, last_day="06.03.2026")
    assert page.answer.status_code == 422
    words = page.words.replace("\xa0", " ")
    assert "Det er alt ført fravær: 3.–4. mars 2026. Ledig: 5.–6. mars 2026." in words
    assert page.form.fields["last_day"] == "06.03.2026"


def test_an_absence_that_ends_before_it_begins_is_refused(nurse, path):
    page = leave(nurse, path, last_day="01.03.2026")
    assert page.answer.status_code == 422
    assert "Fraværet må slutte etter at det begynner" in page.words


def test_an_absence_is_struck_after_being_asked_about(nurse, path):
    page = leave(nurse, path)
    [absence] = [
        one
        for one in page.html.split('"')
        if one.startswith(f"{path}/absences/") and "new" not in one
    ]
    asked = nurse.read(absence)
    assert "Behold fraværet" in asked.words
    done = nurse.send(asked)
    assert "Fraværet er strøket" in done.words
    assert "Det er ikke ført noe fravær" in done.words


def test_a_colleague_sees_that_she_is_away_and_no_way_to_write(nurse, path, reader):
    leave(nurse, path)
    colleague = reader(Role.NURSE, "11")
    page = colleague.read(path)
    assert "borte" in page.words
    assert "Sykdom" not in page.words
    assert "Endre arbeidstiden" not in page.words
    assert colleague.read(f"{path}/hours").answer.status_code == 403
    assert colleague.read(f"{path}/absences/new").answer.status_code == 403


def test_nobody_from_another_bydel_finds_her(path, reader):
    assert reader(Role.NURSE, "12").read(path).answer.status_code == 404


def test_a_lead_sees_all_of_her_nurses_with_their_hours_and_records_an_absence(nurse, path, reader):
    lead = reader(Role.LEAD, "11")
    page = lead.read("/calendar")
    assert path in page.html
    assert "37,5" in page.words
    done = leave(lead, path)
    assert "Sykdom" in done.words


def test_a_nurse_who_helps_out_stands_on_the_list_of_that_bydel(nurse, path, reader):
    nurse.send(nurse.read(f"{path}/hours"), covers=["12"])
    page = reader(Role.LEAD, "12").read("/calendar")
    assert path in page.html
    assert "hjelper til" in page.words


def test_an_absence_names_the_visits_that_lie_in_it_and_leads_on(visited, path):
    visited.do("/visits/book", day="2026-03-03", clock="10.00")
    page = leave(visited.nurse, f"/calendar/{visited.nurse.identity.id}")

    assert "1 avtalt besøk ligger i det" in page.words
    assert f"{visited.path}/replan" in page.html
    assert "En som skulle komme, er borte da." in visited.read("/replan").words


def test_a_lead_is_led_to_the_family_and_its_team(visited, reader):
    visited.do("/visits/book", day="2026-03-03", clock="10.00")
    chief = reader(Role.LEAD)
    page = leave(chief, f"/calendar/{visited.nurse.identity.id}")

    assert "1 avtalt besøk ligger i det" in page.words
    assert f'href="{visited.path}"' in page.html
    assert f"{visited.path}/team" in page.html
    assert "Avtalte besøk som ingen kan ta" in chief.read("/").words


@pytest.mark.parametrize("below", ["", "/hours", "/absences/new"])
def test_the_menu_says_where_the_nurse_is_on_every_page_about_her_hours(nurse, path, below):
    html = nurse.read(path + below).html
    assert re.search(r'aria-current="page">Arbeidstid<', html)
    assert html.count("aria-current") == 1
