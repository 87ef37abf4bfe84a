"""Devices: which phones there are, whose they are, and the history of the server they speak with.

An installation enrols once. It is known by the id that it made for itself, and proves itself by
the key that it enrolled with where nobody is signed in.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final, Protocol
from uuid import UUID

from nyefamilier.changes.store import take_turns
from nyefamilier.kernel.errors import (
    Conflict,
    DeviceStopped,
    RuleBroken,
    Unavailable,
    UnknownDevice,
)
from nyefamilier.kernel.ids import new_id
from nyefamilier.storage.work import Work
from nyefamilier.sync import escrow_keys, store
from nyefamilier.sync.logbook import Event, note_event
from nyefamilier.sync.states import DeviceState, EpochReason
from nyefamilier.sync.tables import DeviceRow, EpochRow
from nyefamilier.vault.devices import CannotOpen, DeviceCipher
from nyefamilier.vault.provider import Wrapped
from nyefamilier.vault.signing import is_public_key
from nyefamilier.vault.vault import WrappedKey
from nyefamilier.wire import limits
from nyefamilier.wire.messages import Enrol, Enrolled, Lease
from nyefamilier.wire.texts import as_text, from_text

LEASE: Final = timedelta(hours=72)
"""For how long a phone may open its store without asking, unless a deployment sets another time."""
SHARE_BYTES: Final = 32
SHARE_COLUMN: Final = "device.share"
_SEEN_STEP: Final = timedelta(minutes=1)
"""A device's row is written at most this often because it was seen."""


class Stated(Protocol):
    """A device, in whatever shape, of which the state is known."""

    @property
    def state(self) -> str:
        """See `DeviceState`."""


def enrol(work: Work, request: Enrol, *, lease: timedelta = LEASE) -> Enrolled:
    """A new installation of the actor's, with its share and its escrow key.

    The same installation again is told the same: the answer may have been lost on its way.

    Raises:
        RuleBroken: ``public-key``.
        Conflict: ``device-taken``: another installation has the id; ``public-key-taken``: or the
            key; ``too-many-devices``.
        DeviceStopped: it was enrolled before, and is stopped.
        Unavailable: the key provider is away.
    """
    public_key = _public_key(request.public_key)
    take_turns(work.session, [work.actor.id, request.device_id, _turn_of(public_key)])
    known = store.device(work.session, request.device_id, lock=True)
    if known is None:
        known = _new_device(work, request, public_key)
    elif (known.account_id, known.public_key) != (work.actor.id, public_key):
        raise Conflict("device-taken", "Another installation has this id. Make a new one.")
    require_active(known)
    fresh = known.share is None
    if fresh:
        give_share(work, known)
    known.lease_until = work.now + lease
    return _enrolled(work, known, lease_of(work, known, fresh=fresh))


def known_device(
    work: Work, device_id: UUID, *, lock: bool = False, allow_locked: bool = False
) -> DeviceRow:
    """The actor's own device.

    Args:
        work: The transaction, the actor and the instant.
        device_id: What the request says that it comes from.
        lock: Whether to hold the row till the transaction ends, and to note that it was seen.
        allow_locked: Whether a device that was stopped is served too.

    Raises:
        UnknownDevice: ``wrong-device``: there is none such, or it is another's, or it is to enrol
            anew.
        DeviceStopped: ``device-locked``, ``device-wipe``, ``device-retired``.
    """
    device = store.device(work.session, device_id, lock=lock)
    if device is None or device.account_id != work.actor.id:
        raise unknown_device()
    if not allow_locked:
        require_active(device)
    if device.outrun and device.state == DeviceState.ACTIVE:
        raise unknown_device()
    if lock:
        seen(work, device)
    return device


def require_active(device: Stated) -> None:
    """Refuse a device that was stopped.

    Raises:
        DeviceStopped: ``device-locked``, ``device-wipe``, ``device-retired``.
    """
    match DeviceState(device.state):
        case DeviceState.ACTIVE:
            return
        case DeviceState.LOCKED:
            raise DeviceStopped(
                "device-locked", "This phone is locked. Send its escrow copies; ask your lead."
            )
        case DeviceState.RETIRED:
            raise DeviceStopped(
                "device-retired", "This installation is out of use. Enrol the phone anew."
            )
        case DeviceState.WIPE | DeviceState.WIPED:
            raise DeviceStopped(
                "device-wipe", "This phone is to be wiped. Send its escrow copies, then erase all."
            )


def unknown_device() -> UnknownDevice:
    """The one answer about a device that does not exist or is another's."""
    return UnknownDevice(
        "wrong-device", "There is no such device of yours. Enrol this installation."
    )


