"""A decided plan beside what happened: the page, its files, and telling of årsverk."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.files.tables import Cell, Column, Table
from api.files.workbook import xlsx_bytes
from api.web.blueprint import pages
from api.web.downloads import handed_out
from api.web.formats import day
from api.web.formats import number as whole
from api.web.forms import Form
from api.web.refusals import said
from api.web.report_words import behind_words
from api.web.rollout.outcome_parts import (
    MEASURES,
    outcome_parts,
    standing_words,
    usual_year,
    years_of,
)
from api.web.rollout.pages import Opened, opened_version
from api.web.texts import _
from nyefamilier.access.exports import Export
from nyefamilier.accounts.service import display_names
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import system_clock
from nyefamilier.kernel.errors import RuleBroken
from nyefamilier.kernel.ids import BydelNumber, new_id
from nyefamilier.rollout import following
from nyefamilier.rollout.following import FollowUp
from nyefamilier.rollout.outcomes import Actual

FILES: Final = (("xlsx", "Excel"), ("json", "JSON"))
"""The formats of a follow-up, as links name them."""
_NUMBER: Final = re.compile(r"\d{1,4}([.,]\d{1,2})?", re.ASCII)


@pages.get("/plans/<uuid:plan_id>/<int:number>/follow-up")
@allow(Role.PLANNER)
def follow_plan(plan_id: UUID, number: int) -> ResponseReturnValue:
    """A decided version beside what happened in its years."""
    opened, found = _followed(plan_id, number)
    years, form = years_of(found), Form()
    asked = request.args.get("year", "")
    year = int(asked) if asked in set(map(str, years)) else usual_year(found)
    form.suggest(year=str(year))
    with work() as current:
        people = display_names(current.session, list({one.told_by for one in found.told}))
    return render_template(
        "rollout_follow_up.html",
        opened=opened,
        found=found,
        form=form,
        years=[(str(one), str(one)) for one in years],
        parts=[] if year is None else outcome_parts(found, year, opened.bydeler),
        complete=_complete(found, opened),
        people=people,
        files=FILES,
        place_name=lambda bydel: _place(opened, bydel),
    )


@pages.get("/plans/<uuid:plan_id>/<int:number>/follow-up.<any(xlsx,json):form>")
@allow(Role.PLANNER)
def follow_up_file(plan_id: UUID, number: int, form: str) -> ResponseReturnValue:
    """The same for the reader to keep. It is written down that she took it."""
    opened, found = _followed(plan_id, number)
    years = opened.plan.years
    export = Export("plan-follow-up", f"{years[0]}-{years[-1]}", None, form)
    body = _json(found) if form == "json" else _workbook(opened, found)
    return handed_out(body, f"plan-{plan_id}-{number}-follow-up", export)


@pages.route("/plans/<uuid:plan_id>/<int:number>/follow-up/arsverk", methods=["GET", "POST"])
@allow(Role.PLANNER)
def tell_arsverk(plan_id: UUID, number: int) -> ResponseReturnValue:
    """Tell how many årsverk were at work in a year, and who says so."""
    opened, found = _followed(plan_id, number)
    if request.method == "GET":
        form = Form()
        form.typed["mutation_id"] = str(new_id(system_clock()))
        return _asked(form, opened, found)
    form = Form(request.form)
    told_id, place = form.id("mutation_id"), form.value("bydel")
    year = form.number("year", 1900, 2999, required=True)
    arsverk = _arsverk(form)
    source = form.text("source", limit=following.LONGEST_SOURCE, required=True)
    if not form.ok or told_id is None or year is None or arsverk is None or source is None:
        return _asked(form, opened, found)
    bydel = BydelNumber(place) if place else None
    try:
        with work() as current:
            following.tell_arsverk(current, plan_id, told_id, bydel, year, arsverk, source)
    except RuleBroken as refused:
        form.wrong((refused.pointer or "").strip("/"), said(refused))
        return _asked(form, opened, found)
    address = url_for("web.follow_plan", plan_id=plan_id, number=number, year=year, done="arsverk")
    return redirect(address, 303)


def _followed(plan_id: UUID, number: int) -> tuple[Opened, FollowUp]:
    opened = opened_version(plan_id, number)
    with work() as current:
        return opened, following.follow_up(current, plan_id, number)


def _asked(form: Form, opened: Opened, found: FollowUp) -> ResponseReturnValue:
    bydeler = sorted({one.bydel for one in found.outcomes if one.bydel is not None})
    page = render_template(
        "rollout_arsverk.html",
        form=form,
        opened=opened,
        bydeler=[(one, opened.bydeler.get(one, one)) for one in bydeler],
        years=[(str(one), str(one)) for one in years_of(found)],
    )
    return page, 200 if form.ok else 422


def _arsverk(form: Form) -> float | None:
    written = form.text("arsverk", limit=20, required=True)
    if written is None:
        return None
    if not _NUMBER.fullmatch(written):
        form.wrong("arsverk", _("Write a number such as 3,5, with at most two decimals."))
        return None
    return float(written.replace(",", "."))


def _complete(found: FollowUp, opened: Opened) -> list[str]:
    """How complete the released figures were, the city first."""
    if found.released is None:
        return [_("No figures have been released yet. They are released each Monday.")]
    told = [_("The figures are as they were released on %(day)s.", day=day(found.released))]
    ours = {one.bydel for one in found.outcomes}
    late = [one for one in found.behind if one.bydel in ours and one.phones_behind]
    if not late:
        return [*told, _("All phones in use in the plan's bydeler had synced.")]
    late.sort(key=lambda one: one.bydel or "")
    return told + [behind_words(one, _place(opened, one.bydel), found.released) for one in late]


def _place(opened: Opened, bydel: BydelNumber | None) -> str:
    return _("All of Oslo") if bydel is None else opened.bydeler.get(bydel, bydel)


def _json(found: FollowUp) -> bytes:
    told: dict[str, Any] = {
        "plan_id": found.whole.version.plan_id,
        "version": found.whole.version.number,
        "computed_anew": found.computed_anew,
        "released": found.released,
        "behind": [asdict(one) for one in found.behind],
        "outcomes": [asdict(one) for one in found.outcomes],
        "told": [asdict(one) for one in found.told],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()


def _workbook(opened: Opened, found: FollowUp) -> bytes:
    columns = [
        Column("year", _("Year")),
        Column("bydel", _("Bydel")),
        Column("figure", _("Figure")),
        Column("low", _("The plan, low end")),
        Column("median", _("The plan, median")),
        Column("high", _("The plan, high end")),
        Column("actual", _("What happened")),
        Column("standing", _("How it stands")),
        Column("as_of", _("As of")),
        Column("source", _("Source")),
    ]
    rows: list[list[Cell]] = [
        [
            str(one.year),
            _("All bydeler of the plan") if one.bydel is None
            else opened.bydeler.get(one.bydel, one.bydel),
            str(MEASURES[one.measure]),
            one.planned.low, one.planned.median, one.planned.high,
            None if one.actual is None else one.actual.value,
            standing_words(one, found),
            "" if one.actual is None or one.actual.as_of is None else str(one.actual.as_of),
            one.told.source if one.told is not None else _revision(one.actual),
        ]
        for one in found.outcomes
    ]  # fmt: skip
    known = [(_("How complete the figures are"), " ".join(_complete(found, opened)))]
    title = f"{opened.version.name}: {_('Plan and what happened')}"
    told = Table("told", _("Årsverk as they were told"), _told_columns(), _told_rows(opened, found))
    labels = _("What"), _("Meaning")
    tables = [Table("follow-up", title, columns, rows, known), told]
    return xlsx_bytes(tables, definitions=_("Definitions"), labels=labels)


def _told_columns() -> list[Column]:
    titles = {"year": _("Year"), "bydel": _("Where"), "arsverk": _("Årsverk"),
              "source": _("Source"), "told": _("Told")}  # fmt: skip
    return [Column(code, title) for code, title in titles.items()]


def _told_rows(opened: Opened, found: FollowUp) -> list[list[Cell]]:
    return [
        [one.year, _place(opened, one.bydel), one.arsverk, one.source, str(one.told_on)]
        for one in found.told
    ]


def _revision(actual: Actual | None) -> str:
    if actual is None or actual.revision is None:
        return ""
    return _("Released figures, revision %(number)s", number=whole(actual.revision))
