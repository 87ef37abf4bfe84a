"""What the package tells of the bydeler besides their boundaries."""

from __future__ import annotations

from datetime import date

from nyefamilier.bydeler import service
from nyefamilier.kernel.ids import BydelNumber


def test_every_bydel_has_had_the_programme_since_the_autumn_of_2019():
    bydeler = [BydelNumber(f"{number:02}") for number in range(1, 16)]
    had = {
        year: sum(
            service.has_programme(bydel, "nye_familier", date(year, 12, 31)) for bydel in bydeler
        )
        for year in (2012, 2013, 2016, 2017, 2018, 2019)
    }
    assert had == {2012: 0, 2013: 1, 2016: 3, 2017: 7, 2018: 11, 2019: 15}


def test_a_bydel_that_no_source_names_is_labelled_an_assumption():
    assumed = [row for row in service.rollout() if row.is_assumed]
    assert len(assumed) == 8
    assert {row.label[:27] for row in assumed} == {"assumption: names not found"}


def test_estimates_say_that_they_are():
    assert len(service.estimates()) == 17
    assert all(row.label.startswith("estimate") for row in service.estimates() if row.bydel < "16")
