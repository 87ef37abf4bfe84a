"""What an actor may want to do to a family: people, pregnancies, addresses, team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nyefamilier.families.bodies import InterpreterNeed
from nyefamilier.families.national_ids import IdType
from nyefamilier.families.states import AddressSource, MemberRole, Outcome, Protection

NAME_CHARS = 200
NATIONAL_ID_CHARS = 20
"""Eleven or twelve digits, and the spaces and hyphens that people write between them."""
PHONE_CHARS = 32
LANGUAGE_CHARS = 64
ADDRESS_CHARS = 300
DIRECTIONS_CHARS = 1_000
HANDOVER_CHARS = 4_000

MOST_MEMBERS = 12
"""The most persons with whom a family is registered."""

MOST_CHILDREN = 6
"""Expected or born at once; a larger number is a slip of the hand."""


@dataclass(frozen=True, slots=True, repr=False)
class NewMember:
    """A person who belongs to the family.

    ``national_id_type`` is one of `national_ids.IdType`; needed where a number's form fits several.
    """

    id: UUID
    role: MemberRole
    name: str
    national_id: str | None = None
    national_id_type: IdType | None = None
    phone: str | None = None
    language: str | None = None
    interpreter: InterpreterNeed | None = None
    born_on: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class NewAddress:
    """Where a family lives and can be visited, from a day on.

    A protected address may lack text and delbydel: the residence is then in no register.
    """

    id: UUID
    delbydel: str | None
    valid_from: date
    lines: str | None = None
    postal_code: str | None = None
    directions: str | None = None
    source: AddressSource = AddressSource.FAMILY
    protection: Protection = Protection.NONE


@dataclass(frozen=True, slots=True, repr=False)
class RegisterFamily:
    """Take a family into the records. A nurse who does it becomes its primary nurse."""

    members: tuple[NewMember, ...]
    address: NewAddress
    primary_nurse: UUID | None = None


@dataclass(frozen=True, slots=True, repr=False)
class AddMember:
    """Add a person to the family."""

    member: NewMember


@dataclass(frozen=True, slots=True, repr=False)
class UpdateMember:
    """Replace what is known of a person, seen at ``base_rev`` of that record.

    ``only`` names the fields that are told, where the others stay as they are. The mutation then
    holds the change and not what somebody else had written, so it is the same when it is repeated.
    ``no_texts`` says that the person wants no texts, or does again; None leaves that as it is.
    """

    member_id: UUID
    base_rev: int
    name: str
    national_id: str | None = None
    national_id_type: IdType | None = None
    phone: str | None = None
    language: str | None = None
    interpreter: InterpreterNeed | None = None
    no_texts: bool | None = None
    only: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, repr=False)
class RegisterPregnancy:
    """A child is expected. ``basis`` says why the family is eligible, if that is known yet."""

    pregnancy_id: UUID
    term: date
    expected: int = 1
    basis: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class NewChild:
    """A child that was born; ``stillborn`` where one of several did not live."""

    member_id: UUID
    name: str | None = None
    national_id: str | None = None
    national_id_type: IdType | None = None
    stillborn: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class RecordBirth:
    """The children of a pregnancy are born."""

    pregnancy_id: UUID
    born_on: date
    children: tuple[NewChild, ...]
    homecoming_on: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class RecordHomecoming:
    """Mother and child came home from hospital."""

    pregnancy_id: UUID
    homecoming_on: date


@dataclass(frozen=True, slots=True, repr=False)
class CorrectTerm:
    """The term is another: an ultrasound moved it, or it was mistyped."""

    pregnancy_id: UUID
    term: date


@dataclass(frozen=True, slots=True, repr=False)
class CorrectBirth:
    """The children were born on another day than was recorded."""

    pregnancy_id: UUID
    born_on: date


@dataclass(frozen=True, slots=True, repr=False)
class RecordLoss:
    """The pregnancy ended without a living child. Closes at once whatever is open."""

    pregnancy_id: UUID
    outcome: Outcome
    on: date


@dataclass(frozen=True, slots=True, repr=False)
class RecordDeath:
    """A member of the family died. Closes at once whatever that leaves without meaning."""

    member_id: UUID
    on: date


@dataclass(frozen=True, slots=True, repr=False)
class SetAddress:
    """The family lives elsewhere, or its address got another protection."""

    address: NewAddress


@dataclass(frozen=True, slots=True, repr=False)
class AssignNurse:
    """Give the family a primary nurse; the one before has no access from then on."""

    team_id: UUID
    nurse_id: UUID


@dataclass(frozen=True, slots=True, repr=False)
class CoverNurse:
    """Let another nurse cover for the primary one, until and including a day."""

    team_id: UUID
    nurse_id: UUID
    until: date


@dataclass(frozen=True, slots=True, repr=False)
class MoveFamily:
    """The family moves: a new address, and a new team where the bydel changes.

    Without ``to_nurse`` a family that changes bydel waits for its new lead to assign one. Within
    the bydel its nurse stays.
    """

    move_id: UUID
    address: NewAddress
    to_nurse: UUID | None = None
    team_id: UUID | None = None
    summary: str | None = None
