"""The start page: for each role, what she came for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.doorway import EVERY_ROLE, allow, identity, work
from api.web import text_words
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.people import initials, short_id
from api.web.places import bydel_name, delbydel_name
from api.web.refusals import said
from api.web.submitting import status
from api.web.texts import _
from nyefamilier.door.reviews import counts
from nyefamilier.families.intents import NATIONAL_ID_CHARS
from nyefamilier.families.states import Outcome, Protection
from nyefamilier.families.views import (
    LIST_LIMIT,
    FamilyLine,
    families_awaiting_nurse,
    families_of_bydel,
    find_by_national_id,
    own_families,
)
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.work import Work
from nyefamilier.sync.copies import count_outstanding
from nyefamilier.texts.views import counts as text_counts
from nyefamilier.uptake.indicators import BydelUptake, Period
from nyefamilier.uptake.service import uptake_of
from nyefamilier.visits.worklists import NEWBORN_FOR, Task, bydel_today, own_tasks

NEWBORN_FROM, NEWBORN_TO = timedelta(days=7), timedelta(days=10)
"""The newborn visit's days. Source: helsestasjonsprogrammet, consultation 1."""


@dataclass(frozen=True, slots=True)
class OwnFamily:
    """A family on its nurse's list."""

    id: UUID
    called: str
    short: str
    area: str
    protected: bool
    term: date | None
    born_on: date | None
    next: Task | None
    newborn_visit: Task | None
    out_of_place: tuple[Task, ...] = ()

    @property
    def falls_on(self) -> date:
        """By which day the list is ordered: what is agreed or closes first, comes first."""
        if self.next is None:
            return date.max
        if self.next.at is not None:
            return self.next.at.date()
        return self.next.closes or self.next.ideal or date.max


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a newborn stands between its birth and day ten."""

    family_id: UUID
    short: str
    called: str
    day: int
    from_day: date
    to_day: date
    homecoming_on: date | None = None

    @property
    def passed(self) -> bool:
        """Whether day ten is behind."""
        return self.day > NEWBORN_TO.days


@pages.get("/")
@allow(*EVERY_ROLE)
def start() -> ResponseReturnValue:
    """The start page of the reader's role."""
    match identity().role:
        case Role.NURSE:
            return _nurse()
        case Role.LEAD:
            return _lead()
        case Role.PRIVACY_OFFICER:
            return redirect(url_for("web.show_accesses", done=request.args.get("done")), 303)
        case _:
            return redirect(url_for("web.figures"), 303)


def _nurse() -> ResponseReturnValue:
    with work() as current:
        tasks = own_tasks(current)
        families = sorted(
            (_own(current, line, tasks.get(line.id, ())) for line in _all_own(current)),
            key=lambda one: (one.falls_on, one.id),
        )
        today = current.today
    clocks = [_clock(one, today) for one in families if one.newborn_visit is not None]
    soon = today + timedelta(days=7)
    near = [one for one in families if one.falls_on <= soon]
    return render_template(
        "start_nurse.html",
        today=today,
        clocks=[clock for clock in clocks if clock is not None],
        near=near,
        moved=[one for one in families if one.out_of_place],
        later=[one for one in families if one not in near],
        count=len(families),
    )


def _all_own(current: Work) -> list[FamilyLine]:
    """All families of the nurse, however many pages of a list they are."""
    found: list[FamilyLine] = []
    while len(page := own_families(current, after=found[-1].id if found else None)) == LIST_LIMIT:
        found += page
    return found + page


def _own(current: Work, line: FamilyLine, tasks: tuple[Task, ...]) -> OwnFamily:
    newborn = next((one for one in tasks if one.kind == NEWBORN and one.at is None), None)
    return OwnFamily(
        id=line.id,
        called=initials(line.names) or short_id(line.id),
        short=short_id(line.id),
        area=delbydel_name(current, line.delbydel),
        protected=line.protection is not Protection.NONE,
        term=line.term if line.outcome is Outcome.EXPECTED else None,
        born_on=line.born_on,
        next=tasks[0] if tasks else None,
        newborn_visit=newborn if line.born_on is not None else None,
        out_of_place=tuple(one for one in tasks if one.reasons),
    )


