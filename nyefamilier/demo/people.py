"""Synthetic people: names that nobody bears, numbers that nobody has, streets that are nowhere.

Names are an adjective and a noun, as in Skatteetaten's synthetic population (Tenor). National ids
have their month plus 80. Phone numbers begin with 0, which no Norwegian subscriber's does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from uuid import UUID

from nyefamilier.bydeler.reading import packaged_boundaries
from nyefamilier.demo import reference
from nyefamilier.demo.lives import Life
from nyefamilier.families.bodies import InterpreterNeed
from nyefamilier.families.intents import NewAddress, NewChild, NewMember
from nyefamilier.families.national_ids import IdType, synthetic
from nyefamilier.families.states import AddressSource, MemberRole, Protection
from nyefamilier.kernel.ids import BydelNumber

_ADJECTIVES = [
    "Rask",
    "Stille",
    "Blid",
    "Lun",
    "Varm",
    "Klok",
    "Modig",
    "Glad",
    "Rolig",
    "Mild",
    "Frisk",
    "Kvikk",
    "Trygg",
    "Lys",
    "Myk",
    "Snill",
    "Munter",
    "Våken",
    "Tapper",
    "Sindig",
    "Vennlig",
    "Stødig",
    "Ekte",
    "Nøysom",
    "Livlig",
    "Ærlig",
    "Sprek",
    "Lystig",
    "Hjertelig",
    "Omtenksom",
    "Undrende",
    "Morgenfrisk",
    "Tålmodig",
    "Raus",
    "Freidig",
    "Spent",
    "Nysgjerrig",
    "Ivrig",
    "Drømmende",
    "Solvarm",
]
_NOUNS = [
    "Bjørk",
    "Fjell",
    "Elv",
    "Stein",
    "Furu",
    "Lyng",
    "Sjø",
    "Bekk",
    "Eng",
    "Gran",
    "Kvist",
    "Løv",
    "Myr",
    "Vind",
    "Sky",
    "Rogn",
    "Tyttebær",
    "Blåklokke",
    "Hvitveis",
    "Ugle",
    "Rev",
    "Gaupe",
    "Trost",
    "Lerke",
    "Spurv",
    "Tiur",
    "Oter",
    "Hare",
    "Ekorn",
    "Laks",
    "Ørret",
    "Skjell",
    "Odde",
    "Vik",
    "Haug",
    "Dal",
    "Kilde",
    "Hassel",
    "Selje",
    "Multe",
    "Linerle",
    "Svale",
    "Elg",
    "Rype",
    "Mose",
    "Bregne",
    "Smørblomst",
]
_SMALL = [
    "Liten",
    "Bitteliten",
    "Fersk",
    "Ny",
    "Søt",
    "Bløt",
    "Mjuk",
    "Duggfrisk",
    "Spinkel",
    "Rund",
]
_STREETS = (
    "Prøveveien",
    "Eksempelgata",
    "Oppdiktveien",
    "Liksomgata",
    "Tenkebakken",
    "Påfunnveien",
    "Testløkka",
    "Modellveien",
)
_CO_MOTHERS = 0.03
_ALONE = 0.07
_WITH_NATIONAL_ID = 0.92
_GENDER_WISH = 0.2


@dataclass(frozen=True, slots=True)
class Household:
    """Who a family's adults are."""

    mother: NewMember
    partner: NewMember | None

    @property
    def adults(self) -> tuple[NewMember, ...]:
        """Mother, and the other parent if there is one."""
        return (self.mother,) if self.partner is None else (self.mother, self.partner)

    @property
    def interpreter(self) -> InterpreterNeed | None:
        """The interpreter that a visit needs."""
        return self.mother.interpreter


def household(life: Life, rng: Random, ids: tuple[UUID, UUID]) -> Household:
    """A mother and, nearly always, a father or co-mother."""
    known = life.identified
    language, interpreter = _language(life.bydel, rng)
    if life.speaks is not None:
        language, interpreter = life.speaks, InterpreterNeed(life.speaks)
    mother = NewMember(
        ids[0],
        MemberRole.MOTHER,
        adult_name(rng),
        national_id=_national_id(known, rng),
        national_id_type=None,
        phone=_phone(rng),
        language=language,
        interpreter=interpreter,
    )
    if rng.random() < _ALONE:
        return Household(mother, None)
    role = MemberRole.CO_MOTHER if rng.random() < _CO_MOTHERS else MemberRole.FATHER
    partner = NewMember(
        ids[1],
        role,
        adult_name(rng),
        national_id=_national_id(known, rng),
        phone=_phone(rng),
        language=language,
    )
    return Household(mother, partner)


def child(member_id: UUID, born: date, rng: Random) -> NewChild:
    """A child with a name and a synthetic number."""
    name = f"{rng.choice(_SMALL)} {rng.choice(_NOUNS)}"
    return NewChild(member_id, name, synthetic(born, rng).digits, IdType.SYNTHETIC_80)


def address(
    bydel: BydelNumber,
    on: date,
    rng: Random,
    address_id: UUID,
    protection: Protection = Protection.NONE,
) -> NewAddress:
    """Somewhere in the bydel; nowhere that anybody may know, if it is protected."""
    if protection is Protection.STRICTLY_CONFIDENTIAL:
        return NewAddress(address_id, None, on, protection=protection)
    lines = f"{rng.choice(_STREETS)} {rng.randint(1, 120)}"
    is_open = protection is Protection.NONE
    return NewAddress(
        address_id,
        _delbydel(bydel, on, rng) if is_open else None,
        on,
        lines=lines,
        postal_code=f"0{bydel}{rng.randint(0, 9)}",
        directions=rng.choice(reference.words()["vei"]) if rng.random() < 0.15 else None,
        source=AddressSource.FAMILY,
        protection=protection,
    )


def adult_name(rng: Random) -> str:
    """An adjective and a noun."""
    return f"{rng.choice(_ADJECTIVES)} {rng.choice(_NOUNS)}"


def _national_id(known: date, rng: Random) -> str | None:
    if rng.random() > _WITH_NATIONAL_ID:
        return None
    age = timedelta(days=rng.randint(21 * 365, 41 * 365))
    return synthetic(known - age, rng).digits


def _phone(rng: Random) -> str:
    return f"0{rng.randrange(10**7):07}"


def _language(bydel: BydelNumber, rng: Random) -> tuple[str, InterpreterNeed | None]:
    if rng.random() > reference.assumed()[bydel].other_language:
        return "nb", None
    known = reference.languages()
    spoken = rng.choices(known, [one.share for one in known])[0]
    if rng.random() > spoken.interpreter:
        return spoken.code, None
    wish = "kvinne" if rng.random() < _GENDER_WISH else None
    return spoken.code, InterpreterNeed(spoken.code, gender_wish=wish)


def _delbydel(bydel: BydelNumber, on: date, rng: Random) -> str:
    return rng.choice(_delbydeler(bydel, on.year))


@cache
def _delbydeler(bydel: BydelNumber, year: int) -> tuple[str, ...]:
    """The delbydeler of a bydel: codes change with a new year, never within one."""
    known = packaged_boundaries().delbydeler_in(bydel, date(year, 1, 1))
    return tuple(str(one.code) for one in known)
