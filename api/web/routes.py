"""All pages: importing this registers every one of them."""

from __future__ import annotations

from api.web import (
    absences,
    auditing,
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
    persons,
    phones,
    pregnancies,
    rearranging,
    register,
    signin,
    start,
    visiting,
    week,
)
from api.web.blueprint import pages

__all__ = [
    "absences",
    "auditing",
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
    "pages",
    "persons",
    "phones",
    "pregnancies",
    "rearranging",
    "register",
    "signin",
    "start",
    "visiting",
    "week",
]
