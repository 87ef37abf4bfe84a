"""What is done later with what a phone sent is done in the name of whoever sent it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias, TypeVar
from uuid import UUID

import structlog

from nyefamilier.accounts.service import actor_of
from nyefamilier.kernel.actors import SYSTEM, Actor
from nyefamilier.kernel.ids import UserId
from nyefamilier.storage.work import Work
from nyefamilier.sync.faults import away_for_now, fault_of
from nyefamilier.sync.tables import DeviceRow

OpenAs: TypeAlias = Callable[[Actor], AbstractContextManager[Work]]
"""Opens a transaction of somebody's; leaving it commits."""

Done = TypeVar("Done")

log = structlog.get_logger("sync")


def in_the_name_of_the_sender(
    open_as: OpenAs,
    device_id: UUID,
    do: Callable[[Work], Done],
    *,
    failed: str,
    tells_away: bool = False,
) -> Done | None:
    """Do something as the owner of a device, in a transaction of its own.

    What goes wrong is undone, and told to the log as *failed*; whatever is done next has nothing
    to do with it.

    Returns:
        What *do* says; None when it went wrong.

    Raises:
        Unavailable: something of ours is away; raised where *tells_away* asks for that.
    """
    try:
        with open_as(SYSTEM) as work:
            owner = work.session.get_one(DeviceRow, device_id).account_id
            sender = actor_of(work.session, UserId(owner))
        with open_as(sender) as work:
            return do(work)
    except Exception as error:
        away = away_for_now(error)
        log.warning(failed, error=fault_of(error).error, reason=away and away.code)
        if away is not None and tells_away:
            raise away from error
        return None