NEWBORN = "nyfodt"
"""The protocol's name of the newborn visit."""


def _clock(family: OwnFamily, today: date) -> Clock | None:
    if family.born_on is None or today - family.born_on > NEWBORN_FOR:
        return None
    return Clock(
        family_id=family.id,
        short=family.short,
        called=family.called,
        day=(today - family.born_on).days,
        from_day=family.born_on + NEWBORN_FROM,
        to_day=family.born_on + NEWBORN_TO,
    )


def _lead() -> ResponseReturnValue:
    with work() as current:
        awaiting = families_awaiting_nurse(current)
        todo = bydel_today(current)
        page = {
            "today": current.today,
            "bydel": bydel_name(current, current.actor.bydel, current.today),
            "number": current.actor.bydel,
            "awaiting": [(line, delbydel_name(current, line.delbydel)) for line in awaiting],
            "waiting": todo.waiting,
            "unattended": todo.unattended,
            "years": _uptake(current),
            "inbox": counts(current),
            "copies": count_outstanding(current),
            "texts": text_counts(current),
            "newborns": [
                Clock(
                    family_id=one.family_id,
                    short=short_id(one.family_id),
                    called="",
                    day=(current.today - one.born_on).days,
                    from_day=one.born_on + NEWBORN_FROM,
                    to_day=one.born_on + NEWBORN_TO,
                    homecoming_on=one.homecoming_on,
                )
                for one in todo.newborns
            ],
        }
    return render_template("start_lead.html", short_id=short_id, text_words=text_words, **page)


def _uptake(current: Work) -> list[tuple[int, BydelUptake]]:
    """The lead's own bydel in this year and the one before it."""
    bydel = current.actor.bydel
    found = []
    for year in (current.today.year, current.today.year - 1):
        report = uptake_of(current, Period.year(year), bydel)
        found += [(year, line) for line in report.bydeler]
    return found


@pages.post("/families/find")
@allow(Role.NURSE, Role.LEAD)
def find_family() -> ResponseReturnValue:
    """The reader's family in which a person is; by POST, so that no number is in an address."""
    form = Form(request.form)
    written = form.text("national_id", limit=NATIONAL_ID_CHARS, required=True)
    found: list[FamilyId] = []
    if written is not None and form.ok:
        try:
            with work() as current:
                found = find_by_national_id(current, written)
        except RuleBroken as refusal:
            form.wrong("national_id", said(refusal))
    if len(found) == 1:
        return redirect(url_for("web.show_family", family_id=found[0]), 303)
    if form.ok:
        form.wrong("national_id", _("None of your families has a person with this number."))
    return render_template("find.html", form=form, found=found, short_id=short_id), status(form)


@pages.get("/families/find")
@allow(Role.NURSE, Role.LEAD)
def ask_for_person() -> ResponseReturnValue:
    """Ask for the number of the person whose family it is."""
    return render_template("find.html", form=Form(), found=[], short_id=short_id)


@pages.get("/families")
@allow(Role.LEAD)
def list_families() -> ResponseReturnValue:
    """The families of the lead's bydel, without names, a page at a time."""
    after = _uuid(request.args.get("after"))
    with work() as current:
        lines = families_of_bydel(current, after=after, limit=_PAGE + 1)
        rows = [(line, delbydel_name(current, line.delbydel)) for line in lines[:_PAGE]]
        bydel = bydel_name(current, current.actor.bydel, current.today)
    more = FamilyId(lines[_PAGE - 1].id) if len(lines) > _PAGE else None
    return render_template(
        "families.html", rows=rows, more=more, after=after, bydel=bydel, short_id=short_id
    )


_PAGE = 50


def _uuid(text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        return None
