"""Sends the texts that are due, one after the other, with nothing locked while a gateway is asked.

Each is looked at in a piece of work of its own, which commits that it is being handed over; then
the gateway is asked; then what came of it is written down. Whoever is stopped in between leaves a
text that is tried again under the same key. So a text is handed over at least once, and a gateway
that keeps keys sends it once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Final, TypeAlias
from uuid import UUID

import structlog

from nyefamilier.kernel.actors import SYSTEM, Actor
from nyefamilier.kernel.clock import stopwatch
from nyefamilier.storage.work import Work
from nyefamilier.texts.gateway import Gateway, GatewayAway, GatewayRefused
from nyefamilier.texts.service import (
    Defective,
    Handed,
    Looked,
    Settled,
    look_at_next,
    note_away,
    note_defect,
    note_refused,
    note_sent,
    set_aside,
)

Note: TypeAlias = Callable[[Work, Handed], None]

MOST_AT_ONCE: Final = 10_000
"""How many texts one run looks at; the next run goes on."""

LASTS: Final = timedelta(minutes=5)
"""A run that has gone on for so long ends, and the next one goes on: long before it is stopped for
taking too long, which would leave a text that went out without its receipt."""

AWAY_AT_MOST: Final = 3
"""After so many tries in succession without a receipt a run ends: the gateway is away."""

_NO_RECEIPT: Final = frozenset({note_away, note_defect})

OpenAs: TypeAlias = Callable[[Actor], AbstractContextManager[Work]]

log = structlog.get_logger()


def send_due(
    open_as: OpenAs,
    gateway: Gateway | None,
    contact: str | None = None,
    at_most: int = MOST_AT_ONCE,
    lasts: timedelta = LASTS,
) -> int:
    """Send what is due, *at_most* so many and for about so long, and say how many went out.

    Without a gateway nothing is looked at: a text is never told as sent that nobody sent.

    Raises:
        Unavailable: the key provider is away.
    """
    if gateway is None:
        log.warning("texts.no-gateway")
        return 0
    began = stopwatch()
    sent = away = 0
    for _ in range(at_most):
        looked = _look(open_as, contact)
        if looked is None:
            break
        if isinstance(looked, Handed):
            note = _hand_over(open_as, gateway, looked)
            sent += note is note_sent
            away = away + 1 if note in _NO_RECEIPT else 0
        if away == AWAY_AT_MOST:
            log.warning("texts.gateway-away", count=away)
            break
        if stopwatch() - began >= lasts.total_seconds():
            break
    return sent


def _look(open_as: OpenAs, contact: str | None) -> Looked | None:
    """Look at the text that is due next; one on which that fails is set aside, with an alarm."""
    try:
        with open_as(SYSTEM) as work:
            return look_at_next(work, contact)
    except Defective as defective:
        _alarm(defective.text_id, defective.__cause__)
        with open_as(SYSTEM) as work:
            set_aside(work, defective)
        return Settled()


def _alarm(text_id: UUID, defect: BaseException | None) -> None:
    # The kind of the defect and nothing that it says: that could be a number, or words.
    log.error("texts.set-aside", text=str(text_id), defect=type(defect).__name__)


def _hand_over(open_as: OpenAs, gateway: Gateway, handed: Handed) -> Note:
    """Give a text to the gateway, and write down what came of it."""
    note: Note = note_sent
    try:
        gateway.send(handed.message)
    except GatewayRefused:
        note = note_refused
    except GatewayAway:
        note = note_away
    except Exception as error:  # noqa: BLE001 - whatever it is, the other texts do not wait for it
        _alarm(handed.message.key, error)
        note = note_defect
    with open_as(SYSTEM) as work:
        note(work, handed)
    return note
