"""Headers, and what is said of those that do not fit."""

from pathlib import Path

import pytest

from nyefamilier.intake.columns import BIRTHS, LAYOUTS, REFERRALS, Kind, header
from nyefamilier.kernel.errors import Malformed

DOCUMENTED = (Path(__file__).parents[3] / "docs/import.md").read_text(encoding="utf-8")
NEEDED = ["navn", "fnr", "delbydel", "termin", "henvist_dato"]


def refused(cells, kind=Kind.REFERRALS):
    with pytest.raises(Malformed, match="import-columns") as raised:
        header(cells, kind)
    return raised.value.detail


def test_names_are_known_in_both_languages_and_in_any_order_and_case():
    cells = ["Term", " NAME ", "National ID", "delbydel", "Henvist-dato", "Språk"]
    assert header(cells, Kind.REFERRALS).places == (
        "termin",
        "navn",
        "fnr",
        "delbydel",
        "henvist_dato",
        "sprak",
    )


@pytest.mark.parametrize("kind", Kind)
def test_no_name_stands_for_two_columns(kind):
    names = [name for one in LAYOUTS[kind] for name in {one.name, one.alias}]
    assert len(names) == len(set(names))


def test_what_an_earlier_import_wrote_is_passed_over():
    cells = ["feil_linje", "feil_kolonne", "feil", *NEEDED]
    assert header(cells, Kind.REFERRALS).places == (None, None, None, *NEEDED)


def test_unknown_columns_are_named_with_those_that_are_known():
    said = refused([*NEEDED, "favorittfarge"])
    assert "not known: favorittfarge (number 6)" in said
    assert "tolkesprak (interpreter_language)" in said


def test_missing_and_repeated_columns_are_named():
    assert "missing: termin" in refused([one for one in NEEDED if one != "termin"])
    assert "twice: navn" in refused([*NEEDED, "name"])


def test_a_list_without_header_is_refused_without_a_word_of_it():
    said = refused(["Rask Bjørk", "03859026116", "40000001"])
    assert "Rask" not in said
    assert "0385" not in said


def test_a_cell_that_is_no_name_is_told_by_its_place():
    said = refused([*NEEDED, "03859026116", "Rask Bjørk 3.", "x" * 41, ""])
    assert "not known: number 6, number 7, number 8, number 9." in said


@pytest.mark.parametrize("column", [*REFERRALS, *BIRTHS[:11]])
def test_every_column_is_documented(column):
    needed = " *" if column.required else ""
    assert f"`{column.name}` (`{column.alias}`){needed}" in DOCUMENTED
