"""A decided plan is held against the released figures and against årsverk that were told."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import SYSTEM, Actor, Role
from nyefamilier.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from nyefamilier.kernel.ids import BydelNumber, UserId
from nyefamilier.offers.states import Answer
from nyefamilier.rollout import following, service
from nyefamilier.rollout.outcomes import Actual, Measure, Standing
from nyefamilier.rollout.service import PlanRefused
from nyefamilier.rollout.states import VersionState
from nyefamilier.uptake import service as uptake
from nyefamilier.uptake.sheets import Behind
from tests.integration.uptake.test_reading import Families
from tests.rollouts import past_document, planner

STOVNER, ALNA = BydelNumber("11"), BydelNumber("12")


class Followed:
    """A plan of 2024 to 2026 for Stovner and Alna, of which the first two years are over."""

    def __init__(self, city):
        self.city, self.who, self.id = city, planner(), uuid4()
        self.do(service.create_plan, self.id, past_document())
        self.do(service.decide, self.id, 1)

    def do(self, use_case, *asked, who=None):
        with self.city.programme.work(who or self.who, "test") as work:
            return use_case(work, *asked)

    def release(self, **told):
        """Families by year, as ``y2025={bydel: (yes, no)}``; then all figures are released."""
        with self.city.programme.work(SYSTEM, "test") as work:
            families = Families(work)
            for year, counts in told.items():
                cohort = date(int(year[1:]), 6, 1)
                for bydel, (yes, no) in counts.items():
                    families.tell(yes, bydel, answer=Answer.YES, visited=True, cohort=cohort)
                    families.tell(no, bydel, answer=Answer.NO, cohort=cohort)
            uptake.begin_release(work)
            uptake.release(work, work.session, [Behind(STOVNER, 4, 1, 3), Behind(None, 4, 1, 3)])

    def outcome(self, measure, year, bydel=None):
        found = self.do(following.follow_up, self.id, 1)
        (one,) = [
            one
            for one in found.outcomes
            if (one.measure, one.year, one.bydel) == (measure, year, bydel)
        ]
        return one


@pytest.fixture
def followed(city):
    return Followed(city)


def test_before_any_release_it_is_said_that_there_is_none(followed):
    found = followed.do(following.follow_up, followed.id, 1)
    assert (found.released, found.told) == (None, ())
    assert {one.standing for one in found.outcomes} == {Standing.NOT_RELEASED, Standing.NOT_TOLD}
    assert {one.year for one in found.outcomes} == {2024, 2025, 2026}


def test_a_released_figure_is_told_with_its_day_revision_and_how_it_stands(followed):
    followed.release(y2025={STOVNER: (7, 5), ALNA: (5, 5)})
    found = followed.do(following.follow_up, followed.id, 1)
    assert found.behind[-1] == Behind(None, 4, 1, 3)
    one = followed.outcome(Measure.VISITED, 2025, STOVNER)
    assert one.actual == Actual(7, found.released, 1)
    assert one.planned.low > 7
    assert one.standing is Standing.BELOW
    assert followed.outcome(Measure.VISITS, 2024, STOVNER).standing is Standing.NOT_RELEASED


def test_a_year_that_is_under_way_is_not_complete(followed):
    followed.release(y2026={STOVNER: (7, 5)})
    one = followed.outcome(Measure.ACCEPTED, 2026, STOVNER)
    assert (one.actual.value, one.standing) == (7, Standing.NOT_COMPLETE)


def test_a_hidden_count_is_told_as_hidden_and_so_is_the_sum_that_it_is_part_of(followed):
    followed.release(y2025={STOVNER: (20, 9), ALNA: (2, 9), BydelNumber("13"): (3, 9)})
    hidden = followed.outcome(Measure.ACCEPTED, 2025, ALNA)
    assert (hidden.actual.value, hidden.standing) == (None, Standing.HIDDEN)
    assert followed.outcome(Measure.ACCEPTED, 2025, STOVNER).actual.value == 20
    assert followed.outcome(Measure.ACCEPTED, 2025).standing is Standing.HIDDEN


def test_arsverk_are_told_by_a_planner_with_a_source_and_the_last_told_counts(followed):
    for arsverk, source in ((3.0, "first guess"), (10.5, "budget of 2025, p. 12")):
        followed.do(following.tell_arsverk, followed.id, uuid4(), STOVNER, 2025, arsverk, source)
        followed.city.clock.now += timedelta(minutes=1)
    one = followed.outcome(Measure.ARSVERK, 2025, STOVNER)
    assert (one.actual, one.told.source) == (Actual(10.5), "budget of 2025, p. 12")
    assert one.standing is Standing.WITHIN
    assert followed.outcome(Measure.ARSVERK, 2025, ALNA).standing is Standing.NOT_TOLD
    assert followed.outcome(Measure.ARSVERK, 2025).standing is Standing.NOT_TOLD
    assert len(followed.do(following.follow_up, followed.id, 1).told) == 2


def test_the_same_told_again_changes_nothing_and_other_words_under_its_id_are_refused(followed):
    told_id = uuid4()
    for _ in range(2):
        followed.do(following.tell_arsverk, followed.id, told_id, STOVNER, 2025, 3.0, "test")
    assert len(followed.do(following.follow_up, followed.id, 1).told) == 1
    with pytest.raises(Conflict, match="id-taken"):
        followed.do(following.tell_arsverk, followed.id, told_id, STOVNER, 2025, 4.0, "test")


@pytest.mark.parametrize(
    ("bydel", "year", "arsverk", "code"),
    [
        (STOVNER, 2027, 3.0, "period-in-future"),
        (STOVNER, 2012, 3.0, "period-in-future"),
        (BydelNumber("77"), 2025, 3.0, "unknown-bydel"),
        (BydelNumber("16"), 2025, 3.0, "unknown-bydel"),
        (STOVNER, 2025, -0.1, "arsverk-out-of-range"),
        (STOVNER, 2025, float("nan"), "arsverk-out-of-range"),
    ],
)
def test_what_cannot_be_is_refused(followed, bydel, year, arsverk, code):
    with pytest.raises(RuleBroken, match=code):
        followed.do(following.tell_arsverk, followed.id, uuid4(), bydel, year, arsverk, "test")


def test_only_a_decided_version_is_followed_and_only_by_planners(followed, city):
    draft = uuid4()
    followed.do(service.create_plan, draft, past_document("Draft"))
    with pytest.raises(Conflict, match="plan-not-decided"):
        followed.do(following.follow_up, draft, 1)
    nurse = Actor(UserId(uuid4()), Role.NURSE, STOVNER)
    for asked in (
        (following.follow_up, followed.id, 1),
        (following.anew, followed.id, 1),
        (following.tell_arsverk, followed.id, uuid4(), STOVNER, 2025, 1.0, "test"),
    ):
        with pytest.raises(NotAllowed):
            followed.do(*asked, who=nurse)
    with pytest.raises(NotFound):
        followed.do(following.follow_up, uuid4(), 1)


def test_a_version_that_kept_less_is_computed_anew(followed, monkeypatch):
    monkeypatch.setattr(service, "figures_of", without_years(service.figures_of))
    old = uuid4()
    followed.do(service.create_plan, old, past_document("Old"))
    followed.do(service.decide, old, 1)
    monkeypatch.undo()
    assert followed.do(following.follow_up, old, 1).computed_anew
    assert not followed.do(following.follow_up, followed.id, 1).computed_anew


def test_a_plan_is_made_anew_from_what_happened_and_its_future_is_open(followed):
    followed.release(y2024={STOVNER: (40, 60)}, y2025={STOVNER: (50, 50)},
                     y2026={STOVNER: (90, 1)})  # fmt: skip
    made = followed.do(following.plan_anew, followed.id, 1, uuid4(), 2)
    assert made.state is VersionState.DRAFT
    plan = service.read(followed.do(service.version, followed.id, made.number).document)
    (seen,) = plan.observed
    assert (seen.bydel, seen.offered, seen.accepted) == (STOVNER, 200, 90)
    assert "released figures of 2026-" in seen.source
    assert str(plan.open_from) == str(followed.city.clock.now)[:7]
    first, second = (followed.do(service.version, followed.id, n).figures for n in (1, 2))
    reached = [one["bydeler"][0]["years"][-1]["accepted"]["p50"] for one in (first, second)]
    assert reached[1] < 0.7 * reached[0]


def test_a_year_that_hides_what_families_answered_teaches_nothing(followed):
    followed.release(y2024={STOVNER: (40, 60)}, y2025={STOVNER: (50, 50), ALNA: (2, 9)})
    document = followed.do(following.anew, followed.id, 1)
    (seen,) = service.read(document).observed
    assert (seen.bydel, seen.offered, seen.accepted) == (STOVNER, 100, 40)
    assert seen.source.endswith("families of 2024")


def test_what_has_started_stays_as_it_was_when_the_plan_is_made_anew(followed):
    document = followed.do(following.anew, followed.id, 1)
    moved = document.replace('"2024-06"', '"2024-07"')
    with pytest.raises(PlanRefused) as refused:
        followed.do(service.save_version, followed.id, uuid4(), 2, moved)
    (flaw,) = refused.value.members["flaws"]
    assert (flaw["pointer"], flaw["code"]) == ("/waves/0/start", "past-changed")
    open_still = document.replace('"2026-12"', '"2026-10"')
    assert followed.do(service.save_version, followed.id, uuid4(), 2, open_still).number == 2


def without_years(figures_of):
    def less(*asked):
        figures = figures_of(*asked)
        for one in figures["bydeler"]:
            del one["years"]
        return figures

    return less
