"""What is out of place in families' plans, and what could be done about it.

A birth moves windows by itself. What it cannot know is what nurse and family want with a time that
they agreed on; so that is shown, with the times that would suit, and decided by her in one step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from nyefamilier.access.rules import Action
from nyefamilier.calendars.views import away_during
from nyefamilier.families import store as families_store
from nyefamilier.families.dossier import Dossier, open_dossier
from nyefamilier.families.tables import PregnancyRow
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.offers.service import enrolment_now
from nyefamilier.protocols.protocol import Anchor, PlannedWindow, ProtocolVisit, windows
from nyefamilier.protocols.service import versions
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.appointments import Span, lasting
from nyefamilier.visits.booking import AN_HOUR
from nyefamilier.visits.displaced import Reason, Standing, reasons
from nyefamilier.visits.newborn import NEWBORN, Window, is_working_day, with_fallback
from nyefamilier.visits.placing import Placing, Wanted, times_for
from nyefamilier.visits.plan import anchors_of
from nyefamilier.visits.states import Place, VisitState
from nyefamilier.visits.tables import VisitRow

_FROM_BIRTH: Final = frozenset({Anchor.BIRTH, Anchor.HOMECOMING})
_STILL_DUE: Final = timedelta(days=42)
"""How long after its window a visit is still offered here: until the six-week consultation."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreed time, without a word that anybody wrote.

    Args:
        window: The days on which the visit fits, where there are such.
        reasons: Why somebody should look at it; nothing where it is in its place.
    """

    visit_id: UUID
    family_id: FamilyId
    kind: str
    begins: datetime
    ends: datetime
    place: Place
    nurse_id: UUID | None
    second_nurse_id: UUID | None
    window: Window | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A visit that the birth gave its days, and that has no time yet."""

    visit_id: UUID
    kind: str
    window: Window


@dataclass(frozen=True, slots=True)
class OffThePlan:
    """A visit of the pregnancy that the birth took off the plan, and the time that it had."""

    visit_id: UUID
    kind: str
    begins: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """What has come out of place in a family.

    Args:
        rev: The family's revision that was looked at.
        born_on: When the child was born, where one is.
        agreements: The agreed visits that somebody should look at, in order.
        due: The visits that have new days and no time, in order.
        off_the_plan: What is agreed on no more.
    """

    rev: int
    born_on: date | None
    agreements: tuple[Agreement, ...]
    due: tuple[Due, ...]
    off_the_plan: tuple[OffThePlan, ...]

    def __bool__(self) -> bool:
        return bool(self.agreements or self.due or self.off_the_plan)


@dataclass(frozen=True, slots=True)
class Replan:
    """What has come out of place, and the times that would suit, by visit."""

    moved: Moved
    times: Mapping[UUID, Placing]


def moved(work: Work, family_id: FamilyId) -> Moved:
    """What has come out of place in a family.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`.
    """
    return _moved(open_dossier(work, family_id, Action.READ, "replan"))


def replan(work: Work, family_id: FamilyId) -> Replan:
    """The same, and the times that could be agreed on instead.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`.
    """
    dossier = open_dossier(work, family_id, Action.READ, "replan")
    found = _moved(dossier)
    wanted = [_instead(one) for one in found.agreements]
    wanted += [Wanted(one.visit_id) for one in found.due]
    times = ((one.visit_id, _times(dossier, one)) for one in wanted)
    return Replan(found, {id_: one for id_, one in times if id_ is not None and one is not None})


def out_of_place(work: Work, rows: Iterable[VisitRow]) -> list[Agreement]:
    """Those of some families' visits that are agreed on and that somebody should look at.

    Whether the actor may see the families is asked by the caller.
    """
    return [one for one in agreements(work, rows) if one.reasons]


def agreements(work: Work, rows: Iterable[VisitRow]) -> list[Agreement]:
    """Those of some families' visits that are agreed on and to come, and how they stand."""
    booked = [row for row in rows if row.state == VisitState.BOOKED and _is_to_come(row, work.now)]
    if not booked:
        return []
    pregnancies = families_store.pregnancies_with(
        work.session, {row.pregnancy_id for row in booked if row.pregnancy_id is not None}
    )
    spans = {row.id: span_of(row) for row in booked}
    away = _away(work, booked, spans.values())
    claimed = store.claims_of(work.session, list(spans))
    return [
        _agreement(
            row,
            spans[row.id],
            None if row.pregnancy_id is None else pregnancies.get(row.pregnancy_id),
            [span for nurse in _nurses(row) for span in away.get(nurse, ())],
            has_time={(row.id, nurse) for nurse in _nurses(row)} <= claimed,
        )
        for row in booked
    ]


def span_of(row: VisitRow) -> Span:
    """From when to when a visit that is agreed on is to be.

    Raises:
        ValueError: it has no time.
    """
    if row.at is None:
        raise ValueError("only what is agreed on has a time")
    return lasting(row.at, timedelta(minutes=row.minutes or AN_HOUR))


def _moved(dossier: Dossier) -> Moved:
    work, family_id = dossier.work, dossier.id
    rows = store.visits_of(work.session, family_id)
    born = _born_and_enrolled(dossier)
    return Moved(
        rev=dossier.family.rev,
        born_on=None if born is None else born.ended_on,
        agreements=tuple(out_of_place(work, rows)),
        due=() if born is None else tuple(_due(rows, born, work.today)),
        off_the_plan=() if born is None else tuple(_off_the_plan(rows, born, work.now)),
    )


