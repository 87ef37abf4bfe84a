"""Take in unsent work from a phone that may not, or cannot, push; as it came, at once.

Nothing is opened here: what is sealed lies in the database before anybody asks for a key. The
same mutation again, in the same bytes, is taken in once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from nyefamilier.kernel.errors import Conflict, RuleBroken, TooLarge
from nyefamilier.storage.work import Work
from nyefamilier.sync import store
from nyefamilier.sync.leases import COMMANDS
from nyefamilier.sync.logbook import Event, note_event
from nyefamilier.sync.states import DeviceState, EscrowOutcome
from nyefamilier.sync.tables import DeviceRow, EscrowRow
from nyefamilier.wire import limits
from nyefamilier.wire.messages import Escrow, EscrowAnswer, Escrowed
from nyefamilier.wire.texts import from_text


@dataclass(frozen=True, slots=True)
class _Told:
    """One sealed mutation of a request, its bytes read."""

    id: UUID
    seq: int
    sealed: bytes = field(repr=False)


def take_in(work: Work, device: DeviceRow, request: Escrow) -> EscrowAnswer:
    """Keep what the device has sealed, and tell it what to do.

    Args:
        work: The transaction, the actor and the instant.
        device: Proven by its signature; in any state.
        request: What it sent. Without mutations it only asks what to do.

    Raises:
        TooLarge: ``too-large``.
        RuleBroken: ``escrow-unreadable``: a sealed text is no base64url, or one stands there twice.
        Conflict: ``escrow-reuse``: other bytes came under the same id before.
    """
    told = _read(request)
    known = store.escrowed(work.session, device.id, [one.id for one in told])
    fresh = [one for one in told if not _is_known(known.get(one.id), one)]
    for one in fresh:
        _keep(work, device.id, request.escrow_key_id, one, known.get(one.id))
    if fresh:
        note_event(work, Event.ESCROW, device.id, count=len(fresh))
    return EscrowAnswer(
        server_time=work.now,
        received=[one.id for one in told],
        commands=list(COMMANDS[DeviceState(device.state)]),
    )


def _read(request: Escrow) -> list[_Told]:
    told = {one.id: _told(number, one) for number, one in enumerate(request.mutations)}
    if len(told) < len(request.mutations):
        raise RuleBroken("escrow-unreadable", "A mutation stands there twice.")
    return list(told.values())


def _told(number: int, one: Escrowed) -> _Told:
    pointer = f"/mutations/{number}/sealed"
    try:
        sealed = from_text(one.sealed)
    except ValueError:
        detail = "The sealed text is not base64url without padding."
        raise RuleBroken("escrow-unreadable", detail, pointer=pointer) from None
    if len(sealed) > limits.ESCROW_BYTES:
        detail = f"A sealed mutation has at most {limits.ESCROW_BYTES} bytes."
        raise TooLarge("too-large", detail, pointer=pointer)
    return _Told(one.id, one.seq, sealed)


def _is_known(known: EscrowRow | None, told: _Told) -> bool:
    if known is None:
        return False
    if known.sealed == told.sealed:
        return True
    # A copy that did not open may be sent anew; nothing that opens is ever replaced.
    if known.outcome == EscrowOutcome.UNREADABLE:
        return False
    raise Conflict(
        "escrow-reuse",
        "Other bytes came in under this mutation's id. Send the very copy that you sealed first.",
    )


def _keep(
    work: Work, device_id: UUID, key_id: str, told: _Told, unreadable: EscrowRow | None
) -> None:
    row = unreadable or EscrowRow(id=told.id, device_id=device_id)
    row.seq, row.key_id, row.sealed = told.seq, key_id, told.sealed
    row.received_at, row.settled_at, row.outcome = work.now, None, None
    work.session.add(row)
