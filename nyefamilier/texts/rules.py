"""When a text is due, and whether it may go out at this moment; pure.

Nothing goes out to a family that has lost somebody since it joined: the nurse speaks with them
herself. Whatever is not known for certain counts against sending.

Sources: docs/texts.md; helsepersonelloven section 21 (nothing that tells of health goes out);
the daytime hours are a judgement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from nyefamilier.families.states import Protection
from nyefamilier.kernel.clock import OSLO, day_of
from nyefamilier.offers.states import EnrolmentState
from nyefamilier.texts.states import ABOUT_A_TIME, Kind, Reason
from nyefamilier.visits.states import VisitState

PREPARED_KIND: Final = "svangerskap_uke_28"
"""The visit before which parents get something to think of."""

FIRST_HOUR, LAST_HOUR = time(8), time(20)
"""Between these, in Oslo, a text may go out; the last is the first that may not."""

CHANGED_AFTER: Final = timedelta(minutes=10)
"""A new time is told after this: a slip of the hand is mended by then."""
PREPARED_DAYS: Final = 5
TOLD_WITHIN: Final = timedelta(days=3)
"""Thanks that come later than this after the visit are not sent."""
ATTEMPTS_AT_MOST: Final = 8

_NOON, _MORNING = time(12), time(10)
_FIRST_WAIT: Final = timedelta(minutes=2)
_LONGEST_WAIT: Final = timedelta(hours=2)

_ENROLMENT_SAYS: Final = {
    EnrolmentState.PAUSED: Reason.PAUSED,
    EnrolmentState.COMPLETED: Reason.COMPLETED,
    EnrolmentState.WITHDRAWN: Reason.WITHDRAWN,
    EnrolmentState.MOVED_OUT: Reason.MOVED,
    EnrolmentState.ENDED_BY_LOSS: Reason.LOSS,
}
_CANCELLED: Final = frozenset(
    {VisitState.CANCELLED_BY_FAMILY, VisitState.CANCELLED_BY_US, VisitState.SUPERSEDED}
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A text to be written down, and when it is due."""

    kind: Kind
    due: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What a text says: its kind, the visit's time, and when its family's state was last looked at.

    Args:
        handed: It was given to the gateway before, and nobody knows what came of it.
    """

    kind: Kind
    visit_at: datetime
    handed: bool = False


@dataclass(frozen=True, slots=True)
class Bereavement:
    """A death in the family, or a pregnancy that was lost.

    Args:
        on: The day.
        reason: `Reason.DEATH` or `Reason.LOSS`.
        own: It was the visit's own pregnancy, or a child of it.
    """

    on: date
    reason: Reason
    own: bool


@dataclass(frozen=True, slots=True, repr=False)
class Circumstances:
    """A family and a visit as they are at the moment of sending.

    Args:
        bereavements: Every one that is known, however old.
        recipient_died: Whether she to whom it would go has died, however long ago.
        enrolment: Where the family stands in the programme for the visit's pregnancy.
        joined_on: When that enrolment began.
        objects: A parent wants no texts.
        moved: The family's address is another than when the text was written.
        replaced: A newer text of the same kind about the same visit was written.
        said: One that says the same was sent.
        number: Whether the recipient has one that a text can be sent to.
        same_number: Whether it is the one that the text was handed over with.
        born: Whether the visit's pregnancy is over.
    """

    bereavements: tuple[Bereavement, ...]
    protection: Protection
    objects: bool
    enrolment: EnrolmentState | None
    joined_on: date | None
    moved: bool
    visit: VisitState
    at: datetime | None
    replaced: bool
    said: bool
    number: bool
    same_number: bool = True
    recipient_died: bool = False
    born: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """It may go out now."""


@dataclass(frozen=True, slots=True)
class Suppress:
    """It never goes out."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Wait:
    """It may go out later; then it is looked at anew."""

    until: datetime
    reason: Reason


def texts_of_booking(
    kind: str, at: datetime, before: datetime | None, now: datetime
) -> Iterator[Planned]:
    """The texts that an agreement on a time asks for.

    Args:
        kind: The visit's kind.
        at: The time that was agreed on.
        before: The time that had been agreed on before, if there was one.
        now: When it was agreed.
    """
    if before == at:
        return
    day = day_of(at)
    if before is not None:
        yield Planned(Kind.CHANGED, now + CHANGED_AFTER)
    reminded = _at(day - timedelta(days=1), _NOON)
    if reminded > now:
        yield Planned(Kind.REMINDER, reminded)
    prepared = max(_at(day - timedelta(days=PREPARED_DAYS), _MORNING), now + CHANGED_AFTER)
    if kind == PREPARED_KIND and prepared < reminded:
        yield Planned(Kind.PREPARATION, prepared)


