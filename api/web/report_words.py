"""A report in the reader's words: its sections and figures, and what is to be known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from api.web.estimates import REACH, TARGET_GROUP, WHAT_IT_IS
from api.web.formats import day, interval, number, percent, short_day
from api.web.texts import LazyText, _, _l, ngettext
from nyefamilier.uptake.reporting import Figure, Part, Report, ReportPeriod, Section
from nyefamilier.uptake.shares import Reading
from nyefamilier.uptake.sheets import Behind, Shown

_TITLES: Final[dict[str, LazyText]] = {
    "uptake": _l("Uptake and reach"),
    "answers": _l("Answers, and the first visit"),
    "funnel": _l("From birth to visit"),
    "timeliness": _l("Visits in time"),
    "kostra": _l("KOSTRA"),
    "dose": _l("Visits"),
    "continuity": _l("The same nurse"),
    "other_parent": _l("Father or co-mother"),
    "interpreter": _l("Interpreter"),
    "needs": _l("Needs in the parents' own words"),
}
_NOTES: Final[dict[str, LazyText]] = {
    "uptake": _l("Families that became known to the programme in the period."),
    "answers": _l(
        "Families that became known in the year. Answers within 14 days are of the offers that are "
        "that old; weeks are from the offer to the first visit."
    ),
    "funnel": _l(
        "Children born in the year, one for each pregnancy. Active at an age: of those who came to "
        "that age and were active at the age before; who moved away is in neither."
    ),
    "timeliness": _l(
        "The visit in pregnancy is from week 28. The newborn visit is on day 7 to 10; those who "
        "are not that old yet are left out."
    ),
    "kostra": _l(
        "By KOSTRA's clocks: home visits by a public health nurse within 10 days of the birth, and "
        "within 14 days of the homecoming, of the target group's births in the year whose days are "
        "over, whatever the families answered. KOSTRA itself counts all births, also those that "
        "the programme is not for. The midwife's visit is another visit and is in neither; the "
        "programme has no figure of it."
    ),
    "dose": _l(
        "Families visited and visits made in the year, and how many visits the families of the "
        "year's children had."
    ),
    "continuity": _l("Visits made in the year by the family's own nurse."),
    "other_parent": _l("Visits made in the year at which father or co-mother was present."),
    "interpreter": _l("Visits made in the year. A qualified interpreter has category A to E."),
    "needs": _l("Needs stated in the year. Met is what the parents say."),
}
_WORDS: Final[dict[str, LazyText]] = {
    "eligible": _l("In the target group"),
    "offered": _l("Were offered the programme"),
    "answered": _l("Have answered"),
    "accepted": _l("Said yes (uptake)"),
    "declined": _l("Said no"),
    "later": _l("Said later"),
    "unanswered": _l("Have not answered"),
    "reached": _l("Had a visit (reach)"),
    "within_14_days": _l("Answered within 14 days"),
    "weeks_0_4": _l("First visit after 0 to 4 weeks"),
    "weeks_5_8": _l("First visit after 5 to 8 weeks"),
    "weeks_9_or_more": _l("First visit after 9 weeks or more"),
    "estimated_eligible": TARGET_GROUP,
    "estimated_eligible_low": _l("The estimate at its low end"),
    "estimated_eligible_high": _l("The estimate at its high end"),
    "estimated_reach": REACH,
    "born": _l("Births"),
    "born_offered": _l("Offered the programme, of the births"),
    "born_accepted": _l("Said yes, of those offered"),
    "born_visited": _l("Visited, of those who said yes"),
    "active_3": _l("Active when the child is 3 months"),
    "active_12": _l("Active when the child is 12 months"),
    "active_24": _l("Active when the child is 24 months"),
    "covered_by_nfp": _l("Followed by Sammen på vei (NFP) instead, not among the births"),
    "pregnancy_visit": _l("Visited in pregnancy, of those who said yes before the birth"),
    "newborn_visit": _l("Visited on day 7 to 10"),
    "kostra_10": _l("Home visit within 10 days of the birth"),
    "kostra_14": _l("Home visit within 14 days of the homecoming"),
    "families_visited": _l("Families with a visit of at least one hour"),
    "visits": _l("Visits made"),
    "at_least_an_hour": _l("Of at least one hour"),
    "unscheduled": _l("Not planned beforehand"),
    "visits_0": _l("Families with no visit yet"),
    "visits_1": _l("Families with 1 visit"),
    "visits_2_3": _l("Families with 2 or 3 visits"),
    "visits_4_6": _l("Families with 4 to 6 visits"),
    "visits_7_or_more": _l("Families with 7 visits or more"),
    "own_nurse": _l("By the family's own nurse"),
    "other_parent_there": _l("Father or co-mother was present"),
    "interpreter_needed": _l("Visits that needed an interpreter"),
    "interpreter_qualified": _l("With a qualified interpreter"),
    "interpreter_unqualified": _l("With somebody who is not qualified"),
    "interpreter_absent": _l("Without any"),
    "needs_stated": _l("Needs stated"),
    "needs_reviewed": _l("Looked at again"),
    "needs_met": _l("Met, of those looked at again"),
}
_PARTS: Final[dict[Part, LazyText]] = {
    Part.T1: _l("First tertial of %(year)s"),
    Part.T2: _l("Second tertial of %(year)s"),
    Part.T3: _l("Third tertial of %(year)s"),
    Part.YEAR: _l("The year %(year)s"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A figure in words. Empty where there is nothing to say."""

    what: str
    part: str
    whole: str
    share: str
    interval: str


