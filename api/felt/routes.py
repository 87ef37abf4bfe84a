"""The field app's files, for anyone: nothing in them concerns a person."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, abort, current_app, request

from api.felt.edition import APP, START, Asset, Edition, edition_of
from api.security import KEPT_BY_ITS_READER
from nyefamilier.kernel.errors import NotAllowed

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types nyefamilier-worker lit-html"
)
"""The app's own policy: stricter than the pages', for its screens are drawn by script."""

OF_A_PART = "default-src 'none'; frame-ancestors 'none'"
"""The policy of a file that is no page: it counts when somebody opens the file by itself, and a
hundred copies of the long one would be a tenth of the first load."""

FOLDER = "FELT_FOLDER"
"""The setting that names another folder than `fieldapp`; the tests of an update use it."""

SYNTHETIC = "FELT_SYNTHETIC"
"""The setting that says that this is a demonstration: every screen says so too."""

blueprint = Blueprint("felt", __name__, url_prefix="/felt")


@blueprint.get("/")
def start() -> Response:
    """The page that the app is."""
    return _answer(_edition().assets[START], CSP)


@blueprint.get("/worker.js")
def worker() -> Response:
    """The worker, with the list of what belongs to the edition."""
    return _answer(_edition().worker, CSP)


@blueprint.post("/erased")
def erased() -> Response:
    """The app has erased its store: the browser is told to delete the files of it as well.

    A store that is deleted stays in a browser's files, sealed, until it tidies them. Only our own
    page may say so, in a browser that says who asks: what is not sent yet would be lost.
    """
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        raise NotAllowed("Only the field app's own page asks for this.")
    return Response(status=204, headers={"Clear-Site-Data": '"storage"'})


@blueprint.get("/<path:name>")
def asset(name: str) -> Response:
    """One file of the app."""
    found = _edition().assets.get(START + name)
    if found is None:
        abort(404)
    return _answer(found, OF_A_PART)


def _edition() -> Edition:
    synthetic = bool(current_app.config.get(SYNTHETIC))
    return edition_of(current_app.config.get(FOLDER, APP), synthetic=synthetic)


def _answer(found: Asset, policy: str) -> Response:
    response = Response(found.content, content_type=found.type)
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = KEPT_BY_ITS_READER
    response.set_etag(hashlib.sha256(found.content).hexdigest(), weak=True)
    response.make_conditional(request)
    return response
