"""A nurse makes the address of her calendar feed on a page, and closes it."""

from __future__ import annotations

import re

from nyefamilier.calendars.feeds import GOOD_FOR, RENEWED
from nyefamilier.kernel.actors import Role


def test_the_address_is_made_shown_once_and_closed(nurse):
    page = nurse.read("/calendar/feed")
    assert "Det finnes ingen adresse nå" in page.words
    made = nurse.send(page)
    path = re.search(r"/calendar/[A-Za-z0-9_-]{43}\.ics", made.html)[0]
    assert nurse.client.get(path).status_code == 200
    again = nurse.read("/calendar/feed")
    assert path not in again.html
    assert "Den vises ikke igjen" in again.words
    [close] = [form for form in again.forms if form.action.endswith("/close")]
    closed = nurse.post(close.action, close.fields)
    assert "Adressen er stengt" in closed.words
    assert nurse.client.get(path).status_code == 404


def test_the_address_says_its_language_where_the_nurse_reads_english(nurse):
    nurse.client.set_cookie("nf_language", "en")
    made = nurse.send(nurse.read("/calendar/feed"))
    assert re.search(r"/calendar/[A-Za-z0-9_-]{43}\.ics\?language=en", made.html)


def test_a_nurse_is_told_until_when_her_address_is_good_and_that_it_ended(nurse, clock):
    made = nurse.send(nurse.read("/calendar/feed"))
    assert "En måned før det minner kalenderen din deg om å lage en ny" in made.words
    clock.now += GOOD_FOR - RENEWED
    page = nurse.sign_in().read("/calendar/feed")
    assert "Den virker til" in page.words
    assert "Lag en ny før det" in page.words
    clock.now += RENEWED
    assert "er for gammel og virker ikke lenger" in nurse.sign_in().read("/calendar/feed").words


def test_a_lead_has_none(reader):
    assert reader(Role.LEAD).read("/calendar/feed").answer.status_code == 403
