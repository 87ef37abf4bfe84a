"""Development over time: p-charts, and the signals in them told in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Final

from api.web import charts
from api.web.formats import number, percent
from api.web.marks import NARROW_TIME, WIDE_TIME, Axes, Centre, Moment
from api.web.quality.asking import Found, Question, of_all_years
from api.web.quality.measures import BY_TERTIAL, BY_YEAR, Measure
from api.web.quality.sections import Column, Figure, Kind, Row, Section, Table, drawn
from api.web.texts import _, ngettext
from nyefamilier.storage.work import Work
from nyefamilier.uptake.control import ControlChart, Run, control_chart
from nyefamilier.uptake.indicators import Share
from nyefamilier.uptake.shares import Reading, reading
from nyefamilier.uptake.sheets import AREA, Sheet

TERTIALS, YEARS = 9, 5
"""How many periods the baseline is: three years of tertials, or five years."""

TERTIAL_LINES: Final = ("t1", "t2", "t3")


@dataclass(frozen=True, slots=True)
class Period:
    """One period and what is known of it: ``2024``, or the second tertial of it."""

    year: int
    tertial: int | None
    line: Reading

    @property
    def code(self) -> str:
        """Its name in a file."""
        return str(self.year) if self.tertial is None else f"{self.year}-t{self.tertial}"

    @property
    def mark(self) -> str:
        """Its name in a chart: the year first."""
        return str(self.year) if self.tertial is None else f"{self.year} {self.tertial}"

    @property
    def name(self) -> str:
        """Its name in words."""
        if self.tertial is None:
            return str(self.year)
        return _("tertial %(number)s of %(year)s", number=self.tertial, year=self.year)


def read(current: Work, question: Question) -> Found:
    """The sheets of all years."""
    found = dict(of_all_years(current, [one.tabulation for one in BY_YEAR], question))
    if question.own is not None:
        wanted = [one.tabulation for one in BY_TERTIAL]
        found |= of_all_years(current, wanted, question, question.own)
    return found


def sections(question: Question, found: Found) -> list[Section]:
    """A section for each share, the tertials of a bydel first."""
    told = []
    for measure in BY_TERTIAL if question.own is not None else ():
        sheets = found.get(measure.tabulation, ())
        told.append(_section(measure, question, sheets, _tertials(measure, sheets), TERTIALS))
    for measure in BY_YEAR:
        sheets = found.get(measure.tabulation, ())
        periods = _years(measure, sheets, question.own or AREA)
        told.append(_section(measure, question, sheets, periods, YEARS))
    return told


def _years(measure: Measure, sheets: Sequence[Sheet], line: str) -> list[Period]:
    told = [
        Period(one.year, None, reading(one.lines.get(line, {}), measure.ratio)) for one in sheets
    ]
    return _begun(told)


def _tertials(measure: Measure, sheets: Sequence[Sheet]) -> list[Period]:
    told = [
        Period(one.year, number, reading(one.lines.get(line, {}), measure.ratio))
        for one in sheets
        for number, line in enumerate(TERTIAL_LINES, 1)
    ]
    return _begun(told)


def _begun(periods: list[Period]) -> list[Period]:
    """The periods from the first to the last one in which there was somebody."""
    there = [at for at, one in enumerate(periods) if not one.line.is_empty]
    return periods[there[0] : there[-1] + 1] if there else []


def _section(
    measure: Measure,
    question: Question,
    sheets: Sequence[Sheet],
    periods: Sequence[Period],
    baseline: int,
) -> Section:
    title = str(measure.title)
    if not periods:
        told = f"{question.area}: {measure.nobody}."
        return Section(measure.code, title, told, sheet=sheets[-1] if sheets else None)
    chart = control_chart([one.line.point for one in periods], baseline)
    return Section(
        measure.code,
        title,
        finding(question.area, periods, chart, baseline),
        _caption(measure, chart),
        partial(_figure, periods, chart),
        _notes(periods, chart),
        _table(measure, periods, chart),
        sheets[-1],
    )


def finding(area: str, periods: Sequence[Period], chart: ControlChart | None, baseline: int) -> str:
    """Which signals there are, in words; never why."""
    shown = _shown(periods)
    if not shown:
        return _("%(area)s: the numbers are too small to be shown.", area=area)
    if chart is None:
        if len(shown) >= baseline:
            return _(
                "%(area)s: in the first periods the share is %(share)s, so there is no limit to "
                "judge later ones by.",
                area=area,
                share=percent(shown[0][1].value),
            )
        told = ngettext("one period can be shown.", "%(num)s periods can be shown.", len(shown))
        if len(shown) < _DRAWN:
            told += " " + "; ".join(f"{one.name}: {percent(it.value)}" for one, it in shown) + "."
        judged = _(
            "It takes %(baseline)s to judge what comes after them, so no limits are drawn yet.",
            baseline=number(baseline),
        )
        return f"{area}: {told} {judged}"
    level = percent(chart.centre)
    if not chart.has_signal:
        return _(
            "%(area)s: no signal. What is seen can be chance around %(centre)s, the share of the "
            "first periods.",
            area=area,
            centre=level,
        )
    signals = " ".join([*_outside(periods, chart), *(_run(periods, run) for run in chart.runs)])
    return _(
        "%(area)s: %(signals)s Chance around %(centre)s hardly explains that. The figure does not "
        "say why.",
        area=area,
        signals=signals,
        centre=level,
    )


def _outside(periods: Sequence[Period], chart: ControlChart) -> list[str]:
    above = [periods[at].name for at in chart.outside if _is_above(periods[at], chart)]
    below = [periods[at].name for at in chart.outside if not _is_above(periods[at], chart)]
    told = []
    if above:
        told.append(_("Above the limits: %(periods)s.", periods=", ".join(above)))
    if below:
        told.append(_("Below the limits: %(periods)s.", periods=", ".join(below)))
    return told


def _is_above(period: Period, chart: ControlChart) -> bool:
    return period.line.share is not None and period.line.share.value > chart.centre


def _run(periods: Sequence[Period], run: Run) -> str:
    count, first, last = run.last - run.first + 1, periods[run.first].name, periods[run.last].name
    if run.is_above:
        return _(
            "%(count)s periods in a row above, from %(first)s to %(last)s.",
            count=number(count),
            first=first,
            last=last,
        )
    return _(
        "%(count)s periods in a row below, from %(first)s to %(last)s.",
        count=number(count),
        first=first,
        last=last,
    )


def _caption(measure: Measure, chart: ControlChart | None) -> str:
    if chart is None:
        return str(measure.more)
    return _(
        "%(more)s The whole green line is the share of the first periods together; its dotted "
        "part goes on at the same height. The dashed lines are the limits: chance alone reaches "
        "beyond them about three times in a thousand. A red diamond lies beyond its limits, a red "
        "triangle is one of eight or more in a row on one side, a small cross at the bottom is "
        "hidden.",
        more=measure.more,
    )


def _notes(periods: Sequence[Period], chart: ControlChart | None) -> tuple[str, ...]:
    notes = []
    if chart is not None:
        notes.append(
            _(
                "The first periods, until %(period)s, are the baseline. Later ones are judged by "
                "it and do not move it.",
                period=periods[chart.baseline - 1].name,
            )
        )
        if any(_families(one) > _MANY for one in periods):
            notes.append(
                _(
                    "With so many families the limits are narrow: small differences lie beyond "
                    "them, also such as mean nothing in practice."
                )
            )
    hidden = ", ".join(_hidden(periods))
    if hidden:
        notes.append(_("Hidden, so that no small number can be told: %(names)s.", names=hidden))
    return tuple(notes)


def _hidden(periods: Sequence[Period]) -> Iterator[str]:
    """The periods that are hidden: three or more in a row by the first and the last of them."""
    for is_hidden, row in groupby(periods, _is_hidden):
        found = list(row)
        if is_hidden and len(found) >= _A_ROW:
            first, last = found[0].name, found[-1].name
            yield _("from %(first)s to %(last)s", first=first, last=last)
        elif is_hidden:
            yield from (one.name for one in found)


def _is_hidden(period: Period) -> bool:
    return period.line.share is None and not period.line.is_empty


_A_ROW: Final = 3


_MANY: Final = 1500


def _families(period: Period) -> int:
    return 0 if period.line.point is None else period.line.point.whole


def _figure(periods: Sequence[Period], chart: ControlChart | None) -> Figure | None:
    if chart is None and len(_shown(periods)) < _DRAWN:
        return None
    moments = [_moment(at, one, chart) for at, one in enumerate(periods)]
    level = None
    if chart is not None:
        level = Centre(chart.centre, percent(chart.centre), chart.baseline - 1)
    what = _("period")

    def draw(axes: Axes) -> str:
        return charts.timeline(moments, level, what, axes)

    return drawn(draw(WIDE_TIME), draw(NARROW_TIME))


_DRAWN: Final = 3
"""Fewer points than these say nothing that a sentence does not."""


def _shown(periods: Sequence[Period]) -> list[tuple[Period, Share]]:
    return [(one, one.line.share) for one in periods if one.line.share is not None]


def _moment(at: int, period: Period, chart: ControlChart | None) -> Moment:
    share = period.line.share
    if share is None:
        told = _("no families") if period.line.is_empty else _("hidden")
        return Moment(
            period.mark, f"{period.name}: {told}", None, None, None,
            is_outside=False, is_in_run=False,
        )  # fmt: skip
    bounds = None if chart is None else chart.bounds[at]
    words = _(
        "%(name)s: %(share)s, %(part)s of %(whole)s",
        name=period.name,
        share=percent(share.value),
        part=number(period.line.part.value),
        whole=number(period.line.whole.value),
    )
    said = _signal(at, chart)
    return Moment(
        period.mark,
        f"{words}; {said}" if said else words,
        share.value,
        None if bounds is None else bounds.low,
        None if bounds is None else bounds.high,
        is_outside=chart is not None and at in chart.outside,
        is_in_run=_is_in_run(at, chart),
    )


def _is_in_run(at: int, chart: ControlChart | None) -> bool:
    return chart is not None and any(run.first <= at <= run.last for run in chart.runs)


def _signal(at: int, chart: ControlChart | None) -> str:
    if chart is not None and at in chart.outside:
        return _("beyond the limits")
    return _("one of many in a row") if _is_in_run(at, chart) else ""


def _table(measure: Measure, periods: Sequence[Period], chart: ControlChart | None) -> Table:
    columns = (
        Column("numerator", str(measure.part), Kind.COUNT),
        Column("denominator", str(measure.whole), Kind.COUNT),
        Column("share", _("Share"), Kind.SHARE),
        Column("limit", _("Limits"), Kind.LIMITS),
        Column("signal", _("Signal"), Kind.WORDS),
    )
    return Table(
        _("Period"),
        columns,
        tuple(_row(measure, at, one, chart) for at, one in enumerate(periods)),
    )


def _row(measure: Measure, at: int, period: Period, chart: ControlChart | None) -> Row:
    if period.line.is_empty:
        return Row(period.code, period.name, (), str(measure.nobody))
    bounds = None if chart is None else chart.bounds[at]
    signal = _signal(at, chart)
    line = period.line
    return Row(period.code, period.name, (line.part, line.whole, line.share, bounds, signal))
