"""The shares that bydeler are shown by: of which columns, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from api.web.texts import LazyText, _l
from nyefamilier.uptake.shares import Ratio


@dataclass(frozen=True, slots=True)
class Measure:
    """One share of a tabulation.

    Args:
        code: Its name in addresses and files.
        tabulation: Where its counts stand.
        ratio: The columns that it is made of.
        title: Its heading.
        sentence: What a share says, with ``%(share)s`` in it.
        part: What the numerator counts.
        whole: What the denominator counts.
        more: What is counted, and what not, where the heading does not say it.
        nobody: What is said where the denominator is nought.
    """

    code: str
    tabulation: str
    ratio: Ratio
    title: LazyText
    sentence: LazyText
    part: LazyText
    whole: LazyText
    more: LazyText
    nobody: LazyText


_NO_FAMILIES: Final = _l("no families yet")
_NO_VISITS: Final = _l("no visits yet")
_NONE_OLD_ENOUGH: Final = _l("no families yet who could be counted")
_IN_TIME: Final = Ratio(("in_time",), ("in_time", "not_in_time"))
_CHILDREN: Final = _l("Families old enough")

TIMELINESS: Final = (
    Measure(
        "answered_in_time",
        "answered_in_time",
        Ratio(("within_14_days",), ("within_14_days", "not_within_14_days")),
        _l("Answered within 14 days"),
        _l("%(share)s of the families offered answered within 14 days."),
        _l("Answered in time"),
        _l("Families offered"),
        _l(
            "Yes, no and later are all answers. Who was offered the programme less than 14 days "
            "before the release is not counted."
        ),
        _NO_FAMILIES,
    ),
    Measure(
        "offer_to_visit",
        "offer_to_visit",
        Ratio(("weeks_0_4",), ("weeks_0_4", "weeks_5_8", "weeks_9_or_more")),
        _l("From the offer to the first visit"),
        _l("%(share)s of the families visited had their first visit before five weeks had passed."),
        _l("Before five weeks"),
        _l("Families visited"),
        _l(
            "An offer early in pregnancy waits for week 28, when visits begin: a longer time may "
            "be as agreed."
        ),
        _NO_FAMILIES,
    ),
    Measure(
        "pregnancy_visit",
        "pregnancy_visit",
        Ratio(("in_pregnancy",), ("in_pregnancy", "not_in_pregnancy")),
        _l("The visit in pregnancy"),
        _l("%(share)s of the families who said yes before the birth were visited before it."),
        _l("Visited before the birth"),
        _l("Said yes before the birth"),
        _l("The visit is from week 28 on. Who said yes after the birth is not counted."),
        _NONE_OLD_ENOUGH,
    ),
    Measure(
        "newborn_visit",
        "newborn_visit",
        _IN_TIME,
        _l("The newborn visit, day 7 to 10"),
        _l("%(share)s of the newborns were visited on day 7 to 10."),
        _l("Visited on day 7 to 10"),
        _CHILDREN,
        _l("The programme's own clock. A visit before day 7 or after day 10 is not in time here."),
        _NONE_OLD_ENOUGH,
    ),
    Measure(
        "kostra_10",
        "kostra_10",
        _IN_TIME,
        _l("KOSTRA: within 10 days of the birth"),
        _l("%(share)s of the newborns were visited within 10 days of the birth."),
        _l("Within 10 days"),
        _CHILDREN,
        _l("As KOSTRA asks for it from 2025 on: a home visit by a nurse, counted from the birth."),
        _NONE_OLD_ENOUGH,
    ),
    Measure(
        "kostra_14",
        "kostra_14",
        Ratio(("in_time",), ("in_time", "not_in_time", "homecoming_unknown")),
        _l("KOSTRA: within 14 days of the homecoming"),
        _l("%(share)s of the newborns were visited within 14 days of the homecoming."),
        _l("Within 14 days"),
        _CHILDREN,
        _l(
            "KOSTRA's older definition, counted from the homecoming. Of the target group's births, "
            "whatever was answered: one whose homecoming is not recorded counts as not visited in "
            "time."
        ),
        _NONE_OLD_ENOUGH,
    ),
)
"""What was done when it was due."""

VISITS: Final = (
    Measure(
        "an_hour",
        "visits",
        Ratio(("at_least_an_hour",), ("visits",)),
        _l("Visits of at least one hour"),
        _l("%(share)s of the visits lasted at least one hour."),
        _l("At least one hour"),
        _l("Visits"),
        _l("The published volumes count visits of at least one hour."),
        _NO_VISITS,
    ),
    Measure(
        "own_nurse",
        "continuity",
        Ratio(("own_nurse",), ("visits",)),
        _l("The family's own nurse"),
        _l("%(share)s of the visits were made by the family's own nurse."),
        _l("Own nurse"),
        _l("Visits"),
        _l("The nurse who followed the family on the day of the visit."),
        _NO_VISITS,
    ),
    Measure(
        "other_parent",
        "other_parent",
        Ratio(("other_parent_there",), ("visits",)),
        _l("Father or co-mother present"),
        _l("The father or co-mother was there at %(share)s of the visits."),
        _l("Other parent there"),
        _l("Visits"),
        _l("Families with only one parent are counted too: the share is not meant to be whole."),
        _NO_VISITS,
    ),
    Measure(
        "interpreter",
        "interpreter",
        Ratio(("qualified",), ("needed",)),
        _l("A qualified interpreter where one was needed"),
        _l("A qualified interpreter was there at %(share)s of the visits that needed one."),
        _l("Qualified interpreter"),
        _l("Visits that needed one"),
        _l(
            "Qualified is whoever is in the national register of interpreters, categories A to E. "
            "Visits where the interpreter was not qualified, or did not come, are in the "
            "denominator."
        ),
        _NO_VISITS,
    ),
    Measure(
        "unscheduled",
        "planning",
        Ratio(("unscheduled",), ("visits",)),
        _l("Unscheduled contacts"),
        _l("%(share)s of the visits were not planned beforehand."),
        _l("Unscheduled"),
        _l("Visits"),
        _l(
            "A family that asks for help between two visits is a good sign and no disorder: a "
            "high share is neither good nor bad."
        ),
        _NO_VISITS,
    ),
)
"""What the visits were like."""

UPTAKE: Final = Ratio(("accepted",), ("offered",))
"""Who said yes, of those offered."""

_UPTAKE: Final = Measure(
    "uptake",
    "uptake",
    UPTAKE,
    _l("Uptake, year by year"),
    _l("%(share)s of the families offered said yes."),
    _l("Said yes"),
    _l("Families offered"),
    _l("Families identified in the year."),
    _NO_FAMILIES,
)
_FOLLOWED: Final = frozenset(
    {
        "answered_in_time", "offer_to_visit", "newborn_visit", "kostra_10", "kostra_14",
        "own_nurse",
    }
)  # fmt: skip
_BY_CODE: Final = {one.code: one for one in (_UPTAKE, *TIMELINESS, *VISITS)}
BY_YEAR: Final = (_UPTAKE, *(one for one in (*TIMELINESS, *VISITS) if one.code in _FOLLOWED))
"""The shares that are followed year by year."""


def _by_tertial(code: str, title: LazyText, more: LazyText) -> Measure:
    """The same share, tertial by tertial."""
    one = _BY_CODE[code]
    name, table = f"{one.code}_by_tertial", f"{one.tabulation}_by_tertial"
    return replace(one, code=name, tabulation=table, title=title, more=more)


BY_TERTIAL: Final = (
    _by_tertial(
        "uptake",
        _l("Uptake, tertial by tertial"),
        _l("Families identified in the tertial: January to April, May to August, September to "
           "December."),
    ),
    _by_tertial(
        "newborn_visit",
        _l("The newborn visit, tertial by tertial"),
        _l("Children born in the tertial, visited on day 7 to 10. Who is not ten days old yet is "
           "not counted."),
    ),
    _by_tertial(
        "own_nurse",
        _l("The family's own nurse, tertial by tertial"),
        _l("Visits made in the tertial, by the nurse who followed the family on the day."),
    ),
)  # fmt: skip
"""The shares of a bydel that are followed tertial by tertial."""


def followed_as(code: str, *, of_bydel: bool) -> str | None:
    """The section of the page of all years that follows a share; None where none does."""
    by_tertial = f"{code}_by_tertial"
    if of_bydel and by_tertial in {one.code for one in BY_TERTIAL}:
        return by_tertial
    return code if code in {one.code for one in BY_YEAR} else None
