"""In which bydel a family is, and who answers for it and its key there."""

from __future__ import annotations

from datetime import date

from nyefamilier.bydeler.service import boundaries
from nyefamilier.families.tables import FamilyRow
from nyefamilier.kernel.ids import BydelNumber, DelbydelCode
from nyefamilier.storage.work import Work
from nyefamilier.vault.vault import PROTECTED_KEK, bydel_kek


def kek_for(work: Work, family: FamilyRow) -> str:
    """The name of the key that wraps this family's data key."""
    bydel = bydel_of_row(work, family, work.today)
    return PROTECTED_KEK if bydel is None else bydel_kek(bydel)


def bydel_of_row(work: Work, family: FamilyRow, day: date) -> BydelNumber | None:
    """The bydel of a family's present address as of *day*; None while it is protected."""
    if family.delbydel is None:
        return None
    return boundaries(work.session).bydel_of(DelbydelCode(family.delbydel), day)


def serving_bydel(work: Work, family: FamilyRow) -> BydelNumber | None:
    """The bydel whose lead answers for the family; None while its address names none."""
    bydel = bydel_of_row(work, family, work.today)
    return None if bydel is None else boundaries(work.session).serving(bydel, work.today)
