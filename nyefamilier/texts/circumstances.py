"""Reads what a text's family and visit are like at this moment, from the family's open dossier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nyefamilier.families import store as families
from nyefamilier.families.bodies import MemberBody
from nyefamilier.families.dossier import Dossier
from nyefamilier.families.states import LOSSES, MemberRole, Protection
from nyefamilier.families.tables import MemberRow, PregnancyRow
from nyefamilier.offers import store as offers
from nyefamilier.offers.states import OPEN_STATES, EnrolmentState
from nyefamilier.offers.tables import EnrolmentRow
from nyefamilier.texts import store
from nyefamilier.texts.rules import Bereavement, Circumstances, mobile_number
from nyefamilier.texts.states import ABOUT_A_TIME, UNSETTLED, Kind, Reason, TextState
from nyefamilier.texts.tables import TextRow
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.tables import VisitRow

NUMBER: Final = "phone"
"""The purpose under which numbers are indexed."""


@dataclass(frozen=True, slots=True, repr=False)
class Recipient:
    """Whom a text goes to: the first parent in the family's order, and nobody in her place.

    A text to the other parent would tell of visits that he may not know of. Nor does he get it
    when she has died: the nurse speaks with him.

    Args:
        number: Where to send it; None where she has none that takes texts.
        language: Hers.
        died: Whether she has.

    Sources: docs/texts.md; the other parent may be whom an address is protected from.
    """

    number: str | None
    language: str | None
    died: bool = False


def look(dossier: Dossier, text: TextRow) -> tuple[Circumstances, Recipient]:
    """What counts for or against sending *text*, and whom it would go to.

    Raises:
        Unavailable: ``record-damaged``.
    """
    session = dossier.work.session
    visit = dossier.record(VisitRow, text.visit_id)
    members = families.members_of(session, dossier.id)
    adults = [one for one in members if one.role != MemberRole.CHILD]
    told = [dossier.read(one, MemberBody) for one in adults]
    recipient = _recipient(adults, told)
    pregnancies = families.pregnancies(session, dossier.id)
    enrolment = _enrolment(offers.enrolments_of(session, dossier.id), visit)
    about = [one for one in store.about_visit(session, visit.id) if one.id != text.id]
    found = Circumstances(
        bereavements=tuple(_bereavements(members, pregnancies, visit)),
        recipient_died=recipient.died,
        protection=Protection(dossier.family.protection),
        objects=any(one.no_texts for one in told),
        enrolment=None if enrolment is None else EnrolmentState(enrolment.state),
        joined_on=None if enrolment is None else enrolment.started_on,
        moved=_moved(dossier, text),
        visit=VisitState(visit.state),
        at=visit.at,
        replaced=_replaced(text, about),
        said=_said(text, about),
        number=recipient.number is not None,
        same_number=text.number_index == number_index(dossier, recipient),
        born=any(one.id == visit.pregnancy_id and one.ended_on is not None for one in pregnancies),
    )
    return found, recipient


def number_index(dossier: Dossier, recipient: Recipient) -> bytes | None:
    """The blind index of the recipient's number.

    Raises:
        Unavailable: the key provider is away.
    """
    if recipient.number is None:
        return None
    return dossier.work.vault.blind_index(NUMBER, recipient.number).digest


def _recipient(adults: Sequence[MemberRow], told: Sequence[MemberBody]) -> Recipient:
    if not adults:
        return Recipient(None, None)
    died = adults[0].died_on is not None
    return Recipient(mobile_number(told[0].phone), told[0].language, died)


def _bereavements(
    members: Iterable[MemberRow], pregnancies: Iterable[PregnancyRow], visit: VisitRow
) -> Iterator[Bereavement]:
    for one in members:
        own = one.pregnancy_id is not None and one.pregnancy_id == visit.pregnancy_id
        if one.stillborn and one.born_on is not None:
            yield Bereavement(one.born_on, Reason.LOSS, own)
        if one.died_on is not None:
            yield Bereavement(one.died_on, Reason.DEATH, own)
    for each in pregnancies:
        if each.outcome in LOSSES and each.ended_on is not None:
            yield Bereavement(each.ended_on, Reason.LOSS, each.id == visit.pregnancy_id)


def _enrolment(rows: Sequence[EnrolmentRow], visit: VisitRow) -> EnrolmentRow | None:
    """The enrolment that the visit belongs to: the open one, or else the last."""
    own = [one for one in rows if one.pregnancy_id == visit.pregnancy_id]
    running = [one for one in own if one.state in OPEN_STATES]
    found = running or own
    return found[-1] if found else None


def _moved(dossier: Dossier, text: TextRow) -> bool:
    present = families.present_address(dossier.work.session, dossier.id)
    return present is None or present.rev > text.rev


def _replaced(text: TextRow, about: Iterable[TextRow]) -> bool:
    """Whether a newer text of its kind waits to say the same about the visit."""
    return any(
        one.kind == text.kind and one.state in UNSETTLED and (one.rev, one.id) > (text.rev, text.id)
        for one in about
    )


def _said(text: TextRow, about: Sequence[TextRow]) -> bool:
    """Whether it would tell again what parents know, or was told once for all."""
    sent = [one for one in about if one.state == TextState.SENT]
    if text.kind in {Kind.PREPARATION, Kind.THANKS}:
        return any(one.kind == text.kind for one in sent)
    times = [one for one in about if one.kind in ABOUT_A_TIME and one.kind != Kind.PREPARATION]
    if text.kind == Kind.CHANGED:
        return _known(text, times) == text.visit_at
    last = _told_last(times)
    return last is not None and (last.kind, last.visit_at) == (text.kind, text.visit_at)


def _known(text: TextRow, times: Sequence[TextRow]) -> datetime | None:
    """The time that parents know: the one told last, or else the one first agreed on.

    None where it is not certain: a text that a gateway never gave a receipt for may have told
    another.
    """
    if any(one.attempts and one.state != TextState.SENT for one in times):
        return None
    last = _told_last(times)
    if last is not None:
        return last.visit_at
    before = [one for one in times if one.written_at < text.written_at]
    began = min((one.written_at for one in before), default=None)
    first = [one for one in before if one.written_at == began]
    # What begins with a change took the place of another visit: its texts are not here.
    if not first or any(one.kind == Kind.CHANGED for one in first):
        return None
    return first[0].visit_at


def _told_last(times: Iterable[TextRow]) -> TextRow | None:
    sent = [one for one in times if one.state == TextState.SENT and one.settled_at is not None]
    return max(sent, key=lambda one: (one.settled_at, one.id), default=None)
