"""Which years and which bydel somebody asks figures of, and the figures bydel by bydel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import request

from api.doorway import work
from api.web.forms import Form
from api.web.refusals import said
from api.web.texts import _
from nyefamilier.bydeler.service import boundaries, bydeler
from nyefamilier.families.rules import PROGRAMME_BEGAN
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work
from nyefamilier.uptake.indicators import BydelUptake, Period, UptakeReport
from nyefamilier.uptake.redrawing import Map
from nyefamilier.uptake.service import is_redrawn, uptake_of

FIRST_YEAR = PROGRAMME_BEGAN.year
"""The programme's first year, in Stovner."""


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
    rows: list[Row]
    report: UptakeReport | None

    @property
    def status(self) -> int:
        """What a page with it is answered by."""
        return 200 if self.report is not None else 422

    @property
    def bydeler(self) -> list[tuple[str, str]]:
        """The bydeler as choices, by name."""
        choices = ((str(row.line.bydel), row.name) for row in self.rows)
        return sorted(choices, key=lambda pair: pair[1])

    @property
    def query(self) -> dict[str, str | int]:
        """The same question, for the address of a page beside this one."""
        bydel = request.args.get("bydel", "")
        drawn = {"map": self.drawn.value} if self.maps else {}
        return {"from": self.first, "to": self.last, "bydel": bydel, **drawn}


def asked() -> Asked:
    """What the request asks for, and the figures."""
    form = Form()
    with work() as current:
        today, role = current.today, current.actor.role
        first, last = _years(form, today)
        maps = _maps(current, first, last)
        drawn = _drawn(form) if maps else Map.THEN
        report = _report(form, current, first, last, drawn)
        own = pointed_out(current)
        rows = [] if report is None else _rows(current, report, own)
    form.typed.update({"from": str(first), "to": str(last), "bydel": own or "", "map": drawn.value})
    return Asked(form, first, last, role, year_options(today), maps, drawn, rows, report)


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


def _drawn(form: Form) -> Map:
    asked_for = request.args.get("map", Map.THEN.value)
    if asked_for not in set(Map):
        form.wrong("map", _("Choose one of the two."))
        return Map.THEN
    return Map(asked_for)


def _report(form: Form, current: Work, first: int, last: int, drawn: Map) -> UptakeReport | None:
    """The figures of those years; None where the form now says what is wrong with them."""
    try:
        return uptake_of(current, Period.years(first, last), drawn=drawn) if form.ok else None
    except RuleBroken as refusal:
        form.wrong("to", said(refusal))
        return None


def pointed_out(current: Work) -> str | None:
    """The bydel to point out: the one asked for, or the reader's own."""
    wanted = request.args.get("bydel", "")
    known = {str(one.number) for one in bydeler(current.session, current.today)}
    return wanted if wanted in known else current.actor.bydel


def _rows(current: Work, report: UptakeReport, own: str | None) -> list[Row]:
    """The bydeler in the order in which they are shown."""
    # Of all times: a bydel of the period may be none today.
    names = {one.number: one.name for one in boundaries(current.session).bydeler}
    rows = [
        Row(names.get(BydelNumber(line.bydel or ""), line.bydel or ""), line.bydel == own, line)
        for line in report.bydeler
    ]
    return sorted(rows, key=_order)


def _order(row: Row) -> tuple[bool, str]:
    """The bydel pointed out first, then by number: a list by share would be read as a ranking."""
    return (not row.own, row.line.bydel or "")
