"""The family page: what the parents need first, then what has been promised, and what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web import people, text_words
from api.web.blueprint import pages
from api.web.places import bydel_name, delbydel_name
from nyefamilier.accounts.service import display_names
from nyefamilier.families.states import TeamPart
from nyefamilier.families.views import FamilyView, family
from nyefamilier.journal.views import Note, notes
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.ids import FamilyId, UserId
from nyefamilier.needs.states import CLOSED
from nyefamilier.needs.views import needs
from nyefamilier.offers.states import OPEN_STATES as ENROLLED
from nyefamilier.offers.states import Answer
from nyefamilier.offers.views import enrolments, offers
from nyefamilier.storage.work import Work
from nyefamilier.texts.views import texts
from nyefamilier.visits.rearranging import moved
from nyefamilier.visits.states import OPEN_STATES, VisitState
from nyefamilier.visits.views import Plan, PlanItem, Visit, plan, visits

FAMILY_ROLES = (Role.NURSE, Role.LEAD)


@dataclass(frozen=True, slots=True)
class Thread:
    """A note with its versions: the one that stands, and those before it, newest first."""

    note: Note
    before: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One visit of the diary with its notes, or notes that belong to no visit."""

    on: date
    visit: Visit | None
    threads: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the plan: an anchor, or what nurse and family have agreed."""

    kind: str
    mark: str
    on: date
    item: PlanItem | None
    visit: Visit | None

    @property
    def visit_id(self) -> UUID | None:
        """The visit that stands for it."""
        if self.visit is not None:
            return self.visit.id
        return None if self.item is None else self.item.visit_id


@pages.get("/families/<uuid:family_id>")
@allow(*FAMILY_ROLES)
def show_family(family_id: UUID) -> ResponseReturnValue:
    """A family in full, as far as the reader may see it."""
    with work() as current:
        page = _page(current, FamilyId(family_id))
    return render_template("family.html", **page)


def _page(current: Work, family_id: FamilyId) -> dict[str, Any]:
    view = family(current, family_id)
    all_needs = needs(current, family_id)
    all_visits = visits(current, family_id)
    all_notes = notes(current, family_id)
    all_offers = offers(current, family_id)
    enrolled = enrolments(current, family_id)
    planned = plan(current, family_id)
    address = people.present_address(view)
    today = current.today
    return {
        "family": view,
        "today": today,
        "title": people.title_of(view),
        "tab_title": people.nameless(view.id),
        "adults": people.adults(view),
        "children": people.children(view),
        "about": people.about,
        "member_names": {one.id: people.name_of(one) for one in view.members},
        "bereaved": people.is_bereaved(view),
        "pregnancy": people.present_pregnancy(view),
        "address": address,
        "area": delbydel_name(current, None if address is None else address.delbydel),
        "bydel": bydel_name(current, view.bydel, today),
        "bydel_of": lambda number: bydel_name(current, number, today),
        "open_needs": [one for one in all_needs if one.state not in CLOSED],
        "closed_needs": [one for one in all_needs if one.state in CLOSED],
        "steps": steps(planned, all_visits, today),
        "plan": planned,
        "moved": moved(current, family_id) if view.reads_text else None,
        "diary": diary(all_visits, all_notes),
        "offers": all_offers,
        "open_offer": next((one for one in all_offers if one.answer is not Answer.YES), None),
        "texts": texts(current, family_id) if view.reads_text else [],
        "text_words": text_words,
        "enrolments": enrolled,
        "enrolment": next((one for one in enrolled if one.state in ENROLLED), None),
        "team": present_team(view, current.now),
        "names": _names(current, view, all_visits, all_notes),
        "may_write": view.reads_text,
    }


def present_team(view: FamilyView, now: datetime) -> list[Any]:
    """The nurses who follow the family now, the primary one first."""
    present = [
        one
        for one in view.team
        if one.starts_at <= now and (one.ends_at is None or one.ends_at > now)
    ]
    return sorted(present, key=lambda one: (one.part is not TeamPart.PRIMARY, one.starts_at))


def steps(planned: Plan, known: Iterable[Visit], today: date) -> list[Step]:
    """The anchors and what is agreed, in the order in which they fall."""
    by_id = {one.id: one for one in known}
    found = [_anchor_step(item, by_id, today) for item in planned.anchors if not _closed(item)]
    found += [
        Step(one.kind, "now", _falls_on(one) or today, None, one)
        for one in planned.agreed
        if one.id not in {step.visit_id for step in found}
    ]
    return sorted(found, key=lambda step: step.on)


def diary(all_visits: Iterable[Visit], all_notes: Iterable[Note]) -> list[Entry]:
    """What was done and written, the newest first."""
    threads = _threads(list(all_notes))
    by_visit: dict[UUID | None, list[Thread]] = {}
    for thread in threads:
        by_visit.setdefault(thread.note.visit_id, []).append(thread)
    entries = [
        Entry(_falls_on(one) or date.min, one, tuple(by_visit.pop(one.id, ())))
        for one in all_visits
        if one.state not in OPEN_STATES and (one.state is not VisitState.SUPERSEDED)
    ]
    for loose in by_visit.values():
        entries += [Entry(day_of(one.note.signed_at), None, (one,)) for one in loose]
    return sorted(entries, key=lambda entry: entry.on, reverse=True)


def _anchor_step(item: PlanItem, by_id: Mapping[UUID, Visit], today: date) -> Step:
    visit = None if item.visit_id is None else by_id.get(item.visit_id)
    on = item.ideal if visit is None else _falls_on(visit) or item.ideal
    return Step(item.kind, _mark(item, visit, today), on, item, visit)


def _closed(item: PlanItem) -> bool:
    """Whether birth or loss took the item off the plan: it is of no use to anybody any more."""
    return item.state is VisitState.SUPERSEDED


def _mark(item: PlanItem, visit: Visit | None, today: date) -> str:
    """How the step is drawn: done, now, ahead, or off."""
    state = None if visit is None else visit.state
    if state is VisitState.DONE:
        return "done"
    if state is not None and state not in OPEN_STATES:
        return "off"
    if state is VisitState.BOOKED or item.opens <= today <= item.closes:
        return "now"
    return "ahead" if today < item.opens else "off"


def _falls_on(visit: Visit) -> date | None:
    return visit.ideal if visit.at is None else day_of(visit.at)


def _threads(all_notes: list[Note]) -> list[Thread]:
    by_id = {one.id: one for one in all_notes}
    threads = []
    for note in all_notes:
        if note.corrected_by:
            continue
        before, earlier = [], note.corrects
        while earlier is not None and earlier in by_id:
            before.append(by_id[earlier])
            earlier = by_id[earlier].corrects
        threads.append(Thread(note, tuple(before)))
    return threads


def _names(
    current: Work, view: FamilyView, all_visits: Iterable[Visit], all_notes: Iterable[Note]
) -> Mapping[UserId, str]:
    """The names of the colleagues whom the page mentions."""
    ids = {one.nurse_id for one in view.team} | {one.by_id for one in view.moves}
    ids |= {one.signed_by for one in all_notes}
    for visit in all_visits:
        ids |= {one for one in (visit.nurse_id, visit.recorded_by) if one is not None}
    return display_names(current.session, [UserId(one) for one in ids])
