"""Windows of a protocol laid against a family's own days."""

from __future__ import annotations

from datetime import date, timedelta

from nyefamilier.protocols import service
from nyefamilier.protocols.protocol import Anchors, PlannedWindow, Protocol, windows

TERM = date(2026, 6, 1)


def now_in_force() -> Protocol:
    return service.current("nye_familier", date(2026, 1, 1))


def window(kind: str, anchors: Anchors, protocol: Protocol | None = None) -> PlannedWindow | None:
    found = windows(protocol or now_in_force(), anchors)
    return next((one for one in found if one.kind == kind), None)


def test_before_birth_a_family_sees_both_anchors_and_only_the_second_is_provisional():
    anchors = [one for one in windows(now_in_force(), Anchors(term=TERM)) if one.is_anchor]
    assert [(one.kind, one.provisional) for one in anchors] == [
        ("svangerskap_uke_28", False),
        ("nyfodt", True),
    ]


def test_the_pregnancy_visit_opens_twelve_weeks_before_term():
    assert window("svangerskap_uke_28", Anchors(term=TERM)).opens == TERM - timedelta(weeks=12)


def test_the_newborn_visit_is_from_day_seven_to_day_ten():
    born = date(2026, 6, 3)
    newborn = window("nyfodt", Anchors(term=TERM, born_on=born))
    assert (newborn.opens, newborn.closes) == (born + timedelta(7), born + timedelta(10))
    assert not newborn.provisional
