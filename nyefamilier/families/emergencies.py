"""Emergency access: letting a nurse in for some hours, and looking at it afterwards.

What is refused has to be remembered (a wrong password, a number that nobody has), so
`open_emergency` *returns* its refusal: the doorway leaves its work, which commits, and raises then.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from nyefamilier.access import store as grants
from nyefamilier.access.emergency import (
    LONGEST_HOURS,
    EmergencyState,
    Verdict,
    check_reason,
    check_verdict,
    state_of,
)
from nyefamilier.access.log import note_access, note_accesses
from nyefamilier.access.rules import Action, Ground
from nyefamilier.access.tables import EmergencyRow
from nyefamilier.accounts.identity import AccountIdentity
from nyefamilier.accounts.service import (
    Attempt,
    display_names,
    remember_miss,
    sign_in,
    wait_after_misses,
)
from nyefamilier.families import store
from nyefamilier.families.bodies import EmergencyBody
from nyefamilier.families.circles import circle_of
from nyefamilier.families.holding import ciphers_for_keeping
from nyefamilier.families.national_ids import IdType, parse
from nyefamilier.families.service import NATIONAL_ID
from nyefamilier.families.tables import FamilyRow
from nyefamilier.families.whereabouts import serving_bydel
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    Refusal,
    RuleBroken,
    TooMany,
    Unavailable,
)
from nyefamilier.kernel.ids import FamilyId, UserId, new_id
from nyefamilier.storage.work import Work
from nyefamilier.vault.sealing import CannotOpen
from nyefamilier.vault.vault import FamilyCipher

MOST_A_DAY: Final = 10
"""The most grants that one nurse is given in 24 hours; nobody has that many emergencies."""
_DAY: Final = timedelta(hours=24)
_OBJECT: Final = "emergency"
_TABLE, _COLUMN = EmergencyRow.__tablename__, "sealed"
_REVIEWERS: Final = {Role.LEAD: Ground.LEAD, Role.PRIVACY_OFFICER: Ground.PRIVACY_OFFICER}


@dataclass(frozen=True, slots=True)
class EmergencyAsk:
    """What a nurse tells who has to read a family that is not hers.

    Args:
        national_id: Of somebody in the family.
        national_id_type: Where its form fits several kinds.
        reason: Why she has to read it now.
        hours: For how long, at most `LONGEST_HOURS`.
    """

    national_id: str = field(repr=False)
    national_id_type: IdType | None
    reason: str = field(repr=False)
    hours: int = LONGEST_HOURS


@dataclass(frozen=True, slots=True)
class Emergency:
    """A grant of emergency access. ``reason`` is None where the family's address is protected."""

    id: UUID
    family_id: UUID
    nurse_id: UUID
    nurse: str
    bydel: str
    opened_at: datetime
    until: datetime
    ended_at: datetime | None
    state: EmergencyState
    reviewed_at: datetime | None
    verdict: Verdict | None
    reason: str | None = field(repr=False)
    remark: str | None = field(repr=False)


Outcome: TypeAlias = Sequence[Emergency] | Refusal


def open_emergency(work: Work, ask: EmergencyAsk, attempt: Attempt) -> Outcome:
    """Let the nurse in to the families of her bydel in which the person is; or why not.

    Args:
        work: The transaction, the nurse and the instant.
        ask: Whom it is about, and why.
        attempt: Her own name and password, told anew.

    Raises:
        NotAllowed: the actor is not a nurse.
        RuleBroken: ``reason-too-short``; see `national_ids.parse`.
        Conflict: ``follows-already``.
    """
    if work.actor.role is not Role.NURSE:
        raise NotAllowed("Only a nurse opens a family in an emergency.")
    reason = check_reason(ask.reason)
    number = parse(
        ask.national_id,
        ask.national_id_type,
        allow_real=work.real_people,
        pointer="/national_id",
    )
    refusal = _not_herself(work, attempt) or _too_often(work)
    if refusal is not None:
        return refusal
    index = work.vault.blind_index(NATIONAL_ID, number.digits)
    found = store.families_with_index(work.session, index.digest, index.version)
    rows = [row for id_ in found if (row := _row_of_bydel(work, id_)) is not None]
    if not rows:
        remember_miss(work, _OBJECT, str(work.actor.id))
        return NotFound(
            "family",
            pointer="/national_id",
            mending="One that another bydel follows, or that has a protected address, is not "
            "opened here: ring those who follow it.",
        )
    until = work.now + timedelta(hours=ask.hours)
    opened = [_granted(work, row, reason, until) for row in rows]
    return _shown(work, opened, Ground.EMERGENCY)


