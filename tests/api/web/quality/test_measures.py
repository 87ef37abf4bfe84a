"""A share on a page is the share that the catalogue defines."""

from __future__ import annotations

import pytest

from api.web.quality.measures import TIMELINESS, VISITS, Measure
from nyefamilier.uptake.reading import catalogue


def columns(text: str | None) -> frozenset[str]:
    return frozenset((text or "").split(" + "))


@pytest.mark.parametrize("measure", [*TIMELINESS, *VISITS], ids=lambda one: one.code)
def test_a_share_on_a_page_is_one_that_the_catalogue_defines(measure: Measure) -> None:
    defined = {
        (columns(one.numerator), columns(one.denominator))
        for one in catalogue().items
        if one.tabulation == measure.tabulation
    }
    assert (frozenset(measure.ratio.part), frozenset(measure.ratio.whole)) in defined
