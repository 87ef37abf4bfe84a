"""Bydeler beside the city: which share lies where, and what that may mean in plain words.

From published figures only: what is hidden has no counts here, so nothing can be drawn of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.web.asking import Row
from api.web.formats import percent
from api.web.texts import LazyText, _, _l
from nyefamilier.uptake.funnel import Funnel, Limits, Point, Verdict, funnel
from nyefamilier.uptake.indicators import BydelUptake, Share, UptakeReport


@dataclass(frozen=True, slots=True)
class Measure:
    """A share that bydeler are compared by; *code* is its id in the catalogue of indicators."""

    code: str
    part: str
    whole: str
    title: LazyText
    part_words: LazyText
    whole_words: LazyText
    caption: LazyText

    def share(self, line: BydelUptake) -> Share | None:
        """The share of a line, with its interval; None where it is hidden or of nobody."""
        found: Share | None = getattr(line, self.code)
        return found

    def of(self, line: BydelUptake) -> int | None:
        """How many families it is a share of; None where that is hidden."""
        found: int | None = getattr(line, self.whole)
        return found

    def point(self, line: BydelUptake) -> Point | None:
        """The two counts of a share that is shown."""
        part, whole = getattr(line, self.part), self.of(line)
        if self.share(line) is None or part is None or whole is None:
            return None
        return Point(part, whole)


MEASURES: Final = (
    Measure(
        "uptake",
        "accepted",
        "offered",
        _l("Uptake: who said yes, of those offered"),
        _l("Said yes"),
        _l("Families offered"),
        _l("Share of the families offered who said yes, by how many families were offered."),
    ),
    Measure(
        "reach",
        "reached",
        "eligible",
        _l("Reach: who has been visited, of those eligible"),
        _l("Visited"),
        _l("Eligible families"),
        _l("Share of the eligible families who have been visited, by how many were eligible."),
    ),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One bydel beside the city."""

    row: Row
    point: Point | None
    share: Share | None
    limits: Limits | None
    is_empty: bool

    @property
    def verdict(self) -> Verdict | None:
        """Where its share lies; None where there is no share or no limit."""
        if self.point is None or self.limits is None:
            return None
        return self.limits.verdict(self.point.share)

    @property
    def words(self) -> str:
        """Where its share lies, or why that is not told."""
        if self.is_empty:
            return _("no families yet")
        if self.point is None:
            return _("hidden")
        return "" if self.verdict is None else str(VERDICTS[self.verdict])


VERDICTS: Final = {
    Verdict.WITHIN: _l("within"),
    Verdict.BETWEEN: _l("between the inner and the outer limits"),
    Verdict.OUTSIDE: _l("outside"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """All bydeler beside the city, by one share."""

    measure: Measure
    bydeler: tuple[Compared, ...]
    city: Point | None
    funnel: Funnel | None

    @property
    def shown(self) -> list[Compared]:
        """The bydeler whose share is shown."""
        return [one for one in self.bydeler if one.point is not None]

    @property
    def hidden(self) -> list[str]:
        """The names of those whose figure is hidden."""
        return [one.row.name for one in self.bydeler if one.point is None and not one.is_empty]

    @property
    def empty(self) -> list[str]:
        """The names of those that have no families yet."""
        return [one.row.name for one in self.bydeler if one.is_empty]

    def outside(self, verdict: Verdict) -> list[str]:
        """The names of those that lie so, by number and not by share."""
        found = [one for one in self.bydeler if one.verdict is verdict]
        return [one.row.name for one in sorted(found, key=lambda one: one.row.line.bydel or "")]


def compare(measure: Measure, rows: Sequence[Row], report: UptakeReport) -> Comparison:
    """The bydeler of *rows*, in their order, beside the city."""
    points = [(row, measure.point(row.line)) for row in rows]
    city = measure.point(report.city)
    known = [one for _row, one in points if one is not None]
    # One bydel alone is not compared: its families may be all of the city's.
    found = None if city is None or len(known) < 2 else funnel(known, city)
    bydeler = tuple(
        Compared(
            row,
            point,
            measure.share(row.line),
            None if found is None or point is None else found.limits(point.whole),
            measure.of(row.line) == 0,
        )
        for row, point in points
    )
    return Comparison(measure, bydeler, city, found)


def finding(found: Comparison) -> str:
    """What the figure shows, in one sentence, and no more than it bears."""
    if found.funnel is None:
        return _uncompared(found)
    explained = _explained(found.funnel)
    if outside := found.outside(Verdict.OUTSIDE):
        return _(
            "Outside what %(explained)s can easily explain: %(bydeler)s. The figure does not say "
            "why.",
            explained=explained,
            bydeler=", ".join(outside),
        )
    if between := found.outside(Verdict.BETWEEN):
        return _(
            "Between the limits: %(bydeler)s. By chance alone about one bydel in twenty lies there "
            "or further out.",
            bydeler=", ".join(between),
        )
    return _(
        "All bydeler that can be shown lie within what %(explained)s can explain.",
        explained=explained,
    )


def _uncompared(found: Comparison) -> str:
    """Why there is no funnel."""
    if not found.shown:
        return _("No bydel's figure can be shown in this period, so none can be compared.")
    if len(found.shown) == 1:
        return _("Only one bydel's figure can be shown in this period, so it is not compared.")
    if found.city is None:
        return _("Oslo's own figure is hidden in this period, so there is nothing to compare with.")
    return _(
        "In Oslo as a whole the share is %(share)s, and so it is in every bydel.",
        share=percent(found.city.share),
    )


def width(found: Comparison) -> str | None:
    """How wide the limits are and why, in words; None where there are none."""
    if found.funnel is None:
        return None
    if found.funnel.spread is None:
        return _(
            "Fewer than ten bydeler can be shown, so it is not judged whether bydeler vary more "
            "than chance; the limits are those of chance alone."
        )
    if found.funnel.is_widened:
        return _(
            "The bydeler vary more among themselves than chance alone would have them do. The "
            "limits are therefore wider than those of chance."
        )
    return _(
        "Taken together, the bydeler do not vary clearly more than by chance. The limits are those "
        "of chance alone."
    )


def _explained(found: Funnel) -> str:
    if found.is_widened:
        return _("chance and the usual variation between bydeler")
    return _("chance")
