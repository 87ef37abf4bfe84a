"""A programme's protocol as a value: which visits there are, and when each fits a family.

A protocol is read from TOML (`read_protocol`), laid against a family's own days (`windows`), added
to by a bydel (`with_additions`) and compared with another (`diff`). Nothing here knows a clock: a
window that has passed is not overdue, it has passed.

Sources: each visit names its own; docs/protocol.md tells them together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from nyefamilier.kernel.errors import RuleBroken


class Anchor(StrEnum):
    """The day that a visit's window is counted from."""

    TERM = "term"
    BIRTH = "birth"
    HOMECOMING = "homecoming"
    AGREED = "agreed"
    """The day on which family and nurse agreed to begin."""


class VisitRole(StrEnum):
    """How firmly the programme asks for a visit."""

    ANCHOR = "anchor"
    """Must be planned: the programme promises it to every family that said yes."""
    RHYTHM = "rhythm"
    """A suggestion for when no next visit has been agreed. Never due, never overdue."""
    CONSULTATION = "consultation"
    """Belongs to the statutory well-child programme, which is not this programme's to chase."""


@dataclass(frozen=True, slots=True)
class ProtocolVisit:
    """One visit of a protocol.

    Args:
        kind: Its stable name; a family's visits refer to it across versions.
        opens: First day of the window, in days from the anchor; negative is before it.
        closes: Last day of the window, itself included.
        ends_at_birth: A visit of the pregnancy: nothing is left of it once the child is born.
        after_homecoming: For a home visit after birth: when the family comes home later than
            ``closes``, the window is the days from homecoming to this many days after it.
    """

    kind: str
    name_nb: str
    name_en: str
    anchor: Anchor
    opens: int
    ideal: int
    closes: int
    role: VisitRole
    counts_as: tuple[str, ...]
    source: str
    ends_at_birth: bool = False
    after_homecoming: int | None = None
    who: tuple[str, ...] = ()
    form: str = "hjemmebesok"
    vaccines: tuple[str, ...] = ()

    @property
    def is_anchor(self) -> bool:
        """Whether it must be planned for every family in the programme."""
        return self.role is VisitRole.ANCHOR


