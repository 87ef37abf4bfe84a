"""Forms over plans: a new plan, a new version, deciding, and putting away."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.doorway import allow, work
from api.web.blueprint import pages
from api.web.forms import Form
from api.web.refusals import said
from api.web.rollout.flaw_words import flaw_words
from api.web.rollout.pages import Opened, opened_version
from api.web.texts import _
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.clock import system_clock
from nyefamilier.kernel.errors import Conflict, RuleBroken, StaleVersion
from nyefamilier.kernel.ids import new_id
from nyefamilier.rollout import following, service
from nyefamilier.rollout.flaws import Flaw
from nyefamilier.rollout.reading import packaged_plan
from nyefamilier.rollout.service import PlanRefused

_MOST_REV = 10**15


@pages.route("/plans/new", methods=["GET", "POST"])
@allow(Role.PLANNER)
def new_plan() -> ResponseReturnValue:
    """Write a new plan; the historical one is there to begin from."""
    if request.method == "GET":
        form = _fresh(packaged_plan("history"))
        return _asked(form, None, ())
    form = Form(request.form)
    plan_id, document = form.id("mutation_id"), _document(form)
    if form.ok and plan_id is not None:
        try:
            with work() as current:
                service.create_plan(current, plan_id, document)
        except PlanRefused as refused:
            return _refused(form, None, refused)
        return redirect(url_for("web.show_plan", plan_id=plan_id, number=1, done="plan"), 303)
    return _asked(form, None, ())


@pages.route("/plans/<uuid:plan_id>/<int:number>/edit", methods=["GET", "POST"])
@allow(Role.PLANNER)
def new_version(plan_id: UUID, number: int) -> ResponseReturnValue:
    """Write a new version, beginning from one that there is."""
    opened = opened_version(plan_id, number)
    if request.method == "GET":
        form = _fresh(opened.whole.document)
        form.typed["base_rev"] = str(opened.kept.rev)
        return _asked(form, opened, ())
    form = Form(request.form)
    version_id, document = form.id("mutation_id"), _document(form)
    base = form.number("base_rev", 1, _MOST_REV, required=True)
    if not form.ok or version_id is None or base is None:
        return _asked(form, opened, ())
    try:
        with work() as current:
            made = service.save_version(current, plan_id, version_id, base, document)
    except PlanRefused as refused:
        return _refused(form, opened, refused)
    except StaleVersion as stale:
        form.typed["base_rev"] = str(stale.current)
        form.wrong("document", _(
            "Somebody has done something to the plan since you opened this page. Look at its "
            "newest version, and save once more if what you wrote still holds."))  # fmt: skip
        return _asked(form, opened, ())
    address = url_for("web.show_plan", plan_id=plan_id, number=made.number, done="plan")
    return redirect(address, 303)


@pages.get("/plans/<uuid:plan_id>/<int:number>/anew")
@allow(Role.PLANNER)
def plan_anew(plan_id: UUID, number: int) -> ResponseReturnValue:
    """Write a new version of a decided one, with what has happened in it and the future open."""
    opened = opened_version(plan_id, number)
    with work() as current:
        form = _fresh(following.anew(current, plan_id, number))
    form.typed["base_rev"] = str(opened.kept.rev)
    action = url_for("web.new_version", plan_id=plan_id, number=number)
    return _asked(form, opened, (), action=action)


@pages.route("/plans/<uuid:plan_id>/<int:number>/decide", methods=["GET", "POST"])
@allow(Role.PLANNER)
def decide_plan(plan_id: UUID, number: int) -> ResponseReturnValue:
    """Decide on a version, after asking whether that is meant."""
    form = Form()
    if request.method == "POST":
        try:
            with work() as current:
                service.decide(current, plan_id, number)
        except Conflict as refused:
            form.wrong("", said(refused))
        else:
            address = url_for("web.show_plan", plan_id=plan_id, number=number, done="plan-decided")
            return redirect(address, 303)
    opened = opened_version(plan_id, number)
    return _step(form, opened, "decide")


@pages.route("/plans/<uuid:plan_id>/<int:number>/archive", methods=["GET", "POST"])
@allow(Role.PLANNER)
def archive_plan(plan_id: UUID, number: int) -> ResponseReturnValue:
    """Put a version away, after asking whether that is meant."""
    if request.method == "POST":
        with work() as current:
            service.archive(current, plan_id, number)
        address = url_for("web.show_plan", plan_id=plan_id, number=number, done="plan-archived")
        return redirect(address, 303)
    return _step(Form(), opened_version(plan_id, number), "archive")


def _fresh(document: str) -> Form:
    form = Form()
    form.suggest(document=document)
    form.typed["mutation_id"] = str(new_id(system_clock()))
    return form


def _document(form: Form) -> str:
    return form.text("document", limit=service.LONGEST_DOCUMENT, required=True) or ""


def _refused(form: Form, opened: Opened | None, refused: PlanRefused) -> ResponseReturnValue:
    rule: RuleBroken = refused
    form.wrong("document", said(rule))
    return _asked(form, opened, refused.flaws)


def _asked(
    form: Form, opened: Opened | None, flaws: tuple[Flaw, ...], *, action: str = ""
) -> ResponseReturnValue:
    page = render_template(
        "rollout_edit.html",
        form=form,
        opened=opened,
        flaws=flaws,
        action=action,
        flaw_words=flaw_words,
    )
    return page, 200 if form.ok else 422


def _step(form: Form, opened: Opened, step: str) -> ResponseReturnValue:
    page = render_template("rollout_step.html", form=form, opened=opened, step=step)
    return page, 200 if form.ok else 409
