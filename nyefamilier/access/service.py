"""Reading the access log and the log of files: the privacy officer's use cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from nyefamilier.access.tables import AccessRow, ExportRow
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.storage.work import Work

PAGE = 100
"""The most entries that one page of the access log holds."""


@dataclass(frozen=True, slots=True)
class Access:
    """One entry of the access log, as it was written."""

    id: int
    at: datetime
    actor_id: UUID
    role: str
    unit: str | None
    action: str
    family_id: UUID
    object: str
    ground: str
    doorway: str
    request_id: UUID


@dataclass(frozen=True, slots=True)
class Exported:
    """One line of the log of files, as it was written."""

    id: int
    at: datetime
    actor_id: UUID
    role: str
    unit: str | None
    what: str
    period: str
    area: str | None
    form: str
    doorway: str
    request_id: UUID


def accesses(
    work: Work,
    *,
    family_id: UUID | None = None,
    actor_id: UUID | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Access]:
    """The newest entries first, of one family, of one person, or of all.

    Args:
        work: The transaction, the actor and the instant.
        family_id: Only accesses to this family.
        actor_id: Only accesses by this person.
        before: Only entries with a smaller id; the last one of the page before.
        limit: At most this many, and never more than `PAGE`.

    Raises:
        NotAllowed: the actor is not a privacy officer.
    """
    if work.actor.role is not Role.PRIVACY_OFFICER:
        raise NotAllowed("Only a privacy officer reads the access log.")
    query = select(AccessRow).order_by(AccessRow.id.desc()).limit(min(limit, PAGE))
    if family_id is not None:
        query = query.where(AccessRow.family_id == family_id)
    if actor_id is not None:
        query = query.where(AccessRow.actor_id == actor_id)
    if before is not None:
        query = query.where(AccessRow.id < before)
    return [_entry(row) for row in work.session.scalars(query)]


def exports(
    work: Work, *, actor_id: UUID | None = None, before: int | None = None, limit: int = PAGE
) -> list[Exported]:
    """The files that were taken home, the newest first, by one person or by all.

    Args:
        work: The transaction, the actor and the instant.
        actor_id: Only those of this person.
        before: Only lines with a smaller id; the last one of the page before.
        limit: At most this many, and never more than `PAGE`.

    Raises:
        NotAllowed: the actor is not a privacy officer.
    """
    if work.actor.role is not Role.PRIVACY_OFFICER:
        raise NotAllowed("Only a privacy officer reads the log of files.")
    query = select(ExportRow).order_by(ExportRow.id.desc()).limit(min(limit, PAGE))
    if actor_id is not None:
        query = query.where(ExportRow.actor_id == actor_id)
    if before is not None:
        query = query.where(ExportRow.id < before)
    return [_exported(row) for row in work.session.scalars(query)]


def _entry(row: AccessRow) -> Access:
    return Access(
        id=row.id,
        at=row.at,
        actor_id=row.actor_id,
        role=row.role,
        unit=row.unit,
        action=row.action,
        family_id=row.family_id,
        object=row.object,
        ground=row.ground,
        doorway=row.doorway,
        request_id=row.request_id,
    )


def _exported(row: ExportRow) -> Exported:
    return Exported(
        id=row.id,
        at=row.at,
        actor_id=row.actor_id,
        role=row.role,
        unit=row.unit,
        what=row.what,
        period=row.period,
        area=row.area,
        form=row.form,
        doorway=row.doorway,
        request_id=row.request_id,
    )
