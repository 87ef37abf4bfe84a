"""The kinds of records that a family has; each travels as items of its kind."""

from __future__ import annotations

from typing import Final

RECORD_KINDS: Final = (
    "member",
    "pregnancy",
    "address",
    "team",
    "move",
    "offer",
    "answer",
    "enrolment",
    "visit",
    "note",
    "need",
    "review",
    "inbox",
)
"""Every kind, those that others refer to first. Their rows make up a family's checksum."""
