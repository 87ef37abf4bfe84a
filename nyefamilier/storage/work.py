"""One piece of work: one transaction, one actor, one instant.

A use case takes a ``Work`` and never commits. Whoever opened it (a request, a job, a test) does,
by leaving the ``with`` block without an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy.orm import sessionmaker

from nyefamilier.kernel.actors import Actor, Occasion
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.events import Fact, FamilyEvent
from nyefamilier.storage.sessions import WriteBehind
from nyefamilier.vault.vault import Vault

Subscriber: TypeAlias = Callable[["Work", Any], None]
Subscribers: TypeAlias = Mapping[type[Fact] | type[FamilyEvent], tuple[Subscriber, ...]]


@dataclass(slots=True)
class Work:
    """What a use case needs to know: the session, who asks, when it is, and the vault."""

    session: WriteBehind
    actor: Actor
    now: datetime
    vault: Vault
    occasion: Occasion
    subscribers: Subscribers = field(default_factory=dict)
    real_people: bool = False
    """Whether real families are served. Elsewhere only synthetic national ids are accepted."""

    dossiers: dict[UUID, Any] = field(default_factory=dict)
    """The families that this work has open, by id (`families.dossier` keeps them here)."""

    held: dict[UUID, Any] = field(default_factory=dict)
    """The families that this work has locked ahead of opening them (likewise)."""

    foreseen: dict[tuple[type[Any], UUID], Any] = field(default_factory=dict)
    """Records that this work has at hand, by kind and id; None for what is not there (likewise)."""

    @property
    def today(self) -> date:
        """The calendar day in Oslo."""
        return day_of(self.now)

    def record(self, event: Fact | FamilyEvent) -> None:
        """Tell the subscribers, here and now: they share this transaction and its fate."""
        for subscriber in self.subscribers.get(type(event), ()):
            subscriber(self, event)


@contextmanager
def open_work(  # noqa: PLR0913, PLR0917 - the things that a piece of work is
    sessions: sessionmaker[WriteBehind],
    vault: Vault,
    actor: Actor,
    now: datetime,
    occasion: Occasion,
    subscribers: Subscribers,
    real_people: bool = False,  # noqa: FBT001, FBT002 - named by its one caller
) -> Generator[Work, None, None]:
    """Open a transaction; commit it on leaving, roll it back on an exception."""
    with sessions.begin() as session:
        yield Work(session, actor, now, vault, occasion, subscribers, real_people)
