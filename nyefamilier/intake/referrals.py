"""Read a referral from its cells, with everything that is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final
from uuid import UUID

from nyefamilier.families.bodies import InterpreterNeed
from nyefamilier.families.intents import (
    ADDRESS_CHARS,
    DIRECTIONS_CHARS,
    LANGUAGE_CHARS,
    MOST_CHILDREN,
    NAME_CHARS,
    PHONE_CHARS,
)
from nyefamilier.families.rules import check_address
from nyefamilier.families.states import MemberRole, Protection
from nyefamilier.intake.cells import Cells
from nyefamilier.intake.checks import check_done, check_persons, past, term_of
from nyefamilier.intake.rows import Offered, Person, Referral, Residence
from nyefamilier.intake.values import Bad, choice, delbydel, postal_code, text, whole
from nyefamilier.offers.intents import REASON_CHARS
from nyefamilier.offers.states import Basis, Channel

_OF_PARENT: Final = ("forelder2_rolle", "forelder2_fnr", "forelder2_telefon")
_OF_OFFER: Final = ("kanal", "begrunnelse")
_OF_INTERPRETER: Final = ("tolk_dialekt", "tolk_kjonn")


class ParentRole(StrEnum):
    """What a second parent is to the family."""

    FATHER = MemberRole.FATHER.value
    CO_MOTHER = MemberRole.CO_MOTHER.value
    GUARDIAN = MemberRole.GUARDIAN.value


def read_referral(cells: Cells) -> Referral | None:
    """What the row says; None if it says too little to be a referral."""
    mother, other = _mother(cells), _other_parent(cells)
    residence = _residence(cells)
    term = cells.get("termin", term_of(cells), required=True)
    expected = cells.get("antall_ventet", whole(1, MOST_CHILDREN))
    basis = cells.get("grunnlag", choice(Basis))
    referred_on = cells.get("henvist_dato", past(cells), required=True)
    offered = _offered(cells, basis)
    nurse = cells.get("helsesykepleier", _nurse(cells))
    if mother is None or residence is None or term is None or referred_on is None:
        return None
    _check_followed(cells, residence)
    offered_on = {} if offered is None else {"tilbudt_dato": offered.on}
    check_done(cells, term, {"henvist_dato": referred_on} | offered_on)
    if other is not None and other.national_id is not None:
        check_persons(cells, mother.national_id, {"forelder2_fnr": other.national_id})
    return Referral(
        mother, other, residence, term, expected or 1, basis, referred_on, offered, nurse
    )


def _mother(cells: Cells) -> Person | None:
    name = cells.get("navn", text(NAME_CHARS), required=True)
    national_id = cells.national_id("fnr")
    phone = cells.get("telefon", text(PHONE_CHARS))
    language = cells.get("sprak", text(LANGUAGE_CHARS))
    interpreter = _interpreter(cells)
    if name is None:
        return None
    return Person(MemberRole.MOTHER, name, national_id, phone, language, interpreter)


def _interpreter(cells: Cells) -> InterpreterNeed | None:
    cells.belongs(*_OF_INTERPRETER, to="tolkesprak")
    language = cells.get("tolkesprak", text(LANGUAGE_CHARS))
    dialect, gender = (cells.get(column, text(LANGUAGE_CHARS)) for column in _OF_INTERPRETER)
    return None if language is None else InterpreterNeed(language, dialect, gender)


def _other_parent(cells: Cells) -> Person | None:
    cells.belongs(*_OF_PARENT, to="forelder2_navn")
    name = cells.get("forelder2_navn", text(NAME_CHARS))
    role = cells.get("forelder2_rolle", choice(ParentRole), required=name is not None)
    national_id = cells.national_id("forelder2_fnr")
    phone = cells.get("forelder2_telefon", text(PHONE_CHARS))
    if name is None or role is None:
        return None
    return Person(MemberRole(role), name, national_id, phone)


def _residence(cells: Cells) -> Residence | None:
    before = len(cells.flaws)
    protection = cells.get("adressebeskyttelse", choice(Protection))
    residence = Residence(
        cells.get("delbydel", delbydel(cells.around.knows_delbydel)),
        protection or Protection.NONE,
        cells.get("adresse", text(ADDRESS_CHARS, lines=True)),
        cells.get("postnummer", postal_code),
        cells.get("veibeskrivelse", text(DIRECTIONS_CHARS, lines=True)),
    )
    if len(cells.flaws) == before:
        _check_residence(cells, residence)
    return residence if len(cells.flaws) == before else None


def _check_residence(cells: Cells, residence: Residence) -> None:
    strict = residence.protection is Protection.STRICTLY_CONFIDENTIAL
    at = "adresse" if strict and residence.delbydel is None else "delbydel"
    # The postal code and the way there would tell a strictly confidential address as well.
    told = residence.lines or (residence.postal_code or residence.directions if strict else None)
    cells.keeps(at, lambda: check_address(residence.delbydel, told, residence.protection))


def _check_followed(cells: Cells, residence: Residence) -> None:
    code = residence.delbydel
    served = code is not None and cells.around.is_served(code)
    if not served and not cells.has("helsesykepleier"):
        cells.note("helsesykepleier", "nurse-required")


def _offered(cells: Cells, basis: Basis | None) -> Offered | None:
    cells.belongs(*_OF_OFFER, to="tilbudt_dato")
    on = cells.get("tilbudt_dato", past(cells))
    offered, extended = on is not None, basis is Basis.EXTENDED_NEED
    channel = cells.get("kanal", choice(Channel), required=offered)
    reason = cells.get("begrunnelse", text(REASON_CHARS, lines=True), required=offered and extended)
    if offered and not cells.has("grunnlag"):
        cells.note("grunnlag", "required")
    return None if not on or not basis or not channel else Offered(on, basis, channel, reason)


def _nurse(cells: Cells) -> Callable[[str], UUID]:
    def read(cell: str) -> UUID:
        nurse = cells.around.nurses.get(cell.casefold())
        if nurse is None:
            raise Bad("unknown-nurse")
        return nurse

    return read
