"""Turn a row into the one mutation that it means.

Every id in it follows from what the row says, by a digest under a key of the vault: the same row
means the same mutation tomorrow, and nobody without the key can tell from an id what the row said
or which ids belong together.
"""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

import msgspec

from nyefamilier.door.mutations import Mutation, Operation
from nyefamilier.families.intents import (
    MOST_CHILDREN,
    NewAddress,
    NewChild,
    NewMember,
    RecordBirth,
    RegisterFamily,
    RegisterPregnancy,
)
from nyefamilier.families.states import AddressSource
from nyefamilier.intake.rows import Birth, Child, Person, Referral, Row
from nyefamilier.kernel.ids import FamilyId, MutationId
from nyefamilier.offers.intents import MakeOffer
from nyefamilier.vault.vault import Vault

PROGRAMME: Final = "nye_familier"
_POINTERS: Final = {
    "/members/0/national_id": "fnr",
    "/members/1/national_id": "forelder2_fnr",
    "/address/delbydel": "delbydel",
    "/address/lines": "adresse",
    "/address/valid_from": "henvist_dato",
    "/primary_nurse": "helsesykepleier",
    "/term": "termin",
    "/offered_on": "tilbudt_dato",
    "/reason": "begrunnelse",
    "/born_on": "fodt_dato",
    "/homecoming_on": "hjemkomst_dato",
    "/pregnancy_id": "svangerskap",
} | {f"/children/{number}/national_id": f"barn{number + 1}_fnr" for number in range(MOST_CHILDREN)}
"""Where a rule finds something in the mutation, and in which column that stood."""

PREGNANCY: Final = "pregnancy"
_PURPOSE: Final = "import"


def column_of(pointer: str | None) -> str | None:
    """The column of what a rule pointed at in a row's mutation; None where it is the whole row."""
    return None if pointer is None else _POINTERS.get(pointer)


class Ids:
    """The ids of one row's mutation and of the records that it makes."""

    def __init__(self, digest: bytes) -> None:
        self._digest = digest

    @classmethod
    def of(cls, row: Row, vault: Vault) -> Ids:
        """The ids that follow from what *row* says.

        Raises:
            Unavailable: the key provider is away.
        """
        said = msgspec.json.encode([1, type(row).__name__, row])
        return cls(vault.secret_digest(_PURPOSE, said))

    @property
    def mutation(self) -> MutationId:
        """The mutation's id."""
        return MutationId(self.named("mutation"))

    def named(self, what: str, number: int = 0) -> UUID:
        """The id of the record *what*; of several, later ones have greater ids.

        Sources: RFC 9562 section 5.8 (UUIDv8).
        """
        derived = hashlib.blake2b(what.encode(), key=self._digest, digest_size=16).digest()
        value = int.from_bytes(derived[:15] + bytes([number]), "big")
        return UUID(int=value & ~(0xF << 76 | 0b11 << 62) | 0x8 << 76 | 0b10 << 62)


def registration(referral: Referral, ids: Ids) -> Mutation:
    """The mutation that registers a family, its pregnancy and, if there is one, its offer."""
    pregnancy = ids.named(PREGNANCY)
    operations: list[Operation] = [
        _register(referral, ids),
        RegisterPregnancy(pregnancy, referral.term, referral.expected, referral.basis),
    ]
    if referral.offered is not None:
        made = referral.offered
        operations.append(
            MakeOffer(
                ids.named("offer"),
                pregnancy,
                PROGRAMME,
                made.basis,
                made.channel,
                made.on,
                made.reason,
            )
        )
    return Mutation(ids.mutation, FamilyId(ids.named("family")), tuple(operations))


def birth(row: Birth, ids: Ids, family_id: FamilyId, pregnancy_id: UUID) -> Mutation:
    """The mutation that records the birth of a pregnancy's children."""
    children = tuple(_child(child, ids, number) for number, child in enumerate(row.children))
    recorded = RecordBirth(pregnancy_id, row.born_on, children, row.homecoming_on)
    return Mutation(ids.mutation, family_id, (recorded,))


def _register(referral: Referral, ids: Ids) -> RegisterFamily:
    place = referral.residence
    address = NewAddress(
        id=ids.named("address"),
        delbydel=place.delbydel,
        valid_from=referral.referred_on,
        lines=place.lines,
        postal_code=place.postal_code,
        directions=place.directions,
        source=AddressSource.REFERRAL,
        protection=place.protection,
    )
    parents = [referral.mother, *([referral.other] if referral.other else [])]
    members = tuple(_member(one, ids, number) for number, one in enumerate(parents))
    return RegisterFamily(members, address, referral.nurse)


def _member(person: Person, ids: Ids, number: int) -> NewMember:
    number_of = person.national_id
    return NewMember(
        id=ids.named("member", number),
        role=person.role,
        name=person.name,
        national_id=None if number_of is None else number_of.digits,
        national_id_type=None if number_of is None else number_of.type,
        phone=person.phone,
        language=person.language,
        interpreter=person.interpreter,
    )


def _child(child: Child, ids: Ids, number: int) -> NewChild:
    number_of = child.national_id
    return NewChild(
        member_id=ids.named("child", number),
        name=child.name,
        national_id=None if number_of is None else number_of.digits,
        national_id_type=None if number_of is None else number_of.type,
        stillborn=child.stillborn,
    )
