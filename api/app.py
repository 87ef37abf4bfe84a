"""The Flask application."""

from __future__ import annotations

from flask import Flask

from api.bodies import LARGEST_BODY
from api.openapi import make_api
from api.problems import answer_problems
from api.programme import EXTENSION
from api.registry import API_BLUEPRINTS, OPEN_BLUEPRINTS, PAGE_BLUEPRINTS
from api.request_log import number_requests
from api.security import harden
from api.squeezing import squeeze_files
from api.sync.blueprint import put_up_gate
from api.web.site import add_pages
from nyefamilier.bootstrap import Programme


def create_app(programme: Programme) -> Flask:
    """The HTTP doorway to *programme*."""
    app = Flask(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=200,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        FELT_SYNTHETIC=not programme.settings.in_production,
    )
    app.extensions[EXTENSION] = programme
    number_requests(app)
    harden(app, programme)
    squeeze_files(app)
    put_up_gate(app, programme)
    answer_problems(app)
    add_pages(app)
    api = make_api(app)
    for blueprint in API_BLUEPRINTS:
        api.register_blueprint(blueprint)
    for pages in (*PAGE_BLUEPRINTS, *OPEN_BLUEPRINTS):
        app.register_blueprint(pages)
    return app
