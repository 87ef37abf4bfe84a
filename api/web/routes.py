"""All pages: importing this registers every one of them."""

from __future__ import annotations

from api.web import (
    absences,
    auditing,
    bydel_week,
    emergencies,
    exported,
    family,
    feed,
    figures,
    forecasting,
    hours,
    inbox,
    journal,
    moving,
    needing,
    offers,
    outings,
    overview,
    persons,
    phones,
    pregnancies,
    rearranging,
    register,
    reports,
    signin,
    start,
    variation,
    visiting,
    week,
)
from api.web.blueprint import pages
from api.web.quality import pages as quality
from api.web.rollout import editing as plan_forms
from api.web.rollout import files as plan_files
from api.web.rollout import follow_up as plan_follow_up
from api.web.rollout import pages as plan_pages

__all__ = [
    "absences",
    "auditing",
    "bydel_week",
    "emergencies",
    "exported",
    "family",
    "feed",
    "figures",
    "forecasting",
    "hours",
    "inbox",
    "journal",
    "moving",
    "needing",
    "offers",
    "outings",
    "overview",
    "pages",
    "persons",
    "phones",
    "plan_files",
    "plan_follow_up",
    "plan_forms",
    "plan_pages",
    "pregnancies",
    "quality",
    "rearranging",
    "register",
    "reports",
    "signin",
    "start",
    "variation",
    "visiting",
    "week",
]
