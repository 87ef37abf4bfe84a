"""The nurses whom a family can be given to."""

from __future__ import annotations

from nyefamilier.accounts.service import accounts
from nyefamilier.kernel.actors import Role
from nyefamilier.storage.work import Work


def nurse_options(current: Work) -> list[tuple[str, str]]:
    """The nurses as choices, those of the reader's own bydel first."""
    own = current.actor.bydel
    found = sorted(
        accounts(current, role=Role.NURSE),
        key=lambda one: (one.bydel != own, one.bydel or "", one.display_name),
    )
    return [(str(one.id), one.display_name) for one in found]
