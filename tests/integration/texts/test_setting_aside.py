"""A text on which something of ours fails is set aside with an alarm, and the others go out."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.texts.rules import ATTEMPTS_AT_MOST
from nyefamilier.texts.states import Reason, TextState
from nyefamilier.vault.provider import ProviderAway
from nyefamilier.visits.intents import BookVisit
from tests.builders import send
from tests.cities import settle
from tests.integration.texts.test_outbox import AT, NOON_BEFORE
from tests.outbox import Pocket, outbox, send_texts

MINUTES = timedelta(minutes=1)


@pytest.fixture
def due(city):
    """Reminders of four families, which are due in this order."""
    for number in range(4):
        home = settle(city)
        at = AT + timedelta(hours=number)
        send(city.programme, city.ours, home.id, BookVisit(uuid4(), at))
    city.clock.now = NOON_BEFORE
    rows = outbox(city.programme)
    with city.programme.work(city.ours) as work:
        for number, row in enumerate(rows):
            statement = text("UPDATE parent_text SET due = :due WHERE id = :id")
            due = NOON_BEFORE - (4 - number) * MINUTES
            work.session.execute(statement, {"due": due, "id": row.id})
    return [row.id for row in rows]


def spoil(city, text_id):
    """Make a text that nobody knows what to say in."""
    with city.programme.work(city.ours) as work:
        work.session.execute(
            text("UPDATE parent_text SET kind = 'greeting' WHERE id = :id"), {"id": text_id}
        )


def by_id(city):
    return {row.id: row for row in outbox(city.programme)}


class Trips(Pocket):
    """A gateway with a defect: on some texts it fails as nobody thought of."""

    def __init__(self, *on):
        super().__init__()
        self.on = on

    def send(self, message):
        if not self.on or message.key in self.on:
            raise ValueError("+4740000001 sa hun")
        super().send(message)


def test_a_text_that_cannot_be_said_is_set_aside_and_the_others_go_out(city, due):
    spoil(city, due[0])
    gateway = Pocket()
    with capture_logs() as logs:
        assert send_texts(city.programme, gateway) == 3

    assert [one.key for one in gateway.got] == due[1:]
    row = by_id(city)[due[0]]
    assert (row.state, row.reason) == (TextState.WAITING, Reason.DEFECT)
    assert row.due > city.clock.now
    (alarm,) = [one for one in logs if one["event"] == "texts.set-aside"]
    assert (alarm["log_level"], alarm["text"], alarm["defect"]) == (
        "error",
        str(due[0]),
        "ValueError",
    )


def test_a_text_on_which_the_gateway_fails_is_set_aside_and_the_others_go_out(city, due):
    gateway = Trips(due[0])
    with capture_logs() as logs:
        assert send_texts(city.programme, gateway) == 3

    assert [one.key for one in gateway.got] == due[1:]
    row = by_id(city)[due[0]]
    assert (row.state, row.reason) == (TextState.HANDED, Reason.DEFECT)
    (alarm,) = [one for one in logs if one["event"] == "texts.set-aside"]
    assert alarm["defect"] == "ValueError"
    assert "sa hun" not in str(logs)


def test_it_goes_out_when_the_defect_is_mended(city, due):
    send_texts(city.programme, Trips(due[0]))
    city.clock.now = by_id(city)[due[0]].due
    mended = Pocket()
    send_texts(city.programme, mended)
    assert [one.key for one in mended.got] == [due[0]]


@pytest.mark.parametrize("of_ours", [True, False])
def test_it_is_given_up_after_several_tries(city, due, of_ours):
    if of_ours:
        spoil(city, due[0])
    tries = 0
    while (row := by_id(city)[due[0]]).state != TextState.FAILED:
        city.clock.now = max(city.clock.now, row.due)
        send_texts(city.programme, Trips(due[0]))
        tries += 1
    assert (row.reason, tries) == (Reason.DEFECT, ATTEMPTS_AT_MOST)


def test_a_gateway_that_fails_on_every_text_is_away(city, due):
    with capture_logs() as logs:
        assert send_texts(city.programme, Trips()) == 0
    states = [by_id(city)[one].reason for one in due]
    assert states == [Reason.DEFECT] * 3 + [None]
    assert "texts.gateway-away" in {one["event"] for one in logs}


def test_what_of_ours_is_away_sets_no_text_aside(city, due, monkeypatch):
    def away(*_: object) -> None:
        raise ProviderAway("gone")

    city.programme.vault.forget()
    monkeypatch.setattr("nyefamilier.vault.keyring.LocalKeyring.unwrap", away)
    monkeypatch.setattr("nyefamilier.vault.keyring.LocalKeyring.unwrap_many", away)
    with pytest.raises(Unavailable):
        send_texts(city.programme, Pocket())
    assert {row.reason for row in by_id(city).values()} == {None}
