"""What a visit that took place counts as. One visit, told once, counted in several statistics.

Three clocks run: the programme's day 7 to 10, KOSTRA's ten days from birth and KOSTRA's fourteen
days from homecoming. A midwife's visit within three days is another service, counted in none.

Sources: Oslo kommune, helsestasjon for barn 0-5 år (consultation 1 is a home visit on day 7-10);
SSB, KOSTRA skjema 1 (home visit by a public health nurse within 10 days of birth, new in the
reporting for 2025) and KOStat "andel hjemmebesøk innen 14 dager etter hjemkomst"; SSB table 11993
(the midwife's visit is an indicator of its own). docs/protocol.md says what was decided where the
sources are silent.
"""

from __future__ import annotations

from datetime import date, timedelta

PROGRAMME_VISIT = "programvisit"
CONSULTATION_1 = "konsultasjon_1"
KOSTRA_10_DAYS = "kostra_10_dager"
KOSTRA_14_DAYS = "kostra_14_dager"

NEWBORN_7_10 = "nyfodt_7_10"
PREGNANCY_FROM_28 = "svangerskap_fra_28"
UNSCHEDULED = "uplanlagt"

KOSTRA_10_DAYS_FROM = date(2025, 1, 1)
"""The first day of the first year reported with the indicator."""

CONSULTATION_1_LATEST = timedelta(days=21)
"""Decided here: until the week before consultation 2 (4 weeks), a late newborn visit is still the
first consultation. A child who came home late has fourteen days from homecoming."""

_WITHIN_BIRTH = timedelta(days=10)
_WITHIN_HOMECOMING = timedelta(days=14)
_NEWBORN_FROM, _NEWBORN_TO = timedelta(days=7), timedelta(days=10)
_WEEK_28_BEFORE_TERM = timedelta(weeks=12)
_LATEST_BIRTH_AFTER_TERM = timedelta(weeks=3)
_CONSULTATION_KINDS = "konsultasjon_"
_NFP_KINDS = "nfp_"


def counts_as(  # noqa: PLR0913 - the facts of one visit that the definitions ask for
    visit_kind: str,
    on: date,
    born_on: date | None,
    homecoming_on: date | None,
    by_public_health_nurse: bool,  # noqa: FBT001 - named at every call
    *,
    at_home: bool = True,
    first_after_birth: bool = True,
    in_programme: bool = True,
) -> tuple[str, ...]:
    """The statistics that count a visit, in a fixed order; none for a midwife's.

    Args:
        visit_kind: The protocol's kind, or ``avtalt``.
        on: The day on which it took place.
        born_on: The child's birth, if it is born.
        homecoming_on: The day the child came home, if anybody wrote it down.
        by_public_health_nurse: Whether a helsesykepleier made it.
        at_home: Whether it was at the family's home.
        first_after_birth: Whether no other visit of this birth counts as consultation 1; a visit to
            the parents while the child was in hospital does not take its place.
        in_programme: Whether the family was enrolled in a home-visit programme that day.
    """
    # A familiesykepleier of NFP may be a midwife by training; every other programme visit is a
    # helsesykepleier's, so the midwife's own three-day visit falls out here.
    by_programme_nurse = by_public_health_nurse or visit_kind.startswith(_NFP_KINDS)
    counted = []
    if in_programme and by_programme_nurse and not visit_kind.startswith(_CONSULTATION_KINDS):
        counted.append(PROGRAMME_VISIT)
    if by_public_health_nurse and first_after_birth and born_on is not None:
        counted += _newborn(on, born_on, homecoming_on or born_on, at_home=at_home)
    return tuple(counted)


def timed_as(
    on: date, term: date, born_on: date | None, homecoming_on: date | None, *, at_home: bool
) -> tuple[str, ...]:
    """Which of the programme's two days a visit met: from week 28, or day 7 to 10 after birth.

    Unlike consultation 1 it need not be the first after the birth. Nobody visits a newborn at home
    who has not come home.

    Args:
        on: The day on which it took place.
        term: When the child was expected, 40 weeks into the pregnancy.
        born_on: The child's birth, if it is known.
        homecoming_on: The day the child came home, if anybody wrote it down.
        at_home: Whether it was at the family's home.
    """
    if born_on is None or on < born_on:
        may_be = -_LATEST_BIRTH_AFTER_TERM <= term - on <= _WEEK_28_BEFORE_TERM
        return (PREGNANCY_FROM_28,) if may_be else ()
    in_window = _NEWBORN_FROM <= on - born_on <= _NEWBORN_TO
    return (NEWBORN_7_10,) if at_home and in_window and on >= (homecoming_on or born_on) else ()


def _newborn(on: date, born_on: date, home_from: date, *, at_home: bool) -> list[str]:
    """What the first visit after a birth counts as.

    Nobody comes home before the birth, so where nobody wrote down the homecoming, the birth stands
    for it: a visit within fourteen days of the birth is within fourteen of the homecoming.
    """
    if on < home_from:
        return []  # to the parents, while the child was unborn or in hospital
    soon_after_homecoming = on - home_from <= _WITHIN_HOMECOMING
    counted = []
    if on - born_on <= CONSULTATION_1_LATEST or soon_after_homecoming:
        counted.append(CONSULTATION_1)
    if at_home and on - born_on <= _WITHIN_BIRTH and on >= KOSTRA_10_DAYS_FROM:
        counted.append(KOSTRA_10_DAYS)
    if at_home and soon_after_homecoming:
        counted.append(KOSTRA_14_DAYS)
    return counted
