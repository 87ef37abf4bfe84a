"""Refusals travel: a worker process hands one to its parent as it was."""

import pickle
from datetime import timedelta

import pytest

from nyefamilier.kernel.errors import (
    Conflict,
    Malformed,
    NotAllowed,
    NotFound,
    Refusal,
    StaleVersion,
    TooMany,
)


@pytest.mark.parametrize(
    "refusal",
    [
        Malformed("not-json", "Mend the comma.", pointer="/visits/3"),
        NotFound("family", pointer="/family"),
        NotAllowed(),
        Conflict("mutation-id-reused", "Make another id."),
        StaleVersion(41),
        TooMany("too-many", "Wait.", wait=timedelta(seconds=3)),
    ],
    ids=lambda refusal: type(refusal).__name__,
)
def test_a_refusal_comes_out_of_another_process_as_it_went_in(refusal: Refusal):
    arrived = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - what we just wrote ourselves

    assert type(arrived) is type(refusal)
    assert vars(arrived) == vars(refusal)
    assert str(arrived) == str(refusal)
