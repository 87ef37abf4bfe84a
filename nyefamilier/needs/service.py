"""Needs' use cases: stated and closed by the parents, reviewed together."""

from __future__ import annotations

from uuid import UUID

from nyefamilier.families.dossier import Dossier
from nyefamilier.families.service import participation_of
from nyefamilier.families.states import MemberRole
from nyefamilier.families.tables import MemberRow
from nyefamilier.kernel.clock import day_of, month_of
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import PregnancyId
from nyefamilier.needs import store
from nyefamilier.needs.bodies import NeedBody, ReviewBody
from nyefamilier.needs.events import NeedTold
from nyefamilier.needs.intents import WORDS_CHARS, CloseNeed, ReviewNeed, StateNeed
from nyefamilier.needs.states import CLOSED, NeedState, NeedStep, require_open
from nyefamilier.needs.tables import NeedRow, ReviewRow
from nyefamilier.offers.service import enrolment_now, pregnancy_of
from nyefamilier.visits.tables import VisitRow


def state_need(dossier: Dossier, intent: StateNeed) -> None:
    """Write down what a parent says that the family needs.

    Raises:
        NotFound: the member or the visit is not this family's.
        RuleBroken: ``need-empty``, ``text-too-long``, ``not-a-parent``.
    """
    _check_words(intent.words, "/words")
    _require_parent(dossier, intent.stated_by, "/stated_by")
    visit = _visit(dossier, intent.visit_id)
    row = NeedRow(
        id=intent.need_id,
        pregnancy_id=_pregnancy_of(dossier, visit),
        stated_by=intent.stated_by,
        stated_at=dossier.work.now,
        visit_id=intent.visit_id,
        theme=intent.theme,
        state=NeedState.OPEN,
    )
    dossier.put(row, NeedBody(intent.words, intent.wish))
    # By the need's id: which review of it there is. Whatever is undone forgets this as well.
    dossier.work.foreseen[ReviewRow, row.id] = None
    _tell(dossier, row, NeedStep.STATED)


def review_need(dossier: Dossier, intent: ReviewNeed) -> None:
    """Note where an open need stands.

    Raises:
        NotFound: the family has no such need.
        RuleBroken: ``need-closed``, ``need-closed-by-parents-only``.
    """
    if intent.state in CLOSED:
        raise RuleBroken(
            "need-closed-by-parents-only",
            "Only a parent closes a need. Close it and say which parent did.",
            pointer="/state",
        )
    need = _open_need(dossier, intent.need_id)
    _review(dossier, need, intent)


def close_need(dossier: Dossier, intent: CloseNeed) -> None:
    """A parent says that a need is met, or no longer wished.

    Raises:
        NotFound: the need or the member is not this family's.
        RuleBroken: ``need-closed``, ``need-state``, ``not-a-parent``.
    """
    if intent.state not in CLOSED:
        raise RuleBroken(
            "need-state", "A need is closed as met or no_longer_wished.", pointer="/state"
        )
    _require_parent(dossier, intent.closed_by, "/closed_by")
    need = _open_need(dossier, intent.need_id)
    need.closed_by, need.closed_at = intent.closed_by, dossier.work.now
    _review(dossier, need, intent)


def _open_need(dossier: Dossier, need_id: UUID) -> NeedRow:
    need = dossier.record(NeedRow, need_id)
    require_open(NeedState(need.state))
    return need


def _review(dossier: Dossier, need: NeedRow, intent: ReviewNeed | CloseNeed) -> None:
    if intent.words is not None:
        _check_words(intent.words, "/words")
    _visit(dossier, intent.visit_id)
    if not _is_reviewed(dossier, need):
        _tell(dossier, need, NeedStep.REVIEWED)
    if intent.state in CLOSED:
        _tell(dossier, need, NeedStep(intent.state.value))
    need.state = intent.state
    dossier.touch(need)
    row = ReviewRow(
        id=intent.review_id,
        need_id=need.id,
        visit_id=intent.visit_id,
        state=intent.state,
        reviewed_at=dossier.work.now,
        reviewed_by=dossier.author_id,
    )
    dossier.put(row, ReviewBody(intent.words))
    dossier.work.foreseen[ReviewRow, need.id] = row


def _is_reviewed(dossier: Dossier, need: NeedRow) -> bool:
    """Whether the need was looked at before; it is asked for only where nothing at hand says so."""
    if need.state != NeedState.OPEN:
        return True
    known = dossier.work.foreseen
    if (ReviewRow, need.id) not in known:
        reviews = store.reviews_of(dossier.work.session, dossier.id)
        known[ReviewRow, need.id] = next((one for one in reviews if one.need_id == need.id), None)
    return known[ReviewRow, need.id] is not None


def _require_parent(dossier: Dossier, member_id: UUID, pointer: str) -> None:
    member = dossier.record(MemberRow, member_id)
    if member.role == MemberRole.CHILD:
        raise RuleBroken("not-a-parent", "Needs are stated and closed by parents.", pointer=pointer)


def _visit(dossier: Dossier, visit_id: UUID | None) -> VisitRow | None:
    return None if visit_id is None else dossier.record(VisitRow, visit_id)


def _pregnancy_of(dossier: Dossier, visit: VisitRow | None) -> UUID | None:
    if visit is not None and visit.pregnancy_id is not None:
        return visit.pregnancy_id
    return pregnancy_of(dossier, enrolment_now(dossier))


def _tell(dossier: Dossier, need: NeedRow, step: NeedStep) -> None:
    """Tell statistics of a need, of the pregnancy that it was stated in, if there is one."""
    if need.pregnancy_id is None:
        return
    key = participation_of(dossier, PregnancyId(need.pregnancy_id)).participation
    stated_on = day_of(need.stated_at)
    bydel = dossier.bydel_on(stated_on)
    dossier.work.record(NeedTold(key, bydel, month_of(stated_on), need.theme, step))


def _check_words(words: str, pointer: str) -> None:
    if not words.strip():
        raise RuleBroken("need-empty", "Write it in the parents' own words.", pointer=pointer)
    if len(words) > WORDS_CHARS:
        raise RuleBroken("text-too-long", f"At most {WORDS_CHARS} characters.", pointer=pointer)
