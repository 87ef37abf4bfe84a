"""The family's page tells what became of texts, and takes an objection."""

import re

from api.web import text_words
from nyefamilier.kernel.actors import Role
from nyefamilier.texts.states import Reason, TextState
from nyefamilier.texts.views import Count
from tests.builders import DAY
from tests.outbox import Pocket, send_texts


def told(page, *, plain=False):
    """The page's part about texts, *plain* for its words only."""
    part = re.search(r'id="texts".*?</section>', page.html, re.DOTALL)
    found = "" if part is None else part[0].replace("\u00a0", " ")
    return " ".join(re.sub(r"<[^>]*>", " ", found).split()) if plain else found


def test_a_family_without_texts_has_no_part_about_them(visited):
    assert told(visited.read()) == ""


def agree(family):
    family.do("/visits/book", visit="new", day=DAY.replace(day=6), clock="10:00", place="hjemme")


def lose_the_child(family):
    below = family.read().html.partition('/loss"')[0].rpartition(family.path)[2]
    family.do(f"{below}/loss", outcome="tapt", on=DAY)


def test_the_page_tells_what_waits_and_then_what_was_kept_back(enrolled, programme, clock):
    agree(enrolled)
    assert "Påminnelse" in told(enrolled.read())
    assert "sendes torsdag 5. mars kl. 12.00" in told(enrolled.read())
    lose_the_child(enrolled)
    clock.forward(days=3)
    send_texts(programme, Pocket())
    enrolled.nurse.sign_in()
    page = told(enrolled.read())
    assert "Holdt tilbake" in page
    assert "Familien har mistet et barn." in page


def test_no_page_says_that_a_text_goes_out_to_a_family_that_has_lost_a_child(enrolled):
    agree(enrolled)
    lose_the_child(enrolled)
    page = told(enrolled.read(), plain=True)

    assert "sendes torsdag" not in page
    assert "Venter" not in page
    assert "Holdes tilbake" in page
    assert "Slik det er nå, sendes den ikke: familien har mistet et barn." in page


def test_days_are_written_as_english_writes_them(enrolled):
    agree(enrolled)
    enrolled.nurse.client.set_cookie("nf_language", "en")
    page = told(enrolled.read(), plain=True)

    assert "About the visit Friday 6 March at 10:00" in page
    assert "goes out Thursday 5 March at 12:00" in page


def test_a_lead_reads_how_many_texts_stand_how_and_no_reason_of_a_familys_own(
    visited, reader, programme, clock
):
    before = told(reader(Role.LEAD).read("/"), plain=True)
    visited.do("/visits/book", visit="new", day=DAY.replace(day=6), clock="10:00", place="hjemme")
    waits = told(reader(Role.LEAD).read("/"), plain=True)
    assert number("Venter", waits) == number("Venter", before) + 1
    clock.forward(days=3)
    send_texts(programme, Pocket())
    page = told(reader(Role.LEAD).read("/"), plain=True)
    assert number("Holdt tilbake", page) > number("Holdt tilbake", before)
    assert "deltar ikke" not in page


def number(words, page):
    """How many texts the page tells of that stand so; other tests' families are there too."""
    found = re.search(rf"{words} (\d+)", page)
    return 0 if found is None else int(found[1])


def test_a_lead_of_a_bydel_without_texts_reads_that_there_are_none(reader):
    assert "Ingen meldinger er skrevet" in reader(Role.LEAD, "06").read("/").words


def test_a_lead_reads_what_keeps_texts_back_that_somebody_can_mend():
    counts = [
        Count(TextState.SUPPRESSED, Reason.LOSS, 2),
        Count(TextState.SUPPRESSED, Reason.NUMBER_MISSING, 3),
        Count(TextState.SENT, None, 7),
    ]
    assert [many for _, many in text_words.by_state(counts)] == [7, 5]
    assert [many for _, many in text_words.to_mend(counts)] == [3]


def test_a_parents_objection_is_ticked_off_and_stands_on_the_page(visited):
    page = visited.read()
    (below,) = {
        one.removeprefix(visited.path)
        for one in re.findall(r'href="([^"]*/members/[0-9a-f-]{36})"', page.html)[:1]
    }
    visited.do(below, no_texts="1")
    assert "Ønsker ikke meldinger" in visited.read().words
    assert visited.read(below).form.fields["no_texts"] == "1"
