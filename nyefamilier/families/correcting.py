"""Families' use cases that mend a day: a term that was moved, a birth that was dated wrongly.

Nothing but the day is mended here. What is counted from it follows by itself, and a loss stands as
it was recorded.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from nyefamilier.families import store
from nyefamilier.families.dossier import Dossier
from nyefamilier.families.events import AnchorsChanged
from nyefamilier.families.intents import CorrectBirth, CorrectTerm
from nyefamilier.families.rules import (
    check_alive_after,
    check_birth,
    check_homecoming,
    check_term,
    check_term_of_birth,
)
from nyefamilier.families.states import LOSSES, Outcome
from nyefamilier.families.tables import PregnancyRow
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import PregnancyId


def correct_term(dossier: Dossier, intent: CorrectTerm) -> None:
    """The term is another than was told. Once the child is born nothing is counted from it.

    Raises:
        NotFound: the family has no such pregnancy.
        RuleBroken: see `check_term`, `check_term_of_birth`; ``pregnancy-ended``.
    """
    row = _not_lost(dossier, intent.pregnancy_id)
    check_term(intent.term, dossier.work.today)
    if row.ended_on is not None:
        check_term_of_birth(intent.term, row.ended_on)
    row.term = intent.term
    _follow(dossier, row)


def correct_birth(dossier: Dossier, intent: CorrectBirth) -> None:
    """The children of a pregnancy were born on another day than was recorded.

    Raises:
        NotFound: the family has no such pregnancy.
        RuleBroken: see `check_birth`, `check_homecoming`, `check_alive_after`; ``not-born-yet``,
            ``pregnancy-ended``.
    """
    row = _not_lost(dossier, intent.pregnancy_id)
    if row.outcome != Outcome.BORN:
        raise RuleBroken("not-born-yet", "Record the birth; there is none to correct.")
    check_birth(row.term, intent.born_on, dossier.work.today)
    if row.homecoming_on is not None:
        check_homecoming(intent.born_on, row.homecoming_on, dossier.work.today, "/born_on")
    _date_children(dossier, row.id, intent.born_on)
    row.ended_on = intent.born_on
    _follow(dossier, row)


def _not_lost(dossier: Dossier, pregnancy_id: UUID) -> PregnancyRow:
    row = dossier.record(PregnancyRow, pregnancy_id)
    if row.outcome in LOSSES:
        raise RuleBroken(
            "pregnancy-ended",
            "This pregnancy ended without a living child. What was recorded of it stands.",
        )
    return row


def _date_children(dossier: Dossier, pregnancy_id: UUID, born_on: date) -> None:
    children = store.children_of(dossier.work.session, pregnancy_id)
    check_alive_after(born_on, [one.died_on for one in children if one.died_on is not None])
    for child in children:
        child.born_on = born_on
        dossier.touch(child)


def _follow(dossier: Dossier, row: PregnancyRow) -> None:
    dossier.touch(row)
    dossier.work.record(AnchorsChanged(dossier.id, PregnancyId(row.id)))
