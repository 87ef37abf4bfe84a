"""Stop a phone: lock it, have it wiped, take it out of use. Each counts from its commit on.

Whoever may: the phone's nurse, the lead of her bydel, and an operator on the command line.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID

from nyefamilier.accounts.sessions import end_everywhere
from nyefamilier.accounts.tables import Account
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.errors import Conflict
from nyefamilier.storage.work import Work
from nyefamilier.sync import store
from nyefamilier.sync.devices import unknown_device
from nyefamilier.sync.leases import close_copies, destroy_share
from nyefamilier.sync.logbook import Event, note_event
from nyefamilier.sync.states import DeviceState, GoneHow
from nyefamilier.sync.tables import DeviceRow

_FROM: Final = {
    DeviceState.ACTIVE: {DeviceState.LOCKED},
    DeviceState.LOCKED: {DeviceState.ACTIVE},
    DeviceState.RETIRED: {DeviceState.ACTIVE, DeviceState.LOCKED},
    DeviceState.WIPE: {DeviceState.ACTIVE, DeviceState.LOCKED, DeviceState.RETIRED},
}
"""From which states a device comes into each. What was wiped stays so."""
_EVENTS: Final = {
    DeviceState.ACTIVE: Event.UNLOCKED,
    DeviceState.LOCKED: Event.LOCKED,
    DeviceState.RETIRED: Event.RETIRED,
    DeviceState.WIPE: Event.WIPE_ASKED,
}


class Stop(StrEnum):
    """What can be done to a phone."""

    LOCK = "lock"
    UNLOCK = "unlock"
    WIPE = "wipe"
    RETIRE = "retire"


_INTO: Final = {
    Stop.UNLOCK: DeviceState.ACTIVE,
    Stop.LOCK: DeviceState.LOCKED,
    Stop.RETIRE: DeviceState.RETIRED,
    Stop.WIPE: DeviceState.WIPE,
}


def open_to(state: DeviceState) -> list[Stop]:
    """What can be done to a phone in a state, the mildest first."""
    return [stop for stop, into in _INTO.items() if state in _FROM[into]]


def carry_out(work: Work, stop: Stop, device_id: UUID, *, keep: str | None = None) -> None:
    """Do it; see the function of its name.

    Raises:
        UnknownDevice, Conflict: see `lock`.
    """
    match stop:
        case Stop.LOCK:
            lock(work, device_id, keep=keep)
        case Stop.UNLOCK:
            unlock(work, device_id)
        case Stop.WIPE:
            wipe(work, device_id, keep=keep)
        case Stop.RETIRE:
            retire(work, device_id)
        case _:
            assert_never(stop)


def lock(work: Work, device_id: UUID, *, keep: str | None = None) -> None:
    """Lock a phone that may be lost: it is sent nothing more, and its share is destroyed.

    What it still brings is taken in and held. The nurse's sign-ins end with it, since one of them
    may be on the phone.

    Args:
        work: The transaction, the actor and the instant.
        device_id: The phone.
        keep: The secret of the one sign-in that goes on: the page on which she locks her own.

    Raises:
        UnknownDevice: there is none such, or it is not the actor's to stop.
        Conflict: ``device-state``.
    """
    _end_sign_ins(work, _bring(work, device_id, DeviceState.LOCKED), keep)


def unlock(work: Work, device_id: UUID) -> None:
    """Let a phone that was found be used again; it gets a new share and begins with nothing.

    Raises:
        UnknownDevice: as `lock`.
        Conflict: ``device-state``.
    """
    _bring(work, device_id, DeviceState.ACTIVE)


def wipe(work: Work, device_id: UUID, *, keep: str | None = None) -> None:
    """Have a phone erase everything at its next contact; otherwise as `lock`.

    Raises:
        UnknownDevice: as `lock`.
        Conflict: ``device-state``.
    """
    _end_sign_ins(work, _bring(work, device_id, DeviceState.WIPE), keep)


def retire(work: Work, device_id: UUID) -> None:
    """Take a phone out of use, as when its nurse gets another one.

    Raises:
        UnknownDevice: as `lock`.
        Conflict: ``device-state``.
    """
    _bring(work, device_id, DeviceState.RETIRED)


def take_wipe_receipt(work: Work, device: DeviceRow, handed_over: Collection[UUID]) -> None:
    """The phone has said, signed with its key, that it erased everything: close the ledger.

    Args:
        work: The transaction, the actor and the instant.
        device: The phone.
        handed_over: The mutations whose sealed copies it deletes when this has gone well.

    Raises:
        Conflict: ``device-state``: nobody has asked it to. ``escrow-incomplete``: some of what it
            handed over is not here, since a backup was restored after that.
    """
    if device.state not in {DeviceState.WIPE, DeviceState.RETIRED, DeviceState.WIPED}:
        raise _wrong_state(DeviceState(device.state))
    if store.count_escrowed(work.session, device.id, handed_over) < len(set(handed_over)):
        raise Conflict(
            "escrow-incomplete",
            "Something that you handed over is not here: a backup was restored. Hand all of it "
            "over again, and then send this.",
        )
    if device.state == DeviceState.WIPED:
        return
    _set_state(work, device, DeviceState.WIPED)
    gone = close_copies(work, device.id, GoneHow.WIPED)
    note_event(work, Event.WIPED, device.id, count=len(gone))


def may_stop(work: Work, device: DeviceRow) -> bool:
    """Whether the actor may stop the device: her own, one of her bydel's nurses, or all of them."""
    if work.actor == SYSTEM or device.account_id == work.actor.id:
        return True
    if work.actor.role is not Role.LEAD:
        return False
    owner = work.session.get(Account, device.account_id)
    return owner is not None and owner.bydel == work.actor.bydel


def _bring(work: Work, device_id: UUID, state: DeviceState) -> DeviceRow:
    device = store.device(work.session, device_id, lock=True)
    if device is None or not may_stop(work, device):
        raise unknown_device()
    if device.state == state:
        return device
    if device.state not in _FROM[state]:
        raise _wrong_state(DeviceState(device.state))
    _set_state(work, device, state)
    destroy_share(device)
    note_event(work, _EVENTS[state], device.id)
    return device


def _set_state(work: Work, device: DeviceRow, state: DeviceState) -> None:
    device.state, device.state_since, device.state_by = state, work.now, work.actor.id


def _end_sign_ins(work: Work, device: DeviceRow, keep: str | None) -> None:
    end_everywhere(work, device.account_id, but=keep)


def _wrong_state(state: DeviceState) -> Conflict:
    return Conflict("device-state", f"The phone is {state}; from there this cannot be done.")
