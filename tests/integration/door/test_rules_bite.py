"""Take a rule of merging away, and the test that is about it goes red: no rule is a mere wish."""

from __future__ import annotations

from uuid import uuid4

import pytest

from nyefamilier.changes import store
from nyefamilier.door import births, judging, merging_offers, merging_visits, merging_words
from nyefamilier.door.merged import Merged, Standing
from nyefamilier.families import store as families_store
from nyefamilier.visits.states import VisitState
from tests.integration.door import test_judging as verdicts
from tests.integration.door import test_merging as merging
from tests.pockets import Phone

REAL = store.touched_by_others


def own_edits_too(session, family_id, since, device_id):
    return REAL(session, family_id, since, uuid4())


def what_was_seen_too(dossier, sent):
    return REAL(dossier.work.session, dossier.id, 0, sent.device_id)


def nothing(*_: object) -> None:
    return None


def never(*_: object) -> bool:
    return False


def always(*_: object) -> bool:
    return True


def done_already(*_: object) -> Merged:
    return Merged()


def without_savepoint(work, sent, judge):
    work.dossiers.pop(sent.mutation.family_id, None)
    return judge(work, sent)


CONTACT, PLANS, NEEDS = merging.TestContact, merging.TestPlans, merging.TestNeeds
LOSS, ADDRESS = merging.TestLossAndDeath, merging.TestAddress
BIRTHS, OFFERS = merging.TestBirths, merging.TestOffers

TAKEN_AWAY = {
    "own edits are no conflict": (
        (store, "touched_by_others", own_edits_too),
        CONTACT().test_a_chain_of_own_edits_with_one_stale_base_never_fights_itself,
    ),
    "what was seen is no conflict": (
        (judging, "_others", what_was_seen_too),
        CONTACT().test_a_value_that_was_seen_before_it_was_changed_again_is_changed,
    ),
    "what others changed": (
        (Standing, "changed", never),
        CONTACT().test_of_two_values_the_first_stands_and_the_other_is_kept,
    ),
    "protection is not lifted": (
        (Standing, "changed", never),
        ADDRESS().test_protection_is_never_lifted_by_accident,
    ),
    "a plan is one value": (
        (merging_visits, "_changed", nothing),
        PLANS().test_a_plan_is_one_value_never_ones_time_with_anothers_place,
    ),
    "a fact beats a plan": (
        (merging_visits, "_HAPPENED", frozenset(VisitState)),
        PLANS().test_a_visit_that_happened_is_never_dropped_because_it_was_cancelled,
    ),
    "what the parents closed": (
        (merging_words, "_contested", done_already),
        NEEDS().test_what_the_parents_closed_stays_closed,
    ),
    "words of a step that is done": (
        (merging_words, "_only_words", done_already),
        NEEDS().test_words_are_never_dropped_with_a_step_that_is_done,
    ),
    "a loss wins": (
        (Standing, "ended", nothing),
        LOSS().test_after_a_loss_nothing_is_booked_by_who_did_not_know,
    ),
    "twins": ((births, "_name", lambda _: ""), BIRTHS().test_twins_are_not_merged),
    "one offer under two ids": (
        (merging_offers, "_twin", nothing),
        OFFERS().test_the_same_offer_told_twice_is_one_and_its_answer_finds_it,
    ),
    "what is refused is undone": (
        (judging, "_undone_if_it_fails", without_savepoint),
        verdicts.test_what_was_refused_leaves_nothing_and_the_next_one_goes_through,
    ),
    "a late note is filed": (
        (judging, "_fileable", nothing),
        verdicts.test_a_note_of_a_nurse_who_gave_the_family_up_is_filed_late,
    ),
    "the team is online only": (
        (judging, "_refuse_online_only", nothing),
        verdicts.test_who_follows_a_family_is_not_decided_offline,
    ),
    "a stranger leaves no trace": (
        (families_store, "has_followed", always),
        verdicts.test_who_never_followed_the_family_leaves_no_trace_in_it,
    ),
}


def asked_for(test, city, home, phone, other):
    """What the test takes, by name."""
    code = test.__code__
    names = code.co_varnames[: code.co_argcount]
    known = {"city": city, "home": home, "phone": phone, "other": other}
    found = {name: known[name] for name in names if name in known}
    if "need" in names:
        found["need"] = NEEDS.need.__wrapped__(None, city, home)
    if "visit" in names:
        found["visit"] = PLANS.visit.__wrapped__(None, city, home)
    if "asked" in names:
        found["asked"] = OFFERS.asked.__wrapped__(None, city)
    if "born" in names:
        city.clock.forward(days=60)
        found["born"] = city.clock.today
    return found


@pytest.mark.parametrize("rule", TAKEN_AWAY)
@pytest.mark.parametrize("is_there", [True, False])
def test_a_rule_is_missed_only_where_it_is_taken_away(rule, is_there, city, home, monkeypatch):
    (where, name, instead), test = TAKEN_AWAY[rule]
    given = asked_for(test, city, home, Phone(city, city.ours), Phone(city, city.ours))
    if is_there:
        test(**given)
        return
    monkeypatch.setattr(where, name, instead)
    with pytest.raises(AssertionError):
        test(**given)
