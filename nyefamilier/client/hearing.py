"""What every answer says of the server, and what a phone does about it at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from nyefamilier.client import outbox
from nyefamilier.client.clocks import Mark
from nyefamilier.client.leasing import anchored
from nyefamilier.client.report import Report
from nyefamilier.client.standing import Standing
from nyefamilier.client.steps import Step
from nyefamilier.client.store import Store, stand


class Told(Protocol):
    """Where the server stands, as a push or a pull is answered."""

    @property
    def epoch(self) -> UUID:
        """The history that it is in."""

    @property
    def server_time(self) -> datetime:
        """Its clock."""

    @property
    def last_seq(self) -> int:
        """The last of ours that it has."""

    @property
    def durable_seq(self) -> int:
        """The last that lies in a verified backup."""


def hear(store: Store, asked: Mark, told: Told, report: Report) -> None:
    """Note where the server stands, bring back what it has lost, forget what is safe with it.

    A server that was restored from a backup has a smaller ``last_seq`` than we were told before, or
    says so by a new epoch. Then a copy of this installation may have come first, and ``last_seq``
    be the copy's: all comes back that no verified backup has.

    Args:
        store: The phone's store.
        asked: When the answer was asked for.
        told: What the answer says.
        report: Of the round.
    """
    is_lost = outbox.count_beyond(store, told.last_seq) > 0
    if is_lost:
        report.alarms.append(f"server-regressed {told.last_seq}")
    if is_lost or told.epoch != outbox.standing_of(store).epoch:
        bring_all_back(store, told.durable_seq, report)
    _note(store, asked, told)
    # By its clock: ours is whatever somebody set it to, and what is forgotten cannot come back.
    outbox.prune(store, told.durable_seq, told.server_time)


def bring_all_back(store: Store, durable_seq: int, report: Report) -> None:
    """Back into the outbox with all that no verified backup has: the server was restored."""
    safe = min(durable_seq, outbox.standing_of(store).durable_seq)
    report.brought_back += outbox.bring_back(store, safe)


def _note(store: Store, asked: Mark, told: Told) -> None:
    before = outbox.standing_of(store)
    offset = (told.server_time - asked.wall) // timedelta(milliseconds=1)
    after = msgspec.structs.replace(
        before,
        epoch=told.epoch,
        last_seq=told.last_seq,
        durable_seq=told.durable_seq,
        offset_ms=offset,
    )
    if _is_news(before, after):
        with store.durable(Step.HEARD) as cx:
            now = msgspec.structs.replace(
                outbox.standing_of(store),
                epoch=after.epoch,
                last_seq=after.last_seq,
                durable_seq=after.durable_seq,
                offset_ms=offset,
            )
            stand(cx, anchored(now, asked, told.server_time))


def _is_news(before: Standing, after: Standing) -> bool:
    """Whether it is worth a write: an offset that wobbles by a second is not."""
    if before.offset_ms is None or abs(before.offset_ms - (after.offset_ms or 0)) > 1000:
        return True
    return (before.epoch, before.last_seq, before.durable_seq) != (
        after.epoch,
        after.last_seq,
        after.durable_seq,
    )
