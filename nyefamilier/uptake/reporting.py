"""The report of a bydel's year or tertial, or of Oslo's year: which figures, from released sheets.

Pure. A page, a PDF, a workbook and a JSON body render one `Report`; none of them counts anything.

Sources: bydelenes tertialrapportering (1 January-30 April, 1 May-31 August, 1 September-31
December); SSB, KOSTRA skjema 1 (home visits within 10 days of the birth, and within 14 days of the
homecoming, of all births; here of those whose days are over, which is all of a year some weeks
after it).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake import estimating
from nyefamilier.uptake.shares import Ratio, Reading, reading
from nyefamilier.uptake.sheets import AREA, Behind, Sheet, Shown
from nyefamilier.uptake.tabulations import BY_ID


class Part(StrEnum):
    """Which part of a year a report is about."""

    YEAR = "year"
    T1 = "t1"
    T2 = "t2"
    T3 = "t3"


_LAST_DAYS: Final = {Part.T1: (4, 30), Part.T2: (8, 31), Part.T3: (12, 31), Part.YEAR: (12, 31)}
_FIRST_MONTHS: Final = {Part.T1: 1, Part.T2: 5, Part.T3: 9, Part.YEAR: 1}
OSLO: Final = "oslo"
"""The whole city, as an address names it."""
_FUNNEL: Final = "funnel"
ESTIMATED: Final = "estimated_eligible"
"""The figure that the funnel begins with; its ends are ``_low`` and ``_high``."""
REACH: Final = "estimated_reach"
_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A calendar year, or a tertial of one."""

    year: int
    part: Part = Part.YEAR

    @property
    def first_day(self) -> date:
        """The first day of it."""
        return date(self.year, _FIRST_MONTHS[self.part], 1)

    @property
    def last_day(self) -> date:
        """The last day of it, itself included."""
        return date(self.year, *_LAST_DAYS[self.part])

    def __str__(self) -> str:
        return str(self.year) if self.part is Part.YEAR else f"{self.year}-{self.part}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure of a report: what is divided by what, in which tabulation.

    Args:
        code: Its name on the wire and in files.
        tabulation: The table that it is read off.
        ratio: What is added up and divided. Where both are the same it is a count and no share.
    """

    code: str
    tabulation: str
    ratio: Ratio


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it was released.

    Args:
        code: Its name on the wire and in files.
        reading: The counts and the share.
        is_count: Whether it is a count alone, and so without a share.
        is_estimate: Whether it was not counted, or is a share of what was not.
    """

    code: str
    reading: Reading
    is_count: bool
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Figures about one thing.

    Args:
        code: What they are about.
        figures: In order; those that were not counted yet in that year are left out.
        revisions: For each table that they are read off, how many times it had been released.
        is_whole_year: Whether they are of the whole year, since no shorter time is published.
        missing: Figures that are counted from a later year on, and which year that is.
        unreleased: Figures of which nothing has been released for the year.
    """

    code: str
    figures: tuple[Figure, ...]
    revisions: Mapping[str, int]
    is_whole_year: bool
    missing: Mapping[str, int]
    unreleased: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A bydel's year or tertial, or Oslo's year.

    Args:
        bydel: The bydel; None for Oslo.
        period: The year or tertial.
        released: The day of the release that is shown.
        behind: How complete its figures were on that day; None where nobody has said.
        sections: The tables, in order.
    """

    bydel: BydelNumber | None
    period: ReportPeriod
    released: date
    behind: Behind | None
    sections: tuple[Section, ...]

    @property
    def place(self) -> str:
        """The bydel or Oslo, as an address names it."""
        return self.bydel or OSLO

    @property
    def has_held(self) -> bool:
        """Whether a count still shows what an earlier release said."""
        return any(
            one.held_since is not None
            for section in self.sections
            for figure in section.figures
            for one in (figure.reading.part, figure.reading.whole)
        )


def _count(code: str, tabulation: str) -> Asked:
    return Asked(code, tabulation, Ratio((code,), (code,)))


def _share(code: str, tabulation: str, part: Sequence[str], whole: Sequence[str]) -> Asked:
    return Asked(code, tabulation, Ratio(tuple(part), tuple(whole)))


def _each(tabulation: str, whole: str, *codes: str) -> tuple[Asked, ...]:
    return tuple(_share(code, tabulation, [code], [whole]) for code in codes)


