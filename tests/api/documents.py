"""The OpenAPI document, before any database is there: tests are made from it, one an operation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask

from api.openapi import make_api
from api.registry import API_BLUEPRINTS

METHODS = ("get", "post", "put", "patch", "delete")


_AWAY_FROM_HOME = {
    ("POST", "/sync/lease"),
    ("POST", "/sync/retire"),
    ("POST", "/sync/reviews"),
    ("POST", "/emergency-accesses"),
}


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    told: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path.removeprefix('/api/v1')}"

    @property
    def roles(self) -> list[str]:
        return list(self.told["x-roles"])

    @property
    def takes_body(self) -> bool:
        return "requestBody" in self.told

    @property
    def body(self) -> dict[str, Any]:
        """What the document says of the body: its schema and its example."""
        found: dict[str, Any] = self.told["requestBody"]["content"]["application/json"]
        return found


@cache
def document() -> dict[str, Any]:
    app = Flask("document")
    api = make_api(app)
    for blueprint in API_BLUEPRINTS:
        api.register_blueprint(blueprint)
    spec: dict[str, Any] = api.spec.to_dict()
    return spec


def operations() -> list[Operation]:
    """Those that anybody can try who has read the document."""
    return [one for one in _operations() if not _needs_a_phone(one)]


def is_at_home_in_any_world(operation: Operation) -> bool:
    """Whether it can succeed without a phone that was enrolled, or something that one left open.

    ``tests/api/sync`` and ``tests/api/test_reviews.py`` make those, and have it succeed. So does
    ``tests/api/test_emergencies.py`` what a nurse is let do ten times a day.
    """
    return (operation.method, operation.path.removeprefix("/api/v1")) not in _AWAY_FROM_HOME


def must_say_which(operation: Operation) -> bool:
    """Whether it asks for the version that it is about; `*` is none."""
    return operation.method == "PATCH" or (
        operation.method == "POST"
        and operation.path.endswith(("/replan", "/rollout/plans/{plan_id}/versions"))
    )


def fields(operation: Operation) -> list[str]:
    """The names of the body's members."""
    return list(resolved(operation.body["schema"])["properties"])


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, where the document only names it."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document()["components"]["schemas"][name] if name else schema
    return found


def _operations() -> Iterator[Operation]:
    for path, methods in document()["paths"].items():
        for method in METHODS:
            if method in methods:
                yield Operation(method.upper(), path, methods[method])


def _needs_a_phone(operation: Operation) -> bool:
    """Whether it asks for an enrolled phone, or for what only one can work out over the body.

    ``tests/api/sync`` has tests of their own for these.
    """
    asked = {one["name"] for one in operation.told.get("parameters", ())}
    return bool(asked & {"Content-Digest", "Sync-Signature"}) or operation.path.endswith("/ack")
