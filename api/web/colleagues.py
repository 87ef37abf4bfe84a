"""The nurses whom a family can be given to, and those who can visit it."""

from __future__ import annotations

from nyefamilier.accounts.service import accounts
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.work import Work
from nyefamilier.visits.makers import visitors


def nurse_options(current: Work) -> list[tuple[str, str]]:
    """The nurses as choices, those of the reader's own bydel first."""
    own = current.actor.bydel
    found = sorted(
        accounts(current, role=Role.NURSE),
        key=lambda one: (one.bydel != own, one.bydel or "", one.display_name),
    )
    return [(str(one.id), one.display_name) for one in found]


def visitor_options(current: Work, family_id: FamilyId) -> list[tuple[str, str]]:
    """The nurses with whom a visit to a family can be agreed on, as choices."""
    return [(str(one.id), one.display_name) for one in visitors(current, family_id)]
