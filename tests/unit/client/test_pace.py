"""Phones that lost the server together do not come back together."""

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.client.pace import LONGEST_WAIT, Pace


def pace(chance=0.5):
    return Pace(lambda: 100.0, lambda: chance)


def test_the_waits_after_failures_double_to_a_quarter_of_an_hour():
    patient, waits = pace(), []
    for _ in range(12):
        patient.failed(None)
        waits.append(patient.left * 2)

    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == LONGEST_WAIT


@given(st.floats(0, 0.999), st.integers(1, 20), st.integers(0, 3600))
def test_a_wait_is_never_shorter_than_the_server_asks(chance, failures, after):
    patient = pace(chance)
    for _ in range(failures):
        patient.failed(after)

    assert after - 1e-6 <= patient.left <= after + LONGEST_WAIT


@given(st.floats(0, 0.999), st.floats(0, 0.999))
def test_two_phones_draw_their_waits_from_the_whole_span(one, other):
    first, second = pace(one), pace(other)
    first.failed(60)
    second.failed(60)

    assert (first.left == second.left) == (one == other) or abs(one - other) < 1e-9


def test_success_ends_the_doubling():
    patient = pace()
    for _ in range(5):
        patient.failed(None)
    patient.went_well(None)
    assert patient.left == 0
    patient.failed(None)

    assert patient.left == 1
