"""Where a phone stands: who it is, what it was lent, how far the server has heard it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from nyefamilier.client.clocks import Clocks, Mark


class State(StrEnum):
    """Whether the phone may be used."""

    ACTIVE = "active"
    LOCKED = "locked"
    """Closed by the server; it asks again, and new notes are taken."""
    WIPE = "wipe"
    """To be erased: what is unsent goes to escrow first."""
    OUT = "out"
    """The server does not know this device, or knows another by its id: enrol again."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One value, written whole in whichever transaction changes it.

    Args:
        account: Whose phone it is. Nobody else's writing is ever sent from this store.
        signing: The private key by which the server knows the device, sealed under our half.
        next_seq: The seq that the next mutation takes.
        last_seq: The last of ours that the server has, as it said last.
        durable_seq: The last that lies in a verified backup.
        share: The server's half of the store's key, sealed under ours; none when closed.
        lease_until: When the lease ends, on the server's clock.
        leased: When the rest of the lease, ``lease_for``, began on our own clocks.
        check: Opens with the store's key, and with no other.
        seen: The latest time that was ever on our clock.
        rows_told: The day on which the checksums of all rows were last told.
        tidy: Whether the app was ended in good order; a crash asks for the rows to be proved.
    """

    account: UUID
    device_id: UUID
    signing: bytes
    epoch: UUID
    escrow_key: bytes
    escrow_key_id: str
    lease_until: datetime
    leased: Mark
    lease_for: timedelta
    seen: datetime
    next_seq: int = 1
    last_seq: int = 0
    durable_seq: int = 0
    share: bytes | None = None
    check: bytes | None = None
    state: State = State.ACTIVE
    offset_ms: int | None = None
    scope_hash: str | None = None
    rows_told: date | None = None
    tidy: bool = False

    def lease_left(self, clocks: Clocks) -> timedelta:
        """How long the store may still be open without asking the server."""
        return self.lease_for - self.leased.passed(clocks, self.seen)
