"""Planners keep plans, compare versions, decide, and put away; nothing else changes a version."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken, StaleVersion
from nyefamilier.kernel.ids import BydelNumber, UserId
from nyefamilier.rollout import service
from nyefamilier.rollout.service import PlanRefused
from nyefamilier.rollout.states import VersionState
from tests.rollouts import document, planner


@pytest.fixture
def planned(city):
    """A plan of one draft, and a way to do something with it."""
    return Planned(city)


class Planned:
    def __init__(self, city):
        self.city, self.who, self.id = city, planner(), uuid4()
        self.do(service.create_plan, self.id, document())

    def do(self, use_case, *asked, who=None):
        with self.city.programme.work(who or self.who, "test") as work:
            return use_case(work, *asked)

    def save(self, told, base=None, version_id=None):
        base = self.do(service.plan, self.id).rev if base is None else base
        return self.do(service.save_version, self.id, version_id or uuid4(), base, told)


def test_a_new_plan_is_a_draft_that_says_who_wrote_it_and_when(planned):
    kept = planned.do(service.plan, planned.id)
    assert (kept.name, kept.rev, len(kept.versions)) == ("Stovner first", 1, 1)
    (only,) = kept.versions
    assert only.state is VersionState.DRAFT
    assert (only.written.by, only.written.at) == (planned.who.id, planned.city.clock.now)


def test_a_version_keeps_the_document_as_it_was_written_and_the_figures_that_it_gave(planned):
    found = planned.do(service.version, planned.id, 1)
    assert found.document == document()
    assert found.model == service.model()
    anew = planned.do(service.simulated, planned.id, 1, found.figures["draws"], 1)
    assert found.figures == anew


def test_a_document_with_flaws_is_refused_with_all_of_them_and_nothing_is_saved(planned):
    wrong = document().replace("arsverk = 4.5", "arsverk = -1").replace("ramp_months = 3", "")
    with pytest.raises(PlanRefused) as refused:
        planned.save(wrong)
    assert {one["pointer"] for one in refused.value.members["flaws"]} == {
        "/staffing/0/arsverk",
        "/waves/0/ramp_months",
    }
    assert all(one["mend"] for one in refused.value.members["flaws"])
    assert len(planned.do(service.plan, planned.id).versions) == 1
    with pytest.raises(PlanRefused):
        planned.do(service.create_plan, uuid4(), "name = 1")
    assert len(planned.do(service.plans)) == 1


def test_the_same_plan_again_changes_nothing_and_another_under_its_id_is_refused(planned):
    planned.do(service.create_plan, planned.id, document())
    with pytest.raises(Conflict, match="id-taken"):
        planned.do(service.create_plan, planned.id, document("Another"))
    assert planned.do(service.plan, planned.id).rev == 1


def test_a_new_version_is_saved_against_what_its_planner_had_read(planned):
    second = planned.save(document("Both at once", 5), base=1)
    assert second.number == 2
    with pytest.raises(StaleVersion) as stale:
        planned.save(document("Too late"), base=1)
    assert stale.value.current == 2
    kept = planned.do(service.plan, planned.id)
    assert (kept.name, [one.number for one in kept.versions]) == ("Both at once", [2, 1])


def test_the_same_version_again_changes_nothing(planned):
    version_id = uuid4()
    first = planned.save(document("Anew"), 1, version_id)
    assert planned.save(document("Anew"), 1, version_id) == first
    with pytest.raises(Conflict, match="id-taken"):
        planned.save(document("Other words"), 1, version_id)
    assert planned.do(service.plan, planned.id).rev == 2


def test_deciding_is_remembered_with_who_and_when_and_done_once(planned):
    other = planner()
    decided = planned.do(service.decide, planned.id, 1, who=other)
    assert decided.state is VersionState.DECIDED
    again = planned.do(service.decide, planned.id, 1)
    assert again.decided == decided.decided
    assert again.decided.by == other.id
    assert planned.do(service.plan, planned.id).decided == again


def test_what_was_put_away_is_still_read_and_is_not_decided_on(planned):
    planned.do(service.archive, planned.id, 1)
    planned.do(service.archive, planned.id, 1)
    kept = planned.do(service.plan, planned.id)
    assert (kept.is_archived, kept.rev) == (True, 2)
    with pytest.raises(Conflict, match="plan-archived"):
        planned.do(service.decide, planned.id, 1)
    assert planned.do(service.version, planned.id, 1).document == document()


def test_two_versions_are_told_apart_place_by_place(planned):
    planned.save(document(arsverk=6))
    (change,) = planned.do(service.differences, planned.id, 1, 2)
    assert change.pointer == "/hirings/11 2027-01/arsverk"
    assert (change.before, change.after) == (4.5, 6.0)


def test_more_draws_than_can_be_waited_for_are_refused(planned):
    with pytest.raises(RuleBroken, match="too-many-draws"):
        planned.do(service.simulated, planned.id, 1, service.MOST_DRAWS + 1, 1)


def test_plans_are_for_planners(planned):
    stovner = BydelNumber("11")
    others = [(Role.NURSE, stovner), (Role.LEAD, stovner), (Role.PRIVACY_OFFICER, None)]
    asked = [
        (service.plans,),
        (service.plan, planned.id),
        (service.version, planned.id, 1),
        (service.create_plan, uuid4(), document()),
        (service.save_version, planned.id, uuid4(), 1, document()),
        (service.decide, planned.id, 1),
        (service.archive, planned.id, 1),
        (service.differences, planned.id, 1, 1),
        (service.simulated, planned.id, 1, 1, 1),
    ]
    for role, bydel in others:
        for one in asked:
            with pytest.raises(NotAllowed):
                planned.do(*one, who=Actor(UserId(uuid4()), role, bydel))


@pytest.mark.parametrize("number", [0, 2, -1, 10**30])
def test_a_version_that_there_is_not_is_not_found(planned, number):
    for use_case in (service.version, service.decide, service.archive):
        with pytest.raises(NotFound):
            planned.do(use_case, planned.id, number)
    with pytest.raises(NotFound):
        planned.do(service.plan, uuid4())
    with pytest.raises(NotFound):
        planned.do(service.save_version, uuid4(), uuid4(), 1, document())


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE rollout_version SET document = 'x'",
        "UPDATE rollout_version SET figures = '{}'",
        "UPDATE rollout_version SET decided_at = NULL, decided_by = NULL",
        "UPDATE rollout_version SET decided_at = now()",
        "DELETE FROM rollout_version",
    ],
)
def test_the_database_lets_nobody_change_a_decided_version(planned, wrong):
    planned.do(service.decide, planned.id, 1)
    with planned.city.programme.work(SYSTEM, "test") as work:
        connection = work.session.connection()
        with pytest.raises(DBAPIError, match="stands"), connection.begin_nested():
            connection.execute(text(wrong))


def test_a_long_plan_is_computed_in_fewer_draws():
    plan = service.read(document())
    assert service.draws_for(plan) == service.USUAL_DRAWS
    assert service.draws_for(plan, service.MOST_DRAWS) == service.MOST_DRAWS
    years = "".join(f"{year} = 9000, " for year in range(2027, 2047))
    long = document().replace("months = 12", "months = 240", 1).replace("2027 = 9000", years[:-2])
    assert service.draws_for(service.read(long)) == service.MOST_WORK // 240
