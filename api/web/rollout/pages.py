"""Plans of the rollout: the list, one version, its assumptions, and versions side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web import charts
from api.web.blueprint import pages
from api.web.formats import number
from api.web.forms import Form
from api.web.marks import THIRD
from api.web.places import bydel_names
from api.web.quality.sections import Figure, drawn
from api.web.rollout.grounds import GROUNDS, named_sources, place_words
from api.web.rollout.part import Names, Told
from api.web.rollout.parts import parts, reach_fan
from api.web.rollout.words import (
    STATES,
    assumption_words,
    band_words,
    millions,
    month_words,
    plain,
    source_words,
    spread_words,
    value_words,
)
from api.web.texts import _
from nyefamilier.accounts.service import display_names
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import UserId
from nyefamilier.rollout import service
from nyefamilier.rollout.comparing import Change
from nyefamilier.rollout.plan import Plan
from nyefamilier.rollout.states import Kept, Version, Whole
from nyefamilier.storage.work import Work

PLACES: Final = ("a", "b", "c")
"""The versions that are laid side by side, by their names in the address."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A version of a plan as a page shows it."""

    kept: Kept
    whole: Whole
    plan: Plan
    bydeler: Names
    people: dict[UserId, str]

    @property
    def version(self) -> Version:
        """Which version it is."""
        return self.whole.version

    @property
    def told(self) -> Told:
        """What it gave when it was saved."""
        return self.whole.figures

    @property
    def is_of_this_model(self) -> bool:
        """Whether the model would give the same today."""
        return self.whole.model == service.model()


@pages.get("/plans")
@allow(Role.PLANNER)
def plans() -> ResponseReturnValue:
    """Every plan, with its newest version and the one that is decided."""
    with work() as current:
        found = service.plans(current)
        people = people_of(current, found)
    return render_template("rollout_plans.html", plans=found, people=people, states=STATES)


@pages.get("/plans/<uuid:plan_id>/<int:number>")
@allow(Role.PLANNER)
def show_plan(plan_id: UUID, number: int) -> ResponseReturnValue:
    """One version of a plan: what it reaches, needs and costs."""
    opened = opened_version(plan_id, number)
    return render_template(
        "rollout_plan.html",
        opened=opened,
        parts=parts(opened.plan, opened.told, opened.bydeler),
        states=STATES,
        assumption_words=assumption_words,
    )


@pages.get("/plans/<uuid:plan_id>/<int:number>/assumptions")
@allow(Role.PLANNER)
def show_assumptions(plan_id: UUID, number: int) -> ResponseReturnValue:
    """Everything that a version assumes, in a table."""
    opened = opened_version(plan_id, number)
    return render_template(
        "rollout_assumptions.html",
        opened=opened,
        assumption_words=assumption_words,
        value_words=value_words,
        source_words=source_words,
    )


@pages.get("/plans/<uuid:plan_id>/<int:number>/assumptions/<name>")
@allow(Role.PLANNER)
def show_assumption(plan_id: UUID, number: int, name: str) -> ResponseReturnValue:
    """One assumption: its value, how it may differ, where it is from, and what it alone does."""
    opened = opened_version(plan_id, number)
    if name not in opened.told["assumptions"]:
        raise NotFound("assumption")
    alone = [
        (figure, one["low"], one["high"])
        for figure, bars in opened.told["tornado"]["bars"].items()
        for one in bars
        if one["assumption"] == name
    ]
    return render_template(
        "rollout_assumption.html",
        opened=opened,
        name=assumption_words(name),
        source=source_words(name, opened.told["assumptions"][name]["source"]),
        told=opened.told["assumptions"][name],
        alone=[(_figures()[figure], plain(round(low, 1)), plain(round(high, 1)))
               for figure, low, high in alone],
        value_words=value_words,
        spread_words=spread_words,
    )  # fmt: skip


@pages.get("/plans/<uuid:plan_id>/<int:number>/grounds/<code>")
@allow(Role.PLANNER)
def show_grounds(plan_id: UUID, number: int, code: str) -> ResponseReturnValue:
    """What a figure comes of: how it is worked out, its assumptions and the plan's own sources."""
    opened = opened_version(plan_id, number)
    ground = GROUNDS.get(code)
    if ground is None:
        raise NotFound("figure")
    places = [
        (place, list(named_sources(opened.plan, place, opened.bydeler))) for place in ground.places
    ]
    return render_template(
        "rollout_grounds.html",
        opened=opened,
        code=code,
        ground=ground,
        places=[(place, rows) for place, rows in places if rows],
        assumption_words=assumption_words,
        value_words=value_words,
        source_words=source_words,
        place_words=place_words,
    )


