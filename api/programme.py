"""How a route reaches the programme that this app serves."""

from __future__ import annotations

from typing import cast

from flask import current_app

from nyefamilier.bootstrap import Programme

EXTENSION = "nyefamilier"


def programme() -> Programme:
    """The programme this app serves."""
    return cast("Programme", current_app.extensions[EXTENSION])
