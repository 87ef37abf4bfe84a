"""Whether the process lives, and whether it can do its work. No details: anybody may ask."""

from __future__ import annotations

from flask import Blueprint, Response, g, json

from api.doorway import programmes_own_work
from api.programme import programme
from nyefamilier.jobs import service
from nyefamilier.storage.work import Work
from nyefamilier.sync.views import quarantine_size

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/ready")
def ready() -> Response:
    """The database answers, its tables are at the newest migration, and the keys can be used.

    What lies in quarantine, and which jobs were not done in time, is told besides: something to
    mend, and no reason to serve nobody.
    """
    checks = programme().readiness()
    status = 200 if all(checks.values()) else 503
    told: dict[str, str | int | list[str]] = {
        one: "ok" if good else "away" for one, good in checks.items()
    }
    if status == 200:
        g.doorway = "health"
        with programmes_own_work() as work:
            told["quarantine"], told["jobs"] = quarantine_size(work), _jobs(work)
    headers = {} if status == 200 else {"Retry-After": "5"}
    return Response(json.dumps(told), status, headers, content_type="application/json")


def _jobs(work: Work) -> str | list[str]:
    """The jobs that were not done in time; where no scheduler ever led, that none was done."""
    found = service.standings(work)
    return [one.timing.name for one in found if one.overdue] or ("ok" if found else "never")
