"""The OpenAPI document, and the page that shows it without a script of anybody else's."""

from __future__ import annotations

import http
from typing import Any

from flask import Blueprint, Flask, render_template
from flask_smorest import Api
from flask_smorest.utils import prepare_response
from marshmallow import fields as ma

from api.describing import Problems
from api.fields import Schema, StrEnumField
from api.problems import CONTENT_TYPE
from api.wire_document import WireSchemas
from nyefamilier.wire.verdicts import Retry

DESCRIPTION = """
Home visits for new families in Oslo. Sign in at `POST /api/v1/tokens` and send the token as
`Authorization: Bearer ...`. Every write needs an `Idempotency-Key`; every error is a problem
document (RFC 9457) whose codes are explained at `/problems`.

All people in a demonstration are synthetic.
"""

blueprint = Blueprint("docs", __name__)


class FlawSchema(Schema):
    """One field that is not right."""

    pointer = ma.String(metadata={"description": "JSON pointer (RFC 6901) into the request."})
    code = ma.String()
    detail = ma.String()


class ProblemSchema(Schema):
    """A problem document (RFC 9457)."""

    type = ma.String(metadata={"description": "Where the code is explained."})
    title = ma.String()
    status = ma.Integer()
    code = ma.String(metadata={"description": "Stable; branch on this."})
    detail = ma.String(metadata={"description": "What is wrong and how to mend it."})
    request_id = ma.UUID()
    pointer = ma.String(metadata={"description": "Where in the request it is."})
    current = ma.Integer(metadata={"description": "412 only: the version that the record has."})
    retry = StrEnumField(
        Retry, metadata={"description": "Of the phones' protocol only: when it may be sent again."}
    )
    errors = ma.List(ma.Nested(FlawSchema))


class Rest(Api):
    """flask-smorest's Api with our problem documents instead of its errors."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """None of its own: `api.problems` answers."""

    def _register_responses(self) -> None:
        names = {status.name: status.phrase for status in http.HTTPStatus}
        for name, phrase in {**names, "DEFAULT_ERROR": "A problem document"}.items():
            response: dict[str, Any] = {"description": phrase, "schema": self.ERROR_SCHEMA}
            prepare_response(response, self.spec, CONTENT_TYPE)
            self.spec.components.response(name, response, lazy=True)


def make_api(app: Flask) -> Rest:
    """The API of *app*, with its document at ``/api/v1/openapi.json``."""
    app.config.update(
        API_TITLE="Nye familier",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        ETAG_DISABLED=True,
        API_SPEC_OPTIONS={"info": {"description": DESCRIPTION.strip()}},
    )
    api = Rest(app, spec_kwargs={"extra_plugins": [Problems(), WireSchemas()]})
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    return api


@blueprint.get("/api/docs")
def page() -> str:
    """The OpenAPI document for people."""
    return render_template("api_docs.html")
