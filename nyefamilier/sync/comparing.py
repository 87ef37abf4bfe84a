"""What a phone needs of a family, from what it says that it has and from what there is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nyefamilier.wire.verdicts import ResetReason

FURTHEST: Final = 500
"""Revisions that are told one by one; a phone further behind gets the family anew."""


@dataclass(frozen=True, slots=True)
class Has:
    """How far a phone has a family, by its own word or by the ledger's.

    Args:
        rev: The revision.
        chain: The chain at that revision; None where the ledger answers for it.
        rows: The checksum of the rows on the phone, where it told one.
    """

    rev: int
    chain: bytes | None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done for a family.

    Args:
        since: Tell what is newer than this revision; 0 tells all; None tells nothing.
        reset: Why the phone is not to trust its copy.
    """

    since: int | None
    reset: ResetReason | None = None


UP_TO_DATE: Final = Step(None)
ANEW: Final = Step(0)


def step(rev: int, chain: bytes | None, checksum: int, has: Has | None) -> Step:
    """The step from what a phone has to the family's revision, chain and checksum.

    A phone that is behind has still to be compared at its own revision: see `same_history`.
    """
    if has is None:
        return ANEW
    if has.rev > rev:
        return Step(0, ResetReason.AHEAD)
    if has.rev == rev:
        return _at_head(chain, checksum, has)
    if has.rev < 1:
        return Step(0, ResetReason.DIVERGED)
    if rev - has.rev > FURTHEST:
        return Step(0, ResetReason.TOO_FAR)
    return Step(has.rev)


def same_history(has: Has, chain: bytes | None) -> bool:
    """Whether the server's chain at the phone's revision is the phone's."""
    return has.chain is None or has.chain == chain


def _at_head(chain: bytes | None, checksum: int, has: Has) -> Step:
    if not same_history(has, chain):
        return Step(0, ResetReason.DIVERGED)
    if has.rows is not None and has.rows != checksum:
        return Step(0, ResetReason.ROWS_DIFFER)
    return UP_TO_DATE
