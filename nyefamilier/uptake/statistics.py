"""Released figures for programs: any tabulation and year, with what its columns and shares mean.

What is read is what was released, as of now, of an earlier revision or of an earlier day. Leads and
planners may.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from nyefamilier.bydeler.service import bydeler
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotAllowed, NotFound, RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work
from nyefamilier.uptake import service
from nyefamilier.uptake.estimating import Estimate, eligible
from nyefamilier.uptake.questions import area_asked, require_order, year_asked
from nyefamilier.uptake.reading import Definition, Kind, catalogue
from nyefamilier.uptake.releasing import FIRST_YEAR
from nyefamilier.uptake.shares import Ratio
from nyefamilier.uptake.sheets import AREA, Revision, Sheet, Wanted
from nyefamilier.uptake.tabulations import BY_ID, TABULATIONS, By, Tabulation

READERS: Final = frozenset({Role.LEAD, Role.PLANNER, Role.SYSTEM})
"""Who may read them; the pages' readers."""

_WHEN: Final = "Figures are released each Monday; `GET /api/v1/statistics` lists the years."


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as it was written.

    Args:
        tabulation: The tabulation's id.
        first: The first year, and where it stands.
        last: The last year, and where it stands.
        area: A bydel's number; None or ``city`` for the city.
        indicator: The only figure that is asked for; None for all.
        revision: An earlier revision, of one year; None for the newest.
        as_of: The day as of which it is asked; None for now.
    """

    tabulation: str
    first: tuple[str, str]
    last: tuple[str, str]
    area: str | None = None
    indicator: str | None = None
    revision: int | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class OfEstimate:
    """Columns that are added up, and the estimate that they are a share of."""

    part: tuple[str, ...]
    whole: str


@dataclass(frozen=True, slots=True)
class Described:
    """What a tabulation's columns and shares are called in the catalogue of indicators.

    Args:
        counts: The indicator that a column is, where there is one.
        shares: The shares that are made of its columns, by indicator.
        estimates: What is estimated beside it, and no fact tells.
        of_estimates: The shares of those, by indicator.
    """

    counts: dict[str, str]
    shares: dict[str, Ratio]
    estimates: tuple[Definition, ...] = ()
    of_estimates: dict[str, OfEstimate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Released:
    """A sheet and all revisions that there are of it.

    Args:
        sheet: The sheet.
        revisions: All that there are.
        is_under_way: Whether its year was not over when it was so: it tells of a part of it.
    """

    sheet: Sheet
    revisions: Sequence[Revision]
    is_under_way: bool = False

    def estimated(self, line: str) -> Estimate | None:
        """The families in the target group, of a line that is a bydel's or the area's own."""
        return eligible(None if line == AREA else BydelNumber(line), self.sheet.year)


@dataclass(frozen=True, slots=True)
class Statistics:
    """An answer.

    Args:
        tabulation: What is counted.
        described: Its columns and shares in the catalogue, as far as they were asked for.
        columns: The codes of the columns that were asked for.
        area: The bydel that was asked for; None for the city.
        sheets: The sheets, oldest year first.
        names: The bydeler's names.
    """

    tabulation: Tabulation
    described: Described
    columns: Sequence[str]
    area: BydelNumber | None
    sheets: Sequence[Released]
    names: dict[BydelNumber, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A tabulation that there is.

    Args:
        tabulation: What is counted.
        years: The years that can be asked for; none before the first release.
        released: The day of the newest release.
    """

    tabulation: Tabulation
    years: Sequence[int]
    released: date | None


def listed(work: Work) -> list[Listed]:
    """Every tabulation, with the years that have been released.

    Raises:
        NotAllowed: the actor's role does not read them.
    """
    _require_reader(work)
    newest = service.newest_releases(work)
    return [_listed(one, newest.get(one.id)) for one in TABULATIONS]


def statistics(work: Work, question: Question) -> Statistics:
    """What released sheets say.

    Raises:
        NotAllowed: the actor's role does not read them.
        NotFound: no such tabulation, revision or release.
        RuleBroken: ``period-not-published``, ``period-in-future``, ``period-swapped``,
            ``breakdown-too-fine``, ``unknown-bydel``, ``area-required``, ``unknown-indicator``, or
            ``date-in-future`` for the day as of which it is asked.
    """
    _require_reader(work)
    tabulation = BY_ID.get(question.tabulation)
    if tabulation is None:
        mending = "`GET /api/v1/statistics` lists the tabulations."
        raise NotFound("tabulation", pointer="/tabulation", mending=mending)
    first, last = _years(work, question, tabulation)
    names = _bydeler(work, first, last)
    area = area_asked(question.area, tabulation, names, pointer="/area")
    described, columns = _figures(question.indicator, tabulation)
    of = area if tabulation.by is By.TERTIAL else None
    found = [
        Released(
            _lines(one, tabulation, area),
            service.revisions(work, one.tabulation, one.year, of),
            one.year >= _seen_on(work, question, one).year,
        )
        for one in _sheets(work, question, Wanted(tabulation.id, first, last, of, question.as_of))
    ]
    return Statistics(tabulation, described, columns, area, found, names)


def described(tabulation: Tabulation) -> Described:
    """What the catalogue calls a tabulation's columns, and the shares that they are made into."""
    known = {column.code for column in tabulation.columns}
    whole = _same_columns(tabulation)
    mine = [one for one in catalogue().items if _is_of(one, whole, known)]
    return Described(
        {one.column or one.id: one.id for one in mine if one.kind is Kind.COUNT},
        {
            one.id: Ratio(_codes(one.numerator), _codes(one.denominator))
            for one in mine
            if one.kind is Kind.SHARE
        },
        *_estimated(tabulation),
    )


