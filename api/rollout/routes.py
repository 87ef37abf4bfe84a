"""Plans of the rollout, for planners: kept in versions, compared, decided, simulated."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from api.describing import refuses, takes
from api.doorway import guarded_blueprint, work
from api.records import ETAG, Items
from api.rollout.schemas import (
    DOCUMENT,
    TOLD_ARSVERK,
    DifferencesQuery,
    NewPlanSchema,
    NewPlanVersionSchema,
    NewToldArsverkSchema,
    PlanAnewSchema,
    PlanDifferencesSchema,
    PlanFollowUpSchema,
    PlanSimulationSchema,
    RolloutPlanSchema,
    RolloutPlansSchema,
    SimulationQuery,
    ToldArsverkSchema,
    WholePlanVersionSchema,
)
from api.versions import IF_MATCH_REQUIRED, etag, mutation_id, record_rev_from_if_match
from api.writes import Answered, derived_id
from nyefamilier.kernel.actors import Role
from nyefamilier.kernel.errors import NotFound
from nyefamilier.kernel.ids import BydelNumber
from nyefamilier.rollout import following, service
from nyefamilier.rollout.states import Kept, Whole

blueprint = guarded_blueprint("rollout", __name__, "/api/v1/rollout", roles=[Role.PLANNER])


@blueprint.get("/plans")
@blueprint.response(200, RolloutPlansSchema)
def list_rollout_plans() -> Items:
    """Every plan with its versions, those with the newest version first.

    Without their documents and figures: `GET /plans/{plan_id}/versions/{version_number}` has them.
    """
    with work() as current:
        return Items(service.plans(current))


@blueprint.post("/plans")
@blueprint.arguments(NewPlanSchema, example=DOCUMENT)
@blueprint.response(201, RolloutPlanSchema, headers=ETAG)
@refuses("plan-flawed")
def create_rollout_plan(body: dict[str, Any]) -> Answered:
    """Keep a new plan, as a draft.

    A document with flaws is refused with all of them, and nothing is saved. What the plan gives is
    computed at once and kept with it.
    """
    plan_id = body.get("id") or derived_id(mutation_id(), 1)
    with work() as current:
        found = service.create_plan(current, plan_id, body["document"])
    return _shown(found)


@blueprint.get("/plans/<uuid:plan_id>")
@blueprint.response(200, RolloutPlanSchema, headers=ETAG)
def show_rollout_plan(plan_id: UUID) -> Answered:
    """One plan with its versions, the newest first.

    Its `ETag` is what a new version names in `If-Match`.
    """
    with work() as current:
        return _shown(service.plan(current, plan_id))


@blueprint.post("/plans/<uuid:plan_id>/versions")
@blueprint.arguments(NewPlanVersionSchema, example=DOCUMENT)
@blueprint.response(201, RolloutPlanSchema, headers=ETAG)
@takes(IF_MATCH_REQUIRED)
@refuses("if-match-required", "plan-flawed")
def save_plan_version(body: dict[str, Any], plan_id: UUID) -> Answered:
    """Keep a new version of a plan, as a draft.

    `If-Match` says which state of the plan it was made from. The versions before stay as they are.
    """
    base = record_rev_from_if_match()
    version_id = body.get("id") or derived_id(mutation_id(), 1)
    with work() as current:
        service.save_version(current, plan_id, version_id, base, body["document"])
        return _shown(service.plan(current, plan_id))


@blueprint.get("/plans/<uuid:plan_id>/versions/<version_number>")
@blueprint.response(200, WholePlanVersionSchema)
def show_plan_version(plan_id: UUID, version_number: str) -> dict[str, Any]:
    """A version with its document, in TOML and as JSON, and the figures that it gave.

    The figures are estimates, computed when the version was kept.
    """
    with work() as current:
        found: Whole = service.version(current, plan_id, _number(version_number))
    return {
        "version": found.version,
        "document": found.document,
        "values": service.values_of(found.document),
        "figures": found.figures,
        "model": found.model,
    }


@blueprint.post("/plans/<uuid:plan_id>/versions/<version_number>/decide")
@blueprint.response(200, RolloutPlanSchema, headers=ETAG)
@refuses("plan-archived")
def decide_plan_version(plan_id: UUID, version_number: str) -> Answered:
    """Decide on a version.

    It stays as it is for good; deciding again changes nothing.
    """
    with work() as current:
        service.decide(current, plan_id, _number(version_number))
        return _shown(service.plan(current, plan_id))


@blueprint.post("/plans/<uuid:plan_id>/versions/<version_number>/archive")
@blueprint.response(200, RolloutPlanSchema, headers=ETAG)
def archive_plan_version(plan_id: UUID, version_number: str) -> Answered:
    """Put a version away.

    It can still be read; putting it away again changes nothing.
    """
    with work() as current:
        service.archive(current, plan_id, _number(version_number))
        return _shown(service.plan(current, plan_id))


@blueprint.get("/plans/<uuid:plan_id>/differences")
@blueprint.arguments(DifferencesQuery, location="query")
@blueprint.response(200, PlanDifferencesSchema)
@refuses("plan-flawed")
def compare_plan_versions(query: dict[str, Any], plan_id: UUID) -> Items:
    """What differs between two versions, place by place.

    Rows of a list are named by what they are about and not by their number, so the order in which
    they stand makes no difference.
    """
    with work() as current:
        return Items(service.differences(current, plan_id, query["before"], query["after"]))


@blueprint.get("/plans/<uuid:plan_id>/versions/<version_number>/simulation")
@blueprint.arguments(SimulationQuery, location="query")
@blueprint.response(200, PlanSimulationSchema)
@refuses("plan-flawed", "too-many-draws")
def simulate_plan(query: dict[str, Any], plan_id: UUID, version_number: str) -> dict[str, Any]:
    """What a version gives, computed now: the same draws and seed give the same figures.

    All of it is estimates: the bands say how far the plan's assumptions carry, no more.
    """
    with work() as current:
        number = _number(version_number)
        found = service.simulated(current, plan_id, number, query["draws"], query["seed"])
    return found | {"model": service.model()}


@blueprint.get("/plans/<uuid:plan_id>/versions/<version_number>/follow-up")
@blueprint.response(200, PlanFollowUpSchema)
@refuses("plan-not-decided", "plan-flawed")
def follow_plan_up(plan_id: UUID, version_number: str) -> dict[str, Any]:
    """A decided version beside what happened in its years, bydel by bydel and all together.

    Families and visits are the released figures, with what they hide; a hidden figure is null and
    is not worked out. Årsverk are what planners have told. A figure that lies outside the band says
    that the plan was wrong, not that a bydel is better or worse than another.
    """
    with work() as current:
        found = following.follow_up(current, plan_id, _number(version_number))
    return {
        "version": found.whole.version,
        "computed_anew": found.computed_anew,
        "released": found.released,
        "behind": found.behind,
        "outcomes": found.outcomes,
        "told": found.told,
    }


@blueprint.post("/plans/<uuid:plan_id>/versions/<version_number>/replan")
@blueprint.arguments(PlanAnewSchema, example={})
@blueprint.response(201, RolloutPlanSchema, headers=ETAG)
@takes(IF_MATCH_REQUIRED)
@refuses("if-match-required", "plan-not-decided", "plan-flawed")
def plan_anew(body: dict[str, Any], plan_id: UUID, version_number: str) -> Answered:
    """Make a new draft of a decided version, planned anew from this month on.

    What has started stays as it was, and no version after it may tell otherwise. Of each bydel that
    has started, the released offers and answers of the years that are over are put into what was
    observed, so that its uptake is learned from them; a year that hides one of the two is left out.
    """
    base, number = record_rev_from_if_match(), _number(version_number)
    version_id = body.get("id") or derived_id(mutation_id(), 1)
    with work() as current:
        following.plan_anew(current, plan_id, number, version_id, base)
        return _shown(service.plan(current, plan_id))


@blueprint.post("/plans/<uuid:plan_id>/arsverk")
@blueprint.arguments(NewToldArsverkSchema, example=TOLD_ARSVERK)
@blueprint.response(201, ToldArsverkSchema)
@refuses("period-in-future", "unknown-bydel")
def tell_plan_arsverk(body: dict[str, Any], plan_id: UUID) -> dict[str, Any]:
    """Tell how many årsverk were at work in a year, and who says so.

    Nothing that was told is changed: of one year and place what was told last counts.
    """
    told_id = body.get("id") or derived_id(mutation_id(), 1)
    bydel = BydelNumber(body["bydel"]) if "bydel" in body else None
    told = (bydel, body["year"], body["arsverk"], body["source"])
    with work() as current:
        found = following.tell_arsverk(current, plan_id, told_id, *told)
    return asdict(found)


def _shown(plan: Kept) -> Answered:
    body = {"id": plan.id, "name": plan.name, "rev": plan.rev, "versions": plan.versions}
    return body, {"ETag": etag(plan.rev)}


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 10):
        raise NotFound("version")
    return int(written)
