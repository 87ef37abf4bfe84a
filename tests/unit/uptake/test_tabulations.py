"""Every published table is a tree whose parts add up."""

from __future__ import annotations

import pytest

from nyefamilier.uptake.tabulations import BY_ID, TABULATIONS, By, Tabulation

ALL = pytest.mark.parametrize("table", TABULATIONS, ids=lambda table: table.id)


def test_no_two_tables_have_one_name() -> None:
    assert len(BY_ID) == len(TABULATIONS)


@ALL
def test_every_column_is_a_part_of_one_before_it(table: Tabulation) -> None:
    known = {table.root}
    assert table.columns[0].of is None
    for column in table.columns[1:]:
        assert column.of in known
        known.add(column.code)
    assert len(known) == len(table.columns)


@ALL
def test_no_column_has_a_single_part_and_none_is_split_more_than_twice(table: Tabulation) -> None:
    for column in table.columns:
        splits = table.parts(column.code)
        assert len(splits) <= 2
        assert all(len(parts) >= 2 for parts in splits.values())


@ALL
def test_what_is_split_further_is_there_and_stands_before(table: Tabulation) -> None:
    if table.parent is None:
        return
    parent = BY_ID[table.parent.tabulation]
    assert TABULATIONS.index(parent) < TABULATIONS.index(table)
    assert parent.clock == table.clock
    if table.parent.column is None:
        assert table.by is not By.BYDEL
        assert table.columns == parent.columns
    else:
        assert table.by is By.BYDEL
        assert table.root == table.parent.column
        assert table.root in {column.code for column in parent.columns}


@ALL
def test_a_sum_that_is_not_printed_is_one_of_leaves_of_the_table(table: Tabulation) -> None:
    for part in table.unprinted_sums:
        assert set(part) <= set(table.leaves)