def texts_of_visit(at: datetime, now: datetime) -> Iterator[Planned]:
    """The texts that a visit which was made asks for; none when it was long ago."""
    due = _at(day_of(at) + timedelta(days=1), _MORNING)
    if now < at + TOLD_WITHIN:
        yield Planned(Kind.THANKS, max(due, now + CHANGED_AFTER))


def decide(text: Told, found: Circumstances, now: datetime) -> Send | Suppress | Wait:
    """What is to be done with a text at this moment. Whatever forbids it goes before the hour."""
    reason = _of_family(found) or _of_visit(text, found, now) or _of_number(text, found)
    if reason is not None:
        return Suppress(reason)
    morning = next_daytime(now)
    return Send() if morning == now else Wait(morning, Reason.NIGHT)


def next_daytime(now: datetime) -> datetime:
    """The first instant from *now* on at which a text may go out."""
    local = now.astimezone(OSLO)
    if FIRST_HOUR <= local.time() < LAST_HOUR:
        return now
    day = local.date() + timedelta(days=local.time() >= LAST_HOUR)
    return _at(day, FIRST_HOUR)


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try the gateway again after that many attempts; None when it is given up."""
    if attempts >= ATTEMPTS_AT_MOST:
        return None
    return now + min(_FIRST_WAIT * (1 << attempts), _LONGEST_WAIT)


def mobile_number(told: str | None) -> str | None:
    """A number as a gateway takes it (E.164); None where no text can be sent to it.

    Sources: ITU-T E.164; Nkom, nummerplan (mobile numbers of eight digits begin with 4 or 9).
    """
    kept = "".join(one for one in told or "" if one not in " -().\u00a0")
    if kept.startswith("00"):
        kept = f"+{kept[2:]}"
    if not kept.startswith("+"):
        kept = f"+47{kept}"
    digits = kept[1:]
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15):
        return None
    norwegian = digits.startswith("47")
    if norwegian and (len(digits) != 10 or digits[2] not in "49"):
        return None
    return kept


def _of_family(found: Circumstances) -> Reason | None:
    for one in found.bereavements:
        if one.own or found.joined_on is None or one.on >= found.joined_on:
            return one.reason
    if found.recipient_died:
        return Reason.DEATH
    if found.protection is not Protection.NONE:
        return Reason.PROTECTED
    if found.objects:
        return Reason.OBJECTION
    return _of_enrolment(found)


def _of_enrolment(found: Circumstances) -> Reason | None:
    if found.enrolment is None:
        return Reason.NOT_ENROLLED
    if found.enrolment is EnrolmentState.ACTIVE:
        return Reason.MOVED if found.moved else None
    return _ENROLMENT_SAYS[found.enrolment]


def _of_visit(text: Told, found: Circumstances, now: datetime) -> Reason | None:
    if found.visit in _CANCELLED:
        return Reason.VISIT_CANCELLED
    if text.kind in ABOUT_A_TIME:
        return _of_time(text, found, now)
    if found.visit is not VisitState.DONE:
        return Reason.VISIT_CHANGED
    if found.said:
        return Reason.SAID_ALREADY
    return Reason.TOO_LATE if now >= text.visit_at + TOLD_WITHIN else None


def _of_time(text: Told, found: Circumstances, now: datetime) -> Reason | None:
    if found.visit in {VisitState.DONE, VisitState.NOT_HOME}:
        return Reason.VISIT_OVER
    if found.visit is not VisitState.BOOKED or found.at != text.visit_at:
        return Reason.VISIT_CHANGED
    if text.kind is Kind.PREPARATION and found.born:
        return Reason.BORN
    if found.said:
        return Reason.SAID_ALREADY
    if found.replaced:
        return Reason.REPLACED
    return Reason.TOO_LATE if now >= text.visit_at else None


def _of_number(text: Told, found: Circumstances) -> Reason | None:
    if not found.number:
        return Reason.NUMBER_MISSING
    if text.handed and not found.same_number:
        return Reason.NUMBER_CHANGED
    return None


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, OSLO)
