"""The released figures of every tabulation, for programs: small numbers hidden, revisions kept."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from flask import Response, json, request

from api.describing import refuses, takes
from api.doorway import guarded_blueprint, work
from api.fields import NothingAsked
from api.security import KEPT_BY_ITS_READER
from api.statistics.schemas import StatisticsIndexSchema, StatisticsQuery, StatisticsSchema
from api.statistics.telling import told, told_index
from nyefamilier.access.exports import Export, note_export
from nyefamilier.kernel.actors import Role
from nyefamilier.uptake.statistics import Question, listed, statistics

blueprint = guarded_blueprint(
    "statistics", __name__, "/api/v1/statistics", roles=[Role.LEAD, Role.PLANNER]
)

_IF_NONE_MATCH: Final[dict[str, Any]] = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "The `ETag` that you have already; if nothing has been released since that "
    "changes the answer, it is 304 without a body.",
}
_ETAG: Final[dict[str, Any]] = {
    "ETag": {
        "description": "Another one as soon as a revision, or how complete it is, is another.",
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'},
        "required": True,
    }
}


@blueprint.get("")
@blueprint.arguments(NothingAsked, location="query")
@blueprint.response(200, StatisticsIndexSchema)
@refuses("invalid-fields")
def list_statistics(_query: dict[str, Any]) -> dict[str, Any]:
    """Every tabulation: what it counts, how it is split, and which years there are.

    By bydel, tertial, language group, basis or theme. Only what has been released is served.
    """
    with work() as current:
        return told_index(listed(current))


@blueprint.get("/<tabulation>")
@blueprint.arguments(StatisticsQuery, location="query")
@blueprint.response(200, StatisticsSchema, headers=_ETAG)
@blueprint.alt_response(304, description="You have the newest answer already.", headers=_ETAG)
@takes(_IF_NONE_MATCH)
@refuses(
    "area-required",
    "breakdown-too-fine",
    "date-in-future",
    "period-in-future",
    "period-not-published",
    "period-swapped",
    "unknown-bydel",
    "unknown-indicator",
)
def show_statistics(
    query: dict[str, Any], tabulation: str
) -> Response | tuple[dict[str, Any], dict[str, str]]:
    """One tabulation of a year, or of each of several: counts, shares, and how complete they are.

    Figures are released each Monday; small numbers are hidden, and marked. Late data changes past
    years: each change is a revision, and `revision` or `as_of` reads the earlier ones. It is
    written down who took them.
    """
    question = _question(tabulation, query)
    with work() as current:
        found = told(statistics(current, question)) | {"as_of": question.as_of}
        version = _version(found)
        is_known = request.if_none_match.contains_weak(version)
        if not is_known:
            area = None if found["area"] is None else str(found["area"])
            note_export(current, Export(tabulation, _period(found), area, "json"))
    headers = {"ETag": f'"{version}"', "Cache-Control": KEPT_BY_ITS_READER, "Vary": "Authorization"}
    return Response(status=304, headers=headers) if is_known else (found, headers)


def _question(tabulation: str, query: dict[str, Any]) -> Question:
    if "year" in query:
        first = last = query["year"], "/year"
    else:
        first, last = (query["first"], "/from"), (query["last"], "/to")
    rest = {name: query[name] for name in ("area", "indicator", "revision", "as_of")}
    return Question(tabulation, first, last, **rest)


def _version(found: dict[str, Any]) -> str:
    """Of all that is told: a revision's number and day are in it."""
    whole = json.dumps(found, default=str, sort_keys=True).encode()
    return hashlib.sha256(whole).hexdigest()[:32]


def _period(found: dict[str, Any]) -> str:
    first, last = found["first_year"], found["last_year"]
    return str(first) if first == last else f"{first}-{last}"
