"""One share, bydel by bydel, beside the city: as dots with their intervals, and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from api.web import charts
from api.web.formats import number, percent
from api.web.marks import NARROW, WIDE, Dot, Reference
from api.web.quality.asking import Found, Question
from api.web.quality.measures import Measure
from api.web.quality.sections import Column, Figure, Kind, Row, Section, Table, drawn
from api.web.texts import _
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.uptake.indicators import Share
from nyefamilier.uptake.shares import Reading, reading
from nyefamilier.uptake.sheets import AREA, Sheet
from nyefamilier.uptake.tabulations import BY_ID


def share_section(measure: Measure, question: Question, found: Found) -> Section:
    """The section of a measure."""
    title = str(measure.title)
    sheets = found.get(measure.tabulation, ())
    since = BY_ID[measure.tabulation].since
    if question.year < since:
        return Section(measure.code, title, _("This is counted from %(year)s on.", year=since))
    if not sheets:
        return unreleased(measure.code, title, question)
    sheet = sheets[-1]
    lines = readings(measure, question, sheet)
    city = reading(sheet.lines.get(AREA, {}), measure.ratio)
    if city.is_empty:
        told = _("Oslo: %(nobody)s.", nobody=measure.nobody)
        return Section(measure.code, title, told, sheet=sheet)
    return Section(
        measure.code,
        title,
        _finding(measure, question, lines, city),
        _("%(more)s The line is the 95 %% interval (Wilson); where two lines overlap much, the "
          "difference may be chance. The dotted line is the whole city.", more=measure.more),
        partial(_figure, question, lines, city),
        _notes(measure, question, lines),
        _table(measure, question, lines, city),
        sheet,
    )  # fmt: skip


def unreleased(code: str, title: str, question: Question) -> Section:
    """A section of which nothing has been released."""
    told = _("Nothing has been released for %(year)s yet.", year=question.year)
    return Section(code, title, told)


def readings(measure: Measure, question: Question, sheet: Sheet) -> Mapping[BydelNumber, Reading]:
    """The measure bydel by bydel: the one pointed out first, then by number, never by share."""
    there = {BydelNumber(line) for line in sheet.lines if line != AREA}
    order = sorted(there | set(question.names), key=lambda one: (one != question.own, one))
    return {one: reading(sheet.lines.get(one, {}), measure.ratio) for one in order}


def compared(share: Share, city: Share | None) -> str:
    """How a bydel's share lies beside the city's, and no more than its interval bears."""
    if city is None:
        return ""
    whole = percent(city.value)
    if share.low > city.value:
        return _("That is more than in Oslo as a whole (%(city)s).", city=whole)
    if share.high < city.value:
        return _("That is less than in Oslo as a whole (%(city)s).", city=whole)
    return _("That cannot be told apart from Oslo as a whole (%(city)s).", city=whole)


def _finding(
    measure: Measure, question: Question, lines: Mapping[BydelNumber, Reading], city: Reading
) -> str:
    of_city = _of_city(measure, city)
    own = None if question.own is None else lines.get(question.own)
    if own is None:
        return of_city
    if own.share is not None:
        told = str(measure.sentence) % {"share": percent(own.share.value)}
        beside = compared(own.share, city.share)
        return f"{question.area}: {told} {beside}".rstrip()
    if own.is_empty:
        return f"{question.area}: {measure.nobody}. {of_city}"
    return _("The numbers of %(bydel)s are too small to be shown.", bydel=question.area) + (
        f" {of_city}"
    )


def _of_city(measure: Measure, city: Reading) -> str:
    if city.share is None:
        return _("Oslo's number is hidden, because it would give away a small one.")
    return "Oslo: " + str(measure.sentence) % {"share": percent(city.share.value)}


def _notes(
    measure: Measure, question: Question, lines: Mapping[BydelNumber, Reading]
) -> tuple[str, ...]:
    hidden = [name(question, one) for one, line in lines.items() if _is_hidden(line)]
    empty = [name(question, one) for one, line in lines.items() if line.is_empty]
    notes = []
    if hidden:
        notes.append(_("Hidden, so that no small number can be told: %(names)s.",
                       names=", ".join(hidden)))  # fmt: skip
    if empty:
        told = str(measure.nobody)
        notes.append(f"{told[:1].upper()}{told[1:]}: {', '.join(empty)}.")
    return tuple(notes)


def name(question: Question, bydel: BydelNumber) -> str:
    """A bydel's name; its number, where it had none on the day of the question."""
    return question.names.get(bydel, bydel)


def _is_hidden(line: Reading) -> bool:
    return line.share is None and not line.is_empty


def _figure(
    question: Question, lines: Mapping[BydelNumber, Reading], city: Reading
) -> Figure | None:
    if not any(line.share is not None for line in lines.values()):
        return None
    dots = [
        dot(name(question, one), line, own=one == question.own)
        for one, line in lines.items()
        if not line.is_empty
    ]
    share = city.share
    level = None if share is None else Reference(share.value, f"Oslo {percent(share.value)}")
    return drawn(charts.dots(dots, level, WIDE), charts.dots(dots, level, NARROW))


def dot(name: str, line: Reading, *, own: bool) -> Dot:
    """A row of a dot plot."""
    share = line.share
    if share is None:
        words = _("%(bydel)s: hidden, so that no small number can be told", bydel=name)
        return Dot(name, words, None, 0, 0, _("hidden"), own)
    words = _(
        "%(name)s: %(share)s, %(part)s of %(whole)s; between %(low)s and %(high)s with 95 %% "
        "certainty",
        name=name,
        share=percent(share.value),
        part=number(line.part.value),
        whole=number(line.whole.value),
        low=percent(share.low),
        high=percent(share.high),
    )
    return Dot(name, words, share.value, share.low, share.high, percent(share.value), own)


def _table(
    measure: Measure, question: Question, lines: Mapping[BydelNumber, Reading], city: Reading
) -> Table:
    rows = [
        row(measure, one, name(question, one), line, own=one == question.own)
        for one, line in lines.items()
    ]
    total = row(measure, "", "Oslo", city)
    return Table(_("Bydel"), share_columns(measure), tuple(rows), total)


def share_columns(measure: Measure) -> tuple[Column, ...]:
    """The columns of a table of a measure."""
    return (
        Column("numerator", str(measure.part), Kind.COUNT),
        Column("denominator", str(measure.whole), Kind.COUNT),
        Column("share", _("Share"), Kind.SHARE),
    )


def row(measure: Measure, code: str, name: str, line: Reading, *, own: bool = False) -> Row:
    """A line of a table of a measure."""
    if line.is_empty:
        return Row(code, name, (), str(measure.nobody), own)
    return Row(code, name, (line.part, line.whole, line.share), own=own)


def share_sections(measures: Sequence[Measure], question: Question, found: Found) -> list[Section]:
    """A section for each measure."""
    return [share_section(measure, question, found) for measure in measures]
