"""Every blueprint of the app. A new one is added here and nowhere else."""

from __future__ import annotations

from flask import Blueprint as FlaskBlueprint

from api import health, openapi, problem_pages
from api.doorway import Guarded, GuardedPages
from api.tokens.routes import blueprint as tokens

API_BLUEPRINTS: tuple[Guarded, ...] = (tokens,)
"""Under ``/api/v1``, in the OpenAPI document, by bearer token."""

PAGE_BLUEPRINTS: tuple[GuardedPages, ...] = ()
"""For people, by cookie session."""

OPEN_BLUEPRINTS: tuple[FlaskBlueprint, ...] = (
    health.blueprint,
    openapi.blueprint,
    problem_pages.blueprint,
)
"""Without a guard: nothing in them concerns a person. A test has the list of their routes."""
