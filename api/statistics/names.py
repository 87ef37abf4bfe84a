"""What tabulations are called. docs/indicators.md says exactly what each counts."""

from __future__ import annotations

from typing import Final, NamedTuple

from nyefamilier.uptake.tabulations import Clock


class Name(NamedTuple):
    """A name in bokmål and in English."""

    nb: str
    en: str


NAMES: Final = {
    "uptake": Name("oppslutning og rekkevidde", "uptake and reach"),
    "uptake_by_tertial": Name(
        "oppslutning og rekkevidde etter tertial", "uptake and reach by tertial"
    ),
    "uptake_by_language": Name(
        "oppslutning og rekkevidde etter språkgruppe", "uptake and reach by language group"
    ),
    "uptake_by_basis": Name(
        "oppslutning og rekkevidde etter grunnlag", "uptake and reach by basis"
    ),
    "answered_in_time": Name("svar innen 14 dager", "answers within 14 days"),
    "offer_to_visit": Name(
        "tid fra tilbud til første besøk", "time from the offer to the first visit"
    ),
    "funnel": Name("fra fødsel til besøk", "from birth to visit"),
    "active": Name("fortsatt med ved 3, 12 og 24 måneder", "still active at 3, 12 and 24 months"),
    "pregnancy_visit": Name("besøk i svangerskapet", "visit in pregnancy"),
    "newborn_visit": Name("hjemmebesøk på dag 7 til 10", "home visit on day 7 to 10"),
    "newborn_visit_by_tertial": Name(
        "hjemmebesøk på dag 7 til 10 etter tertial", "home visit on day 7 to 10 by tertial"
    ),
    "kostra_10": Name(
        "hjemmebesøk innen 10 dager etter fødselen", "home visit within 10 days of birth"
    ),
    "kostra_14": Name(
        "hjemmebesøk innen 14 dager etter hjemkomst", "home visit within 14 days of homecoming"
    ),
    "dose": Name("besøk per familie", "visits per family"),
    "followed_by_nfp": Name(
        "følges av Sammen på vei (NFP) i stedet", "followed by Sammen på vei (NFP) instead"
    ),
    "kostra_10_by_language": Name(
        "hjemmebesøk innen 10 dager etter fødselen, etter språkgruppe",
        "home visit within 10 days of birth by language group",
    ),
    "visits": Name("besøk og varighet", "visits and their length"),
    "continuity": Name("besøk av egen helsesykepleier", "visits by the family's own nurse"),
    "continuity_by_tertial": Name(
        "besøk av egen helsesykepleier etter tertial", "visits by the family's own nurse by tertial"
    ),
    "other_parent": Name("far eller medmor til stede", "father or co-mother there"),
    "interpreter": Name("tolk ved besøkene", "interpreters at the visits"),
    "planning": Name("planlagte og uplanlagte besøk", "planned and unplanned visits"),
    "families_visited": Name("besøkte familier", "families visited"),
    "needs": Name("foreldrenes behov", "parents' needs"),
    "needs_by_theme": Name("foreldrenes behov etter tema", "parents' needs by theme"),
}
"""Of every tabulation."""

NOBODY: Final = {
    Clock.IDENTIFIED: "no families yet",
    Clock.BORN: "no families yet",
    Clock.VISITED: "no visits yet",
    Clock.STATED: "no needs yet",
}
"""What is said of a line that counts nobody."""


def name_of(tabulation: str) -> Name:
    """The name of a tabulation; its id, while nobody has named it."""
    return NAMES.get(tabulation, Name(tabulation, tabulation))
