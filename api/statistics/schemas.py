"""What the routes of statistics take and give."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as ma

from api.fields import Day, Flaw, QueryWhole, Schema, Shown, StrEnumField, Text
from api.uptake.schemas import AreaBehindSchema
from nyefamilier.uptake.tabulations import By, Clock

_YEAR = {"pattern": "^[0-9]{4}$"}


class Said(StrEnum):
    """Whether a share can be told."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    NOBODY = "nobody"


class SaidOfEstimate(StrEnum):
    """Whether a share of an estimate can be told."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    NOBODY = "nobody"
    NO_ESTIMATE = "no-estimate"
    YEAR_UNDER_WAY = "year-under-way"


class StatisticsQuery(Schema):
    """Which years and which area; an earlier revision, or an earlier day."""

    year = Text(20, metadata=_YEAR | {"description": "One year; or send `from` and `to`."})
    first = Text(20, data_key="from", metadata=_YEAR | {"description": "The first year."})
    last = Text(20, data_key="to", metadata=_YEAR | {"description": "The last year."})
    area = Text(
        20,
        load_default=None,
        metadata={"description": "A bydel's number, such as `11`; without it, or as `city`, all."},
    )
    indicator = Text(
        40,
        load_default=None,
        metadata={"description": "Only this figure: an id of `GET /api/v1/indicators`."},
    )
    revision = QueryWhole(
        1,
        32_767,
        load_default=None,
        metadata={"description": "An earlier revision of one `year`; 1 is the first."},
    )
    as_of = Day(
        load_default=None,
        metadata={"description": "As it was read at the end of this day, all years alike."},
    )

    @validates_schema
    def _check_together(self, query: Mapping[str, Any], **_: object) -> None:
        """One way to name the years, and one to name the revision."""
        for name, flaw in _flaws(query):
            raise ValidationError([flaw], name)


def _flaws(query: Mapping[str, Any]) -> list[tuple[str, Flaw]]:
    ranged = [name for name in ("first", "last") if name in query]
    found = []
    if "year" in query and ranged:
        found.append(("year", Flaw("one-of", "Send `year`, or `from` and `to`; not both.")))
    elif "year" not in query and not ranged:
        found.append(("year", Flaw("required", "Send `year`, or `from` and `to`.")))
    elif len(ranged) == 1:
        missing = "to" if ranged == ["first"] else "from"
        found.append((missing, Flaw("required", "Send `from` and `to`, or `year`.")))
    if query["revision"] is not None and ("year" not in query or query["as_of"] is not None):
        told = "A revision is of one `year`. Of several, ask by `as_of`; not by both."
        found.append(("revision", Flaw("one-of", told)))
    return found


class CellSchema(Shown):
    """A count as it may be shown."""

    value = ma.Integer(allow_none=True, metadata={"description": "Null where `is_hidden`."})
    is_hidden = ma.Boolean(
        metadata={"description": "Of one to four, or hidden to keep such a number from being told."}
    )
    held_since = Day(
        allow_none=True,
        metadata={
            "description": "The day of the earlier release that it still shows, because so few "
            "have changed it since; null where it is of this revision."
        },
    )


class StatedShareSchema(Shown):
    """A share between 0 and 1 with Wilson's 95 % interval, or why there is none."""

    said = StrEnumField(
        Said,
        metadata={
            "description": "`hidden`: it is of fewer than ten, or would give away a small number. "
            "`nobody`: there is nobody to take a share of."
        },
    )
    value = ma.Float(allow_none=True, metadata={"description": "Null unless `shown`."})
    low = ma.Float(allow_none=True)
    high = ma.Float(allow_none=True)
    numerator = ma.Nested(CellSchema)
    denominator = ma.Nested(CellSchema)


class EstimateSchema(Shown):
    """Families, estimated and not counted: no statistic."""

    value = ma.Integer()
    low = ma.Integer(metadata={"description": "If every assumption lies at its low end."})
    high = ma.Integer(metadata={"description": "If every assumption lies at its high end."})


class ShareOfEstimateSchema(Shown):
    """A count by an estimate, with the range that the estimate gives it: no interval."""

    said = StrEnumField(
        SaidOfEstimate,
        metadata={
            "description": "`hidden`: the count is hidden or of one to four, or the estimate may "
            "be under ten. `nobody`: the line is empty. `no-estimate`: nobody can estimate it. "
            "`year-under-way`: the count is of a part of the year."
        },
    )
    value = ma.Float(allow_none=True, metadata={"description": "Null unless `shown`; cut at 1."})
    low = ma.Float(allow_none=True, metadata={"description": "By the high end of the estimate."})
    high = ma.Float(allow_none=True, metadata={"description": "By the low end of the estimate."})
    numerator = ma.Nested(CellSchema)


