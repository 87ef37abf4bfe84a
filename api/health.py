"""Whether the process lives, and whether it can do its work. No details: anybody may ask."""

from __future__ import annotations

from flask import Blueprint, Response, json

from api.programme import programme

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/ready")
def ready() -> Response:
    """The database answers, its tables are at the newest migration, and the keys can be used."""
    checks = programme().readiness()
    status = 200 if all(checks.values()) else 503
    told = {name: "ok" if good else "away" for name, good in checks.items()}
    headers = {} if status == 200 else {"Retry-After": "5"}
    return Response(json.dumps(told), status, headers, content_type="application/json")
