"""Families' use cases about place and team: addresses, protection, nurses, moves.

A move is the programme's promise at its weakest point: the family's new team has it, and the old
one no longer has, at one commit.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from nyefamilier.accounts.service import require_nurse
from nyefamilier.bydeler.service import require_delbydel
from nyefamilier.families import store
from nyefamilier.families.bodies import AddressBody, MoveBody
from nyefamilier.families.dossier import Dossier, rewrap
from nyefamilier.families.events import NurseChanged
from nyefamilier.families.intents import (
    AssignNurse,
    CoverNurse,
    MoveFamily,
    NewAddress,
    SetAddress,
)
from nyefamilier.families.rules import check_address, check_lived
from nyefamilier.families.states import Protection, TeamPart
from nyefamilier.families.tables import AddressRow, MoveRow, TeamRow
from nyefamilier.families.whereabouts import serving_bydel
from nyefamilier.kernel.clock import OSLO
from nyefamilier.kernel.errors import Conflict, RuleBroken
from nyefamilier.kernel.ids import DelbydelCode, UserId, new_id
from nyefamilier.storage.work import Work

COVER_LIMIT = timedelta(days=62)
"""The longest cover; a longer one is a change of nurse."""


def set_address(dossier: Dossier, intent: SetAddress) -> None:
    """The family lives elsewhere, or its address got another protection.

    Raises:
        RuleBroken: see `check_address`; ``unknown-delbydel``, ``address-before-present``.
    """
    place(dossier, intent.address)


def assign_nurse(dossier: Dossier, intent: AssignNurse) -> None:
    """Give the family a primary nurse; the one before loses access when this commits.

    Raises:
        Conflict: ``nurse-changed``.
        RuleBroken: ``unknown-nurse``.
    """
    _end_primary(dossier)
    assign(dossier, intent.nurse_id, intent.team_id)
    dossier.work.record(NurseChanged(dossier.id))


def cover_nurse(dossier: Dossier, intent: CoverNurse) -> None:
    """Let another nurse cover until and including a day.

    Raises:
        RuleBroken: ``cover-period``, ``unknown-nurse``.
    """
    today = dossier.work.today
    if not today <= intent.until <= today + COVER_LIMIT:
        raise RuleBroken(
            "cover-period",
            "A cover ends today at the earliest and 62 days from now at the latest.",
            pointer="/until",
        )
    require_nurse(dossier.work.session, UserId(intent.nurse_id), "/nurse_id")
    row = TeamRow(
        id=intent.team_id,
        nurse_id=intent.nurse_id,
        part=TeamPart.COVERING,
        starts_at=dossier.work.now,
        ends_at=datetime.combine(intent.until + timedelta(days=1), time(), OSLO),
    )
    dossier.stamp(row)


def move_family(dossier: Dossier, intent: MoveFamily) -> None:
    """The family moves: a new address, and a new team where the bydel changes.

    Raises:
        Conflict: ``nurse-changed``.
        RuleBroken: see `check_address`; ``unknown-delbydel``, ``unknown-nurse``.
    """
    old = dossier.bydel
    place(dossier, intent.address)
    new = dossier.bydel
    row = MoveRow(
        id=intent.move_id,
        moved_on=intent.address.valid_from,
        from_bydel=old,
        to_bydel=new,
        by_id=dossier.work.actor.id,
    )
    dossier.put(row, MoveBody(summary=intent.summary))
    if intent.to_nurse is not None:
        _end_primary(dossier)
        assign(dossier, intent.to_nurse, intent.team_id, "/to_nurse")
    elif new != old:
        require_answerable(dossier, "/to_nurse")
        _end_team(dossier)
    dossier.work.record(NurseChanged(dossier.id))


def place(dossier: Dossier, address: NewAddress) -> None:
    """Make an address the family's present one; its key follows to the domain that it calls for.

    Raises:
        RuleBroken: see `require_place`; ``address-before-present``.
    """
    require_place(dossier.work, address)
    if dossier.may_have(AddressRow):
        _end_address(dossier, address)
    row = AddressRow(
        id=address.id,
        delbydel=address.delbydel,
        valid_from=address.valid_from,
        source=address.source,
        protection=address.protection,
    )
    lines = address.lines or ""
    dossier.put(row, AddressBody(lines, address.postal_code, address.directions))
    dossier.family.delbydel = address.delbydel
    dossier.family.protection = address.protection
    rewrap(dossier)


def require_place(work: Work, address: NewAddress) -> None:
    """Refuse an address that cannot be a family's.

    Raises:
        RuleBroken: see `check_address`; ``date-too-old``, ``unknown-delbydel``.
    """
    check_address(address.delbydel, address.lines, address.protection)
    check_lived(address.valid_from, "/address/valid_from")
    if address.delbydel is not None:
        require_delbydel(
            work.session,
            DelbydelCode(address.delbydel),
            work.today,
            pointer="/address/delbydel",
        )


def assign(
    dossier: Dossier, nurse_id: UUID, team_id: UUID | None = None, pointer: str = "/nurse_id"
) -> None:
    """Make a nurse the family's primary one, from now on.

    Raises:
        RuleBroken: ``unknown-nurse``.
    """
    require_nurse(dossier.work.session, UserId(nurse_id), pointer)
    row = TeamRow(
        id=team_id or new_id(dossier.work.now),
        nurse_id=nurse_id,
        part=TeamPart.PRIMARY,
        starts_at=dossier.work.now,
    )
    dossier.stamp(row)


def require_answerable(dossier: Dossier, pointer: str) -> None:
    """Refuse to leave a family to a lead when its address names no bydel: nobody would see it.

    Raises:
        RuleBroken: ``nurse-required``.
    """
    if serving_bydel(dossier.work, dossier.family) is None:
        raise RuleBroken(
            "nurse-required",
            "No bydel answers for a protected address or for none, so name the family's nurse.",
            pointer=pointer,
        )


def _end_address(dossier: Dossier, successor: NewAddress) -> None:
    present = store.present_address(dossier.work.session, dossier.id)
    if present is None:
        return
    if successor.valid_from < present.valid_from:
        raise RuleBroken(
            "address-before-present",
            "The new address cannot be valid from before the present one.",
            pointer="/address/valid_from",
        )
    present.valid_to = successor.valid_from
    dossier.touch(present)
    dossier.work.session.flush()
    if successor.protection is not Protection.NONE and present.delbydel is not None:
        # The area of the address before would give the new one away as surely as the address.
        present.delbydel = None
        dossier.work.session.flush()


def _end_primary(dossier: Dossier) -> None:
    for row in _team(dossier):
        if row.part == TeamPart.PRIMARY:
            _end(dossier, row)
    dossier.work.session.flush()


def _end_team(dossier: Dossier) -> None:
    for row in _team(dossier):
        _end(dossier, row)
    dossier.work.session.flush()


def _team(dossier: Dossier) -> list[TeamRow]:
    """Who follows the family now; now is when this work began, before it waited for the family."""
    work = dossier.work
    if store.followed_since(work.session, dossier.id, work.now):
        raise Conflict(
            "nurse-changed",
            "Somebody gave the family another nurse at the same moment. See who follows it now, "
            "and decide again.",
        )
    return store.team_at(work.session, dossier.id, work.now)


def _end(dossier: Dossier, row: TeamRow) -> None:
    row.ends_at = dossier.work.now
    dossier.stamp(row)