def seen(work: Work, device: DeviceRow) -> None:
    """Note that the device was in contact just now."""
    if work.now - device.last_seen_at >= _SEEN_STEP:
        device.last_seen_at = work.now


def device_cipher(work: Work, device: DeviceRow) -> DeviceCipher:
    """Seals, opens and digests what is kept for the device alone.

    Raises:
        Unavailable: the key provider is away.
    """
    wrapped = Wrapped(device.key_provider, device.kek, device.kek_version, device.wrapped)
    key = WrappedKey(device.key_id, device.key_version, wrapped)
    return work.vault.open_device_key(device.id, key)


def give_share(work: Work, device: DeviceRow) -> None:
    """Make our part of the key of the device's store anew; what it held cannot be opened again.

    Raises:
        Unavailable: the key provider is away.
    """
    share = secrets.token_bytes(SHARE_BYTES)
    device.share = device_cipher(work, device).seal(SHARE_COLUMN, device.id, share)
    device.have_hash = None


def lease_of(work: Work, device: DeviceRow, *, fresh: bool = False) -> Lease:
    """The lease as the device is told it.

    Raises:
        Unavailable: the key provider is away; ``record-damaged``.
    """
    if device.share is None:
        return Lease()
    try:
        share = device_cipher(work, device).open(SHARE_COLUMN, device.id, device.share)
    except CannotOpen as error:
        raise Unavailable(
            "record-damaged",
            f"The share of the phone {device.id} does not open: it was damaged or is not where it "
            "was written. Nothing was changed; tell the operator.",
        ) from error
    return Lease(key_share=as_text(share), lease_until=device.lease_until, fresh=fresh)


def present_epoch(work: Work) -> UUID:
    """The history that this server is in; the first one begins when it is first asked for."""
    newest = store.newest_epoch(work.session)
    if newest is None:
        store.hold_epochs(work.session)
        newest = store.newest_epoch(work.session) or _begin(work, EpochReason.INSTALL)
    return newest.id


def new_epoch(work: Work, reason: EpochReason) -> UUID:
    """Begin another history: the database was restored, or a stand-by took over.

    Every phone compares what it has with what the server knows, and sends again what is missing.
    """
    store.hold_epochs(work.session)
    return _begin(work, reason).id


def _turn_of(public_key: bytes) -> UUID:
    """For what two enrolments with one key wait, so that only one of them goes through."""
    return UUID(bytes=sha256(public_key).digest()[:16])


def _new_device(work: Work, request: Enrol, public_key: bytes) -> DeviceRow:
    if store.devices_in_use(work.session, work.actor.id) >= limits.DEVICES:
        raise Conflict("too-many-devices", "You have many phones in use. Retire one of them.")
    if store.key_is_known(work.session, public_key):
        raise Conflict(
            "public-key-taken",
            "Another installation has enrolled with this key: one is a copy of the other. Make a "
            "new key pair and a new id.",
        )
    key = work.vault.new_device_key(request.device_id)
    device = DeviceRow(
        id=request.device_id,
        account_id=work.actor.id,
        name=request.name,
        state=DeviceState.ACTIVE,
        public_key=public_key,
        enrolled_at=work.now,
        last_seen_at=work.now,
        schema=request.schema,
        last_seq=0,
        acked_seq=0,
        durable_seq=0,
        key_id=key.id,
        key_version=key.version,
        key_provider=key.wrapped.provider,
        kek=key.wrapped.kek,
        kek_version=key.wrapped.version,
        wrapped=key.wrapped.blob,
        state_since=work.now,
        state_by=work.actor.id,
    )
    work.session.add(device)
    note_event(work, Event.ENROLLED, device.id)
    return device


def _enrolled(work: Work, device: DeviceRow, lease: Lease) -> Enrolled:
    escrow = escrow_keys.present(work)
    return Enrolled(
        device_id=device.id,
        epoch=present_epoch(work),
        server_time=work.now,
        last_seq=device.last_seq,
        durable_seq=device.durable_seq,
        lease=lease,
        escrow_key=as_text(escrow.public_key),
        escrow_key_id=str(escrow.id),
    )


def _public_key(told: str) -> bytes:
    try:
        key = from_text(told)
    except ValueError:
        key = b""
    if len(key) != limits.PUBLIC_KEY_BYTES or not is_public_key(key):
        raise RuleBroken(
            "public-key",
            "Send a key on P-256 as SubjectPublicKeyInfo in DER, in base64url without padding.",
            pointer="/public_key",
        )
    return key


def _begin(work: Work, reason: EpochReason) -> EpochRow:
    epoch = EpochRow(id=new_id(work.now), started_at=work.now, reason=reason)
    work.session.add(epoch)
    work.session.flush()
    note_event(work, Event.EPOCH)
    return epoch
