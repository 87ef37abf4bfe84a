"""Take a list in: row by row through the one door, in batches, repeatable at any point.

A row is one mutation in a savepoint of its own; a batch is one transaction. Whatever stops an
import loses at most a batch, and the same file read again goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from itertools import islice
from typing import Final, TypeAlias

from sqlalchemy.exc import SQLAlchemyError

from nyefamilier.intake.desk import Handled, handle_batch
from nyefamilier.intake.register import Noted
from nyefamilier.intake.source import Record, Source
from nyefamilier.storage.engine import unavailable_from
from nyefamilier.storage.work import Work

BATCH: Final = 60
"""Rows in one transaction. Beyond 64 savepoints PostgreSQL no longer keeps them all in memory, and
every reader beside us would pay for that."""
_TRIES: Final = 3

Opener: TypeAlias = Callable[[], AbstractContextManager[Work]]
"""Opens a piece of work whose actor is the programme itself and whose doorway is ``import``."""


def take_in(open_work: Opener, source: Source, *, dry_run: bool = False) -> Iterator[Handled]:
    """Send the rows of *source* through the door, and give each once its batch is committed.

    A dry run does the same and takes each row back at once. What stays is the access log's word of
    who was looked up.

    Raises:
        Unavailable: the database or the key provider is away; the rows given so far are in.
    """
    pretended = Noted() if dry_run else None
    records = source.records()
    while batch := list(islice(records, BATCH)):
        handled, noted = _patiently(partial(_commit, open_work, source, batch, pretended))
        if pretended is not None:
            pretended.update(noted)
        yield from handled


def _commit(
    open_work: Opener, source: Source, batch: Sequence[Record], pretended: Noted | None
) -> tuple[list[Handled], Noted]:
    with open_work() as work:
        return handle_batch(work, source, batch, pretended)


def _patiently(
    take: Callable[[], tuple[list[Handled], Noted]], tries: int = _TRIES
) -> tuple[list[Handled], Noted]:
    """Try a batch again when somebody else held one of its families too long."""
    try:
        return take()
    except SQLAlchemyError as error:
        away = unavailable_from(error)
        if away is None:
            raise
        if tries == 1 or away.code != "database-busy":
            raise away from error
    return _patiently(take, tries - 1)