@pages.get("/plans/compare")
@allow(Role.PLANNER)
def compare_plans() -> ResponseReturnValue:
    """Up to three versions side by side, and what differs between two of one plan."""
    form = Form()
    with work() as current:
        known = {f"{one.plan_id}.{one.number}": one
                 for kept in service.plans(current) for one in kept.versions}  # fmt: skip
    chosen = []
    for place in PLACES:
        asked = request.args.get(place, "")
        form.typed[place] = asked
        if asked in known:
            chosen.append(known[asked])
    opened = [opened_version(one.plan_id, one.number) for one in chosen]
    return render_template(
        "rollout_compare.html",
        form=form,
        options=[(key, _called(one)) for key, one in known.items()],
        opened=opened,
        rows=_side_by_side(opened),
        figures=_beside_each_other(opened),
        changes=_changes(chosen),
        called=_called,
    )


def opened_version(plan_id: UUID, number: int) -> Opened:
    """A version with what a page of it needs.

    Raises:
        NotAllowed: the reader is no planner.
        NotFound: there is no such version.
        PlanRefused: it was saved when less was asked of a document.
    """
    with work() as current:
        kept = service.plan(current, plan_id)
        whole = service.version(current, plan_id, number)
        return Opened(
            kept,
            whole,
            service.read(whole.document),
            bydel_names(current, current.today),
            people_of(current, [kept]),
        )


def people_of(current: Work, plans: list[Kept]) -> dict[UserId, str]:
    """The names of all who did something with plans."""
    done = [one for kept in plans for version in kept.versions
            for one in (version.written, version.decided, version.archived) if one]  # fmt: skip
    return display_names(current.session, list({one.by for one in done}))


def _called(version: Version) -> str:
    return _("%(name)s, version %(number)s", name=version.name, number=version.number)


def _side_by_side(opened: list[Opened]) -> list[tuple[str, str, list[str]]]:
    """What each version comes to over its years: for each figure what it comes of, and a line."""
    if not opened:
        return []

    def total(key: str) -> list[str]:
        return [millions(sum(year[key] for year in one.told["years"])) for one in opened]

    def expected(figure: str) -> list[str]:
        return [number(round(one.told["tornado"]["expected"][figure])) for one in opened]

    last = [band_words(one.told["years"][-1]["visited"]) for one in opened]
    return [
        (_("Years"), "", [f"{one.plan.years[0]}–{one.plan.years[-1]}" for one in opened]),
        (_("Bydeler that start"), "start", [number(len(one.told["bydeler"])) for one in opened]),
        (_("First and last start"), "start", [_starts(one.told) for one in opened]),
        (_("Families taken on, expected"), "families", expected("families")),
        (_("Visits, expected"), "visits", expected("visits")),
        (_("Families with a visit in the last year"), "families", last),
        (_("Most årsverk needed in a month, expected"), "needed", expected("arsverk_needed")),
        (_("Cost, expected, millions of kroner"), "cost", total("expected_cost_ore")),
        (_("Budget, millions of kroner"), "budget", total("budget_ore")),
        (_("Missing, millions of kroner"), "missing", total("missing_ore")),
        (
            _("Kroner per family"),
            "cost",
            [band_words(one.told["cost_per_family_nok"]) for one in opened],
        ),
        (
            _("Kroner per visit"),
            "cost",
            [band_words(one.told["cost_per_visit_nok"]) for one in opened],
        ),
    ]


def _starts(told: Told) -> str:
    starts = sorted(one["start"] for one in told["bydeler"])
    return "–" if not starts else f"{month_words(starts[0])} – {month_words(starts[-1])}"


def _beside_each_other(opened: list[Opened]) -> list[Figure]:
    """Families followed in each version, all on one scale."""
    fans = [reach_fan(one.told) for one in opened]
    top = max((max(fan.bands["p95"]) for fan in fans), default=0)
    drawings = [charts.fan(replace(fan, top=top), THIRD) for fan in fans]
    return [drawn(drawing, drawing) for drawing in drawings]


def _changes(chosen: list[Version]) -> tuple[Change, ...]:
    """What differs between the first two, where they are of one plan."""
    if len(chosen) < 2 or chosen[0].plan_id != chosen[1].plan_id:
        return ()
    with work() as current:
        first, second = chosen[:2]
        return service.differences(current, first.plan_id, first.number, second.number)


def _figures() -> dict[str, str]:
    return {
        "families": _("Families taken on"),
        "visits": _("Visits"),
        "arsverk_needed": _("Most årsverk needed in a month"),
        "cost_nok": _("Cost, kroner"),
    }
