"""What a family's protocol plans for it: the windows by its days as known now, and their rows."""

from __future__ import annotations

from uuid import UUID

from nyefamilier.families.dossier import Dossier
from nyefamilier.families.tables import PregnancyRow
from nyefamilier.kernel.ids import new_id
from nyefamilier.offers.tables import EnrolmentRow
from nyefamilier.protocols.protocol import PlannedWindow, windows
from nyefamilier.protocols.service import protocol
from nyefamilier.visits.plan import anchors_of
from nyefamilier.visits.states import VisitState
from nyefamilier.visits.tables import VisitRow


def windows_of(
    dossier: Dossier, enrolment: EnrolmentRow, pregnancy_id: UUID
) -> tuple[PlannedWindow, ...]:
    """The windows that the protocol which the family joined gives one of its pregnancies."""
    version = protocol(enrolment.programme, enrolment.protocol_version)
    return windows(version, anchors_of(dossier.record(PregnancyRow, pregnancy_id)))


def planned_row(
    dossier: Dossier,
    window: PlannedWindow,
    pregnancy_id: UUID | None,
    programme: str | None,
    *,
    from_protocol: bool,
) -> VisitRow:
    """A visit that is planned for a window's days and that nobody has agreed on.

    Args:
        dossier: The family.
        window: The days, and of which kind it is.
        pregnancy_id: The pregnancy that it belongs to.
        programme: The programme that promises it.
        from_protocol: Whether it is the protocol's item, of which there is one.
    """
    return VisitRow(
        id=new_id(dossier.work.now),
        pregnancy_id=pregnancy_id,
        programme=programme,
        kind=window.kind,
        from_protocol=from_protocol,
        state=VisitState.PLANNED,
        opens=window.opens,
        ideal=window.ideal,
        closes=window.closes,
    )
