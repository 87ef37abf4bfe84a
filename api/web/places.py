"""Bydeler and delbydeler by name."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from nyefamilier.bydeler.service import boundaries, bydeler, delbydeler
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work

Group: TypeAlias = tuple[str, list[tuple[str, str]]]
"""A bydel's name and its delbydeler as choices."""


def bydel_name(work: Work, number: str | None, on: date) -> str:
    """The name of a bydel on a day; empty when there is none."""
    return _names(work, on).get(BydelNumber(number or ""), number or "")


def bydel_names(work: Work, on: date) -> dict[BydelNumber, str]:
    """Every bydel's name."""
    return _names(work, on)


def delbydel_name(work: Work, code: str | None) -> str:
    """The name of a delbydel; empty when there is none."""
    known = {str(one.code): one.name for one in boundaries(work.session).delbydeler}
    return known.get(code or "", code or "")


def delbydel_groups(work: Work) -> list[Group]:
    """The delbydeler in use today, by bydel; the reader's own bydel first."""
    names = _names(work, work.today)
    groups: dict[BydelNumber, list[tuple[str, str]]] = {}
    for one, number in delbydeler(work.session, work.today):
        groups.setdefault(number, []).append((str(one.code), one.name))
    order = sorted(groups, key=lambda number: (number != work.actor.bydel, number))
    return [(names[number], groups[number]) for number in order]


def _names(work: Work, on: date) -> dict[BydelNumber, str]:
    return {one.number: one.name for one in bydeler(work.session, on)}
