"""What a job does family by family: what goes wrong with one stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import structlog

from nyefamilier.bootstrap import Programme
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.sync.faults import away_for_now, fault_of

One = TypeVar("One")

BUSY: Final = "database-busy"
"""Somebody works on this family just now; nothing is away for the others."""

log = structlog.get_logger()


def each_apart(
    programme: Programme, them: Iterable[One], do: Callable[[Any, One], object], *, failed: str
) -> int:
    """Do something for each, in a transaction of its own, and say for how many it was done.

    What goes wrong with one is undone, told to the log as *failed*, and tried again by the next
    run. Whatever is away for all of them ends the run.

    Raises:
        Unavailable: the key provider is away.
        sqlalchemy.exc.DBAPIError: the database is.
    """
    done = 0
    for one in them:
        try:
            with programme.work(SYSTEM, "job") as work:
                do(work, one)
        except Exception as error:
            away = away_for_now(error)
            if away is not None and away.code != BUSY:
                raise
            log.error(failed, reason=fault_of(error).reason)  # noqa: TRY400 - no words of it
        else:
            done += 1
    return done