@dataclass(frozen=True, slots=True)
class Told:
    """A section in words."""

    code: str
    title: str
    note: str
    lines: list[Line]
    more: list[str]


def period_words(period: ReportPeriod) -> str:
    """``Første tertial 2025``, ``Året 2025``."""
    return str(_PARTS[period.part]) % {"year": period.year}


def section_words(report: Report) -> list[Told]:
    """The report's sections, in order."""
    return [_told(report, section) for section in report.sections]


def figure_words(code: str) -> str:
    """What a figure is called."""
    return str(_WORDS[code])


def section_title(code: str) -> str:
    """What a section is called."""
    return str(_TITLES[code])


def about(report: Report, bydel: str) -> list[tuple[str, str]]:
    """What is to be known of a report: of which day it is, how complete, what is not in it."""
    told = [
        (
            _("Released"),
            _(
                "%(day)s. Figures are released each Monday. What is told later revises them, and "
                "every revision is kept.",
                day=day(report.released),
            ),
        ),
        (_("How complete"), behind_words(report.behind, bydel, report.released)),
        (
            _("Hidden"),
            _(
                "Hidden: one to four families, and what would let somebody work such a number out. "
                "A share of fewer than ten families is not shown."
            ),
        ),
        (
            _("Shares"),
            _(
                "Beside a share of what was counted stands Wilson's 95 %% interval: what chance "
                "alone may mean. Beside reach of the estimated target group stands the estimate's "
                "own range, which is no such interval."
            )
            % (),
        ),
        (
            _("Not to be claimed"),
            _(
                "That the visits have had an effect: the controlled studies found no significant "
                "one, on mothers' quality of life (Brekke et al. 2023) or fathers' depression "
                "scores (Solberg et al., AJMH). That one bydel is better than another."
            ),
        ),
        (
            _("Not in it"),
            _(
                "Families with a protected address, and families that the programme Sammen på vei "
                "(NFP) follows instead."
            )
            if report.bydel
            else _("Families that the programme Sammen på vei (NFP) follows instead."),
        ),
    ]
    if report.has_held:
        told.insert(
            2,
            (
                _("Held back"),
                _(
                    "«as of» and a day stands where so few families have changed the number since "
                    "that day that the change must not be seen."
                ),
            ),
        )
    return told


def behind_words(behind: Behind | None, bydel: str, released: date) -> str:
    """How complete a bydel's figures were on the day of a release."""
    if behind is None or not behind.phones:
        return _("No phone was in use in %(bydel)s on %(day)s.", bydel=bydel, day=day(released))
    if not behind.phones_behind:
        return _("All phones in %(bydel)s had synced by %(day)s.", bydel=bydel, day=day(released))
    late = ngettext(
        "The one furthest behind had not for %(num)s day.",
        "The one furthest behind had not for %(num)s days.",
        behind.days,
    )
    told = _(
        "%(late)s of %(all)s phones in %(bydel)s had not synced by %(day)s: visits on them are not "
        "in the figures.",
        late=number(behind.phones_behind),
        all=number(behind.phones),
        bydel=bydel,
        day=day(released),
    )
    return f"{told} {late}"


def _told(report: Report, section: Section) -> Told:
    more = [
        _("%(what)s: counted from %(year)s.", what=figure_words(code), year=year)
        for code, year in section.missing.items()
    ]
    if any(figure.is_estimate for figure in section.figures):
        more.append(str(WHAT_IT_IS))
    if section.unreleased:
        named = ", ".join(figure_words(code) for code in section.unreleased)
        more.append(_("Nothing has been released for this year of: %(figures)s.", figures=named))
    if section.is_whole_year:
        more.append(
            _(
                "By year only in this report: the figures are of the whole of %(year)s as "
                "released.",
                year=report.period.year,
            )
        )
    return Told(
        section.code,
        section_title(section.code),
        str(_NOTES[section.code]),
        [_line(figure) for figure in section.figures],
        more,
    )


def _line(figure: Figure) -> Line:
    found = figure.reading
    if figure.is_count:
        return Line(figure_words(figure.code), _shown(found.part), "", "", "")
    if found.is_empty:
        return Line(figure_words(figure.code), "0", "0", _("none yet"), "")
    share, spread = _share(found)
    if figure.is_estimate and spread:
        spread = _("%(range)s (the estimate's range)", range=spread)
    return Line(
        figure_words(figure.code), _shown(found.part), _shown(found.whole), share, spread
    )  # fmt: skip


def _share(found: Reading) -> tuple[str, str]:
    if found.share is None:
        hidden = None in {found.part.value, found.whole.value}
        return (_("hidden") if hidden else _("not shown")), ""
    return percent(found.share.value), interval(found.share.low, found.share.high)


def _shown(one: Shown) -> str:
    if one.held_since is None:
        return number(one.value)
    return _("%(number)s (as of %(day)s)", number=number(one.value), day=short_day(one.held_since))
