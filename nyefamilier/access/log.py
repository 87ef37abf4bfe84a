"""Write down every access to a family, in the transaction that serves it: no log, no data.

The entries are written at the latest when the work commits, before anything is answered. They say
what was served and not what was asked for: who reads no text on her ground has not read notes.

Sources: pasientjournalloven sections 18 and 22; pasientjournalforskriften section 14.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from nyefamilier.access.rules import READS_TEXT, Action, Ground
from nyefamilier.access.tables import AccessRow
from nyefamilier.storage.work import Work

WITHOUT_TEXT: Final = "-without-text"
"""How the name of something ends of which no name and no word was served."""
_HOLDS_TEXT: Final = frozenset({"family", "list", "needs", "notes", "offers", "plan", "visits"})
"""What holds names or words; the other things that are read hold none for anybody."""

_MANY: Final = """
    INSERT INTO access_log (at, actor_id, role, unit, action, family_id, object, ground, doorway,
        request_id)
    SELECT %(at)s, %(actor_id)s, %(role)s, %(unit)s, %(action)s, one.family_id, one.object,
        one.ground, %(doorway)s, %(request_id)s
    FROM unnest(%(families)s::uuid[], %(objects)s::text[], %(grounds)s::text[])
        AS one(family_id, object, ground)
"""


def note_access(work: Work, family_id: UUID, action: Action, what: str, ground: Ground) -> None:
    """Write down that the actor does *action* on *what* of one family."""
    note_accesses(work, [family_id], action, what, ground)


def note_accesses(
    work: Work, family_ids: Iterable[UUID], action: Action, what: str, ground: Ground
) -> None:
    """Write down that the actor does *action* on *what* of each family; one row each."""
    for family_id in family_ids:
        work.session.insert(AccessRow, _entry(work, family_id, action, what, ground))


def write_accesses(
    work: Work, families: Iterable[tuple[UUID, Ground]], action: Action, what: str
) -> None:
    """The same of families that are each on a ground of their own, at once and in one statement."""
    found = list(families)
    if not found:
        return
    named = _entry(work, found[0][0], action, what, found[0][1]) | {
        "families": [family_id for family_id, _ in found],
        "objects": [_served(action, what, ground) for _, ground in found],
        "grounds": [ground for _, ground in found],
    }
    work.session.connection().exec_driver_sql(_MANY, named)


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
        "object": _served(action, what, ground),
        "ground": ground,
        "doorway": work.occasion.doorway,
        "request_id": work.occasion.request_id,
    }


def _served(action: Action, what: str, ground: Ground) -> str:
    textless = action is Action.READ and ground not in READS_TEXT
    return f"{what}{WITHOUT_TEXT}" if textless and what in _HOLDS_TEXT else what
