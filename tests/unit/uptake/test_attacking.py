"""Whoever asks for anything, in any order, over any time, tells nothing that is hidden."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake import cutting, earlier
from nyefamilier.uptake.cutting import Cell, Counts
from nyefamilier.uptake.suppression import Flow, is_small
from nyefamilier.uptake.tabulations import Tabulation
from tests.unit.uptake.attacking import attack

ABOVE = cutting._above
SEQUENCES = 160
TRIES = 60


FOUND = (4456,)
"""Sequences that once told something."""


@pytest.mark.parametrize("seed", [*range(SEQUENCES), *FOUND])
def test_no_sequence_of_requests_tells_a_hidden_count_or_a_small_change(seed: int) -> None:
    assert not attack(seed)


@pytest.mark.parametrize("seed", range(40))
def test_nor_of_the_families_that_were_visited(seed: int) -> None:
    assert not attack(seed, "families_visited")


@pytest.mark.parametrize("seed", range(40))
def test_nor_of_the_families_that_another_programme_follows(seed: int) -> None:
    assert not attack(seed, "followed_by_nfp")


def small_alone(flows: Collection[Flow[Cell]], _sums: object) -> frozenset[Cell]:
    return frozenset(flow.cell for flow in flows if flow.delicate and is_small(flow.value))


def no_memory(*_: object) -> frozenset[Cell]:
    return frozenset()


def same_alone(
    tabulation: Tabulation,
    area: BydelNumber | None,
    counts: Counts,
    _whole: Counts,
    hidden: Collection[Cell],
) -> frozenset[Cell]:
    """What a sheet has in common with the one above it, and nothing that splits it."""
    above = {cell: cutting._above(tabulation, area, cell) for cell in counts}
    return frozenset(own for own, cell in above.items() if cell in hidden)


def test_with_complementary_suppression_taken_out_hidden_counts_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cutting, "hidden_cells", small_alone)
    assert any(attack(seed).hidden for seed in range(TRIES))


def test_with_the_time_rule_taken_out_small_changes_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(earlier, "held_back", no_memory)
    told = [attack(seed) for seed in range(TRIES)]
    assert any(one.changes for one in told)
    assert not any(one.hidden for one in told)


def test_with_the_parent_rule_taken_out_hidden_counts_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(earlier, "under_hidden", same_alone)
    assert any(attack(seed).hidden for seed in range(TRIES))


def without_the_same(tabulation: Tabulation, area: BydelNumber | None, cell: Cell) -> Cell | None:
    """What `cutting` takes two sheets to have in common, but for columns that count the same."""
    parent = tabulation.parent
    if parent is not None and cell.column in dict(parent.same):
        return None
    return ABOVE(tabulation, area, cell)


def test_a_column_that_counts_the_same_in_two_sheets_tells_it_where_they_do_not_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cutting, "_above", without_the_same)
    assert any(attack(seed).hidden for seed in range(1, TRIES, 4))  # births
