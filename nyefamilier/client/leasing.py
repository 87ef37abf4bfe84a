"""Enrolling a phone, and the lease for which its store is open."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from nyefamilier.client.clocks import Clocks, Mark
from nyefamilier.client.moving import COPIES, begin_empty, renumber
from nyefamilier.client.outbox import standing_of
from nyefamilier.client.standing import Standing, State
from nyefamilier.client.steps import Step
from nyefamilier.client.store import Store, stand, tell
from nyefamilier.client.talking import Line, Refused, Signer
from nyefamilier.kernel.ids import new_id
from nyefamilier.vault.phone import CannotOpen, StoreCipher, store_cipher, waiting_cipher
from nyefamilier.vault.signing import new_signing_key, public_key_of
from nyefamilier.wire.messages import SCHEMA, Enrol, Enrolled, Lease, Renew
from nyefamilier.wire.texts import as_text, from_text
from nyefamilier.wire.verdicts import Command

RENEW_AT: Final = 0.5
"""The part of a lease that is left when it is asked for anew."""
_ANOTHER_ID: Final = frozenset({"device-taken", "public-key-taken", "device-retired"})
"""Refusals after which the same enrolment can never succeed."""
_NOTE_TIME: Final = timedelta(minutes=10)
_SIGNING, _SHARE, _CHECK = "signing", "share", "check"
_CHECKED: Final = b"nyefamilier-store"
"""Lies sealed in every store: what opens it is the store's key."""


class OtherNurse(Exception):  # noqa: N818 - an answer, not a defect
    """The store is another nurse's: what she wrote must not be sent in the name of this one."""


class Enrolling(msgspec.Struct, frozen=True):
    """An enrolment that was begun: sent again, it is the same installation."""

    device_id: UUID
    signing: bytes


def enrol(store: Store, line: Line, clocks: Clocks, name: str) -> Standing:
    """Make this installation known to the server; it needs somebody who is signed in.

    What was written under another device id before is kept, with new seqs and the same ids.

    Raises:
        OtherNurse: the store is somebody else's than the one who is signed in.
        Unreachable, Refused: see `Line.post`. Nothing is lost, and the next try is the same one.
    """
    account, before = line.whoami(), store.standing
    if before is not None and before.account != account:
        raise OtherNurse("This store is another nurse's. Each nurse has a store of her own.")
    begun = _begun(store, clocks)
    key = _signing_key(store, begun.device_id, begun.signing)
    public = as_text(public_key_of(key))
    body = Enrol(device_id=begun.device_id, name=name, public_key=public, schema=SCHEMA)
    asked = clocks.mark
    try:
        enrolled = line.post("/devices", body, Enrolled)
    except Refused as refused:
        if refused.code in _ANOTHER_ID:
            _forget_begun(store)
        raise
    standing = _take_in(store, asked, begun, enrolled, account)
    line.signer = Signer(begun.device_id, key)
    return standing


def signer(store: Store) -> Signer | None:
    """What proves that a request is this phone's; none before it is enrolled."""
    standing = store.standing
    if standing is None:
        return None
    key = _signing_key(store, standing.device_id, standing.signing)
    return Signer(standing.device_id, key)


def renew(store: Store, line: Line, clocks: Clocks) -> Lease:
    """Have the lease anew, and open the store with it.

    Raises:
        Unreachable, Refused: see `Line.post`.
    """
    body = Renew(device_id=standing_of(store).device_id, schema=SCHEMA)
    lease = line.post("/lease", body, Lease, signed=True)
    with store.durable(Step.LEASED) as cx:
        standing = standing_of(store)
        begun = clocks.wall() + timedelta(milliseconds=standing.offset_ms or 0)
        cipher = _lend(cx, store, _told(standing, lease), lease, begun, clocks.mark)
    store.cipher = cipher
    return lease


def is_due(store: Store, clocks: Clocks) -> bool:
    """Whether the lease should be asked for: half of it is gone, or the store is closed."""
    standing = standing_of(store)
    return store.cipher is None or standing.lease_left(clocks) < standing.lease_for * RENEW_AT


def open_up(store: Store, clocks: Clocks) -> bool:
    """Open the store while the lease lasts; when it has run out, close it and forget the share.

    Returns:
        Whether it is open.
    """
    standing = store.standing
    if standing is None or standing.share is None:
        store.cipher = None
        return False
    if standing.lease_left(clocks) <= timedelta(0) or standing.state is not State.ACTIVE:
        close(store)
        return False
    if store.cipher is None:
        store.cipher = _cipher(store, standing.device_id, standing.share)
    if store.cipher is None:
        close(store)
        return False
    if clocks.boot != standing.leased.boot:
        _count_on(store, standing, clocks)
    elif clocks.wall() - standing.seen > _NOTE_TIME:
        _note_time(store, clocks.wall())
    return True


def close(store: Store, state: State | None = None) -> None:
    """Forget the share: what lies sealed is closed until the server lends it again."""
    with store.durable(Step.CLOSED) as cx:
        standing = standing_of(store)
        stand(cx, msgspec.structs.replace(standing, share=None, state=state or standing.state))
    store.cipher = None


def begin_wipe(store: Store) -> None:
    """Delete all but what is unsent, of which only the copies for the server stay."""
    with store.durable(Step.ERASING) as cx:
        for table in (*COPIES, "journal"):
            cx.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        cx.execute("UPDATE outbox SET raw = NULL")
        standing = msgspec.structs.replace(standing_of(store), share=None, state=State.WIPE)
        stand(cx, standing)
    store.cipher = None
    store.tidy_up()


def end_wipe(store: Store) -> None:
    """The server has the copies of what was unsent: they go too, and the signing key is left."""
    with store.durable(Step.HANDED_OVER) as cx:
        cx.execute("DELETE FROM outbox")
    store.tidy_up()


