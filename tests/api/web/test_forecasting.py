"""The lead's page of newborn visits ahead."""

from nyefamilier.kernel.actors import Role


def test_the_lead_reads_how_much_time_to_keep_free_each_week(reader):
    page = reader(Role.LEAD).read("/newborns")

    assert page.answer.status_code == 200
    assert page.html.count('<th scope="row">') == 26
    assert "Ingen vet dagen før barnet er født" in page.words
    assert "Derfor er tallene for ukene langt fram for lave" in page.words


def test_the_lead_comes_there_from_her_start_page_and_reads_it_in_english_too(reader):
    chief = reader(Role.LEAD)
    assert 'href="/newborns"' in chief.read("/").html

    chief.client.set_cookie("nf_language", "en")
    assert "Nobody knows the day before the child is born" in chief.read("/newborns").words


def test_a_nurse_has_no_bydel_to_plan_for(reader):
    assert reader(Role.NURSE).read("/newborns").answer.status_code == 403


def test_a_family_past_every_known_term_is_told_and_not_counted(reader, visited, clock):
    page = visited.do("/offers/new", channel="jordmor")
    offer = page.html.partition("/answer")[0].rpartition("/offers/")[2]
    visited.do(f"/offers/{offer}/answer", answer="ja")
    chief = reader(Role.LEAD)
    before = chief.read("/newborns").words
    clock.forward(days=60)

    assert "mer enn 27 dager over termin" not in before
    assert (
        "1 svangerskap er mer enn 27 dager over termin" in reader(Role.LEAD).read("/newborns").words
    )
