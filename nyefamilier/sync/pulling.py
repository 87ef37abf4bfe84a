"""Answers a pull: what a phone is to take in, and what it is to give up.

All of it is seen at one instant and written down in the same transaction: what was sent is in the
ledger and in the access log before the phone can have it. A pull that met another write of the
same phone's is done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from nyefamilier.access.log import write_accesses
from nyefamilier.access.rules import Action, Ground
from nyefamilier.families.history import settle_all
from nyefamilier.kernel.errors import DeviceStopped, Malformed, TooLarge
from nyefamilier.storage import plain
from nyefamilier.storage.engine import lost_race
from nyefamilier.storage.glance import Glance
from nyefamilier.storage.work import Work
from nyefamilier.sync import ledger, scope
from nyefamilier.sync.comparing import Has
from nyefamilier.sync.devices import present_epoch, require_active, unknown_device
from nyefamilier.sync.keeping_up import Round
from nyefamilier.sync.scope import Asked, Head, Standing, Summary
from nyefamilier.wire import limits
from nyefamilier.wire.chain import have_hash
from nyefamilier.wire.messages import Held, Pull, PullAnswer, Receipts, ReceiptsAnswer
from nyefamilier.wire.texts import from_text

OpenGlance: TypeAlias = Callable[[], AbstractContextManager[Glance]]
"""Opens a question of the signed-in nurse's."""
OpenWork: TypeAlias = Callable[[], AbstractContextManager[Work]]
"""Opens a work of hers."""

DELETED: Final = "copy-deleted"
"""What the access log calls a copy that a phone says it has deleted."""
SEEN_STEP: Final = timedelta(minutes=1)
"""A device's row is written at most this often because it was seen."""

log = structlog.get_logger("sync")

_TRIES: Final = 4
_NO_CHAIN: Final = b""
"""What no history has; so a chain that cannot be read is one that differs."""


def answer_pull(glance: OpenGlance, snapshot: OpenWork, request: Pull) -> PullAnswer:
    """The answer to a pull, in as many tries as it takes to write it down.

    Args:
        glance: Opens a question of the nurse's.
        snapshot: Opens a work of hers that sees one instant; leaving it commits.
        request: What the phone told.

    Raises:
        Malformed, TooLarge, UnknownDevice, DeviceStopped, Unavailable: see `pull`.
        sqlalchemy.exc.DBAPIError: the database is away, or the phone is being written by others
            all the time.
    """
    if request.have is None:
        with glance() as asking:
            answer = idle(asking, request)
        if answer is not None:
            return answer
    return _in_some_tries(snapshot, request)


def idle(glance: Glance, request: Pull) -> PullAnswer | None:
    """The answer to a phone that has all that it may have and nothing else; None to any other.

    It takes one statement, which sees one instant by itself.

    Raises:
        Malformed, TooLarge, UnknownDevice, DeviceStopped: see `pull`.
    """
    _check(request)
    asked = Asked(request.device_id, glance.actor.id, glance.now)
    found = scope.summary(glance.connection, asked)
    device = _own(found and found[0], glance.actor.id)
    if found is None or device.epoch is None or not _is_idle(found[1], request):
        return None
    _note_contact(glance.connection, asked, device, request, device.expected_hash)
    return _answer(device, device.epoch, glance.now)


def pull(work: Work, request: Pull) -> PullAnswer:
    """The answer to a pull, in a transaction that sees one instant.

    Raises:
        Malformed: ``have-missing``.
        TooLarge: ``too-many-families``.
        UnknownDevice: ``wrong-device``.
        DeviceStopped: see `devices.require_active`; ``lease-lapsed``; nothing of any family is
            told.
        Unavailable: the key provider is away.
        sqlalchemy.exc.DBAPIError: see `answer_pull`.
    """
    _check(request)
    connection, asked = _asked(work, request.device_id)
    device = _own(scope.standing(connection, asked.device), work.actor.id)
    heads = _heads(work, connection, asked)
    copies = ledger.copies(connection, asked.device, request.have or ())
    has = _has(device, request, heads, copies)
    answer = _answer(device, device.epoch or present_epoch(work), work.now)
    if has is None:
        answer.ask = "have"
        return answer
    done = Round(work, connection, asked, heads, copies, has, request)
    done.fill(answer)
    done.write_down()
    if answer.unreadable:
        log.error("unreadable", families=[str(one) for one in answer.unreadable])
    _note_contact(connection, asked, device, request, done.expected_hash())
    return answer


