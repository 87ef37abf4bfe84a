"""Development over time: signals in words, by a baseline that does not move, never a cause."""

from __future__ import annotations

import pytest

from api.web.quality.time import TERTIALS, YEARS, sections
from nyefamilier.uptake.sheets import AREA
from tests.api.web.quality.released import STOVNER, question, sheet

pytestmark = pytest.mark.usefixtures("speaking")
LEVEL, LOW, HIGH, GONE = (50, 60), (30, 60), (60, 60), (None, None)


def years(*counts, line=STOVNER):
    return {
        "uptake": [
            sheet("uptake", {line: {"accepted": part, "offered": whole}}, year)
            for year, (part, whole) in enumerate(counts, 2014)
        ]
    }


def tertials(*counts):
    sheets = []
    for year in range((len(counts) + 2) // 3):
        lines = {
            f"t{number}": {"accepted": part, "offered": whole}
            for number, (part, whole) in enumerate(counts[year * 3 : year * 3 + 3], 1)
        }
        sheets.append(sheet("uptake_by_tertial", lines, 2016 + year, STOVNER))
    return {"uptake_by_tertial": sheets}


def of(code, found, own=STOVNER):
    return next(one for one in sections(question(own), found) if one.code == code)


def test_years_that_vary_by_chance_alone_give_no_signal():
    told = of("uptake", years(*[LEVEL, (52, 60), (48, 60)] * 3))

    assert told.finding.startswith("Stovner: Ingen signaler.")
    assert all(row.cells[4] == "" for row in told.table.rows)


def test_a_year_beyond_its_limits_is_named_and_no_cause_is_given():
    told = of("uptake", years(*[LEVEL] * YEARS, LOW))

    assert "Under grensene: 2019." in told.finding
    assert told.finding.endswith("Figuren sier ikke hvorfor.")
    assert told.table.rows[-1].cells[4] == "utenfor grensene"
    assert 'aria-roledescription="periode"' in told.figure.wide


def test_a_year_above_is_told_as_above():
    assert "Over grensene: 2019." in of("uptake", years(*[LEVEL] * YEARS, HIGH)).finding


def test_eight_in_a_row_on_one_side_are_told_with_their_first_and_last():
    told = of("uptake", years(*[LEVEL] * YEARS, *[(53, 60)] * 8))

    assert "8 perioder på rad over, fra 2019 til 2026." in told.finding
    assert told.table.rows[-1].cells[4] == "en av mange på rad"


def test_a_bydel_is_followed_by_tertial_and_the_city_is_not():
    told = of("uptake_by_tertial", tertials(*[LEVEL] * TERTIALS, LOW))

    assert "Under grensene: 1. tertial 2019." in told.finding
    assert told.table.rows[0].code == "2016-t1"
    assert not any(one.code.endswith("_by_tertial") for one in sections(question(None), {}))


@pytest.mark.parametrize(
    ("tabulation", "code", "part", "others"),
    [
        ("newborn_visit_by_tertial", "newborn_visit_by_tertial", "in_time", "not_in_time"),
        ("continuity_by_tertial", "own_nurse_by_tertial", "own_nurse", "another_nurse"),
    ],
)
def test_other_shares_are_followed_by_tertial_too(tabulation, code, part, others):
    def year(number, *shares):
        lines = {
            f"t{at}": {part: own, others: 60 - own, "visits": 60}
            for at, own in enumerate(shares, 1)
        }
        return sheet(tabulation, lines, number, STOVNER)

    told = of(
        code, {tabulation: [*(year(one, 50, 51, 49) for one in (2016, 2017, 2018)), year(2019, 30)]}
    )

    assert "Under grensene: 1. tertial 2019." in told.finding
    assert told.finding.endswith("Figuren sier ikke hvorfor.")
    assert [row.code for row in told.table.rows][-1] == "2019-t1"
    assert told.figure is not None


def test_answers_and_first_visits_are_followed_year_by_year():
    codes = [one.code for one in sections(question(), {})]
    assert {"answered_in_time", "offer_to_visit"} < set(codes)


def test_what_is_hidden_is_marked_as_such_and_is_no_part_of_the_baseline():
    told = of("uptake", years(LEVEL, GONE, *[LEVEL] * 3))

    assert "4 perioder kan vises. Det trengs 5" in told.finding
    assert "Skjult, så ingen små tall kan leses ut: 2015." in told.notes
    assert "2015: skjult" in told.figure.wide
    assert told.table.rows[1].cells[3] is None


def test_years_before_the_first_family_and_after_the_last_are_left_out():
    told = of("uptake", years((0, 0), (0, 0), *[LEVEL] * YEARS, (0, 0)))

    assert [row.code for row in told.table.rows] == ["2016", "2017", "2018", "2019", "2020"]


def test_a_bydel_without_families_has_none_yet():
    told = of("uptake", years((0, 0), (0, 0)))

    assert told.finding == "Stovner: ingen familier ennå."
    assert told.figure is None
    assert told.table is None


def test_two_periods_are_told_in_words_and_not_drawn():
    told = of("uptake", years(LEVEL, GONE, HIGH))
    assert "2 perioder kan vises. 2014: 83\xa0%; 2016: 100\xa0%." in told.finding
    assert told.figure is None
    assert of("uptake", years(LEVEL, GONE, HIGH, LEVEL)).figure is not None


def test_hidden_periods_in_a_row_are_told_by_the_first_and_the_last():
    [note] = of("uptake", years(LEVEL, GONE, GONE, GONE, LEVEL, GONE, GONE)).notes
    assert note.endswith("fra 2015 til 2017, 2019, 2020.")


def test_where_all_is_hidden_nothing_is_drawn():
    told = of("uptake", years(GONE, GONE))

    assert told.finding == "Stovner: Tallene er for små til å vises."
    assert told.figure is None


def test_of_the_whole_city_the_page_says_that_narrow_limits_mean_little():
    found = years(*[(2400, 3000)] * YEARS, (2350, 3000), line=AREA)
    told = of("uptake", found, own=None)

    assert any("Små forskjeller havner utenfor" in note for note in told.notes)


def test_where_everybody_said_yes_at_first_there_is_no_limit_and_still_a_chart():
    told = of("uptake", years(*[HIGH] * (YEARS + 1)))

    assert told.finding.startswith("Stovner: I de første periodene er andelen 100")
    assert "100" in told.figure.wide
