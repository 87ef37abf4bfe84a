"""Which years and which bydel somebody asks figures of, and the figures bydel by bydel."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import request

from api.doorway import work
from api.web.forms import Form
from api.web.places import bydel_names
from api.web.refusals import said
from api.web.texts import _
from nyefamilier.bydeler.service import boundaries
from nyefamilier.families.rules import PROGRAMME_BEGAN
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work
from nyefamilier.uptake.indicators import BydelUptake, Period, UptakeReport
from nyefamilier.uptake.questions import bydel_asked
from nyefamilier.uptake.redrawing import Map
from nyefamilier.uptake.service import is_redrawn, uptake_of

FIRST_YEAR = PROGRAMME_BEGAN.year
"""The programme's first year, in Stovner."""

_KNOWN: Final = ("from", "to", "bydel", "map")
"""What the address of such a page may name."""


@dataclass(frozen=True, slots=True)
class Row:
    """One bydel's line of the table."""

    name: str
    own: bool
    line: BydelUptake


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for, and what there is to show of it.

    Args:
        form: What was filled in, and what is wrong with it.
        first: The first year.
        last: The last one.
        role: Whose question it is.
        years: The years to choose from.
        maps: By which bydeler figures can be drawn; none where there is one map only.
        drawn: By which they are.
        own: The bydel to point out; None for none.
        names: The bydeler to choose from, by number.
        rows: The bydeler in the order in which they are shown; none where the question was wrong.
        report: The figures; None where the question was wrong.
    """

    form: Form
    first: int
    last: int
    role: Role
    years: list[tuple[str, str]]
    maps: list[tuple[str, str]]
    drawn: Map
    own: str | None
    names: Mapping[BydelNumber, str]
    rows: list[Row]
    report: UptakeReport | None

    @property
    def status(self) -> int:
        """What a page with it is answered by."""
        return 200 if self.report is not None else 422

    @property
    def bydeler(self) -> list[tuple[str, str]]:
        """The bydeler as choices, by name."""
        choices = ((str(number), name) for number, name in self.names.items())
        return sorted(choices, key=lambda pair: pair[1])

    @property
    def query(self) -> dict[str, str | int]:
        """The same question, for the address of a page beside this one."""
        drawn = {"map": self.drawn.value} if self.maps else {}
        return {"from": self.first, "to": self.last, "bydel": self.own or "", **drawn}


def asked() -> Asked:
    """What the request asks for, and the figures."""
    form = Form()
    refuse_unknown(form, _KNOWN)
    with work() as current:
        today, role = current.today, current.actor.role
        first, last = _years(form, today)
        maps = _maps(current, first, last)
        drawn = _drawn(form, maps)
        report = _report(form, current, first, last, drawn)
        names = bydel_names(current, today) if report is None else _names(current, report)
        own = _pointed_out(form, current, names)
    if not form.ok:
        report = None
    rows = [] if report is None else _rows(report, names, own)
    form.typed.update({"from": str(first), "to": str(last), "bydel": own or "", "map": drawn.value})
    years = year_options(today)
    return Asked(form, first, last, role, years, maps, drawn, own, names, rows, report)


def refuse_unknown(form: Form, known: Collection[str]) -> None:
    """Note what the address names and the page does not know, and what it names twice.

    Passed over, a slip in an address would get an answer to another question.
    """
    if request.args.keys() - set(known):
        form.wrong(
            "",
            _(
                "The address asks for something that this page does not know. It knows %(known)s. "
                "Choose in the fields instead.",
                known=", ".join(known),
            ),
        )
    for name in known:
        if len(request.args.getlist(name)) > 1:
            form.wrong(name, _("The address says this more than once. Choose one."))


def year_options(today: date) -> list[tuple[str, str]]:
    """The years that can be asked for, the newest first."""
    return [(str(year), str(year)) for year in range(today.year, FIRST_YEAR - 1, -1)]


def _years(form: Form, today: date) -> tuple[int, int]:
    """The years asked for; this year unless somebody asks for others."""
    form.typed.setdefault("from", request.args.get("from", str(today.year)))
    form.typed.setdefault("to", request.args.get("to", form.value("from")))
    first = form.number("from", FIRST_YEAR, today.year, required=True)
    last = form.number("to", FIRST_YEAR, today.year, required=True)
    return first or today.year, last or today.year


def _maps(current: Work, first: int, last: int) -> list[tuple[str, str]]:
    """The maps to choose from; none where no reform lies between those years and today."""
    if last < first or not is_redrawn(current, Period.years(first, last)):
        return []
    return [
        (Map.THEN.value, _("as they were then")),
        (Map.NOW.value, _("as they are now")),
    ]


def _drawn(form: Form, maps: Collection[object]) -> Map:
    asked_for = request.args.get("map", Map.THEN.value)
    if asked_for not in set(Map):
        form.wrong("map" if maps else "", _("Choose one of the two."))
        return Map.THEN
    # Where there is one map only, today's is that of then.
    return Map(asked_for) if maps else Map.THEN


def _report(form: Form, current: Work, first: int, last: int, drawn: Map) -> UptakeReport | None:
    """The figures of those years; None where the form now says what is wrong with them."""
    try:
        return uptake_of(current, Period.years(first, last), drawn=drawn) if form.ok else None
    except RuleBroken as refusal:
        form.wrong("to", said(refusal))
        return None


def _pointed_out(form: Form, current: Work, names: Mapping[BydelNumber, str]) -> str | None:
    """The bydel to point out: the one asked for, or the reader's own; None where she asks for none.

    Of the period's bydeler: one that is closed, or was not there yet, has no line to point out.
    """
    wanted = request.args.get("bydel")
    if wanted is None:
        return current.actor.bydel
    try:
        return bydel_asked(wanted, names, pointer="/bydel") if wanted else None
    except RuleBroken as refusal:
        form.wrong("bydel", said(refusal))
        return None


def _names(current: Work, report: UptakeReport) -> dict[BydelNumber, str]:
    """The bydeler of the period by number."""
    # Of all times: a bydel of the period may be none today.
    known = {one.number: one.name for one in boundaries(current.session).bydeler}
    return {
        line.bydel: known.get(line.bydel, line.bydel)
        for line in report.bydeler
        if line.bydel is not None
    }


def _rows(report: UptakeReport, names: Mapping[BydelNumber, str], own: str | None) -> list[Row]:
    """The bydeler in the order in which they are shown."""
    rows = [
        Row(names[line.bydel], line.bydel == own, line)
        for line in report.bydeler
        if line.bydel is not None
    ]
    return sorted(rows, key=_order)


def _order(row: Row) -> tuple[bool, str]:
    """The bydel pointed out first, then by number: a list by share would be read as a ranking."""
    return (not row.own, row.line.bydel or "")
