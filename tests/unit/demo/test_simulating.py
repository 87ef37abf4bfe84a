"""The simulated city: published figures by arithmetic, whatever the seed."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from nyefamilier.demo.lives import Life, Made
from nyefamilier.demo.reference import figure
from nyefamilier.demo.simulating import simulate

UNTIL = date(2019, 12, 31)
"""The published figures end here; what follows is not needed to check them."""

SEEDS = (0, 1, 2016)


@pytest.fixture(scope="module", params=SEEDS)
def lives(request: pytest.FixtureRequest) -> list[Life]:
    return simulate(request.param, UNTIL)


def counted(lives: list[Life]) -> dict[int, Counter[str]]:
    """Visits of at least an hour, by year and family."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for life in lives:
        for call in life.calls:
            if call.made is Made.COUNTED and life.programme == "nye_familier":
                found[call.on.year][life.key] += 1
    return found


def families_and_visits(lives: list[Life], first: int, last: int) -> tuple[int, int]:
    years = counted(lives)
    together = sum((years[year] for year in range(first, last + 1)), Counter[str]())
    return len(together), sum(together.values())


def test_the_pilot_reaches_222_families_in_1109_visits(lives):
    assert families_and_visits(lives, 2013, 2014) == (222, 1109)


def test_the_volumes_of_2018_and_2019_are_the_published_ones(lives):
    assert families_and_visits(lives, 2018, 2018)[1] == figure("visits-2018")
    assert families_and_visits(lives, 2019, 2019) == (3616, 6077)


def test_the_four_years_together_are_the_published_ones(lives):
    assert families_and_visits(lives, 2016, 2019) == (5692, 14920)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2013, 1, 1), date(2016, 11, 30)),  # as it stood in November 2016
        (date(2015, 12, 1), date(2016, 11, 30)),  # the last twelve months then
        (date(2013, 1, 1), date(2016, 12, 31)),  # the whole years that are published today
        (date(2016, 1, 1), date(2016, 12, 31)),
    ],
)
def test_83_of_100_in_stovner_say_yes_however_november_2016_is_read(lives, first, last):
    known = [one for one in lives if one.bydel == "11" and first <= one.identified <= last]
    accepted = [one for one in known if one.accepts and one.enrolled <= max(last, UNTIL)]

    assert round(100 * len(accepted) / len(known)) == figure("stovner-uptake")


def test_what_stovner_answered_until_november_2016_was_answered_by_then(lives):
    then = date(2016, 11, 30)
    known = [one for one in lives if one.bydel == "11" and one.identified <= then]

    assert all(one.enrolled <= then for one in known if one.accepts)


def test_the_same_seed_gives_the_same_city():
    assert simulate(7, date(2016, 12, 31)) == simulate(7, date(2016, 12, 31))


def test_another_seed_gives_other_families():
    assert simulate(7, date(2015, 1, 1)) != simulate(8, date(2015, 1, 1))


def test_nobody_joins_before_the_programme_came_to_the_bydel(lives):
    begun = {life.bydel for life in lives if life.identified < date(2016, 8, 1)}

    assert begun == {"11", "01", "15"}
    assert {one.programme for one in lives if one.bydel == "01" and one.identified.year < 2019} == {
        "nfp"
    }
