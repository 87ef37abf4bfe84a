"""No door stands open by mistake, and each guard that is taken away is missed by these tests."""

import pytest
from flask import Blueprint

from api import doorway
from api.doorway import ANYONE, allow, guarded_blueprint, page_blueprint
from nyefamilier.kernel.actors import Role
from tests.architecture.doors import (
    PUBLIC,
    app_without_database,
    doors,
    open_doors,
    roles_by_operation,
)


def nothing():
    return {}


@pytest.fixture
def keyring(tmp_path):
    return tmp_path / "keyring.json"


@pytest.fixture
def app(keyring):
    return app_without_database(keyring)


def test_only_the_listed_doors_open_to_a_stranger(app):
    assert open_doors(app) <= PUBLIC


def test_every_listed_door_exists(app):
    assert {door.endpoint for door in doors(app)} >= PUBLIC


def test_every_operation_of_the_api_says_its_roles(app):
    told = roles_by_operation(app)
    assert told
    assert [operation for operation, roles in told.items() if not roles] == []
    assert {roles[0] for roles in told.values() if "anyone" in roles} == {"anyone"}


def test_every_route_of_the_api_is_in_the_document(app):
    documented = {(m, p) for m, p in roles_by_operation(app)}
    served = {
        (method, rule.rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "api-docs.openapi_json"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert served == documented


def test_a_route_without_roles_cannot_be_registered():
    blueprint = guarded_blueprint("loose", __name__, "/api/v1/loose")
    with pytest.raises(LookupError, match="which roles"):

        @blueprint.get("")
        def loose():
            """Nothing."""


def test_a_page_without_roles_cannot_be_registered():
    pages = page_blueprint("loose", __name__, "/loose")
    with pytest.raises(LookupError, match="which roles"):

        @pages.get("")
        def loose():
            """Nothing."""


def test_a_guard_taken_from_the_api_is_missed(monkeypatch, keyring):
    monkeypatch.setattr(doorway.Guarded, "before_request", lambda *_: None)
    # The guard is hung up when the module of a blueprint is read, so a blueprint is made anew.
    app = app_without_database(keyring)
    blueprint = guarded_blueprint("bare", __name__, "/api/v1/bare", roles=[Role.NURSE])
    blueprint.add_url_rule("", "route", nothing)
    app.register_blueprint(blueprint)
    assert "bare.route" in open_doors(app) - PUBLIC


def test_a_guard_taken_from_the_pages_is_missed(monkeypatch, keyring):
    monkeypatch.setattr(doorway.GuardedPages, "_guard", lambda *_: None)
    app = app_without_database(keyring)
    pages = page_blueprint("bare", __name__, "/bare", roles=[Role.NURSE])
    pages.add_url_rule("", "page", lambda: "")
    app.register_blueprint(pages)
    assert "bare.page" in open_doors(app) - PUBLIC


def test_a_route_beside_the_guard_is_missed(app):
    beside = Blueprint("beside", __name__)
    beside.add_url_rule("/api/v1/beside", "route", nothing)
    app.register_blueprint(beside)
    assert "beside.route" in open_doors(app) - PUBLIC


def test_a_route_that_says_anyone_without_being_listed_is_missed(app):
    blueprint = guarded_blueprint("free", __name__, "/api/v1/free", roles=[Role.NURSE])
    blueprint.add_url_rule("", "route", allow(*ANYONE)(nothing))
    app.register_blueprint(blueprint)
    assert "free.route" in open_doors(app) - PUBLIC
