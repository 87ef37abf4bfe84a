"""What a fact says, in codes and counts, and its writing: one by one as told, or many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias, assert_never, cast
from uuid import UUID, uuid4

from sqlalchemy import Insert, Table, select
from sqlalchemy.orm import Session

from nyefamilier.needs.events import NeedTold
from nyefamilier.needs.states import NeedStep
from nyefamilier.offers.events import (
    ChildBorn,
    EnrolmentEnded,
    FamilyIdentified,
    LanguageKnown,
    OfferAnswered,
    OfferMade,
)
from nyefamilier.offers.states import Answer, EnrolmentState
from nyefamilier.storage.copying import copy_rows
from nyefamilier.storage.sessions import WriteBehind
from nyefamilier.uptake import statements
from nyefamilier.uptake.indicators import (
    COUNTED_QUARTERS,
    COUNTED_VISIT,
    COVERS_INSTEAD,
    KOSTRA_10,
    KOSTRA_14,
    NEWBORN_7_10,
    OURS,
    PREGNANCY_FROM_28,
    QUARTER_OF_AN_HOUR,
    UNSCHEDULED,
)
from nyefamilier.uptake.tables import NO_THEME, Participation, ToldFact
from nyefamilier.visits.events import VisitDone
from nyefamilier.visits.states import Interpreting

Heard: TypeAlias = (
    FamilyIdentified
    | OfferMade
    | OfferAnswered
    | EnrolmentEnded
    | ChildBorn
    | LanguageKnown
    | VisitDone
    | NeedTold
)
Told: TypeAlias = tuple[date, Heard]
"""A fact, and the first day of the month in which it was told."""
Payload: TypeAlias = Mapping[str, str | int | bool | list[str] | None]
Given: TypeAlias = Mapping[str, str | int | date | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of a fact, and the statement that writes it with what it changes."""

    kind: str
    payload: Payload
    statement: Insert
    given: Given = field(default_factory=dict)


def entry(event: Heard) -> Entry:
    """What is kept of *event*: codes, and quarters of an hour in place of minutes."""
    match event:
        case FamilyIdentified():
            basis = {"basis": event.basis}
            return Entry("identified", basis, statements.IDENTIFIED, basis)
        case OfferMade():
            return _offered(event)
        case OfferAnswered():
            return _answered(event)
        case EnrolmentEnded():
            return _ended(event)
        case ChildBorn() | LanguageKnown() | NeedTold():
            return _of_family(event)
        case VisitDone():
            return _visited(event)
        case _:
            assert_never(event)


def write(session: WriteBehind, event: Heard, told: date) -> None:
    """Write *event*, told in the month that *told* begins, and what it adds up to.

    It is written with what else the session keeps back; facts are written in the order told.
    """
    kept = entry(event)
    given = {**_row(event, kept, told), **kept.given}
    named = {f"the_{name}": value for name, value in given.items()}
    session.tell(kept.statement, named)


def write_facts(session: Session, told: Sequence[Told]) -> set[UUID]:
    """Write facts alone, in the order told; the participations whose sums are now to be rebuilt."""
    keys = {event.participation for _, event in told}
    steps = Counter(_steps(session, keys))
    rows = []
    for month, event in told:
        steps[event.participation] += 1
        step = {"step": steps[event.participation], "mixed": False}
        rows.append({**_row(event, entry(event), month), **step})
    copy_rows(session.connection(), cast("Table", ToldFact.__table__), rows)
    return keys


def _row(event: Heard, kept: Entry, told: date) -> dict[str, object]:
    return {
        "id": uuid4(),  # random: a newer kind would hold the time
        "participation": event.participation,
        "kind": kept.kind,
        "bydel": event.bydel,
        "month": event.month,
        "told": told,
        "payload": kept.payload,
    }


def _steps(session: Session, keys: set[UUID]) -> dict[UUID, int]:
    query = select(Participation.key, Participation.steps).where(Participation.key.in_(keys))
    return {row.key: row.steps for row in session.execute(query)}