_ANSWERED: Final = ("accepted", "declined", "later")
UPTAKE: Final = (
    _count("eligible", "uptake"),
    _share("offered", "uptake", ["offered"], ["eligible"]),
    _share("answered", "uptake", _ANSWERED, ["offered"]),
    _share("accepted", "uptake", ["accepted"], ["offered"]),
    *_each("uptake", "offered", "declined", "later", "unanswered"),
    _share("reached", "uptake", ["reached"], ["eligible"]),
)
"""Uptake (accepted / offered) and reach (reached / eligible), and the answers between them."""

YEARLY: Final[dict[str, tuple[Asked, ...]]] = {
    "answers": (
        _share("within_14_days", "answered_in_time", ["within_14_days"],
               ["within_14_days", "not_within_14_days"]),
        *_each("offer_to_visit", "reached", "weeks_0_4", "weeks_5_8", "weeks_9_or_more"),
    ),
    "funnel": (
        _count("born", "funnel"),
        _share("born_offered", "funnel", ["offered"], ["born"]),
        _share("born_accepted", "funnel", ["accepted"], ["offered"]),
        _share("born_visited", "funnel", ["visited"], ["accepted"]),
        *(
            _share(f"active_{months}", "active", [f"active_{months}"],
                   [f"active_{months}", f"left_before_{months}"])
            for months in (3, 12, 24)
        ),
        _count("covered_by_nfp", "followed_by_nfp"),
    ),
    "timeliness": (
        _share("pregnancy_visit", "pregnancy_visit", ["in_pregnancy"],
               ["in_pregnancy", "not_in_pregnancy"]),
        _share("newborn_visit", "newborn_visit", ["in_time"], ["in_time", "not_in_time"]),
    ),
    "kostra": (
        _share("kostra_10", "kostra_10", ["in_time"], ["in_time", "not_in_time"]),
        _share("kostra_14", "kostra_14", ["in_time"],
               ["in_time", "not_in_time", "homecoming_unknown"]),
    ),
    "dose": (
        Asked("families_visited", "families_visited", Ratio(("families",), ("families",))),
        _count("visits", "visits"),
        _share("at_least_an_hour", "visits", ["at_least_an_hour"], ["visits"]),
        _share("unscheduled", "planning", ["unscheduled"], ["visits"]),
        *_each("dose", "accepted", "visits_0", "visits_1", "visits_2_3", "visits_4_6",
               "visits_7_or_more"),
    ),
    "continuity": _each("continuity", "visits", "own_nurse"),
    "other_parent": _each("other_parent", "visits", "other_parent_there"),
    "interpreter": (
        _share("interpreter_needed", "interpreter", ["needed"], ["visits"]),
        *(_share(f"interpreter_{code}", "interpreter", [code], ["needed"])
          for code in ("qualified", "unqualified", "absent")),
    ),
    "needs": (
        Asked("needs_stated", "needs", Ratio(("stated",), ("stated",))),
        _share("needs_reviewed", "needs", ["reviewed"], ["stated"]),
        _share("needs_met", "needs", ["met"], ["reviewed"]),
    ),
}  # fmt: skip
"""What is published for whole years only, by what it is about."""

TABULATIONS: Final = tuple(sorted({one.tabulation for asked in YEARLY.values() for one in asked}))
"""What those figures are read from."""

Found: TypeAlias = Callable[[str], Sheet | None]
"""Finds the released sheet of a tabulation for the report's year; None where none has been."""


def parsed(year: str, part: str = Part.YEAR) -> ReportPeriod:
    """The period that an address names.

    Raises:
        RuleBroken: ``period-not-published``: no such year, or something finer than a tertial.
    """
    if not _YEAR.fullmatch(year):
        raise RuleBroken(
            "period-not-published", "A year has four digits, such as 2025.", pointer="/year"
        )
    try:
        return ReportPeriod(int(year), Part(part))
    except ValueError:
        finest = "A report is of a year, or of a tertial: t1, t2 or t3. Nothing finer is published."
        raise RuleBroken("period-not-published", finest, pointer="/part") from None


