"""What births and absences put out of place is shown, and set right in one step."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from nyefamilier.access.tables import AccessRow
from nyefamilier.calendars.rules import Absence, AbsenceKind
from nyefamilier.calendars.service import cancel_absence, record_absence
from nyefamilier.families.intents import (
    NewChild,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
    SetAddress,
)
from nyefamilier.families.states import Outcome as Ended
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.errors import NotFound, StaleVersion
from nyefamilier.protocols.protocol import Anchor, Anchors, windows
from nyefamilier.protocols.service import versions
from nyefamilier.visits.claiming import TimeTaken
from nyefamilier.visits.displaced import Reason
from nyefamilier.visits.intents import (
    BookVisit,
    CancelledBy,
    CancelVisit,
    NextVisit,
    Outcome,
    RecordVisit,
)
from nyefamilier.visits.rearranging import moved, replan
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.views import visits
from nyefamilier.visits.worklists import bydel_today, own_tasks
from tests.builders import DAY, lead, protected, send
from tests.cities import settle

DAYS = timedelta(days=1)
WISH = "Familien ønsket det."
FIRST, NEWBORN = "svangerskap_uke_28", "nyfodt"


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), OSLO)


def seen(city, home, by=None):
    with city.programme.work(by or city.ours) as work:
        return moved(work, home.id)


def told(city, home, *operations, **more):
    return send(city.programme, city.ours, home.id, *operations, **more)


def visit_of(city, home, kind):
    with city.programme.work(city.ours) as work:
        return next(one for one in visits(work, home.id) if one.kind == kind)


def reasons(found):
    return {one.visit_id: one.reasons for one in found.agreements}


def test_before_a_birth_nothing_has_moved(city, home):
    told(city, home, BookVisit(visit_of(city, home, FIRST).id, at(DAY + 3 * DAYS)))
    assert not seen(city, home)


def test_an_early_birth_takes_the_visit_of_the_pregnancy_off_and_the_newborn_visit_is_due(
    city, home
):
    first = visit_of(city, home, FIRST)
    told(city, home, BookVisit(first.id, at(DAY + 3 * DAYS)))
    told(city, home, home.gives_birth(DAY))
    found = seen(city, home)

    assert [(one.visit_id, one.begins) for one in found.off_the_plan] == [
        (first.id, at(DAY + 3 * DAYS))
    ]
    (due,) = found.due
    assert (due.kind, due.window.opens, due.window.closes) == (
        NEWBORN,
        DAY + 7 * DAYS,
        DAY + 10 * DAYS,
    )
    assert (found.born_on, found.agreements) == (DAY, ())


def test_what_was_agreed_on_before_the_birth_is_looked_at_until_somebody_says_that_it_stands(
    city, home
):
    agreed = uuid4()
    told(city, home, BookVisit(agreed, at(DAY + 30 * DAYS)))
    told(city, home, home.gives_birth(DAY))
    assert reasons(seen(city, home)) == {agreed: (Reason.DAYS_CHANGED,)}

    told(city, home, BookVisit(agreed, at(DAY + 30 * DAYS)))
    assert reasons(seen(city, home)) == {}


def test_a_suggested_visit_is_measured_by_its_window_from_the_birth(city, home):
    inside, outside = uuid4(), uuid4()
    kind = suggested(city, home)
    window = kind.opens - home_term(city, home), kind.closes - home_term(city, home)
    told(city, home, home.gives_birth(DAY))
    told(city, home, BookVisit(inside, at(DAY + window[0]), kind=kind.kind, outside_hours=WISH))
    told(
        city,
        home,
        BookVisit(outside, at(DAY + window[1] + DAYS, 13), kind=kind.kind, outside_hours=WISH),
    )
    assert reasons(seen(city, home)) == {}

    told(city, home, RecordHomecoming(home.pregnancy, DAY))
    assert reasons(seen(city, home)) == {outside: (Reason.AFTER_WINDOW,)}


def suggested(city, home):
    """The first suggestion whose days are counted from the birth."""
    term = home_term(city, home)
    found = windows(versions("nye_familier")[-1], Anchors(term=term))
    return next(one for one in found if not one.is_anchor and one.anchor_kind is Anchor.BIRTH)


def home_term(city, home):
    with city.programme.work(city.ours) as work:
        query = text("SELECT term FROM pregnancy WHERE id = :id")
        return work.session.scalar(query, {"id": home.pregnancy})


def test_a_child_who_comes_home_late_moves_the_newborn_visit_that_was_agreed_on(city, home):
    told(city, home, home.gives_birth(DAY))
    newborn = visit_of(city, home, NEWBORN).id
    told(city, home, BookVisit(newborn, at(DAY + 30 * DAYS)))
    assert not seen(city, home)
    city.clock.forward(days=12)
    told(city, home, RecordHomecoming(home.pregnancy, DAY + 12 * DAYS))
    found = seen(city, home)

    assert reasons(found) == {newborn: (Reason.AFTER_WINDOW,)}
    assert found.agreements[0].window.opens == DAY + 12 * DAYS


def test_twins_move_no_more_than_one_child_does(city, home):
    told(city, home, home.gives_birth(DAY, NewChild(uuid4(), "Liten Fjær")))
    assert [one.kind for one in seen(city, home).due] == [NEWBORN]


@pytest.mark.parametrize("how", ["loss", "death"])
def test_after_a_loss_nothing_is_said_of_what_a_birth_moved(city, home, how):
    told(city, home, BookVisit(visit_of(city, home, FIRST).id, at(DAY + 3 * DAYS)))
    told(city, home, BookVisit(uuid4(), at(DAY + 4 * DAYS)))
    if how == "loss":
        told(city, home, RecordLoss(home.pregnancy, Ended.LOST, DAY))
    else:
        told(city, home, home.gives_birth(DAY))
        told(city, home, RecordDeath(home.child, DAY))

    assert not seen(city, home)


def test_the_times_that_would_suit_lie_in_the_new_window(city, home):
    told(city, home, home.gives_birth(DAY))
    with city.programme.work(city.ours) as work:
        found = replan(work, home.id)
    (due,) = found.moved.due
    times = found.times[due.visit_id].answer.slots

    assert times
    assert all(due.window.holds(one.begins.astimezone(OSLO).date()) for one in times)


def away(city, first, days=1, who=None):
    begins = datetime.combine(first, time(), OSLO)
    absence = Absence(
        uuid4(), (who or city.ours).id, AbsenceKind.SICKNESS, begins, begins + days * DAYS
    )
    with city.programme.work(who or city.ours) as work:
        record_absence(work, absence)
    return absence


def test_a_nurses_absence_puts_her_visits_on_the_lists_until_they_are_agreed_on_anew(city, home):
    agreed = uuid4()
    told(city, home, BookVisit(agreed, at(DAY + 3 * DAYS)))
    absence = away(city, DAY + 3 * DAYS)
    assert reasons(seen(city, home)) == {agreed: (Reason.NURSE_AWAY,)}
    assert on_her_list(city, home) == {agreed: (Reason.NURSE_AWAY,)}
    assert on_the_leads(city) == {agreed}

    told(city, home, BookVisit(agreed, at(DAY + 4 * DAYS)))
    assert (on_her_list(city, home), on_the_leads(city)) == ({}, set())

    told(city, home, BookVisit(agreed, at(DAY + 3 * DAYS), outside_hours=WISH))
    with city.programme.work(city.ours) as work:
        cancel_absence(work, city.ours.id, absence.id)
    assert (on_her_list(city, home), on_the_leads(city)) == ({}, set())


def test_the_second_nurse_is_missed_as_the_first_is(city, home):
    agreed = uuid4()
    told(city, home, BookVisit(agreed, at(DAY + 3 * DAYS), second_nurse_id=city.colleague.id))
    away(city, DAY + 3 * DAYS, who=city.colleague)

    assert on_her_list(city, home) == {agreed: (Reason.NURSE_AWAY,)}


def test_a_visit_whose_time_another_one_has_is_on_the_lists(city, home):
    first, second = uuid4(), uuid4()
    told(city, home, BookVisit(first, at(DAY + 3 * DAYS)))
    with city.programme.work(city.ours) as work:
        work.session.execute(text("DELETE FROM appointment"))
    told(city, home, BookVisit(second, at(DAY + 3 * DAYS)))

    assert on_her_list(city, home) == {first: (Reason.DOUBLE_BOOKED,)}
    assert on_the_leads(city) == {first}


def test_a_lead_is_not_shown_a_family_with_a_protected_address_or_of_another_bydel(city, home):
    told(city, home, BookVisit(uuid4(), at(DAY + 3 * DAYS)))
    away(city, DAY + 3 * DAYS)
    assert on_the_leads(city, "12") == set()
    told(city, home, SetAddress(protected()))
    assert on_the_leads(city) == set()


def on_her_list(city, home):
    with city.programme.work(city.ours) as work:
        tasks = own_tasks(work).get(home.id, ())
    return {one.visit_id: one.reasons for one in tasks if one.reasons}


def on_the_leads(city, bydel="11"):
    with city.programme.work(lead(bydel)) as work:
        return {one.visit_id for one in bydel_today(work).unattended}


def test_reading_it_is_written_down_and_nobody_else_may(city, home):
    seen(city, home)
    with city.programme.work(city.ours) as work:
        read = work.session.scalars(select(AccessRow.object).where(AccessRow.family_id == home.id))
        assert "replan" in set(read)
    with pytest.raises(NotFound):
        seen(city, home, by=city.theirs)


def test_moves_and_cancellations_happen_together_or_not_at_all(city, home):
    told(city, home, home.gives_birth(DAY))
    newborn, agreed, neighbours = visit_of(city, home, NEWBORN).id, uuid4(), settle(city)
    told(city, home, BookVisit(agreed, at(DAY + 30 * DAYS)))
    told(city, neighbours, BookVisit(uuid4(), at(DAY + 8 * DAYS)))
    rev = seen(city, home).rev
    cancel = CancelVisit(agreed, CancelledBy.US)
    with pytest.raises(TimeTaken) as refused:
        told(city, home, cancel, BookVisit(newborn, at(DAY + 8 * DAYS)), base_rev=rev)
    assert refused.value.operation == 1
    assert visit_of(city, home, NEWBORN).state is VisitState.PLANNED

    told(city, home, cancel, BookVisit(newborn, at(DAY + 9 * DAYS)), base_rev=rev)
    with city.programme.work(city.ours) as work:
        states = {one.id: one.state for one in visits(work, home.id)}
    assert (states[agreed], states[newborn]) == (VisitState.CANCELLED_BY_US, VisitState.BOOKED)


def test_what_is_decided_is_what_was_seen(city, home):
    rev = seen(city, home).rev
    told(city, home, BookVisit(uuid4(), at(DAY + 3 * DAYS)))
    with pytest.raises(StaleVersion):
        told(city, home, BookVisit(uuid4(), at(DAY + 4 * DAYS)), base_rev=rev)


@pytest.mark.parametrize("with_time", [True, False])
def test_after_nobody_was_at_home_the_next_visit_is_the_same_with_the_same_days(
    city, home, with_time
):
    told(city, home, home.gives_birth(DAY))
    newborn = visit_of(city, home, NEWBORN)
    city.clock.forward(days=8)
    again = at(DAY + 9 * DAYS) if with_time else None
    following = NextVisit(uuid4(), DAY + 9 * DAYS, again)
    knocked = RecordVisit(newborn.id, Outcome.NOT_HOME, city.clock.now, 0, next_visit=following)
    told(city, home, knocked)
    with city.programme.work(city.ours) as work:
        found = {one.id: one for one in visits(work, home.id)}[following.id]

    assert (found.kind, found.opens, found.closes) == (NEWBORN, newborn.opens, newborn.closes)
    assert (found.ideal, found.at) == (DAY + 9 * DAYS, again)
    assert not found.from_protocol