class LineSchema(Shown):
    """One line of a sheet."""

    code = ma.String(
        allow_none=True,
        metadata={"description": "A bydel, tertial, group or theme; null in the area's own line."},
    )
    name = ma.String(allow_none=True, metadata={"description": "Of a bydel; null otherwise."})
    is_empty = ma.Boolean(
        metadata={"description": "Nobody is counted in it, and that is no secret."}
    )
    remark = ma.String(
        allow_none=True, metadata={"description": "`no families yet` where it is empty."}
    )
    counts = ma.Dict(
        keys=ma.String(), values=ma.Nested(CellSchema), metadata={"description": "By column."}
    )
    shares = ma.Dict(
        keys=ma.String(),
        values=ma.Nested(StatedShareSchema),
        metadata={"description": "By indicator."},
    )
    estimates = ma.Dict(
        keys=ma.String(),
        values=ma.Nested(EstimateSchema, allow_none=True),
        metadata={"description": "By indicator; null where nobody can estimate it."},
    )
    shares_of_estimates = ma.Dict(
        keys=ma.String(),
        values=ma.Nested(ShareOfEstimateSchema),
        metadata={"description": "By indicator."},
    )


class RevisionSchema(Shown):
    """A time that the sheet was released because it had become different."""

    number = ma.Integer()
    released = Day()


class SheetSchema(Shown):
    """One year, as it was released."""

    year = ma.Integer()
    revision = ma.Integer(
        metadata={"description": "1 is the first; 0 where nothing has been counted yet."}
    )
    released = Day(metadata={"description": "The day of the revision."})
    revisions = ma.List(
        ma.Nested(RevisionSchema), metadata={"description": "All that there are, oldest first."}
    )
    lines = ma.List(ma.Nested(LineSchema))
    total = ma.Nested(LineSchema, metadata={"description": "The area's own: the sum of all lines."})


class StatisticsColumnSchema(Shown):
    """A column."""

    code = ma.String()
    part_of = ma.String(
        allow_none=True, metadata={"description": "The column it is a part of; null in the root."}
    )
    split = ma.String(
        metadata={"description": "The parts of one split add up to the column they are parts of."}
    )
    indicator = ma.String(allow_none=True, metadata={"description": "The indicator that it is."})
    definition = ma.String(allow_none=True, metadata={"description": "Where that is defined."})


class StatisticsShareSchema(Shown):
    """A share that the lines have."""

    indicator = ma.String()
    definition = ma.String(metadata={"description": "Where it is defined."})
    numerator = ma.List(ma.String(), metadata={"description": "Columns that are added."})
    denominator = ma.List(ma.String())


class StatisticsEstimateSchema(Shown):
    """What is estimated beside what is counted."""

    indicator = ma.String()
    definition = ma.String(metadata={"description": "Where it is defined."})
    is_estimate = ma.Boolean(metadata={"description": "Always true: nobody counted it."})
    source = ma.String(metadata={"description": "What it is made of."})


class StatisticsShareOfEstimateSchema(Shown):
    """A share of an estimate that the lines have."""

    indicator = ma.String()
    definition = ma.String(metadata={"description": "Where it is defined."})
    numerator = ma.List(ma.String(), metadata={"description": "Columns that are added."})
    denominator = ma.String(metadata={"description": "The estimate's indicator."})


class TabulationSchema(Shown):
    """What a table counts, and what its lines are."""

    tabulation = ma.String(metadata={"description": "Its id."})
    name_nb = ma.String()
    name_en = ma.String()
    clock = StrEnumField(Clock, metadata={"description": "By what the year goes."})
    by = StrEnumField(By, metadata={"description": "What its lines are."})
    columns = ma.List(ma.Nested(StatisticsColumnSchema))
    shares = ma.List(ma.Nested(StatisticsShareSchema))
    estimates = ma.List(ma.Nested(StatisticsEstimateSchema))
    shares_of_estimates = ma.List(ma.Nested(StatisticsShareOfEstimateSchema))


class StatisticsSchema(TabulationSchema):
    """Released figures of one tabulation."""

    area = ma.String(allow_none=True, metadata={"description": "A bydel's number; null: the city."})
    first_year = ma.Integer(data_key="from")
    last_year = ma.Integer(data_key="to")
    as_of = Day(allow_none=True, metadata={"description": "The day asked about; null for now."})
    sheets = ma.List(ma.Nested(SheetSchema), metadata={"description": "Oldest year first."})
    behind = ma.List(
        ma.Nested(AreaBehindSchema),
        metadata={"description": "How complete the release was, bydel by bydel, last the city."},
    )


class ListedSchema(TabulationSchema):
    """A tabulation that there is, and what can be asked of it."""

    address = ma.String()
    areas = ma.List(
        ma.String(), metadata={"description": "What `area` can be: `city`, `bydel` (a number)."}
    )
    years = ma.List(ma.Integer(), metadata={"description": "None before the first release."})
    released = Day(allow_none=True, metadata={"description": "The newest release; null: none."})


class StatisticsIndexSchema(Shown):
    """Every tabulation."""

    items = ma.List(ma.Nested(ListedSchema))
