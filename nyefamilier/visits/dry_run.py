"""What another version of a protocol would do to the plans of families who follow one now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nyefamilier.families.whereabouts import bydel_of_row
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.offers import store as offers_store
from nyefamilier.protocols.protocol import Protocol, ProtocolDiff, diff
from nyefamilier.protocols.service import protocol
from nyefamilier.storage.work import Work
from nyefamilier.visits.plan import anchors_of

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class DiffLine:
    """What would become of one kind of visit in one bydel (None: protected addresses)."""

    bydel: str | None
    kind: str
    moved: int
    added: int
    removed: int
    unchanged: int


def protocol_diff(work: Work, old: tuple[str, str], new: tuple[str, str]) -> list[DiffLine]:
    """Lay both versions against every family that follows *old* now. Changes nothing.

    Only windows that are still open today are compared: what has passed is not moved.

    Raises:
        NotAllowed: the actor is a person who has no business with all families.
        RuleBroken: ``unknown-protocol``.
    """
    if work.actor.role is not Role.SYSTEM:
        raise NotAllowed("A dry run over all families is made on the command line.")
    before, after = protocol(*old), protocol(*new)
    counts: Counter[tuple[str | None, str, str]] = Counter()
    families = list(offers_store.families_under(work.session, *old))
    for start in range(0, len(families), _BATCH):
        _count(work, families[start : start + _BATCH], before, after, counts)
    return _lines(counts)


def _count(
    work: Work,
    families: list[UUID],
    before: Protocol,
    after: Protocol,
    counts: Counter[tuple[str | None, str, str]],
) -> None:
    pregnancies = offers_store.enrolled_pregnancies(work.session, families)
    for family, pregnancy in pregnancies:
        bydel = bydel_of_row(work, family, work.today)
        for kind, fate in _fates(diff(before, after, anchors_of(pregnancy)), work.today):
            counts[bydel, kind, fate] += 1


def _fates(found: ProtocolDiff, today: date) -> Iterator[tuple[str, str]]:
    """Each anchor that is not over, and what would become of it."""
    for move in found.moved:
        if move.after.is_anchor and max(move.before.closes, move.after.closes) >= today:
            yield move.kind, "moved"
    groups = (("added", found.added), ("removed", found.removed), ("unchanged", found.unchanged))
    for fate, windows in groups:
        for window in windows:
            if window.is_anchor and window.closes >= today:
                yield window.kind, fate


def _lines(counts: Counter[tuple[str | None, str, str]]) -> list[DiffLine]:
    places = sorted(
        {(bydel, kind) for bydel, kind, _ in counts}, key=lambda one: (one[0] or "~", one[1])
    )
    return [
        DiffLine(
            bydel,
            kind,
            *(counts[bydel, kind, fate] for fate in ("moved", "added", "removed", "unchanged")),
        )
        for bydel, kind in places
    ]
