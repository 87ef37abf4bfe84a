"""The pages do the programme's work: once, whole, and without losing a word."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random

import pytest
from werkzeug.datastructures import MultiDict

from nyefamilier.families.national_ids import synthetic
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.offers.reminding import remind
from tests.api.callers import PASSWORD
from tests.api.web.conftest import TERM
from tests.api.web.readers import Reader
from tests.builders import DAY, NOON, TEISEN, VESTLI
from tests.releasing import release_now

NEED = "Vi er redde for nettene, og vi har ingen familie i byen."
NOTE = "Mor er sliten, men stolt. «Amming» gikk bedre i dag."


def test_a_family_is_registered_and_greeted_by_name_with_nothing_personal_in_the_address(visited):
    page = visited.read()

    assert "Myk Skog og Stille Fjell" in page.words
    assert "<title>Familie " in page.html
    assert "Skog" not in page.html.partition("</title>")[0]


def test_the_whole_main_job_is_done_on_pages(visited):
    _accept(visited)
    visited.do(f"/pregnancies/{_pregnancy(visited)}/birth", born_on=DAY, child0_name="Liten Sten")
    visited.do("/needs/new", words=NEED, stated_by=_first(visited.read("/needs/new"), "stated_by"))
    page = _record_visit(visited)

    assert "Besøket er registrert og signert." in page.words
    assert NEED in page.words
    assert NOTE in page.words
    assert "Gjennomført 2. mars 2026" in page.words


def test_a_form_sent_twice_is_done_once(visited):
    page = visited.read("/needs/new")
    filled = {"words": NEED, "stated_by": _first(page, "stated_by")}

    first = visited.nurse.send(page, **filled)
    again = visited.nurse.send(page, **filled)

    assert "Behovet er skrevet ned." in first.words
    assert "Dette var allerede lagret." in again.words
    assert visited.read().html.count("<blockquote>") == 1


def test_a_visit_sent_twice_is_one_visit_with_one_note(visited):
    _accept(visited)
    page = visited.read("/visits/new")
    filled = _visit_fields(page)

    visited.nurse.send(page, **filled)
    again = visited.nurse.send(page, **filled)

    assert "Dette var allerede lagret." in again.words
    assert again.html.count('class="nf-visit"') == 1
    assert again.words.count(NOTE) == 1


def test_a_handover_sent_twice_is_told_twice_although_the_family_is_gone(visited):
    page = visited.read("/move")
    filled = {"delbydel": TEISEN, "lines": "Prøveveien 9"}

    visited.nurse.send(page, **filled)
    again = visited.nurse.send(page, **filled)

    assert "Familien er overlevert." in again.words


def test_a_look_at_a_need_with_words_but_without_a_state_is_asked_about(visited):
    visited.do("/needs/new", words=NEED, stated_by=_first(visited.read("/needs/new"), "stated_by"))
    page = visited.read("/visits/new")
    review = next(name for name in page.form.fields if name.startswith("review-"))
    need = review.removeprefix("review-").removesuffix("-words")

    again = visited.nurse.send(page, **_visit_fields(page), **{f"review-{need}-words": "Bedre."})

    assert again.answer.status_code == 422
    assert f'href="#review-{need}"' in again.html


def test_a_form_sent_twice_with_other_words_is_not_done_in_silence(visited):
    page = visited.read("/needs/new")
    stated_by = _first(page, "stated_by")
    visited.nurse.send(page, words=NEED, stated_by=stated_by)

    again = visited.nurse.send(page, words="Noe annet", stated_by=stated_by)

    assert again.answer.status_code == 422
    assert "Dette skjemaet er allerede lagret med annet innhold." in again.words
    assert "Noe annet" in again.html


def test_what_changed_underneath_is_told_and_what_was_written_stays(visited):
    page = visited.read("/notes/new")
    visited.do("/needs/new", words=NEED, stated_by=_first(visited.read("/needs/new"), "stated_by"))
    filled = {"text": NOTE, "about": _first(page, "about")}

    stale = visited.nurse.send(page, **filled)
    then = visited.nurse.send(stale)

    assert stale.answer.status_code == 422
    assert "Noe er endret hos familien siden du åpnet denne siden." in stale.words
    assert stale.form.fields["text"] == NOTE
    assert "Notatet er signert." in then.words


def test_all_flaws_are_told_at_once_with_links_and_nothing_typed_is_lost(nurse):
    page = nurse.read("/families/new")

    again = nurse.send(page, one_phone="40000001", term="31.02.2026", two_name="Stille Fjell")

    assert again.answer.status_code == 422
    assert "Det er 4 ting å rette opp" in again.words
    links = re.findall(r'<a class="ds-link" href="#(\w+)">', again.html)
    assert links == ["one_name", "two_role", "term", "delbydel"]  # as they stand on the page
    assert again.form.fields["one_phone"] == "40000001"
    assert again.form.fields["two_name"] == "Stille Fjell"
    assert again.form.fields["mutation_id"] == page.form.fields["mutation_id"]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("12345", "Et fødselsnummer har 11 siffer"),
        ("02829012345", "Kontrollsifrene stemmer ikke."),
        ("13020612345", "Kontrollsifrene stemmer ikke."),
    ],
)
def test_a_wrong_national_id_is_told_at_its_field_and_not_repeated_elsewhere(nurse, number, told):
    page = nurse.read("/families/new")

    again = nurse.send(
        page, one_name="Myk Skog", one_national_id=number, term=TERM, delbydel=VESTLI
    )

    assert again.answer.status_code == 422
    assert told in again.words
    assert 'href="#one_national_id"' in again.html
    assert number not in again.words


def test_twins_are_two_children(visited):
    page = visited.do(
        f"/pregnancies/{_pregnancy(visited)}/birth",
        born_on=DAY,
        count=2,
        child0_name="Liten Sten",
        child1_name="Liten Bekk",
    )

    assert "Liten Sten" in page.words
    assert "Liten Bekk" in page.words


def test_a_loss_is_met_with_quiet_words_and_leaves_no_plan(visited):
    _accept(visited)

    page = visited.do(f"/pregnancies/{_pregnancy(visited)}/loss", outcome="tapt", on=DAY)

    assert "Ingenting sendes til dem, og programmet planlegger ingen besøk." in page.words
    assert "Hjemmebesøk" not in page.words
    assert "termin" not in page.words


def test_a_correction_stands_first_and_the_version_before_can_be_read(visited):
    _accept(visited)
    written = _record_visit(visited)
    link = written.html.partition("/correct")[0].rpartition("/notes/")[2]

    page = visited.do(f"/notes/{link}/correct", text="Mor er uthvilt.")

    assert page.words.index("Mor er uthvilt.") < page.words.index(NOTE)
    assert "1 tidligere versjon" in page.words


def test_a_need_is_closed_by_a_parent_and_by_nobody_else(visited):
    visited.do("/needs/new", words=NEED, stated_by=_first(visited.read("/needs/new"), "stated_by"))
    need = visited.read().html.partition('/needs/"')[0].rpartition("/needs/")[2][:36]

    refused = visited.do(f"/needs/{need}", state="met")
    closed = visited.do(
        f"/needs/{need}", state="met", closed_by=_option(refused, "closed_by", "Myk Skog")
    )

    assert "Bare en forelder avslutter et behov: velg hvem som gjorde det." in refused.words
    assert "1 behov som foreldrene har avsluttet" in closed.words


def test_a_restricted_note_never_goes_to_the_parents(visited, programme):
    page = visited.read("/notes/new")

    sent = visited.nurse.send(page, text=NOTE, about=_first(page, "about"), kind="concern")

    assert "Bekymring (skjermet)" in sent.words


def test_a_protected_family_shows_no_address_and_no_bydel(visited):
    page = visited.do("/move", protection="strengt_fortrolig", delbydel="", lines="")
    refused = visited.do("/move", protection="strengt_fortrolig", delbydel="", lines="Veien 2")

    assert "Ingen bydel har ansvaret for en beskyttet adresse" in page.words
    moved = visited.do(
        "/move",
        protection="strengt_fortrolig",
        delbydel="",
        lines="",
        postal_code="",
        to_nurse=visited.nurse.identity.id,
    )
    assert "Ingen adresse er lagret." in moved.words
    assert "Prøveveien" not in moved.html
    assert "Stovner" not in moved.words.partition("Hvem er hvem")[0].partition("Logg ut")[2]
    assert refused.answer.status_code == 422


def test_a_family_that_moves_to_another_bydel_is_no_longer_its_old_nurses(visited, reader):
    page = visited.do("/move", delbydel=TEISEN, lines="Prøveveien 9", summary="Trenger somalisk.")

    assert "Familien er overlevert." in page.words
    assert visited.read().answer.status_code == 404
    lead = reader(Role.LEAD, "12")
    assert visited.path in lead.read("/").html


def test_a_lead_sees_who_waits_and_not_a_word_of_what_was_written(visited, reader):
    visited.do("/needs/new", words=NEED, stated_by=_first(visited.read("/needs/new"), "stated_by"))
    visited.do("/offers/new", channel="brev")
    lead = reader(Role.LEAD)

    start, page = lead.read("/"), lead.read(visited.path)

    assert visited.path in start.html
    for secret in ("Myk Skog", "Prøveveien", NEED):
        assert secret not in start.html
        assert secret not in page.html
    assert "Uten navn og notater" in page.words


def test_a_newborn_whom_nobody_has_visited_is_on_the_leads_list(visited, reader, clock):
    visited.do(f"/pregnancies/{_pregnancy(visited)}/birth", born_on=DAY)
    clock.forward(days=11)

    page = reader(Role.LEAD).read("/")

    assert "dag 10 er passert" in page.words
    assert visited.path in page.html


def test_an_offer_that_has_waited_for_long_says_so_on_the_leads_list(
    visited, reader, clock, programme
):
    visited.do("/offers/new", channel="jordmor")
    clock.forward(days=14)
    assert "har ventet lenge på svar" not in reader(Role.LEAD).read("/").words
    with programme.work(SYSTEM, "test") as work:
        remind(work)

    assert "har ventet lenge på svar" in reader(Role.LEAD).read("/").words


def test_the_nurses_list_shows_initials_and_the_newborns_clock(visited, clock):
    _accept(visited)
    visited.do(f"/pregnancies/{_pregnancy(visited)}/birth", born_on=DAY)
    clock.forward(minutes=5)

    page = visited.nurse.read("/")

    assert "MS + SF" in page.words
    assert "Skog" not in page.words
    assert "Nyfødte som venter på første besøk" in page.words


def test_a_child_whose_newborn_visit_was_never_made_is_no_newborn_for_ever(visited, clock):
    _accept(visited)
    visited.do(f"/pregnancies/{_pregnancy(visited)}/birth", born_on=DAY)
    clock.forward(days=43)
    page = visited.nurse.sign_in().read("/")

    assert "Nyfødte som venter på første besøk" not in page.words
    assert "dagene er passert" in page.words


def test_a_planner_sees_figures_and_no_family(visited, reader, programme):
    release_now(programme)
    planner = reader(Role.PLANNER)

    page = planner.read("/")

    assert "Tall og kvalitet" in page.words
    assert "Det er for få familier" in planner.read("/uptake").words
    assert planner.read(visited.path).answer.status_code == 403


def test_the_privacy_officer_sees_who_looked_and_no_name(visited, reader):
    officer = reader(Role.PRIVACY_OFFICER)

    page = officer.read(f"/access-log?family={visited.path.rpartition('/')[2]}")

    assert "Familiens faste helsesykepleier" in page.words
    assert "Myk Skog" not in page.html
    assert "Stille Fjell" not in page.html


def test_the_log_tells_a_leads_look_at_a_family_from_the_reading_of_its_notes(visited, reader):
    reader(Role.LEAD).read(visited.path)
    officer = reader(Role.PRIVACY_OFFICER)

    page = officer.read(f"/access-log?family={visited.path.rpartition('/')[2]}")
    seen = re.findall(r"<td>Leste</td>\s*<td>(.*?)</td>", page.html)

    assert {"Notater", "Notater (uten navn og tekst)"} <= set(seen)
    assert seen[0].endswith("(uten navn og tekst)")


def test_a_strangers_family_is_nothing_that_exists(visited, reader):
    other = reader(Role.NURSE, "12")

    page = other.read(visited.path)

    assert page.answer.status_code == 404
    assert "Her er det ingenting" in page.words


def test_a_nurse_finds_her_family_by_a_persons_number_and_nobody_elses(nurse, reader):
    number = synthetic(DAY, Random(7)).digits  # noqa: S311 - nobody can bear it
    page = nurse.read("/families/new")
    nurse.send(page, one_name="Myk Skog", one_national_id=number, term=TERM, delbydel=VESTLI)

    found = nurse.send(nurse.read("/families/find"), national_id=f"{number[:6]} {number[6:]}")
    stranger = reader(Role.NURSE, "12")
    missed = stranger.send(stranger.read("/families/find"), national_id=number)

    assert "Myk Skog" in found.words
    assert number not in found.path
    assert "Ingen av dine familier har en person med dette nummeret." in missed.words


def test_who_is_not_signed_in_is_asked_to_and_comes_back_to_where_she_was_going(visited, app):
    stranger = Reader(app.test_client(), visited.nurse.identity)

    page = stranger.read(visited.path)
    then = stranger.send(page, username=stranger.identity.username, password=PASSWORD)

    assert "Logg inn" in page.words
    assert "Myk Skog og Stille Fjell" in then.words


def test_what_was_written_when_the_session_ended_is_saved_after_signing_in_again(visited, clock):
    page = visited.read("/notes/new")
    filled = {"text": NOTE, "about": _first(page, "about")}
    clock.forward(minutes=20)

    asked = visited.nurse.send(page, **filled)
    resumed = visited.nurse.send(asked, username=visited.nurse.identity.username, password=PASSWORD)
    saved = visited.nurse.send(resumed)

    assert asked.answer.status_code == 401
    assert "det du skrev, fortsatt der" in asked.words
    assert "Notatet er signert." in saved.words
    assert NOTE in saved.words


def test_no_form_of_another_site_is_kept_for_later(app):
    fields = MultiDict({"text": NOTE})
    headers = {"Sec-Fetch-Site": "cross-site"}

    answer = app.test_client().post("/families/new", data=fields, headers=headers)

    assert NOTE not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(app, person, back):
    stranger = Reader(app.test_client(), person())
    page = stranger.read("/sign-in")
    page.form.fields["back"] = back
    fields = MultiDict(page.form.fields)
    fields["username"], fields["password"] = stranger.identity.username, PASSWORD

    answer = stranger.client.post("/sign-in", data=fields)

    assert answer.headers["Location"] == "/"


def test_a_wrong_password_is_told_without_saying_which_was_wrong(app, person):
    stranger = Reader(app.test_client(), person())

    page = stranger.send(stranger.read("/sign-in"), username="ukjent", password="feil")

    assert page.answer.status_code == 422
    assert "Brukernavnet eller passordet er feil." in page.words


def test_the_language_is_bokmal_until_the_reader_chooses(nurse):
    assert 'lang="nb"' in nurse.read("/").html
    english = nurse.read("/language/en?back=/")

    assert 'lang="en"' in english.html
    assert "My families" in english.words
    assert 'lang="nb"' in nurse.read("/language/nb?back=/").html


def test_each_page_says_that_all_people_are_synthetic(app, visited):
    for page in (visited.read(), visited.nurse.read("/uptake"), visited.nurse.read("/nowhere")):
        assert "Alle personer er syntetiske." in page.words


def test_one_who_cannot_come_before_the_visit_began_is_told_at_the_day(visited):
    page = visited.do(
        "/visits/new", day=DAY + timedelta(days=3), clock="09.00", minutes=60, outcome="done"
    )

    assert page.answer.status_code == 422
    assert 'href="#day"' in page.html
    assert "Et besøk som ikke har begynt ennå, avtales" in page.words


def _accept(visited):
    page = visited.do("/offers/new", channel="jordmor")
    offer = page.html.partition("/answer")[0].rpartition("/offers/")[2]
    visited.do(f"/offers/{offer}/answer", answer="ja")


def _record_visit(visited):
    page = visited.read("/visits/new")
    return visited.nurse.send(page, **_visit_fields(page))


def _visit_fields(page):
    note = next(name for name in page.form.fields if name.startswith("note-") and name[-4] != "k")
    return {"visit": _first(page, "visit"), "day": DAY, "clock": f"{NOON.hour}.30", note: NOTE}


def _pregnancy(visited):
    html = visited.read().html
    return html.partition("/pregnancies/")[2][:36]


def _first(page, name):
    """The value of the first choice of a group."""
    return page.html.partition(f'id="{name}" name="{name}" value="')[2].partition('"')[0]


def _option(page, name, words):
    """The value of the option of a list that has these words."""
    inside = page.html.partition(f'<select class="ds-input" id="{name}"')[2].partition("</select>")[
        0
    ]
    return inside.partition(f">{words}<")[0].rpartition('value="')[2].partition('"')[0]
