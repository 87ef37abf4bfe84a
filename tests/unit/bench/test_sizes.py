"""What is said of a small and a large city, and when they are asked for."""

from dataclasses import replace

import pytest

from bench.sync.cells import Sample
from bench.sync.options import read_options
from bench.sync.sizes import ratios
from bench.sync.turns import take_turns

SMALL = Sample(1.0, 100, 0.5, 0.1, [1.0] * 19 + [2.0], 0.0, 1.0, 1.0, 1.0)


def test_a_city_is_compared_by_its_slow_requests_its_usual_ones_and_its_work() -> None:
    large = replace(SMALL, waits=[1.5] * 18 + [9.0] * 2, cpu=1.0, foreign=0.3)
    slow, usual, work = ratios([SMALL, SMALL], [large, large])
    assert slow == pytest.approx(9 / 1.05, rel=0.2)
    assert (usual, work) == (1.5, 2.0)


def test_a_city_is_as_slow_as_itself() -> None:
    assert ratios([SMALL], [SMALL]) == (1.0, 1.0, 1.0)


def test_where_only_cities_are_asked_for_no_server_is_put_beside_ours() -> None:
    told = read_options(["--only", "sizes", "--times", "30"])
    assert (told.shares_beds, told.times) == (False, 30)
    assert read_options([]).shares_beds


class Bed:
    """Counts how often it is measured."""

    def __init__(self) -> None:
        self.place, self.turns = self, 0

    def settle(self) -> None:
        """Nothing is waiting to be written."""


class Counting:
    """A cell whose every run is told apart."""

    name = "counting"

    def measure(self, bed: Bed, times: int) -> Sample:
        bed.turns += 1
        return replace(SMALL, done=bed.turns, seconds=times / 10)


def test_servers_take_turns_and_the_first_turn_does_not_count() -> None:
    beds = [Bed(), Bed()]
    samples = take_turns(Counting(), beds, 3, 1.0)  # type: ignore[arg-type]
    assert [[one.done for one in of] for of in samples] == [[2, 3, 4], [2, 3, 4]]
