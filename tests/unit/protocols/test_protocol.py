"""Windows of a protocol laid against a family's own days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.protocols import service
from nyefamilier.protocols.protocol import (
    Addition,
    Anchor,
    Anchors,
    PlannedWindow,
    Protocol,
    ProtocolDiff,
    ProtocolVisit,
    VisitRole,
    diff,
    windows,
    with_additions,
)

TERM = date(2026, 6, 1)
PREGNANCY, NEWBORN = "svangerskap_uke_28", "nyfodt"
CORE = service.current("nye_familier", date(2026, 1, 1))


def days_after(day: date, number: int) -> date:
    return day + timedelta(number)


def window(kind: str, anchors: Anchors, protocol: Protocol = CORE) -> PlannedWindow | None:
    return next((one for one in windows(protocol, anchors) if one.kind == kind), None)


def test_before_birth_a_family_sees_both_anchors_and_only_the_second_is_provisional():
    anchors = [one for one in windows(CORE, Anchors(term=TERM)) if one.is_anchor]
    assert [(one.kind, one.provisional) for one in anchors] == [(PREGNANCY, False), (NEWBORN, True)]


def test_the_pregnancy_visit_opens_twelve_weeks_before_term():
    assert window(PREGNANCY, Anchors(term=TERM)).opens == TERM - timedelta(weeks=12)


def test_the_newborn_visit_is_from_day_seven_to_day_ten():
    born = date(2026, 6, 3)
    newborn = window(NEWBORN, Anchors(term=TERM, born_on=born))
    assert (newborn.opens, newborn.closes) == (days_after(born, 7), days_after(born, 10))
    assert not newborn.provisional


def test_a_birth_closes_the_pregnancy_visit_on_that_day():
    born = TERM - timedelta(weeks=5)
    closed = window(PREGNANCY, Anchors(term=TERM, born_on=born))
    assert closed.closes == born
    assert closed.closed_by_birth


def test_a_birth_after_the_visits_last_day_ends_the_pregnancy_visit_too():
    waiting = window(PREGNANCY, Anchors(term=TERM))
    late = window(PREGNANCY, Anchors(term=TERM, born_on=days_after(waiting.closes, 5)))
    assert late.closes == waiting.closes
    assert late.closed_by_birth


def test_a_birth_before_week_28_leaves_nothing_of_the_pregnancy_visit():
    assert window(PREGNANCY, Anchors(term=TERM, born_on=TERM - timedelta(weeks=14))) is None


def test_a_birth_replaces_the_provisional_days_with_the_real_ones():
    born = TERM - timedelta(weeks=8)
    after = windows(CORE, Anchors(term=TERM, born_on=born))
    assert not any(one.provisional for one in after)
    assert all(one.opens >= born for one in after if one.anchor_kind is Anchor.BIRTH)


def test_a_child_long_in_hospital_is_waited_for():
    born = TERM - timedelta(weeks=10)
    home = days_after(born, 45)
    newborn = window(NEWBORN, Anchors(term=TERM, born_on=born, homecoming_on=home))
    assert (newborn.opens, newborn.ideal, newborn.closes) == (home, home, days_after(home, 14))


def test_a_homecoming_inside_the_window_only_moves_its_beginning():
    home = days_after(TERM, 9)
    newborn = window(NEWBORN, Anchors(term=TERM, born_on=TERM, homecoming_on=home))
    assert (newborn.opens, newborn.ideal, newborn.closes) == (home, home, days_after(TERM, 10))


def test_an_early_homecoming_moves_nothing():
    early = Anchors(term=TERM, born_on=TERM, homecoming_on=days_after(TERM, 2))
    assert windows(CORE, early) == windows(CORE, Anchors(term=TERM, born_on=TERM))


def test_a_visit_may_be_counted_from_the_homecoming_and_is_provisional_until_it_is_known():
    visit = extra(anchor=Anchor.HOMECOMING, opens=0, ideal=7, closes=14)
    protocol = replace(CORE, visits=(visit,))
    home = days_after(TERM, 5)
    for anchors, day, provisional in (
        (Anchors(term=TERM), TERM, True),
        (Anchors(born_on=TERM), TERM, True),
        (Anchors(born_on=TERM, homecoming_on=home), home, False),
    ):
        found = window(visit.kind, anchors, protocol)
        assert (found.opens, found.provisional) == (day, provisional)


def test_a_family_met_after_the_birth_has_no_pregnancy_visit():
    assert window(PREGNANCY, Anchors(born_on=TERM)) is None


def test_a_family_without_any_day_has_no_window():
    assert windows(CORE, Anchors()) == ()


def test_nothing_but_the_two_anchors_must_be_planned():
    for version in service.versions("nye_familier"):
        assert [visit.kind for visit in version.visits if visit.is_anchor] == [PREGNANCY, NEWBORN]
    for programme in ("nfp", "helsestasjonsprogrammet"):
        for version in service.versions(programme):
            assert not any(visit.is_anchor for visit in version.visits)


def test_nfp_from_week_16_is_64_visits_in_the_manuals_rhythm():
    nfp = service.current("nfp", date(2026, 1, 1))
    enrolled = TERM - timedelta(weeks=24)
    found = windows(nfp, Anchors(term=TERM, born_on=TERM, agreed_on=enrolled))
    assert len(found) == nfp.most_visits == 64
    before = [one.ideal for one in found if one.ideal < TERM]
    after = [(one.ideal - TERM).days for one in found if one.ideal > TERM]
    assert gaps(before) == {7: 3, 14: 10}
    assert after[:6] == [7, 14, 21, 28, 35, 42]
    assert gaps([TERM + timedelta(day) for day in after]) == {7: 5, 14: 41, 54: 1, 30: 2}


def gaps(days: list[date]) -> dict[int, int]:
    found = [(later - earlier).days for earlier, later in pairwise(days)]
    return {gap: found.count(gap) for gap in found}


def test_an_nfp_birth_ends_the_pregnancys_rhythm():
    nfp = service.current("nfp", date(2026, 1, 1))
    born = TERM - timedelta(weeks=6)
    found = windows(nfp, Anchors(term=TERM, born_on=born, agreed_on=TERM - timedelta(weeks=20)))
    assert all(one.closes <= born for one in found if one.anchor_kind is Anchor.AGREED)


def test_nfp_needs_the_day_on_which_it_was_agreed_to_begin():
    nfp = service.current("nfp", date(2026, 1, 1))
    assert all(one.anchor_kind is Anchor.BIRTH for one in windows(nfp, Anchors(term=TERM)))


births = st.integers(-112, 21).map(lambda days: days_after(TERM, days))


@st.composite
def families(draw: st.DrawFn) -> Anchors:
    term = draw(st.none() | st.just(TERM))
    born = draw(st.none() | births)
    stay = draw(st.none() | st.integers(0, 120))
    return Anchors(
        term=term,
        born_on=born,
        homecoming_on=None if born is None or stay is None else days_after(born, stay),
        agreed_on=draw(st.none() | st.integers(-196, 0).map(lambda days: days_after(TERM, days))),
    )


@given(families(), st.sampled_from(service.all_protocols()))
def test_windows_are_in_order_and_each_visit_has_at_most_one(anchors, protocol):
    found = windows(protocol, anchors)
    assert all(one.opens <= one.ideal <= one.closes for one in found)
    assert len({one.kind for one in found}) == len(found)
    assert [one.ideal for one in found] == sorted(one.ideal for one in found)


@given(families(), st.sampled_from(service.all_protocols()))
def test_after_a_birth_nothing_of_the_pregnancy_is_open_and_no_home_visit_precedes_the_home(
    anchors, protocol
):
    if anchors.born_on is None:
        return
    for one in windows(protocol, anchors):
        if protocol.visit(one.kind).ends_at_birth:
            assert one.opens <= anchors.born_on
            assert one.closes <= anchors.born_on or not one.closed_by_birth
        if one.kind == NEWBORN and anchors.homecoming_on is not None:
            assert one.opens >= anchors.homecoming_on


@given(families(), st.sampled_from(service.all_protocols()))
def test_a_protocol_does_not_differ_from_itself(anchors, protocol):
    assert diff(protocol, protocol, anchors) == ProtocolDiff(unchanged=windows(protocol, anchors))


@given(
    families(),
    st.sampled_from(service.all_protocols()),
    st.sampled_from(service.all_protocols()),
)
def test_a_difference_accounts_for_every_window_once_in_both_directions(anchors, old, new):
    there, back = diff(old, new, anchors), diff(new, old, anchors)
    assert there.added == back.removed
    assert [move.kind for move in there.moved] == [
        move.kind for move in sorted(back.moved, key=lambda move: order(there.moved, move.kind))
    ]
    kept = [one.kind for one in (*there.unchanged, *there.added)]
    kinds = kept + [move.kind for move in there.moved]
    assert sorted(kinds) == sorted(one.kind for one in windows(new, anchors))


def order(moves, kind: str) -> int:
    return [move.kind for move in moves].index(kind)


def test_a_moved_window_is_told_with_both_its_days():
    later = replace(
        CORE,
        visits=tuple(
            replace(visit, closes=visit.closes + 4) if visit.kind == NEWBORN else visit
            for visit in CORE.visits
        ),
    )
    change = diff(CORE, later, Anchors(born_on=TERM))
    assert [move.kind for move in change.moved] == [NEWBORN]
    assert change.moved[0].after.closes - change.moved[0].before.closes == timedelta(4)


def extra(**changes) -> ProtocolVisit:
    visit = ProtocolVisit(
        kind="b11_ett_ar",
        name_nb="Ett år",
        name_en="One year",
        anchor=Anchor.BIRTH,
        opens=350,
        ideal=365,
        closes=379,
        role=VisitRole.RHYTHM,
        counts_as=("programvisit",),
        source="test",
    )
    return replace(visit, **changes)


def test_a_bydel_adds_to_the_core_and_the_core_stays_whole():
    merged = with_additions(CORE, Addition("11", "nye_familier", (extra(),)))
    assert merged.visits == (*CORE.visits, extra())
    assert merged.bydel == "11"


@pytest.mark.parametrize(
    ("programme", "visit"),
    [
        ("nfp", extra()),
        ("nye_familier", extra(kind=NEWBORN)),
        ("nye_familier", extra(role=VisitRole.ANCHOR)),
        ("nye_familier", extra(counts_as=("konsultasjon_1",))),
        ("nye_familier", extra(counts_as=("programvisit", "kostra_14_dager"))),
    ],
)
def test_a_bydel_cannot_change_the_core_or_what_bydeler_are_compared_by(programme, visit):
    with pytest.raises(RuleBroken) as caught:
        with_additions(CORE, Addition("11", programme, (visit,)))
    assert caught.value.code == "protocol-addition"
