"""What a size holds, on any day that somebody may start the programme."""

from datetime import date

import pytest

from nyefamilier.demo.sizes import LATEST, STOVNER, Size, lives_of


@pytest.mark.parametrize(
    "today", [date(2026, 11, 22), date(2027, 1, 1), date(2028, 2, 29), date(2040, 12, 31)]
)
def test_the_small_city_can_be_told_on_any_day(today):
    lives = lives_of(Size.SMALL, 1, today)

    assert {STOVNER, *LATEST} <= {life.bydel for life in lives}
    assert max(life.identified for life in lives) <= today
