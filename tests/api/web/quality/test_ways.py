"""From birth to visit, the dose, and who is still active: counts that add up, or are hidden."""

from __future__ import annotations

import pytest

from api.web.quality import cohort, retention
from nyefamilier.uptake.estimating import eligible
from nyefamilier.uptake.sheets import Shown
from nyefamilier.uptake.survival import Interval, life_table
from tests.api.web.quality.released import ALNA, STOVNER, question, sheet

pytestmark = pytest.mark.usefixtures("speaking")

FAMILIES = {
    "born": 120, "not_offered": 10, "offered": 110, "accepted": 88, "declined": 9, "later": 6,
    "unanswered": 7, "visited": 80, "not_visited": 8,
}  # fmt: skip
ACTIVE = {
    "accepted": 100, "active_3": 80, "left_before_3": 10, "moved_or_lost_before_3": 5,
    "younger_than_3": 5, "active_12": 60, "left_before_12": 8, "moved_or_lost_before_12": 6,
    "younger_than_12": 6, "active_24": 40, "left_before_24": 8, "moved_or_lost_before_24": 6,
    "younger_than_24": 6,
}  # fmt: skip


def funnel(counts, own=STOVNER, with_nfp=None):
    found = {"funnel": [sheet("funnel", {STOVNER: counts})]}
    if with_nfp is not None:
        found["followed_by_nfp"] = [sheet("followed_by_nfp", {STOVNER: with_nfp})]
    return cohort.sections(question(own), found)[0]


def curve(counts, own=STOVNER):
    sheets = {"active": [sheet("active", {STOVNER: counts, ALNA: ACTIVE})]}
    return retention.sections(question(own), sheets)[0]


def test_the_way_is_told_in_one_sentence():
    assert funnel(FAMILIES).finding == (
        "Stovner: Av 120 familier som fikk barn dette året, har 110 fått tilbud, 88 takket ja og "
        "80 fått besøk."
    )


def test_each_step_is_a_share_of_the_one_before_it_and_the_first_of_none():
    rows = {row.code: row.cells for row in funnel(FAMILIES).table.rows}

    assert rows["born"] == (Shown(120), "–")
    assert rows["accepted"][1].value == pytest.approx(88 / 110)
    assert rows["visited"][1].value == pytest.approx(80 / 88)


def test_a_hidden_reason_is_hidden_in_chart_and_table_and_the_steps_are_shown():
    told = funnel(FAMILIES | {"declined": None, "later": None})
    rows = {row.code: row.cells for row in told.table.rows}

    assert rows["declined"] == (Shown(None), None)
    assert "Takket nei: skjult" in told.figure.wide
    assert "88 takket ja" in told.finding


def test_a_hidden_step_is_not_told():
    told = funnel(FAMILIES | {"visited": None, "not_visited": None})

    assert told.finding == "Stovner: Noen av trinnene er skjult, så ingen små tall kan leses ut."


def test_a_bydel_without_births_has_no_families_yet():
    told = funnel(dict.fromkeys(FAMILIES, 0))

    assert told.finding == "Stovner: Ingen familier ennå."
    assert told.table is None
    assert told.figure is None


@pytest.mark.parametrize("number", [31, 0, None])
def test_families_that_nfp_follows_have_a_line_of_their_own_and_no_bar(number):
    told = funnel(FAMILIES, with_nfp={"covered_by_nfp": number})
    last = told.table.rows[-1]

    assert (last.code, last.name) == ("covered_by_nfp", "Følges av Sammen på vei (NFP) i stedet")
    assert last.cells == (Shown(number), "–")
    assert "Følges av" not in told.figure.wide
    assert told.finding == funnel(FAMILIES).finding


def test_before_the_first_release_of_them_there_is_no_such_line():
    assert "covered_by_nfp" not in {row.code for row in funnel(FAMILIES).table.rows}


