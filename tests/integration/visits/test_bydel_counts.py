"""What waits in a lead's bydel today, counted without opening or reading through any family."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from bench.sync.growing import grow
from nyefamilier.access.tables import AccessRow
from nyefamilier.door.reviews import counts
from nyefamilier.families.intents import AssignNurse, RecordDeath, SetAddress
from nyefamilier.kernel.actors import Actor, Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.kernel.ids import UserId
from nyefamilier.offers.states import Answer
from nyefamilier.sync.devices import enrol
from nyefamilier.sync.views import phones_unheard
from nyefamilier.visits.bydel_counts import bydel_counts
from nyefamilier.visits.intents import BookVisit, Outcome, RecordVisit
from nyefamilier.visits.newborn import NEWBORN
from nyefamilier.visits.states import Place
from nyefamilier.visits.views import visits
from tests.builders import DAY, Household, lead, protected, send
from tests.cities import TERM, settle
from tests.explaining import explaining
from tests.phones import Phone


def found(city, bydel="11"):
    with city.programme.work(lead(bydel), "test") as work:
        return bydel_counts(work)


def offered(city, on=DAY) -> Household:
    home = Household()
    told = home.registration(), home.expects(TERM), home.is_offered(on)
    send(city.programme, city.ours, home.id, *told)
    return home


def told(city, home, *operations):
    return send(city.programme, city.ours, home.id, *operations)


def families_of(city, nurse):
    return {one.nurse.id: one.families for one in found(city).caseloads}[nurse.id]


def test_an_offer_waits_from_its_fourteenth_day_without_an_answer_and_not_before(city):
    home = offered(city)
    city.clock.forward(days=13)
    assert found(city).offers == 0
    city.clock.forward(days=1)
    assert found(city).offers == 1
    told(city, home, home.says(Answer.NO, city.clock.today))
    assert found(city).offers == 0


def test_a_newborn_is_told_with_the_day_that_it_is_today_until_somebody_visits(city, home):
    city.clock.forward(days=60)
    told(city, home, home.gives_birth(city.clock.today))
    city.clock.forward(days=8)
    assert (found(city).newborn_days, found(city).newborns_late) == ((8,), 0)
    city.clock.forward(days=3)
    assert (found(city).newborn_days, found(city).newborns_late) == ((11,), 1)
    made = RecordVisit(uuid4(), Outcome.DONE, city.clock.now, 60, place=Place.HOME)
    told(city, home, made)
    assert found(city).newborn_days == ()


def newborn_visit(city, home):
    with city.programme.work(city.ours, "test") as work:
        return next(one for one in visits(work, home.id) if one.kind == NEWBORN)


def test_a_planned_visit_waits_when_its_days_have_passed_until_it_is_agreed_on(city, home):
    city.clock.forward(days=60)
    told(city, home, home.gives_birth(city.clock.today))
    visit = newborn_visit(city, home)
    city.clock.forward(days=(visit.closes - city.clock.today).days)
    assert found(city).past_window == 0
    city.clock.forward(days=1)
    assert found(city).past_window == 1
    at = city.clock.now + timedelta(days=3)
    told(city, home, BookVisit(visit.id, at, "hjemme", outside_hours="Familien ønsket det."))
    assert found(city).past_window == 0


def test_the_newborn_visit_of_a_child_that_is_awaited_has_no_days_that_could_pass(city, home):
    visit = newborn_visit(city, home)
    city.clock.forward(days=(visit.closes - city.clock.today).days + 1)
    assert found(city).past_window == 0


def test_no_visit_waits_where_the_child_died(city, home):
    city.clock.forward(days=60)
    told(city, home, home.gives_birth(city.clock.today))
    city.clock.forward(days=2)
    told(city, home, RecordDeath(home.child, city.clock.today))
    city.clock.forward(days=10)
    assert (found(city).past_window, found(city).newborn_days) == (0, ())


def test_a_visit_that_can_be_made_no_more_is_not_chased(city, home):
    city.clock.forward(days=300)
    assert found(city).past_window == 0


def test_a_family_has_no_nurse_from_when_nobody_is_chosen(city):
    home, boss = Household(), lead()
    send(city.programme, boss, home.id, home.registration())
    assert found(city).without_nurse == 1
    send(city.programme, boss, home.id, AssignNurse(uuid4(), city.ours.id))
    assert found(city).without_nurse == 0


def test_a_nurses_families_are_those_that_she_follows_herself_and_is_over_when_they_are_more(
    city, home
):
    settle(city)
    assert (families_of(city, city.ours), families_of(city, city.colleague)) == (2, 0)
    assert [one.nurse.id for one in found(city).over(1)] == [city.ours.id]
    assert found(city).over(2) == ()


def test_a_family_whose_child_is_two_is_in_nobodys_caseload(city, home):
    told(city, home, home.gives_birth(DAY))
    city.clock.forward(days=800)
    assert families_of(city, city.ours) == 0


def test_a_family_with_a_protected_address_is_in_no_count(city):
    home = offered(city)
    city.clock.forward(days=14)
    before = found(city)
    told(city, home, SetAddress(protected(city.clock.today)))
    after = found(city)
    assert (before.offers, after.offers) == (1, 0)
    assert after.without_nurse == 0
    assert families_of(city, city.ours) == 0


def test_another_bydels_lead_has_other_counts(city):
    offered(city)
    city.clock.forward(days=14)
    assert found(city, "12").offers == 0
    assert city.ours.id not in {one.nurse.id for one in found(city, "12").caseloads}


@pytest.mark.parametrize("role", [Role.NURSE, Role.PLANNER, Role.PRIVACY_OFFICER])
def test_only_a_lead_is_told_what_waits(city, role):
    bydel = city.ours.bydel if role is Role.NURSE else None
    with city.programme.work(Actor(UserId(uuid4()), role, bydel), "test") as work:
        with pytest.raises(NotAllowed):
            bydel_counts(work)
        with pytest.raises(NotAllowed):
            phones_unheard(work)


def test_counting_opens_no_family_and_writes_no_access_down(city):
    offered(city)
    city.clock.forward(days=14)
    boss = lead()
    with city.programme.work(boss, "test") as work:
        bydel_counts(work)
        phones_unheard(work)
    with city.programme.work(boss, "test") as work:
        query = select(func.count(AccessRow.id)).where(AccessRow.actor_id == boss.id)
        assert work.session.scalar(query) == 0


def test_a_phone_is_told_of_when_a_weekend_does_not_explain_its_silence(city):
    with city.programme.work(city.ours, "test") as work:
        enrol(work, Phone().enrolment)
    heard = city.clock.now

    def phones():
        with city.programme.work(lead(), "test") as work:
            return phones_unheard(work)

    city.clock.forward(days=3)
    assert (phones().in_use, phones().unheard, phones().since) == (1, 0, None)
    city.clock.forward(hours=1)
    assert (phones().in_use, phones().unheard, phones().since) == (1, 1, heard)


def test_nothing_is_read_from_end_to_end_for_what_waits(real_city):
    programme, home = real_city.programme, settle(real_city)
    for _ in range(3):
        real_city.clock.forward(days=7)
        told(real_city, home, RecordVisit(uuid4(), Outcome.DONE, real_city.clock.now, 60))
    address = programme.engine.url.set(drivername="postgresql")
    grow(address.render_as_string(hide_password=False), real_city.ours.id, 200)
    with explaining(programme.engine) as whole, programme.work(lead(), "test") as work:
        bydel_counts(work)
        counts(work)
        phones_unheard(work)

    # The index of what is open in inboxes holds nothing else, so it is read from end to end.
    read = [one for one in whole if one[:2] != ("Index Scan", "inbox")]
    assert not read, "\n\n".join(f"{how} of {table}:\n{asked}" for how, table, asked in read)
