"""Where the assumptions that the programme ships with are from, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.web.texts import LazyText, _l

SOURCES: Final[Mapping[str, LazyText]] = {
    "births_factor": _l(
        "judgement: Oslo's births fell by more than 1 000 (11 %) from 2021 to 2022 "
        "(Aftenposten, February 2023); most years differ by less than 5 %"
    ),
    "first_birth_factor": _l(
        "judgement on each bydel's estimated share of first births; about half of Oslo's "
        "births are first births (SSB, births of 2004 by marital status)"
    ),
    "first_together_share": _l(
        "judgement: of births that are not first births, those that are the couple's first together"
    ),
    "first_in_norway_share": _l(
        "judgement: of births that are not first births, those that are the first in Norway"
    ),
    "extended_need_share": _l(
        "judgement: of births that are not first births, those whose nurse finds an extended need"
    ),
    "uptake": _l(
        "Oslo kommune, press release on the budget of 2017: 83 % in Stovner said yes; the"
        " denominator is not defined, the range is judgement"
    ),
    "uptake_between_bydeler": _l("judgement: the standard deviation of uptake between bydeler"),
    "nfp_share": _l(
        "calculated: about 237 families in five areas from 2016 to 2020 (bufdir.no) are "
        "10 to 12 a year in each, of 200 to 600 who could be asked"
    ),
    "visits_pregnancy": _l(
        "one visit from week 28 (Prosjektbanken 282167); some join later: judgement"
    ),
    "visits_newborn": _l(
        "one visit 7 to 10 days after birth (Oslo kommune, helsestasjon 0-5 år); the "
        "range is judgement"
    ),
    "visits_first_half_year": _l(
        "judgement: Stovner's 1 109 visits to 222 families (doi 10.21203/rs.2.20131/v1) "
        "are 5.0 each, spread over the phases"
    ),
    "visits_second_half_year": _l("judgement, as visits_first_half_year"),
    "visits_second_year": _l("judgement, as visits_first_half_year"),
    "visits_factor": _l(
        "judgement: how much of the pilot's number of visits ordinary operation gives; 14"
        " 920 visits to 5 692 families in 2016-2019 (ivarjohansen.no 7227) are 2.6 each, "
        "many of them not yet through"
    ),
    "minutes_visit": _l(
        "visits are counted from one hour on (ivarjohansen.no 7227); the rest is judgement"
    ),
    "minutes_travel": _l("judgement, both ways; no travel times are published"),
    "minutes_notes": _l(
        "judgement: nurses spend about 120 minutes a day in the record (sykepleien.no, "
        "node 96799), on about four meetings"
    ),
    "minutes_interpreter": _l("judgement: a visit of 60 minutes takes 90 with an interpreter"),
    "interpreter_share": _l("judgement: visits that need an interpreter"),
    "supervision_share": _l(
        "judgement: of a nurse's hours; relational work depends on guidance (doi 10.1002/nop2.1996)"
    ),
    "moves_between_bydeler": _l(
        "calculated: 204 of 3 368 under five moved to another bydel from Alna in 2017 "
        "(oslokommune/bydelsfakta, a file named mock whose totals equal official figures)"
    ),
    "moves_out_of_the_city": _l(
        "calculated: 307 of 3 368 under five moved out of Oslo from Alna in 2017 (as "
        "moves_between_bydeler)"
    ),
    "withdrawals": _l(
        "judgement: families that want no more visits, and losses; no figure is published"
    ),
    "hours_per_arsverk": _l(
        "calculated: 52 weeks of 37.5 hours less five weeks of holiday and ten public holidays"
    ),
    "holiday_in_july": _l(
        "judgement: of the five weeks off; three weeks can be demanded from June to "
        "September (ferieloven § 7). What is taken in other months is spread over their "
        "working days"
    ),
    "programme_share": _l(
        "calculated: 6 077 visits of 2019 (ivarjohansen.no 7227) at 2.2 hours are a "
        "quarter of the hours of the 35 årsverk budgeted (ivarjohansen.no 6775); the rest"
        " is clinic and other work"
    ),
    "leave_share": _l("judgement: sick leave and other leave that nobody stands in for"),
    "turnover": _l("judgement"),
    "cost_per_arsverk": _l(
        "judgement: wage, pension, employer's contribution and place of work, at the prices of 2017"
    ),
    "cost_per_visit": _l("judgement: travel and material"),
    "cost_per_interpreted_visit": _l("judgement: an interpreter's fee for a visit"),
    "cost_of_starting": _l("judgement: training and equipment when a bydel starts"),
    "price_growth": _l("judgement: yearly growth of wages and prices in municipalities"),
}
"""By the name of the assumption; what a plan assumes otherwise has its own source."""
