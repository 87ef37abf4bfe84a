"""Every blueprint of the app. A new one is added here and nowhere else."""

from __future__ import annotations

from flask import Blueprint as FlaskBlueprint

from api import health, openapi, problem_pages
from api.access.routes import blueprint as access
from api.access.routes import exported
from api.bydeler.routes import blueprint as bydeler
from api.calendars.routes import blueprint as calendars
from api.doorway import Guarded, GuardedPages
from api.emergencies.routes import blueprint as emergencies
from api.families.routes import blueprint as families
from api.felt.routes import blueprint as felt
from api.journal.routes import blueprint as journal
from api.messages.routes import blueprint as texts
from api.needs.routes import blueprint as needs
from api.offers.routes import blueprint as offers
from api.pregnancies.routes import blueprint as pregnancies
from api.protocols.routes import blueprint as protocols
from api.rearranging.routes import blueprint as rearranging
from api.reports.routes import blueprint as reports
from api.reviews.routes import blueprint as reviews
from api.rollout.routes import blueprint as rollout
from api.safety.routes import blueprint as safety
from api.statistics.routes import blueprint as statistics
from api.sync.pulling import blueprint as pulling
from api.sync.pushing import blueprint as pushing
from api.sync.routes import blueprint as devices
from api.team.routes import blueprint as team
from api.tokens.routes import blueprint as tokens
from api.uptake.routes import blueprint as uptake
from api.uptake.routes import indicators
from api.visits.routes import blueprint as visits
from api.web.routes import pages

API_BLUEPRINTS: tuple[Guarded, ...] = (
    tokens,
    families,
    pregnancies,
    team,
    offers,
    visits,
    rearranging,
    journal,
    needs,
    texts,
    bydeler,
    calendars,
    protocols,
    uptake,
    indicators,
    statistics,
    reports,
    rollout,
    access,
    emergencies,
    exported,
    devices,
    pulling,
    pushing,
    reviews,
    safety,
)
"""Under ``/api/v1``, in the OpenAPI document, by bearer token."""

PAGE_BLUEPRINTS: tuple[GuardedPages, ...] = (pages,)
"""For people, by cookie session."""

OPEN_BLUEPRINTS: tuple[FlaskBlueprint, ...] = (
    health.blueprint,
    openapi.blueprint,
    problem_pages.blueprint,
    felt,
)
"""Without a guard: nothing in them concerns a person. A test has the list of their routes."""
