"""Write down every access to a family, in the transaction that serves it: no log, no data.

The entries are written at the latest when the work commits, before anything is answered.

Sources: pasientjournalloven sections 18 and 22; pasientjournalforskriften section 14.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import insert

from nyefamilier.access.rules import Action, Ground
from nyefamilier.access.tables import AccessRow
from nyefamilier.storage.work import Work


def note_access(work: Work, family_id: UUID, action: Action, what: str, ground: Ground) -> None:
    """Write down that the actor does *action* on *what* of one family."""
    note_accesses(work, [family_id], action, what, ground)


def note_accesses(
    work: Work, family_ids: Iterable[UUID], action: Action, what: str, ground: Ground
) -> None:
    """Write down that the actor does *action* on *what* of each family; one row each."""
    work.session.add_all(
        AccessRow(**_entry(work, family_id, action, what, ground)) for family_id in family_ids
    )


def write_accesses(
    work: Work, families: Iterable[tuple[UUID, Ground]], action: Action, what: str
) -> None:
    """The same of families that are each on a ground of their own, at once and in one statement."""
    entries = [_entry(work, family_id, action, what, ground) for family_id, ground in families]
    if entries:
        work.session.connection().execute(insert(AccessRow), entries)


def _entry(
    work: Work, family_id: UUID, action: Action, what: str, ground: Ground
) -> dict[str, object]:
    return {
        "at": work.now,
        "actor_id": work.actor.id,
        "role": work.actor.role,
        "unit": work.actor.bydel,
        "action": action,
        "family_id": family_id,
        "object": what,
        "ground": ground,
        "doorway": work.occasion.doorway,
        "request_id": work.occasion.request_id,
    }
