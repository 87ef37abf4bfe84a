"""Who makes a visit: public health nurses who have to do with the family, and nobody else.

Its own nurses can, and those who serve its bydel. A protected family has its own nurses only:
nobody else is to hear of it.

Accounts know what a person is employed as and no profession, so the midwife's own visit, which is
another service's, has no place here.

Sources: the protocols' ``who`` (helsesykepleier).
"""

from __future__ import annotations

from uuid import UUID

from nyefamilier.access.rules import Action
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.service import active_nurse, is_other_staff, require_nurse
from nyefamilier.calendars.views import nurses_serving
from nyefamilier.families.dossier import Dossier, open_dossier
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import FamilyId, UserId
from nyefamilier.storage.work import Work
from nyefamilier.visits.intents import BookVisit
from nyefamilier.visits.tables import VisitRow


def visitors(work: Work, family_id: FamilyId) -> list[AccountIdentity]:
    """The nurses with whom a visit to a family can be agreed on, its own first.

    Raises:
        NotFound, NotAllowed, Unavailable: see `families.dossier.open_dossier`.
    """
    dossier = open_dossier(work, family_id, Action.READ, "visits")
    team = [active_nurse(work.session, one.nurse_id) for one in dossier.team_now()]
    found = {one.id: one for one in team if one is not None}
    bydel = dossier.bydel
    others = () if bydel is None else nurses_serving(work, bydel, work.today)
    return list((found | {one.id: one for one in others if one.id not in found}).values())


def nurse_of(dossier: Dossier, nurse_id: UUID | None) -> UUID:
    """Whoever is to come, or came: without a name the author.

    Raises:
        RuleBroken: ``unknown-nurse``, ``nurse-not-qualified``.
    """
    if nurse_id is None or nurse_id == dossier.author_id:
        return dossier.author_id
    _require_qualified(dossier, nurse_id, "/nurse_id")
    return nurse_id


def second_nurse_of(dossier: Dossier, row: VisitRow, intent: BookVisit) -> UUID | None:
    """Whoever is to come too: as told, else as before; the nurse herself is nobody.

    Raises:
        RuleBroken: ``unknown-nurse``, ``nurse-not-qualified``.
    """
    second = row.second_nurse_id if intent.second_nurse_id is None else intent.second_nurse_id
    if second is None or second == row.nurse_id:
        return None
    _require_qualified(dossier, second, "/second_nurse_id")
    return second


def _require_qualified(dossier: Dossier, nurse_id: UUID, pointer: str) -> None:
    session = dossier.work.session
    own = {"nurses": [str(one.nurse_id) for one in dossier.team_now()]}
    if is_other_staff(session, nurse_id):
        raise RuleBroken(
            "nurse-not-qualified",
            "Only a public health nurse makes the programme's visits, and this person works here "
            "as something else. `nurses` names the family's own.",
            pointer=pointer,
            members=own,
        )
    require_nurse(session, UserId(nurse_id), pointer)
    if not _serves(dossier, nurse_id):
        raise RuleBroken(
            "unknown-nurse",
            "This nurse neither follows the family nor serves its bydel. Choose one of the "
            "family's own, whom `nurses` names, or another one of the bydel.",
            pointer=pointer,
            members=own,
        )


def _serves(dossier: Dossier, nurse_id: UUID) -> bool:
    """Whether a nurse is the author, follows the family or serves its bydel."""
    if nurse_id in {dossier.author_id, *(one.nurse_id for one in dossier.team_now())}:
        return True
    work, bydel = dossier.work, dossier.bydel
    if bydel is None:
        return False
    # What the session keeps back goes on being kept back.
    with work.session.no_autoflush:
        nurse = active_nurse(work.session, nurse_id)
        if nurse is not None and nurse.bydel == bydel:
            return True
        return any(one.id == nurse_id for one in nurses_serving(work, bydel, work.today))
