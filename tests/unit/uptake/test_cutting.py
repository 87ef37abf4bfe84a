"""Any tabulation is cut by its declaration: what is small is hidden, and what splits it."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from nyefamilier.uptake.cutting import Cell, cut, summed, under_hidden
from nyefamilier.uptake.sheets import AREA, CITY_ONLY
from nyefamilier.uptake.suppression import is_small
from nyefamilier.uptake.tables import CITY_ONLY as STORED_CITY_ONLY
from nyefamilier.uptake.tabulations import BY_ID, TABULATIONS, Tabulation

UPTAKE, FUNNEL, NEEDS = BY_ID["uptake"], BY_ID["funnel"], BY_ID["needs"]
WHOLE = [one for one in TABULATIONS if one.parent is None]


def drawn(tabulation: Tabulation, chance: random.Random, lines: list[str]) -> dict[Cell, int]:
    """A sheet whose splits of one count add up to the same."""
    root = tabulation.root
    leaves: dict[Cell, int] = {}
    for line in lines:
        most = chance.choice([1, 3, 8, 40])
        everybody = [chance.randint(0, most) for _ in range(3)]
        for split in tabulation.parts(root) or (None,):
            below = _leaves_below(tabulation, root, split) or [root]
            for families in everybody:
                for _ in range(families):
                    cell = Cell(line, chance.choice(below))
                    leaves[cell] = leaves.get(cell, 0) + 1
    return summed(tabulation, leaves, lines)


def _leaves_below(tabulation: Tabulation, code: str, split: str | None = None) -> list[str]:
    found = []
    for name, parts in tabulation.parts(code).items():
        if split in {None, name}:
            for part in parts:
                found += _leaves_below(tabulation, part) or [part]
    return found


def values(counts: Mapping[Cell, int], line: str) -> dict[str, int]:
    return {cell.column: value for cell, value in counts.items() if cell.line == line}


def test_counts_are_summed_up_the_tree_and_over_the_lines() -> None:
    leaves = {Cell("01", "met"): 3, Cell("01", "not_reviewed"): 4, Cell("02", "still_open"): 5}
    counts = summed(NEEDS, leaves, ["01", "02", "03"])
    assert values(counts, "01") == {
        "stated": 7, "reviewed": 3, "not_reviewed": 4, "met": 3, "no_longer_wished": 0,
        "still_open": 0,
    }  # fmt: skip
    assert values(counts, AREA)["stated"] == 12
    assert values(counts, "03")["stated"] == 0


def test_splits_that_do_not_add_up_to_the_same_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        summed(UPTAKE, {Cell("01", "reached"): 1}, ["01"])


@pytest.mark.parametrize("tabulation", WHOLE, ids=lambda one: one.id)
@pytest.mark.parametrize("seed", range(20))
def test_every_small_count_is_hidden_and_no_zero_is(tabulation: Tabulation, seed: int) -> None:
    counts = drawn(tabulation, random.Random(seed), ["01", "02", "03", CITY_ONLY])  # noqa: S311
    hidden = cut(tabulation, counts)
    delicate = {column.code for column in tabulation.columns if column.is_delicate}
    small = {cell for cell, n in counts.items() if is_small(n) and cell.column in delicate}
    assert small <= hidden
    assert all(counts[cell] for cell in hidden)


@pytest.mark.parametrize("tabulation", TABULATIONS, ids=lambda one: one.id)
def test_no_count_is_hidden_alone_in_its_column_of_a_sheet(tabulation: Tabulation) -> None:
    counts = drawn(tabulation, random.Random(1), ["01", "02", "03"])  # noqa: S311
    hidden = cut(tabulation, counts)
    for leaf in tabulation.leaves:
        assert sum(cell.column == leaf for cell in hidden) != 1


def test_all_of_a_line_is_hidden_whose_root_is_hidden_above() -> None:
    births = BY_ID["newborn_visit"]
    counts = summed(births, {Cell("01", "in_time"): 3, Cell("02", "in_time"): 30}, ["01", "02"])
    whole = {Cell(line, "born"): values(counts, line)["born"] for line in ("01", "02", AREA)}
    under = under_hidden(births, None, counts, whole, {Cell("01", "born")})
    assert under == {cell for cell in counts if cell.line == "01"}
    assert under <= cut(births, counts, under)


def test_a_column_is_hidden_in_every_line_where_the_area_hides_it_above() -> None:
    tertials = BY_ID["uptake_by_tertial"]
    leaves = {Cell("t1", code): 20 for code in ("accepted", "declined", "reached", "not_reached")}
    counts = summed(tertials, leaves, ["t1", "t2", "t3"])
    whole = {Cell("11", column): value for column, value in values(counts, AREA).items()}
    hidden = {Cell("11", "declined"), Cell("11", "later"), Cell("12", "accepted")}
    under = under_hidden(tertials, "11", counts, whole, hidden)  # type: ignore[arg-type]
    assert {cell.column for cell in under} == {"declined", "later"}
    assert len(under) == 2 * 4


def test_nothing_is_shown_of_an_area_whose_families_are_not() -> None:
    tertials = BY_ID["uptake_by_tertial"]
    counts = summed(tertials, {}, ["t1", "t2", "t3"])
    under = under_hidden(tertials, None, counts, {}, {Cell(AREA, "eligible")})
    assert under == {cell for cell in counts if cell.line != AREA or cell.column == "eligible"}


def test_a_sheet_that_does_not_fit_what_it_splits_is_refused() -> None:
    births = BY_ID["newborn_visit"]
    counts = summed(births, {Cell("01", "in_time"): 30}, ["01"])
    with pytest.raises(ValueError, match="what it splits"):
        under_hidden(births, None, counts, {Cell("01", "born"): 29, Cell(AREA, "born"): 30}, set())


def test_one_line_alone_says_what_the_area_says_and_shows_nothing() -> None:
    themes = BY_ID["needs_by_theme"]
    counts = summed(themes, {Cell("economy", "met"): 30}, ["economy"])
    assert cut(themes, counts) == {cell for cell in counts if cell.line != AREA}


def test_the_statistics_tables_and_sheets_call_protected_families_the_same() -> None:
    assert CITY_ONLY == STORED_CITY_ONLY
