"""What a reform would change."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.bydeler.reading import (
    packaged_boundaries,
    packaged_reform,
    read_reform,
)
from nyefamilier.bydeler.reforms import Move, NewBydel, Reform, after, diff
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode
from nyefamilier.kernel.toml import Unreadable

OSLO = packaged_boundaries()
DAY = date(2028, 1, 1)
EVE = DAY - timedelta(1)
TEISEN = DelbydelCode("0301121207")
ALTERNATIVE_A = packaged_reform("hearing-2025-alternative-a")


def reform(**changes) -> Reform:
    return replace(Reform("A reform", DAY, "made up", "test"), **changes)


def to_bjerke(**changes) -> Reform:
    return reform(moves=(Move(BydelNumber("09"), delbydeler=(TEISEN,)),), **changes)


def refusal(of: Reform, boundaries=OSLO) -> str:
    with pytest.raises(RuleBroken) as caught:
        diff(boundaries, of)
    return caught.value.code


def test_a_delbydel_moves_on_the_day_and_not_before():
    change = diff(OSLO, to_bjerke())
    assert [(move.name, move.before, move.after) for move in change.moved] == [
        ("Teisen", "12", "09")
    ]
    then = after(OSLO, change)
    assert then.bydel_of(TEISEN, EVE) == "12"
    assert then.bydel_of(TEISEN, DAY) == "09"


def test_the_others_stay():
    change = diff(OSLO, to_bjerke())
    then = after(OSLO, change)
    others = [d.code for d in OSLO.delbydeler if d.code != TEISEN]
    assert all(then.bydel_of(code, DAY) == OSLO.bydel_of(code, DAY) for code in others)
    assert change.unmoved == 99


def test_a_reform_that_has_been_applied_changes_nothing():
    for one in (to_bjerke(), ALTERNATIVE_A):
        then = after(OSLO, diff(OSLO, one))
        assert diff(then, one).is_empty


def test_the_hearing_proposal_cuts_bydeler_along_delbydel_lines():
    then = after(OSLO, diff(OSLO, ALTERNATIVE_A))
    where = {name: then.bydel_of(code, DAY) for code, name in names().items()}
    assert where["Skøyen"] == "22"
    assert where["Lilleaker"] == "21"
    assert where["Teisen"] == where["Ensjø"] == where["Løren"] == where["Veitvet"] == "24"
    assert where["Grønland"] == where["Sofienberg"] == "23"
    assert where["Furuset"] == "12"


def test_where_the_ground_of_a_bydel_lies_after_a_reform():
    then = after(OSLO, diff(OSLO, to_bjerke()))
    bjerke, alna, year = BydelNumber("09"), BydelNumber("12"), date(2016, 1, 1)
    assert then.lies_in(alna, year, year, DAY) == {alna, bjerke}
    assert then.lies_in(alna, year, year, EVE) == {alna}
    assert then.lies_in(bjerke, year, year, DAY) == {bjerke}
    # What Alna had at any time of a year counts, and what it has lost before does not.
    assert then.lies_in(alna, EVE, DAY, DAY) == {alna, bjerke}
    assert then.lies_in(alna, DAY, DAY, DAY) == {alna}


def test_the_ground_of_a_retired_code_is_that_of_all_its_successors():
    retired = next(one for one in OSLO.delbydeler if len(one.successors) > 1)
    moved = Move(BydelNumber("01"), delbydeler=(retired.successors[-1],))
    then = after(OSLO, diff(OSLO, reform(moves=(moved,))))
    was = OSLO.bydel_of(retired.code, date(2016, 1, 1))
    assert was is not None
    assert then.lies_in(was, date(2016, 1, 1), date(2016, 12, 31), DAY) == {was, "01"}


def test_a_retired_code_follows_its_successors_through_a_reform():
    then = after(OSLO, diff(OSLO, ALTERNATIVE_A))
    assert then.bydel_of(DelbydelCode("0301020207"), EVE) == "02"  # Hasle-Løren
    assert then.bydel_of(DelbydelCode("0301020207"), DAY) == "24"


def test_sentrum_and_marka_follow_those_who_serve_them():
    then = after(OSLO, diff(OSLO, ALTERNATIVE_A))
    assert then.serving(BydelNumber("16"), EVE) == "04"
    assert then.serving(BydelNumber("16"), DAY) == "22"
    assert then.serving(BydelNumber("17"), DAY) == "21"


def test_every_delbydel_in_use_has_exactly_one_bydel_that_exists_on_each_day():
    then = after(OSLO, diff(OSLO, ALTERNATIVE_A))
    for day in (EVE, DAY, date(2040, 1, 1)):
        listed = Counter(
            delbydel.code
            for bydel in then.bydeler_on(day)
            for delbydel in then.delbydeler_in(bydel.number, day)
        )
        assert set(listed.values()) == {1}
        assert len(listed) == 100


@given(st.sets(st.sampled_from([d.code for d in OSLO.delbydeler if not d.valid_to])))
def test_whatever_moves_moves_all_of_it_and_nothing_else(codes):
    codes -= {d.code for d in OSLO.delbydeler_in(BydelNumber("16"), DAY)}
    one = reform(moves=(Move(BydelNumber("09"), delbydeler=tuple(sorted(codes))),))
    then = after(OSLO, diff(OSLO, one))
    for delbydel in OSLO.delbydeler_in(BydelNumber("09"), DAY):
        assert then.bydel_of(delbydel.code, DAY) == "09"
    for code in codes:
        assert then.bydel_of(code, DAY) == "09"
        assert then.bydel_of(code, EVE) == OSLO.bydel_of(code, EVE)


def test_an_unknown_or_retired_delbydel_cannot_move():
    for code in ("0301999999", "0301020207"):
        one = reform(moves=(Move(BydelNumber("09"), delbydeler=(DelbydelCode(code),)),))
        assert refusal(one) == "unknown-delbydel"


def test_nothing_moves_into_or_out_of_a_bydel_that_is_none():
    ghost = BydelNumber("44")
    assert refusal(reform(moves=(Move(ghost, delbydeler=(TEISEN,)),))) == "unknown-bydel"
    assert refusal(reform(moves=(Move(BydelNumber("09"), bydeler=(ghost,)),))) == "unknown-bydel"
    assert refusal(reform(closes=(ghost,))) == "unknown-bydel"
    assert refusal(reform(serves=((BydelNumber("16"), ghost),))) == "unknown-bydel"


def test_a_bydel_cannot_close_while_it_keeps_a_delbydel_or_serves_an_area():
    assert refusal(reform(closes=(BydelNumber("12"),))) == "reform-incomplete"
    whole = Move(BydelNumber("05"), bydeler=(BydelNumber("04"),))
    assert refusal(reform(closes=(BydelNumber("04"),), moves=(whole,))) == "reform-incomplete"


def test_a_new_bydel_without_ground_is_refused():
    assert refusal(reform(opens=(NewBydel(BydelNumber("21"), "Ny"),))) == "reform-incomplete"


def test_a_number_is_never_used_for_another_bydel():
    # Rights to see families are given on the number.
    assert refusal(to_bjerke(opens=(NewBydel(BydelNumber("12"), "Ny"),))) == "reform-number-used"


def test_who_serves_an_area_changes_in_the_order_of_days_too():
    to_frogner = reform(serves=((BydelNumber("16"), BydelNumber("05")),))
    later = after(OSLO, diff(OSLO, to_frogner))
    assert later.serving(BydelNumber("16"), DAY) == "05"
    back = reform(serves=((BydelNumber("16"), BydelNumber("04")),))
    assert refusal(back, later) == "reform-too-early"


def test_a_delbydel_cannot_be_sent_to_two_places():
    twice = (
        Move(BydelNumber("09"), delbydeler=(TEISEN,)),
        Move(BydelNumber("10"), delbydeler=(TEISEN,)),
    )
    assert refusal(reform(moves=twice)) == "reform-contradicts"


def test_reforms_are_applied_in_the_order_of_their_days():
    later = after(OSLO, diff(OSLO, to_bjerke()))
    back = Move(BydelNumber("10"), delbydeler=(TEISEN,))
    assert refusal(reform(moves=(back,), on=date(2027, 1, 1)), later) == "reform-too-early"
    assert refusal(reform(moves=(back,)), later) == "reform-too-early"
    assert diff(later, reform(moves=(back,), on=date(2029, 1, 1))).moved


GOOD = """
name = "n"
on = 2028-01-01
label = "made up"
source = "test"
[[moves]]
to = "09"
delbydeler = ["0301121207"]
"""


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ("on = 2028-01-01", "on = 2028-01-01T00:00:00", "on is a day"),
        ('name = "n"', "", "name missing"),
        ('name = "n"', 'name = "n"\nday = 1', "day not known here"),
        ('to = "09"', "to = 9", "to is a text"),
        ('"0301121207"', '"030112120"', "ten digits"),
        ('["0301121207"]', '"0301121207"', "a list of texts"),
        ("[[moves]]", "[moves]", "written [[moves]]"),
        ('"n"', '" "', "a text with words"),
        ('"n"', "n", "not TOML"),
    ],
)
def test_a_reform_that_cannot_be_read_says_what_is_wrong(good, bad, says):
    read_reform(GOOD)
    with pytest.raises(Unreadable, match=re.escape(says)):
        read_reform(GOOD.replace(good, bad))


def test_only_a_plain_name_finds_a_packaged_reform():
    for name in ("../bydeler", "none", "hearing-2025-alternative-a.toml"):
        with pytest.raises(Unreadable):
            packaged_reform(name)


def names() -> dict[DelbydelCode, str]:
    return {delbydel.code: delbydel.name for delbydel in OSLO.delbydeler}
