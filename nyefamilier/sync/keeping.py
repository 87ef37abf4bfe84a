"""The very bytes that a phone sent, sealed where they lie: kept for ever, opened to be judged anew.

They are in the mutation log if they made a revision. Otherwise they lie with the delivery, sealed
by the family's cipher where there is such a family, else by the device's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

import msgspec

from nyefamilier.changes import store as changes
from nyefamilier.families.holding import ciphers_for_keeping
from nyefamilier.kernel.errors import Unavailable
from nyefamilier.storage.work import Work
from nyefamilier.sync import deliveries
from nyefamilier.sync.devices import device_cipher
from nyefamilier.sync.envelopes import Envelope
from nyefamilier.sync.tables import DeliveryRow, DeviceRow
from nyefamilier.vault.devices import DeviceCipher
from nyefamilier.vault.sealing import CannotOpen
from nyefamilier.vault.vault import FamilyCipher

_DEVICE_COLUMN: Final = "delivery.raw"


class Sealed(NamedTuple):
    """Sealed bytes, and whose cipher opens them: ``family`` or ``device``."""

    blob: bytes
    by: str


def seal(envelope: Envelope, families: Mapping[UUID, FamilyCipher], device: DeviceCipher) -> Sealed:
    """The mutation's very bytes, sealed to lie with its delivery."""
    id_, raw = envelope.id, envelope.raw
    family = None if envelope.family_id is None else families.get(envelope.family_id)
    if family is None:
        return Sealed(device.seal(_DEVICE_COLUMN, id_, raw), "device")
    return Sealed(family.seal("delivery", "raw", id_, envelope.seq, raw), "family")


def raw_of(work: Work, row: DeliveryRow) -> bytes:
    """What the phone sent.

    Raises:
        Unavailable: the key provider is away; ``record-damaged``.
    """
    try:
        return _raw_of(work, row)
    except (CannotOpen, LookupError) as error:
        raise Unavailable(
            "record-damaged",
            f"The mutation {row.mutation_id} does not open: it was damaged or is not where it was "
            "written. Nothing was changed; tell the operator.",
        ) from error


def means_the_same(one: bytes, other: bytes) -> bool:
    """Whether two mutations differ in their seq only: a phone that enrolled anew counts anew."""
    return _meaning(one) == _meaning(other)


def family_ciphers(work: Work, family_ids: Collection[UUID]) -> dict[UUID, FamilyCipher]:
    """The ciphers of those of the families that exist and whose keys open.

    Raises:
        Unavailable: the key provider is away.
    """
    try:
        return ciphers_for_keeping(work, family_ids)
    except Unavailable as refusal:
        if refusal.code != "family-key-closed":
            raise
    opened: dict[UUID, FamilyCipher] = {}
    for family_id in family_ids:
        opened |= _if_it_opens(work, family_id)
    return opened


def _if_it_opens(work: Work, family_id: UUID) -> dict[UUID, FamilyCipher]:
    try:
        return ciphers_for_keeping(work, [family_id])
    except Unavailable as refusal:
        if refusal.code != "family-key-closed":
            raise
        return {}


def _raw_of(work: Work, row: DeliveryRow) -> bytes:
    if row.raw is None:
        made = changes.mutations(work.session, [row.mutation_id]).get(row.mutation_id)
        if made is None:
            # It was delivered more than once, and its bytes lie with another of its deliveries.
            return _raw_of(work, deliveries.with_bytes(work.session, row.mutation_id))
        cipher = ciphers_for_keeping(work, [made.family_id])[made.family_id]
        return cipher.open("mutation", "request", made.id, made.rev, made.request)
    if row.sealed_by == "device":
        device = work.session.get_one(DeviceRow, row.device_id)
        return device_cipher(work, device).open(_DEVICE_COLUMN, row.mutation_id, row.raw)
    family_id = cast("UUID", row.family_id)  # what its cipher sealed has a family
    cipher = ciphers_for_keeping(work, [family_id])[family_id]
    return cipher.open("delivery", "raw", row.mutation_id, row.seq, row.raw)


def _meaning(raw: bytes) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode(raw)
    return {name: value for name, value in told.items() if name != "seq"}
