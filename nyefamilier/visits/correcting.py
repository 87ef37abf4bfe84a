"""Mends the day of a birth, where the visits that were made after it allow that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from nyefamilier.families import correcting
from nyefamilier.families.dossier import Dossier
from nyefamilier.families.intents import CorrectBirth
from nyefamilier.kernel.clock import day_of
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.visits import store
from nyefamilier.visits.placing import counts_from_birth
from nyefamilier.visits.states import VisitState


def correct_birth(dossier: Dossier, intent: CorrectBirth) -> None:
    """The children were born on another day than was recorded; the plan follows.

    What a visit that was made counted as is not counted anew.

    Raises:
        NotFound: the family has no such pregnancy.
        RuleBroken: see `families.correcting.correct_birth`; ``birth-after-visit``.
    """
    correcting.correct_birth(dossier, intent)
    first = min(_visited(dossier, intent), default=intent.born_on)
    if first < intent.born_on:
        raise RuleBroken(
            "birth-after-visit",
            f"A visit that follows the birth was made on {first}. The birth was then or before.",
            pointer="/born_on",
            members={"last_day": first.isoformat()},
        )


def _visited(dossier: Dossier, intent: CorrectBirth) -> Iterator[date]:
    """The days of the visits that were made because the child was born."""
    for row in store.visits_of(dossier.work.session, dossier.id):
        made = row.state == VisitState.DONE and row.pregnancy_id == intent.pregnancy_id
        if made and row.at is not None and counts_from_birth(row):
            yield day_of(row.at)
