"""Releases figures together with how complete they are: which phones had not synced by then."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time
from typing import Final, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from nyefamilier.accounts.tables import Account
from nyefamilier.bydeler.service import bydeler
from nyefamilier.kernel.clock import OSLO, day_of
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work
from nyefamilier.sync.states import DeviceState
from nyefamilier.sync.tables import DeviceRow
from nyefamilier.uptake import service as uptake
from nyefamilier.uptake.sheets import Behind

Opened: TypeAlias = Callable[[], AbstractContextManager[Work]]
"""Opens a piece of the programme's own work."""

_IN_USE: Final = (DeviceState.ACTIVE, DeviceState.LOCKED)


def release_figures(opened: Opened, snapshot: Opened) -> int:
    """Release all figures as of now, and say how many sheets are not what they were.

    Args:
        opened: Opens the work that writes them.
        snapshot: Opens one that sees the database as it is at one instant; for counting.

    Raises:
        ValueError: the counts do not add up; nothing is released then.
        sqlalchemy.exc.DBAPIError: another release is under way, or the database is away.
    """
    with opened() as work:
        uptake.begin_release(work)
        with snapshot() as facts:
            return uptake.release(work, facts.session, behind(facts))


def behind(work: Work) -> list[Behind]:
    """How many phones have not synced since the day before: bydel by bydel, and last the city."""
    midnight = datetime.combine(work.today, time(), OSLO)
    phones = _phones(work.session)
    lines = [
        _line(one.number, phones.get(one.number, []), midnight)
        for one in bydeler(work.session, work.today)
    ]
    return [*lines, _line(None, [seen for some in phones.values() for seen in some], midnight)]


def _phones(session: Session) -> dict[str, list[datetime]]:
    """When each phone in use was seen last, by the bydel of whoever has it."""
    found = (
        select(Account.bydel, func.array_agg(DeviceRow.last_seen_at))
        .join(DeviceRow, DeviceRow.account_id == Account.id)
        .where(DeviceRow.state.in_(_IN_USE), Account.active, Account.bydel.is_not(None))
        .group_by(Account.bydel)
    )
    return {bydel: list(seen) for bydel, seen in session.execute(found) if bydel is not None}


def _line(bydel: BydelNumber | None, phones: list[datetime], midnight: datetime) -> Behind:
    late = [seen for seen in phones if seen < midnight]
    today = midnight.date()
    days = max(((today - day_of(seen)).days for seen in late), default=0)
    return Behind(bydel, len(phones), len(late), days)
