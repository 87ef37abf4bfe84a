"""Fixtures of the door's tests: two devices of one nurse's."""

import pytest

from tests.pockets import Phone


@pytest.fixture
def phone(city) -> Phone:
    return Phone(city, city.ours)


@pytest.fixture
def other(city) -> Phone:
    """The same nurse's tablet: another device, which has not seen what the phone did."""
    return Phone(city, city.ours)
