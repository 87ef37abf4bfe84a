"""No family is lost or made in the model, whatever the plan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nyefamilier.rollout.draws import drawn, expected
from nyefamilier.rollout.flow import flow
from nyefamilier.rollout.nurses import families_of_arsverk, nurses, visits_by_phase
from nyefamilier.rollout.setting import FULL_AGE, PHASES, setting_of
from tests.unit.rollout.plans import assuming, document, plan

FIRST = st.integers(1, 12)
SHARES = st.floats(0, 0.7)
ADMINISTERED = [f"{number:02}" for number in range(1, 16)]


@st.composite
def plans(draw):
    """Plans of any bydeler, waves, posts and shares."""
    bydeler = draw(st.lists(st.sampled_from(ADMINISTERED), min_size=1, max_size=5, unique=True))
    rows = document()
    waves = [{**rows["waves"][0], "bydel": one, "start": _month(draw)} for one in bydeler]
    nfp = [{**rows["waves"][0], "bydel": bydeler[0], "programme": "nfp", "start": _month(draw)}]
    for wave in waves:
        wave["ramp_months"] = draw(st.integers(0, 12))
    posts = [
        {
            **rows["staffing"][0],
            "bydel": one,
            "decided": "2023-01",
            "arsverk": draw(st.floats(0, 9)),
        }
        for one in bydeler
    ]
    policy = {**rows["policy"], "longest_wait_months": draw(st.integers(0, 12))}
    policy["hiring_lead_months"] = draw(st.integers(0, 9))
    return plan(
        waves=waves + draw(st.sampled_from([[], nfp])),
        staffing=posts,
        policy=policy,
        births={**rows["births"], "city": {str(year): 9000 for year in range(2023, 2028)}},
        assumptions=assuming(
            moves_between_bydeler=draw(SHARES),
            moves_out_of_the_city=draw(st.floats(0, 0.4)),
            withdrawals=draw(st.floats(0, 0.4)),
            turnover=draw(SHARES),
        ),
    )


def _month(draw):
    return f"{draw(st.integers(2024, 2026))}-{draw(FIRST):02}"


def so_far(by_month):
    return by_month.cumsum(axis=1)


@settings(max_examples=40)
@given(plans())
def test_families_that_came_are_active_completed_or_have_left_in_each_bydel_and_month(some):
    setting = setting_of(some)
    draws = drawn(setting, some.assumptions, 3, 1)
    for there in (None, nurses(setting, draws).there):
        found = flow(setting, draws, there)
        came = so_far(found.admitted + found.moved_in)
        gone = so_far(found.completed + found.moved_away + found.left)
        np.testing.assert_allclose(came, found.active + gone, atol=1e-8)
        said_yes = so_far(found.admitted + found.gave_up) + found.waiting
        np.testing.assert_allclose(so_far(found.accepted), said_yes, atol=1e-8)
        assert min(found.active.min(), found.waiting.min(), found.visits.min()) > -1e-9


@settings(max_examples=20)
@given(plans())
def test_nobody_moves_to_more_places_than_they_moved_from(some):
    setting = setting_of(some)
    found = flow(setting, expected(setting, some.assumptions), None)
    assert (found.moved_in.sum(axis=0) <= found.moved_away.sum(axis=0) + 1e-9).all()


@settings(max_examples=20)
@given(plans())
def test_nobody_is_taken_on_beyond_what_nurses_can_follow(some):
    setting = setting_of(some)
    draws = expected(setting, some.assumptions)
    there = nurses(setting, draws).there
    found = flow(setting, draws, there)

    own = [row == at for at, row in enumerate(setting.server)]
    for at in np.flatnonzero(own):
        served = [row for row, by in enumerate(setting.server) if by == at]
        takes = found.admitted[served].sum(axis=0) > 1e-6
        active = found.active[served].sum(axis=0)
        limit = (there * families_of_arsverk(setting, draws))[at]
        assert (active[takes] <= limit[takes] + 1e-6).all()


def test_with_enough_nurses_nobody_waits():
    setting = setting_of(plan())
    draws = expected(setting, plan().assumptions)
    found = flow(setting, draws, None)
    assert found.waiting.max() == 0
    np.testing.assert_array_equal(found.admitted, found.accepted)


def test_a_family_that_stays_has_all_its_visits_and_completes_after_27_months():
    still = assuming(
        moves_between_bydeler=0, moves_out_of_the_city=0, withdrawals=0, visits_factor=1
    )
    setting = setting_of(plan(assumptions=still))
    draws = expected(setting, plan(assumptions=still).assumptions)
    found = flow(setting, draws, None)
    np.testing.assert_allclose(found.completed[:, FULL_AGE:], found.admitted[:, :-FULL_AGE])
    joined = found.admitted[:, : setting.months - FULL_AGE + 1].sum()
    rates = [rate for rate, ages in zip(visits_by_phase(draws), PHASES, strict=True) for _ in ages]
    assert float(np.sum(rates)) == pytest.approx(0.9 + 1.0 + 1.4 + 0.9 + 0.8)
    by_hand = sum(
        found.admitted[:, month].sum() * float(np.sum(rates[: setting.months - month]))
        for month in range(setting.months)
    )
    assert found.visits.sum() == pytest.approx(by_hand)
    assert joined > 0


def by_hand(setting, draws):
    """Active families and visits of one draw, family by cohort, area and month, in plain loops."""
    one = {name: float(value[0]) for name, value in draws.of.items()}
    out = 1 - (1 - one["moves_out_of_the_city"] - one["withdrawals"]) ** (1 / 12)
    move = (1 - (1 - one["moves_between_bydeler"]) ** (1 / 12)) * (1 - out)
    rates = [
        float(r[0]) for r, ages in zip(visits_by_phase(draws), PHASES, strict=True) for _ in ages
    ]
    accepted = flow(setting, draws, None).accepted[:, :, 0]
    areas = range(len(setting.areas))
    active = np.zeros(accepted.shape)
    visits = np.zeros(accepted.shape)
    for joined in range(setting.months):
        families = list(accepted[:, joined])
        for age, month in enumerate(range(joined, min(joined + FULL_AGE, setting.months))):
            if age:
                movers = sum(families) * move
                families = [
                    families[a] * (1 - out - move)
                    + movers * setting.destinations[a] * setting.is_open[a, month]
                    for a in areas
                ]
            active[:, month] += families
            visits[:, month] += np.array(families) * rates[age]
    return active, visits


def test_the_model_is_what_plain_loops_over_cohorts_give():
    some = plan()
    setting = setting_of(some)
    draws = expected(setting, some.assumptions)
    active, visits = by_hand(setting, draws)
    found = flow(setting, draws, None)
    np.testing.assert_allclose(found.active[:, :, 0], active, atol=1e-9)
    np.testing.assert_allclose(found.visits[:, :, 0], visits, atol=1e-9)


@settings(max_examples=20)
@given(st.integers(0, 500), st.integers(1, 500), st.floats(0, 1), st.floats(0, 1))
def test_merging_two_bydeler_changes_no_total_of_the_city(one, other, share, other_share):
    rows = document()
    waves = [{**row, "start": "2025-01", "ramp_months": 3} for row in rows["waves"]]
    births = rows["births"]
    both = one + other
    apart = {
        "weights": {"11": one, "09": other},
        "first_shares": {"11": share, "09": other_share},
    }
    merged = {
        "weights": {"11": 0, "09": both},
        "first_shares": {"09": min(1.0, (share * one + other_share * other) / both)},
    }
    certain = assuming(first_birth_factor=1, uptake_between_bydeler=0)
    totals = []
    for split, some in ((apart, waves), (merged, waves[1:])):
        found = plan(waves=some, births={**births, **split}, assumptions=certain)
        setting = setting_of(found)
        done = flow(setting, expected(setting, found.assumptions), None)
        totals.append((done.active.sum(axis=0), done.visits.sum(axis=0)))
    np.testing.assert_allclose(totals[0], totals[1], rtol=1e-9)


def test_families_of_nfp_are_not_asked():
    rows = document()["waves"]
    nfp = {**rows[0], "programme": "nfp", "start": "2024-01"}
    share = assuming(nfp_share=0.2)
    without, with_nfp = (
        flow(setting_of(one), expected(setting_of(one), one.assumptions), None)
        for one in (plan(assumptions=share), plan(assumptions=share, waves=[*rows, nfp]))
    )
    stovner, bjerke = setting_of(plan()).areas.index("11"), setting_of(plan()).areas.index("09")
    np.testing.assert_allclose(with_nfp.eligible[stovner], without.eligible[stovner] * 0.8)
    np.testing.assert_array_equal(with_nfp.eligible[bjerke], without.eligible[bjerke])


def test_sentrum_starts_with_the_bydel_that_serves_it():
    rows = document()
    some = plan(
        waves=[{**rows["waves"][0], "bydel": "04"}],
        staffing=[{**rows["staffing"][0], "bydel": "04"}],
    )
    setting = setting_of(some)
    np.testing.assert_array_equal(
        setting.is_open[setting.areas.index("16")], setting.is_open[setting.areas.index("04")]
    )


def test_the_births_of_a_year_fall_on_its_months():
    some = plan()
    setting = setting_of(some)
    assert setting.births[:, 9:21].sum() == pytest.approx(9000)


def test_a_vacancy_makes_families_wait():
    steady, leaving = (
        flow(setting_of(one), draws, nurses(setting_of(one), draws).there)
        for one in (plan(assumptions=assuming(turnover=share)) for share in (0, 0.7))
        for draws in [expected(setting_of(one), one.assumptions)]
    )
    assert leaving.active[:, -1].sum() < steady.active[:, -1].sum()
    assert leaving.waiting.sum() > steady.waiting.sum()
