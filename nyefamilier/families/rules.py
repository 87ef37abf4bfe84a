"""What must hold of a family's dates. Pure.

Sources: domain facts in docs/protocol.md (week 28, term); WHO's definition of a birth at 20-22
completed weeks (a pregnancy that ends before is a loss, recorded as such).

How far back a date can lie follows from what it is about, so that a slip in the year is asked about
whatever way it came: what was done for a pregnancy is not older than the pregnancy, and nothing of
the programme is older than the programme.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from nyefamilier.families.states import Protection
from nyefamilier.kernel.errors import RuleBroken

TERM_AFTER_WEEKS = 40
PREGNANT_AT_MOST = timedelta(weeks=TERM_AFTER_WEEKS)
"""From a pregnancy's first day, as weeks are counted, to its term."""
PROGRAMME_SPAN = timedelta(days=731)
"""Two years from a birth, its day included; a loss is followed as long."""

BIRTH_FROM_WEEK = 20
BIRTH_TO_WEEK = 44
BORN_BEFORE_TERM = timedelta(weeks=TERM_AFTER_WEEKS - BIRTH_FROM_WEEK)
BORN_AFTER_TERM = timedelta(weeks=BIRTH_TO_WEEK + 1 - TERM_AFTER_WEEKS, days=-1)
"""The earliest and the latest that a birth can be, counted from its term."""
TERM_AHEAD = timedelta(weeks=42)
TERM_BACK = timedelta(days=4 * 365)
"""A family that comes to Norway with a small child is registered with the term it had."""

PROGRAMME_BEGAN = date(2013, 1, 1)
"""The pilot in Stovner; only its year is known. Sources: docs/protocol.md, docs/demo-city.md."""
FOLLOWED_AT_MOST = PREGNANT_AT_MOST + PROGRAMME_SPAN
"""The longest that a family was followed before it was registered: it was taken over from paper."""
LIVING_SINCE = date(1900, 1, 1)
"""Older than any person of a family, and than her address."""


def check_term(term: date, today: date) -> None:
    """Refuse a term that no pregnancy known today can have.

    Raises:
        RuleBroken: ``term-too-far``, ``term-too-old``.
    """
    if term > today + TERM_AHEAD:
        raise RuleBroken(
            "term-too-far",
            "The term is more than 42 weeks ahead. Check the year.",
            pointer="/term",
            members=_last(today + TERM_AHEAD),
        )
    if term < today - TERM_BACK:
        raise RuleBroken(
            "term-too-old",
            "The term is more than four years back; the programme ends when the child is two.",
            pointer="/term",
            members=_first(today - TERM_BACK),
        )


def gestational_week(term: date, day: date) -> int:
    """Completed weeks of pregnancy on *day*."""
    return (day - (term - timedelta(weeks=TERM_AFTER_WEEKS))).days // 7


def check_birth(term: date, born_on: date, today: date) -> None:
    """Refuse a birth that cannot have been.

    Raises:
        RuleBroken: ``date-in-future``, ``date-too-old``, ``birth-before-20-weeks``,
            ``birth-after-44-weeks``.
    """
    check_past(born_on, today, "/born_on")
    first = term - BORN_BEFORE_TERM
    check_not_before(term - PREGNANT_AT_MOST, born_on, "/born_on", "the pregnancy", works=first)
    _check_week(
        gestational_week(term, born_on),
        "/born_on",
        early=_first(first),
        late=_last(term + BORN_AFTER_TERM),
    )


def check_term_of_birth(term: date, born_on: date) -> None:
    """Refuse a term by which a birth that is recorded cannot have been.

    Raises:
        RuleBroken: ``birth-before-20-weeks``, ``birth-after-44-weeks``.
    """
    _check_week(
        gestational_week(term, born_on),
        "/term",
        early=_last(born_on + BORN_BEFORE_TERM),
        late=_first(born_on - BORN_AFTER_TERM),
    )


def check_alive_after(born_on: date, died_on: Iterable[date]) -> None:
    """Refuse a birth after the death of one who was born.

    Raises:
        RuleBroken: ``death-before-birth``.
    """
    first = min(died_on, default=born_on)
    if first < born_on:
        raise RuleBroken(
            "death-before-birth",
            "Death cannot be before the birth.",
            pointer="/born_on",
            members=_last(first),
        )


def _check_week(
    week: int, pointer: str, *, early: Mapping[str, str], late: Mapping[str, str]
) -> None:
    if week < BIRTH_FROM_WEEK:
        raise RuleBroken(
            "birth-before-20-weeks",
            f"By the term this would be a birth in week {week}. Check the date and the term; "
            "a pregnancy that ended before week 20 is recorded as a loss.",
            pointer=pointer,
            members=early,
        )
    if week > BIRTH_TO_WEEK:
        raise RuleBroken(
            "birth-after-44-weeks",
            f"By the term this would be a birth in week {week}. Check the date and the term.",
            pointer=pointer,
            members=late,
        )


