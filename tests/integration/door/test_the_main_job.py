"""The main job, through the one door, on a real database."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select

from nyefamilier.changes.tables import MutationRow
from nyefamilier.families.intents import (
    AddMember,
    MoveFamily,
    NewChild,
    NewMember,
    RecordDeath,
    RecordHomecoming,
    RecordLoss,
    SetAddress,
    UpdateMember,
)
from nyefamilier.families.national_ids import synthetic
from nyefamilier.families.states import MemberRole, Outcome
from nyefamilier.families.tables import FamilyKeyRow
from nyefamilier.families.views import family, find_by_national_id, own_families
from nyefamilier.journal.bodies import NoteKind
from nyefamilier.journal.intents import CorrectNote, WriteNote
from nyefamilier.journal.views import notes
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken, StaleVersion
from nyefamilier.needs.intents import CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.states import NeedState
from nyefamilier.needs.views import needs
from nyefamilier.offers.states import Answer, EnrolmentState
from nyefamilier.offers.views import enrolments
from nyefamilier.visits.dry_run import protocol_diff
from nyefamilier.visits.intents import BookVisit, CancelledBy, CancelVisit, RecordVisit
from nyefamilier.visits.intents import Outcome as Became
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.views import plan, visits
from tests.builders import DAY, TEISEN, Household, address, lead, protected, send
from tests.cities import TERM

OF_OLD = date(1800, 3, 1)


def planned(city, home, actor=None):
    with city.programme.work(actor or city.ours) as work:
        return {item.kind: item for item in plan(work, home.id).anchors}


def test_a_family_that_says_yes_has_the_two_anchors_in_its_plan(city, home):
    items = planned(city, home)

    assert len(items) == 2
    assert {item.state for item in items.values()} == {VisitState.PLANNED}


@pytest.mark.parametrize(
    ("intent", "pointer"),
    [
        (lambda home: RecordDeath(home.mother, OF_OLD), "/on"),
        (lambda home: RecordLoss(home.pregnancy, Outcome.LOST, OF_OLD), "/on"),
        (lambda _: SetAddress(address(on=OF_OLD)), "/address/valid_from"),
        (
            lambda _: AddMember(NewMember(uuid4(), MemberRole.CHILD, "Sten", born_on=OF_OLD)),
            "/member/born_on",
        ),
        (
            lambda _: RecordVisit(
                uuid4(), Became.DONE, datetime.combine(OF_OLD, time(9), OSLO), 60
            ),
            "/at",
        ),
    ],
    ids=["death", "loss", "address", "child", "visit"],
)
def test_whatever_way_it_came_a_day_of_old_is_refused_where_it_stands(city, home, intent, pointer):
    with pytest.raises(RuleBroken) as refused:
        send(city.programme, city.ours, home.id, intent(home))
    assert (refused.value.code, refused.value.pointer) == ("date-too-old", pointer)


def test_every_write_raises_the_revision_by_one_and_is_kept(city, home):
    answer = send(
        city.programme, city.ours, home.id, StateNeed(uuid4(), home.mother, "Vi sover lite")
    )

    assert answer.rev == 2
    with city.programme.sessions() as session:
        kept = session.scalars(select(MutationRow).order_by(MutationRow.rev)).all()
    assert [one.rev for one in kept] == [1, 2]
    assert b"sover" not in kept[1].request + kept[1].answer


def test_the_same_mutation_twice_is_one_with_one_answer(city, home):
    key, need = uuid4(), StateNeed(uuid4(), home.mother, "Ro på kvelden")
    first = send(city.programme, city.ours, home.id, need, mutation_id=key)
    again = send(city.programme, city.ours, home.id, need, mutation_id=key)

    assert (again.rev, again.replayed) == (first.rev, True)
    with city.programme.work(city.ours) as work:
        assert len(needs(work, home.id)) == 1


def test_an_id_used_for_another_content_is_refused(city, home):
    key = uuid4()
    send(city.programme, city.ours, home.id, StateNeed(uuid4(), home.mother, "A"), mutation_id=key)

    with pytest.raises(Conflict, match="mutation-id-reused"):
        send(
            city.programme,
            city.ours,
            home.id,
            StateNeed(uuid4(), home.mother, "B"),
            mutation_id=key,
        )


def test_a_stale_base_revision_is_refused_with_the_current_one(city, home):
    send(city.programme, city.ours, home.id, StateNeed(uuid4(), home.mother, "A"))

    with pytest.raises(StaleVersion) as refused:
        send(city.programme, city.ours, home.id, StateNeed(uuid4(), home.mother, "B"), base_rev=1)
    assert refused.value.current == 2


def test_a_birth_moves_the_newborn_visit_and_closes_nothing_that_was_done(city, home):
    before = planned(city, home)
    city.clock.forward(days=60)
    born = city.clock.today - timedelta(days=1)
    send(city.programme, city.ours, home.id, home.gives_birth(born))

    newborn = next(item for kind, item in planned(city, home).items() if "nyfodt" in kind)
    assert newborn.opens == born + timedelta(days=7)
    assert newborn.opens != before[newborn.kind].opens


def test_twins_share_one_newborn_visit(city, home):
    city.clock.forward(days=60)
    twins = home.gives_birth(city.clock.today, NewChild(uuid4(), "Annen Sten"))
    send(city.programme, city.ours, home.id, twins)

    with city.programme.work(city.ours) as work:
        found = [one for one in visits(work, home.id) if "nyfodt" in one.kind]
    assert len(found) == 1


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.STILLBORN])
def test_a_loss_closes_at_once_whatever_is_open(city, home, outcome):
    book = BookVisit(uuid4(), city.clock.now + timedelta(days=3))
    send(city.programme, city.ours, home.id, book)
    send(city.programme, city.ours, home.id, RecordLoss(home.pregnancy, outcome, DAY))

    with city.programme.work(city.ours) as work:
        assert {one.state for one in visits(work, home.id)} == {VisitState.SUPERSEDED}
        assert [one.state for one in enrolments(work, home.id)] == [EnrolmentState.ENDED_BY_LOSS]
        assert plan(work, home.id).anchors == ()


def test_a_childs_death_closes_the_programme_and_a_twins_death_does_not(city, home):
    city.clock.forward(days=60)
    other = uuid4()
    send(city.programme, city.ours, home.id, home.gives_birth(city.clock.today, NewChild(other)))
    send(city.programme, city.ours, home.id, RecordDeath(other, city.clock.today))
    with city.programme.work(city.ours) as work:
        assert [one.state for one in enrolments(work, home.id)] == [EnrolmentState.ACTIVE]

    send(city.programme, city.ours, home.id, RecordDeath(home.child, city.clock.today))
    with city.programme.work(city.ours) as work:
        assert [one.state for one in enrolments(work, home.id)] == [EnrolmentState.ENDED_BY_LOSS]


def test_one_newborn_visit_counts_in_every_statistic_that_it_is(city, home):
    city.clock.forward(days=60)
    born = city.clock.today
    send(city.programme, city.ours, home.id, home.gives_birth(born, homecoming=born))
    city.clock.forward(days=8)
    kind = next(kind for kind in planned(city, home) if "nyfodt" in kind)
    record = RecordVisit(uuid4(), Became.DONE, city.clock.now - timedelta(hours=2), 70, kind=kind)
    send(city.programme, city.ours, home.id, record)

    with city.programme.work(city.ours) as work:
        done = [one for one in visits(work, home.id) if one.state is VisitState.DONE]
        assert planned(city, home)[kind].state is VisitState.DONE
    assert len(done) == 1
    assert {"programvisit", "konsultasjon_1", "kostra_14_dager"} <= set(done[0].counts_as)


def test_a_correction_is_a_new_version_and_the_old_one_stays(city, home):
    first, second = uuid4(), uuid4()
    send(city.programme, city.ours, home.id, WriteNote(first, home.mother, "Vekt 3400"))
    send(city.programme, city.ours, home.id, CorrectNote(second, first, "Vekt 4300"))

    with city.programme.work(city.ours) as work:
        found = notes(work, home.id)
    assert [(one.version, one.text) for one in found] == [(1, "Vekt 3400"), (2, "Vekt 4300")]
    assert found[0].corrected_by == (second,)


def test_two_corrections_of_one_version_both_stand(city, home):
    first = uuid4()
    send(city.programme, city.ours, home.id, WriteNote(first, home.mother, "A"))
    for text in ("B", "C"):
        send(city.programme, city.ours, home.id, CorrectNote(uuid4(), first, text))

    with city.programme.work(city.ours) as work:
        assert [one.text for one in notes(work, home.id)][1:] in (["B", "C"], ["C", "B"])


def test_a_note_about_another_familys_member_is_refused(city, home):
    stranger = Household()
    send(city.programme, city.ours, stranger.id, stranger.registration())

    with pytest.raises(NotFound):
        send(city.programme, city.ours, home.id, WriteNote(uuid4(), stranger.mother, "A"))


def test_a_restricted_note_is_never_visible_to_parents(city, home):
    with pytest.raises(RuleBroken, match="restricted-note-visible"):
        send(
            city.programme,
            city.ours,
            home.id,
            WriteNote(uuid4(), home.mother, "A", NoteKind.VIOLENCE),
        )


def test_a_need_is_closed_by_a_parent_and_stays_closed(city, home):
    need = uuid4()
    send(city.programme, city.ours, home.id, StateNeed(need, home.mother, "Ro"))
    send(
        city.programme, city.ours, home.id, ReviewNeed(uuid4(), need, NeedState.BEING_MET, "Bedre")
    )
    with pytest.raises(RuleBroken, match="need-closed-by-parents-only"):
        send(city.programme, city.ours, home.id, ReviewNeed(uuid4(), need, NeedState.MET))
    send(city.programme, city.ours, home.id, CloseNeed(uuid4(), need, home.father, NeedState.MET))
    with pytest.raises(RuleBroken, match="need-closed"):
        send(city.programme, city.ours, home.id, ReviewNeed(uuid4(), need, NeedState.OPEN))

    with city.programme.work(city.ours) as work:
        (found,) = needs(work, home.id)
    assert (found.state, found.closed_by) == (NeedState.MET, home.father)
    assert [one.state for one in found.reviews] == [NeedState.BEING_MET, NeedState.MET]


def test_a_second_active_enrolment_is_refused(city, home):
    other = Household(id=home.id, pregnancy=home.pregnancy)
    send(city.programme, city.ours, home.id, other.is_offered(programme="nfp"))

    with pytest.raises(RuleBroken, match="enrolment-already-active"):
        send(city.programme, city.ours, home.id, other.says())


def test_later_and_then_yes_is_a_normal_way(city):
    home = Household()
    send(
        city.programme,
        city.ours,
        home.id,
        home.registration(),
        home.expects(TERM),
        home.is_offered(),
        home.says(Answer.LATER),
    )
    city.clock.forward(days=10)
    send(city.programme, city.ours, home.id, home.says(Answer.YES, city.clock.today))

    assert len(planned(city, home)) == 2


def test_a_closed_visit_cannot_be_cancelled(city, home):
    visit = uuid4()
    record = RecordVisit(visit, Became.DONE, city.clock.now - timedelta(hours=1), 60)
    send(city.programme, city.ours, home.id, record)

    with pytest.raises(RuleBroken, match="visit-closed"):
        send(city.programme, city.ours, home.id, CancelVisit(visit, CancelledBy.FAMILY))


def test_a_visit_in_the_future_cannot_be_marked_done(city, home):
    record = RecordVisit(uuid4(), Became.DONE, city.clock.now + timedelta(hours=1), 60)

    with pytest.raises(RuleBroken, match="visit-in-future"):
        send(city.programme, city.ours, home.id, record)


def test_a_refused_operation_undoes_the_whole_mutation(city, home):
    future = RecordVisit(uuid4(), Became.DONE, city.clock.now + timedelta(hours=1), 60)
    with pytest.raises(RuleBroken):
        send(city.programme, city.ours, home.id, StateNeed(uuid4(), home.mother, "A"), future)

    with city.programme.work(city.ours) as work:
        assert needs(work, home.id) == []
        assert family(work, home.id).rev == 1


def test_a_stranger_finds_no_family_and_cannot_tell_it_from_none(city, home):
    refusals = []
    for family_id in (home.id, uuid4()):
        with city.programme.work(city.theirs) as work, pytest.raises(NotFound) as refused:
            family(work, family_id)
        refusals.append((refused.value.code, refused.value.detail))

    assert refusals[0] == refusals[1]


def test_a_lead_reads_no_names_notes_or_needs(city, home):
    send(
        city.programme,
        city.ours,
        home.id,
        WriteNote(uuid4(), home.mother, "A"),
        StateNeed(uuid4(), home.mother, "B"),
    )
    with city.programme.work(lead("11")) as work:
        seen = family(work, home.id)
        assert {one.name for one in seen.members} == {None}
        assert [one.text for one in notes(work, home.id)] == [None]
        assert [one.words for one in needs(work, home.id)] == [None]
    with city.programme.work(lead("12")) as work, pytest.raises(NotFound):
        family(work, home.id)


def test_a_move_gives_the_new_nurse_the_family_and_takes_it_from_the_old(city, home):
    move = MoveFamily(
        uuid4(), address(TEISEN), to_nurse=city.theirs.id, team_id=uuid4(), summary="Ro på kvelden"
    )
    send(city.programme, city.ours, home.id, move)

    with city.programme.work(city.theirs) as work:
        seen = family(work, home.id)
        assert (seen.bydel, seen.moves[0].summary) == ("12", "Ro på kvelden")
        assert [one.id for one in own_families(work)] == [home.id]
    with city.programme.work(city.ours) as work:
        assert own_families(work) == []
        with pytest.raises(NotFound):
            family(work, home.id)
    with city.programme.sessions() as session:
        assert session.scalars(select(FamilyKeyRow.kek)).all() == ["kek-bydel-12"]


def test_a_protected_address_hides_the_family_from_its_lead_and_changes_its_key_domain(city, home):
    send(city.programme, city.ours, home.id, SetAddress(protected()))

    with city.programme.work(city.ours) as work:
        seen = family(work, home.id)
        assert seen.bydel is None
        assert {one.delbydel for one in seen.addresses} == {None}
    with city.programme.work(lead("11")) as work, pytest.raises(NotFound):
        family(work, home.id)
    with city.programme.sessions() as session:
        assert session.scalars(select(FamilyKeyRow.kek)).all() == ["kek-protected"]


def test_a_person_is_found_by_national_id_by_her_own_nurse_only(city, home):
    number = synthetic(date(1990, 5, 17), Random(1)).digits  # noqa: S311 - a synthetic person
    send(
        city.programme,
        city.ours,
        home.id,
        UpdateMember(home.mother, 1, "Rask Bjørk", national_id=number),
    )
    with city.programme.work(city.ours) as work:
        assert find_by_national_id(work, number) == [home.id]
    with city.programme.work(city.theirs) as work:
        assert find_by_national_id(work, number) == []


def test_working_the_plan_out_again_changes_nothing(city, home):
    city.clock.forward(days=60)
    born = city.clock.today
    send(city.programme, city.ours, home.id, home.gives_birth(born, homecoming=born))
    with city.programme.work(city.ours) as work:
        before = {one.id: one for one in visits(work, home.id)}
    for _ in range(3):
        send(city.programme, city.ours, home.id, RecordHomecoming(home.pregnancy, born))

    with city.programme.work(city.ours) as work:
        assert {one.id: one for one in visits(work, home.id)} == before


def test_a_family_keeps_the_version_that_it_joined_under_and_a_dry_run_tells_what_would_move(city):
    joined = city.clock.now.replace(year=2024)
    city.clock.now = joined
    home = Household()
    send(
        city.programme,
        city.ours,
        home.id,
        home.registration(address(on=joined.date())),
        home.expects(joined.date() + timedelta(days=70)),
        home.is_offered(joined.date()),
        home.says(on=joined.date()),
    )
    with city.programme.work(SYSTEM) as work:
        assert [one.protocol_version for one in enrolments_of(city, home)] == ["2016"]
        found = protocol_diff(work, ("nye_familier", "2016"), ("nye_familier", "2025"))

    assert {line.bydel for line in found} == {"11"}
    assert sum(line.moved + line.added + line.removed + line.unchanged for line in found) >= 2
    with city.programme.work(city.ours) as work, pytest.raises(NotAllowed):
        protocol_diff(work, ("nye_familier", "2016"), ("nye_familier", "2025"))


def enrolments_of(city, home):
    with city.programme.work(city.ours) as work:
        return enrolments(work, home.id)


def test_a_move_can_carry_a_last_note_in_the_same_breath(city, home):
    move = MoveFamily(uuid4(), address(TEISEN), to_nurse=city.theirs.id)
    send(
        city.programme, city.ours, home.id, move, WriteNote(uuid4(), home.mother, "Takk for følget")
    )

    with city.programme.work(city.theirs) as work:
        assert [one.text for one in notes(work, home.id)] == ["Takk for følget"]


def test_a_family_that_no_bydel_answers_for_needs_a_nurse(city):
    home = Household()
    place = address("0301999901")
    with pytest.raises(RuleBroken, match="nurse-required"):
        send(city.programme, lead("11"), home.id, home.registration(place))
    send(city.programme, city.ours, home.id, home.registration(place))
