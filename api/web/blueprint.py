"""The one blueprint that every page belongs to."""

from __future__ import annotations

from api.doorway import page_blueprint

pages = page_blueprint("web", __name__, "")
"""Each page says by ``@allow(...)`` which roles it is for."""
