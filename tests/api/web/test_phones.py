"""Nurses and leads look after phones on pages."""

import pytest

from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.sync.devices import enrol
from nyefamilier.sync.tables import DeviceRow
from tests.holdings import hold
from tests.phones import Phone


@pytest.fixture
def phone(programme, nurse):
    phone = Phone()
    with programme.work(nurse.identity.actor, "test") as work:
        enrol(work, phone.enrolment)
    return phone


def state(programme, phone):
    with programme.work(SYSTEM, "test") as work:
        return work.session.get(DeviceRow, phone.id).state


def test_a_nurse_sees_her_phone_and_locks_it_and_stays_signed_in(programme, nurse, phone):
    page = nurse.read("/phones")
    assert "Telefonen min" in page.words
    assert "I bruk" in page.words
    after = nurse.send(nurse.read(f"/phones/{phone.id}"), stop="lock")
    assert after.answer.status_code == 200
    assert "Låst" in after.words
    assert state(programme, phone) == "locked"
    assert nurse.read("/phones").path == "/phones"


def test_her_sign_in_elsewhere_is_over_after_that(app, nurse, phone):
    elsewhere = type(nurse)(app.test_client(), nurse.identity).sign_in()
    nurse.send(nurse.read(f"/phones/{phone.id}"), stop="wipe")
    assert elsewhere.read("/phones").path.startswith("/sign-in")


def test_only_what_can_be_done_is_offered(nurse, phone):
    page = nurse.read(f"/phones/{phone.id}")
    assert 'value="unlock"' not in page.html
    nurse.send(page, stop="wipe")
    assert "Det er ikke mer å gjøre" in nurse.read(f"/phones/{phone.id}").words


def test_a_form_that_was_overtaken_says_so(nurse, phone):
    page = nurse.read(f"/phones/{phone.id}")
    nurse.send(page, stop="wipe")
    again = nurse.send(page, stop="lock")
    assert again.answer.status_code == 422
    assert "en annen tilstand" in again.words


def test_nothing_chosen_is_asked_about(programme, nurse, phone):
    page = nurse.send(nurse.read(f"/phones/{phone.id}"))
    assert page.answer.status_code == 422
    assert state(programme, phone) == "active"


@pytest.mark.parametrize("who", [(Role.NURSE, "11"), (Role.LEAD, "12")])
def test_nobody_stops_or_sees_another_nurses_phone(programme, nurse, reader, phone, who):
    other = reader(*who)
    assert "Telefonen min" not in other.read("/phones").words
    assert other.read(f"/phones/{phone.id}").answer.status_code == 404
    mine = nurse.read(f"/phones/{phone.id}")
    sent = mine.form.fields.copy()
    sent.setlist("stop", ["lock"])
    assert other.post(mine.path, sent).answer.status_code in {403, 404}
    assert state(programme, phone) == "active"


def test_the_nurses_lead_stops_it(programme, reader, phone):
    lead = reader(Role.LEAD)
    assert "Telefonen min" in lead.read("/phones").words
    lead.send(lead.read(f"/phones/{phone.id}"), stop="retire")
    assert state(programme, phone) == "retired"


@pytest.mark.parametrize("role", [Role.PLANNER, Role.PRIVACY_OFFICER])
def test_others_have_no_phones_to_look_after(reader, role):
    assert reader(role).read("/phones").answer.status_code == 403


def test_a_nurse_has_no_list_of_copies(nurse):
    assert nurse.read("/phones/copies").answer.status_code == 403


def test_a_lead_sees_a_copy_without_the_familys_names(programme, reader, visited, phone):
    family_id = visited.path.rpartition("/")[2]
    with programme.work(visited.nurse.identity.actor, "test") as work:
        now = work.now
    hold(programme, phone.id, family_id, asked_at=now)
    page = reader(Role.LEAD).read("/phones/copies")
    assert family_id[-6:] in page.words
    assert "Telefonen min" in page.words
    assert "følger ikke familien lenger" in page.words
    assert "Skog" not in page.html
