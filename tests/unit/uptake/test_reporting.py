"""A report says what released sheets say, of the period that was asked for, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.estimating import eligible
from nyefamilier.uptake.reporting import (
    UPTAKE,
    YEARLY,
    Part,
    ReportPeriod,
    parsed,
    report,
    require_over,
)
from nyefamilier.uptake.sheets import AREA, Behind, Sheet, Shown
from nyefamilier.uptake.tabulations import BY_ID, By

STOVNER = BydelNumber("11")
RELEASED = date(2026, 9, 7)
BEHIND = (Behind(STOVNER, 4, 1, 3), Behind(None, 9, 2, 5))


def sheets(counts=None, *, year=2025, held=None):
    """Finds sheets in which every column of Stovner's and the tertials' lines has 20."""
    asked = []

    def found(tabulation):
        asked.append(tabulation)
        columns = {one.code: Shown(20, held) for one in BY_ID[tabulation].columns}
        columns |= {code: Shown(value) for code, value in (counts or {}).items()}
        lines = dict.fromkeys((STOVNER, "t1", "t2", "t3", AREA), columns)
        area = STOVNER if BY_ID[tabulation].by is By.TERTIAL else None
        return Sheet(tabulation, year, area, RELEASED, 2, lines, BEHIND)

    return found, asked


def reported(period, **more):
    found, asked = sheets(year=period.year, **more)
    uptake = found("uptake" if period.part is Part.YEAR else "uptake_by_tertial")
    return report(STOVNER, period, uptake, found), asked


def figures(told):
    return {one.code: one for section in told.sections for one in section.figures}


@pytest.mark.parametrize(
    ("part", "first", "last"),
    [
        ("year", (1, 1), (12, 31)),
        ("t1", (1, 1), (4, 30)),
        ("t2", (5, 1), (8, 31)),
        ("t3", (9, 1), (12, 31)),
    ],
)
def test_a_period_has_the_days_that_bydeler_report_by(part, first, last):
    period = parsed("2025", part)
    assert (period.first_day, period.last_day) == (date(2025, *first), date(2025, *last))


def test_a_period_is_written_as_in_addresses():
    assert [str(ReportPeriod(2025, part)) for part in Part] == [
        "2025", "2025-t1", "2025-t2", "2025-t3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("year", "part", "pointer"),
    [
        ("25", "year", "/year"),
        ("x", "t1", "/year"),
        ("٢٠٢٥", "t1", "/year"),
        ("0000", "t1", None),
        ("2025", "t4", "/part"),
        ("2025", "03", "/part"),
        ("2025", "", "/part"),
    ],
)
def test_what_is_no_period_or_too_fine_is_refused_and_pointed_at(year, part, pointer):
    with pytest.raises(RuleBroken) as refusal:
        require_over(parsed(year, part), 2013, date(2026, 1, 1))
    assert refusal.value.code == "period-not-published"
    assert pointer is None or refusal.value.pointer == pointer


@given(st.text(max_size=6), st.text(max_size=4))
def test_no_words_in_an_address_are_anything_but_a_period_or_refused(year, part):
    try:
        period = parsed(year, part)
    except RuleBroken:
        return
    assert f"{period.year:04}" == year


def test_a_period_is_reported_from_the_day_after_it_and_says_until_when_it_lasts():
    period = ReportPeriod(2026, Part.T2)
    with pytest.raises(RuleBroken) as refusal:
        require_over(period, 2013, date(2026, 8, 31))
    assert refusal.value.code == "period-not-over"
    assert refusal.value.members == {"last_day": "2026-08-31"}
    require_over(period, 2013, date(2026, 9, 1))


def test_a_period_that_has_not_begun_is_in_the_future_and_one_before_the_programme_was_never():
    with pytest.raises(RuleBroken, match="not begun"):
        require_over(ReportPeriod(2027), 2013, date(2026, 9, 1))
    with pytest.raises(RuleBroken, match="2013"):
        require_over(ReportPeriod(2012), 2013, date(2026, 9, 1))


def test_a_year_is_read_off_the_bydels_line_and_asks_for_no_tertial():
    told, asked = reported(ReportPeriod(2025))
    assert "uptake_by_tertial" not in asked
    assert not any(section.is_whole_year for section in told.sections)
    assert (told.released, told.behind) == (RELEASED, BEHIND[0])


def test_a_tertial_has_its_own_uptake_and_says_that_the_rest_is_of_the_whole_year():
    told, asked = reported(ReportPeriod(2025, Part.T1))
    first, *rest = told.sections
    assert "uptake" not in asked
    assert (first.code, first.is_whole_year) == ("uptake", False)
    assert all(section.is_whole_year for section in rest)
    assert [section.code for section in rest] == list(YEARLY)


def test_a_figure_is_shown_only_if_its_counts_are_and_a_small_one_is_no_share():
    told, _ = reported(ReportPeriod(2025), counts={"declined": None, "offered": 25, "accepted": 22})
    found = figures(told)
    assert found["declined"].reading.part == Shown(None)
    assert found["declined"].reading.share is None
    assert found["accepted"].reading.share is None  # three of them did not
    assert found["eligible"].is_count


def test_kostra_is_of_all_births_whose_days_are_over_whatever_is_known_of_the_homecoming():
    counts = {"in_time": 80, "not_in_time": 20, "homecoming_unknown": 60, "too_early": 5}
    found = figures(reported(ReportPeriod(2025), counts=counts)[0])
    assert found["kostra_10"].reading.share.value == 0.8
    assert found["kostra_14"].reading.share.value == 0.5


def test_a_figure_is_missing_before_the_first_year_that_it_is_counted_for():
    told, _ = reported(ReportPeriod(2024))
    (kostra,) = [one for one in told.sections if one.code == "kostra"]
    assert kostra.missing == {"kostra_10": 2025}
    assert [one.code for one in kostra.figures] == ["kostra_14"]


def test_a_count_that_is_held_says_since_when():
    assert not reported(ReportPeriod(2025))[0].has_held
    assert reported(ReportPeriod(2025), held=date(2026, 6, 1))[0].has_held


def test_every_figure_is_read_off_columns_that_its_table_has():
    for asked in [*UPTAKE, *(one for several in YEARLY.values() for one in several)]:
        columns = {one.code for one in BY_ID[asked.tabulation].columns}
        assert {*asked.ratio.part, *asked.ratio.whole} <= columns, asked.code


def test_every_figure_has_a_name_of_its_own():
    codes = [one.code for one in [*UPTAKE, *(a for several in YEARLY.values() for a in several)]]
    assert len(set(codes)) == len(codes)


def test_what_was_never_released_is_said_to_be_so_and_is_no_zero():
    uptake = sheets()[0]("uptake")
    told = report(STOVNER, ReportPeriod(2025), uptake, lambda _: None)
    assert [one.code for one in told.sections if one.figures] == ["uptake"]
    kostra = next(one for one in told.sections if one.code == "kostra")
    assert kostra.unreleased == ("kostra_10", "kostra_14")


def test_the_funnel_begins_with_the_estimated_target_group_and_has_its_reach():
    told, _ = reported(ReportPeriod(2025))
    section = next(one for one in told.sections if one.code == "funnel")
    of = eligible(STOVNER, 2025)
    first = section.figures[:4]

    assert [(one.code, one.reading.part.value) for one in first] == [
        ("estimated_eligible", of.value),
        ("estimated_eligible_low", of.low),
        ("estimated_eligible_high", of.high),
        ("estimated_reach", 20),
    ]
    assert [one.is_estimate for one in section.figures[:5]] == [True] * 4 + [False]
    share = first[3].reading.share
    assert (share.value, share.low, share.high) == (20 / of.value, 20 / of.high, 20 / of.low)


def test_a_tertial_of_a_year_under_way_has_no_reach_of_the_whole_years_estimate():
    told, _ = reported(ReportPeriod(2026, Part.T1))

    assert "estimated_eligible" in figures(told)
    assert "estimated_reach" not in figures(told)


def test_a_hidden_number_of_visited_families_hides_reach():
    told, _ = reported(ReportPeriod(2025), counts={"visited": None})

    assert figures(told)["estimated_reach"].reading.share is None
