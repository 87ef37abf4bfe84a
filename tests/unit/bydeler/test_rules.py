"""Where a delbydel belongs on a day."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.bydeler.reading import packaged_boundaries
from nyefamilier.bydeler.rules import Boundaries, Delbydel, Membership
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode

OSLO = packaged_boundaries()
TODAY = date(2026, 11, 21)
ENSJO, HASLE_LOREN, SENTRUM_CODE = map(DelbydelCode, ("0301010110", "0301020207", "0301161601"))


def test_there_are_fifteen_bydeler_and_three_areas_that_are_none():
    ordinary = [bydel for bydel in OSLO.bydeler_on(TODAY) if bydel.administered]
    assert [bydel.number for bydel in ordinary] == [f"{number:02}" for number in range(1, 16)]
    others = [bydel.name for bydel in OSLO.bydeler_on(TODAY) if not bydel.administered]
    assert others == ["Sentrum", "Marka", "Uten registrert adresse"]


def test_there_are_103_delbydeler_of_which_three_are_retired():
    assert len(OSLO.delbydeler) == 103
    retired = [delbydel.name for delbydel in OSLO.delbydeler if delbydel.valid_to]
    assert retired == ["Lodalen", "Helsfyr", "Hasle-Løren"]


def test_every_code_answers_for_every_day_since_2004_with_the_bydel_in_its_digits():
    for delbydel in OSLO.delbydeler:
        expected = BydelNumber(delbydel.code[6:8])
        for day in (date(2004, 1, 1), date(2013, 6, 1), date(2019, 12, 31), TODAY):
            assert OSLO.bydel_of(delbydel.code, day) == expected


def test_a_retired_code_answers_for_its_successor():
    assert OSLO.membership_on(HASLE_LOREN, TODAY) is None
    assert OSLO.bydel_of(HASLE_LOREN, TODAY) == "02"


def test_a_retired_code_is_listed_only_while_it_was_in_use():
    def codes(on):
        return {delbydel.code for delbydel in OSLO.delbydeler_in(BydelNumber("02"), on)}

    assert HASLE_LOREN in codes(date(2019, 12, 31))
    assert HASLE_LOREN not in codes(date(2020, 1, 1))


def test_nobody_knows_a_code_that_is_none_nor_a_day_before_the_bydeler():
    assert OSLO.bydel_of(DelbydelCode("0301999999"), TODAY) is None
    assert OSLO.bydel_of(ENSJO, date(2003, 12, 31)) is None


def test_every_bydel_with_an_administration_serves_itself():
    assert OSLO.serving(BydelNumber("11"), TODAY) == "11"


def test_sentrum_is_served_by_st_hanshaugen_and_says_where_that_is_from():
    assert OSLO.serving(BydelNumber("16"), TODAY) == "04"
    assert "snl.no" in OSLO.served_on(BydelNumber("16"), TODAY).source


def test_the_serving_of_marka_is_labelled_a_judgement():
    assert OSLO.serving(BydelNumber("17"), TODAY) == "08"
    assert OSLO.served_on(BydelNumber("17"), TODAY).label.startswith("judgement")


def test_no_bydel_is_named_for_those_without_a_registered_address():
    assert OSLO.serving(BydelNumber("99"), TODAY) is None


def test_every_row_of_the_package_has_a_source_and_every_reading_of_ours_a_label():
    assert all(row.source for row in (*OSLO.bydeler, *OSLO.delbydeler, *OSLO.served))
    ours = [row for row in OSLO.delbydeler if row.valid_to or row.valid_from > date(2004, 1, 1)]
    assert all(row.label.startswith("estimate") for row in ours)


def test_a_circle_of_successors_ends_in_no_answer():
    a, b = DelbydelCode("0301010101"), DelbydelCode("0301010102")
    end = date(2010, 1, 1)
    circle = Boundaries(
        delbydeler=(
            Delbydel(a, "a", date(2004, 1, 1), end, (b,), "", "test"),
            Delbydel(b, "b", date(2004, 1, 1), end, (a,), "", "test"),
        ),
        memberships=tuple(
            Membership(code, BydelNumber("01"), date(2004, 1, 1), end) for code in (a, b)
        ),
    )
    assert circle.bydel_of(a, end) is None


days = st.dates(date(2004, 1, 1), date(2040, 1, 1))


@given(st.lists(days, unique=True, max_size=6), days)
def test_the_lookup_agrees_with_reading_every_row(changes, on):
    begins = [date(2004, 1, 1), *sorted(set(changes) - {date(2004, 1, 1)})]
    rows = [
        Membership(ENSJO, BydelNumber(f"{number:02}"), begin, end)
        for number, (begin, end) in enumerate(zip(begins, [*begins[1:], None], strict=True))
    ]
    naive = [
        row.bydel
        for row in rows
        if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)
    ]
    assert [Boundaries(memberships=tuple(rows)).bydel_of(ENSJO, on)] == naive
