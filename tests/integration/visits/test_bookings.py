"""Sixteen clients and four phones that were offline book the same nurses' hours at once.

A few hundred operations in every run of the tests; `make bookings` has 10,000.
"""

import os

import pytest
from sqlalchemy import text

from tests.integration.visits.bookings import Bookings

OPERATIONS = int(os.environ.get("NYEFAMILIER_TEST_BOOKINGS", "200"))


@pytest.fixture
def bookings(real_city) -> Bookings:
    return Bookings(real_city, seed=4)


def test_no_nurse_has_two_appointments_at_once_none_is_lost_and_each_refusal_says_why(bookings):
    bookings.run(OPERATIONS)
    print(dict(bookings.told))  # noqa: T201 - what became of them, for a long run

    assert bookings.unexplained == []
    assert bookings.collisions() == 0
    assert bookings.strays() == 0
    assert bookings.lost() == []
    assert bookings.held_and_gone() == set()
    assert bookings.told["applied"] > 0
    assert bookings.told["time-taken"] > 0
    assert bookings.told["held"] > 0


def test_without_the_constraint_nurses_are_to_be_at_two_places(bookings):
    with bookings.city.programme.engine.begin() as connection:
        gone = "ALTER TABLE appointment DROP CONSTRAINT ex_appointment_one_at_a_time"
        connection.execute(text(gone))
    bookings.run(OPERATIONS)

    assert bookings.collisions() > 0
