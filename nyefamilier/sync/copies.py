"""Copies outstanding: what is on a phone and should not be any more, for the lead to ask after.

A phone that has not been in contact since access ended was never asked to give anything up; its
copy is outstanding all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select

from nyefamilier.access.log import note_accesses
from nyefamilier.access.rules import Action, Ground
from nyefamilier.accounts.tables import Account
from nyefamilier.families.states import Protection, TeamPart
from nyefamilier.families.store import lives_openly_in
from nyefamilier.families.tables import FamilyRow, TeamRow
from nyefamilier.families.views import delbydeler_of_lead
from nyefamilier.storage.work import Work
from nyefamilier.sync.states import DeviceState
from nyefamilier.sync.tables import DeviceRow, HoldingRow
from nyefamilier.wire.verdicts import DropReason

MOST: Final = 500
"""The most copies that are shown; the phones that were not seen for the longest come first."""

_UNSEEN_FIRST: Final = (DeviceRow.last_seen_at, HoldingRow.device_id, HoldingRow.family_id)


@dataclass(frozen=True, slots=True)
class OutstandingCopy:
    """A copy of a family on a phone that should not have it any more.

    Args:
        nurse_id: Whose phone it is.
        family_id: None where the family is not the lead's to know; the phone is her nurse's.
        asked_at: Since when the phone is asked to give it up; None if it was not in contact since.
        reason: Why, if it was asked and the family is hers to know.
        lease_until: Until then the phone can open it without asking us.
    """

    device_id: UUID
    phone: str
    nurse_id: UUID
    state: DeviceState
    family_id: UUID | None
    asked_at: datetime | None
    reason: DropReason | None
    last_seen_at: datetime
    lease_until: datetime | None


def copies_outstanding(work: Work) -> list[OutstandingCopy]:
    """The copies that concern the lead: on her nurses' phones, or of her bydel's families.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    delbydeler = delbydeler_of_lead(work)
    query = _query(work, delbydeler).order_by(*_UNSEEN_FIRST).limit(MOST)
    rows = work.session.execute(query).all()
    found = [_copy(row) for row in rows]
    hers = {one.family_id for one in found if one.family_id is not None}
    note_accesses(work, sorted(hers), Action.READ, "copies", Ground.LEAD)
    return found


def count_outstanding(work: Work) -> int:
    """How many copies concern the lead; nothing of any family.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    query = _query(work, delbydeler_of_lead(work)).with_only_columns(func.count())
    return work.session.scalar(query) or 0


def _query(work: Work, delbydeler: Sequence[str]) -> Select[HoldingRow, DeviceRow, bool]:
    known = lives_openly_in(delbydeler)
    return (
        select(HoldingRow, DeviceRow, known.label("known"))
        .join(DeviceRow, DeviceRow.id == HoldingRow.device_id)
        .join(Account, Account.id == DeviceRow.account_id)
        .join(FamilyRow, FamilyRow.id == HoldingRow.family_id)
        .where(
            HoldingRow.gone_at.is_(None),
            or_(Account.bydel == work.actor.bydel, known),
            _should_be_gone(work.now),
        )
    )


def _should_be_gone(now: datetime) -> ColumnElement[bool]:
    return or_(
        HoldingRow.drop_asked_at.is_not(None),
        DeviceRow.state != DeviceState.ACTIVE,
        FamilyRow.protection != Protection.NONE,
        ~_followed(now),
    )


def _followed(now: datetime) -> ColumnElement[bool]:
    covering = and_(TeamRow.part == TeamPart.COVERING, TeamRow.ends_at > now)
    return exists().where(
        TeamRow.family_id == HoldingRow.family_id,
        TeamRow.nurse_id == DeviceRow.account_id,
        TeamRow.starts_at <= now,
        or_(TeamRow.ends_at.is_(None), covering),
    )


def _copy(row: Row[HoldingRow, DeviceRow, bool]) -> OutstandingCopy:
    holding, device, known = row
    return OutstandingCopy(
        device_id=device.id,
        phone=device.name,
        nurse_id=device.account_id,
        state=DeviceState(device.state),
        family_id=holding.family_id if known else None,
        asked_at=holding.drop_asked_at,
        reason=DropReason(holding.drop_reason) if known and holding.drop_reason else None,
        last_seen_at=device.last_seen_at,
        lease_until=device.lease_until,
    )
