"""The charts in a report's PDF: those of the pages, of what was released, with what they show."""

from __future__ import annotations

import pytest

from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.uptake.service import load
from tests.api.test_estimates import course
from tests.releasing import release_now

CHART = b"/Alt "
"""Every chart has words beside it; a picture is two images, one of them its transparency."""


@pytest.fixture
def lead(reader):
    return reader(Role.LEAD)


@pytest.fixture
def visited(programme):
    """Families of Stovner with a child born in a year, who were visited."""

    def tell(year, families):
        with programme.work(SYSTEM, "test") as work:
            load(work, [fact for _ in range(families) for fact in course(year)])
        release_now(programme)

    return tell


def pdf(lead, path):
    answer = lead.client.get(path)
    assert answer.status_code == 200
    return answer.get_data()


def test_a_report_of_a_year_with_births_has_the_charts_of_the_pages(lead, visited):
    visited(2021, 24)
    found = pdf(lead, "/reports/11/2021.pdf")
    # From birth to visit, the newborn visit, and visits per family.
    assert found.count(CHART) == 3
    assert b"/Subtype /Image" in found
    assert pdf(lead, "/reports/11/2021.pdf") == found, "the same figures are the same file"
    assert pdf(lead, "/reports/oslo/2021.pdf").count(CHART) == 3


def test_a_report_of_nobody_has_no_chart(lead, visited):
    visited(2020, 12)
    assert pdf(lead, "/reports/06/2019.pdf").count(CHART) == 0
