"""Each guard is what stops its attack: with the guard taken away, the attack succeeds.

A guard that could be removed without a test going red would be removed one day.
"""

import io
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import pytest
import structlog
from flask import Flask

from api import bodies, doorway, security
from api.credentials import cookie_name
from config import logging as log
from nyefamilier.accounts import rules, sessions, store
from nyefamilier.accounts.rules import Lifetimes
from nyefamilier.kernel import strict_json
from nyefamilier.kernel.actors import SYSTEM, Role
from tests.api.conftest import PASSWORD, Caller
from tests.api.probes import app_with_probes

DEEP = b'{"username":' + b"[" * 20 + b"]" * 20 + b"}"
TWICE = b'{"username": "a", "username": "b", "password": "c"}'


@dataclass
class Scene:
    """What an attacker has: a browser and a token of somebody's, and a clock that goes on."""

    app: Flask
    nurse: Caller
    clock: object
    monkeypatch: pytest.MonkeyPatch

    @property
    def client(self):
        return self.nurse.client


@pytest.fixture
def scene(programme, caller, app, clock, monkeypatch):
    return Scene(app, caller(Role.NURSE), clock, monkeypatch)


@pytest.fixture
def app(programme) -> Flask:
    return app_with_probes(programme)


def browser(scene):
    with scene.app.extensions["nyefamilier"].work(SYSTEM, "test") as work:
        secret = sessions.open_session(work, scene.nurse.identity.id, Lifetimes()).secret
    with scene.app.app_context():
        scene.client.set_cookie(cookie_name(), secret)
    return scene.client


def another_roles_route(scene):
    return scene.nurse("GET", "/api/v1/probe").status_code == 200


def a_form_without_token(scene):
    return browser(scene).post("/probe").text == "sent"


def a_form_from_elsewhere(scene):
    headers = {"Sec-Fetch-Site": "cross-site"}
    return scene.client.post("/probe/open", headers=headers).text == "sent"


def a_session_left_alone(scene):
    client = browser(scene)
    scene.clock.forward(minutes=30)
    return client.get("/probe").status_code == 200


def a_hundred_guesses(scene):
    body = {"username": scene.nurse.identity.username, "password": "feil passord her"}
    told = [scene.client.post("/api/v1/tokens", json=body).status_code for _ in range(7)]
    return set(told) == {401}


def a_deep_body(scene):
    return not _malformed(scene, DEEP)


def a_body_that_two_readers_read_differently(scene):
    return not _malformed(scene, TWICE)


def a_form_as_json(scene):
    # What any page on the web can send without being asked.
    body = json.dumps({"username": scene.nurse.identity.username, "password": PASSWORD})
    answer = scene.client.post("/api/v1/tokens", data=body, content_type="text/plain")
    return answer.status_code == 201


def a_name_in_the_log(scene):
    root, stream = logging.getLogger(), io.StringIO()
    before = (root.handlers[:], root.level)
    log.configure_logging(stream)
    structlog.get_logger("ours").info("read", name="Kanarifugl")
    root.handlers[:], root.level = before
    structlog.reset_defaults()
    return "Kanarifugl" in stream.getvalue()


def a_page_in_a_frame(scene):
    return "Content-Security-Policy" not in scene.client.get("/problems").headers


def _malformed(scene, body):
    answer = scene.client.post("/api/v1/tokens", data=body, content_type="application/json")
    return answer.json["code"] == "malformed-json"


@dataclass(frozen=True)
class Guard:
    """Where a guard stands, what stands there when it is gone, and the attack that it stops."""

    module: ModuleType | type
    name: str
    gone: object
    attack: Callable[[Scene], bool]


def yes(*_args, **_options):
    return True


def nothing(*_args, **_options):
    return None


GUARDS = {
    "the role check": Guard(doorway, "_check_role", nothing, another_roles_route),
    "the token of a form": Guard(security, "_has_token", yes, a_form_without_token),
    "the origin of a form": Guard(security, "sent_from_our_page", yes, a_form_from_elsewhere),
    "the end of a session": Guard(rules.Lifetimes, "session_lives", yes, a_session_left_alone),
    "the wait after failures": Guard(store, "blocked_until", nothing, a_hundred_guesses),
    "the depth of a body": Guard(strict_json, "_refuse_depth", nothing, a_deep_body),
    "one decoder": Guard(
        strict_json, "decode", json.loads, a_body_that_two_readers_read_differently
    ),
    "the type of a body": Guard(bodies, "_refuse_media_type", nothing, a_form_as_json),
    "the log's list": Guard(log, "keep_allowed", lambda *a: a[2], a_name_in_the_log),
    "the headers": Guard(security, "_HEADERS", {}, a_page_in_a_frame),
}


@pytest.mark.parametrize("name", GUARDS)
def test_the_attack_fails_while_the_guard_stands_and_succeeds_when_it_is_gone(name, scene):
    guard = GUARDS[name]
    assert not guard.attack(scene)
    scene.clock.forward(hours=2)
    scene.nurse.token = fresh_token(scene)
    scene.monkeypatch.setattr(guard.module, guard.name, guard.gone)
    assert guard.attack(scene)


def fresh_token(scene):
    with scene.app.extensions["nyefamilier"].work(SYSTEM, "test") as work:
        return sessions.issue_token(work, scene.nurse.identity.id, Lifetimes()).secret
