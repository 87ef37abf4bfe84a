"""A nurse decides on a page what phones sent; a lead sees how much waits."""

import ast
import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from api.web import deciding, telling
from nyefamilier.door import merged
from nyefamilier.door.catalogue import SHAPES
from nyefamilier.door.judging import hold, report_parked
from nyefamilier.families.intents import AssignNurse, UpdateMember
from nyefamilier.families.views import family
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.views import notes
from nyefamilier.kernel.actors import Role
from nyefamilier.needs.intents import ReviewNeed, StateNeed
from nyefamilier.needs.states import NeedState
from nyefamilier.visits.intents import BookVisit, Outcome, RecordVisit
from nyefamilier.visits.states import Place
from tests.builders import send
from tests.pockets import Phone

ROOT = Path(__file__).parents[3]


@pytest.fixture
def us(programme, clock, visited):
    """The family as its nurse's phones and the programme see it."""
    family_id = UUID(visited.path.rpartition("/")[2])
    actor = visited.nurse.identity.actor
    city = SimpleNamespace(programme=programme, clock=clock)
    with programme.work(actor, "test") as work:
        view = family(work, family_id)
    return SimpleNamespace(
        id=family_id,
        mother=view.members[0].id,
        actor=actor,
        phone=Phone(city, actor),
        other=Phone(city, actor),
        rev=view.rev,
        view=lambda: _seen(programme, actor, family, family_id),
        notes=lambda: _seen(programme, actor, notes, family_id),
    )


def _seen(programme, actor, view, family_id):
    with programme.work(actor, "test") as work:
        return view(work, family_id)


def number(us, told):
    return UpdateMember(us.mother, 0, "", phone=told, only=("phone",))


@pytest.fixture
def conflict(us):
    us.phone.sends(us.id, number(us, "41111111"), base_rev=us.rev)
    return us.other.sends(us.id, number(us, "42222222"), base_rev=us.rev).review


def items_on(page):
    return re.findall(r'href="/inbox/([0-9a-f-]{36})"', page.html)


def test_the_list_is_empty_and_says_so(nurse):
    page = nurse.read("/inbox")

    assert "Ingenting venter på deg" in page.words
    assert "nf-count" not in page.html


def test_what_waits_is_counted_in_the_menu_and_listed_with_the_oldest_first(us, nurse, conflict):
    held = us.phone.sends(us.id, AssignNurse(uuid4(), uuid4())).review
    page = nurse.read("/inbox")

    assert items_on(page) == [str(conflict), str(held)]
    assert "Telefon" in page.words
    assert "Skog" not in page.words, "initials only, where others may look over her shoulder"
    assert '<span class="nf-count">2</span>' in nurse.read("/").html


def test_both_numbers_are_shown_with_who_sent_and_wrote_them(us, nurse, conflict, clock):
    page = nurse.read(f"/inbox/{conflict}")

    assert "41111111" in page.words
    assert "42222222" in page.words
    assert "Myk Skog" in page.words
    assert "Skrevet av Rask Bjørk" in page.words
    assert "Dette ble endret" in page.words


@pytest.mark.parametrize(("choose", "stands"), [("current", "41111111"), ("proposed", "42222222")])
def test_a_conflict_is_decided_and_gone_from_the_inbox(us, nurse, conflict, choose, stands):
    after = nurse.send(nurse.read(f"/inbox/{conflict}"), choose=choose)

    assert after.path.startswith("/inbox")
    assert "Begge innholdene er tatt vare på" in after.words
    assert items_on(after) == []
    assert us.view().members[0].phone == stands


def test_the_button_pressed_twice_decides_once(us, nurse, conflict):
    page = nurse.read(f"/inbox/{conflict}")
    nurse.send(page, choose="proposed")
    rev = us.view().rev
    again = nurse.send(page, choose="proposed")

    assert "allerede lagret" in again.words
    assert us.view().rev == rev


def test_what_was_decided_can_still_be_read_and_is_not_decided_again(us, nurse, conflict):
    nurse.send(nurse.read(f"/inbox/{conflict}"), choose="dismiss", reason="Ingen av dem svarer")
    page = nurse.read(f"/inbox/{conflict}")

    assert "Ingenting ble gjort" in page.words
    assert "Ingen av dem svarer" in page.words
    assert 'name="choose"' not in page.html


def test_somebody_who_was_faster_is_told_about(us, nurse, conflict):
    page = nurse.read(f"/inbox/{conflict}")
    nurse.send(nurse.read(f"/inbox/{conflict}"), choose="current")
    late = nurse.send(page, choose="proposed")

    assert late.answer.status_code == 422
    assert "Noen har allerede avgjort dette" in late.words


