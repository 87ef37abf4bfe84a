"""Whether the offer reaches all alike: the gap between a group and all others, never a ranking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from api.web import charts
from api.web.formats import decimal, percent
from api.web.marks import NARROW_GROUPS, WIDE_GROUPS, Reference
from api.web.quality.asking import Found, Question
from api.web.quality.measures import TIMELINESS, UPTAKE, Measure
from api.web.quality.sections import Column, Figure, Kind, Row, Section, Table, drawn
from api.web.quality.shares import dot, share_columns, unreleased
from api.web.texts import _, _l
from api.web.wording import words
from nyefamilier.offers.states import Basis
from nyefamilier.uptake.differences import Difference, difference
from nyefamilier.uptake.indicators import Share
from nyefamilier.uptake.shares import Ratio, Reading, reading, share_of
from nyefamilier.uptake.sheets import AREA, Sheet
from nyefamilier.uptake.standardising import Stratum, standardised
from nyefamilier.uptake.tabulations import BY_ID


@dataclass(frozen=True, slots=True)
class Group:
    """One group beside all others.

    Args:
        code: Its name on the wire.
        name: Its name for a reader.
        line: Its counts.
        gap: Its share minus that of all others together; None where one of them is not shown.
    """

    code: str
    name: str
    line: Reading
    gap: Difference | None


def _of_uptake(code: str, title: str, more: str) -> Measure:
    return Measure(
        code,
        code,
        UPTAKE,
        title,
        _l("%(share)s of the families offered said yes."),
        _l("Said yes"),
        _l("Families offered"),
        more,
        _l("no families yet"),
    )


_KOSTRA: Final = next(one for one in TIMELINESS if one.code == "kostra_10")
BY_LANGUAGE: Final = (
    _of_uptake(
        "uptake_by_language",
        _l("Uptake by language"),
        _l("The parents' language as it is recorded, as coarsely as this. All of Oslo."),
    ),
    Measure(
        "kostra_10_by_language",
        "kostra_10_by_language",
        _KOSTRA.ratio,
        _l("KOSTRA within 10 days of the birth, by language"),
        _KOSTRA.sentence,
        _KOSTRA.part,
        _KOSTRA.whole,
        _KOSTRA.more,
        _KOSTRA.nobody,
    ),
)
BY_BASIS: Final = _of_uptake(
    "uptake_by_basis",
    _l("Uptake by basis"),
    _l("Why the family is offered the programme. All of Oslo."),
)
TABULATIONS: Final = (*(one.tabulation for one in BY_LANGUAGE), BY_BASIS.tabulation)


def sections(question: Question, found: Found) -> list[Section]:
    """A section for each share and kind of group."""
    by_language = [_section(one, question, found, _language) for one in BY_LANGUAGE]
    return [*by_language, _section(BY_BASIS, question, found, _basis)]


def _language(code: str) -> str:
    return _LANGUAGES.get(code, code)


_LANGUAGES: Final[Mapping[str, str]] = {
    "norsk": _l("Norwegian"),
    "annet": _l("another language, without interpreter"),
    "tolk": _l("needs an interpreter"),
    "ukjent": _l("language not recorded"),
}


def _basis(code: str) -> str:
    return words(Basis(code)) if code in set(Basis) else code


def _section(
    measure: Measure, question: Question, found: Found, called: Callable[[str], str]
) -> Section:
    title = str(measure.title)
    since = BY_ID[measure.tabulation].since
    if question.year < since:
        return Section(measure.code, title, _("This is counted from %(year)s on.", year=since))
    sheet = next((one for one in found.get(measure.tabulation, ()) if one.year == question.year),
                 None)  # fmt: skip
    if sheet is None:
        return unreleased(measure.code, title, question)
    city = reading(sheet.lines.get(AREA, {}), measure.ratio)
    if city.is_empty:
        told = _("Oslo: %(nobody)s.", nobody=measure.nobody)
        return Section(measure.code, title, told, sheet=sheet)
    groups = [
        group_of(code, str(called(code)), reading(line, measure.ratio), city)
        for code, line in sorted(sheet.lines.items())
        if code != AREA
    ]
    return Section(
        measure.code,
        title,
        finding(groups),
        _("%(more)s The line is the 95 %% interval (Wilson), the dotted line is the whole city. A "
          "gap is a group's share minus that of all others together, with Newcombe's 95 %% "
          "interval. The groups stand by name and not by size of their share.",
          more=measure.more),
        partial(_figure, sorted(groups, key=_by_name), city),
        (*_notes(groups), *_same_mix(measure, found, question, city)),
        _table(measure, sorted(groups, key=_by_name), city),
        sheet,
    )  # fmt: skip


def _by_name(group: Group) -> str:
    return group.name


def group_of(code: str, name: str, line: Reading, city: Reading) -> Group:
    """A group and its gap to all others together."""
    gap = None
    part, whole = (
        _others(line.part.value, city.part.value),
        _others(line.whole.value, city.whole.value),
    )
    others = share_of(part, whole)
    if line.share is not None and others is not None:
        gap = difference(line.share, others)
    return Group(code, name, line, gap)


def _others(of_group: int | None, of_all: int | None) -> int | None:
    if of_group is None or of_all is None or of_group > of_all:
        return None
    return of_all - of_group


def finding(groups: list[Group]) -> str:
    """Which gaps chance hardly explains; never why, and never in order of size."""
    told = [one for one in groups if one.gap is not None]
    if not told:
        return _("The groups are too small to be compared.")
    apart = [f"{one.name} {points(one.gap)}" for one in told if one.gap and one.gap.is_told]
    if not apart:
        return _("No group can be told apart from all others; the differences can be chance.")
    return _(
        "Apart from all others by more than chance easily explains: %(groups)s. The figure does "
        "not say why.",
        groups="; ".join(apart),
    )


def points(gap: Difference | None) -> str:
    """A gap in percentage points with its interval: ``−8.1 (−13.0 to −3.2) percentage points``."""
    if gap is None:
        return _("hidden")
    return _(
        "%(gap)s (%(low)s to %(high)s) percentage points",
        gap=_signed(gap.value),
        low=_signed(gap.low),
        high=_signed(gap.high),
    )


def _signed(value: float) -> str:
    points = round(value * 100, 1)
    sign = "−" if points < 0 else "+" if points > 0 else ""
    return f"{sign}{decimal(abs(points))}"


def _notes(groups: list[Group]) -> tuple[str, ...]:
    hidden = [one.name for one in groups if one.line.share is None and not one.line.is_empty]
    if not hidden:
        return ()
    return (_("Hidden, so that no small number can be told: %(names)s.", names=", ".join(hidden)),)


def _same_mix(measure: Measure, found: Found, question: Question, city: Reading) -> tuple[str, ...]:
    """The year before with this year's mix of groups, where every group of both is shown."""
    by_year = {one.year: one for one in found.get(measure.tabulation, ())}
    before, now = by_year.get(question.year - 1), by_year.get(question.year)
    if before is None or now is None or city.share is None:
        return ()
    share = same_mix(measure.ratio, before, now)
    if share is None:
        return ()
    return (
        _(
            "With this year's mix of groups, the share of the year before would have been "
            "%(share)s (between %(low)s and %(high)s); this year's is %(now)s.",
            share=percent(share.value),
            low=percent(share.low),
            high=percent(share.high),
            now=percent(city.share.value),
        ),
    )


