"""Draws are what their distributions say, and a simulation without variance is the closed form."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from nyefamilier.rollout.assumptions import Assumption, Distribution, Shape, Unit
from nyefamilier.rollout.draws import drawn, quantiles
from nyefamilier.rollout.plan import Observed
from nyefamilier.rollout.reading import packaged_assumptions
from nyefamilier.rollout.setting import setting_of
from nyefamilier.rollout.simulating import LOCAL, MONTHLY, YEARLY, bands, run_expected, simulate
from nyefamilier.rollout.telling import told
from nyefamilier.rollout.tornado import tornado
from tests.unit.rollout.plans import assuming, plan

CERTAIN = {
    **{name: one.value for name, one in packaged_assumptions().items()},
    "uptake_between_bydeler": 0,
    "turnover": 0,
}
AT = np.array([0.001, 0.05, 0.3, 0.5, 0.8, 0.95, 0.999])


def assumed(value, **shape):
    return Assumption(
        "x", value, Unit.FACTOR, "test", is_estimate=True, distribution=Distribution(**shape)
    )


@pytest.mark.parametrize(
    ("one", "exact"),
    [
        (assumed(2.0, shape=Shape.UNIFORM, low=1, high=4), stats.uniform(1, 3)),
        (assumed(2.0, shape=Shape.TRIANGULAR, low=1, high=4), stats.triang(1 / 3, 1, 3)),
        (assumed(1.0, shape=Shape.TRIANGULAR, low=1, high=4), stats.triang(0, 1, 3)),
        (assumed(4.0, shape=Shape.TRIANGULAR, low=1, high=4), stats.triang(1, 1, 3)),
        (assumed(2.0, shape=Shape.NORMAL, spread=0.4), stats.norm(2, 0.4)),
        (assumed(2.0, shape=Shape.LOGNORMAL, spread=0.4), stats.lognorm(0.4, scale=2)),
    ],
)
def test_a_draw_has_the_quantiles_of_its_distribution(one, exact):
    np.testing.assert_allclose(quantiles(one, AT), exact.ppf(AT), rtol=1e-9)


def test_without_variance_every_draw_is_the_closed_form():
    some = plan(assumptions=assuming(**CERTAIN))
    found = simulate(some, 5, seed=3)
    _, _, one = run_expected(some)
    for name in ("active", "admitted", "waiting", "gave_up", "visits"):
        exact = getattr(one.flow, name).sum(axis=0)
        np.testing.assert_allclose(found.monthly[name], np.repeat(exact, 5, axis=1), rtol=1e-12)
    np.testing.assert_allclose(found.needed, np.repeat(one.needed, 5, axis=2), rtol=1e-6)


def test_with_one_input_varied_the_quantiles_are_its_own():
    shape = {"kind": "triangular", "low": 40, "high": 110}
    rows = assuming(**CERTAIN)
    rows["minutes_visit"] = {**rows["minutes_visit"], "value": 75, "distribution": shape}
    some = plan(assumptions=rows)
    found = bands(simulate(some, 4000, seed=3).needed, (0.05, 0.5, 0.95))
    minutes = stats.triang(35 / 70, 40, 70).ppf([0.05, 0.5, 0.95])
    other = 30 + 25 + 0.15 * 30
    _, _, one = run_expected(some)
    exact = one.needed[None, :, :, 0] * ((minutes + other) / (75 + other))[:, None, None]
    np.testing.assert_allclose(found, exact, rtol=1e-3)


def test_with_births_alone_varied_families_have_their_quantiles():
    rows = assuming(**CERTAIN)
    shape = {"kind": "lognormal", "spread": 0.1}
    rows["births_factor"] = {**rows["births_factor"], "distribution": shape}
    rows["programme_share"] = {**rows["programme_share"], "value": 1}
    some = plan(assumptions=rows)
    found = bands(simulate(some, 4000, seed=3).yearly["admitted"], (0.05, 0.5, 0.95))
    _, _, one = run_expected(some)
    admitted = one.flow.admitted[:, :, 0].sum(axis=0).reshape(4, 12).sum(axis=1)
    factors = np.exp(0.1 * np.array([NormalDist().inv_cdf(at) for at in (0.05, 0.5, 0.95)]))
    np.testing.assert_allclose(found, np.outer(factors, admitted), rtol=2e-3)


@pytest.mark.parametrize("at_a_time", [1, 7, 50, 1000])
def test_the_same_seed_gives_the_same_however_draws_are_cut_up(at_a_time):
    whole, cut = simulate(plan(), 50, 11), simulate(plan(), 50, 11, at_a_time)
    np.testing.assert_array_equal(whole.needed, cut.needed)
    for name in MONTHLY:
        np.testing.assert_array_equal(whole.monthly[name], cut.monthly[name])
    for name in YEARLY:
        np.testing.assert_array_equal(whole.yearly[name], cut.yearly[name])
    for name in LOCAL:
        np.testing.assert_array_equal(whole.local[name], cut.local[name])


def test_what_is_kept_bydel_by_bydel_adds_up_to_the_city():
    found = simulate(plan(), 20, 1)
    for name in LOCAL:
        np.testing.assert_allclose(found.local[name].sum(axis=0), found.yearly[name], rtol=1e-5)


def test_each_bydels_years_are_told_with_their_bands():
    said = told(plan(assumptions=assuming(**CERTAIN)), 3, 1)
    for at, year in enumerate(said["years"]):
        for name in LOCAL:
            local = sum(one["years"][at][name]["p50"] for one in said["bydeler"])
            assert local == pytest.approx(year[name]["p50"], abs=0.03)


def test_another_seed_gives_something_else():
    one, other = simulate(plan(), 20, 1), simulate(plan(), 20, 2)
    assert not np.array_equal(one.yearly["visits"], other.yearly["visits"])


def test_what_families_have_answered_draws_a_bydels_uptake_towards_it():
    some = plan(observed=[{"bydel": "11", "offered": 2000, "accepted": 1000, "source": "test"}])
    assert some.observed == (Observed("11", 2000, 1000, "test"),)
    setting = setting_of(some)
    uptake = drawn(setting, some.assumptions, 500, 1).uptake
    stovner, bjerke = setting.areas.index("11"), setting.areas.index("09")
    assert abs(uptake[stovner].mean() - 0.5) < 0.03
    assert uptake[stovner].std() < uptake[bjerke].std()


def test_the_tornado_puts_what_matters_most_first():
    rows = assuming(**CERTAIN)
    for name, low, high in (("minutes_visit", 70, 80), ("visits_factor", 0.2, 1.4)):
        shape = {"kind": "uniform", "low": low, "high": high}
        rows[name] = {**rows[name], "distribution": shape}
    found = tornado(plan(assumptions=rows))
    assert [bar.assumption for bar in found.bars["arsverk_needed"]] == [
        "visits_factor",
        "minutes_visit",
    ]
    bar = found.bars["arsverk_needed"][0]
    assert bar.low / found.expected["arsverk_needed"] == pytest.approx(0.32 / 0.8)
