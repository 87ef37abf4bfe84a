"""A share on a page is the share that the catalogue defines."""

from __future__ import annotations

import pytest

from api.web.quality.measures import BY_TERTIAL, TIMELINESS, VISITS, Measure
from nyefamilier.uptake.reading import catalogue
from nyefamilier.uptake.tabulations import BY_ID, By


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


@pytest.mark.parametrize("measure", BY_TERTIAL, ids=lambda one: one.code)
def test_a_share_by_tertial_is_made_of_what_is_released_by_tertial(measure: Measure) -> None:
    table = BY_ID[measure.tabulation]
    assert table.by is By.TERTIAL
    assert {*measure.ratio.part, *measure.ratio.whole} <= {one.code for one in table.columns}