def test_nothing_chosen_and_no_reason_are_asked_about(us, nurse, conflict):
    empty = nurse.send(nurse.read(f"/inbox/{conflict}"))
    unsaid = nurse.send(nurse.read(f"/inbox/{conflict}"), choose="dismiss")

    assert (empty.answer.status_code, unsaid.answer.status_code) == (422, 422)
    assert "Si hvorfor ingenting skal gjøres" in unsaid.words
    assert len(items_on(nurse.read("/inbox"))) == 1


def test_what_was_held_is_shown_field_by_field_and_carried_out(programme, us, nurse):
    need = uuid4()
    send(programme, us.actor, us.id, StateNeed(need, us.mother, "Ro om kvelden"))
    note = WriteNote(uuid4(), us.mother, "Sov bedre.\nSpiser godt.")
    review = ReviewNeed(uuid4(), need, NeedState.BEING_MET, "Litt bedre")
    sent = us.phone.sent(us.id, note, review, base_rev=us.rev + 1)
    with programme.work(us.actor, "sync") as work:
        held = hold(work, sent, "device-locked").review
    page = nurse.read(f"/inbox/{held}")

    for words in ("Telefonen er låst", "Sov bedre.", "«Ro om kvelden»", "Litt bedre", "Myk Skog"):
        assert words in page.words
    assert us.notes() == []
    nurse.send(page, choose="file_held")
    assert [one.text for one in us.notes()] == ["Sov bedre.\nSpiser godt."]


def test_what_a_rule_refuses_stays_and_the_page_says_why(us, nurse, clock):
    tomorrow = clock.now + timedelta(days=1)
    held = us.phone.sends(us.id, RecordVisit(uuid4(), Outcome.DONE, tomorrow, 60)).review
    page = nurse.read(f"/inbox/{held}")
    after = nurse.send(page, choose="file_held")

    assert "En regel i programmet tillot det ikke" in page.words
    assert after.answer.status_code == 422
    assert items_on(nurse.read("/inbox")) == [str(held)]


def test_a_late_note_is_read_and_put_away_without_a_reason(programme, us, nurse, person, reader):
    next_nurse = reader()
    send(programme, us.actor, us.id, AssignNurse(uuid4(), next_nurse.identity.id))
    us.phone.sends(us.id, WriteNote(uuid4(), us.mother, "Traff mor på butikken"))
    (item,) = items_on(next_nurse.read("/inbox"))
    page = next_nurse.read(f"/inbox/{item}")

    assert "fulgte ikke lenger familien" in page.words
    assert "allerede journalført" in page.words
    assert 'type="radio"' not in page.html
    assert items_on(next_nurse.send(page)) == []


def test_two_corrections_are_read_and_both_stand(us, nurse):
    note = WriteNote(uuid4(), us.mother, "3480")
    us.phone.sends(us.id, note, base_rev=us.rev)
    us.phone.sends(us.id, CorrectNote(uuid4(), note.note_id, "3840"), base_rev=us.rev + 1)
    flagged = us.other.sends(us.id, CorrectNote(uuid4(), note.note_id, "3850"), base_rev=us.rev + 1)
    page = nurse.read(f"/inbox/{flagged.review}")

    assert "Begge rettelsene står" in page.words
    assert "3850" in page.words
    assert items_on(nurse.send(page)) == []
    assert len(us.notes()) == 3


def test_what_waits_for_long_says_so(programme, us, nurse):
    sent = us.phone.sent(us.id, ReviewNeed(uuid4(), uuid4(), NeedState.BEING_MET, "Bedre"))
    with programme.work(us.actor, "job") as work:
        item = report_parked(work, sent, "waits-for-record")
    page = nurse.read(f"/inbox/{item}")

    assert "Venter på noe" in page.words
    assert "ikke har kommet inn ennå" in page.words
    after = nurse.send(page, choose="dismiss", reason="Behovet finnes ikke")
    assert items_on(after) == []


def test_two_plans_differ_in_the_fields_that_differ(programme, us, nurse, clock):
    visit, at = uuid4(), clock.now + timedelta(days=3)
    send(programme, us.actor, us.id, BookVisit(visit, at))
    us.phone.sends(us.id, BookVisit(visit, at + timedelta(days=1)), base_rev=us.rev + 1)
    clinic = BookVisit(visit, at + timedelta(days=1), Place.CLINIC)
    item = us.other.sends(us.id, clinic, base_rev=us.rev + 1).review
    page = nurse.read(f"/inbox/{item}")

    assert page.html.count("ulikt") == 2, "the place, on both sides"
    assert "På helsestasjonen" in page.words


