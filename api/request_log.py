"""What the log says of a request: its route, its fate, how long it took. Never what was in it.

The route's template is logged instead of the path, and no query string, header or body. An error
is logged by its type and the lines of code that it passed, since its message may quote a value.
"""

from __future__ import annotations

import traceback
from typing import cast
from uuid import UUID

import structlog
from flask import Flask, Response, g, request

from nyefamilier.kernel.clock import stopwatch, system_clock
from nyefamilier.kernel.ids import new_id

log = structlog.get_logger("api")


def number_requests(app: Flask) -> None:
    """Give each request an id, and write one line about it when it has been answered."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> UUID:
    """The id of the request that is being answered."""
    _begin()
    return cast("UUID", g.request_id)


def log_crash(error: Exception) -> None:
    """Write where the code failed, without the message of the error."""
    frames = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}:{frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    log.error("crash", request_id=str(request_id()), route=_route(), error=kind, frames=frames)


def _begin() -> None:
    if "request_id" not in g:
        g.request_id = new_id(system_clock())
        g.started = stopwatch()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = str(request_id())
    log.info(
        "request",
        request_id=str(request_id()),
        method=request.method,
        route=_route(),
        status=response.status_code,
        milliseconds=round((stopwatch() - g.started) * 1000, 1),
    )
    return response


def _route() -> str:
    return "-" if request.url_rule is None else request.url_rule.rule
