"""What each column of a published table counts, over what the facts add up to.

A family is in the first part of a split whose condition holds, and in the last if none does; so the
parts leave nobody out and count nobody twice. docs/indicators.md says the same in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, SQLColumnExpression, func, true

from nyefamilier.offers.states import Answer, EnrolmentState
from nyefamilier.uptake.tables import NeedCount, Participation, VisitCount

Condition: TypeAlias = ColumnElement[bool]
Split: TypeAlias = Mapping[str, Condition]
"""The leaves of a split in the order in which they are asked for, the last for whoever is left."""
Sums: TypeAlias = Mapping[str, SQLColumnExpression[Any]]

_OFFERED: Final = Participation.offered.is_not(None)
_ACCEPTED: Final = _OFFERED & (Participation.answer == Answer.YES)
_REACHED: Final = Participation.visits > 0
_LEFT: Final = true()
_AGES: Final = (3, 12, 24)
"""The ages in months at which it is asked who is active."""

_ELIGIBLE: Final = Participation.basis.is_not(None) & Participation.covered.is_(False)

ROOTS: Final[Mapping[str, Condition]] = {
    "eligible": _ELIGIBLE,
    "offered": _ELIGIBLE & _OFFERED,
    "accepted": _ELIGIBLE & _ACCEPTED,
    "reached": _ELIGIBLE & _REACHED,
    "born": _ELIGIBLE,
    "covered_by_nfp": Participation.covered.is_(True),
}
"""Whom a table of families counts, by its root; a table of births counts those who are born."""

_ANSWERS: Final[Split] = {
    "not_offered": Participation.offered.is_(None),
    "accepted": Participation.answer == Answer.YES,
    "declined": Participation.answer == Answer.NO,
    "later": Participation.answer == Answer.LATER,
    "unanswered": _LEFT,
}
_UPTAKE: Final[tuple[Split, ...]] = (_ANSWERS, {"reached": _REACHED, "not_reached": _LEFT})
_FUNNEL: Final[Split] = {
    "not_offered": Participation.offered.is_(None),
    "visited": (Participation.answer == Answer.YES) & _REACHED,
    "not_visited": Participation.answer == Answer.YES,
    **{code: _ANSWERS[code] for code in ("declined", "later", "unanswered")},
}
_WEEKS: Final[Split] = {
    "weeks_unknown": Participation.first_weeks.is_(None),
    "weeks_0_4": Participation.first_weeks <= 4,
    "weeks_5_8": Participation.first_weeks <= 8,
    "weeks_9_or_more": _LEFT,
}
_IN_PREGNANCY: Final[Split] = {
    "in_pregnancy": Participation.in_pregnancy.is_(True),
    "accepted_after_birth": Participation.after_birth.is_(True)
    | (Participation.answered > Participation.born),
    "not_in_pregnancy": _LEFT,
}
_DOSE: Final[Split] = {
    "visits_0": Participation.visits == 0,
    "visits_1": Participation.visits == 1,
    "visits_2_3": Participation.visits <= 3,
    "visits_4_6": Participation.visits <= 6,
    "visits_7_or_more": _LEFT,
}


def families(today: date) -> Mapping[str, tuple[Split, ...]]:
    """The splits of each table of families, as of the day of the release."""
    ten_days = _late(today, timedelta(days=10))
    newborn = ({"too_early": Participation.born > ten_days, **_in_time(Participation.newborn)},)
    kostra_10 = ({"too_early": Participation.born > ten_days, **_in_time(Participation.kostra_10)},)
    return {
        **dict.fromkeys(
            ("uptake", "uptake_by_tertial", "uptake_by_language", "uptake_by_basis"), _UPTAKE
        ),
        "answered_in_time": (_answered_in_time(today),),
        "offer_to_visit": (_WEEKS,),
        "funnel": (_FUNNEL,),
        "active": (_active(today),),
        "pregnancy_visit": (_IN_PREGNANCY,),
        "newborn_visit": newborn,
        "newborn_visit_by_tertial": newborn,
        "kostra_10": kostra_10,
        "kostra_10_by_language": kostra_10,
        "kostra_14": (_kostra_14(today),),
        "dose": (_DOSE,),
        "followed_by_nfp": ({"covered_by_nfp": _LEFT},),
    }


_NEEDS: Final[Sums] = {
    "not_reviewed": NeedCount.stated - NeedCount.reviewed,
    "met": NeedCount.met,
    "no_longer_wished": NeedCount.no_longer_wished,
    "still_open": NeedCount.reviewed - NeedCount.met - NeedCount.no_longer_wished,
}
_CONTINUITY: Final[Sums] = {
    "own_nurse": VisitCount.own_nurse,
    "another_nurse": VisitCount.programme_visits - VisitCount.own_nurse,
}
SUMS: Final[Mapping[str, Sums]] = {
    "visits": {
        "at_least_an_hour": VisitCount.counted_visits,
        "shorter": VisitCount.programme_visits - VisitCount.counted_visits,
    },
    "continuity": _CONTINUITY,
    "continuity_by_tertial": _CONTINUITY,
    "other_parent": {
        "other_parent_there": VisitCount.other_parent,
        "other_parent_not_there": VisitCount.programme_visits - VisitCount.other_parent,
    },
    "interpreter": {
        "qualified": VisitCount.qualified,
        "unqualified": VisitCount.unqualified,
        "absent": VisitCount.absent,
        "not_needed": VisitCount.programme_visits
        - VisitCount.qualified
        - VisitCount.unqualified
        - VisitCount.absent,
    },
    "planning": {
        "planned": VisitCount.programme_visits - VisitCount.unscheduled,
        "unscheduled": VisitCount.unscheduled,
    },
    "needs": _NEEDS,
    "needs_by_theme": _NEEDS,
}
"""What each table of visits or of needs adds up."""


def _answered_in_time(today: date) -> Split:
    fortnight = _late(today, timedelta(days=14))
    return {
        "too_early": Participation.offered > fortnight,
        "within_14_days": Participation.in_time.is_(True),
        "not_within_14_days": _LEFT,
    }


def _kostra_14(today: date) -> Split:
    fortnight = _late(today, timedelta(days=14))
    from_home = Participation.home.is_not(None) & (Participation.home > fortnight)
    return {
        "too_early": (Participation.born > fortnight) | from_home,
        "in_time": Participation.kostra_14.is_(True),
        "homecoming_unknown": Participation.home.is_(None),
        "not_in_time": _LEFT,
    }


def _active(today: date) -> Split:
    """Age first, so that who left early is in no share before those who stayed can be in it."""
    split: dict[str, Condition] = {}
    this_month = today.replace(day=1)
    for months in _AGES:
        turned = Participation.born + _months(months)
        ended = Participation.ended_month < turned
        split[f"younger_than_{months}"] = turned >= this_month
        split[f"left_before_{months}"] = ended & (Participation.ended == EnrolmentState.WITHDRAWN)
        split[f"moved_or_lost_before_{months}"] = ended & Participation.ended.in_(
            (EnrolmentState.MOVED_OUT, EnrolmentState.ENDED_BY_LOSS)
        )
    return {**split, f"active_{_AGES[-1]}": _LEFT}


def _in_time(mark: SQLColumnExpression[bool]) -> Split:
    return {"in_time": mark.is_(True), "not_in_time": _LEFT}


def _months(number: int) -> ColumnElement[Any]:
    return func.make_interval(0, number)


def _late(today: date, wait: timedelta) -> date:
    """The last month of which every day lies *wait* or more behind *today*."""
    first_within = (today - wait + timedelta(days=1)).replace(day=1)
    return (first_within - timedelta(days=1)).replace(day=1)
