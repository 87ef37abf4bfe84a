"""One database holds one demonstration city, whenever it is loaded again."""

from datetime import timedelta

import pytest

from nyefamilier.demo.standing import stand
from nyefamilier.kernel.errors import Conflict
from tests.integration.demo.conftest import NOW, SEED


def test_a_city_stays_the_one_that_was_first_told(session):
    assert stand(session, SEED, NOW) == NOW
    assert stand(session, SEED, NOW + timedelta(days=1)) == NOW


def test_a_city_of_another_seed_is_not_loaded_on_top(session):
    stand(session, SEED, NOW)

    with pytest.raises(Conflict, match="another-city"):
        stand(session, SEED + 1, NOW)
