"""Checks that each family's plan is what its protocol gives it by its days as known now.

A birth, a homecoming or an enrolment works the plan out again in its own transaction, so a plan
that differs is a defect, or was laid out by an older release, or changed outside the programme.
Nothing is opened and nobody is told as having read: days, codes and states are compared. Nothing is
changed here either: whoever asked has what differs worked out anew, through the door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from nyefamilier.families.tables import PregnancyRow
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.offers import store as offers_store
from nyefamilier.offers.tables import EnrolmentRow
from nyefamilier.protocols.protocol import PlannedWindow, windows
from nyefamilier.protocols.service import protocol
from nyefamilier.storage.work import Work
from nyefamilier.visits import store
from nyefamilier.visits.plan import anchors_of
from nyefamilier.visits.states import OPEN_STATES
from nyefamilier.visits.tables import VisitRow

AT_A_TIME: Final = 100
"""How many families are looked at in one transaction."""

Look: TypeAlias = Callable[[], AbstractContextManager[Work]]
"""Opens a piece of the programme's own work that sees the database at one instant."""


@dataclass(frozen=True, slots=True)
class Differing:
    """A plan that is not what the protocol gives."""

    family_id: FamilyId
    enrolment_id: UUID


@dataclass(frozen=True, slots=True)
class Checked:
    """How many plans were looked at, and which are not what the protocol gives."""

    plans: int
    differing: tuple[Differing, ...]


def check_plans(look: Look, *, at_a_time: int = AT_A_TIME) -> Checked:
    """Look at the plan of every open enrolment, some in one transaction.

    Raises:
        NotAllowed: the actor is a person; this looks at every family's days.
    """
    plans, differing = 0, list[Differing]()
    after: UUID | None = None
    while True:
        with look() as work:
            page = _page(work, after, at_a_time)
        plans += len(page)
        differing += [one for one, is_off in page.items() if is_off]
        if len(page) < at_a_time:
            return Checked(plans, tuple(differing))
        after = max(one.enrolment_id for one in page)


def differs(
    expected: Sequence[PlannedWindow], rows: Mapping[str, VisitRow], enrolment: EnrolmentRow
) -> bool:
    """Whether a plan's rows, by kind, are not what these windows ask for."""
    by_kind = {window.kind: window for window in expected}
    open_rows = {kind: row for kind, row in rows.items() if row.state in OPEN_STATES}
    missing = any(
        window.kind not in rows
        for window in expected
        if not window.closed_by_birth and window.closes >= enrolment.started_on
    )
    return missing or any(_is_off(row, by_kind.get(kind)) for kind, row in open_rows.items())


def _page(work: Work, after: UUID | None, most: int) -> dict[Differing, bool]:
    """Some plans, and whether they differ."""
    if work.actor.role is not Role.SYSTEM:
        raise NotAllowed("Plans are checked by the programme itself.")
    found = offers_store.open_enrolments_after(work.session, after, most)
    items = store.items_of_pregnancies(work.session, [one.pregnancy_id for one, _ in found])
    return {
        Differing(FamilyId(enrolment.family_id), enrolment.id): differs(
            _windows(enrolment, pregnancy),
            items.get((enrolment.pregnancy_id, enrolment.programme), {}),
            enrolment,
        )
        for enrolment, pregnancy in found
    }


def _windows(enrolment: EnrolmentRow, pregnancy: PregnancyRow) -> list[PlannedWindow]:
    version = protocol(enrolment.programme, enrolment.protocol_version)
    return [window for window in windows(version, anchors_of(pregnancy)) if window.is_anchor]


def _is_off(row: VisitRow, window: PlannedWindow | None) -> bool:
    if window is None or window.closed_by_birth:
        return True
    return (row.opens, row.ideal, row.closes) != (window.opens, window.ideal, window.closes)
