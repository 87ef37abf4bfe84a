"""Identifiers. A phone mints them offline, so every one is a UUID and none is a sequence."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NewType
from uuid import UUID

FamilyId = NewType("FamilyId", UUID)
MemberId = NewType("MemberId", UUID)
PregnancyId = NewType("PregnancyId", UUID)
VisitId = NewType("VisitId", UUID)
NoteId = NewType("NoteId", UUID)
NeedId = NewType("NeedId", UUID)
UserId = NewType("UserId", UUID)
MutationId = NewType("MutationId", UUID)
BydelNumber = NewType("BydelNumber", str)
"""Two digits, ``"01"`` (Gamle Oslo) to ``"17"`` (Marka), ``"99"`` without registered address."""
DelbydelCode = NewType("DelbydelCode", str)
"""Ten digits, ``0301BBBBDD``."""


def new_id(now: datetime) -> UUID:
    """A UUIDv7: 48 bits of milliseconds since 1970, then 74 random bits.

    Sources: RFC 9562 section 5.7.
    """
    milliseconds = int(now.timestamp() * 1000) & (2**48 - 1)
    value = (
        milliseconds << 80
        | 0x7 << 76
        | secrets.randbits(12) << 64
        | 0b10 << 62
        | secrets.randbits(62)
    )
    return UUID(int=value)
