"""Figures and quality, for leads and planners: the page that leads to all others, and each of them.

Only what has been released is read here, already protected; a page is drawn from it and asks
nothing of families.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.downloads import TABLES, table_file
from api.web.quality import cohort, equity, needs, retention, shares, time
from api.web.quality.asking import KNOWN, Found, Question, asked, of_all_years, of_year
from api.web.quality.earlier import Comparison, changed, chosen, revision_words, side_by_side
from api.web.quality.files import section_table
from api.web.quality.measures import TIMELINESS, VISITS, followed_as
from api.web.quality.sections import Section
from api.web.texts import LazyText, _, _l
from nyefamilier.access.exports import Export
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.storage.work import Work
from nyefamilier.uptake.service import revisions
from nyefamilier.uptake.service import sheet as earlier_sheet
from nyefamilier.uptake.sheets import Behind, Sheet

READERS = (Role.LEAD, Role.PLANNER)

Read: TypeAlias = Callable[[Work, Question], Found]
Build: TypeAlias = Callable[[Question, Found], list[Section]]


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """One of the pages.

    Args:
        code: Its name in addresses.
        title: Its heading.
        sentence: What a lead finds there.
        about: What the year is the year of.
        read: The sheets that it needs.
        build: Its sections.
        asks_year: Whether it is about one year.
        asks_bydel: Whether a bydel can be pointed out; where not, it is about the city.
        is_of_a_year: Whether all that it shows is of the one year, so that each section has
            revisions.
    """

    code: str
    title: LazyText
    sentence: LazyText
    about: LazyText
    read: Read
    build: Build
    asks_year: bool = True
    asks_bydel: bool = True
    is_of_a_year: bool = True


def _reading(*tabulations: str) -> Read:
    def read(current: Work, question: Question) -> Found:
        return of_year(current, tabulations, question)

    return read


def _read_equity(current: Work, question: Question) -> Found:
    return of_all_years(current, equity.TABULATIONS, question)


def _timeliness(question: Question, found: Found) -> list[Section]:
    return shares.share_sections(TIMELINESS, question, found)


def _visits(question: Question, found: Found) -> list[Section]:
    return [cohort.dose_section(question, found),
            *shares.share_sections(VISITS, question, found)]  # fmt: skip


PAGES: Final = (
    FiguresPage(
        "time",
        _l("Development over time"),
        _l("Has something changed by more than chance explains, from tertial to tertial and from "
           "year to year?"),
        _l("All years"),
        time.read,
        time.sections,
        asks_year=False,
        is_of_a_year=False,
    ),
    FiguresPage(
        "cohort",
        _l("From birth to visit"),
        _l("How many were offered the programme, what did they answer, and who has been visited?"),
        _l("Children born in"),
        _reading("funnel", "followed_by_nfp"),
        cohort.sections,
    ),
    FiguresPage(
        "timeliness",
        _l("In time"),
        _l("Do answers, the visit in pregnancy and the newborn visit come when they should, and "
           "what do we report to KOSTRA?"),
        _l("Families identified, or children born, in"),
        _reading(*(one.tabulation for one in TIMELINESS)),
        _timeliness,
    ),
    FiguresPage(
        "visits",
        _l("The visits"),
        _l("How many visits do families have, from their own nurse, with the other parent and "
           "with a qualified interpreter?"),
        _l("Children born, or visits made, in"),
        _reading("dose", *(one.tabulation for one in VISITS)),
        _visits,
    ),
    FiguresPage(
        "retention",
        _l("Still active"),
        _l("How many of those who said yes are still active at 3, 12 and 24 months?"),
        _l("Children born in"),
        _reading("active"),
        retention.sections,
    ),
    FiguresPage(
        "equity",
        _l("Alike for all"),
        _l("Do families say yes, and are they visited in time, whichever language they speak and "
           "on whichever basis they are offered the programme?"),
        _l("Families identified, or children born, in"),
        _read_equity,
        equity.sections,
        asks_bydel=False,
        is_of_a_year=False,
    ),
    FiguresPage(
        "needs",
        _l("What parents need"),
        _l("What do parents say they need, and how much of it is met, as they say?"),
        _l("Needs stated in"),
        _reading(*needs.TABULATIONS),
        needs.sections,
    ),
)  # fmt: skip
"""All of them, in the order of the page that leads to them."""


@pages.get("/figures")
@allow(*READERS)
def figures() -> ResponseReturnValue:
    """Where a lead on Monday finds her way: every page of figures with one sentence."""
    return render_template("figures.html", pages=PAGES)


@pages.get("/figures/<page>")
@allow(*READERS)
def figures_page(page: str) -> ResponseReturnValue:
    """The sections of one page."""
    wanted = _page(page)
    question, found = _asked(wanted)
    return _shown(wanted, question, found)


@pages.get("/figures/<page>/<section>.<any(csv,xlsx,parquet):form>")
@allow(*READERS)
def figures_file(page: str, section: str, form: str) -> ResponseReturnValue:
    """The numbers of one section as a file; the page, where the question was wrong."""
    wanted = _page(page)
    question, found = _asked(wanted)
    if not question.form.ok:
        return _shown(wanted, question, found)
    told = _section(wanted, question, found, section)
    if told is None or told.table is None:
        raise NotFound("section")
    period = str(question.year) if wanted.asks_year else _("all")
    table = section_table(told, told.table, question.area, period)
    return table_file(table, Export(told.code, period, question.own, form))


@pages.get("/figures/<page>/<section>/revisions")
@allow(*READERS)
def figures_revisions(page: str, section: str) -> ResponseReturnValue:
    """An earlier revision of a section beside the newest; the page, if the question was wrong."""
    wanted = _page(page)
    question, found = _asked(wanted, (*KNOWN, "revision"))
    if not question.form.ok:
        return _shown(wanted, question, found)
    now = _section(wanted, question, found, section)
    if now is None or now.sheet is None or not wanted.is_of_a_year:
        raise NotFound("section")
    return render_template(
        "figures_revisions.html",
        page=wanted,
        question=question,
        compared=_compared(wanted, question, now, now.sheet),
        revision_words=revision_words,
    )


def _compared(page: FiguresPage, question: Question, now: Section, sheet: Sheet) -> Comparison:
    with work() as current:
        known = revisions(current, sheet.tabulation, sheet.year, sheet.area)[::-1]
        try:
            then = chosen(known, request.args.get("revision"))
        except LookupError:
            raise NotFound("revision") from None
        if then is None:
            return Comparison(now, known, None, None)
        before = earlier_sheet(current, sheet.tabulation, sheet.year, sheet.area, then.number)
    # The same table of both, and it alone: what else the section shows is another table's.
    newest, told = (
        _section(page, question, {sheet.tabulation: [one]}, now.code) for one in (sheet, before)
    )
    if newest is None or told is None:
        return Comparison(now, known, then, None)
    table = side_by_side(newest, told, known[0], then)
    return Comparison(newest, known, then, table, changed(newest, told))


def _section(page: FiguresPage, question: Question, found: Found, code: str) -> Section | None:
    return next((one for one in page.build(question, found) if one.code == code), None)


def _page(code: str) -> FiguresPage:
    for one in PAGES:
        if one.code == code:
            return one
    raise NotFound("page")


def _asked(page: FiguresPage, known: Sequence[str] = KNOWN) -> tuple[Question, Found]:
    with work() as current:
        question = asked(current, known, of_bydel=page.asks_bydel)
        return question, page.read(current, question) if question.form.ok else {}


def _shown(page: FiguresPage, question: Question, found: Found) -> ResponseReturnValue:
    sections = page.build(question, found) if question.form.ok else []
    return render_template(
        "figures_page.html",
        page=page,
        question=question,
        sections=sections,
        files=TABLES,
        behind=_behind(question, sections),
        followed=_followed(page, question, sections),
    ), (200 if question.form.ok else 422)


def _followed(page: FiguresPage, question: Question, sections: Sequence[Section]) -> dict[str, str]:
    """Where the page of all years follows a section's share, by the section's code."""
    if not page.asks_year:
        return {}
    of_bydel = question.own is not None
    found = {one.code: followed_as(one.code, of_bydel=of_bydel) for one in sections}
    bydel = question.own or "all"
    return {
        code: url_for("web.figures_page", page="time", bydel=bydel, _anchor=where)
        for code, where in found.items()
        if where is not None
    }


def _behind(question: Question, sections: Sequence[Section]) -> list[tuple[str, Behind]]:
    """How complete the newest of the figures are: in the bydel pointed out, and in the city."""
    sheets = [one.sheet for one in sections if one.sheet is not None]
    if not sheets:
        return []
    lines = {one.bydel: one for one in max(sheets, key=lambda one: one.released).behind}
    wanted = [(question.area, question.own), ("Oslo", None)]
    return [(name, lines[bydel]) for name, bydel in dict(wanted).items() if bydel in lines]