def test_a_bydel_where_nfp_follows_all_has_no_families_yet_and_says_who_follows_them():
    none = dict.fromkeys(FAMILIES, 0)
    told = funnel(none, with_nfp={"covered_by_nfp": 12})

    assert told.finding == "Stovner: Ingen familier ennå."
    assert told.figure is None
    assert told.table.rows[-1].cells == (Shown(12), "–")
    assert funnel(none, with_nfp={"covered_by_nfp": 0}).table is None


def test_the_most_frequent_dose_is_told_without_a_norm():
    doses = {"accepted": 88, "visits_0": 8, "visits_1": 20, "visits_2_3": 40, "visits_4_6": 15,
             "visits_7_or_more": 5}  # fmt: skip
    told = cohort.dose_section(question(), {"dose": [sheet("dose", {STOVNER: doses})]})

    assert told.finding == "Stovner: Det vanligste er 2 eller 3 besøk (40 av 88 familier)."
    assert "ikke noe riktig antall" in told.caption


def test_the_curve_is_that_of_the_life_table():
    shares = life_table(100, [Interval(10, 10), Interval(8, 12), Interval(8, 12)])
    told = curve(ACTIVE)

    assert [row.cells[5] for row in told.table.rows] == shares
    assert told.finding.startswith("Stovner: 68")
    assert "24 måneder" in told.finding
    assert "kan ikke skilles fra Oslo" in told.finding


def test_the_curve_goes_as_far_as_its_counts_are_shown():
    told = curve(ACTIVE | {"left_before_12": None, "moved_or_lost_before_12": None})
    shares = [row.cells[5] for row in told.table.rows]

    assert shares[0] is not None
    assert shares[1:] == [None, None]
    assert "3 måneder" in told.finding


def test_a_curve_of_hidden_counts_is_not_drawn_for_the_bydel():
    told = curve(dict.fromkeys(ACTIVE) | {"accepted": None})

    assert told.finding == "Stovner: Tallene er for små til å vises."
    assert "Stovner" not in told.figure.wide


def test_few_families_have_no_curve():
    few = dict.fromkeys(ACTIVE, 0) | {"accepted": 9, "active_3": 9, "active_12": 9, "active_24": 9}

    assert curve(few).finding == "Stovner: Tallene er for små til å vises."


def test_nobody_who_said_yes_is_no_families_yet():
    assert curve(dict.fromkeys(ACTIVE, 0)).finding == "Stovner: Ingen familier ennå."


def test_a_year_that_is_not_released_says_so():
    for told in (cohort.sections(question(), {})[0], retention.sections(question(), {})[0]):
        assert told.finding == "Ingenting er offentliggjort for 2025 ennå."


def test_the_way_begins_with_the_estimated_target_group_and_its_range():
    told = funnel(FAMILIES)
    rows = {row.code: row for row in told.table.rows}

    first = told.table.rows[0]
    assert (first.code, first.name) == ("estimated_eligible", "I målgruppen (anslag)")
    of = eligible(STOVNER, 2025)
    assert first.cells == (Shown(of.value), "–")
    assert f"mellom {of.low} og {of.high}" in first.remark
    found = rows["estimated_reach"].cells[1]
    assert (found.value, found.low, found.high) == pytest.approx(
        (80 / of.value, 80 / of.high, 80 / of.low)
    )
    assert "anslag og ingen statistikk" in told.notes[-1]
    assert "I målgruppen (anslag)" in told.figure.wide


def test_a_year_that_is_under_way_has_no_reach_of_a_whole_years_estimate():
    sheets = {"funnel": [sheet("funnel", {STOVNER: FAMILIES}, year=2026)]}
    told = cohort.sections(question(year=2026), sheets)[0]

    assert told.table.rows[0].code == "estimated_eligible"
    assert "estimated_reach" not in {row.code for row in told.table.rows}


def test_reach_is_not_told_where_the_visited_are_hidden():
    told = funnel(FAMILIES | {"visited": None, "not_visited": None})

    assert "estimated_reach" not in {row.code for row in told.table.rows}
