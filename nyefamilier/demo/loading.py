"""Puts stories into the database: each scene through the ordinary door, at its own instant.

There are two ways, which give the same rows. `play` sends every statement as the door makes it.
`load` lets an understudy stand in for the session and writes a family's rows at once, some times
faster. Each scene has a work of its own, because a work is one actor at one instant; some families
share a transaction. A family is in the database whole or not at all, so a load that was interrupted
is simply started again, and a second one finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeAlias, cast
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from nyefamilier.accounts import store as accounts
from nyefamilier.bydeler.service import boundaries
from nyefamilier.demo.laying import CLAIMING, lay_apart
from nyefamilier.demo.resolving import mutation_of
from nyefamilier.demo.staging import DOORWAY, Stage
from nyefamilier.demo.stories import Story
from nyefamilier.demo.understudy import Understudy
from nyefamilier.door.service import apply
from nyefamilier.families.tables import FamilyRow
from nyefamilier.kernel.actors import SYSTEM, Occasion
from nyefamilier.kernel.clock import month_of
from nyefamilier.kernel.events import Fact
from nyefamilier.kernel.ids import new_id
from nyefamilier.storage.base import Base
from nyefamilier.storage.copying import copy_rows
from nyefamilier.storage.sessions import WriteBehind
from nyefamilier.storage.work import Subscribers, Work
from nyefamilier.texts import service as texts
from nyefamilier.uptake.ledger import Told
from nyefamilier.uptake.service import load_told, mix
from nyefamilier.vault.vault import Vault

FAMILIES_AT_ONCE = 40

Tell: TypeAlias = Callable[[int], None]
"""Is told how many families more are done."""


@dataclass(slots=True)
class Played:
    """What was done with some stories."""

    families: int = 0
    mutations: int = 0
    there_already: int = 0

    def __add__(self, other: Played) -> Played:
        """Both together."""
        return Played(
            self.families + other.families,
            self.mutations + other.mutations,
            self.there_already + other.there_already,
        )


def play(stage: Stage, stories: Iterable[Story], tell: Tell = lambda _: None) -> Played:
    """Put the stories of new families into the database, statement by statement."""
    subscribers = _without_claims(_without_texts(stage.subscribers))

    def play_some(session: WriteBehind, some: Sequence[Story]) -> None:
        for story in some:
            _act(session, story, stage.vault, subscribers)

    return _in_batches(stage, stories, play_some, tell)


def load(stage: Stage, stories: Iterable[Story], tell: Tell = lambda _: None) -> Played:
    """Put the stories of new families into the database, each family's rows at once."""
    reference = _reference(stage)

    def load_some(session: WriteBehind, some: Sequence[Story]) -> None:
        boundaries(session)  # so that the understudy remembers them too
        told: list[Told] = []
        quiet = _without_claims(_without_texts(stage.subscribers))
        subscribers = _with_facts_kept(quiet, told)
        understudies = [Understudy(reference, session.info) for _ in some]
        for story, understudy in zip(some, understudies, strict=True):
            _act(cast(WriteBehind, understudy), story, stage.vault, subscribers)
        _copy(session, understudies)
        load_told(session, told)

    return _in_batches(stage, stories, load_some, tell)


def _copy(session: Session, understudies: Sequence[Understudy]) -> None:
    """Put all their rows into the database, in the order in which tables refer to one another."""
    for table in Base.metadata.sorted_tables:
        rows = [vars(row) for understudy in understudies for row in understudy.rows[table.name]]
        copy_rows(session.connection(), table, rows)


def settle(stage: Stage, now: datetime) -> None:
    """End a load: lay appointments apart and facts in random order; tell the planner the tables."""
    lay_apart(replace(stage, subscribers=_without_texts(stage.subscribers)), now)
    occasion = Occasion(new_id(now), DOORWAY)
    with stage.sessions.begin() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        mix(Work(session, SYSTEM, now, stage.vault, occasion))
        session.execute(text("ANALYZE"))


def _without_claims(subscribers: Subscribers) -> Subscribers:
    """Nobody's time is taken while stories are told.

    They are told family by family, some in other processes, and none knows when a nurse is with
    another family. When all are told their appointments are laid apart (`laying`).
    """
    return {kind: heard for kind, heard in subscribers.items() if kind not in CLAIMING}


def _in_batches(
    stage: Stage,
    stories: Iterable[Story],
    put: Callable[[WriteBehind, Sequence[Story]], None],
    tell: Tell,
) -> Played:
    played = Played()
    for some in _batches(iter(stories)):
        with stage.sessions.begin() as session:
            # Families are thought out within it: a machine that is busy is slow, and not gone.
            session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            known = _known(session, [story.family_id for story in some])
            fresh = [story for story in some if story.family_id not in known]
            put(session, fresh)
        scenes = sum(len(story.scenes) for story in fresh)
        played += Played(len(fresh), scenes, len(some) - len(fresh))
        tell(len(some))
    return played


def _batches(stories: Iterator[Story]) -> Iterator[list[Story]]:
    while some := list(islice(stories, FAMILIES_AT_ONCE)):
        yield some


def _known(session: WriteBehind, family_ids: Sequence[UUID]) -> set[UUID]:
    return set(session.scalars(select(FamilyRow.id).where(FamilyRow.id.in_(family_ids))))


def _act(session: WriteBehind, story: Story, vault: Vault, subscribers: Subscribers) -> None:
    for scene in story.scenes:
        occasion = Occasion(scene.id, DOORWAY)
        work = Work(session, scene.actor, scene.at, vault, occasion, subscribers)
        apply(work, mutation_of(work, story.family_id, scene))


def _reference(stage: Stage) -> dict[UUID, Base]:
    """The accounts: whoever is to follow a family is looked up among them."""
    with stage.sessions() as session:
        known = accounts.all_accounts(session, bydel=None, role=None, active_only=False)
        return {account.id: account for account in known}


def _without_texts(subscribers: Subscribers) -> Subscribers:
    """The same subscribers, but for those who write texts to parents: these parents are told of."""
    return {
        kind: tuple(one for one in heard if one not in texts.HEARERS)
        for kind, heard in subscribers.items()
    }


def _with_facts_kept(subscribers: Subscribers, told: list[Told]) -> Subscribers:
    """The same subscribers; but what statistics would hear is kept for them in *told*."""

    def keep(work: Work, event: Fact) -> None:
        told.append((month_of(work.today), cast("Told", (None, event))[1]))

    return {
        kind: (keep,) if issubclass(kind, Fact) else heard for kind, heard in subscribers.items()
    }
