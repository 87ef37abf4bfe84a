"""What parents say they need: by theme how much is stated, looked at again, and met as they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from api.web import charts
from api.web.formats import number, percent
from api.web.marks import NARROW_GROUPS, WIDE_GROUPS, Reference
from api.web.quality.asking import Found, Question
from api.web.quality.measures import Measure
from api.web.quality.sections import Column, Figure, Kind, Row, Section, Table, drawn
from api.web.quality.shares import dot, share_section, unreleased
from api.web.texts import _, _l
from api.web.wording import words
from nyefamilier.uptake.shares import Ratio, Reading, reading
from nyefamilier.uptake.sheets import AREA, Shown
from nyefamilier.visits.states import Theme

TABULATIONS: Final = ("needs", "needs_by_theme")
REVIEWED: Final = Measure(
    "needs_reviewed",
    "needs",
    Ratio(("reviewed",), ("stated",)),
    _l("Needs that have been looked at again"),
    _l("%(share)s of the needs stated have been looked at again with the parents."),
    _l("Looked at again"),
    _l("Needs stated"),
    _l("Needs that parents stated in the year, by whether they were looked at again later."),
    _l("no needs stated yet"),
)
MET: Final = Measure(
    "needs_met",
    "needs",
    Ratio(("met",), ("reviewed",)),
    _l("Needs that are met, as the parents say"),
    _l("%(share)s of the needs looked at again are met, as the parents say."),
    _l("Met, as the parents say"),
    _l("Looked at again"),
    _l("Only the parents say when a need is met. It is no measure of what the visits achieve."),
    _l("no needs looked at again yet"),
)


def sections(question: Question, found: Found) -> list[Section]:
    """The themes of the whole city, then the shares bydel by bydel."""
    return [
        _themes(question, found),
        share_section(REVIEWED, question, found),
        share_section(MET, question, found),
    ]


def _themes(question: Question, found: Found) -> Section:
    code, title = "needs_by_theme", _("What parents say they need, by theme")
    sheets = found.get(code, ())
    if not sheets:
        return unreleased(code, title, question)
    sheet = sheets[-1]
    city = sheet.lines.get(AREA, {})
    if city.get("stated", Shown(0)).value == 0:
        told = _("Oslo: %(nobody)s.", nobody=REVIEWED.nobody)
        return Section(code, title, told, sheet=sheet)
    lines = {
        _theme(one): counts
        for one, counts in sorted(sheet.lines.items())
        if one != AREA and counts.get("stated", Shown(0)).value != 0
    }
    met = reading(city, MET.ratio)
    return Section(
        code,
        title,
        _finding(lines, city),
        _("All of Oslo. The share of the needs looked at again that are met, as the parents say, "
          "with its interval (Wilson, 95 %). The themes stand by name."),
        partial(_figure, {name: reading(one, MET.ratio) for name, one in lines.items()}, met),
        (),
        _table(lines, city),
        sheet,
    )  # fmt: skip


def _theme(code: str) -> str:
    return str(words(Theme(code))) if code in set(Theme) else code


def _finding(lines: Mapping[str, Mapping[str, Shown]], city: Mapping[str, Shown]) -> str:
    stated = city.get("stated", Shown(0)).value
    if stated is None:
        return _("The numbers are too small to be shown.")
    share = reading(city, MET.ratio).share
    told = _("Parents have stated %(stated)s needs in %(themes)s themes.",
             stated=number(stated), themes=number(len(lines)))  # fmt: skip
    if share is None:
        return told
    return f"{told} {str(MET.sentence) % {'share': percent(share.value)}}"


def _figure(lines: Mapping[str, Reading], city: Reading) -> Figure | None:
    if all(one.share is None for one in lines.values()):
        return None
    dots = [dot(name, one, own=False) for name, one in sorted(lines.items()) if not one.is_empty]
    share = city.share
    level = None if share is None else Reference(share.value, f"Oslo {percent(share.value)}")
    what = _("theme")
    return drawn(
        charts.dots(dots, level, WIDE_GROUPS, what), charts.dots(dots, level, NARROW_GROUPS, what)
    )


def _table(lines: Mapping[str, Mapping[str, Shown]], city: Mapping[str, Shown]) -> Table:
    columns: Sequence[Column] = (
        Column("stated", _("Stated"), Kind.COUNT),
        Column("reviewed", str(REVIEWED.part), Kind.COUNT),
        Column("met", str(MET.part), Kind.COUNT),
        Column("no_longer_wished", _("No longer wished"), Kind.COUNT),
        Column("still_open", _("Still open"), Kind.COUNT),
        Column("share", _("Met, of those looked at again"), Kind.SHARE),
    )
    rows = tuple(_row(name, name, line) for name, line in sorted(lines.items()))
    return Table(_("Theme"), tuple(columns), rows, _row("", "Oslo", city))


def _row(code: str, name: str, line: Mapping[str, Shown]) -> Row:
    counts = (
        line.get(one, Shown(0))
        for one in ("stated", "reviewed", "met", "no_longer_wished", "still_open")
    )
    met = reading(line, MET.ratio)
    return Row(code, name, (*counts, "–" if met.is_empty else met.share))
