"""A sheet on another map: whole bydeler are added up, and a bydel that was cut hides."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.redrawing import redrawn
from nyefamilier.uptake.sheets import AREA, CITY_ONLY, Sheet, Shown

THEN = [BydelNumber(f"{number:02}") for number in range(1, 7)]
NOW = [BydelNumber(f"{number:02}") for number in range(21, 25)]
COUNTS = st.none() | st.integers(0, 500)
PLACES = st.frozensets(st.sampled_from(NOW), min_size=1, max_size=2)


def sheet(lines: dict[str, int | None]) -> Sheet:
    told = {line: {"eligible": Shown(count)} for line, count in lines.items()}
    return Sheet("uptake", 2016, None, date(2017, 1, 2), 1, told)


@given(
    st.fixed_dictionaries(dict.fromkeys([*THEN, AREA, CITY_ONLY], COUNTS)),
    st.fixed_dictionaries(dict.fromkeys(THEN, PLACES)),
)
def test_a_line_is_the_sum_of_whole_bydeler_and_shows_no_more_than_they_do(lines, places):
    found = redrawn(sheet(lines), NOW, places.__getitem__).lines
    assert {line: found[line] for line in (AREA, CITY_ONLY)} == {
        line: {"eligible": Shown(lines[line])} for line in (AREA, CITY_ONLY)
    }
    for bydel in NOW:
        parts = [one for one in THEN if bydel in places[one]]
        cut = any(len(places[one]) > 1 for one in parts)
        counts = [lines[one] for one in parts]
        shown = None if cut or None in counts else sum(filter(None, counts))
        assert found.get(bydel, {"eligible": Shown(0)})["eligible"].value == shown
    assert set(found) <= {*NOW, AREA, CITY_ONLY}


@given(st.fixed_dictionaries(dict.fromkeys([*THEN, AREA], COUNTS)))
def test_on_the_same_map_a_sheet_is_what_it_was(lines):
    before = sheet(lines)
    assert redrawn(before, THEN, lambda bydel: {bydel}) == before
