"""A document that was written to break the reader is refused like any other."""

from __future__ import annotations

import pytest

from nyefamilier.rollout.flaws import PlanFlawed
from nyefamilier.rollout.reading import read_toml

HUGE = "1" + "0" * 400


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 50_000,
        "schema = " + "1" * 5_000,
        f"months = {HUGE}",
        "months = 1e400",
        f'[assumptions.uptake]\nvalue = {HUGE}\nunit = "share"\nsource = "test"\nestimate = true',
        f"[[staffing]]\narsverk = {HUGE}",
        f"[births.city]\n{HUGE} = {HUGE}",
        "name = 1\nname = 2",
        "\x00",
    ],
)
def test_it_is_told_as_flaws(text):
    with pytest.raises(PlanFlawed):
        read_toml(text)


def test_a_text_holds_nothing_that_cannot_be_printed():
    with pytest.raises(PlanFlawed) as refused:
        read_toml('name = "A\\u0000B"')
    assert "/name" in [one.pointer for one in refused.value.flaws]
