"""The parts of a plan's page: each a finding, a chart, a table, and what its numbers rest on."""

from __future__ import annotations

from api.web import charts
from api.web.formats import decimal, inner, number, percent
from api.web.marks import (
    NARROW_BARS,
    NARROW_STRETCHES,
    NARROW_TIME,
    WIDE_BARS,
    WIDE_STRETCHES,
    WIDE_TIME,
    Bar,
    Fan,
    Stretch,
)
from api.web.quality.sections import drawn
from api.web.rollout.money import against_budget, budget_lines, by_line
from api.web.rollout.part import Line, Names, Part, Told
from api.web.rollout.words import (
    REACH,
    WORKLOAD,
    assumption_words,
    band_words,
    month_words,
)
from api.web.texts import _
from nyefamilier.rollout.months import read_month
from nyefamilier.rollout.plan import Plan, Programme, Wave

_FULL = 1.0
_NEARLY = 0.85
_MOST_BARS = 10


def parts(plan: Plan, told: Told, names: Names, *, drawing: bool = True) -> list[Part]:
    """All parts of a plan's page; without charts where they are not *drawing*."""
    return [
        _waves(plan, told, names, drawing=drawing),
        _reach(told, drawing=drawing),
        _bydeler(told, names),
        _capacity(told, names),
        against_budget(told, drawing=drawing),
        by_line(told),
        budget_lines(plan),
        _tornado(told, drawing=drawing),
    ]


def years_of(told: Told) -> list[int]:
    """The year of each month that was computed."""
    first = read_month(told["first_month"])
    return [(first + at).year for at in range(told["months"])]


def reach_fan(told: Told) -> Fan:
    """Families followed at the end of each month, with bands."""
    first = read_month(told["first_month"])
    months = [(first + at).first_day.isoformat() for at in range(told["months"])]
    active = told["city"]["active"]
    last = {name: values[-1] for name, values in active.items()}
    month = month_words(first + (told["months"] - 1))
    words = _("%(month)s: %(families)s families followed", month=month, families=band_words(last))
    return Fan(months, active, _("families"), words)


def _waves(plan: Plan, told: Told, names: Names, *, drawing: bool) -> Part:
    waves = sorted(plan.waves_of(Programme.NYE_FAMILIER), key=lambda one: (one.start, one.bydel))
    both_maps = [*told["bydeler"], *told.get("other_map", ())]
    computed = {one["bydel"]: one for one in both_maps}
    lines = tuple(
        Line(
            names.get(one.bydel, one.bydel),
            (
                month_words(one.start),
                month_words(computed.get(one.bydel, {}).get("first_possible_start")),
                month_words(computed.get(one.bydel, {}).get("families_wait_from")),
                " ".join(filter(None, (one.source, one.label and f"({one.label})"))),
            ),
        )
        for one in waves
    )
    waiting = sum(
        computed.get(one.bydel, {}).get("families_wait_from") is not None for one in waves
    )
    finding = _("%(count)s bydeler start, and in %(waiting)s of them families come to wait for a "
                "nurse.", count=number(len(waves)), waiting=number(waiting))  # fmt: skip
    rows = [row for one in waves for row in _stretches(plan, one, names)]
    what = _("stretch")
    figure = (
        drawn(charts.stretches(rows, what, WIDE_STRETCHES),
              charts.stretches(rows, what, NARROW_STRETCHES))
        if drawing and rows else None
    )  # fmt: skip
    return Part(
        "waves",
        _("When each bydel starts"),
        finding,
        _("Thin: nurses are there and prepare themselves. Light: uptake grows. Dark: uptake is "
          "what it will be."),
        (_("Bydel"), _("Start"), _("First possible start"), _("Families wait from"), _("Source")),
        lines,
        figure,
        (*REACH, *WORKLOAD),
        is_words=True,
        grounds=("", "start", "first_possible", "wait_from", ""),
    )  # fmt: skip


def _stretches(plan: Plan, wave: Wave, names: Names) -> list[Stretch]:
    name = names.get(wave.bydel, wave.bydel)
    begins, start = wave.start + -wave.preparation_months, wave.start
    grown, ends = min(start + wave.ramp_months, plan.ends), plan.ends
    found = (("preparing", begins, start), ("growing", start, grown), ("whole", grown, ends))
    said = {
        "preparing": _("%(bydel)s prepares itself from %(month)s"),
        "growing": _("%(bydel)s starts in %(month)s"),
        "whole": _("%(bydel)s is in full operation from %(month)s"),
    }
    return [
        Stretch(
            name,
            said[kind] % {"bydel": name, "month": month_words(first)},
            kind,
            first.first_day.isoformat(),
            last.first_day.isoformat(),
        )
        for kind, first, last in found
        if first < last
    ]