@dataclass(frozen=True, slots=True)
class Protocol:
    """One version of one programme's protocol, in force for families that join from ``valid_from``.

    Args:
        bydel: The bydel whose additions it holds; None for the city core.
        most_visits: The manual's ceiling, where it has one.
    """

    programme: str
    version: str
    valid_from: date
    name_nb: str
    name_en: str
    eligible: tuple[str, ...]
    source: str
    visits: tuple[ProtocolVisit, ...]
    most_visits: int | None = None
    bydel: str | None = None

    def visit(self, kind: str) -> ProtocolVisit | None:
        """The visit of that kind, if the protocol has it."""
        return next((visit for visit in self.visits if visit.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Anchors:
    """A family's own days, as far as they are known."""

    term: date | None = None
    born_on: date | None = None
    homecoming_on: date | None = None
    agreed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedWindow:
    """When one visit fits one family.

    Args:
        provisional: Counted from the term because the child is not born yet: it will move.
        closed_by_birth: The child has come; an open visit of this kind, which is one in pregnancy,
            is superseded by the visits after birth.
    """

    kind: str
    opens: date
    ideal: date
    closes: date
    anchor_kind: Anchor
    role: VisitRole
    counts_as: tuple[str, ...]
    source: str
    provisional: bool = False
    closed_by_birth: bool = False

    @property
    def is_anchor(self) -> bool:
        """Whether it must be planned."""
        return self.role is VisitRole.ANCHOR


@dataclass(frozen=True, slots=True)
class WindowMove:
    """A visit that both protocols have, at other days."""

    before: PlannedWindow
    after: PlannedWindow

    @property
    def kind(self) -> str:
        """The visit's kind."""
        return self.after.kind


@dataclass(frozen=True, slots=True)
class ProtocolDiff:
    """What changing protocol would do to one family's plan."""

    moved: tuple[WindowMove, ...] = ()
    added: tuple[PlannedWindow, ...] = ()
    removed: tuple[PlannedWindow, ...] = ()
    unchanged: tuple[PlannedWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class Addition:
    """What one bydel offers beyond the city's core. It can add and nothing else."""

    bydel: str
    programme: str
    visits: tuple[ProtocolVisit, ...]


_PROGRAMME_VISIT_ONLY = frozenset({"programvisit"})


def windows(protocol: Protocol, anchors: Anchors) -> tuple[PlannedWindow, ...]:
    """Every window that the protocol gives a family with these days, by ideal day.

    A visit whose anchor is unknown has no window yet. Before the birth, visits after it are counted
    from the term and marked provisional. Once the child is born, what belonged to the pregnancy
    ends on that day, or has no window if it never opened.
    """
    found = (_window(visit, anchors) for visit in protocol.visits)
    return tuple(sorted(filter(None, found), key=lambda window: (window.ideal, window.kind)))


def diff(old: Protocol, new: Protocol, anchors: Anchors) -> ProtocolDiff:
    """What becomes of one family's windows when *new* takes the place of *old*."""
    before = {window.kind: window for window in windows(old, anchors)}
    after = {window.kind: window for window in windows(new, anchors)}
    both = [(before[kind], window) for kind, window in after.items() if kind in before]
    return ProtocolDiff(
        moved=tuple(WindowMove(old, new) for old, new in both if _days(old) != _days(new)),
        added=tuple(window for kind, window in after.items() if kind not in before),
        removed=tuple(window for kind, window in before.items() if kind not in after),
        unchanged=tuple(new for old, new in both if _days(old) == _days(new)),
    )


def with_additions(core: Protocol, addition: Addition) -> Protocol:
    """The city's core with one bydel's visits added.

    Raises:
        RuleBroken: ``protocol-addition``: the addition is for another programme, takes the place of
            a visit of the core, or would count in statistics that compare bydeler.
    """
    if addition.programme != core.programme:
        raise _refused(f"it adds to {addition.programme}, not to {core.programme}")
    for visit in addition.visits:
        _require_addable(core, visit)
    return replace(core, visits=core.visits + addition.visits, bydel=addition.bydel)


def _require_addable(core: Protocol, visit: ProtocolVisit) -> None:
    if core.visit(visit.kind) is not None:
        raise _refused(f"{visit.kind} is a visit of the city's core and stays as it is")
    if visit.is_anchor:
        # An anchor is a promise of the whole city; a bydel's own would make some families' plans
        # stricter than others' and show in the comparison of bydeler.
        raise _refused(f"{visit.kind} is an anchor, which only the city's core can have")
    if not _PROGRAMME_VISIT_ONLY.issuperset(visit.counts_as):
        raise _refused(f"{visit.kind} may count as programvisit only")


def _refused(why: str) -> RuleBroken:
    return RuleBroken(
        "protocol-addition",
        f"A bydel may add to the city's protocol and not take from it: {why}.",
    )


def _days(window: PlannedWindow) -> tuple[date, date, date]:
    return window.opens, window.ideal, window.closes


def _window(visit: ProtocolVisit, anchors: Anchors) -> PlannedWindow | None:
    day, provisional = _anchor_day(visit.anchor, anchors)
    if day is None:
        return None
    window = PlannedWindow(
        kind=visit.kind,
        opens=day + timedelta(visit.opens),
        ideal=day + timedelta(visit.ideal),
        closes=day + timedelta(visit.closes),
        anchor_kind=visit.anchor,
        role=visit.role,
        counts_as=visit.counts_as,
        source=visit.source,
        provisional=provisional,
    )
    if visit.ends_at_birth:
        return _until_birth(window, anchors)
    if visit.after_homecoming is not None and anchors.homecoming_on is not None:
        return _from_homecoming(window, anchors.homecoming_on, visit.after_homecoming)
    return window


def _anchor_day(anchor: Anchor, anchors: Anchors) -> tuple[date | None, bool]:
    """The day to count from, and whether it stands in for one that is not known yet."""
    match anchor:
        case Anchor.TERM:
            return anchors.term, False
        case Anchor.BIRTH:
            return anchors.born_on or anchors.term, anchors.born_on is None
        case Anchor.HOMECOMING:
            day = anchors.homecoming_on or anchors.born_on or anchors.term
            return day, anchors.homecoming_on is None
        case Anchor.AGREED:
            return anchors.agreed_on, False
        case _:
            assert_never(anchor)


def _until_birth(window: PlannedWindow, anchors: Anchors) -> PlannedWindow | None:
    if anchors.born_on is None:
        return None if anchors.term and window.opens > anchors.term else window
    if window.opens > anchors.born_on:
        return None
    if window.closes <= anchors.born_on:
        # So late a child leaves the days as they were; a visit in pregnancy is over all the same.
        return replace(window, closed_by_birth=True)
    return replace(
        window,
        ideal=min(window.ideal, anchors.born_on),
        closes=anchors.born_on,
        closed_by_birth=True,
    )


def _from_homecoming(window: PlannedWindow, homecoming_on: date, within: int) -> PlannedWindow:
    """A home visit cannot come before the home: a child long in hospital is waited for."""
    if homecoming_on <= window.opens:
        return window
    closes = window.closes
    if homecoming_on > closes:
        closes = homecoming_on + timedelta(within)
    return replace(
        window,
        opens=homecoming_on,
        ideal=max(window.ideal, homecoming_on),
        closes=closes,
    )
