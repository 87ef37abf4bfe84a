"""What a visit counts as."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.protocols.rules import counts_as, timed_as

BORN = date(2026, 3, 1)
ALL = {"programvisit", "konsultasjon_1", "kostra_10_dager", "kostra_14_dager"}


def after(days: int) -> date:
    return BORN + timedelta(days)


@pytest.mark.parametrize(
    ("kind", "day", "home", "expected"),
    [
        ("svangerskap_uke_28", -60, None, {"programvisit"}),
        ("nyfodt", 8, 2, ALL),
        ("nyfodt", 10, 2, ALL),
        ("nyfodt", 11, 2, {"programvisit", "konsultasjon_1", "kostra_14_dager"}),
        ("nyfodt", 16, 2, {"programvisit", "konsultasjon_1", "kostra_14_dager"}),
        ("nyfodt", 17, 2, {"programvisit", "konsultasjon_1"}),
        ("nyfodt", 21, 2, {"programvisit", "konsultasjon_1"}),
        ("nyfodt", 22, 2, {"programvisit"}),
        # Long in hospital: the clock of homecoming runs, the others have run out.
        ("nyfodt", 59, 45, {"programvisit", "konsultasjon_1", "kostra_14_dager"}),
        ("nyfodt", 60, 45, {"programvisit"}),
        # At the family's home while the child is still in hospital.
        ("avtalt", 9, 30, {"programvisit"}),
        # Nobody wrote down the homecoming.
        (
            "nyfodt",
            9,
            None,
            ALL,
        ),
        ("nyfodt", 14, None, {"programvisit", "konsultasjon_1", "kostra_14_dager"}),
        ("nyfodt", 15, None, {"programvisit", "konsultasjon_1"}),
        ("avtalt", 200, 2, {"programvisit"}),
        ("konsultasjon_04", 91, 2, set()),
    ],
)
def test_three_clocks_run_from_one_birth(kind, day, home, expected):
    homecoming = None if home is None else after(home)
    assert set(counts_as(kind, after(day), BORN, homecoming, True)) == expected


def test_a_midwifes_visit_on_day_three_never_counts():
    assert counts_as("avtalt", after(3), BORN, after(1), False) == ()
    assert counts_as("nyfodt", after(8), BORN, after(1), False) == ()


def test_a_familiesykepleier_of_nfp_may_be_a_midwife_and_her_visit_is_a_programme_visit():
    assert counts_as("nfp_barsel_01", after(7), BORN, after(1), False) == ("programvisit",)


def test_only_the_first_visit_after_the_birth_is_the_first_consultation():
    second = counts_as("avtalt", after(9), BORN, after(1), True, first_after_birth=False)
    assert second == ("programvisit",)


def test_a_newborn_visit_to_a_family_outside_the_programme_still_counts_for_the_municipality():
    counted = counts_as("nyfodt", after(8), BORN, after(1), True, in_programme=False)
    assert counted == ("konsultasjon_1", "kostra_10_dager", "kostra_14_dager")


def test_the_first_consultation_at_the_clinic_is_no_home_visit():
    counted = counts_as("nyfodt", after(8), BORN, after(1), True, at_home=False)
    assert counted == ("programvisit", "konsultasjon_1")


def test_ten_days_from_birth_were_first_counted_in_2025():
    for on, counts in ((date(2024, 12, 31), False), (date(2025, 1, 1), True)):
        born = on - timedelta(8)
        assert ("kostra_10_dager" in counts_as("nyfodt", on, born, born, True)) is counts


def test_before_the_birth_nothing_but_the_programme_counts():
    assert counts_as("avtalt", after(-1), BORN, None, True) == ("programvisit",)
    assert counts_as("avtalt", after(-1), None, None, True) == ("programvisit",)


@given(
    st.integers(-100, 400),
    st.none() | st.integers(0, 120),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_each_statistic_counts_a_visit_at_most_once_and_kostra_14_implies_consultation_1(
    day, home, by_nurse, at_home, first
):
    counted = counts_as(
        "nyfodt",
        after(day),
        BORN,
        None if home is None else after(home),
        by_nurse,
        at_home=at_home,
        first_after_birth=first,
    )
    assert len(set(counted)) == len(counted)
    assert "kostra_14_dager" not in counted or "konsultasjon_1" in counted
    assert "kostra_10_dager" not in counted or (0 <= day <= 10 and by_nurse and at_home)


@pytest.mark.parametrize(
    ("days", "home", "at_home", "counted"),
    [
        (6, None, True, ()),
        (7, None, True, ("nyfodt_7_10",)),
        (10, 8, True, ("nyfodt_7_10",)),
        (8, 9, True, ()),
        (8, None, False, ()),
        (11, None, True, ()),
    ],
)
def test_the_newborn_visit_is_at_home_on_day_7_to_10_once_the_child_is_there(
    days: int, home: int | None, at_home: bool, counted: tuple[str, ...]
) -> None:
    came_home = None if home is None else BORN + timedelta(days=home)
    on = BORN + timedelta(days=days)
    assert timed_as(on, BORN, BORN, came_home, at_home=at_home) == counted


@pytest.mark.parametrize(
    ("before_term", "born", "counted"),
    [
        (85, False, False),
        (84, False, True),
        (84, True, True),
        (-21, False, True),
        (-22, False, False),
        (0, True, False),
    ],
)
def test_the_visit_in_pregnancy_is_from_week_28_and_before_the_birth(
    before_term: int, born: bool, counted: bool
) -> None:
    on = BORN - timedelta(days=before_term)
    found = timed_as(on, BORN, BORN if born else None, None, at_home=False)
    assert found == (("svangerskap_fra_28",) if counted else ())
