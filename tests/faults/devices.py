"""What an operator or a lead does about phones, and about the server's history."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from nyefamilier.bootstrap import Programme
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.kernel.errors import Refusal
from nyefamilier.storage.engine import unavailable_from
from nyefamilier.storage.work import Work
from nyefamilier.sync import opening, retrying, revoking
from nyefamilier.sync.devices import new_epoch
from nyefamilier.sync.states import EpochReason


def lock(programme: Programme, device: UUID) -> None:
    """Lock a phone that may be lost."""
    _do(programme, lambda work: revoking.lock(work, device))


def unlock(programme: Programme, device: UUID) -> None:
    """Let a phone that was found again be used."""
    _do(programme, lambda work: revoking.unlock(work, device))


def wipe(programme: Programme, device: UUID) -> None:
    """Have a phone erase everything."""
    _do(programme, lambda work: revoking.wipe(work, device))


def tell_restored(programme: Programme) -> None:
    """The operator says that the database was restored."""
    _do(programme, lambda work: new_epoch(work, EpochReason.RESTORE))


def do_the_jobs(programme: Programme) -> None:
    """What the scheduler does by the minute."""
    open_as = partial(programme.work, doorway="job")
    _try(lambda: opening.open_escrow(open_as))
    _try(lambda: retrying.retry_parked(open_as))


def _do(programme: Programme, what: Callable[[Work], object]) -> None:
    def run() -> None:
        with programme.work(SYSTEM, "cli") as work:
            what(work)

    _try(run)


def _try(run: Callable[[], object]) -> None:
    try:
        run()
    except (Refusal, DBAPIError) as error:
        # The phone is stopped already, a restored server does not know it, the database is busy.
        if unavailable_from(error) is None and not isinstance(error, Refusal):
            raise
