"""Gaps between groups and needs by theme: with their intervals, by name, never as a ranking."""

from __future__ import annotations

import pytest

from api.web.quality import equity, needs
from nyefamilier.uptake.differences import difference
from nyefamilier.uptake.indicators import wilson
from nyefamilier.uptake.sheets import Shown
from tests.api.web.quality.released import STOVNER, question, sheet

pytestmark = pytest.mark.usefixtures("speaking")


def groups(**parts):
    return {code: {"accepted": yes, "offered": all_} for code, (yes, all_) in parts.items()}


APART = groups(norsk=(900, 1000), annet=(350, 400), tolk=(120, 200))


def by_language(lines, *more):
    found = {"uptake_by_language": [*more, sheet("uptake_by_language", lines)]}
    return equity.sections(question(), found)[0]


def test_a_gap_is_to_all_others_together_with_newcombes_interval():
    row = next(row for row in by_language(APART).table.rows if row.code == "tolk")

    assert row.cells[3] == difference(wilson(120, 200), wilson(1250, 1400))


def test_only_gaps_that_chance_hardly_explains_are_told_and_no_cause_is_given():
    told = by_language(groups(norsk=(900, 1000), annet=(351, 400), tolk=(179, 200))).finding

    assert told == "Ingen gruppe kan skilles fra alle andre. Forskjellene kan være tilfeldige."
    assert "trenger tolk −29,3 (" in by_language(APART).finding
    assert by_language(APART).finding.endswith("Figuren sier ikke hvorfor.")


def test_groups_stand_by_name_however_large_their_share():
    names = [row.name for row in by_language(APART).table.rows]

    assert names == sorted(names)


def test_a_gap_that_would_tell_of_few_others_is_not_shown():
    lines = groups(norsk=(900, 1000), tolk=(30, 32))
    lines["annet"] = {"accepted": None, "offered": None}
    whole = {"accepted": 932, "offered": 1035}
    told = equity.sections(
        question(), {"uptake_by_language": [sheet("uptake_by_language", lines, whole=whole)]}
    )[0]
    rows = {row.code: row.cells for row in told.table.rows}

    assert rows["annet"] == (Shown(None), Shown(None), None, None)
    assert rows["tolk"][3] is None


def test_the_year_before_is_set_beside_this_one_with_the_same_mix():
    before = sheet("uptake_by_language", groups(norsk=(80, 100), tolk=(10, 100)), 2024)
    now = groups(norsk=(90, 100), tolk=(60, 300))
    told = by_language(now, before)

    # 0.8 * 100 / 400 + 0.1 * 300 / 400 = 27.5 %
    assert any("andelen året før ha vært 28" in note for note in told.notes)


def test_a_mix_of_hidden_groups_is_not_computed():
    before = sheet("uptake_by_language", {"norsk": {"accepted": None, "offered": 100}}, 2024)

    assert not any("året før" in note for note in by_language(APART, before).notes)


def test_a_basis_has_its_words():
    lines = groups(forste_barn=(90, 100), flerbarn_utvidet_behov=(40, 60))
    found = {"uptake_by_basis": [sheet("uptake_by_basis", lines)]}
    told = equity.sections(question(), found)[-1]

    assert "Første barn" in [row.name for row in told.table.rows]


def test_groups_of_nobody_say_so():
    assert by_language(groups(norsk=(0, 0))).finding == "Oslo: ingen familier ennå."


def test_ten_days_by_language_are_told_from_when_on_they_are_counted():
    told = equity.sections(question(year=2024), {})[1]

    assert told.finding == "Dette telles fra og med 2025."


def test_needs_are_met_as_the_parents_say_and_themes_stand_by_name():
    theme = {"stated": 40, "reviewed": 30, "met": 18, "no_longer_wished": 6, "still_open": 6}
    lines = {"sovn": theme, "amming_ernaering": theme, "helse": dict.fromkeys(theme, 0)}
    bydeler = {STOVNER: theme}
    found = {"needs_by_theme": [sheet("needs_by_theme", lines)],
             "needs": [sheet("needs", bydeler)]}  # fmt: skip
    themes, reviewed, met = needs.sections(question(), found)

    assert themes.finding == (
        "Foreldre har fortalt om 80 behov innen 2 temaer. 60\N{NO-BREAK SPACE}% av behovene det er "
        "sett på igjen, er møtt, slik foreldrene sier det."
    )
    names = [row.name for row in themes.table.rows]
    assert names == sorted(names)
    assert len(names) == 2
    assert reviewed.table.rows[0].cells[:2] == (Shown(30), Shown(40))
    assert met.table.rows[0].cells[:2] == (Shown(18), Shown(30))


def test_needs_of_nobody_say_so():
    found = {"needs_by_theme": [sheet("needs_by_theme", {"sovn": {"stated": 0}})]}

    assert needs.sections(question(), found)[0].finding == "Oslo: ingen behov ennå."
