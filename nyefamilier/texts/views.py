"""Read what became of texts: a nurse those of her family, a lead how many in her bydel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from nyefamilier.access.rules import Action
from nyefamilier.families.dossier import Dossier, open_dossier
from nyefamilier.families.views import delbydeler_of_lead
from nyefamilier.kernel.errors import STAYS_AWAY, NotAllowed, Unavailable
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.work import Work
from nyefamilier.texts import store
from nyefamilier.texts.circumstances import look
from nyefamilier.texts.rules import Suppress, Told, decide
from nyefamilier.texts.states import UNSETTLED, Kind, Reason, TextState
from nyefamilier.texts.tables import TextRow

COUNTED_DAYS: Final = 30
"""A lead sees how many texts were written in so many days."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text and what became of it.

    Args:
        due: When it goes out, or would have gone.
        may_have_gone: It was handed over, and no receipt came.
        against: What would keep it from going out, were it due now; only of one that waits.
    """

    id: UUID
    visit_id: UUID
    kind: Kind
    visit_at: datetime
    written_at: datetime
    due: datetime
    state: TextState
    reason: Reason | None
    may_have_gone: bool
    settled_at: datetime | None
    against: Reason | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many texts of a bydel's families stand so, and why."""

    state: TextState
    reason: Reason | None
    texts: int


def texts(work: Work, family_id: FamilyId) -> list[Text]:
    """A family's texts, the newest first.

    Raises:
        NotFound, Unavailable: see `families.dossier.open_dossier`.
        NotAllowed: the actor may not read the family's words; why no text went out is one of them.
    """
    dossier = open_dossier(work, family_id, Action.READ, "texts")
    if not dossier.reads_text:
        raise NotAllowed("Why a text was kept back is for the family's nurse.")
    return [_text(row, _against(dossier, row)) for row in store.texts_of(work.session, family_id)]


def counts(work: Work) -> list[Count]:
    """How many texts were written to the lead's families lately, by what became of them.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    since = work.now - timedelta(days=COUNTED_DAYS)
    found = store.counted(work.session, delbydeler_of_lead(work), since)
    return [
        Count(TextState(state), None if reason is None else Reason(reason), many)
        for state, reason, many in found
    ]


def _against(dossier: Dossier, row: TextRow) -> Reason | None:
    """Why a text that waits would not go out, as the family is now: a promise must not be read."""
    if row.state not in UNSETTLED:
        return None
    told = Told(Kind(row.kind), row.visit_at, row.state == TextState.HANDED)
    try:
        found, _ = look(dossier, row)
    except Unavailable as refusal:
        if refusal.code not in STAYS_AWAY:
            raise
        return Reason.NOT_READABLE
    decided = decide(told, found, max(row.due, dossier.work.now))
    return decided.reason if isinstance(decided, Suppress) else None


def _text(row: TextRow, against: Reason | None) -> Text:
    return Text(
        id=row.id,
        visit_id=row.visit_id,
        kind=Kind(row.kind),
        visit_at=row.visit_at,
        written_at=row.written_at,
        due=row.due,
        state=TextState(row.state),
        reason=None if row.reason is None else Reason(row.reason),
        may_have_gone=row.handed_at is not None and row.state != TextState.SENT,
        settled_at=row.settled_at,
        against=against,
    )
