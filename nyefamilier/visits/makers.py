"""Who makes a visit: public health nurses, and nobody else.

Accounts know what a person is employed as and no profession, so the midwife's own visit, which is
another service's, has no place here.

Sources: the protocols' ``who`` (helsesykepleier).
"""

from __future__ import annotations

from uuid import UUID

from nyefamilier.accounts.service import is_other_staff, require_nurse
from nyefamilier.families.dossier import Dossier
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import UserId
from nyefamilier.visits.intents import BookVisit
from nyefamilier.visits.tables import VisitRow


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
    if is_other_staff(session, nurse_id):
        raise RuleBroken(
            "nurse-not-qualified",
            "Only a public health nurse makes the programme's visits, and this person works here "
            "as something else. `nurses` names the family's own.",
            pointer=pointer,
            members={"nurses": [str(one.nurse_id) for one in dossier.team_now()]},
        )
    require_nurse(session, UserId(nurse_id), pointer)