def _estimated(tabulation: Tabulation) -> tuple[tuple[Definition, ...], dict[str, OfEstimate]]:
    """What is estimated beside a tabulation: what its columns are set against."""
    found = [
        one
        for one in catalogue().items
        if one.kind is Kind.SHARE_OF_ESTIMATE and one.tabulation == tabulation.id
    ]
    wholes = {one.denominator for one in found}
    return (
        tuple(one for one in catalogue().items if one.id in wholes),
        {one.id: OfEstimate(_codes(one.numerator), one.denominator or "") for one in found},
    )


def _same_columns(tabulation: Tabulation) -> str:
    """The tabulation that has the same columns, and by whose name the catalogue knows them."""
    parent = tabulation.parent
    if parent is None or parent.column is not None:
        return tabulation.id
    return _same_columns(BY_ID[parent.tabulation])


def _is_of(one: Definition, tabulation: str, known: Collection[str]) -> bool:
    if one.tabulation is not None:
        return one.tabulation == tabulation
    # Those of uptake name no table: a count is the column of its name, a share is made of counts.
    if one.kind is Kind.COUNT:
        return tabulation == "uptake" and one.id in known
    return tabulation == "uptake" and {one.numerator, one.denominator} <= set(known)


def _codes(added: str | None) -> tuple[str, ...]:
    return tuple((added or "").split(" + "))


def _require_reader(work: Work) -> None:
    if work.actor.role not in READERS:
        raise NotAllowed("Your role does not read these figures.")


def _listed(tabulation: Tabulation, released: date | None) -> Listed:
    last = FIRST_YEAR - 1 if released is None else released.year
    return Listed(tabulation, range(_first_year(tabulation), last + 1), released)


def _first_year(tabulation: Tabulation) -> int:
    return max(FIRST_YEAR, tabulation.since)


def _years(work: Work, question: Question, tabulation: Tabulation) -> tuple[int, int]:
    if question.as_of is not None and question.as_of > work.today:
        raise RuleBroken(
            "date-in-future",
            "The day has not come. Ask for today or an earlier day, or leave `as_of` out.",
            pointer="/as_of",
            members={"last_day": work.today.isoformat()},
        )
    first, last = (
        year_asked(
            written,
            work.today.year,
            first=_first_year(tabulation),
            pointer=pointer,
            tabulation=tabulation,
        )
        for written, pointer in (question.first, question.last)
    )
    require_order(first, last, pointer=question.first[1])
    return first, last


def _bydeler(work: Work, first: int, last: int) -> dict[BydelNumber, str]:
    """The bydeler that there were in one of the years, by number."""
    ends = [
        day for year in range(first, last + 1) for day in (date(year, 1, 1), date(year, 12, 31))
    ]
    return {one.number: one.name for day in ends for one in bydeler(work.session, day)}


def _figures(indicator: str | None, tabulation: Tabulation) -> tuple[Described, Sequence[str]]:
    """The columns and shares that are asked for: all, or those of one indicator."""
    whole = described(tabulation)
    columns = [column.code for column in tabulation.columns]
    if indicator is None:
        return whole, columns
    if indicator in whole.shares:
        ratio = whole.shares[indicator]
        needed = {*ratio.part, *ratio.whole}
        counts = {code: one for code, one in whole.counts.items() if code in needed}
        narrowed = Described(counts, {indicator: ratio})
        return narrowed, [code for code in columns if code in needed]
    for code, one in whole.counts.items():
        if one == indicator:
            return Described({code: one}, {}), [code]
    if indicator in whole.of_estimates:
        part = whole.of_estimates[indicator].part
        counts = {code: one for code, one in whole.counts.items() if code in part}
        share = {indicator: whole.of_estimates[indicator]}
        return Described(counts, {}, whole.estimates, share), [*part]
    estimates = [one.id for one in whole.estimates]
    if indicator in estimates:
        return Described({}, {}, whole.estimates), []
    known = sorted([*whole.counts.values(), *whole.shares, *whole.of_estimates, *estimates])
    raise RuleBroken(
        "unknown-indicator",
        "This tabulation has no such indicator; `known` are those that it has. "
        "`GET /api/v1/indicators` says of every one which tabulation it is of.",
        pointer="/indicator",
        members={"known": known},
    )


def _sheets(work: Work, question: Question, wanted: Wanted) -> list[Sheet]:
    if question.revision is not None:
        return [_revision(work, wanted, question.revision)]
    try:
        return service.sheets_wanted(work, wanted)
    except NotFound:
        pointer = question.last[1] if wanted.on is None else "/as_of"
        raise NotFound("release", pointer=pointer, mending=_WHEN) from None


def _seen_on(work: Work, question: Question, sheet: Sheet) -> date:
    """The day as of which a sheet is read."""
    if question.revision is not None:
        return sheet.released
    return question.as_of or work.today


def _revision(work: Work, wanted: Wanted, number: int) -> Sheet:
    try:
        return service.sheet(work, wanted.tabulation, wanted.first_year, wanted.area, number)
    except NotFound:
        mending = "`revisions` of the newest answer lists those that there are."
        raise NotFound("revision", pointer="/revision", mending=mending) from None


def _lines(sheet: Sheet, tabulation: Tabulation, area: BydelNumber | None) -> Sheet:
    """The sheet with the line of the bydel alone that is asked for, and that of the city."""
    if area is None or tabulation.by is not By.BYDEL:
        return sheet
    kept = {line: told for line, told in sheet.lines.items() if line in {area, AREA}}
    return replace(sheet, lines=kept)
