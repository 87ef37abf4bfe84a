"""Which years and which bydel somebody asks figures of, and the figures bydel by bydel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import request

from api.web.forms import Form
from api.web.places import bydel_names
from api.web.refusals import said
from nyefamilier.bydeler.service import bydeler
from nyefamilier.families.rules import PROGRAMME_BEGAN
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work
from nyefamilier.uptake.indicators import BydelUptake, Period, UptakeReport
from nyefamilier.uptake.service import uptake_of

FIRST_YEAR = PROGRAMME_BEGAN.year
"""The programme's first year, in Stovner."""


@dataclass(frozen=True, slots=True)
class Row:
    """One bydel's line of the table."""

    name: str
    own: bool
    line: BydelUptake


def asked_years(form: Form, today: date) -> tuple[int, int]:
    """The years asked for; this year unless somebody asks for others."""
    form.typed.setdefault("from", request.args.get("from", str(today.year)))
    form.typed.setdefault("to", request.args.get("to", form.value("from")))
    first = form.number("from", FIRST_YEAR, today.year, required=True)
    last = form.number("to", FIRST_YEAR, today.year, required=True)
    return first or today.year, last or today.year


def asked_report(form: Form, current: Work, first: int, last: int) -> UptakeReport | None:
    """The figures of those years; None where the form now says what is wrong with them."""
    try:
        return uptake_of(current, Period.years(first, last)) if form.ok else None
    except RuleBroken as refusal:
        form.wrong("to", said(refusal))
        return None


def pointed_out(current: Work) -> str | None:
    """The bydel to point out: the one asked for, or the reader's own."""
    wanted = request.args.get("bydel", "")
    known = {str(one.number) for one in bydeler(current.session, current.today)}
    return wanted if wanted in known else current.actor.bydel


def rows_of(current: Work, report: UptakeReport, own: str | None) -> list[Row]:
    """The bydeler in the order in which they are shown."""
    names = bydel_names(current, current.today)
    rows = [
        Row(names.get(BydelNumber(line.bydel or ""), line.bydel or ""), line.bydel == own, line)
        for line in report.bydeler
    ]
    return sorted(rows, key=_order)


def bydel_options(rows: list[Row]) -> list[tuple[str, str]]:
    """The bydeler as choices, by name."""
    return sorted(((str(row.line.bydel), row.name) for row in rows), key=lambda pair: pair[1])


def year_options(today: date) -> list[tuple[str, str]]:
    """The years that can be asked for, the newest first."""
    return [(str(year), str(year)) for year in range(today.year, FIRST_YEAR - 1, -1)]


def _order(row: Row) -> tuple[bool, str]:
    """The bydel pointed out first, then by number: a list by share would be read as a ranking."""
    return (not row.own, row.line.bydel or "")
