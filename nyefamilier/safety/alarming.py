"""What the scheduler does for nurses who are out: raises alarms, tells the contact, forgets.

An alarm is raised once, since there is one row for an outing and the time that it was expected to
end. A text about it goes out under the alarm's id: whoever is stopped between sending and writing
that down sends it again under the same key, and a gateway that keeps keys sends it once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Final, TypeAlias

import structlog

from nyefamilier.bydeler.service import bydeler
from nyefamilier.kernel.actors import SYSTEM, Actor
from nyefamilier.kernel.clock import OSLO
from nyefamilier.safety import store
from nyefamilier.safety.service import raise_alarm
from nyefamilier.safety.tables import AlarmRow
from nyefamilier.storage.work import Work
from nyefamilier.texts.gateway import Gateway, GatewayAway, GatewayRefused, Message

KEPT: Final = timedelta(days=30)
"""How long it is kept who was out when, after the time by which she was expected back."""
AT_ONCE: Final = 200
"""Outings that one transaction deals with."""
ANY_BYDEL: Final = "*"
"""In the list of contacts: of every bydel that has none of its own."""

_WORDS: Final = (
    "Nye familier: En helsesykepleier i {bydel} skulle ha sjekket ut kl. {time} og har ikke gjort "
    "det. Det kan være at telefonen er uten nett. Se «Ute nå»."
)
"""To a colleague, so in Norwegian always; no name, no family and no place."""

OpenAs: TypeAlias = Callable[[Actor], AbstractContextManager[Work]]

log = structlog.get_logger()


def raise_due(work: Work, grace: timedelta) -> int:
    """Raise the alarms that are due, at most AT_ONCE, and say how many.

    An outing of which the nurse's phone tells at this very moment is left to the next time.
    """
    late = store.late_without_alarm(work.session, work.now - grace, AT_ONCE)
    for row in late:
        raise_alarm(work, row)
    return len(late)


def tell_contacts(open_as: OpenAs, gateway: Gateway | None, contacts: Mapping[str, str]) -> int:
    """Send a text about each new alarm to its bydel's contact, if it has one; say how many.

    Nothing is locked while the gateway is asked: a check-out must not wait for it.
    """
    with open_as(SYSTEM) as work:
        waiting = [one for one in store.untold(work.session, AT_ONCE) if _contact(contacts, one[1])]
        names = {str(one.number): one.name for one in bydeler(work.session, work.today)}
    if waiting and gateway is None:
        log.error("alarms.no-gateway", count=len(waiting))
        return 0
    told = 0
    for alarm_id, bydel, expected_at in waiting:
        time = f"{expected_at.astimezone(OSLO):%H.%M}"
        words = _WORDS.format(bydel=names.get(bydel, bydel), time=time)
        message = Message(alarm_id, _contact(contacts, bydel), words)
        if gateway is not None and _went_out(gateway, message):
            with open_as(SYSTEM) as work:
                work.session.get_one(AlarmRow, alarm_id).told_at = work.now
            told += 1
    return told


def forget_old(work: Work) -> int:
    """Delete outings of long ago with their alarms, at most AT_ONCE, and say how many."""
    return store.delete_old(work.session, work.now - KEPT, AT_ONCE)


def _contact(contacts: Mapping[str, str], bydel: str) -> str:
    return contacts.get(bydel) or contacts.get(ANY_BYDEL, "")


def _went_out(gateway: Gateway, message: Message) -> bool:
    """Whether there is a receipt. Without one the next run tries again, and the log says so."""
    try:
        gateway.send(message)
    except (GatewayAway, GatewayRefused) as reason:
        log.error("alarms.not-told", alarm=str(message.key), reason=type(reason).__name__)  # noqa: TRY400 - no words of it
        return False
    return True
