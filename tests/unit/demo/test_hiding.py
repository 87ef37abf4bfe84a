"""What the city's early years look like when small numbers are hidden: Stovner is shown."""

from collections import Counter
from datetime import date

import pytest

from nyefamilier.demo.cohorts import OURS
from nyefamilier.demo.lives import Life, Reply
from nyefamilier.demo.simulating import simulate
from tests.unit.uptake.tallies import Tally, published, tally

ANSWERS = (Reply.YES, Reply.NO, Reply.LATER, Reply.NONE)


def tallies(lives: list[Life], years: range) -> list[Tally]:
    """What the database would count of these lives; being reached is taken to be a yes."""
    cells = Counter(
        (life.identified.year, life.bydel, life.reply if not life.accepts else Reply.YES)
        for life in lives
        if life.programme == OURS and life.identified.year in years
    )
    found = []
    for year, bydel in sorted({key[:2] for key in cells}):
        yes, no, later, none = (cells[year, bydel, one] for one in ANSWERS)
        found.append(tally(bydel, (yes, no, later, none), reached=yes, year=year))
    return found


@pytest.mark.parametrize("seed", [0, 5, 2016])
def test_stovners_uptake_until_2016_is_not_hidden_beside_its_neighbours(seed):
    counted = tallies(simulate(seed, date(2019, 12, 31)), range(2013, 2017))

    stovner, _ = published(counted, ["11"])
    assert stovner.uptake is not None
    assert f"{stovner.uptake.value:.0%}" == "83%"
    assert {one.bydel for one in counted} >= {"08", "13", "17"}  # and one of these is small
