"""What a person must decide: written into the family, with both contents, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select

from nyefamilier.changes.bodies import InboxBody
from nyefamilier.changes.tables import InboxRow
from nyefamilier.door.merged import Contested
from nyefamilier.door.mutations import Operation, Sent
from nyefamilier.door.operations import encode
from nyefamilier.door.touching import told
from nyefamilier.families.dossier import Dossier
from nyefamilier.kernel.ids import new_id

ARRIVED: Final = "arrived"
"""The decision on what was parked, or in quarantine, and went through by itself."""


QUARANTINED: Final = "quarantined"
"""Why something is held of which nothing can be shown: we could not process it."""


class Kind(StrEnum):
    """Why something is in the inbox."""

    CONFLICT = "conflict"
    """Two devices differ on a value; one stands, the other is proposed."""
    HELD = "held"
    """Well-formed, and not carried out; or a note that was filed late, to be seen."""
    PARKED = "parked"
    """It has waited for days for something that is not here."""


def add_conflict(dossier: Dossier, sent: Sent, contested: Contested) -> UUID:
    """Put two values of one thing before the family's nurse.

    Returns:
        The item's id.
    """
    operation = contested.operation
    body = InboxBody(
        operations=() if operation is None else (encode(operation),),
        current=contested.current,
        proposed=contested.proposed,
        occurred_at=sent.occurred_at,
    )
    row = _row(dossier, sent, Kind.CONFLICT, contested.reason)
    row.record_kind, row.record_id, row.value_group = contested.touch
    dossier.put(row, body)
    return row.id


@dataclass(frozen=True, slots=True, repr=False)
class Left:
    """What of a mutation is left for a person.

    Args:
        operations: What was not carried out.
        filed: The notes of it that were filed all the same.
        stands: What stands in its way, where that can be told.
    """

    operations: Sequence[Operation]
    filed: tuple[UUID, ...] = ()
    stands: dict[str, Any] | None = None


def add_held(dossier: Dossier, sent: Sent, reason: str, left: Left) -> UUID:
    """Put what was not carried out before the family's nurse.

    Args:
        dossier: The family.
        sent: What was sent.
        reason: The stable name of why.
        left: What is left of it.

    Returns:
        The item's id.
    """
    row = _row(dossier, sent, Kind.HELD, reason)
    travelling = tuple(encode(one) for one in left.operations)
    body = InboxBody(travelling, left.stands, occurred_at=sent.occurred_at, filed=left.filed)
    dossier.put(row, body)
    return row.id


def add_parked(dossier: Dossier, sent: Sent, reason: str) -> UUID:
    """Put what has waited for days before the family's nurse.

    Returns:
        The item's id.
    """
    row = _row(dossier, sent, Kind.PARKED, reason)
    travelling = tuple(encode(one) for one in sent.mutation.operations)
    dossier.put(row, InboxBody(travelling, occurred_at=sent.occurred_at))
    return row.id


def add_quarantined(dossier: Dossier, mutation_id: UUID, device_id: UUID) -> UUID:
    """Tell the family's nurse that something came in that we could not process.

    Without contents: what we cannot read is shown to nobody.

    Returns:
        The item's id.
    """
    row = _opened(dossier, mutation_id, device_id, Kind.HELD, QUARANTINED)
    dossier.put(row, InboxBody())
    return row.id


def close_waiting(dossier: Dossier, sent: Sent) -> list[str]:
    """Close what said that a mutation waits, or could not be processed: it has arrived.

    Returns:
        What was touched.
    """
    query = select(InboxRow).where(
        InboxRow.family_id == dossier.id,
        InboxRow.mutation_id == sent.mutation.id,
        or_(InboxRow.kind == Kind.PARKED, InboxRow.reason == QUARANTINED),
        InboxRow.decided_at.is_(None),
    )
    rows = dossier.work.session.scalars(query).all()
    for row in rows:
        row.decided_at, row.decided_by = dossier.work.now, dossier.work.actor.id
        row.decision = ARRIVED
        dossier.touch(row)
    return [told(("inbox", row.id, "decision")) for row in rows]


def _row(dossier: Dossier, sent: Sent, kind: Kind, reason: str) -> InboxRow:
    return _opened(dossier, sent.mutation.id, sent.device_id, kind, reason)


def _opened(
    dossier: Dossier, mutation_id: UUID, device_id: UUID, kind: Kind, reason: str
) -> InboxRow:
    work = dossier.work
    return InboxRow(
        id=new_id(work.now),
        kind=kind,
        mutation_id=mutation_id,
        reason=reason,
        opened_at=work.now,
        sent_by=work.actor.id,
        device_id=device_id,
    )
