"""Which times a family can be offered for a visit: the rule of `slots`, fed by what is known.

The family's own nurses are asked first; the others who serve their bydel when they cannot fill the
list, or when two must come. A protected family has its own nurses only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from nyefamilier.access.rules import Action
from nyefamilier.calendars.hours import Availability, Interval, Purpose
from nyefamilier.calendars.views import availability, nurses_serving
from nyefamilier.families.dossier import Dossier, open_dossier
from nyefamilier.families.states import TeamPart
from nyefamilier.families.tables import PregnancyRow
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import FamilyId, UserId
from nyefamilier.protocols.protocol import Anchor
from nyefamilier.protocols.service import versions
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.appointments import whole_days
from nyefamilier.visits.newborn import NEWBORN, Window, is_working_day, with_fallback
from nyefamilier.visits.openings import HalfDay, Nurse, Part, Span, Taken
from nyefamilier.visits.plan import anchors_of
from nyefamilier.visits.slots import SHOWN, Answer, Question, offer, stretches
from nyefamilier.visits.states import OPEN_STATES, Place
from nyefamilier.visits.tables import VisitRow

LASTS: Final = timedelta(minutes=60)
"""How long a visit is to last, unless somebody says otherwise."""
AROUND: Final = timedelta(days=7)
"""How far from the day that was thought of a visit without a window may be."""
SOON: Final = timedelta(days=7)
"""When a visit is thought of for which nobody has said a day."""

_FROM_BIRTH = frozenset({Anchor.BIRTH, Anchor.HOMECOMING})
_PARTS = {TeamPart.PRIMARY: Part.OWN, TeamPart.COVERING: Part.COVERING}
_HOMES = frozenset({Place.HOME, Place.OTHER})
"""Where nurses travel to, in the time that they have for it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be placed.

    Args:
        visit_id: A planned or booked visit; None for one that nobody has planned.
        on: For a visit without a window: the day that is thought of.
        wishes: The half-days that the family asked for.
    """

    visit_id: UUID | None = None
    on: date | None = None
    lasts: timedelta = LASTS
    place: Place = Place.HOME
    two_nurses: bool = False
    wishes: Collection[HalfDay] = ()


@dataclass(frozen=True, slots=True)
class Placing:
    """The times that can be offered, and the window that they were looked for in."""

    visit_id: UUID | None
    window: Window
    answer: Answer


def slots(work: Work, family_id: FamilyId, wanted: Wanted) -> Placing:
    """The times that the family can be offered, best first.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`; the family has no
            such visit.
        RuleBroken: ``visit-closed``, ``birth-awaited``.
    """
    return times_for(open_dossier(work, family_id, Action.READ, "slots"), wanted)


def times_for(dossier: Dossier, wanted: Wanted) -> Placing:
    """The same for a family that is open already.

    Raises:
        NotFound: the family has no such visit.
        RuleBroken: ``visit-closed``, ``birth-awaited``.
    """
    row = None if wanted.visit_id is None else dossier.record(VisitRow, wanted.visit_id)
    window, not_before = _window(dossier, row, wanted)
    question = Question(
        window=window,
        lasts=wanted.lasts,
        now=dossier.work.now,
        not_before=not_before,
        two_nurses=wanted.two_nurses,
        wishes=frozenset(wanted.wishes),
    )
    return Placing(wanted.visit_id, window, _answer(_Bydel(dossier, wanted), question))


def require_birth(dossier: Dossier, row: VisitRow, by: date | None = None) -> None:
    """Refuse to place a visit that is counted from a birth before the child is born.

    Args:
        dossier: The family.
        row: The visit.
        by: The day by which the child must have been born; without one it is born at all.

    Raises:
        RuleBroken: ``birth-awaited``.
    """
    if row.pregnancy_id is None or not counts_from_birth(row):
        return
    born_on = anchors_of(dossier.record(PregnancyRow, row.pregnancy_id)).born_on
    if born_on is None or (by is not None and by < born_on):
        raise RuleBroken(
            "birth-awaited",
            "This visit is counted from the birth, and the child is not born then. Record the "
            "birth first.",
            pointer=None if by is None else "/at",
        )


def counts_from_birth(row: VisitRow) -> bool:
    """Whether the protocol counts a visit's days from the birth or the homecoming."""
    if row.programme is None:
        return False
    # A kind keeps its anchor from version to version, so the family's own is not asked for.
    item = versions(row.programme)[-1].visit(row.kind)
    return item is not None and item.anchor in _FROM_BIRTH


def _window(dossier: Dossier, row: VisitRow | None, wanted: Wanted) -> tuple[Window, date]:
    """The days on which the visit fits, and the first one that makes sense."""
    today = dossier.work.today
    if row is None:
        return _around(wanted.on or today + SOON, today), today
    if row.state not in OPEN_STATES:
        raise RuleBroken(
            "visit-closed", f"The visit is {row.state}. Agree on a new one.", pointer="/visit"
        )
    require_birth(dossier, row)
    if row.opens is None or row.closes is None:
        return _around(wanted.on or row.ideal or today + SOON, today), today
    window = Window(row.opens, row.ideal or row.opens, row.closes)
    return _newborn(dossier, row, window) if row.kind == NEWBORN else (window, today)


def _around(day: date, today: date) -> Window:
    return Window(max(day - AROUND, today), max(day, today), max(day + AROUND, today))


def _newborn(dossier: Dossier, row: VisitRow, window: Window) -> tuple[Window, date]:
    """The newborn visit's window, and the day from which the child can be visited at home."""
    today = dossier.work.today
    if row.pregnancy_id is None:
        return window, today
    anchors = anchors_of(dossier.record(PregnancyRow, row.pregnancy_id))
    if anchors.born_on is None:
        return window, today
    home_from = anchors.homecoming_on or anchors.born_on
    wider = with_fallback(window, anchors.born_on, home_from, is_working_day)
    return wider, max(home_from, today)


def _answer(bydel: _Bydel, question: Question) -> Answer:
    """The own nurses' times near the ideal day; all nurses' where those are too few."""
    team, days = bydel.team(), stretches(question.window, bydel.dossier.work.today)
    answer = offer(question, bydel.nurses(team, *days[0]))
    if len(answer.slots) == SHOWN and not question.two_nurses:
        return answer
    for first, last in days:
        answer = offer(question, bydel.nurses(team | bydel.others(team, first), first, last))
        if answer.slots:
            break
    return answer


@dataclass(slots=True)
class _Bydel:
    """The nurses who could come, and what they have agreed to."""

    dossier: Dossier
    wanted: Wanted

    def team(self) -> dict[UserId, Part]:
        """The family's own nurses."""
        found: dict[UserId, Part] = {}
        for one in self.dossier.team_now():
            part = _PARTS[TeamPart(one.part)]
            nurse_id = UserId(one.nurse_id)
            found[nurse_id] = min(part, found.get(nurse_id, part))
        return found

    def others(self, team: dict[UserId, Part], on: date) -> dict[UserId, Part]:
        """The bydel's other nurses, and those of other bydeler who help out in it on a day."""
        bydel = self.dossier.bydel
        if bydel is None:
            return {}
        nurses = nurses_serving(self.dossier.work, bydel, on)
        return {one.id: Part.OTHER for one in nurses if one.id not in team}

    def nurses(self, parts: dict[UserId, Part], first: date, last: date) -> list[Nurse]:
        """Those nurses as they can be asked for some days, and as those weeks are for them."""
        monday = first - timedelta(days=first.weekday())
        sunday = last + timedelta(days=6 - last.weekday())
        works = availability(self.dossier.work, parts, monday, sunday)
        taken = self._taken(list(parts), monday, sunday)
        place = self.wanted.place
        return [
            on_days(nurse_at(place, works[id_], part, taken.get(id_, ())), first, last)
            for id_, part in parts.items()
        ]

    def _taken(
        self, nurse_ids: Sequence[UserId], first: date, last: date
    ) -> dict[UserId, list[Taken]]:
        among = whole_days(first, last)
        near = self.dossier.family.delbydel
        found: dict[UserId, list[Taken]] = {}
        for one in store.taken_in(
            self.dossier.work.session, nurse_ids, among, but=self.wanted.visit_id
        ):
            is_near = near is not None and one.delbydel == near
            taken = Taken(one.begins, one.ends, is_near)
            found.setdefault(UserId(one.nurse_id), []).append(taken)
        return found


def nurse_at(place: str, works: Availability, part: Part, taken: Iterable[Taken]) -> Nurse:
    """When a nurse could come to a place: at home only in the time that she has for it."""
    travel = timedelta(minutes=works.travel_minutes)
    at_home = place in _HOMES
    return Nurse(
        id=UserId(works.nurse_id),
        part=part,
        free=_joined(one for one in works.intervals if _fits(one, at_home)),
        # Whoever is called or comes to the clinic is not travelled to; but the nurse may be on
        # her way from a home or to one.
        taken=list(taken) if at_home else [_with_way(one, travel) for one in taken],
        travel=travel if at_home else timedelta(0),
        works=_joined(works.intervals),
    )


def on_days(nurse: Nurse, first: date, last: date) -> Nurse:
    """The nurse, free on some of the days only; how much of a week is taken stays the week's."""
    free = [one for one in nurse.free if first <= day_of(one.begins) <= last]
    return replace(nurse, free=free)


def _fits(interval: Interval, at_home: bool) -> bool:  # noqa: FBT001 - named where it is made
    return not at_home or interval.purpose is Purpose.HOME


def _joined(intervals: Iterable[Interval]) -> list[Span]:
    """Times at work; a nurse who goes on at noon need not be back at noon."""
    found: list[Span] = []
    for one in intervals:
        if found and found[-1].ends == one.begins:
            found[-1] = Span(found[-1].begins, one.ends)
        else:
            found.append(Span(one.begins, one.ends))
    return found


def _with_way(one: Taken, travel: timedelta) -> Taken:
    return Taken(one.begins - travel, one.ends + travel, one.near)
