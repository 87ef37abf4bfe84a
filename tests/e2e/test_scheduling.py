"""The pages about time can be read by everybody, on a wide screen and a narrow one."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_forecast_of_newborn_visits_is_accessible_in_both_languages(arrives, language):
    lead = arrives("stovner.leder")
    lead.speaks(language)
    lead.goto("/newborns")

    assert lead.accessible() == []
    assert lead.complaints == []
