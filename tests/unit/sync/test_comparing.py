"""From what a phone has and what there is follows what it needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.sync.comparing import ANEW, FURTHEST, UP_TO_DATE, Has, Step, same_history, step
from nyefamilier.sync.snapshots import parts_of
from nyefamilier.wire.limits import PART_BYTES
from nyefamilier.wire.verdicts import ResetReason

HEAD, CHAIN, OTHER, SUM = 41, b"c" * 32, b"o" * 32, 7


class Thing:
    def __init__(self, size: int) -> None:
        self.size = size


@pytest.mark.parametrize(
    ("has", "expected"),
    [
        (None, ANEW),
        (Has(HEAD, CHAIN), UP_TO_DATE),
        (Has(HEAD, None), UP_TO_DATE),
        (Has(HEAD, CHAIN, SUM), UP_TO_DATE),
        (Has(HEAD, CHAIN, SUM + 1), Step(0, ResetReason.ROWS_DIFFER)),
        (Has(HEAD, OTHER, SUM), Step(0, ResetReason.DIVERGED)),
        (Has(HEAD + 1, CHAIN), Step(0, ResetReason.AHEAD)),
        (Has(HEAD - 1, OTHER), Step(HEAD - 1)),
        (Has(0, CHAIN), Step(0, ResetReason.DIVERGED)),
    ],
)
def test_each_standing_has_its_step(has, expected):
    assert step(HEAD, CHAIN, SUM, has) == expected


def test_a_phone_is_told_one_by_one_up_to_a_limit():
    assert step(FURTHEST + 1, CHAIN, SUM, Has(1, CHAIN)) == Step(1)
    assert step(FURTHEST + 2, CHAIN, SUM, Has(1, CHAIN)) == Step(0, ResetReason.TOO_FAR)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_histories_are_the_same_when_their_chains_are(one, other):
    assert same_history(Has(3, one), other) == (one == other)


@given(st.lists(st.integers(0, 2 * PART_BYTES)))
def test_parts_hold_everything_in_order_and_none_is_too_large_without_need(sizes):
    things = [Thing(size) for size in sizes]

    parts = parts_of(things)

    assert [one for part in parts for one in part] == things
    assert all(len(part) == 1 or sum(one.size for one in part) <= PART_BYTES for part in parts[:1])
    for part in parts[1:]:
        assert part
        assert len(part) == 1 or sum(one.size for one in part) <= PART_BYTES
