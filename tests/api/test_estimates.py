"""The estimated target group and reach of it over REST: beside what was counted, and told apart."""

from datetime import date
from uuid import uuid4

import pytest

from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.offers.events import ChildBorn, FamilyIdentified, OfferAnswered, OfferMade
from nyefamilier.offers.states import Answer, Basis, Channel
from nyefamilier.uptake.estimating import eligible
from nyefamilier.uptake.service import load
from nyefamilier.visits.events import VisitDone
from tests.api.conftest import FOR_A_YEAR
from tests.api.homes import refusal
from tests.releasing import release_now

AT = "/api/v1/statistics"
STOVNER = BydelNumber("11")


@pytest.fixture
def planner(caller):
    return caller(Role.PLANNER, lifetimes=FOR_A_YEAR)


@pytest.fixture
def visited(programme):
    """Families of Stovner with a child born in a year, who said yes and were visited."""

    def tell(year, families):
        with programme.work(SYSTEM, "test") as work:
            load(work, [fact for _ in range(families) for fact in course(year)])
        release_now(programme)

    return tell


def course(year):
    key, month, basis = uuid4(), date(year, 3, 1), Basis.FIRST_CHILD
    yield FamilyIdentified(key, STOVNER, month, basis)
    yield OfferMade(key, STOVNER, month, "nye_familier", basis, Channel.MIDWIFE)
    yield OfferAnswered(key, STOVNER, month, "nye_familier", Answer.YES)
    yield ChildBorn(key, STOVNER, month, None)
    yield VisitDone(
        key, STOVNER, month, "nye_familier", "nyfodt", 75, True, ("programvisit",), True, False
    )


def line_of(sheet, code):
    return next(one for one in sheet["lines"] if one["code"] == code)


def test_the_way_from_birth_to_visit_has_its_estimates_with_range_source_and_definition(
    planner, visited
):
    visited(2018, 24)
    found = planner("GET", f"{AT}/funnel?year=2018").json
    (sheet,) = found["sheets"]
    known = eligible(STOVNER, 2018)

    (told,) = found["estimates"]
    assert (told["indicator"], told["is_estimate"]) == ("estimated_eligible", True)
    assert told["definition"] == "/api/v1/indicators/estimated_eligible"
    assert planner("GET", told["definition"]).json["source"] == told["source"]
    (share,) = found["shares_of_estimates"]
    assert share == {
        "indicator": "estimated_reach",
        "definition": "/api/v1/indicators/estimated_reach",
        "numerator": ["visited"],
        "denominator": "estimated_eligible",
    }
    line = line_of(sheet, "11")
    assert line["estimates"]["estimated_eligible"] == {
        "value": known.value, "low": known.low, "high": known.high,
    }  # fmt: skip
    reach = line["shares_of_estimates"]["estimated_reach"]
    assert (reach["said"], reach["numerator"]["value"]) == ("shown", 24)
    assert reach["value"] == pytest.approx(24 / known.value)
    assert (reach["low"], reach["high"]) == pytest.approx((24 / known.high, 24 / known.low))
    city = sheet["total"]["estimates"]["estimated_eligible"]
    assert city["value"] == eligible(None, 2018).value


def test_reach_is_not_told_where_the_visited_are_hidden_nor_where_nobody_was_born(planner, visited):
    visited(2017, 3)
    (sheet,) = planner("GET", f"{AT}/funnel?year=2017").json["sheets"]
    hidden = line_of(sheet, "11")["shares_of_estimates"]["estimated_reach"]
    nobody = line_of(sheet, "12")["shares_of_estimates"]["estimated_reach"]

    assert (hidden["said"], hidden["value"], hidden["low"], hidden["high"]) == (
        "hidden", None, None, None,
    )  # fmt: skip
    assert hidden["numerator"]["is_hidden"]
    assert (nobody["said"], nobody["value"]) == ("nobody", None)
    unaddressed = line_of(sheet, "99")
    assert unaddressed["estimates"]["estimated_eligible"] is None


def test_a_part_of_a_year_is_no_share_of_a_whole_years_estimate(planner, visited, clock):
    year = clock.today.year
    visited(year, 24)
    (sheet,) = planner("GET", f"{AT}/funnel?year={year}").json["sheets"]
    line = line_of(sheet, "11")

    assert line["estimates"]["estimated_eligible"]["value"] > 0
    assert line["shares_of_estimates"]["estimated_reach"]["said"] == "year-under-way"
    clock.forward(days=320)
    (then,) = planner("GET", f"{AT}/funnel?year={year}&as_of={sheet['released']}").json["sheets"]
    (now,) = planner("GET", f"{AT}/funnel?year={year}").json["sheets"]
    for one, said in ((then, "year-under-way"), (now, "shown")):
        assert line_of(one, "11")["shares_of_estimates"]["estimated_reach"]["said"] == said


def test_an_estimate_is_asked_for_by_its_own_name(planner, visited):
    visited(2016, 24)
    reach = planner("GET", f"{AT}/funnel?year=2016&area=11&indicator=estimated_reach").json
    whole = planner("GET", f"{AT}/funnel?year=2016&area=11&indicator=estimated_eligible").json

    assert [one["code"] for one in reach["columns"]] == ["visited"]
    assert (reach["shares"], len(reach["shares_of_estimates"])) == ([], 1)
    assert (whole["columns"], whole["shares"], whole["shares_of_estimates"]) == ([], [], [])
    (line,) = whole["sheets"][0]["lines"]
    assert (line["counts"], list(line["estimates"])) == ({}, ["estimated_eligible"])


def test_what_has_no_estimate_has_none_and_says_so(planner, visited):
    visited(2015, 12)
    found = planner("GET", f"{AT}/uptake?year=2015").json
    assert (found["estimates"], found["shares_of_estimates"]) == ([], [])
    line = line_of(found["sheets"][0], "11")
    assert (line["estimates"], line["shares_of_estimates"]) == ({}, {})
    refused = refusal(planner("GET", f"{AT}/uptake?year=2015&indicator=estimated_reach"))
    assert refused == (422, "unknown-indicator", "/indicator")
