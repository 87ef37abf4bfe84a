"""Which year and which bydel somebody asks about, and the released sheets that answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from flask import request

from api.web.asking import FIRST_YEAR, refuse_unknown, year_options
from api.web.forms import Form
from api.web.places import bydel_names
from api.web.refusals import said
from api.web.texts import _
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.storage.work import Work
from nyefamilier.uptake.questions import bydel_asked, year_asked
from nyefamilier.uptake.service import sheets_of
from nyefamilier.uptake.sheets import Sheet

Found: TypeAlias = Mapping[str, Sequence[Sheet]]
"""The released sheets by tabulation, the oldest first; none where nothing has been released."""

KNOWN: Final = ("year", "bydel")
"""What the address of a page of figures may name."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about.

    Args:
        form: What was filled in, and what is wrong with it.
        year: The year; where a page is about many, the last of them.
        own: The bydel to point out; None for the city alone.
        names: The bydeler there are, by number.
        today: The day of the question.
    """

    form: Form
    year: int
    own: BydelNumber | None
    names: Mapping[BydelNumber, str]
    today: date

    @property
    def area(self) -> str:
        """The name of what is pointed out."""
        return "Oslo" if self.own is None else self.names.get(self.own, self.own)

    @property
    def years(self) -> list[tuple[str, str]]:
        """The years as choices."""
        return year_options(self.today)

    @property
    def bydeler(self) -> list[tuple[str, str]]:
        """The bydeler as choices, by name."""
        return sorted(((str(number), name) for number, name in self.names.items()), key=_second)

    @property
    def query(self) -> dict[str, str | int]:
        """The same question, for another page's address."""
        return {"year": self.year, "bydel": self.own or "all"}


def asked(current: Work, known: Collection[str] = KNOWN, *, of_bydel: bool = True) -> Question:
    """The question of the request: last year and the reader's own bydel unless she asks otherwise.

    This year's families have had little time to answer; so the year before is shown first.

    Args:
        current: Whose question it is.
        known: What its address may name.
        of_bydel: Whether a bydel can be pointed out; where not, it is about the city.
    """
    form = Form()
    refuse_unknown(form, known)
    today = current.today
    usual = max(FIRST_YEAR, today.year - 1)
    form.typed.setdefault("year", request.args.get("year", str(usual)))
    year = _year(form, today) or usual
    names = bydel_names(current, today)
    if not of_bydel:
        _refuse_bydel(form)
    own = _own(form, current, names) if of_bydel else None
    form.typed["bydel"] = own or "all"
    return Question(form, year, own, names, today)


def of_year(current: Work, tabulations: Sequence[str], question: Question) -> Found:
    """The city's sheets of the year asked about."""
    return sheets_of(current, tabulations, question.year, question.year)


def of_all_years(
    current: Work, tabulations: Sequence[str], question: Question, area: BydelNumber | None = None
) -> Found:
    """The sheets of all years that have been released, of the city or of one bydel."""
    return sheets_of(current, tabulations, FIRST_YEAR, question.today.year, area)


def _year(form: Form, today: date) -> int | None:
    written = form.value("year").strip()
    try:
        return year_asked(written, today.year, first=FIRST_YEAR, pointer="/year")
    except RuleBroken as refusal:
        if refusal.code == "breakdown-too-fine":
            form.wrong("year", said(refusal))
        return form.number("year", FIRST_YEAR, today.year, required=True)


def _own(form: Form, current: Work, names: Mapping[BydelNumber, str]) -> BydelNumber | None:
    wanted = request.args.get("bydel")
    if wanted == "all":
        return None
    if wanted is None:
        return current.actor.bydel
    try:
        return bydel_asked(wanted, names, pointer="/bydel")
    except RuleBroken as refusal:
        form.wrong("bydel", said(refusal))
        return None


def _refuse_bydel(form: Form) -> None:
    """Note that a bydel was asked for, where most of its counts would be hidden."""
    if request.args.get("bydel", "all") != "all":
        form.wrong(
            "",
            _(
                "This page is about all of Oslo: of one bydel, most numbers by group would be "
                "hidden."
            ),
        )


def _second(pair: tuple[str, str]) -> str:
    return pair[1]
