"""What the routes of plans take and give."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields as ma

from api.fields import Day, Id, Instant, Number, QueryWhole, Schema, Shown, Text, Whole
from nyefamilier.rollout.following import LONGEST_SOURCE, MOST_ARSVERK
from nyefamilier.rollout.outcomes import Measure, Standing
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


class PlannedBandSchema(Shown):
    """What the plan says: the median, and the ends between which nine in ten draws lie."""

    low = ma.Float()
    median = ma.Float()
    high = ma.Float()


class PlanActualSchema(Shown):
    """What happened."""

    value = ma.Float(
        allow_none=True, metadata={"description": "Null is hidden: so few that it is not shown."}
    )
    as_of = Day(
        allow_none=True, metadata={"description": "The day that it is of; null for årsverk."}
    )
    revision = ma.Integer(
        allow_none=True,
        metadata={"description": "Which revision of the released figures; null for årsverk."},
    )


class ToldArsverkSchema(Shown):
    """How many årsverk there were in a year, as a planner has told."""

    id = Id()
    bydel = ma.String(allow_none=True, metadata={"description": "Null is the whole city."})
    year = ma.Integer()
    arsverk = ma.Float()
    source = ma.String()
    told_by = Id()
    told_on = Day()


class PlanOutcomeSchema(Shown):
    """A figure of a year beside the plan's."""

    measure = ma.Enum(Measure, by_value=True)
    year = ma.Integer()
    bydel = ma.String(
        allow_none=True, metadata={"description": "Null is all bydeler of the plan together."}
    )
    planned = ma.Nested(PlannedBandSchema)
    actual = ma.Nested(
        PlanActualSchema, allow_none=True, metadata={"description": "Null where nothing is known."}
    )
    standing = ma.Enum(Standing, by_value=True)
    told = ma.Nested(
        ToldArsverkSchema, allow_none=True, metadata={"description": "Of årsverk: who told it."}
    )


class PlanBehindSchema(Shown):
    """How complete a bydel's figures were on the day of the release."""

    bydel = ma.String(allow_none=True, metadata={"description": "Null is the city."})
    phones = ma.Integer(metadata={"description": "Phones in use there."})
    phones_behind = ma.Integer(metadata={"description": "Those that had not synced."})
    days = ma.Integer(metadata={"description": "For how long the one furthest behind had not."})


class PlanFollowUpSchema(Shown):
    """A decided plan beside what happened."""

    version = ma.Nested(PlanVersionSchema)
    computed_anew = ma.Boolean(
        metadata={"description": "Whether the bands are of today's model: an old version has none."}
    )
    released = Day(
        allow_none=True, metadata={"description": "The newest release; null before the first."}
    )
    behind = ma.List(ma.Nested(PlanBehindSchema))
    outcomes = ma.List(ma.Nested(PlanOutcomeSchema))
    told = ma.List(
        ma.Nested(ToldArsverkSchema),
        metadata={"description": "All that was told of årsverk; of one year and place the last "
                  "counts."},
    )  # fmt: skip


class PlanAnewSchema(Schema):
    """A version that is made of a decided one."""

    id = Id()


class NewToldArsverkSchema(Schema):
    """How many årsverk were at work in a year: posts that were filled, less leave; the mean."""

    id = Id()
    bydel = Text(
        2, min_chars=2, metadata={"description": "Its number; left out for the whole city."}
    )
    year = Whole(1900, 2999, required=True)
    arsverk = Number(0, MOST_ARSVERK, required=True)
    source = Text(LONGEST_SOURCE, required=True)


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

TOLD_ARSVERK: Final[dict[str, Any]] = {
    "bydel": "11",
    "year": 2025,
    "arsverk": 3.5,
    "source": "Budget of 2025, less one post that was vacant from July on",
}
"""An example of what a planner tells."""
