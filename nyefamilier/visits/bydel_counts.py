"""How much waits in a lead's bydel today: counts of what is open, and of nobody what or who.

These are live and not statistics: a lead may see each of these families, so a small count hides
nothing from her. No family is told, so no access is written down. A family whose address is
protected is in no count, as it is on no list of hers.

Sources: docs/protocol.md (the two anchors); helsestasjonsprogrammet, consultation 1 (days 7-10).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.service import accounts
from nyefamilier.families import tallies
from nyefamilier.families.views import delbydeler_of_lead
from nyefamilier.kernel.actors import Role
from nyefamilier.offers import store as offers_store
from nyefamilier.offers.reminding import WAITS_FOR
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.closing import last_offered
from nyefamilier.visits.newborn import CLOSES
from nyefamilier.visits.slots import BEYOND
from nyefamilier.visits.worklists import NEWBORN_FOR

__all__ = ["WAITS_FOR", "BydelCounts", "Caseload", "bydel_counts"]

_LOOKED_BACK = BEYOND + timedelta(days=14)
"""Past its window for longer than this, a visit of no kind is offered any more."""


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many families a nurse follows as their own nurse, those with a protected address not."""

    nurse: AccountIdentity
    families: int


@dataclass(frozen=True, slots=True)
class BydelCounts:
    """What waits in a bydel.

    Args:
        offers: Offers without an answer for `WAITS_FOR` or longer.
        newborn_days: For each newborn of the last weeks whom nobody has visited, how many days old
            it is today, in order.
        past_window: Planned visits whose window has closed and that can still be agreed on.
        without_nurse: Families that have no nurse of their own.
        caseloads: The bydel's nurses by name, and how many families each follows.
    """

    offers: int
    newborn_days: tuple[int, ...]
    past_window: int
    without_nurse: int
    caseloads: tuple[Caseload, ...]

    @property
    def newborns_late(self) -> int:
        """How many of the newborns are past day ten."""
        return sum(day > CLOSES.days for day in self.newborn_days)

    def over(self, most: int) -> tuple[Caseload, ...]:
        """The nurses who follow more than *most* families."""
        return tuple(one for one in self.caseloads if one.families > most)


def bydel_counts(work: Work) -> BydelCounts:
    """How much waits in the lead's own bydel.

    Raises:
        NotAllowed: the actor is not a lead.
    """
    delbydeler = delbydeler_of_lead(work)
    session, today = work.session, work.today
    newborns = store.newborns_unvisited(session, delbydeler, today - NEWBORN_FOR)
    passed = store.planned_past_window(session, delbydeler, today - _LOOKED_BACK, today)
    return BydelCounts(
        offers=offers_store.count_unanswered(session, delbydeler, today - WAITS_FOR),
        newborn_days=tuple(sorted((today - one.ended_on).days for one in newborns if one.ended_on)),
        past_window=sum(many for kind, on, many in passed if last_offered(kind, on) >= today),
        without_nurse=tallies.count_awaiting_nurse(session, delbydeler),
        caseloads=_caseloads(work),
    )


def _caseloads(work: Work) -> tuple[Caseload, ...]:
    nurses = accounts(work, bydel=work.actor.bydel, role=Role.NURSE)
    found = tallies.caseloads(work.session, [one.id for one in nurses], work.today)
    by_name = sorted(nurses, key=lambda one: (one.display_name, one.id))
    return tuple(Caseload(one, found.get(one.id, 0)) for one in by_name)
