"""Cells that a spreadsheet would run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.intake.guarding import guarded, unguarded


@given(st.text() | st.text("'=+-@\t\ra"))
def test_what_is_guarded_comes_back_as_it_was(cell):
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["=1+1", "+47 400", "-1", "@SUM(A1)", "\t=1", "'=1", "\r=1"])
def test_a_cell_that_would_be_run_begins_with_an_apostrophe(cell):
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Rask", "'s-Hertogenbosch", "1+1"])
def test_other_cells_stay(cell):
    assert guarded(cell) == cell
    assert unguarded(cell) == cell
