"""What is to be done with a row: send its mutation, nothing, or refuse it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from nyefamilier.door.mutations import Mutation
from nyefamilier.families.states import Outcome
from nyefamilier.intake import meaning
from nyefamilier.intake.flaws import Flaw, flaw
from nyefamilier.intake.meaning import Ids
from nyefamilier.intake.register import DELIVERED, Digests, Register
from nyefamilier.intake.rows import Birth, Referral, Row
from nyefamilier.intake.store import Pregnancy
from nyefamilier.kernel.ids import FamilyId


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """What the row says is in the records already."""


Decision: TypeAlias = Mutation | AlreadyThere | Flaw


def decide(row: Row, ids: Ids, digests: Digests, register: Register) -> Decision:
    """What is to be done with *row*, by what is known of its people."""
    if register.has(ids.mutation):
        return AlreadyThere()
    if isinstance(row, Referral):
        return _referral(row, ids, digests, register)
    return _birth(row, ids, digests, register)


def _referral(row: Referral, ids: Ids, digests: Digests, register: Register) -> Decision:
    mother = row.mother.national_id
    families = () if mother is None else register.of(digests[mother])
    if any(one.pregnancy is not None and one.pregnancy.term == row.term for one in families):
        return AlreadyThere()
    if families:
        return flaw("fnr", "family-known")
    return meaning.registration(row, ids)


def _birth(row: Birth, ids: Ids, digests: Digests, register: Register) -> Decision:
    families = register.of(digests[row.mother])
    if not families:
        return flaw("fnr", "unknown-mother")
    fitting = [
        (family_id, one) for family_id, one in families if one is not None and _fits(row, one)
    ]
    if any(one.outcome in DELIVERED and one.ended_on == row.born_on for _, one in fitting):
        return AlreadyThere()
    expecting = [(family_id, one) for family_id, one in fitting if one.outcome is Outcome.EXPECTED]
    if len(expecting) != 1:
        return flaw("termin", "several-pregnancies" if expecting else "no-open-pregnancy")
    wrong = _known_child(row, digests, register)
    if wrong is not None:
        return wrong
    ((family_id, pregnancy),) = expecting
    return meaning.birth(row, ids, FamilyId(family_id), pregnancy.id)


def _fits(row: Birth, one: Pregnancy) -> bool:
    return row.pregnancy in {None, one.id} and row.term in {None, one.term}


def _known_child(row: Birth, digests: Digests, register: Register) -> Flaw | None:
    for number, child in enumerate(row.children, 1):
        if child.national_id is not None and register.of(digests[child.national_id]):
            return flaw(f"barn{number}_fnr", "child-known")
    return None