def same_mix(ratio: Ratio, before: Sheet, now: Sheet) -> Share | None:
    """The share of *before*, had its groups been as large as those of *now*; None where hidden."""
    strata = []
    for code in sorted((set(before.lines) | set(now.lines)) - {AREA}):
        old, new = (reading(sheet.lines.get(code, {}), ratio) for sheet in (before, now))
        if old.part.value is None or old.whole.value is None or new.whole.value is None:
            return None
        strata.append(Stratum(old.part.value, old.whole.value, new.whole.value))
    return standardised(strata) if any(one.standard for one in strata) else None


def _figure(groups: list[Group], city: Reading) -> Figure | None:
    if all(one.line.share is None for one in groups):
        return None
    dots = [dot(one.name, one.line, own=False) for one in groups if not one.line.is_empty]
    share = city.share
    level = None if share is None else Reference(share.value, f"Oslo {percent(share.value)}")
    what = _("group")
    return drawn(
        charts.dots(dots, level, WIDE_GROUPS, what), charts.dots(dots, level, NARROW_GROUPS, what)
    )


def _table(measure: Measure, groups: list[Group], city: Reading) -> Table:
    columns = (*share_columns(measure), Column("gap", _("Gap to all others"), Kind.GAP))
    rows = tuple(
        Row(one.code, one.name, (), str(measure.nobody))
        if one.line.is_empty
        else Row(one.code, one.name, (one.line.part, one.line.whole, one.line.share, one.gap))
        for one in groups
    )
    total = Row("", "Oslo", (city.part, city.whole, city.share, ""))
    return Table(_("Group"), columns, rows, total)
