"""Leases: for how long a phone may open its store without asking, and what becomes of it after.

Our share is one of the parts of the key of a phone's store. A phone keeps it for the length of its
lease; when the lease has run out and the share is destroyed here, nobody can open the copies that
are on the phone, and the ledger says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from nyefamilier.access.log import note_accesses
from nyefamilier.access.rules import Action, Ground
from nyefamilier.kernel.errors import Conflict
from nyefamilier.storage.work import Work
from nyefamilier.sync import scope, store
from nyefamilier.sync.devices import LEASE, give_share, known_device, lease_of
from nyefamilier.sync.logbook import Event, note_event
from nyefamilier.sync.scope import Asked
from nyefamilier.sync.states import DeviceState, GoneHow
from nyefamilier.sync.tables import DeviceRow
from nyefamilier.wire.messages import SCHEMA, Lease, Renew
from nyefamilier.wire.verdicts import Command

PURGE_WITHIN: Final = timedelta(hours=72)
"""How long a phone may take to give a family up before its lease is not renewed any more."""
LAPSES_AT_ONCE: Final = 200
"""Devices whose leases one transaction ends."""

COMMANDS: Final = {
    DeviceState.ACTIVE: (),
    DeviceState.LOCKED: (Command.LOCK,),
    DeviceState.WIPE: (Command.WIPE,),
    DeviceState.WIPED: (Command.WIPE,),
    DeviceState.RETIRED: (Command.WIPE,),
}
"""What a device in each state is told, by lease and by escrow."""

_GONE: Final = {GoneHow.LAPSED: "copy-lapsed", GoneHow.WIPED: "copy-wiped"}


def renew(work: Work, request: Renew, *, lease: timedelta = LEASE) -> Lease:
    """The actor's own device's lease from now on, and what the device is told to do.

    Raises:
        UnknownDevice: ``wrong-device``.
        Conflict: ``purge-overdue``: it has a family that it was asked to give up long ago.
        Unavailable: the key provider is away.
    """
    device = known_device(work, request.device_id, lock=True, allow_locked=True)
    device.schema = request.schema
    state = DeviceState(device.state)
    if state is not DeviceState.ACTIVE:
        return Lease(commands=list(COMMANDS[state]))
    fresh = device.share is None
    if fresh:
        # What it had cannot be opened again, and before it has a share it is told of no family.
        give_share(work, device)
        note_event(work, Event.RENEWED_ANEW, device.id)
    else:
        _require_purged(work, device)
    device.lease_until = work.now + lease
    told = lease_of(work, device, fresh=fresh)
    told.commands = [Command.UPGRADE] if request.schema < SCHEMA else []
    return told


def lapse(work: Work) -> int:
    """End leases that have run out: destroy our share, close the ledger; say of how many devices.

    At most `LAPSES_AT_ONCE`; none is left when it says fewer. A device that is in use at this very
    moment is left to the next time.
    """
    ended = store.devices_to_lapse(work.session, work.now, LAPSES_AT_ONCE)
    for device in ended:
        destroy_share(device)
        gone = close_copies(work, device.id, GoneHow.LAPSED)
        note_event(work, Event.LAPSED, device.id, count=len(gone))
    return len(ended)


def destroy_share(device: DeviceRow) -> None:
    """Make the device's store unreadable for good, once the share that it has itself runs out."""
    device.share = None
    # What it says that it has by this hash can no longer be true.
    device.have_hash = None


def close_copies(work: Work, device_id: UUID, how: GoneHow) -> Sequence[UUID]:
    """Write down that the device's copies are gone, in the ledger and in each family's log."""
    families = store.close_copies(work.session, device_id, work.now, how)
    note_accesses(work, families, Action.PURGE, _GONE[how], Ground.PROGRAMME)
    return families


def _require_purged(work: Work, device: DeviceRow) -> None:
    asked = store.drop_asked_before(work.session, device.id, work.now - PURGE_WITHIN)
    if asked:
        # A phone that is closed can take nothing back before this that is its nurse's again.
        present = Asked(device.id, device.account_id, work.now)
        asked -= scope.heads(work.session.connection(), present).keys()
    if asked:
        raise Conflict(
            "purge-overdue",
            "This phone was asked to give up a family and has sent no receipt. Pull, delete the "
            "family, send the receipt; then ask for the lease again.",
        )
