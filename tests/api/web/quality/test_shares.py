"""A share bydel by bydel: in their own order, no more than the interval bears, nothing hidden."""

from __future__ import annotations

import pytest

from api.web.quality.measures import TIMELINESS, VISITS
from api.web.quality.shares import share_section
from nyefamilier.uptake.sheets import Shown
from tests.api.web.quality.released import ALNA, GRORUD, STOVNER, question, sheet

NEWBORN = next(one for one in TIMELINESS if one.code == "newborn_visit")
KOSTRA = next(one for one in TIMELINESS if one.code == "kostra_10")
INTERPRETER = next(one for one in VISITS if one.code == "interpreter")
PERCENT = "\N{NO-BREAK SPACE}%"

pytestmark = pytest.mark.usefixtures("speaking")


def newborns(**more):
    lines = {
        STOVNER: {"born": 62, "in_time": 50, "not_in_time": 10, "too_early": 2},
        ALNA: {"born": 200, "in_time": 100, "not_in_time": 100, "too_early": 0},
        GRORUD: {"born": 30, "in_time": 24, "not_in_time": 6, "too_early": 0},
    }
    return {"newborn_visit": [sheet("newborn_visit", lines | more)]}


def section(found, **asked):
    return share_section(NEWBORN, question(**asked), found)


def test_the_readers_own_bydel_comes_first_and_the_others_by_number():
    table = section(newborns()).table

    assert [row.name for row in table.rows] == ["Stovner", "Grorud", "Alna"]
    assert [row.own for row in table.rows] == [True, False, False]
    assert table.total.name == "Oslo"


def test_who_is_too_young_is_in_no_denominator():
    own = section(newborns()).table.rows[0]

    assert own.cells[:2] == (Shown(50), Shown(60))
    assert own.cells[2].value == pytest.approx(50 / 60)


def test_a_share_beyond_the_citys_is_said_to_be_more():
    assert section(newborns()).finding == (
        f"Stovner: 83{PERCENT} av de nyfødte fikk besøk på dag 7 til 10. "
        f"Det er mer enn i Oslo samlet (60{PERCENT})."
    )


def test_a_share_whose_interval_holds_the_citys_cannot_be_told_apart():
    told = section(newborns(**{STOVNER: {"in_time": 12, "not_in_time": 8}})).finding

    assert "kan ikke skilles fra Oslo" in told


def test_without_a_bydel_it_is_the_citys_share():
    assert section(newborns(), own=None).finding.startswith("Oslo: 60")


def test_what_is_hidden_is_named_and_drawn_as_hidden_and_its_numbers_are_nowhere():
    hidden = {GRORUD: {"born": 4711, "in_time": None, "not_in_time": None, "too_early": 0}}
    told = section(newborns(**hidden))
    row = next(row for row in told.table.rows if row.code == GRORUD)

    assert row.cells == (Shown(None), Shown(None), None)
    assert "Skjult, så ingen små tall kan leses ut: Grorud." in told.notes
    assert "Grorud: skjult" in told.figure.wide
    assert "4711" not in told.figure.wide


def test_ones_own_hidden_bydel_is_told_with_the_citys_share():
    hidden = {STOVNER: {"in_time": None, "not_in_time": None}}

    assert section(newborns(**hidden)).finding.startswith("Tallene for Stovner er for små")


def test_a_bydel_without_families_has_none_yet_and_no_share():
    told = section(newborns(**{GRORUD: {"in_time": 0, "not_in_time": 0}}))
    row = next(row for row in told.table.rows if row.code == GRORUD)

    assert row.cells == ()
    assert row.remark == "ingen familier som kan telles ennå"
    assert "Ingen familier som kan telles ennå: Grorud." in told.notes
    assert "Grorud" not in told.figure.wide


def test_a_year_of_nobody_says_so_and_draws_nothing():
    told = section({"newborn_visit": [sheet("newborn_visit", {})]})

    assert told.finding == "Oslo: ingen familier som kan telles ennå."
    assert told.figure is None


def test_a_year_that_is_not_released_says_so():
    told = section({})

    assert told.finding == "Ingenting er offentliggjort for 2025 ennå."
    assert told.table is None


def test_a_measure_says_from_when_on_it_is_counted():
    told = share_section(KOSTRA, question(year=2024), {})

    assert told.finding == "Dette telles fra og med 2025."


def test_a_city_that_is_hidden_is_no_line_to_compare_with():
    lines = {STOVNER: {"in_time": 50, "not_in_time": 10}}
    whole = {"in_time": None, "not_in_time": None}
    told = section({"newborn_visit": [sheet("newborn_visit", lines, whole=whole)]})

    assert told.finding.endswith("dag 7 til 10.")
    assert "Oslo" not in told.figure.wide


def test_an_interpreter_is_a_share_of_the_visits_that_needed_one():
    lines = {STOVNER: {"visits": 300, "needed": 40, "qualified": 30, "unqualified": 10}}
    told = share_section(INTERPRETER, question(), {"interpreter": [sheet("interpreter", lines)]})

    assert told.table.rows[0].cells[:2] == (Shown(30), Shown(40))