def check_past(day: date, today: date, pointer: str) -> None:
    """Refuse something that has happened in the future.

    Raises:
        RuleBroken: ``date-in-future``.
    """
    if day > today:
        raise RuleBroken(
            "date-in-future",
            "What has happened cannot lie in the future.",
            pointer=pointer,
            members=_last(today),
        )


def check_not_before(
    earliest: date, day: date, pointer: str, before: str, *, works: date | None = None
) -> None:
    """Refuse a day before *earliest*; *before* says in words what had not begun then.

    Args:
        earliest: The first day that lies near enough.
        day: The day that was told.
        pointer: Where it was told.
        before: What had not begun.
        works: The first day that would be accepted, where that is to be told.

    Raises:
        RuleBroken: ``date-too-old``.
    """
    if day < earliest:
        raise RuleBroken(
            "date-too-old",
            f"This day lies too far back: it is before {before}. Check the year.",
            pointer=pointer,
            members=None if works is None else _first(works),
        )


def check_lived(day: date, pointer: str) -> None:
    """Refuse a day on which nobody of a family lived yet.

    Raises:
        RuleBroken: ``date-too-old``.
    """
    check_not_before(LIVING_SINCE, day, pointer, str(LIVING_SINCE.year))


def check_during_pregnancy(term: date, day: date, pointer: str) -> None:
    """Refuse a day before the pregnancy began.

    Raises:
        RuleBroken: ``date-too-old``.
    """
    check_not_before(term - PREGNANT_AT_MOST, day, pointer, "the pregnancy")


def check_of_pregnancy(term: date, day: date, pointer: str) -> None:
    """Refuse a day on which the programme can have done nothing for this pregnancy.

    Raises:
        RuleBroken: ``date-too-old``.
    """
    check_not_before(PROGRAMME_BEGAN, day, pointer, "the programme")
    check_during_pregnancy(term, day, pointer)


def first_day(known_on: date, terms: Iterable[date]) -> date:
    """The first day on which the programme can have met a family.

    A family is often met before it is registered: a midwife's list comes weeks later, and a bydel
    that leaves paper registers families that it has followed for long. Its first pregnancy is then
    the bound; where none is recorded, the time that the programme follows a family at most.

    Args:
        known_on: The day on which it was registered.
        terms: The terms of its pregnancies.
    """
    begun = [term - PREGNANT_AT_MOST for term in terms] or [known_on - FOLLOWED_AT_MOST]
    return max(PROGRAMME_BEGAN, min(known_on, *begun))


def check_homecoming(
    born_on: date, homecoming_on: date, today: date, pointer: str = "/homecoming_on"
) -> None:
    """Refuse a homecoming before the birth or in the future.

    Raises:
        RuleBroken: ``date-in-future``, ``homecoming-before-birth``.
    """
    check_past(homecoming_on, today, pointer)
    if homecoming_on < born_on:
        told_birth = pointer == "/born_on"
        raise RuleBroken(
            "homecoming-before-birth",
            "Homecoming cannot be before the birth.",
            pointer=pointer,
            members=_last(homecoming_on) if told_birth else _first(born_on),
        )


def check_address(delbydel: str | None, lines: str | None, protection: Protection) -> None:
    """Refuse an open address that cannot be visited, and a delbydel that gives a family away.

    Raises:
        RuleBroken: ``delbydel-missing``, ``delbydel-of-protected``.
    """
    if protection is Protection.NONE and delbydel is None:
        raise RuleBroken(
            "delbydel-missing",
            "An open address needs its delbydel. A family without a registered address has "
            "0301999901.",
            pointer="/address/delbydel",
        )
    if protection is not Protection.NONE and delbydel is not None:
        raise RuleBroken(
            "delbydel-of-protected",
            "A protected address is stored without delbydel: the area would give it away.",
            pointer="/address/delbydel",
        )
    if protection is Protection.STRICTLY_CONFIDENTIAL and lines is not None:
        raise RuleBroken(
            "address-of-protected",
            "A strictly confidential address is never stored. Agree on a meeting place instead.",
            pointer="/address/lines",
        )


def _first(day: date) -> dict[str, str]:
    """What a refusal tells besides: the nearest day that would work is the first one."""
    return {"first_day": day.isoformat()}


def _last(day: date) -> dict[str, str]:
    return {"last_day": day.isoformat()}
