"""Who is still active at 3, 12 and 24 months, of those who said yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from api.web import charts
from api.web.formats import number, percent
from api.web.marks import NARROW_CURVE, WIDE_CURVE, Age, Axes, Curve
from api.web.quality.asking import Found, Question
from api.web.quality.sections import Column, Figure, Kind, Row, Section, Table, drawn
from api.web.quality.shares import compared, unreleased
from api.web.texts import _
from nyefamilier.uptake.indicators import Share
from nyefamilier.uptake.shares import SMALLEST_WHOLE
from nyefamilier.uptake.sheets import AREA, Shown
from nyefamilier.uptake.survival import Interval, life_table

MONTHS: Final = (3, 12, 24)


@dataclass(frozen=True, slots=True)
class Stage:
    """What became of those who were there, until an age.

    Args:
        months: The age.
        there: How many were there at the age before.
        active: How many are, at this one.
        left: How many have left in between.
        moved: How many moved away or lost the child.
        young: How many children are not so old yet.
        share: The share still active; None where a count that it takes is hidden, or few remain.
    """

    months: int
    there: Shown
    active: Shown
    left: Shown
    moved: Shown
    young: Shown
    share: Share | None = None


def stages(line: Mapping[str, Shown]) -> list[Stage]:
    """The stages of a line of the tabulation *active*."""
    before, found = "accepted", []
    for months in MONTHS:
        active = f"active_{months}"
        found.append(
            Stage(
                months,
                line.get(before, Shown(0)),
                line.get(active, Shown(0)),
                line.get(f"left_before_{months}", Shown(0)),
                line.get(f"moved_or_lost_before_{months}", Shown(0)),
                line.get(f"younger_than_{months}", Shown(0)),
            )
        )
        before = active
    return _with_shares(found)


def _with_shares(found: list[Stage]) -> list[Stage]:
    """The stages with their shares, as far as every count that they take is shown."""
    known: list[Interval] = []
    for one in found:
        left, moved, young, there = (
            count.value for count in (one.left, one.moved, one.young, one.there)
        )
        if left is None or moved is None or young is None or there is None:
            break
        if there < SMALLEST_WHOLE or there - moved - young < 1:
            break
        known.append(Interval(left, moved + young))
    start = found[0].there.value
    shares = [] if start is None else life_table(start, known)
    told = [*shares, *[None] * (len(found) - len(shares))]
    return [replace(one, share=share) for one, share in zip(found, told, strict=True)]


def sections(question: Question, found: Found) -> list[Section]:
    """One section: the curve."""
    code, title = "retention", _("Still active at 3, 12 and 24 months")
    sheets = found.get("active", ())
    if not sheets:
        return [unreleased(code, title, question)]
    sheet = sheets[-1]
    city = stages(sheet.lines.get(AREA, {}))
    own = None if question.own is None else stages(sheet.lines.get(question.own, {}))
    mine = city if own is None else own
    if mine[0].there.value == 0:
        told = _("%(area)s: no families yet.", area=question.area)
        return [Section(code, title, told, sheet=sheet)]
    return [
        Section(
            code,
            title,
            _finding(question, mine, city),
            _("Of the families who said yes and whose child was born in the year. A family that "
              "moved away, lost the child, or whose child is not so old yet is counted as long as "
              "it was followed (Kaplan–Meier): it has not left. The upright lines are intervals "
              "(95 %)."),
            partial(_figure, question, own, city),
            (_("To leave is no failure: “no more visits for now” is a normal answer."),),
            _table(mine),
            sheet,
        )
    ]  # fmt: skip


def _finding(question: Question, mine: list[Stage], city: list[Stage]) -> str:
    last = next((one for one in reversed(mine) if one.share is not None), None)
    if last is None or last.share is None:
        return _("%(area)s: the numbers are too small to be shown.", area=question.area)
    told = _(
        "%(area)s: %(share)s are still active when the child is %(months)s months old.",
        area=question.area,
        share=percent(last.share.value),
        months=number(last.months),
    )
    whole = next((one.share for one in city if one.months == last.months), None)
    beside = "" if question.own is None else compared(last.share, whole)
    return f"{told} {beside}".rstrip()


def _figure(question: Question, own: list[Stage] | None, city: list[Stage]) -> Figure | None:
    lines = [_curve("Oslo", city, own=own is None)]
    if own is not None:
        lines.append(_curve(question.area, own, own=True))
    drawable = [line for line in lines if line.ages]
    if not drawable:
        return None
    months = _("The child's age in months")

    def draw(axes: Axes) -> str:
        return charts.curves(drawable, months, axes)

    return drawn(draw(WIDE_CURVE), draw(NARROW_CURVE))


def _curve(name: str, found: list[Stage], *, own: bool) -> Curve:
    ages = tuple(
        Age(one.months, _words(name, one.months, one.share), one.share.value, one.share.low,
            one.share.high)
        for one in found
        if one.share is not None
    )  # fmt: skip
    return Curve(name, own, ages)


def _words(name: str, months: int, share: Share) -> str:
    return _(
        "%(name)s, %(months)s months: %(share)s; between %(low)s and %(high)s with 95 %% certainty",
        name=name,
        months=number(months),
        share=percent(share.value),
        low=percent(share.low),
        high=percent(share.high),
    )


def _table(found: list[Stage]) -> Table:
    columns = (
        Column("there", _("There before"), Kind.COUNT),
        Column("active", _("Still active"), Kind.COUNT),
        Column("left", _("Left"), Kind.COUNT),
        Column("moved_or_lost", _("Moved, or lost the child"), Kind.COUNT),
        Column("younger", _("Not so old yet"), Kind.COUNT),
        Column("share", _("Share still active"), Kind.SHARE),
    )
    rows = (
        Row(
            str(one.months),
            _("%(months)s months", months=number(one.months)),
            (one.there, one.active, one.left, one.moved, one.young, one.share),
        )
        for one in found
    )
    return Table(_("The child's age"), columns, tuple(rows))
