"""How late a nurse who is out alone may be before there is an alarm."""

from __future__ import annotations

from datetime import timedelta

from api.programme import programme


def grace() -> timedelta:
    """That time, as this deployment has set it."""
    return timedelta(minutes=programme().settings.outing_grace_minutes)