def require_over(period: ReportPeriod, first_year: int, today: date) -> None:
    """Refuse what cannot be reported yet, or never was.

    Raises:
        RuleBroken: ``period-in-future``; ``period-not-over``, with its ``last_day``;
            ``period-not-published``: before the programme began.
    """
    if period.year < first_year:
        detail = f"The programme began in {first_year}."
        raise RuleBroken("period-not-published", detail, pointer="/year")
    if period.first_day > today:
        raise RuleBroken("period-in-future", "The period has not begun yet.", pointer="/year")
    if period.last_day >= today:
        raise RuleBroken(
            "period-not-over",
            f"The period lasts until {period.last_day}. Ask again after that.",
            pointer="/part" if period.part is not Part.YEAR else "/year",
            members={"last_day": period.last_day.isoformat()},
        )


def require_published(bydel: BydelNumber | None, period: ReportPeriod) -> None:
    """Refuse a tertial of the city, which nothing is released by.

    Raises:
        RuleBroken: ``period-not-published``.
    """
    if bydel is None and period.part is not Part.YEAR:
        detail = "Oslo's report is of a year. Tertials are published bydel by bydel."
        raise RuleBroken("period-not-published", detail, pointer="/part")


def report(bydel: BydelNumber | None, period: ReportPeriod, uptake: Sheet, found: Found) -> Report:
    """The report, from released sheets.

    Args:
        bydel: The bydel; None for Oslo.
        period: The year or tertial.
        uptake: The table of uptake: for a tertial that of the bydel by tertials.
        found: Finds the other tables; they are of whole years.
    """
    is_tertial = period.part is not Part.YEAR
    of_year = bydel or AREA
    line = period.part.value if is_tertial else of_year
    # By tertial as by year it is the same tree of columns.
    first = _section("uptake", UPTAKE, lambda _: uptake, line, whole_year=False)
    rest = [
        _section(code, asked, found, of_year, whole_year=is_tertial)
        for code, asked in YEARLY.items()
    ]
    rest = [_begun_by_estimate(one, bydel, found) for one in rest]
    return Report(
        bydel=bydel,
        period=period,
        released=uptake.released,
        behind=next((one for one in uptake.behind if one.bydel == bydel), None),
        sections=(first, *rest),
    )


def _begun_by_estimate(section: Section, bydel: BydelNumber | None, found: Found) -> Section:
    """The way from birth to visit begins with those who are to be found; other sections do not."""
    sheet = found(_FUNNEL) if section.code == _FUNNEL else None
    of = None if sheet is None else estimating.eligible(bydel, sheet.year)
    if sheet is None or of is None:
        return section
    ends = {"": of.value, "_low": of.low, "_high": of.high}
    told = [
        _estimate(f"{ESTIMATED}{end}", Reading(Shown(families), Shown(families), None))
        for end, families in ends.items()
    ]
    visited = sheet.lines.get(bydel or AREA, {}).get("visited", Shown(0))
    # Of a year that is under way, a part of the families would be a share of a whole year's.
    if sheet.released.year > sheet.year:
        share = estimating.reach(visited.value, of)
        told.append(_estimate(REACH, Reading(visited, Shown(of.value), share), is_count=False))
    return replace(section, figures=(*told, *section.figures))


def _estimate(code: str, told: Reading, *, is_count: bool = True) -> Figure:
    return Figure(code, told, is_count, is_estimate=True)


def _section(
    code: str, asked: Sequence[Asked], found: Found, line: str, *, whole_year: bool
) -> Section:
    sheets = {one.tabulation: found(one.tabulation) for one in asked}
    released = {name: sheet for name, sheet in sheets.items() if sheet is not None}
    read = [(one, released.get(one.tabulation)) for one in asked]
    return Section(
        code=code,
        figures=tuple(
            _figure(one, sheet.lines.get(line, {}))
            for one, sheet in read
            if sheet is not None and sheet.year >= _since(one)
        ),
        revisions={name: sheet.revision for name, sheet in released.items()},
        is_whole_year=whole_year,
        missing={
            one.code: _since(one)
            for one, sheet in read
            if sheet is not None and sheet.year < _since(one)
        },
        unreleased=tuple(one.code for one, sheet in read if sheet is None),
    )


def _figure(asked: Asked, line: Mapping[str, Shown]) -> Figure:
    return Figure(asked.code, reading(line, asked.ratio), asked.ratio.part == asked.ratio.whole)


def _since(asked: Asked) -> int:
    return BY_ID[asked.tabulation].since
