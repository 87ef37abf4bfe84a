"""The columns of the lists that can be imported, and how a header is matched to them.

Documented for those who write the lists in docs/import.md; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from nyefamilier.families.intents import MOST_CHILDREN
from nyefamilier.kernel.errors import Malformed

LINE, COLUMN, REASON = "feil_linje", "feil_kolonne", "feil"
ERROR_COLUMNS: Final = (LINE, COLUMN, REASON)
"""First in a file of rejected rows; ignored when that is read again."""


class Kind(StrEnum):
    """What a list is about."""

    REFERRALS = "referrals"
    BIRTHS = "births"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its Norwegian name and its English alias; *required* in the header."""

    name: str
    alias: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """A header that was understood: each place's column, None where it is to be ignored."""

    cells: tuple[str, ...]
    places: tuple[str | None, ...]


REFERRALS: Final = (
    Column("navn", "name", required=True),
    Column("fnr", "national_id", required=True),
    Column("fnr_type", "national_id_type"),
    Column("telefon", "phone"),
    Column("sprak", "language"),
    Column("tolkesprak", "interpreter_language"),
    Column("tolk_dialekt", "interpreter_dialect"),
    Column("tolk_kjonn", "interpreter_gender"),
    Column("forelder2_rolle", "parent2_role"),
    Column("forelder2_navn", "parent2_name"),
    Column("forelder2_fnr", "parent2_national_id"),
    Column("forelder2_fnr_type", "parent2_national_id_type"),
    Column("forelder2_telefon", "parent2_phone"),
    Column("delbydel", "subdistrict", required=True),
    Column("adresse", "address"),
    Column("postnummer", "postal_code"),
    Column("veibeskrivelse", "directions"),
    Column("adressebeskyttelse", "protection"),
    Column("termin", "term", required=True),
    Column("antall_ventet", "expected"),
    Column("grunnlag", "basis"),
    Column("henvist_dato", "referred_on", required=True),
    Column("tilbudt_dato", "offered_on"),
    Column("kanal", "channel"),
    Column("begrunnelse", "reason"),
    Column("helsesykepleier", "nurse"),
)

BIRTHS: Final = (
    Column("fnr", "national_id", required=True),
    Column("fnr_type", "national_id_type"),
    Column("termin", "term"),
    Column("svangerskap", "pregnancy"),
    Column("fodt_dato", "born_on", required=True),
    Column("hjemkomst_dato", "homecoming_on"),
    Column("antall_barn", "children"),
    *(
        Column(f"barn{number}_{norwegian}", f"child{number}_{english}")
        for number in range(1, MOST_CHILDREN + 1)
        for norwegian, english in (
            ("navn", "name"),
            ("fnr", "national_id"),
            ("fnr_type", "national_id_type"),
            ("dodfodt", "stillborn"),
        )
    ),
)

LAYOUTS: Final = {Kind.REFERRALS: REFERRALS, Kind.BIRTHS: BIRTHS}

_FOLD: Final = str.maketrans({"æ": "ae", "ø": "o", "å": "a", " ": "_", "-": "_"})


def recognised(cells: Sequence[str], kind: Kind) -> int:
    """How many of a header's cells name a column."""
    known = _names(kind)
    return sum(folded(cell) in known for cell in cells)


def header(cells: Sequence[str], kind: Kind) -> Header:
    """What stands in which place.

    Raises:
        Malformed: ``import-columns``: no header, or unknown, repeated or missing columns; says
            which, and what is known.
    """
    known = _names(kind)
    places = [known.get(folded(cell)) for cell in cells]
    if not any(places):
        # The first line may be somebody's data: not a word of it is repeated.
        raise _refuse("The first line names no column that is known here.", kind)
    unknown = [
        _shown(number, cell)
        for number, (cell, place) in enumerate(zip(cells, places, strict=True), 1)
        if place is None
    ]
    if unknown:
        raise _refuse(f"These columns are not known: {', '.join(unknown)}.", kind)
    repeated = sorted({place for place in places if place and places.count(place) > 1})
    if repeated:
        raise _refuse(f"These columns stand there twice: {', '.join(repeated)}.", kind)
    missing = [one.name for one in LAYOUTS[kind] if one.required and one.name not in places]
    if missing:
        raise _refuse(f"These columns are missing: {', '.join(missing)}.", kind)
    return Header(tuple(cells), tuple(None if p in ERROR_COLUMNS else p for p in places))


def folded(text: str) -> str:
    """A name as it is compared: without case, space, hyphen or the letters beyond ASCII."""
    return text.strip().casefold().translate(_FOLD)


def _names(kind: Kind) -> dict[str, str]:
    errors = {name: name for name in ERROR_COLUMNS}
    columns = LAYOUTS[kind]
    return errors | {n: one.name for one in columns for n in (one.alias, one.name)}


def _shown(number: int, cell: str) -> str:
    """A column by its place, and by its name where that looks like one and not like data."""
    name = folded(cell)
    is_name = name.isascii() and name.isidentifier() and len(name) <= 40
    many_digits = sum(character.isdigit() for character in name) > 2
    return f"{name} (number {number})" if is_name and not many_digits else f"number {number}"


def _refuse(what: str, kind: Kind) -> Malformed:
    known = ", ".join(
        f"{one.name}{'*' if one.required else ''} ({one.alias})" for one in LAYOUTS[kind]
    )
    return Malformed(
        "import-columns",
        f"{what} A list of {kind} has these columns, those with * always: {known}.",
    )