def test_a_time_that_is_taken_is_shown_with_free_ones(programme, us, nurse, clock):
    at = clock.now + timedelta(days=3)
    send(programme, us.actor, us.id, BookVisit(uuid4(), at))
    held = us.phone.sends(us.id, BookVisit(uuid4(), at), base_rev=us.rev + 1)
    page = nurse.read(f"/inbox/{held.review}")

    assert "har en annen avtale" in page.words
    assert "Ledige tidspunkter i nærheten" in page.words


@pytest.mark.parametrize("language", ["nb", "en"])
def test_no_field_and_no_code_is_shown_bare(programme, us, nurse, clock, language):
    nurse.client.get(f"/language/{language}")
    visit = RecordVisit(uuid4(), Outcome.DONE, clock.now - timedelta(hours=2), 45)
    sent = us.phone.sent(us.id, visit, BookVisit(uuid4(), clock.now + timedelta(days=2)))
    with programme.work(us.actor, "sync") as work:
        held = hold(work, sent, "escrow").review
    page = nurse.read(f"/inbox/{held}")

    for code in ("done", "hjemme", "escrow", "occurred_at", "visit.record", "minutes"):
        assert code not in page.words.split(), code


def test_a_nurse_of_another_family_gets_nothing(us, conflict, reader):
    stranger = reader()
    page = stranger.read("/inbox")
    theirs, nobodys = (stranger.read(f"/inbox/{one}") for one in (conflict, uuid4()))

    assert items_on(page) == []
    assert theirs.answer.status_code == nobodys.answer.status_code == 404
    assert _told(theirs) == _told(nobodys)


def test_she_who_gave_the_family_away_gets_nothing_either(programme, us, nurse, conflict, reader):
    page = nurse.read(f"/inbox/{conflict}")
    send(programme, us.actor, us.id, AssignNurse(uuid4(), reader().identity.id))

    assert items_on(nurse.read("/inbox")) == []
    assert nurse.read(f"/inbox/{conflict}").answer.status_code == 404
    assert nurse.send(page, choose="proposed").answer.status_code == 404


@pytest.mark.parametrize("role", [Role.LEAD, Role.PLANNER, Role.PRIVACY_OFFICER])
def test_nobody_but_nurses_has_an_inbox(us, conflict, reader, role):
    other = reader(role)

    assert other.read("/inbox").answer.status_code == 403
    assert other.read(f"/inbox/{conflict}").answer.status_code == 403
    assert "/inbox" not in other.read("/").html


def test_a_lead_sees_how_much_waits_and_no_contents(us, conflict, reader, clock):
    clock.forward(days=3)
    page = reader(Role.LEAD).read("/")

    assert "motstridende versjoner" in page.words
    assert "for 3 dager siden" in page.words
    assert "kopier som burde vært borte" in page.words
    assert "4222" not in page.html


def test_reading_an_item_is_logged(us, nurse, conflict, reader):
    nurse.read(f"/inbox/{conflict}")
    page = reader(Role.PRIVACY_OFFICER).read(f"/access-log?family_id={us.id}")

    assert "Innboks" in page.words


def test_every_field_that_can_travel_has_a_label_or_is_not_told():
    assert _members(SHAPES.values()) - telling.LABELS.keys() - telling.UNTOLD == set()


def test_every_field_that_can_be_contested_has_a_label_or_is_not_told():
    told = set()
    for module in Path(merged.__file__).parent.glob("merging_*.py"):
        for call in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "plain":
                told |= {one.arg for one in call.keywords if one.arg is not None}

    assert told >= {"state", "at", "nurse_id"}
    assert told - telling.LABELS.keys() - telling.UNTOLD == set()


def test_every_reason_that_merging_names_has_words():
    text = (ROOT / "docs" / "merging.md").read_text("utf-8")
    table = text.partition("## Verdicts and their reasons")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if re.match(r"\| (`(con|held|par)|\s*\| `)", line)]
    reasons = {one for row in rows for one in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", row)}

    assert len(reasons) > 12
    unsaid = {"birth-known", "already-so", "offer-known"}  # make no item
    assert reasons - deciding.WHY.keys() - unsaid == set()


def _members(shapes):
    found = set()
    for shape in shapes:
        found |= set(shape.members)
        found |= _members([one.shape for one in shape.members.values() if one.shape is not None])
    return found


def _told(page):
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page.words)