def end_emergency(work: Work, grant_id: UUID) -> Emergency:
    """End a grant before its time; said twice, it is said once.

    The nurse who has it may, her lead, and the privacy officer. It holds on the next request.

    Raises:
        NotFound: there is none such that is the actor's to end.
    """
    row = _held(work, grant_id)
    if row.ended_at is None and work.now < row.until:
        row.ended_at, row.ended_by = work.now, work.actor.id
    return _shown(work, [row], _ground(work))[0]


def review_emergency(
    work: Work, grant_id: UUID, verdict: Verdict, remark: str | None = None
) -> Emergency:
    """Say what was found: whether she had to read it.

    Raises:
        NotAllowed: the actor is neither a lead nor a privacy officer.
        NotFound: there is none such that is the actor's to look at.
        RuleBroken: ``remark-missing``.
        Conflict: ``emergency-lasts``, ``reviewed-already``.
        Unavailable: the key provider is away; ``record-damaged``.
    """
    if work.actor.role not in _REVIEWERS:
        raise NotAllowed("A lead or a privacy officer looks at emergency access afterwards.")
    told = (remark or "").strip() or None
    check_verdict(verdict, told)
    row = _held(work, grant_id)
    if row.reviewed_at is not None:
        raise Conflict(
            "reviewed-already", "Somebody has looked at it already. Read what she found."
        )
    if _state(work, row) is EmergencyState.OPEN:
        raise Conflict("emergency-lasts", "It lasts still: end it first, or wait until it is over.")
    cipher = _ciphers(work, [row])[row.family_id]
    body = replace(_opened(cipher, row), remark=told)
    row.reviewed_at, row.reviewed_by, row.verdict = work.now, work.actor.id, verdict
    row.version += 1
    row.sealed = _sealed(cipher, row, body)
    return _shown(work, [row], _ground(work))[0]


def emergencies(work: Work) -> list[Emergency]:
    """The grants that are the actor's to see: what nobody has looked at first, then the newest.

    A nurse sees her own, a lead those in her bydel, a privacy officer all. Each is written into the
    family's access log, since it holds a reason.

    Raises:
        NotAllowed: the actor is none of the three.
        Unavailable: the key provider is away; ``record-damaged``.
    """
    ground = _ground(work)
    actor = work.actor
    found = grants.grants(
        work.session,
        nurse_id=actor.id if actor.role is Role.NURSE else None,
        bydel=actor.bydel if actor.role is Role.LEAD else None,
    )
    return _shown(work, found, ground)


def count_to_review(work: Work) -> int:
    """How many grants wait for the actor to look at them; 0 for who looks at none."""
    if work.actor.role not in _REVIEWERS:
        return 0
    bydel = work.actor.bydel if work.actor.role is Role.LEAD else None
    return grants.count_unreviewed(work.session, work.now, bydel=bydel, but_of=work.actor.id)


def _not_herself(work: Work, attempt: Attempt) -> Refusal | None:
    outcome = sign_in(work, attempt)
    if isinstance(outcome, TooMany):
        return outcome
    if isinstance(outcome, AccountIdentity) and outcome.id == work.actor.id:
        return None
    return RuleBroken("password-wrong", "This is not your password.", pointer="/password")


def _too_often(work: Work) -> TooMany | None:
    wait = wait_after_misses(work, _OBJECT, str(work.actor.id))
    if grants.opened_since(work.session, work.actor.id, work.now - _DAY) >= MOST_A_DAY:
        wait = timedelta(hours=1)
    if not wait:
        return None
    return TooMany(
        "emergency-too-often",
        f"More than five numbers that led nowhere in a row, or {MOST_A_DAY} families in 24 hours, "
        "are too many. Wait, or ask your lead to let you cover.",
        wait=wait,
    )


def _row_of_bydel(work: Work, family_id: UUID) -> FamilyRow | None:
    """The family, if the nurse's own bydel serves it and its address is not protected."""
    row = work.session.get(FamilyRow, family_id)
    if row is None or serving_bydel(work, row) != work.actor.bydel:
        return None
    return row


