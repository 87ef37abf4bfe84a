"""What a device can be in, and why a history of the server begins."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class DeviceState(StrEnum):
    """What the server thinks of a device. Only an active one is sent anything of a family."""

    ACTIVE = "active"
    LOCKED = "locked"
    """Lost, perhaps. Nothing on it was erased; what it brings is taken in and held."""
    WIPE = "wipe"
    """It is to erase everything at its next contact."""
    WIPED = "wiped"
    """It has said, signed with its key, that it did."""
    RETIRED = "retired"
    """Out of use."""


IN_ESCROW: Final = "escrow"
"""Why what a phone left in escrow is held."""


def stopped(state: DeviceState) -> str:
    """Why what a phone sends is held that is in *state*."""
    return f"device-{state}"


HELD_UNJUDGED: Final = frozenset(
    {IN_ESCROW, *(stopped(one) for one in DeviceState if one is not DeviceState.ACTIVE)}
)
"""Reasons for which a mutation is held whatever it says: for these it is when its family comes."""


class EpochReason(StrEnum):
    """Why the server's history began anew."""

    INSTALL = "install"
    RESTORE = "restore"
    FAILOVER = "failover"


class GoneHow(StrEnum):
    """How we know that a phone's copy of a family is gone."""

    RECEIPT = "receipt"
    WIPED = "wiped"
    LAPSED = "lapsed"
    """The lease ran out and our share of the key was destroyed: nobody can open the copy."""


class EscrowOutcome(StrEnum):
    """What became of a sealed mutation, where it is no verdict."""

    UNREADABLE = "unreadable"
    """It does not open, or holds no mutation: an alarm. The sealed text is kept."""