def anchored(standing: Standing, mark: Mark, server_time: datetime) -> Standing:
    """The lease counted from *mark* on by what the server's clock said then, whatever ours said.

    For an answer that is the moment in which it was asked for: a phone may sleep for days between
    an answer and the next step, and the lease goes on running.
    """
    left = max(standing.lease_until - server_time, timedelta(0))
    return msgspec.structs.replace(standing, leased=mark, lease_for=left, seen=mark.wall)


def _begun(store: Store, clocks: Clocks) -> Enrolling:
    told = store.told("enrolling")
    if told is not None:
        return msgspec.json.decode(told, type=Enrolling)
    device_id = new_id(clocks.wall())
    place = (_SIGNING, device_id, device_id, 0)
    sealed = waiting_cipher(device_id, store.secret).seal(*place, new_signing_key())
    begun = Enrolling(device_id, sealed)
    with store.durable(Step.ENROLLING) as cx:
        tell(cx, "enrolling", msgspec.json.encode(begun))
    return begun


def _forget_begun(store: Store) -> None:
    with store.durable(Step.ENROLLING) as cx:
        cx.execute("DELETE FROM meta WHERE name = 'enrolling'")


def _take_in(
    store: Store, asked: Mark, begun: Enrolling, enrolled: Enrolled, account: UUID
) -> Standing:
    with store.durable(Step.ENROLLED) as cx:
        before = store.standing
        standing = _new_standing(asked, begun, enrolled, account)
        cipher = _lend(cx, store, standing, enrolled.lease, enrolled.server_time, asked)
        if before is not None:
            renumber(cx, cipher)
        cx.execute("DELETE FROM meta WHERE name = 'enrolling'")
    store.cipher = cipher
    return standing_of(store)


def _new_standing(asked: Mark, begun: Enrolling, enrolled: Enrolled, account: UUID) -> Standing:
    return Standing(
        account=account,
        device_id=begun.device_id,
        signing=begun.signing,
        epoch=enrolled.epoch,
        escrow_key=from_text(enrolled.escrow_key),
        escrow_key_id=enrolled.escrow_key_id,
        lease_until=enrolled.server_time,
        leased=asked,
        lease_for=timedelta(0),
        seen=asked.wall,
        next_seq=enrolled.last_seq + 1,
        last_seq=enrolled.last_seq,
        durable_seq=enrolled.durable_seq,
    )


def _told(standing: Standing, lease: Lease) -> Standing:
    """What the server says of the phone by lending it its share, or by not lending it."""
    if Command.WIPE in lease.commands:
        return msgspec.structs.replace(standing, state=State.WIPE)
    locked = Command.LOCK in lease.commands or lease.key_share is None
    return msgspec.structs.replace(standing, state=State.LOCKED if locked else State.ACTIVE)


def _lend(  # noqa: PLR0913, PLR0917 - what a lease is
    cx: sqlite3.Connection, store: Store, standing: Standing, lease: Lease,
    server_time: datetime, mark: Mark,
) -> StoreCipher | None:  # fmt: skip
    """Write the lease, and whatever a new share makes of the store.

    Returns:
        The cipher that the store has from now on; none when nothing was lent.
    """
    if lease.key_share is None or lease.lease_until is None or standing.state is not State.ACTIVE:
        stand(cx, msgspec.structs.replace(standing, share=None))
        return None
    share = from_text(lease.key_share)
    cipher = store_cipher(standing.device_id, store.secret, share)
    place = (standing.device_id, standing.device_id, 0)
    if standing.check is None or not _opens(cipher, standing):
        begin_empty(cx, store.cipher, cipher)
        standing = msgspec.structs.replace(
            standing, check=cipher.seal(_CHECK, *place, _CHECKED), scope_hash=None
        )
    sealed = waiting_cipher(standing.device_id, store.secret).seal(_SHARE, *place, share)
    lent = msgspec.structs.replace(standing, share=sealed, lease_until=lease.lease_until)
    stand(cx, anchored(lent, mark, server_time))
    return cipher


def _opens(cipher: StoreCipher, standing: Standing) -> bool:
    try:
        cipher.open(_CHECK, standing.device_id, standing.device_id, 0, standing.check or b"")
    except CannotOpen:
        return False
    return True


def _cipher(store: Store, device_id: UUID, sealed: bytes) -> StoreCipher | None:
    """What opens the store; none where the share is damaged: the server lends it again."""
    waiting = waiting_cipher(device_id, store.secret)
    try:
        share = waiting.open(_SHARE, device_id, device_id, 0, sealed)
    except CannotOpen:
        return None
    return store_cipher(device_id, store.secret, share)


def _signing_key(store: Store, device_id: UUID, sealed: bytes) -> bytes:
    waiting = waiting_cipher(device_id, store.secret)
    return waiting.open(_SIGNING, device_id, device_id, 0, sealed)


def _count_on(store: Store, standing: Standing, clocks: Clocks) -> None:
    """After a start: what is left of the lease runs on the new clocks.

    Otherwise a wall clock that was set back would stand for all time that passes from here on.
    """
    begun = Mark(max(clocks.wall(), standing.seen), clocks.mono_ms, clocks.boot)
    left = standing.lease_left(clocks)
    with store.durable(Step.HEARD) as cx:
        now = standing_of(store)
        stand(cx, msgspec.structs.replace(now, leased=begun, lease_for=left, seen=begun.wall))


def _note_time(store: Store, wall: datetime) -> None:
    with store.durable(Step.HEARD) as cx:
        stand(cx, msgspec.structs.replace(standing_of(store), seen=wall))
