"""What a person is told when something cannot be shown."""

from __future__ import annotations

from http import HTTPStatus

from api.problems import Problem
from api.web.refusals import said_of
from api.web.texts import _, _l

_TITLES = {
    HTTPStatus.FORBIDDEN: _l("You may not do this"),
    HTTPStatus.NOT_FOUND: _l("There is nothing here"),
    HTTPStatus.TOO_MANY_REQUESTS: _l("Too many at once"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _l("This is too much at once"),
    HTTPStatus.SERVICE_UNAVAILABLE: _l("Out of reach for a moment"),
    HTTPStatus.INTERNAL_SERVER_ERROR: _l("Something failed on our side"),
}


def problem_title(problem: Problem) -> str:
    """The problem in a few words."""
    return str(_TITLES.get(problem.status, _l("This cannot be shown")))


def problem_words(problem: Problem) -> str:
    """What it means for the reader, and what to do."""
    known = said_of(problem.code)
    if known is not None:
        return known
    if problem.status is HTTPStatus.NOT_FOUND:
        return _("The address leads nowhere, or to something that is not yours to see.")
    if problem.status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return _(
            "Nothing was saved. Try again; if it fails again, report it with the request below."
        )
    return _("Go back and try again; if it fails again, report it with the request below.")
