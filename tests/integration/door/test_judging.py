"""Every mutation of a phone gets a verdict; what is not carried out is kept; the queue goes on."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from nyefamilier.changes.tables import MutationRow
from nyefamilier.door.judging import hold, judge, report_parked
from nyefamilier.families.dossier import cipher_of_sender
from nyefamilier.families.history import differing
from nyefamilier.families.intents import AddMember, AssignNurse, MoveFamily, NewMember
from nyefamilier.families.states import MemberRole
from nyefamilier.families.tables import FamilyRow
from nyefamilier.journal.bodies import NoteKind
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.views import notes
from nyefamilier.kernel.errors import Conflict, NotFound, Unavailable
from nyefamilier.needs.intents import StateNeed
from nyefamilier.needs.views import needs
from nyefamilier.vault.provider import ProviderAway
from nyefamilier.visits.intents import Outcome, RecordVisit
from nyefamilier.visits.views import visits
from nyefamilier.wire.verdicts import Verdict
from tests.builders import TEISEN, Household, address, send
from tests.pockets import Phone, inbox_of, log_of


def written(city, home, actor=None):
    with city.programme.work(actor or city.ours) as work:
        return notes(work, home.id)


def moves_to_alna(city, home):
    move = MoveFamily(uuid4(), address(TEISEN), to_nurse=city.theirs.id)
    return send(city.programme, city.ours, home.id, move)


def test_what_she_meant_is_carried_out_and_kept_as_the_bytes_that_were_sent(city, home, phone):
    note = WriteNote(uuid4(), home.mother, "Vekt 3480")
    sent = phone.sent(home.id, note, StateNeed(uuid4(), home.mother, "Ro"))
    verdict = phone.hands_in(sent)

    assert (verdict.status, verdict.reason, verdict.rev) == (Verdict.APPLIED, None, 2)
    kept = log_of(city, home.id)[-1]
    assert (kept.id, kept.device_id, kept.status) == (sent.mutation.id, phone.id, "applied")
    with city.programme.work(city.ours) as work:
        cipher = cipher_of_sender(work, home.id)
        opened = cipher.open("mutation", "request", kept.id, kept.rev, kept.request)
    assert opened == sent.raw
    assert f"note:{note.note_id}:new" in kept.touched


def test_rest_leaves_the_same_traces_of_what_it_touched(city, home):
    note, need = WriteNote(uuid4(), home.mother, "A"), StateNeed(uuid4(), home.mother, "Ro")
    send(city.programme, city.ours, home.id, note, need)

    assert log_of(city, home.id)[-1].touched == sorted(
        [f"need:{need.need_id}:new", f"note:{note.note_id}:new"]
    )


def test_a_family_is_registered_from_a_phone(city, phone):
    home = Household()
    verdict = phone.sends(home.id, home.registration(), base_rev=0)

    assert (verdict.status, verdict.rev) == (Verdict.APPLIED, 1)
    note = phone.sends(home.id, WriteNote(uuid4(), home.mother, "A"), base_rev=0)
    assert (note.status, note.rev) == (Verdict.APPLIED, 2)


def test_a_note_says_when_it_was_and_when_it_was_filed(city, home, phone):
    then = city.clock.now - timedelta(days=2)
    phone.sends(home.id, WriteNote(uuid4(), home.mother, "I går"), at=then)

    (note,) = written(city, home)
    assert (note.occurred_at, note.signed_at, note.late) == (then, city.clock.now, False)


def test_several_of_one_family_in_one_transaction_make_a_revision_each(city, home, phone):
    sent = [phone.sent(home.id, WriteNote(uuid4(), home.mother, f"{n}")) for n in range(3)]
    with city.programme.work(city.ours, "sync") as work:
        verdicts = [judge(work, one) for one in sent]

    assert [one.rev for one in verdicts] == [2, 3, 4]
    with city.programme.sessions() as session:
        assert list(differing(session, [home.id])) == []


def test_a_broken_rule_holds_the_whole_mutation_for_a_person(city, home, phone):
    late = RecordVisit(uuid4(), Outcome.DONE, city.clock.now + timedelta(days=1), 60)
    note = WriteNote(uuid4(), home.mother, "Etter besøket")
    verdict = phone.sends(home.id, note, late)

    assert (verdict.status, verdict.reason) == (Verdict.HELD, "visit-in-future")
    assert verdict.pointer == "/ops/1/at"
    ((row, body),) = inbox_of(city, home.id)
    assert (row.id, row.kind, row.reason) == (verdict.review, "held", "visit-in-future")
    assert [one["op"] for one in body.operations] == ["note.write", "visit.record"]
    assert body.operations[0]["text"] == "Etter besøket"
    assert "besøket".encode() not in row.sealed
    assert written(city, home) == []


def test_what_was_refused_leaves_nothing_and_the_next_one_goes_through(city, home, phone):
    bad = phone.sent(home.id, WriteNote(uuid4(), home.mother, "A", NoteKind.VIOLENCE))
    good = phone.sent(home.id, WriteNote(uuid4(), home.mother, "B"))
    with city.programme.work(city.ours, "sync") as work:
        verdicts = [judge(work, one) for one in (bad, good)]

    assert [one.status for one in verdicts] == [Verdict.HELD, Verdict.APPLIED]
    assert [one.text for one in written(city, home)] == ["B"]
    with city.programme.sessions() as session:
        assert list(differing(session, [home.id])) == []


def test_who_follows_a_family_is_not_decided_offline(city, home, phone):
    verdict = phone.sends(home.id, AssignNurse(uuid4(), city.colleague.id))

    assert (verdict.status, verdict.reason) == (Verdict.HELD, "online-only")


def test_what_speaks_of_a_record_that_is_not_here_is_parked_and_leaves_nothing(city, home, phone):
    child = uuid4()
    sent = phone.sent(home.id, WriteNote(uuid4(), child, "Smiler"))
    verdict = phone.hands_in(sent)

    assert (verdict.status, verdict.reason) == (Verdict.PARKED, "waits-for-record")
    assert (verdict.pointer, verdict.waits_for) == ("/ops/0/member_id", child)
    assert (verdict.rev, verdict.review) == (None, None)
    assert [one.rev for one in log_of(city, home.id)] == [1]

    send(city.programme, city.ours, home.id, AddMember(NewMember(child, MemberRole.CHILD, "Sten")))
    assert phone.hands_in(sent).status is Verdict.APPLIED


def test_what_is_for_a_family_that_is_not_here_is_parked(city, phone):
    home = Household()
    verdict = phone.sends(home.id, WriteNote(uuid4(), home.mother, "A"))

    assert (verdict.status, verdict.waits_for) == (Verdict.PARKED, home.id)


def test_what_has_waited_for_days_is_shown_and_can_still_arrive(city, home, phone):
    child = uuid4()
    sent = phone.sent(home.id, WriteNote(uuid4(), child, "Smiler"))
    phone.hands_in(sent)
    with city.programme.work(city.ours, "sync") as work:
        review = report_parked(work, sent, "waits-for-record")

    ((row, body),) = inbox_of(city, home.id)
    assert (row.id, row.kind) == (review, "parked")
    assert body.operations[0]["text"] == "Smiler"
    send(city.programme, city.ours, home.id, AddMember(NewMember(child, MemberRole.CHILD, "Sten")))
    assert phone.hands_in(replace(sent, again=True)).status is Verdict.APPLIED
    ((row, body),) = inbox_of(city, home.id)
    assert (row.decision, row.decided_at) == ("arrived", city.clock.now)
    assert body.operations[0]["text"] == "Smiler"


def test_a_note_of_a_nurse_who_gave_the_family_up_is_filed_late(city, home, phone):
    moves_to_alna(city, home)
    note = WriteNote(uuid4(), home.mother, "Siste besøk")
    verdict = phone.sends(home.id, note)

    assert (verdict.status, verdict.reason) == (Verdict.APPLIED, "late")
    (found,) = written(city, home, city.theirs)
    assert (found.text, found.late, found.signed_by) == ("Siste besøk", True, city.ours.id)
    ((row, body),) = inbox_of(city, home.id)
    assert (row.reason, body.filed, body.operations) == ("late", (note.note_id,), ())


def test_the_rest_of_what_she_sent_is_for_the_present_nurse(city, home, phone):
    moves_to_alna(city, home)
    visit = RecordVisit(uuid4(), Outcome.DONE, city.clock.now - timedelta(hours=2), 60)
    note = WriteNote(uuid4(), home.mother, "Siste besøk", visit_id=visit.visit_id)
    verdict = phone.sends(home.id, visit, note)

    assert (verdict.status, verdict.reason) == (Verdict.HELD, "no-longer-hers")
    assert verdict.filed == (note.note_id,)
    assert [one.visit_id for one in written(city, home, city.theirs)] == [None]
    ((_, body),) = inbox_of(city, home.id)
    assert [one["op"] for one in body.operations] == ["visit.record"]
    with city.programme.work(city.theirs) as work:
        assert visit.visit_id not in {one.id for one in visits(work, home.id)}


def test_a_late_correction_is_filed_and_shows_her_nothing(city, home, phone):
    first = uuid4()
    send(city.programme, city.ours, home.id, WriteNote(first, home.mother, "3480"))
    moves_to_alna(city, home)
    verdict = phone.sends(home.id, CorrectNote(uuid4(), first, "3840"), base_rev=2)

    assert verdict.reason == "late"
    assert [one.text for one in written(city, home, city.theirs)] == ["3480", "3840"]
    with pytest.raises(NotFound):
        written(city, home)


def test_who_never_followed_the_family_leaves_no_trace_in_it(city, home):
    stranger = Phone(city, city.theirs)
    verdict = stranger.sends(home.id, WriteNote(uuid4(), home.mother, "A"))

    assert (verdict.status, verdict.reason) == (Verdict.PARKED, "waits-for-family")
    assert (verdict.rev, verdict.review) == (None, None)
    assert inbox_of(city, home.id) == []
    assert [one.rev for one in log_of(city, home.id)] == [1]


def test_a_family_that_is_not_hers_looks_like_none(city, home):
    stranger, nobodys = Phone(city, city.theirs), uuid4()
    note = WriteNote(uuid4(), home.mother, "A")
    theirs, none = (stranger.sends(one, note) for one in (home.id, nobodys))

    assert replace(theirs, waits_for=None) == replace(none, waits_for=None)
    assert (theirs.waits_for, none.waits_for) == (home.id, nobodys)


def test_of_a_revoked_phone_everything_is_held_for_the_present_nurse(city, home, phone):
    sent = phone.sent(home.id, WriteNote(uuid4(), home.mother, "A"))
    with city.programme.work(city.ours, "sync") as work:
        verdict = hold(work, sent, "device-locked")

    assert (verdict.status, verdict.reason) == (Verdict.HELD, "device-locked")
    assert written(city, home) == []
    ((_, body),) = inbox_of(city, home.id)
    assert body.operations[0]["text"] == "A"


def test_a_family_that_is_here_already_is_not_registered_again(city, home, phone):
    other = Household(id=home.id)
    verdict = phone.sends(home.id, other.registration(), base_rev=0)

    assert (verdict.status, verdict.reason) == (Verdict.HELD, "family-exists")
    assert verdict.review is not None


def test_an_id_that_another_record_has_holds_the_mutation(city, home, phone):
    need = StateNeed(home.mother, home.mother, "Ro")
    assert phone.sends(home.id, need).status is Verdict.APPLIED  # ids are told apart by kind
    other = phone.sends(home.id, StateNeed(home.mother, home.father, "Uro"))

    assert (other.status, other.reason) == (Verdict.HELD, "id-taken")
    with city.programme.work(city.ours) as work:
        assert [one.words for one in needs(work, home.id)] == ["Ro"]


def test_the_id_of_a_phones_mutation_is_no_other_doorways(city, home, phone):
    key, note = uuid4(), WriteNote(uuid4(), home.mother, "A")
    phone.sends(home.id, note, mutation_id=key)

    with pytest.raises(Conflict, match="mutation-id-reused"):
        send(city.programme, city.ours, home.id, note, mutation_id=key)


def test_with_the_key_provider_away_nothing_has_happened(city, home, phone, monkeypatch):
    def away(*_: object) -> None:
        raise ProviderAway("gone")

    sent = phone.sent(home.id, WriteNote(uuid4(), home.mother, "A"))
    city.programme.vault.forget()
    with monkeypatch.context() as patch:
        patch.setattr("nyefamilier.vault.keyring.LocalKeyring.unwrap", away)
        patch.setattr("nyefamilier.vault.keyring.LocalKeyring.unwrap_many", away)
        with pytest.raises(Unavailable, match="key-provider-away"):
            phone.hands_in(sent)
    assert [one.rev for one in log_of(city, home.id)] == [1]
    assert phone.hands_in(sent).status is Verdict.APPLIED


def test_every_revision_has_one_mutation_whatever_its_verdict(city, home, phone):
    phone.sends(home.id, WriteNote(uuid4(), uuid4(), "parkert"))
    phone.sends(home.id, AssignNurse(uuid4(), city.colleague.id))
    phone.sends(home.id, WriteNote(uuid4(), home.mother, "A"))

    with city.programme.sessions() as session:
        revs = session.scalars(select(MutationRow.rev).order_by(MutationRow.rev)).all()
        assert revs == list(range(1, session.get_one(FamilyRow, home.id).rev + 1))
        assert session.scalar(select(func.count()).select_from(MutationRow)) == 3
        assert list(differing(session, [home.id])) == []
