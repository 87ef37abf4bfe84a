"""What has come out of place in a family's plan, and one form that sets it right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.formats import clock, weekday
from api.web.forms import Form
from api.web.proposing import WHY
from api.web.submitting import Errand, carried_out, opened, shown
from api.web.texts import _, _l
from nyefamilier.accounts.service import display_names
from nyefamilier.door.mutations import Operation
from nyefamilier.families.views import family
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import FamilyId, UserId
from nyefamilier.storage.work import Work
from nyefamilier.visits.displaced import CANNOT_STAY, Reason
from nyefamilier.visits.intents import BookVisit, CancelledBy, CancelVisit
from nyefamilier.visits.newborn import Window
from nyefamilier.visits.placing import Placing
from nyefamilier.visits.rearranging import Agreement, Due, Replan, replan
from nyefamilier.visits.slots import Slot
from nyefamilier.visits.states import Place

REASONS: Final = {
    Reason.BEFORE_WINDOW: _l("It comes before the days on which the visit fits."),
    Reason.AFTER_WINDOW: _l("It comes after the days on which the visit fits."),
    Reason.DAYS_CHANGED: _l(
        "It was agreed on before the birth or the homecoming was recorded or corrected."
    ),
    Reason.BIRTH_AWAITED: _l("It is counted from the birth, and the child is not born yet."),
    Reason.NURSE_AWAY: _l("Somebody who was to come is away then."),
    Reason.DOUBLE_BOOKED: _l("Somebody who was to come has another appointment then."),
}
_TIMES: Final = 4
"""How many times are proposed for each visit."""
_CANCEL: Final = {"cancel-us": CancelledBy.US, "cancel-family": CancelledBy.FAMILY}
_PREFIX: Final = "visit-"
_ERRAND: Final = Errand("replanned", {})


@dataclass(frozen=True, slots=True)
class Question:
    """One visit, and what can be chosen for it."""

    name: str
    visit_id: UUID
    kind: str
    agreed: datetime | None
    why: Sequence[str]
    window: Window | None
    options: Sequence[tuple[str, str]]


@pages.route("/families/<uuid:family_id>/replan", methods=["GET", "POST"])
@allow(Role.NURSE)
def replan_visits(family_id: UUID) -> ResponseReturnValue:
    """What was moved by a birth or an absence, and what is to become of it, in one form."""
    form = opened()
    answer = carried_out(form, family_id, _ERRAND, lambda: _read(form))
    if answer is not None:
        return answer
    with work() as current:
        view = family(current, FamilyId(family_id))
        found = replan(current, view.id)
        questions = list(_questions(current, found))
    return shown("replan.html", form, view, moved=found.moved, questions=questions)


def reason_words(reason: Reason) -> str:
    """Why somebody should look at a visit."""
    return str(REASONS[reason])


def _questions(current: Work, found: Replan) -> Iterator[Question]:
    names = _names(current, found)
    for one in found.moved.agreements:
        yield _of_agreement(one, found.times.get(one.visit_id), names)
    for due in found.moved.due:
        yield _of_due(due, found.times.get(due.visit_id), names)


def _names(current: Work, found: Replan) -> Mapping[UserId, str]:
    slots = [slot for placing in found.times.values() for slot in _slots(placing)]
    return display_names(current.session, list({slot.nurse_id for slot in slots}))


def _of_agreement(one: Agreement, placing: Placing | None, names: Mapping[UserId, str]) -> Question:
    options = [("", str(_("Decide later")))]
    if CANNOT_STAY.isdisjoint(one.reasons):
        kept = _code(one.begins, one.nurse_id, one.second_nurse_id, one.place)
        options.append((kept, str(_("Keep the time"))))
    options += _time_options(placing, one.place, names)
    options += [
        ("cancel-us", str(_("Cancel it, from our side"))),
        ("cancel-family", str(_("Cancel it, the family wants it so"))),
    ]
    why = [reason_words(reason) for reason in one.reasons]
    return Question(
        f"{_PREFIX}{one.visit_id}", one.visit_id, one.kind, one.begins, why, one.window, options
    )


def _of_due(due: Due, placing: Placing | None, names: Mapping[UserId, str]) -> Question:
    options = [("", str(_("Decide later"))), *_time_options(placing, Place.HOME, names)]
    why = []
    if placing is not None and placing.answer.why is not None:
        why = [str(WHY[placing.answer.why])]
    name = f"{_PREFIX}{due.visit_id}"
    return Question(name, due.visit_id, due.kind, None, why, due.window, options)


def _slots(placing: Placing | None) -> Sequence[Slot]:
    if placing is None:
        return ()
    return (placing.answer.slots or placing.answer.nearest)[:_TIMES]


def _time_options(
    placing: Placing | None, place: Place, names: Mapping[UserId, str]
) -> list[tuple[str, str]]:
    return [
        (_code(one.begins, one.nurse_id, one.second_nurse_id, place), _told(one, names))
        for one in _slots(placing)
    ]


def _code(at: datetime, nurse: UUID | None, second: UUID | None, place: Place) -> str:
    """A time as the form carries it: read again without asking what stands or is free now."""
    # It is part of an element's id, which can hold no space.
    return "_".join((at.isoformat(), *(str(one or "-") for one in (nurse, second)), place))


def _told(slot: Slot, names: Mapping[UserId, str]) -> str:
    when = _("%(day)s at %(time)s", day=weekday(slot.begins), time=clock(slot.begins))
    return str(_("Agree on %(when)s, %(who)s", when=when, who=names.get(slot.nurse_id, "")))


def _read(form: Form) -> Sequence[Operation]:
    """What was chosen: what is called off first, so that its time can be taken."""
    cancelled, booked = list[Operation](), list[Operation]()
    for name in form.typed:
        chosen, visit_id = form.value(name), _visit_id(name)
        if visit_id is None or not chosen:
            continue
        if chosen in _CANCEL:
            cancelled.append(CancelVisit(visit_id, _CANCEL[chosen]))
        elif (booking := _booking(visit_id, chosen)) is not None:
            booked.append(booking)
        else:
            form.wrong(name, _("Choose one from the list."))
    if form.ok and not cancelled and not booked:
        form.wrong("", _("Choose what is to become of one visit at least."))
    return (*cancelled, *booked)


def _visit_id(name: str) -> UUID | None:
    return _uuid(name.removeprefix(_PREFIX)) if name.startswith(_PREFIX) else None


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _booking(visit_id: UUID, chosen: str) -> BookVisit | None:
    """The time that an option stands for; None for what no option says."""
    try:
        begins, nurse, second, place = chosen.split("_")
        at, where = datetime.fromisoformat(begins), Place(place)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return BookVisit(visit_id, at, where, nurse_id=_uuid(nurse), second_nurse_id=_uuid(second))
