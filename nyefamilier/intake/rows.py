"""What a row says: a referral or a birth, read from its cells with everything that is wrong. Pure.

Two rows that say the same are equal here, however they were written: that is what makes an import
repeatable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from nyefamilier.families.bodies import InterpreterNeed
from nyefamilier.families.national_ids import NationalId
from nyefamilier.families.rules import check_address, check_homecoming, check_past, check_term
from nyefamilier.families.states import MemberRole, Protection
from nyefamilier.intake.cells import Cells, Surroundings
from nyefamilier.intake.columns import CHILDREN, Kind
from nyefamilier.intake.flaws import Flaw
from nyefamilier.intake.values import (
    Bad,
    choice,
    day,
    delbydel,
    identifier,
    postal_code,
    text,
    whole,
    yes,
)
from nyefamilier.offers.states import Basis, Channel

NAME_CHARS: Final = 200
PHONE_CHARS: Final = 32
LANGUAGE_CHARS: Final = 64
ADDRESS_CHARS: Final = 300
DIRECTIONS_CHARS: Final = 1_000
REASON_CHARS: Final = 2_000
USERNAME_CHARS: Final = 64
EXPECTED: Final = 6

_OF_PARENT: Final = ("forelder2_rolle", "forelder2_fnr", "forelder2_telefon")
_OF_OFFER: Final = ("kanal", "begrunnelse")
_OF_INTERPRETER: Final = ("tolk_dialekt", "tolk_kjonn")


class ParentRole(StrEnum):
    """What a second parent is to the family."""

    FATHER = MemberRole.FATHER.value
    CO_MOTHER = MemberRole.CO_MOTHER.value
    GUARDIAN = MemberRole.GUARDIAN.value


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A parent."""

    role: MemberRole
    name: str
    national_id: NationalId | None
    phone: str | None = None
    language: str | None = None
    interpreter: InterpreterNeed | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Residence:
    """Where the family lives."""

    delbydel: str | None
    protection: Protection
    lines: str | None
    postal_code: str | None
    directions: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Offered:
    """The programme has been offered already."""

    on: date
    basis: Basis
    channel: Channel
    reason: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Referral:
    """A family that expects a child."""

    mother: Person
    other: Person | None
    residence: Residence
    term: date
    expected: int
    basis: Basis | None
    referred_on: date
    offered: Offered | None
    nurse: UUID | None


@dataclass(frozen=True, slots=True, repr=False)
class Child:
    """A child that was born."""

    name: str | None
    national_id: NationalId | None
    stillborn: bool


@dataclass(frozen=True, slots=True, repr=False)
class Birth:
    """The children of a pregnancy are born."""

    mother: NationalId
    term: date | None
    pregnancy: UUID | None
    born_on: date
    homecoming_on: date | None
    children: tuple[Child, ...]


Row: TypeAlias = Referral | Birth


def read_row(kind: Kind, values: Mapping[str, str], around: Surroundings) -> Row | list[Flaw]:
    """What a row says, or everything that is wrong with it."""
    cells = Cells(values, around)
    row = _READERS[kind](cells)
    return cells.flaws if row is None or cells.flaws else row


def _referral(cells: Cells) -> Referral | None:
    mother, other = _mother(cells), _other_parent(cells)
    residence = _residence(cells)
    term = cells.get("termin", _term(cells), required=True)
    expected = cells.get("antall_ventet", whole(1, EXPECTED))
    basis = cells.get("grunnlag", choice(Basis))
    referred_on = cells.get("henvist_dato", _past(cells), required=True)
    offered = _offered(cells, basis)
    nurse = cells.get("helsesykepleier", _nurse(cells))
    if mother is None or residence is None or term is None or referred_on is None:
        return None
    _check_followed(cells, residence)
    if other is not None and other.national_id is not None:
        _check_persons(cells, mother.national_id, {"forelder2_fnr": other.national_id})
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


def _term(cells: Cells) -> Callable[[str], date]:
    return _day_that(lambda term: check_term(term, cells.around.today))


def _past(cells: Cells) -> Callable[[str], date]:
    return _day_that(lambda on: check_past(on, cells.around.today, ""))


def _day_that(keeps: Callable[[date], None]) -> Callable[[str], date]:
    def read(cell: str) -> date:
        found = day(cell)
        keeps(found)
        return found

    return read


def _offered(cells: Cells, basis: Basis | None) -> Offered | None:
    cells.belongs(*_OF_OFFER, to="tilbudt_dato")
    on = cells.get("tilbudt_dato", _past(cells))
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


def _birth(cells: Cells) -> Birth | None:
    mother = cells.national_id("fnr", required=True)
    term = cells.get("termin", _term(cells))
    pregnancy = cells.get("svangerskap", identifier)
    born_on = cells.get("fodt_dato", _past(cells), required=True)
    homecoming_on = cells.get("hjemkomst_dato", day)
    children = _children(cells)
    if mother is None or born_on is None:
        return None
    if homecoming_on is not None:
        _check_homecoming(cells, born_on, homecoming_on)
    numbers = {f"barn{number}_fnr": one.national_id for number, one in enumerate(children, 1)}
    _check_persons(cells, mother, numbers)
    return Birth(mother, term, pregnancy, born_on, homecoming_on, children)


def _check_homecoming(cells: Cells, born_on: date, homecoming_on: date) -> None:
    today = cells.around.today
    cells.keeps("hjemkomst_dato", lambda: check_homecoming(born_on, homecoming_on, today))


def _children(cells: Cells) -> tuple[Child, ...]:
    told = max((n for n in range(1, CHILDREN + 1) if _tells_of(cells, n)), default=1)
    counted = cells.get("antall_barn", whole(1, CHILDREN)) or told
    if told > counted:
        cells.note("antall_barn", "children-count")
    return tuple(_child(cells, number) for number in range(1, counted + 1))


def _tells_of(cells: Cells, number: int) -> bool:
    return any(cells.has(f"barn{number}_{part}") for part in ("navn", "fnr", "fnr_type", "dodfodt"))


def _child(cells: Cells, number: int) -> Child:
    return Child(
        cells.get(f"barn{number}_navn", text(NAME_CHARS)),
        cells.national_id(f"barn{number}_fnr"),
        bool(cells.get(f"barn{number}_dodfodt", yes)),
    )


def _check_persons(
    cells: Cells, first: NationalId | None, others: Mapping[str, NationalId | None]
) -> None:
    seen = {first}
    for column, national_id in others.items():
        if national_id is not None and national_id in seen:
            cells.note(column, "same-person")
        seen.add(national_id)


_READERS: Final[dict[Kind, Callable[[Cells], Row | None]]] = {
    Kind.REFERRALS: _referral,
    Kind.BIRTHS: _birth,
}