def _offered(event: OfferMade) -> Entry:
    ours = event.programme == OURS
    payload = {"programme": event.programme, "basis": event.basis, "channel": event.channel}
    statement = statements.OFFERED if ours else statements.OFFERED_ANOTHER
    return Entry("offered", payload, statement, {"basis": event.basis})


def _answered(event: OfferAnswered) -> Entry:
    payload: Payload = {
        "programme": event.programme,
        "answer": event.answer,
        "in_time": event.in_time,
        "after_birth": event.after_birth,
    }
    if event.programme == OURS:
        marks = {"in_time": event.in_time, "after_birth": event.after_birth}
        return Entry("answered", payload, statements.ANSWERED, {"answer": event.answer, **marks})
    if event.programme == COVERS_INSTEAD:
        covered = {"covered": event.answer is Answer.YES}
        return Entry("answered", payload, statements.COVERED, covered)
    return Entry("answered", payload, statements.NOTED)


def _ended(event: EnrolmentEnded) -> Entry:
    payload = {"programme": event.programme, "state": event.state}
    if event.programme == OURS:
        return Entry("ended", payload, statements.ENDED, {"state": event.state})
    if event.programme == COVERS_INSTEAD and event.state is EnrolmentState.WITHDRAWN:
        return Entry("ended", payload, statements.COVERED, {"covered": False})
    return Entry("ended", payload, statements.NOTED)


def _of_family(event: ChildBorn | LanguageKnown | NeedTold) -> Entry:
    if isinstance(event, NeedTold):
        return _of_need(event)
    if isinstance(event, LanguageKnown):
        group = {"group": event.group}
        return Entry("speaks", group, statements.SPEAKS, group)
    home = event.home
    payload = {"home": None if home is None else home.year * 100 + home.month}
    return Entry("born", payload, statements.BORN, {"home": home})


def _visited(event: VisitDone) -> Entry:
    quarters = event.minutes // QUARTER_OF_AN_HOUR
    ours = event.programme == OURS and COUNTED_VISIT in event.counts_as
    payload: Payload = {
        "programme": event.programme,
        "kind": event.kind,
        "quarters": quarters,
        "at_home": event.at_home,
        "counts_as": list(event.counts_as),
        "by_own_nurse": event.by_own_nurse,
        "other_parent_present": event.other_parent_present,
        "weeks": event.weeks,
        "interpreter": event.interpreter,
    }
    given: dict[str, str | int | None] = {"visit_kind": event.kind, **_timely(event)}
    given.update((name, int(ours and holds)) for name, holds in _at_visit(event).items())
    if not ours:
        return Entry("visited", payload, statements.VISITED_OTHERWISE, given)
    given["weeks"], given["in_pregnancy"] = event.weeks, PREGNANCY_FROM_28 in event.counts_as
    return Entry("visited", payload, statements.VISITED, given)


def _of_need(event: NeedTold) -> Entry:
    payload = {"theme": event.theme, "step": event.step}
    given: dict[str, str | int] = {"theme": event.theme or NO_THEME}
    given.update((step.value, int(step is event.step)) for step in NeedStep)
    return Entry("need", payload, statements.NEEDED, given)


def _timely(event: VisitDone) -> dict[str, bool]:
    return {
        "newborn": NEWBORN_7_10 in event.counts_as,
        "kostra_10": KOSTRA_10 in event.counts_as,
        "kostra_14": KOSTRA_14 in event.counts_as,
    }


def _at_visit(event: VisitDone) -> dict[str, bool]:
    """What a visit of our programme is counted as: `statements.VISIT_COUNTS`."""
    return {
        "programme_visits": True,
        "counted_visits": event.minutes // QUARTER_OF_AN_HOUR >= COUNTED_QUARTERS,
        "own_nurse": event.by_own_nurse,
        "other_parent": event.other_parent_present,
        "qualified": event.interpreter is Interpreting.QUALIFIED,
        "unqualified": event.interpreter is Interpreting.UNQUALIFIED,
        "absent": event.interpreter is Interpreting.ABSENT,
        "unscheduled": UNSCHEDULED in event.counts_as,
    }
