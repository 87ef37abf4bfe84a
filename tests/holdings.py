"""What a phone has of a family, put into the ledger by hand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from nyefamilier.bootstrap import Programme
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.sync.tables import HoldingRow


def hold(
    programme: Programme, device_id: UUID, family_id: UUID, *, asked_at: datetime | None = None
) -> None:
    """The device has the family; since *asked_at* it is asked to give it up."""
    with programme.work(SYSTEM, "test") as work:
        row = HoldingRow(
            device_id=device_id,
            family_id=family_id,
            sent_rev=1,
            acked_rev=1,
            first_sent_at=work.now,
            sent_at=work.now,
        )
        if asked_at is not None:
            row.purge_id, row.drop_reason, row.drop_asked_at = uuid4(), "not-hers", asked_at
        work.session.add(row)


def gone(programme: Programme, device_id: UUID) -> dict[UUID, str | None]:
    """How each of the device's copies is gone; None for one that is not."""
    with programme.work(SYSTEM, "test") as work:
        rows = work.session.query(HoldingRow).filter_by(device_id=device_id)
        return {row.family_id: row.gone_how for row in rows}
