"""How many families are in the target group is estimated by sums that can be done by hand."""

from __future__ import annotations

import pytest

from nyefamilier.bydeler.reading import Assumption, BydelEstimate, YearBirths
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.rollout.reading import packaged_assumptions
from nyefamilier.uptake.estimating import Estimate, Grounds, eligible, packaged, reach

NORTH, SOUTH = BydelNumber("01"), BydelNumber("02")


def weight(bydel, births, first):
    return BydelEstimate(bydel, 0, births, first, "estimate", "made up")


GROUNDS = Grounds(
    births={2020: YearBirths(800, is_estimate=False), 2021: YearBirths(800, is_estimate=True)},
    bydeler={NORTH: weight(NORTH, 300, 150), SOUTH: weight(SOUTH, 100, 40)},
    assumed={
        "births_in_year": Assumption(1, 0.95, 1.05),
        "births_in_bydel": Assumption(1, 0.9, 1.1),
        "first_birth_factor": Assumption(1, 0.85, 1.15),
        "first_together_share": Assumption(0.05, 0.02, 0.10),
        "first_in_norway_share": Assumption(0.08, 0.03, 0.15),
        "extended_need_share": Assumption(0.05, 0.01, 0.12),
        "nfp_share": Assumption(0.03, 0.01, 0.08),
    },
    nfp_since={SOUTH: 2021},
)


def test_a_bydel_without_nfp_in_a_year_whose_births_are_known():
    # 800 x 300/400 = 600 births; 300 first ones, and 18 % of the other 300 are 54.
    # Low: 540 births; 42.5 % first are 229.5, and 6 % of the other 310.5 are 18.63.
    # High: 660 births; 57.5 % first are 379.5, and 37 % of the other 280.5 are 103.785.
    assert eligible(NORTH, 2020, GROUNDS) == Estimate(354, 248, 483)


def test_families_of_nfp_and_a_year_whose_births_are_an_estimate():
    # 200 births; 80 first ones and 18 % of 120 are 101.6; less 3 % they are 98.552.
    # Low: 200 x .95 x .9 = 171; 34 % are 58.14, and 6 % of 112.86 are 6.77; less 8 %: 59.72.
    # High: 200 x 1.05 x 1.1 = 231; 46 % are 106.26, and 37 % of 124.74 are 46.15; less 1 %: 150.9.
    assert eligible(SOUTH, 2021, GROUNDS) == Estimate(99, 60, 151)


def test_the_city_is_the_sum_and_does_not_depend_on_how_births_fall_on_bydeler():
    # 354 + 101.6. Low: 600 x .4595 = 275.7 and 200 x .3796 = 75.92.
    # High: 600 x .73225 = 439.35 and 200 x .6598 = 131.96.
    assert eligible(None, 2020, GROUNDS) == Estimate(456, 352, 571)


@pytest.mark.parametrize(("bydel", "year"), [(BydelNumber("99"), 2020), (NORTH, 1990)])
def test_nobody_can_say_of_a_bydel_or_a_year_that_is_not_known(bydel, year):
    assert eligible(bydel, year, GROUNDS) is None


def test_reach_has_the_range_of_its_estimate():
    found = reach(100, Estimate(200, 125, 250))

    assert (found.value, found.low, found.high) == (0.5, 0.4, 0.8)


def test_more_families_than_estimated_are_all_of_them():
    assert reach(130, Estimate(200, 125, 250)).high == 1


@pytest.mark.parametrize(
    ("visited", "of"),
    [
        (None, Estimate(200, 125, 250)),
        (3, Estimate(200, 125, 250)),
        (5, Estimate(12, 9, 15)),
        (50, None),
    ],
)
def test_what_is_hidden_or_of_few_has_no_reach(visited, of):
    assert reach(visited, of) is None


def test_nobody_visited_is_no_secret():
    assert reach(0, Estimate(200, 125, 250)).high == 0


def test_what_ships_covers_every_bydel_and_the_years_of_the_programme():
    grounds = packaged()

    assert set(range(2013, 2027)) <= set(grounds.births)
    assert set(grounds.bydeler) == {f"{number:02}" for number in range(1, 18)}
    for bydel in (None, *grounds.bydeler):
        found = eligible(bydel, 2019)
        assert found is not None
        assert 0 < found.low < found.value < found.high


def test_the_rollout_model_assumes_the_same():
    mine, model = packaged().assumed, packaged_assumptions()

    for name in [one for one in mine if not one.startswith("births")]:
        theirs = model[name]
        assert mine[name] == Assumption(
            theirs.value, theirs.distribution.low, theirs.distribution.high
        ), name
