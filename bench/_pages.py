"""The pages that leads read figures on, and a bare page of the same layout to set beside them."""

from __future__ import annotations

from functools import partial
from typing import Final

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from api.app import create_app
from api.doorway import allow, page_blueprint, work
from api.web.quality.pages import PAGES
from bench import _facts
from bench._asking import BARE, Kind, ask_of
from nyefamilier.bootstrap import Programme
from nyefamilier.kernel.actors import Role

LEAD: Final = "benchlead"
PASSWORD: Final = "fire vanlige ord her"  # noqa: S105 - of a database that is gone after the run

BARE_READ: Final = """
SELECT revision FROM released_sheet
WHERE tabulation = 'uptake' AND year = :year AND area = 'city'
"""
"""One sheet by its primary key."""

_BARE_PAGE: Final = "{% extends 'base.html' %}{% block main %}<p>{{ revision }}</p>{% endblock %}"

_bare = page_blueprint("bare_page", __name__, "/bare-page")


@_bare.get("")
@allow(Role.LEAD)
def read_bare_page() -> ResponseReturnValue:
    """The revision of one sheet, in the layout of every page: the header, the menu, the foot."""
    with work() as current:
        found = current.session.execute(text(BARE_READ), {"year": _facts.NEWEST_YEAR})
        return render_template_string(_BARE_PAGE, revision=found.scalar_one())


def questions(programme: Programme) -> dict[str, Kind]:
    """The bare page, and each page of figures for the newest year that is there, to be asked."""
    year = _facts.NEWEST_YEAR
    paths = {BARE: "/bare-page", "/overview": "/overview"}
    paths |= {f"/{one}": f"/{one}?from={year}&to={year}" for one in ("uptake", "variation")}
    for page in PAGES:
        path = f"/figures/{page.code}"
        paths[path] = f"{path}?year={year}" if page.asks_year else path
    paths["/reports/<bydel>/<year>"] = f"/reports/11/{year}"
    client = _signed_in(create_app(programme))
    return {kind: partial(ask_of, client, {}, path) for kind, path in paths.items()}


def _signed_in(app: Flask) -> FlaskClient:
    app.register_blueprint(_bare)
    client = app.test_client()
    client.get("/sign-in")
    answer = client.post(
        "/sign-in",
        data={"username": LEAD, "password": PASSWORD},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    if answer.status_code != 303:
        raise SystemExit(f"sign-in: {answer.status_code}")
    return client
