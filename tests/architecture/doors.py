"""Knocks at every door of the app, and tells which of them open to a stranger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule

from api.app import create_app
from config.settings import Settings
from nyefamilier.bootstrap import assemble
from nyefamilier.storage.engine import make_engine
from nyefamilier.vault.keyring import LocalKeyring
from nyefamilier.vault.vault import Vault

PUBLIC = {
    "static",
    "health.live",
    "health.ready",
    "docs.page",
    "api-docs.openapi_json",
    "problems.all_codes",
    "problems.one_code",
    "felt.start",
    "felt.worker",
    "felt.asset",
    "felt.erased",
    "tokens.create_token",
    "web.show_sign_in",
    "web.choose_language",
    "web.about",
    "web.accessibility",
    "web.read_feed",
}
"""The endpoints that are for anyone. Nothing that they show concerns a person.

But for a nurse's calendar feed, whose address is the secret that opens it."""

_SAMPLES: dict[str, Any] = {
    "UUIDConverter": UUID(int=1),
    "IntegerConverter": 1,
    "UnicodeConverter": "11",  # a bydel, where it names one
    "PathConverter": "x",
}


@dataclass(frozen=True)
class Door:
    """One address and one method."""

    endpoint: str
    method: str
    path: str


def app_without_database(keyring: Any) -> Flask:
    """The app on a database that is away: whoever is turned away was turned away before it."""
    settings = Settings(environment="test")
    engine = make_engine("postgresql://nobody@127.0.0.1:1/nothing", settings)
    return create_app(assemble(settings, engine, Vault(LocalKeyring.open(keyring), "test")))


def doors(app: Flask) -> Iterator[Door]:
    """Every door of the app."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            path = adapter.build(rule.endpoint, _values(rule), method=method)
            yield Door(rule.endpoint, method, path)


def open_doors(app: Flask) -> set[str]:
    """The endpoints that do something else for a stranger than to send her away."""
    client = app.test_client()
    return {
        door.endpoint
        for door in doors(app)
        if not _sent_away(client.open(door.path, method=door.method))
    }


def roles_by_operation(app: Flask) -> dict[tuple[str, str], list[str]]:
    """What the OpenAPI document says of each operation's roles."""
    document = app.test_client().get("/api/v1/openapi.json").json
    return {
        (method.upper(), path): operation.get("x-roles", [])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    }


def _values(rule: Rule) -> dict[str, Any]:
    converters = rule._converters
    return {name: _sample(converters[name]) for name in rule.arguments}


def _sample(converter: Any) -> Any:
    """What stands in a path; of a few words the first."""
    return (
        min(converter.items) if hasattr(converter, "items") else _SAMPLES[type(converter).__name__]
    )


def _sent_away(answer: Any) -> bool:
    if answer.status_code == 303:
        return str(answer.headers["Location"]).startswith("/sign-in")
    return bool(answer.status_code == 401)