def _reach(told: Told, *, drawing: bool) -> Part:
    last = told["years"][-1]
    fan = reach_fan(told)
    lines = tuple(
        Line(
            str(one["year"]),
            tuple(band_words(one[name]) for name in ("admitted", "followed", "visited", "visits")),
        )
        for one in told["years"]
    )
    return Part(
        "reach",
        _("Families reached"),
        _("In %(year)s about %(families)s families get a visit, and there are about %(visits)s "
          "visits. In brackets is what nine in ten draws lie between.",
          year=last["year"], families=band_words(last["visited"]),
          visits=band_words(last["visits"])),
        _("Families followed at the end of each month. The line is the median of the draws; half "
          "of them lie in the dark band, nine in ten in the light one."),
        (_("Year"), _("Families taken on"), _("Families followed"), _("Families with a visit"),
         _("Visits")),
        lines,
        drawn(charts.fan(fan, WIDE_TIME), charts.fan(fan, NARROW_TIME)) if drawing else None,
        (*REACH, *WORKLOAD),
        grounds=("", "families", "families", "families", "visits"),
    )  # fmt: skip


def _bydeler(told: Told, names: Names) -> Part:
    lines = tuple(
        Line(
            names.get(one["bydel"], one["bydel"]),
            (
                number(round(one["active"][-1])),
                number(round(one["waiting"][-1])),
                decimal(one["arsverk_there"][-1]),
                decimal(one["arsverk_needed"]["p50"][-1]),
            ),
        )
        for one in sorted(told["bydeler"], key=lambda one: str(one["bydel"]))
    )
    short = sum(one["arsverk_needed"]["p50"][-1] > one["arsverk_there"][-1]
                for one in told["bydeler"])  # fmt: skip
    waiting = sum(one["waiting"][-1] for one in told["bydeler"])
    return Part(
        "bydeler",
        _("Bydel by bydel at the end of the plan"),
        _("At the end %(count)s of %(all)s bydeler need more årsverk than are there, and about "
          "%(waiting)s families wait.", count=number(short), all=number(len(lines)),
          waiting=number(round(waiting))),
        _("Families and årsverk there as expected; årsverk needed is the median of the draws. "
          "Bands for a small bydel would be too narrow: chance among few families is not in them."),
        (_("Bydel"), _("Families followed"), _("Families waiting"), _("Årsverk there"),
         _("Årsverk needed")),
        lines,
        rests=(*REACH, *WORKLOAD),
        grounds=("", "families", "waiting", "there", "needed"),
    )  # fmt: skip


def _capacity(told: Told, names: Names) -> Part:
    by_month = years_of(told)
    years = [one["year"] for one in told["years"]]
    lines = []
    for one in sorted(told["bydeler"], key=lambda one: str(one["bydel"])):
        cells, levels = [], []
        for year in years:
            at = [place for place, found in enumerate(by_month) if found == year]
            needed = sum(one["arsverk_needed"]["p50"][place] for place in at)
            there = sum(one["arsverk_there"][place] for place in at)
            cells.append(_strain(needed, there))
            levels.append(_level(needed, there))
        lines.append(Line(names.get(one["bydel"], one["bydel"]), tuple(cells), tuple(levels)))
    short = sum(3 in line.levels for line in lines)
    return Part(
        "capacity",
        _("Capacity: årsverk needed of those that are there"),
        _("%(count)s of %(all)s bydeler lack årsverk in some year.",
          count=number(short), all=number(len(lines))),
        _("Over a hundred percent more is needed than is there, and families wait. A dash: "
          "nobody is followed there yet."),
        (_("Bydel"), *map(str, years)),
        tuple(lines),
        rests=(*REACH, *WORKLOAD),
        grounds=("", *("strain" for _year in years)),
    )  # fmt: skip


def _strain(needed: float, there: float) -> str:
    if needed <= 0:
        return "–"
    return _("none there") if there <= 0 else percent(needed / there)


def _level(needed: float, there: float) -> int:
    if needed <= 0:
        return 0
    ratio = needed / there if there > 0 else 2 * _FULL
    return 1 + (ratio > _NEARLY) + (ratio > _FULL)


def _tornado(told: Told, *, drawing: bool) -> Part:
    bars = told["tornado"]["bars"]["families"][:_MOST_BARS]
    widest = max((abs(one["high"] - one["low"]) for one in bars), default=0) or 1
    lines = tuple(
        Line(
            assumption_words(one["assumption"]),
            (number(round(one["low"])), number(round(one["high"])),
             number(round(abs(one["high"] - one["low"])))),
            assumption=one["assumption"],
        )
        for one in bars
    )  # fmt: skip
    rows = [
        Bar(line.name, f"{line.name}: {line.cells[2]}",
            abs(one["high"] - one["low"]) / widest, line.cells[2])
        for line, one in zip(lines, bars, strict=True)
    ]  # fmt: skip
    what = _("bar")
    figure = (
        drawn(charts.bars(rows, what, WIDE_BARS), charts.bars(rows, what, NARROW_BARS))
        if drawing and rows else None
    )  # fmt: skip
    first = lines[0].name if lines else "–"
    return Part(
        "tornado",
        _("What matters most"),
        _("For how many families are taken on, this matters most: %(name)s.", name=inner(first)),
        _("Each assumption alone at a low and at a high value (one draw in ten lies beyond each), "
          "the rest as assumed; the bar is the difference."),
        (_("Assumption"), _("Families at the low value"),
         _("Families at the high value"), _("Difference")),
        lines,
        figure,
        tuple(line.assumption for line in lines),
        grounds=("", "alone", "alone", "alone"),
    )  # fmt: skip
