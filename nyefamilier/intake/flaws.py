"""What can be wrong with a row: a code, a column, and words in both languages.

A flaw never repeats what stood in the cell: it goes to a terminal and into logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nyefamilier.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a row.

    Args:
        column: The column's Norwegian name; None where the whole row is concerned.
        code: The stable name of the reason.
        english: What is wrong and how to mend it, for the terminal.
        bokmal: The same, for the file that goes back to whoever sent the list.
    """

    column: str | None
    code: str
    english: str
    bokmal: str


def flaw(column: str | None, code: str, **given: object) -> Flaw:
    """The flaw of that *code*, with what its words need to know (limits, choices; no cell)."""
    english, bokmal = _OURS[code]
    return Flaw(column, code, english.format(**given), bokmal.format(**given))


def refused(column: str | None, refusal: Refusal) -> Flaw:
    """The flaw that a rule of the programme found."""
    bokmal = _OF_RULES.get(refusal.code, refusal.detail)
    return Flaw(column, refusal.code, refusal.detail, bokmal)


_OURS: Final[dict[str, tuple[str, str]]] = {
    "required": ("This must be filled in.", "Må fylles ut."),
    "text-length": (
        "At most {limit} characters. Shorten it.",
        "Høyst {limit} tegn. Kort ned teksten.",
    ),
    "unfit-character": (
        "There is a control character or an invisible one in it. Write it again.",
        "Teksten har et styretegn eller et usynlig tegn. Skriv den på nytt.",
    ),
    "undecodable": (
        "A letter was damaged before the file came here. Write it again.",
        "En bokstav ble ødelagt før fila kom hit. Skriv den på nytt.",
    ),
    "no-such-day": ("There is no such day in the calendar.", "Datoen finnes ikke i kalenderen."),
    "date-form": (
        "Write the day as 31.12.2026 or 2026-12-31.",
        "Skriv datoen som 31.12.2026 eller 2026-12-31.",
    ),
    "two-digit-year": (
        "The year has two digits, which could be two centuries. Write all four.",
        "Årstallet har to sifre og kan bety to århundrer. Skriv alle fire.",
    ),
    "out-of-range": ("This must be {least} to {most}.", "Må være fra {least} til {most}."),
    "unknown-value": ("This must be one of: {choices}.", "Må være en av: {choices}."),
    "delbydel-form": (
        "A delbydel has ten digits, as in 0301111101.",
        "En delbydel har ti sifre, som 0301111101.",
    ),
    "unknown-delbydel": (
        "No delbydel has this code now. 0301999901 stands for no registered address.",
        "Ingen delbydel har denne koden nå. 0301999901 står for uten registrert adresse.",
    ),
    "postal-code-form": ("A postal code has four digits.", "Et postnummer har fire sifre."),
    "unknown-nurse": (
        "There is no active nurse with this username.",
        "Ingen aktiv helsesykepleier har dette brukernavnet.",
    ),
    "nurse-required": (
        "No bydel answers for this address, so name the family's nurse.",
        "Ingen bydel svarer for adressen. Oppgi familiens helsesykepleier.",
    ),
    "pregnancy-form": (
        "A pregnancy's id has 36 characters, as in 0192f0c1-7e3b-7b1a-9d52-0f6b7a3c1e55.",
        "Svangerskapets id har 36 tegn, som 0192f0c1-7e3b-7b1a-9d52-0f6b7a3c1e55.",
    ),
    "without-its-main": (
        "This says something about {main}, which is empty. Fill that in, or empty this.",
        "Dette hører til {main}, som er tom. Fyll ut den, eller tøm denne.",
    ),
    "same-person": (
        "The same national id stands twice in this row.",
        "Samme fødselsnummer står to ganger i raden.",
    ),
    "children-count": (
        "More children are told of than the count says.",
        "Raden forteller om flere barn enn antallet sier.",
    ),
    "ragged-row": (
        "The row has {found} cells and the header {wanted}. A separator is missing or too many.",
        (
            "Raden har {found} felter og overskriften {wanted}. Et skilletegn mangler eller er for "
            "mye."
        ),
    ),
    "quoting": (
        "A quotation mark is opened and not closed, or closed in the middle of a cell.",
        "Et anførselstegn er åpnet og ikke lukket, eller lukket midt i et felt.",
    ),
    "line-too-long": (
        "The line is over {limit} characters. Fetch the row again from the original file.",
        "Linja er over {limit} tegn. Hent raden på nytt fra den opprinnelige fila.",
    ),
    "family-known": (
        (
            "This person is in the records with another term. Register what is new on the family's "
            "page."
        ),
        "Personen er registrert med en annen termin. Registrer det nye på familiens side.",
    ),
    "unknown-mother": (
        "Nobody with this national id is in the records. Import or register the referral first.",
        (
            "Ingen med dette fødselsnummeret er registrert. Importer eller registrer henvisningen "
            "først."
        ),
    ),
    "no-open-pregnancy": (
        "The mother has no open pregnancy that fits this row.",
        "Moren har ikke et åpent svangerskap som passer til raden.",
    ),
    "several-pregnancies": (
        "Several open pregnancies fit. Give the term or the pregnancy's id.",
        "Flere åpne svangerskap passer. Oppgi terminen eller svangerskapets id.",
    ),
    "child-known": (
        "A person with this national id is in the records already.",
        "En person med dette fødselsnummeret er registrert allerede.",
    ),
}

_OF_RULES: Final[dict[str, str]] = {
    "national-id-length": "Et fødselsnummer har 11 sifre, et DUF-nummer 12. Regneark fjerner "
    "gjerne en 0 foran; gjør kolonnen om til tekst.",
    "national-id-type": "Sifrene passer ikke til nummertypen, eller til flere typer. Les nummeret "
    "på nytt, eller oppgi typen.",
    "national-id-check-digits": "Kontrollsifrene stemmer ikke. Et siffer er feil, eller to er "
    "byttet om. Les nummeret på nytt.",
    "real-national-id": "Bare syntetiske numre (måned + 80 eller + 65) tas imot utenfor "
    "produksjon.",
    "term-too-far": "Terminen er mer enn 42 uker fram. Sjekk året.",
    "term-too-old": "Terminen er mer enn fire år tilbake. Sjekk året.",
    "date-in-future": "Det som har skjedd, kan ikke ligge i framtida. Sjekk datoen.",
    "date-too-old": "Datoen ligger lenger tilbake enn dette kan ha skjedd. Sjekk årstallet.",
    "delbydel-missing": "En åpen adresse må ha delbydel. 0301999901 står for uten registrert "
    "adresse.",
    "delbydel-of-protected": "En beskyttet adresse lagres uten delbydel. Tøm feltet.",
    "address-of-protected": "En strengt fortrolig adresse lagres aldri. Tøm feltet og avtal et "
    "møtested.",
    "unknown-nurse": "Ingen aktiv helsesykepleier har dette brukernavnet.",
    "unknown-delbydel": "Ingen delbydel har denne koden nå.",
    "reason-missing": "Et tilbud på grunnlag av utvidet behov må ha en begrunnelse.",
    "birth-before-20-weeks": "Etter terminen er dette en fødsel før uke 20. Sjekk datoen og "
    "terminen; et tap registreres på familiens side.",
    "birth-after-44-weeks": "Etter terminen er dette en fødsel etter uke 44. Sjekk datoen og "
    "terminen.",
    "homecoming-before-birth": "Hjemkomsten er før fødselen. Sjekk datoene.",
    "pregnancy-ended": "Svangerskapet er allerede avsluttet.",
    "text-too-long": "Teksten er for lang. Kort den ned.",
}
