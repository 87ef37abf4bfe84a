"""Back-pressure: a bounded number at once, a bounded rate for each, and a time to come back."""

from collections.abc import Callable
from threading import Event, Thread

import pytest

from api.sync.pacing import Gate, Pace, jitter
from nyefamilier.kernel.errors import TooMany, Unavailable


class Watch:
    """A stopwatch that a test moves."""

    seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def watch():
    return Watch()


def refused(step: Callable[[], None]) -> float:
    """For how long *step* is refused; 0 if it is not."""
    try:
        step()
    except (TooMany, Unavailable) as refusal:
        return refusal.wait.total_seconds()
    return 0


def test_a_phone_comes_thirty_times_a_minute_and_is_told_when_again(watch):
    pace = Pace(30, stopwatch=watch)
    assert [refused(lambda: pace.step("a")) for _ in range(30)] == [0] * 30
    assert refused(lambda: pace.step("a")) == pytest.approx(2)
    watch.seconds += 2
    assert refused(lambda: pace.step("a")) == 0
    assert refused(lambda: pace.step("a")) > 0


def test_being_refused_costs_no_turn(watch):
    pace = Pace(30, stopwatch=watch)
    for _ in range(100):
        refused(lambda: pace.step("a"))
    watch.seconds += 2
    assert refused(lambda: pace.step("a")) == 0


def test_one_phone_does_not_slow_another(watch):
    pace = Pace(1, stopwatch=watch)
    pace.step("a")
    assert refused(lambda: pace.step("a")) > 0
    assert refused(lambda: pace.step("b")) == 0


def test_a_long_pause_is_worth_a_minute_and_no_more(watch):
    pace = Pace(3, stopwatch=watch)
    pace.step("a")
    watch.seconds += 100_000
    assert [refused(lambda: pace.step("a")) > 0 for _ in range(4)] == [False, False, False, True]


def test_what_is_remembered_of_keys_is_bounded(watch, monkeypatch):
    monkeypatch.setattr("api.sync.pacing._MOST_KEYS", 10)
    pace = Pace(30, stopwatch=watch)
    for key in range(1000):
        pace.step(key)
    assert len(pace._left) == 10


def test_a_place_that_is_given_back_is_free_again():
    gate = Gate(1, patience=0)
    for _ in range(5):
        gate.leave(gate.enter())


def test_whoever_finds_no_place_is_told_when_to_come_back():
    gate = Gate(2, patience=0)
    gate.enter()
    gate.enter()
    assert refused(gate.enter) >= 1
    gate.leave(0)
    assert refused(gate.enter) == 0


def test_one_who_waits_gets_the_place_that_becomes_free():
    gate, waiting, entered = Gate(1, patience=30), Event(), Event()
    gate.enter()

    def wait() -> None:
        waiting.set()
        gate.enter()
        entered.set()

    thread = Thread(target=wait)
    thread.start()
    assert waiting.wait(30)
    gate.leave(0)
    assert entered.wait(30)
    thread.join()


def test_no_more_wait_than_are_at_work():
    gate = Gate(1, patience=30)
    gate.enter()
    started = Event()

    def wait() -> None:
        started.set()
        gate.enter()

    thread = Thread(target=wait)
    thread.start()
    assert started.wait(30)
    while gate._places._value:  # until it has its place in the line
        pass
    assert refused(gate.enter) > 0
    gate.leave(0)
    thread.join()


def test_the_more_work_is_turned_away_the_further_apart_it_comes_back(watch):
    gate = Gate(2, patience=0, stopwatch=watch)
    began = gate.enter()
    watch.seconds += 1  # a request takes a second
    gate.leave(began)
    gate.enter()
    gate.enter()
    few = gate._seconds_for_all()
    for _ in range(30):
        refused(gate.enter)
    many = gate._seconds_for_all()
    for _ in range(500):
        refused(gate.enter)
    assert (few, many, gate._seconds_for_all()) == (5, 30, 60)
    watch.seconds += 20
    assert gate._seconds_for_all() == 5


def test_before_anything_was_measured_there_is_an_estimate():
    gate = Gate(1, patience=0)
    gate.enter()
    for _ in range(100):
        refused(gate.enter)
    assert gate._seconds_for_all() == 20


def test_times_to_come_back_are_spread_and_never_at_once():
    waits = {jitter(60).total_seconds() for _ in range(300)}
    assert len(waits) > 20
    assert min(waits) >= 1
    assert max(waits) <= 60
