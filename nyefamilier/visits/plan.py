"""How a pregnancy's days become a protocol's anchors. Pure."""

from __future__ import annotations

from datetime import date
from typing import Protocol as Shape

from nyefamilier.protocols.protocol import Anchors

_BORN = "fodt"


class Pregnancy(Shape):
    """The days of a pregnancy, as its row has them."""

    term: date
    outcome: str
    ended_on: date | None
    homecoming_on: date | None


def anchors_of(pregnancy: Pregnancy) -> Anchors:
    """The days that windows are counted from. A loss is no birth: nothing is counted from it."""
    born_on = pregnancy.ended_on if pregnancy.outcome == _BORN else None
    return Anchors(term=pregnancy.term, born_on=born_on, homecoming_on=pregnancy.homecoming_on)
