"""Finding the protocol that a family follows."""

from __future__ import annotations

from datetime import date

import pytest

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.protocols import service


@pytest.mark.parametrize(
    ("on", "version", "name"),
    [
        (date(2013, 11, 1), "2013", "Nye mødre"),
        (date(2016, 7, 31), "2013", "Nye mødre"),
        (date(2016, 8, 1), "2016", "Nye familier"),
        (date(2024, 12, 31), "2016", "Nye familier"),
        (date(2026, 11, 21), "2025", "Nye familier"),
    ],
)
def test_a_family_follows_the_version_in_force_when_it_joined(on, version, name):
    found = service.current("nye_familier", on)
    assert (found.version, found.name_nb) == (version, name)
    assert service.protocol("nye_familier", version) == found


def test_before_a_programme_began_it_has_no_protocol():
    with pytest.raises(RuleBroken) as caught:
        service.current("nye_familier", date(2012, 12, 31))
    assert caught.value.code == "unknown-protocol"


@pytest.mark.parametrize(("programme", "version"), [("nye_familier", "1999"), ("none", "2016")])
def test_what_is_not_there_is_refused_with_what_is(programme, version):
    with pytest.raises(RuleBroken) as caught:
        service.protocol(programme, version)
    assert caught.value.code == "unknown-protocol"
    assert "2025" in caught.value.detail or "nye_familier" in caught.value.detail


def test_there_are_three_programmes_and_no_two_versions_share_a_day():
    found = service.all_protocols()
    assert {one.programme for one in found} == {"nye_familier", "nfp", "helsestasjonsprogrammet"}
    assert len({(one.programme, one.valid_from) for one in found}) == len(found)
    assert len({(one.programme, one.version) for one in found}) == len(found)


def test_the_first_mothers_programme_was_for_first_children_only():
    assert service.protocol("nye_familier", "2013").eligible == ("forste_barn",)
    assert len(service.protocol("nye_familier", "2016").eligible) == 4


def test_the_well_child_programme_has_fourteen_consultations_ten_of_them_in_the_first_year():
    visits = service.current("helsestasjonsprogrammet", date(2026, 1, 1)).visits
    assert len(visits) == 14
    # Helsedirektoratet, bemanningsverktøy: 10 of the 14 fall in the first year.
    assert sum(visit.ideal <= 365 for visit in visits) == 10


def test_the_newborn_visit_is_one_visit_in_both_programmes():
    ours = service.current("nye_familier", date(2026, 1, 1)).visit("nyfodt")
    theirs = service.current("helsestasjonsprogrammet", date(2026, 1, 1)).visit("nyfodt")
    assert (ours.opens, ours.ideal, ours.closes) == (theirs.opens, theirs.ideal, theirs.closes)
    assert ours.after_homecoming == theirs.after_homecoming


def test_a_bydel_with_an_addition_has_it_and_the_others_have_the_core():
    core = service.current("nye_familier", date(2026, 1, 1))
    stovner = service.in_bydel(core, BydelNumber("11"))
    assert stovner.visits[: len(core.visits)] == core.visits
    assert stovner.visit("b11_ett_ar") is not None
    assert service.in_bydel(core, BydelNumber("12")) is core
