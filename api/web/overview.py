"""What needs a lead today: how much waits in the bydel, what it means, and where to go with it.

Live counts and no statistics: nothing is hidden, and no family is named or opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.programme import programme
from api.safety.patience import grace
from api.web.blueprint import pages
from api.web.deciding import waiting_words
from api.web.formats import near, number
from api.web.places import bydel_name
from api.web.texts import _, ngettext
from nyefamilier.door.reviews import Count, counts
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import day_of
from nyefamilier.safety.views import count_overdue
from nyefamilier.sync.views import UNHEARD_FOR, Phones, phones_unheard
from nyefamilier.visits.bydel_counts import WAITS_FOR, BydelCounts, bydel_counts


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: how many of something wait.

    Args:
        code: Its name in the page.
        count: How many.
        title: What they are.
        meaning: What that means, and what it does not.
        href: Where to go next.
        to: What lies there.
    """

    code: str
    count: int
    title: str
    meaning: str
    href: str
    to: str


@pages.get("/overview")
@allow(Role.LEAD)
def overview() -> ResponseReturnValue:
    """What waits in the lead's own bydel today, in counts."""
    with work() as current:
        found = bydel_counts(current)
        inbox = counts(current)
        phones = phones_unheard(current)
        overdue = count_overdue(current, grace())
        today = current.today
        bydel = bydel_name(current, current.actor.bydel, today)
    most = programme().settings.families_per_nurse
    lines = [
        _overdue(overdue), _newborns(found), _offers(found), _past_window(found),
        _without_nurse(found), _caseloads(found, most), _inbox(inbox, today),
        _phones(phones, today),
    ]  # fmt: skip
    return render_template(
        "overview.html",
        bydel=bydel,
        today=today,
        lines=lines,
        finding=_finding(sum(line.count > 0 for line in lines)),
        caseloads=found.caseloads,
        most=most,
    )


def _finding(waiting: int) -> str:
    if not waiting:
        return _("Nothing waits for you today.")
    return ngettext("%(num)s thing waits for you.", "%(num)s things wait for you.", waiting)


def _overdue(late: int) -> Waiting:
    return Waiting(
        "overdue", late, _("nurses who are out alone and late"),
        _("They should have checked out and have not. Their phones may be without network."),
        url_for("web.show_outings"), _("Who is out now"),
    )  # fmt: skip


def _newborns(found: BydelCounts) -> Waiting:
    meaning = _(
        "The visit is promised on day 7 to 10. No newborn of the last six weeks is without it."
    )
    if found.newborn_days:
        meaning = _(
            "The visit is promised on day 7 to 10. Today it is day %(days)s.",
            days=_and(found.newborn_days),
        )
    if found.newborns_late:
        late = ngettext("%(num)s is past day 10.", "%(num)s are past day 10.", found.newborns_late)
        meaning = f"{meaning} {late}"
    return Waiting(
        "newborns", len(found.newborn_days), _("newborns whom nobody has visited"), meaning,
        url_for("web.start", _anchor="newborns"), _("Which they are"),
    )  # fmt: skip


def _offers(found: BydelCounts) -> Waiting:
    return Waiting(
        "offers",
        found.offers,
        _("offers without an answer for %(days)s days or longer", days=WAITS_FOR.days),
        _("No answer is not a no. Somebody who knows the family can ask whether it arrived."),
        url_for("web.start", _anchor="waiting"),
        _("All offers without an answer"),
    )


def _past_window(found: BydelCounts) -> Waiting:
    return Waiting(
        "past_window",
        found.past_window,
        _("planned visits whose days have passed"),
        _(
            "The visit in pregnancy or the newborn visit is not agreed on, and can still be made. "
            "Each nurse sees hers under «My families»."
        ),
        url_for("web.show_bydel_week"),
        _("Who has time this week"),
    )


def _without_nurse(found: BydelCounts) -> Waiting:
    return Waiting(
        "without_nurse",
        found.without_nurse,
        _("families without a nurse"),
        _("Until somebody is chosen, nobody visits the family and no phone has it."),
        url_for("web.start", _anchor="awaiting"),
        _("Choose a nurse"),
    )


def _caseloads(found: BydelCounts, most: int) -> Waiting:
    return Waiting(
        "caseloads",
        len(found.over(most)),
        _("nurses with more than %(most)s families", most=number(most)),
        _(
            "The limit is our own estimate and can be set; nothing prescribes it. It does not say "
            "how hard the work is."
        ),
        "#families-per-nurse",
        _("Families for each nurse"),
    )


def _inbox(found: Sequence[Count], today: date) -> Waiting:
    meaning = _("What phones sent and a person must decide. There is nothing.")
    if found:
        kinds = ", ".join(f"{number(one.items)} {waiting_words(one.kind)}" for one in found)
        meaning = _(
            "What phones sent and a person must decide: %(kinds)s. The oldest came %(when)s. The "
            "family's nurse decides; ask the nurses to look into their inboxes.",
            kinds=kinds,
            when=near(day_of(min(one.oldest for one in found)), today),
        )
    items = sum(one.items for one in found)
    return Waiting(
        "inbox", items, _("things in the nurses' inboxes"), meaning,
        url_for("web.start", _anchor="phones"), _("What waits, by kind"),
    )  # fmt: skip


def _phones(found: Phones, today: date) -> Waiting:
    told = ngettext(
        "%(num)s phone is in use.", "%(num)s phones are in use.", found.in_use
    )  # fmt: skip
    if found.since is not None:
        told = _(
            "%(told)s The one that has been silent for the longest was heard of %(when)s. What "
            "lies on it is not in the figures yet, and its nurse may not see what is new.",
            told=told,
            when=near(day_of(found.since), today),
        )
    return Waiting(
        "phones",
        found.unheard,
        _("phones not heard of for more than %(days)s days", days=UNHEARD_FOR.days),
        told,
        url_for("web.show_phones"),
        _("The nurses' phones"),
    )


def _and(days: Sequence[int]) -> str:
    """``3, 8 and 12``; each day once."""
    told = [number(day) for day in dict.fromkeys(days)]
    return (
        told[0]
        if len(told) == 1
        else _("%(first)s and %(last)s", first=", ".join(told[:-1]), last=told[-1])
    )
