"""What people see of devices: their own, or those of their bydel's nurses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from nyefamilier.accounts.service import accounts
from nyefamilier.kernel.actors import SYSTEM, Role
from nyefamilier.kernel.errors import NotAllowed, NotFound
from nyefamilier.kernel.ids import UserId
from nyefamilier.storage.work import Work
from nyefamilier.sync import deliveries, store
from nyefamilier.sync.devices import unknown_device
from nyefamilier.sync.revoking import may_stop
from nyefamilier.sync.states import DeviceState
from nyefamilier.sync.tables import DeviceRow
from nyefamilier.wire.verdicts import Verdict

UNHEARD_FOR: Final = timedelta(days=3)
"""After how long a lead is told of a phone. From Friday afternoon to Monday morning is less."""


@dataclass(frozen=True, slots=True)
class Phones:
    """The phones in use in a bydel.

    Args:
        in_use: How many there are.
        unheard: Of how many of them we have heard nothing for longer than `UNHEARD_FOR`.
        since: When we last heard of the one that has been silent for the longest.
    """

    in_use: int
    unheard: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device without its keys.

    Args:
        families: How many families it has a copy of, as far as we know.
        asked_to_drop: How many of them it was asked to give up.
    """

    device_id: UUID
    account_id: UUID
    name: str
    state: DeviceState
    state_since: datetime
    enrolled_at: datetime
    last_seen_at: datetime
    lease_until: datetime | None
    last_seq: int
    acked_seq: int
    durable_seq: int
    families: int
    asked_to_drop: int


def own_devices(work: Work) -> list[DeviceView]:
    """The actor's devices, the newest first."""
    return _seen(work, store.devices_of(work.session, [work.actor.id]))


def devices_in_bydel(work: Work) -> list[DeviceView]:
    """The devices of the nurses of the lead's bydel, those of closed accounts too.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    if work.actor.role is not Role.LEAD:
        raise NotAllowed("Only a lead sees her nurses' phones.")
    nurses = accounts(work, bydel=work.actor.bydel, active_only=False)
    return _seen(work, store.devices_of(work.session, [one.id for one in nurses]))


def phones_unheard(work: Work) -> Phones:
    """How many phones the nurses of the lead's bydel have in use, and how many we do not hear of.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    if work.actor.role is not Role.LEAD:
        raise NotAllowed("Only a lead sees her nurses' phones.")
    nurses = accounts(work, bydel=work.actor.bydel, role=Role.NURSE)
    devices = store.devices_of(work.session, [one.id for one in nurses])
    heard = [one.last_seen_at for one in devices if one.state == DeviceState.ACTIVE]
    unheard = [at for at in heard if work.now - at > UNHEARD_FOR]
    return Phones(len(heard), len(unheard), min(unheard, default=None))


def managed_device(work: Work, device_id: UUID) -> DeviceView:
    """A device that the actor may stop.

    Raises:
        UnknownDevice: there is none such, or it is not hers to stop.
    """
    device = store.device(work.session, device_id)
    if device is None or not may_stop(work, device):
        raise unknown_device()
    return _seen(work, [device])[0]


def devices_of_username(work: Work, username: str | None) -> list[tuple[str, DeviceView]]:
    """Each device of a person, or of everybody, with the username; for an operator.

    Raises:
        NotAllowed: the actor is not the programme itself.
        NotFound: there is no such account.
    """
    if work.actor != SYSTEM:
        raise NotAllowed("All phones are listed on the command line only.")
    names = {one.id: one.username for one in accounts(work, active_only=False)}
    asked = [id_ for id_, name in names.items() if username in {None, name}]
    if username is not None and not asked:
        raise NotFound("account")
    found = _seen(work, store.devices_of(work.session, asked))
    return [(names[UserId(one.account_id)], one) for one in found]


def _seen(work: Work, devices: list[DeviceRow]) -> list[DeviceView]:
    counts = store.copies_on(work.session, [one.id for one in devices])
    return [_view(one, *counts.get(one.id, (0, 0))) for one in devices]


def _view(device: DeviceRow, families: int, asked_to_drop: int) -> DeviceView:
    return DeviceView(
        device_id=device.id,
        account_id=device.account_id,
        name=device.name,
        state=DeviceState(device.state),
        state_since=device.state_since,
        enrolled_at=device.enrolled_at,
        last_seen_at=device.last_seen_at,
        lease_until=device.lease_until,
        last_seq=device.last_seq,
        acked_seq=device.acked_seq,
        durable_seq=device.durable_seq,
        families=families,
        asked_to_drop=asked_to_drop,
    )


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A mutation that we could not process. What it says is not shown: it is a family's."""

    device_id: UUID
    seq: int
    mutation_id: UUID
    reason: str
    pointer: str | None
    received_at: datetime


def quarantine_size(work: Work) -> int:
    """How much lies in quarantine."""
    return deliveries.open_count(work.session, Verdict.QUARANTINED)


def quarantined(work: Work) -> list[Quarantined]:
    """What lies in quarantine, the oldest first."""
    return [
        Quarantined(
            row.device_id,
            row.seq,
            row.mutation_id,
            row.reason or "defect",
            deliveries.told(row).pointer,
            row.received_at,
        )
        for row in deliveries.quarantined(work.session)
    ]