def _granted(work: Work, family: FamilyRow, reason: str, until: datetime) -> EmergencyRow:
    team = store.team_at(work.session, FamilyId(family.id), work.now)
    circle = circle_of(work, family, team)
    if work.actor.id in circle.primary | circle.covering:
        raise Conflict("follows-already", "You follow this family: open it among your own.")
    standing = grants.grant_now(work.session, family.id, work.actor.id, work.now)
    if standing is not None:
        return standing
    row = EmergencyRow(
        id=new_id(work.now),
        family_id=family.id,
        nurse_id=work.actor.id,
        bydel=work.actor.bydel,
        opened_at=work.now,
        until=until,
        ended_at=None,
        ended_by=None,
        reviewed_at=None,
        reviewed_by=None,
        verdict=None,
        version=1,
    )
    cipher = ciphers_for_keeping(work, [family.id])[family.id]
    row.sealed = _sealed(cipher, row, EmergencyBody(reason))
    work.session.add(row)
    note_access(work, FamilyId(family.id), Action.READ, _OBJECT, Ground.EMERGENCY)
    return row


def _held(work: Work, grant_id: UUID) -> EmergencyRow:
    row = grants.grant(work.session, grant_id)
    if row is None or not _is_hers(work, row):
        raise NotFound("emergency access")
    return row


def _is_hers(work: Work, row: EmergencyRow) -> bool:
    match work.actor.role:
        case Role.NURSE:
            return row.nurse_id == work.actor.id
        case Role.LEAD:
            return row.bydel == work.actor.bydel
        case Role.PRIVACY_OFFICER:
            return True
    return False


def _ground(work: Work) -> Ground:
    if work.actor.role is Role.NURSE:
        return Ground.EMERGENCY
    if work.actor.role not in _REVIEWERS:
        raise NotAllowed("Emergency access is for nurses, and for those who look at it afterwards.")
    return _REVIEWERS[work.actor.role]


def _shown(work: Work, rows: Sequence[EmergencyRow], ground: Ground) -> list[Emergency]:
    open_to_all = [row for row in rows if not _is_protected(work, row.family_id)]
    ciphers = _ciphers(work, open_to_all)
    note_accesses(work, [row.family_id for row in open_to_all], Action.READ, _OBJECT, ground)
    names = display_names(work.session, [UserId(row.nurse_id) for row in rows])
    return [
        _one(work, row, names.get(UserId(row.nurse_id), ""), ciphers.get(row.family_id))
        for row in rows
    ]


def _one(work: Work, row: EmergencyRow, nurse: str, cipher: FamilyCipher | None) -> Emergency:
    body = None if cipher is None else _opened(cipher, row)
    return Emergency(
        id=row.id,
        family_id=row.family_id,
        nurse_id=row.nurse_id,
        nurse=nurse,
        bydel=row.bydel,
        opened_at=row.opened_at,
        until=row.until,
        ended_at=row.ended_at,
        state=_state(work, row),
        reviewed_at=row.reviewed_at,
        verdict=None if row.verdict is None else Verdict(row.verdict),
        reason=None if body is None else body.reason,
        remark=None if body is None else body.remark,
    )


def _state(work: Work, row: EmergencyRow) -> EmergencyState:
    return state_of(row.until, row.ended_at, row.reviewed_at, work.now)


def _is_protected(work: Work, family_id: UUID) -> bool:
    """The family's address is protected now: what was written of it is for its own nurses."""
    family = work.session.get(FamilyRow, family_id)
    return family is None or serving_bydel(work, family) is None


def _ciphers(work: Work, rows: Collection[EmergencyRow]) -> dict[UUID, FamilyCipher]:
    return ciphers_for_keeping(work, {row.family_id for row in rows})


def _sealed(cipher: FamilyCipher, row: EmergencyRow, body: EmergencyBody) -> bytes:
    return cipher.seal(_TABLE, _COLUMN, row.id, row.version, msgspec.json.encode(body))


def _opened(cipher: FamilyCipher, row: EmergencyRow) -> EmergencyBody:
    try:
        content = cipher.open(_TABLE, _COLUMN, row.id, row.version, row.sealed)
    except CannotOpen as error:
        raise Unavailable(
            "record-damaged",
            f"The reason of the emergency access {row.id} does not open: it was damaged or is not "
            "where it was written. Nothing was changed; tell the operator.",
        ) from error
    return msgspec.json.decode(content, type=EmergencyBody)