def take_receipts(work: Work, request: Receipts) -> ReceiptsAnswer:
    """Close the copies that a phone says are gone from it. A stopped phone may say so, too.

    Raises:
        TooLarge: ``too-many-receipts``.
        UnknownDevice: ``wrong-device``.
    """
    if len(request.receipts) > limits.RECEIPTS:
        raise TooLarge("too-many-receipts", f"At most {limits.RECEIPTS} receipts at a time.")
    connection, asked = _asked(work, request.device_id)
    device = scope.standing(connection, asked.device)
    if device is None or device.account_id != work.actor.id:
        raise unknown_device()
    receipts = {one.purge_id: one.family for one in request.receipts}
    closed = ledger.close(connection, asked.device, receipts, work.now)
    write_accesses(work, [(id_, Ground.FORMER) for id_ in closed], Action.PURGE, DELETED)
    return ReceiptsAnswer(epoch=device.epoch or present_epoch(work), server_time=work.now)


def _in_some_tries(snapshot: OpenWork, request: Pull) -> PullAnswer:
    tries = 0
    while True:
        tries += 1
        try:
            with snapshot() as work:
                return pull(work, request)
        except DBAPIError as error:
            if tries == _TRIES or not lost_race(error):
                raise


def _asked(work: Work, device: UUID) -> tuple[Connection, Asked]:
    return work.session.connection(), Asked(device, work.actor.id, work.now)


def _check(request: Pull) -> None:
    if request.have is None and request.have_hash is None:
        raise Malformed("have-missing", "Tell `have_hash`, or `have`.", pointer="/have")
    if max(len(request.have or ()), len(request.partial or ())) > limits.FAMILIES:
        raise TooLarge("too-many-families", f"At most {limits.FAMILIES} families on a phone.")


def _own(device: Standing | None, actor_id: UUID) -> Standing:
    if device is None or device.account_id != actor_id:
        raise unknown_device()
    require_active(device)
    if device.is_outrun:
        raise unknown_device()
    if not device.is_leased:
        raise DeviceStopped(
            "lease-lapsed", "The lease has run out and our share is destroyed. Renew it first."
        )
    return device


def _is_idle(found: Summary, request: Pull) -> bool:
    same = found.settled and request.have is None and request.have_hash == found.present_hash
    return same and not found.to_drop and not found.to_acknowledge


def _heads(work: Work, connection: Connection, asked: Asked) -> dict[UUID, Head]:
    """The families in scope, each with its chain."""
    heads = scope.heads(connection, asked)
    unsettled = [one.id for one in heads.values() if one.chain is None]
    if not unsettled:
        return heads
    settle_all(work.session, unsettled)
    return scope.heads(connection, asked)


def _has(
    device: Standing,
    request: Pull,
    heads: Mapping[UUID, Head],
    copies: Mapping[UUID, ledger.Copy],
) -> dict[UUID, Has] | None:
    """What the phone has; None if it has to be asked."""
    if request.have is not None:
        return {family: _told(held) for family, held in request.have.items()}
    if request.have_hash == have_hash(
        (one.id, one.rev, one.chain or b"") for one in heads.values()
    ):
        return {one.id: Has(one.rev, None) for one in heads.values()}
    if request.have_hash == device.expected_hash:
        return {one.family: Has(one.sent_rev, None) for one in copies.values() if one.is_whole}
    return None


def _told(held: Held) -> Has:
    try:
        return Has(held.rev, from_text(held.chain), held.rows)
    except ValueError:
        return Has(held.rev, _NO_CHAIN, held.rows)


def _answer(device: Standing, epoch: UUID, now: datetime) -> PullAnswer:
    return PullAnswer(
        epoch=epoch,
        server_time=now,
        last_seq=device.last_seq,
        durable_seq=device.durable_seq,
    )


def _note_contact(
    connection: Connection,
    asked: Asked,
    device: Standing,
    request: Pull,
    expected_hash: str | None,
) -> None:
    """Write the device's row, if there is something that has to be written."""
    acked = max(device.acked_seq, min(request.acked_seq, device.last_seq))
    stale = asked.now - device.last_seen_at >= SEEN_STEP
    if not stale and (acked, expected_hash) == (device.acked_seq, device.expected_hash):
        return
    plain.rows(
        connection,
        "UPDATE device SET last_seen_at = greatest(last_seen_at, %(now)s), acked_seq = %(acked)s, "
        "have_hash = %(hash)s WHERE id = %(device)s",
        {"now": asked.now, "acked": acked, "hash": expected_hash, "device": asked.device},
    )
