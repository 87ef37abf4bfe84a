"""Says in the OpenAPI document what each operation takes in headers and what it may refuse.

What every operation of a kind refuses is worked out here from what the operation takes; a route
adds, by `refuses`, the rules that are its own. The codes are those of `/problems`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, TypeVar

from apispec import BasePlugin
from flask_smorest import Blueprint

from api.problem_pages import explained

View = TypeVar("View", bound=Callable[..., Any])

_REFUSES, _TAKES = "x-refuses", "x-takes"

_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def refuses(*codes: str) -> Callable[[View], View]:
    """Document that the route may refuse for these reasons.

    Raises:
        LookupError: nobody has explained one of them in `docs/problems.md`.
    """
    unknown = set(codes) - set(explained())
    if unknown:
        raise LookupError(f"docs/problems.md does not explain {sorted(unknown)}.")

    return _marked(_REFUSES, list(codes))


def takes(*headers: dict[str, Any]) -> Callable[[View], View]:
    """Document headers, each as OpenAPI has a parameter."""
    return _marked(_TAKES, list(headers))


class Problems(BasePlugin):
    """Completes each operation with the problems that it may answer."""

    def operation_helper(
        self,
        path: str | None = None,
        operations: dict[str, Any] | None = None,
        **_: object,
    ) -> None:
        """See the module."""
        for method, operation in (operations or {}).items():
            if method in _METHODS:
                _complete(operation, path or "")


def _marked(key: str, values: list[Any]) -> Callable[[View], View]:
    # flask-smorest lets a list that is documented by hand take the place of its own, so ours stand
    # under names of their own until `_complete` puts them where they belong.
    def mark(view: View) -> View:
        documented: View = Blueprint.doc(**{key: values})(view)
        return documented

    return mark


def _complete(operation: dict[str, Any], path: str) -> None:
    operation.setdefault("parameters", []).extend(operation.pop(_TAKES, ()))
    codes = {*_of_its_kind(operation, path), *operation.pop(_REFUSES, ())}
    by_status: dict[int, list[str]] = {}
    for code in sorted(codes):
        by_status.setdefault(explained()[code].status, []).append(code)
    responses = operation["responses"]
    for status, found in sorted(by_status.items()):
        responses.pop(status, None)
        responses[str(status)] = _response(status, found)


def _of_its_kind(operation: dict[str, Any], path: str) -> Iterator[str]:
    yield from ("bad-request", "internal-error", "database-away", "database-busy")
    if operation.get("security"):
        yield from ("not-signed-in", "not-allowed")
    if path.startswith("/api/v1/sync/"):
        yield from ("slow-down", "overloaded")
    if "{" in path:
        yield from ("not-found", "no-such-address")
    if "requestBody" in operation:
        yield from ("malformed-json", "too-large", "unsupported-media-type", "invalid-fields")
    headers = {one["name"] for one in _parameters(operation, "header")}
    if "Idempotency-Key" in headers:
        yield from ("idempotency-key", "idempotency-key-missing", "mutation-id-reused")
        yield from ("id-taken", "key-provider-away")
    if "If-Match" in headers:
        yield from ("if-match", "stale-version")
    if any(_parameters(operation, "query")):
        yield from ("invalid-fields", "repeated-parameter")


def _parameters(operation: dict[str, Any], where: str) -> Iterator[dict[str, Any]]:
    for one in operation.get("parameters", ()):
        if isinstance(one, dict) and one.get("in") == where:
            yield one


def _response(status: int, codes: list[str]) -> dict[str, Any]:
    told = [f"- `{code}`: {explained()[code].meaning}" for code in codes]
    return {
        "description": "\n".join([f"{HTTPStatus(status).phrase}.", "", *told]),
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
