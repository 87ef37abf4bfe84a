"""Whether the process lives, and whether it can do its work. No details: anybody may ask."""

from __future__ import annotations

from flask import Blueprint, Response, g, json

from api.doorway import programmes_own_work
from api.programme import programme
from nyefamilier.sync.views import quarantine_size

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/ready")
def ready() -> Response:
    """The database answers, its tables are at the newest migration, and the keys can be used.

    How much lies in quarantine is told besides: a defect of ours, and no reason to serve nobody.
    """
    checks = programme().readiness()
    status = 200 if all(checks.values()) else 503
    told: dict[str, str | int] = {one: "ok" if good else "away" for one, good in checks.items()}
    if status == 200:
        told["quarantine"] = _in_quarantine()
    headers = {} if status == 200 else {"Retry-After": "5"}
    return Response(json.dumps(told), status, headers, content_type="application/json")


def _in_quarantine() -> int:
    g.doorway = "health"
    with programmes_own_work() as work:
        return quarantine_size(work)
