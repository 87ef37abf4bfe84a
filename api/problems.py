"""Every error as an RFC 9457 problem document, or as a page where a person is reading.

The only place that knows a refusal's status code. Nothing of the request is repeated here: a
detail names rules and limits, never what somebody wrote.

Sources: RFC 9457; RFC 9110 sections 10.2.1 (Allow), 10.2.3 (Retry-After), 11.6.1
(WWW-Authenticate).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from math import ceil
from typing import Any

from flask import Flask, Response, json, render_template, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException, SecurityError

from api.request_log import log_crash, request_id
from api.retrying import retry_of
from nyefamilier.kernel import errors
from nyefamilier.kernel.strict_json import escaped
from nyefamilier.storage.engine import unavailable_from

CONTENT_TYPE = "application/problem+json"

INVALID = ("invalid-fields", "Some fields are not right; `errors` says which and why.")


class MediaTypeRefused(errors.Malformed):
    """The body is of a type that we do not read."""


class VersionMissing(errors.Malformed):
    """The change does not say against which version it was made, and must."""


class LengthMissing(errors.Malformed):
    """The body does not say how long it is."""


class InvalidFields(errors.RuleBroken):
    """A request whose fields do not have the shape that the schema asks for."""

    def __init__(self, error: ValidationError, within: str = "") -> None:
        super().__init__(*INVALID)
        self.flaws = list(_flaws(error.messages, within))


STATUS: dict[type[errors.Refusal], HTTPStatus] = {
    errors.Malformed: HTTPStatus.BAD_REQUEST,
    LengthMissing: HTTPStatus.LENGTH_REQUIRED,
    MediaTypeRefused: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    VersionMissing: HTTPStatus.PRECONDITION_REQUIRED,
    errors.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.UnknownDevice: HTTPStatus.NOT_FOUND,
    errors.DeviceStopped: HTTPStatus.FORBIDDEN,
    errors.ClientTooOld: HTTPStatus.UPGRADE_REQUIRED,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.StaleVersion: HTTPStatus.PRECONDITION_FAILED,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.RuleBroken: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

HTTP_PROBLEMS: dict[int, tuple[str, str]] = {
    400: ("bad-request", "The request cannot be read. Check its host, path and headers."),
    404: ("no-such-address", "There is nothing at this address. The addresses are in the docs."),
    405: ("method-not-allowed", "The address does not take this method. `Allow` lists those."),
    413: ("too-large", "The body is over the limit of 256 KiB. Send less at a time."),
    414: ("address-too-long", "The address is too long."),
    415: ("unsupported-media-type", "Send `Content-Type: application/json`, not compressed."),
    500: (
        "internal-error",
        "Something failed on our side. Quote the request id when you report it.",
    ),
}
"""What Flask and Werkzeug refuse by themselves: code and detail by status."""

_RETRY_SECONDS, _RETRY_SPREAD = 5, 11


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem before it is written."""

    status: HTTPStatus
    code: str
    detail: str
    members: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def answer_problems(app: Flask) -> None:
    """Let every error of the app, whoever raises it, be answered as a problem."""
    app.register_error_handler(errors.Refusal, _answer_refusal)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_crash)


def problem_of(refusal: errors.Refusal) -> Problem:
    """The problem that a refusal is."""
    members: dict[str, Any] = dict(refusal.members)
    headers: dict[str, str] = {}
    if refusal.pointer is not None:
        members["pointer"] = refusal.pointer
    match refusal:
        case InvalidFields():
            members["errors"] = refusal.flaws
        case errors.StaleVersion():
            members["current"] = refusal.current
        case errors.NotSignedIn():
            headers["WWW-Authenticate"] = 'Bearer realm="nye-familier"'
        case errors.TooMany():
            headers["Retry-After"] = _seconds(refusal.wait)
        case errors.Unavailable():
            headers["Retry-After"] = _seconds(refusal.wait or _wait())
        case _:
            pass
    return Problem(_status_of(refusal), refusal.code, refusal.detail, members, headers)


def is_away(error: Exception) -> bool:
    """Whether *error* means that something of ours is away, and is no defect."""
    return unavailable_from(error) is not None


def write(problem: Problem) -> Response:
    """The response: JSON for programs, a page for people."""
    if _a_person_reads():
        body = render_template("problem.html", problem=problem, request_id=request_id())
        content_type = "text/html; charset=utf-8"
    else:
        body, content_type = json.dumps(document(problem)), CONTENT_TYPE
    return Response(body, problem.status, problem.headers, content_type=content_type)


def document(problem: Problem) -> dict[str, Any]:
    """The members of the problem document."""
    return {
        "type": f"/problems/{problem.code}",
        "title": problem.status.phrase,
        "status": problem.status.value,
        "code": problem.code,
        "detail": problem.detail,
        "request_id": str(request_id()),
        **problem.members,
        **_retry_of(problem),
    }


def _retry_of(problem: Problem) -> dict[str, str]:
    return {"retry": retry_of(problem.status, problem.code)} if _a_phone_asks() else {}


def _seconds(wait: timedelta) -> str:
    return str(max(1, ceil(wait.total_seconds())))


def _wait() -> timedelta:
    # Not the same for all phones, or all that met the same failure would come back at once.
    spread = secrets.randbelow(_RETRY_SPREAD) if _a_phone_asks() else 0
    return timedelta(seconds=_RETRY_SECONDS + spread)


def _a_phone_asks() -> bool:
    return request.path.startswith("/api/v1/sync/")


def _answer_refusal(refusal: errors.Refusal) -> Response:
    return write(problem_of(refusal))


def _answer_http(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:
        return error  # a redirect, say
    known = error.code in HTTP_PROBLEMS
    status = HTTPStatus(error.code if known else 400 if error.code < 500 else 500)
    code, detail = HTTP_PROBLEMS[status]
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return write(Problem(status, code, detail, headers=kept))


def _answer_crash(error: Exception) -> Response:
    away = unavailable_from(error)
    if away is not None:
        return _answer_refusal(away)
    log_crash(error)
    return write(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, *HTTP_PROBLEMS[500]))


def _status_of(refusal: errors.Refusal) -> HTTPStatus:
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def _a_person_reads() -> bool:
    # To a host that is not ours no page can be drawn: it has no addresses to link to.
    is_ours = not isinstance(request.routing_exception, SecurityError)
    return is_ours and not request.path.startswith(("/api/", "/health/"))


def _flaws(messages: Any, pointer: str) -> list[dict[str, str]]:  # noqa: ANN401 - marshmallow's tree
    if isinstance(messages, dict):
        found: list[dict[str, str]] = []
        for key, below in messages.items():
            here = pointer if key == "_schema" else f"{pointer}/{escaped(str(key))}"
            found += _flaws(below, here)
        return found
    return [
        {"pointer": pointer, "code": getattr(m, "code", "invalid"), "detail": str(m)}
        for m in (messages if isinstance(messages, list) else [messages])
    ]