def _born_and_enrolled(dossier: Dossier) -> PregnancyRow | None:
    """The pregnancy that the family takes part for, where its child is born.

    After a loss it takes part no more, and nothing is said of what the birth moved.
    """
    enrolment = enrolment_now(dossier)
    if enrolment is None:
        return None
    pregnancy = dossier.record(PregnancyRow, enrolment.pregnancy_id)
    return None if _born_on(pregnancy) is None else pregnancy


def _is_to_come(row: VisitRow, now: datetime) -> bool:
    return row.at is not None and row.at > now


def _nurses(row: VisitRow) -> list[UUID]:
    return [one for one in (row.nurse_id, row.second_nurse_id) if one is not None]


def _away(
    work: Work, booked: Sequence[VisitRow], spans: Collection[Span]
) -> Mapping[UUID, Sequence[Span]]:
    nurses = {nurse for row in booked for nurse in _nurses(row)}
    among = min(one.begins for one in spans), max(one.ends for one in spans)
    found = away_during(work, nurses, *among)
    return {
        nurse: [Span(one.begins, one.ends) for one in absences] for nurse, absences in found.items()
    }


def _agreement(
    row: VisitRow,
    span: Span,
    pregnancy: PregnancyRow | None,
    away: Collection[Span],
    *,
    has_time: bool,
) -> Agreement:
    item, is_born = _item(row), pregnancy is not None and _born_on(pregnancy) is not None
    window = None if pregnancy is None else _window(row, pregnancy)
    standing = Standing(
        window=window,
        is_born=is_born,
        counts_from_birth=item is not None and item.anchor in _FROM_BIRTH,
        looked_at=pregnancy is None or row.rev > pregnancy.rev,
        away=away,
        has_time=has_time,
    )
    return Agreement(
        visit_id=row.id,
        family_id=FamilyId(row.family_id),
        kind=row.kind,
        begins=span.begins,
        ends=span.ends,
        place=Place.HOME if row.place is None else Place(row.place),
        nurse_id=row.nurse_id,
        second_nurse_id=row.second_nurse_id,
        window=window,
        reasons=reasons(span, standing),
    )


def _born_on(pregnancy: PregnancyRow) -> date | None:
    return anchors_of(pregnancy).born_on


def _item(row: VisitRow) -> ProtocolVisit | None:
    """What the protocol says of a visit; a kind keeps its nature from version to version."""
    return None if row.programme is None else versions(row.programme)[-1].visit(row.kind)


def _window(row: VisitRow, pregnancy: PregnancyRow) -> Window | None:
    """The days on which a visit fits, by the family's days as known now."""
    if row.opens is not None and row.closes is not None:
        window = Window(row.opens, row.ideal or row.opens, row.closes)
    elif (planned := _suggested(row, pregnancy)) is not None:
        window = Window(planned.opens, planned.ideal, planned.closes)
    else:
        return None
    born_on = _born_on(pregnancy)
    if row.kind != NEWBORN or born_on is None:
        return window
    return with_fallback(window, born_on, pregnancy.homecoming_on or born_on, is_working_day)


def _suggested(row: VisitRow, pregnancy: PregnancyRow) -> PlannedWindow | None:
    """The window of a visit that the protocol knows and the plan has no row for."""
    if row.programme is None or _item(row) is None:
        return None
    found = windows(versions(row.programme)[-1], anchors_of(pregnancy))
    return next((one for one in found if one.kind == row.kind), None)


def _due(rows: Iterable[VisitRow], born: PregnancyRow, today: date) -> list[Due]:
    """The newborn visit, where it has no time yet and it is not long too late for it."""
    found = []
    for row in rows:
        if (row.pregnancy_id, row.kind, row.state) != (born.id, NEWBORN, VisitState.PLANNED):
            continue
        window = _window(row, born)
        if window is not None and today <= window.closes + _STILL_DUE:
            found.append(Due(row.id, row.kind, window))
    return found


def _off_the_plan(rows: Iterable[VisitRow], born: PregnancyRow, now: datetime) -> list[OffThePlan]:
    return [
        OffThePlan(row.id, row.kind, row.at)
        for row in _last_of_kinds(rows, born)
        if row.state == VisitState.SUPERSEDED
        and row.at is not None
        and row.at > now
        and (item := _item(row)) is not None
        and item.ends_at_birth
    ]


def _last_of_kinds(rows: Iterable[VisitRow], born: PregnancyRow) -> Iterable[VisitRow]:
    """A pregnancy's visits without those in whose place another one was agreed on."""
    own = (row for row in rows if row.pregnancy_id == born.id)
    in_turn = sorted(own, key=lambda row: (row.rev, row.state != VisitState.SUPERSEDED))
    return {row.kind: row for row in in_turn}.values()


def _instead(one: Agreement) -> Wanted:
    """What to look for instead of a time that does not suit: as near to it as it fits."""
    on = day_of(one.begins)
    if one.window is not None:
        on = min(max(on, one.window.opens), one.window.closes)
    return Wanted(
        visit_id=one.visit_id,
        on=on,
        lasts=one.ends - one.begins,
        place=one.place,
        two_nurses=one.second_nurse_id is not None,
    )


def _times(dossier: Dossier, wanted: Wanted) -> Placing | None:
    try:
        return times_for(dossier, wanted)
    except RuleBroken:
        # Nothing can be agreed on before the birth, and what cannot be is not offered.
        return None
