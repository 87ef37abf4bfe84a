"""The durable steps of a phone: each is one transaction, and a crash at any of them loses nothing.

A test puts a hook on the store and learns of each moment by its name; `STEPS` lists every one.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final, TypeAlias


class Step(StrEnum):
    """What is written in one transaction."""

    OPEN = "open"
    BEGUN = "begun"
    """The app is in use: if it is not ended in good order, there was a crash."""
    ENDED = "ended"
    ENROLLING = "enrolling"
    """The new device's id, before the server is asked: a lost answer must not make two."""
    ENROLLED = "enrolled"
    LEASED = "leased"
    CLOSED = "closed"
    """The share is forgotten: the lease has run out, or the phone is locked."""
    SAVED = "saved"
    """What the nurse wrote, and the seq that it takes."""
    VERDICTS = "verdicts"
    """Named by the server: out of the outbox, into the journal."""
    RETURNED = "returned"
    """The server lost them: out of the journal, into the outbox."""
    VOIDED = "voided"
    """A gap in our own sequence, told to the server as such."""
    SEALED_OFF = "sealed-off"
    """Only the escrow copy is left of a mutation that cannot be sent as it is."""
    ESCROWED = "escrowed"
    """The server has their escrow copies, and has not named them yet."""
    HEARD = "heard"
    """Where the server stands: epoch, last and durable seq."""
    PRUNED = "pruned"
    """Journal entries that a verified backup has."""
    SCOPED = "scoped"
    CHANGED = "changed"
    """One family from one revision to another: rows and cursor."""
    PART = "part"
    """A part of a family's new copy, laid aside."""
    REPLACED = "replaced"
    """A family's new copy, whole: rows and cursor."""
    DOUBTED = "doubted"
    """A family's cursor is given up; its rows stay until the new copy is here."""
    PROVED = "proved"
    """The day on which the checksums of all rows were told."""
    PURGED = "purged"
    """A family's rows and cursor are gone."""
    RECEIPTED = "receipted"
    ERASING = "erasing"
    """A wipe has begun: all but the escrow copies is gone."""
    HANDED_OVER = "handed-over"
    """The escrow copies are gone too, since the server has them."""


class Moment(StrEnum):
    """Where in a step."""

    BEFORE = "before"
    """Nothing is written."""
    WRITTEN = "written"
    """All is written, and nothing is committed."""
    DONE = "done"
    """It is committed."""


ERASED: Final = "erased.done"
"""The files are deleted. The one step that is no transaction."""

STEPS: Final = (*(f"{step}.{moment}" for step in Step for moment in Moment), ERASED)

Hook: TypeAlias = Callable[[str], None]
"""Told the name of each moment; what it raises stops the phone there, as a crash would."""


def unhooked(_: str) -> None:
    """The hook of a phone that nobody tests."""
