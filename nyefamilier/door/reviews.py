"""Reads the inbox: for a nurse what she must decide, for a lead how much waits and since when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_

from nyefamilier.access.log import note_accesses
from nyefamilier.access.rules import Action, Ground
from nyefamilier.changes import store as changes
from nyefamilier.changes.bodies import InboxBody
from nyefamilier.changes.tables import InboxRow
from nyefamilier.door.touching import told
from nyefamilier.families.dossier import Dossier, open_dossier, open_for_list
from nyefamilier.families.store import families, follows_at, lives_openly_in
from nyefamilier.families.tables import FamilyRow, TeamRow
from nyefamilier.families.views import adults_names, delbydeler_of_lead, require_nurse_asks
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.work import Work

PAGE = 100
"""The most items that one page of the inbox holds."""

Place: TypeAlias = tuple[datetime, int, UUID]
"""Where an item stands in the list: since when, its family's revision then, its id."""


@dataclass(frozen=True, slots=True)
class Review:
    """Something that a person must decide, or has decided, with both contents.

    Args:
        operations: What was sent and not carried out, as it travels.
        current: What stood when it was judged.
        proposed: What was sent instead.
        why: Why it was decided as it was.
    """

    id: UUID
    rev: int
    family_id: FamilyId
    kind: str
    reason: str
    record_kind: str | None
    record_id: UUID | None
    value_group: str | None
    mutation_id: UUID
    sent_by: UUID
    device_id: UUID | None
    occurred_at: datetime | None
    opened_at: datetime
    operations: tuple[dict[str, Any], ...]
    current: dict[str, Any] | None
    proposed: dict[str, Any] | None
    filed: tuple[UUID, ...]
    decided_at: datetime | None
    decided_by: UUID | None
    decision: str | None
    why: str | None

    @property
    def place(self) -> Place:
        """Where it stands in the list of what is open."""
        return self.opened_at, self.rev, self.id

    def __repr__(self) -> str:
        return f"<Review {self.id} kind={self.kind}>"


@dataclass(frozen=True, slots=True)
class Count:
    """How many open items of a kind there are, and since when the oldest waits."""

    kind: str
    items: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Writing:
    """Who wrote something, and when it came in."""

    actor_id: UUID
    at: datetime


def reviews(work: Work, *, after: Place | None = None, limit: int = PAGE) -> list[Review]:
    """What waits for a decision in the families that the nurse follows now, the oldest first.

    What came with one push was opened at one instant; the revisions then have the order in which
    it was sent. Each family is written down as read.

    Args:
        work: The transaction, the actor and the instant.
        after: Only what stands after this place.
        limit: At most this many, and never more than `PAGE`.

    Raises:
        NotAllowed: the actor is not a nurse.
        Unavailable: the key provider is away; ``record-damaged``.
    """
    require_nurse_asks(work)
    query = _open_of_nurse(work).order_by(*_PLACE).limit(min(limit, PAGE))
    if after is not None:
        query = query.where(tuple_(*_PLACE) > after)
    rows = work.session.scalars(query).all()
    dossiers = _dossiers(work, rows)
    return [_review(dossiers[row.family_id], row) for row in rows]


def review(work: Work, review_id: UUID) -> Review:
    """One item of the inbox, decided or not, for a nurse of its family; written down as read.

    Raises:
        NotFound: there is none such, or it is not hers to see: the two look alike.
        NotAllowed: the actor may not read what is personal.
        Unavailable: the key provider is away; ``record-damaged``.
    """
    require_nurse_asks(work)
    try:
        dossier = open_dossier(work, family_of(work, review_id), Action.READ, "reviews")
    except NotFound:
        raise _no_review() from None
    return _review(dossier, dossier.record(InboxRow, review_id))


def written_by(work: Work, item: Review) -> Writing | None:
    """Who wrote the value that stood when the item was opened; None where nobody is known to have.

    Of an item that the actor has just read.
    """
    if item.record_kind is None or item.record_id is None or item.value_group is None:
        return None
    touch = told((item.record_kind, item.record_id, item.value_group))
    made = changes.last_to_touch(work.session, item.family_id, touch, item.mutation_id)
    return None if made is None else Writing(made.actor_id, made.received_at)


def names_in(work: Work, items: Iterable[Review]) -> dict[FamilyId, tuple[str, ...]]:
    """The adults' names of the families of items that the actor has just read.

    Raises:
        Unavailable: the key provider is away; ``record-damaged``.
    """
    ids = dict.fromkeys(one.family_id for one in items)
    return adults_names(work, families(work.session, ids))


def open_items(work: Work) -> int:
    """How much waits for a decision in the families that the nurse follows now.

    Raises:
        NotAllowed: the actor is not a nurse.
    """
    require_nurse_asks(work)
    items = _open_of_nurse(work).with_only_columns(func.count())
    return work.session.scalar(items) or 0


def counts(work: Work) -> list[Count]:
    """How much waits in the lead's own bydel; nothing of any family.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    found = (
        select(InboxRow.kind, func.count(), func.min(InboxRow.opened_at))
        .join(FamilyRow, FamilyRow.id == InboxRow.family_id)
        .where(InboxRow.decided_at.is_(None), lives_openly_in(delbydeler_of_lead(work)))
        .group_by(InboxRow.kind)
        .order_by(InboxRow.kind)
    )
    return [Count(kind, items, oldest) for kind, items, oldest in work.session.execute(found)]


def family_of(work: Work, review_id: UUID) -> FamilyId:
    """The family in whose inbox an item lies; whoever asks must still be let into it.

    Raises:
        NotFound: there is no such item.
    """
    query = select(InboxRow.family_id).where(InboxRow.id == review_id)
    found = work.session.scalars(query).one_or_none()
    if found is None:
        raise _no_review()
    return FamilyId(found)


def _no_review() -> NotFound:
    return NotFound("review", pointer="/review_id")


_PLACE = (InboxRow.opened_at, InboxRow.rev, InboxRow.id)


def _open_of_nurse(work: Work) -> Select[InboxRow]:
    follows = (
        select(TeamRow.id)
        .where(
            TeamRow.family_id == InboxRow.family_id,
            TeamRow.nurse_id == work.actor.id,
            follows_at(work.now),
        )
        .exists()
    )
    return select(InboxRow).where(InboxRow.decided_at.is_(None), follows)


def _dossiers(work: Work, rows: Sequence[InboxRow]) -> dict[UUID, Dossier]:
    ids = list(dict.fromkeys(row.family_id for row in rows))
    _note(work, ids)
    return open_for_list(work, families(work.session, ids))


def _note(work: Work, family_ids: Iterable[UUID]) -> None:
    note_accesses(work, family_ids, Action.READ, "reviews", Ground.PRIMARY)


def _review(dossier: Dossier, row: InboxRow) -> Review:
    body = dossier.read(row, InboxBody)
    return Review(
        id=row.id,
        rev=row.rev,
        family_id=dossier.id,
        kind=row.kind,
        reason=row.reason,
        record_kind=row.record_kind,
        record_id=row.record_id,
        value_group=row.value_group,
        mutation_id=row.mutation_id,
        sent_by=row.sent_by,
        device_id=row.device_id,
        occurred_at=body.occurred_at,
        opened_at=row.opened_at,
        operations=body.operations,
        current=body.current,
        proposed=body.proposed,
        filed=body.filed,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        decision=row.decision,
        why=body.why,
    )
