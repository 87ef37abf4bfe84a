"""What the routes of plans take and give."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields as ma

from api.fields import Id, Instant, QueryWhole, Schema, Shown, Text
from nyefamilier.rollout.service import LONGEST_DOCUMENT, MOST_DRAWS, USUAL_DRAWS, USUAL_SEED
from nyefamilier.rollout.states import VersionState

_BAND = "`p05`, `p25`, `p50`, `p75`, `p95`: the values under which so many percent of draws lie"
_LAST = 2**31 - 1


def _document() -> Text:
    told = "The plan in TOML; `nyefamilier/rollout/data/history.toml` is a whole example."
    return Text(LONGEST_DOCUMENT, lines=True, required=True, metadata={"description": told})


class NewPlanSchema(Schema):
    """A new plan."""

    id = Id()
    document = _document()


class NewPlanVersionSchema(Schema):
    """A new version of a plan."""

    id = Id()
    document = _document()


class PlanDoneSchema(Shown):
    """That somebody did something, and when."""

    by = Id()
    at = Instant()


class PlanVersionSchema(Shown):
    """A version of a plan, without its document."""

    number = ma.Integer()
    name = ma.String(metadata={"description": "What the plan is called in this version."})
    state = ma.Enum(VersionState, by_value=True)
    written = ma.Nested(PlanDoneSchema)
    decided = ma.Nested(
        PlanDoneSchema, allow_none=True, metadata={"description": "Null while it is not."}
    )
    archived = ma.Nested(
        PlanDoneSchema, allow_none=True, metadata={"description": "Null while it is not."}
    )


class RolloutPlanSchema(Shown):
    """A plan with its versions, the newest first."""

    id = Id()
    name = ma.String(metadata={"description": "What its newest version calls it."})
    rev = ma.Integer(metadata={"description": "How many times something was done to it."})
    versions = ma.List(ma.Nested(PlanVersionSchema))


class RolloutPlansSchema(Shown):
    """All plans, those with the newest version first."""

    items = ma.List(ma.Nested(RolloutPlanSchema))


class WholePlanVersionSchema(Shown):
    """A version of a plan with all that is kept of it."""

    version = ma.Nested(PlanVersionSchema)
    document = ma.String(metadata={"description": "The plan in TOML, as it was written."})
    values = ma.Dict(metadata={"description": "The same document as JSON."})
    figures = ma.Dict(
        metadata={"description": "What it gave when it was saved, as a simulation is answered."}
    )
    model = ma.String(metadata={"description": "Which state of the model computed `figures`."})


class DifferencesQuery(Schema):
    """Which two versions."""

    before = QueryWhole(1, _LAST, data_key="from", required=True)
    after = QueryWhole(1, _LAST, data_key="to", required=True)


class PlanChangeSchema(Shown):
    """A place that differs; a side that lacks it has null."""

    pointer = ma.String()
    before = ma.Raw(allow_none=True)
    after = ma.Raw(allow_none=True)


class PlanDifferencesSchema(Shown):
    """All that differs between two versions, by place."""

    items = ma.List(ma.Nested(PlanChangeSchema))


class SimulationQuery(Schema):
    """In how many draws, and from which seed: the same seed draws the same."""

    draws = QueryWhole(1, MOST_DRAWS, load_default=USUAL_DRAWS)
    seed = QueryWhole(0, 2**32 - 1, load_default=USUAL_SEED)


class PlanSimulationSchema(Shown):
    """What a plan gives: bands over the draws, and expected values."""

    plan = ma.String()
    draws = ma.Integer()
    seed = ma.Integer()
    model = ma.String(metadata={"description": "Which state of the model computed it."})
    first_month = ma.String(metadata={"description": "The first month of every list by month."})
    months = ma.Integer()
    bydeler = ma.List(
        ma.Dict(),
        metadata={
            "description": "For each wave: its start, the first possible one, the first month in "
            "which families wait, and by month the årsverk needed (bands) and there, families "
            "active, admitted and waiting, and visits (expected)."
        },
    )
    city = ma.Dict(metadata={"description": f"Figures of the city by month; {_BAND}."})
    other_map = ma.List(
        ma.Dict(),
        metadata={"description": "The same on the map that is not in force when the plan ends."},
    )
    reform = ma.Dict(
        allow_none=True,
        metadata={
            "description": "From when another map is in force, and how each bydel is divided."
        },
    )
    years = ma.List(
        ma.Dict(),
        metadata={"description": f"Families, visits and money of each year; {_BAND}."},
    )
    costs_ore = ma.List(
        ma.Dict(), metadata={"description": "The expected cost by year, bydel and line, in øre."}
    )
    cost_per_family_nok = ma.Dict(metadata={"description": _BAND})
    cost_per_visit_nok = ma.Dict(metadata={"description": _BAND})
    warnings = ma.List(ma.Dict(), metadata={"description": "`code`, `where` and `why`."})
    tornado = ma.Dict(
        metadata={
            "description": "For each figure, what each assumption alone does to it at its 10 % and "
            "its 90 % value, the widest first."
        }
    )
    assumptions = ma.Dict(
        metadata={"description": "Every assumption with unit, source and distribution, by name."}
    )


DOCUMENT: Final[dict[str, Any]] = {
    "document": "schema = 1\n"
    'name = "Stovner first"\n'
    'first_month = "2027-01"\n'
    "months = 12\n"
    "policy = { eligible = ['forste_barn'], hiring_lead_months = 2, longest_wait_months = 2, "
    "price_level = 2027 }\n"
    "births = { source = 'judgement', estimate = true, city = { 2027 = 9000 } }\n"
}
"""An example of a new plan: nothing starts in it yet."""
