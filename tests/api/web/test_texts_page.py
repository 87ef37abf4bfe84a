"""The family's page tells what became of texts, and takes an objection."""

import re

from tests.builders import DAY
from tests.outbox import Pocket, send_texts


def told(page):
    """The words of the page's part about texts."""
    part = re.search(r'id="texts".*?</section>', page.html, re.DOTALL)
    return "" if part is None else part[0].replace("\u00a0", " ")


def test_a_family_without_texts_has_no_part_about_them(visited):
    assert told(visited.read()) == ""


def test_the_page_tells_what_waits_and_then_what_was_kept_back(visited, programme, clock):
    visited.do("/visits/book", visit="new", day=DAY.replace(day=6), clock="10:00", place="hjemme")
    assert "Påminnelse" in told(visited.read())
    assert "sendes torsdag 5. mars kl. 12.00" in told(visited.read())
    clock.forward(days=3)
    send_texts(programme, Pocket())
    visited.nurse.sign_in()
    page = told(visited.read())
    assert "Holdt tilbake" in page
    assert "Familien deltar ikke." in page


def test_a_parents_objection_is_ticked_off_and_stands_on_the_page(visited):
    page = visited.read()
    (below,) = {
        one.removeprefix(visited.path)
        for one in re.findall(r'href="([^"]*/members/[0-9a-f-]{36})"', page.html)[:1]
    }
    visited.do(below, no_texts="1")
    assert "Ønsker ikke meldinger" in visited.read().words
    assert visited.read(below).form.fields["no_texts"] == "1"
