"""Every error is a problem document at the API and a page for people, whoever raises it."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask, abort
from marshmallow import fields as ma
from psycopg import errors as pg
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.test import EnvironBuilder

from api.app import create_app
from api.bodies import LARGEST_BODY
from api.doorway import ANYONE, allow, changes_no_record, guarded_blueprint
from api.fields import Many, Part, QueryWhole, Schema, Text, Whole
from nyefamilier.bootstrap import assemble
from nyefamilier.kernel import errors
from nyefamilier.storage.engine import make_engine
from tests.api.homes import refusal
from tests.unit.kernel.test_strict_json import HOSTILE

RAISED = {
    "malformed": (errors.Malformed("malformed-json", "x", pointer="/a"), 400),
    "not-signed-in": (errors.NotSignedIn("not-signed-in", "x"), 401),
    "not-allowed": (errors.NotAllowed(), 403),
    "not-found": (errors.NotFound("family"), 404),
    "conflict": (errors.Conflict("mutation-id-reused", "x"), 409),
    "stale": (errors.StaleVersion(42), 412),
    "large": (errors.TooLarge("too-large", "x"), 413),
    "rule": (errors.RuleBroken("visit-in-future", "x", pointer="/at"), 422),
    "often": (errors.TooMany("sign-in-too-often", "x", wait=timedelta(seconds=7)), 429),
    "away": (errors.Unavailable("key-provider-away", "x"), 503),
    "database": (OperationalError("select 1", {"name": "Kari"}, pg.OperationalError("Kari")), 503),
    "pool": (PoolTimeoutError("no connection for Kari"), 503),
    "crash": (ValueError("Kari Nordmann"), 500),
    "teapot": (None, 400),
}


class InnerSchema(Schema):
    age = Whole(0, 120, required=True)


class ProbeSchema(Schema):
    name = Text(20, required=True)
    inner = Many(Part(InnerSchema))
    raw = ma.String()


class ProbeQuery(Schema):
    limit = QueryWhole(1, 100)


def probe():
    blueprint = guarded_blueprint("probe", __name__, "/api/v1/probe", roles=ANYONE)

    def fail(kind):
        if kind == "teapot":
            abort(418)
        raise RAISED[kind][0]

    blueprint.add_url_rule("/raise/<kind>", "fail", fail)

    @blueprint.post("")
    @blueprint.arguments(ProbeSchema)
    @blueprint.arguments(ProbeQuery, location="query")
    @blueprint.response(200)
    @changes_no_record
    @allow(*ANYONE)
    def take(body, query):
        """Take a body."""
        return {"body": body, "query": query}

    return blueprint


@pytest.fixture
def app(programme) -> Flask:
    app = create_app(programme)
    app.register_blueprint(probe())
    app.add_url_rule("/page/<kind>", "page", lambda kind: (_ for _ in ()).throw(RAISED[kind][0]))
    return app


def is_problem(answer, status):
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert body["status"] == status
    assert body["type"] == f"/problems/{body['code']}"
    assert body["detail"]
    assert UUID(body["request_id"]) == UUID(answer.headers["X-Request-Id"])
    assert "Kari" not in answer.text
    return body


@pytest.mark.parametrize("kind", RAISED)
def test_whatever_is_raised_is_a_problem_document(client, kind):
    is_problem(client.get(f"/api/v1/probe/raise/{kind}"), RAISED[kind][1])


@pytest.mark.parametrize("kind", [k for k in RAISED if k != "teapot"])
def test_a_person_gets_the_same_as_a_page(client, kind):
    answer = client.get(f"/page/{kind}")
    assert answer.status_code == RAISED[kind][1]
    assert answer.content_type == "text/html; charset=utf-8"
    assert "Kari" not in answer.text


def test_a_problem_says_where_and_what_is_there_now(client):
    assert client.get("/api/v1/probe/raise/rule").json["pointer"] == "/at"
    assert client.get("/api/v1/probe/raise/stale").json["current"] == 42


@pytest.mark.parametrize(("kind", "seconds"), [("often", "7"), ("away", "5"), ("database", "5")])
def test_what_passes_says_when_to_try_again(client, kind, seconds):
    assert client.get(f"/api/v1/probe/raise/{kind}").headers["Retry-After"] == seconds


def test_an_unknown_address_is_a_problem(client):
    assert is_problem(client.get("/api/v1/nothing"), 404)["code"] == "no-such-address"


def test_a_method_that_is_not_taken_says_which_are(client):
    answer = client.patch("/api/v1/me")
    assert is_problem(answer, 405)["code"] == "method-not-allowed"
    assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


def test_trace_is_not_taken(client):
    is_problem(client.open("/api/v1/me", method="TRACE"), 405)


def test_a_host_that_is_not_ours_is_a_problem(client):
    is_problem(client.get("/api/v1/me", headers={"Host": "elsewhere.example"}), 400)


def test_each_flaw_of_a_body_is_told_with_its_place(client):
    body = {"name": "", "inner": [{"age": 1}, {"age": True}, {}], "more": 1}
    told = is_problem(client.post("/api/v1/probe", json=body), 422)
    assert told["code"] == "invalid-fields"
    assert {(e["pointer"], e["code"]) for e in told["errors"]} == {
        ("/name", "text-length"),
        ("/inner/1/age", "wrong-type"),
        ("/inner/2/age", "required"),
        ("/more", "unknown-field"),
    }


def test_a_flaw_of_the_query_is_told_too(client):
    told = is_problem(client.post("/api/v1/probe?limit=0", json={"name": "x"}), 422)
    assert told["errors"][0]["pointer"] == "/limit"
    told = is_problem(client.post("/api/v1/probe?limti=1", json={"name": "x"}), 422)
    assert told["errors"][0]["code"] == "unknown-field"
    told = is_problem(client.post("/api/v1/probe?limit=1&limit=2", json={"name": "x"}), 400)
    assert told["code"] == "repeated-parameter"


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_body_is_more_than_malformed(client, name):
    body, _ = HOSTILE[name]
    answer = client.post("/api/v1/probe", data=body, content_type="application/json")
    if len(body) > LARGEST_BODY:
        assert is_problem(answer, 413)["code"] == "too-large"
    else:
        assert is_problem(answer, 400)["code"] == "malformed-json"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/vnd.api+json"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_a_body_of_another_type_is_not_read(client, headers):
    told = is_problem(client.post("/api/v1/probe", data=b'{"name": "x"}', headers=headers), 415)
    assert told["code"] == "unsupported-media-type"


def test_a_body_over_the_limit_is_refused_by_its_length_alone(client):
    environ = {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(LARGEST_BODY + 1)}
    told = is_problem(client.post("/api/v1/probe", environ_overrides=environ), 413)
    assert told["code"] == "too-large"


def test_a_body_that_does_not_say_its_length_is_not_read(client):
    environ = EnvironBuilder("/api/v1/probe", method="POST", data=b'{"name": "x"}').get_environ()
    del environ["CONTENT_LENGTH"]
    environ |= {"CONTENT_TYPE": "application/json", "HTTP_TRANSFER_ENCODING": "chunked"}
    environ["wsgi.input_terminated"] = True
    assert is_problem(client.open(environ), 411)["code"] == "length-required"


@pytest.mark.parametrize("path", ["/api/v1/%00", "/api/v1/me?x=%00", "/problems/%00"])
def test_an_address_with_nul_is_malformed(client, path):
    assert client.get(path).status_code == 400


def test_a_database_that_is_away_is_503_with_when_to_try_again(programme, clock, vault):
    away = make_engine("postgresql://nobody@127.0.0.1:1/nothing", programme.settings)
    client = create_app(assemble(programme.settings, away, vault, clock)).test_client()
    answer = client.post("/api/v1/tokens", json={"username": "x", "password": "y"})
    assert is_problem(answer, 503)["code"] == "database-away"
    assert answer.headers["Retry-After"]


def test_every_code_has_its_page(client):
    every = client.get("/problems")
    assert every.status_code == 200
    assert "idempotency-key-missing" in every.text
    one = client.get("/problems/stale-version")
    assert one.status_code == 200
    assert "Read it again" in one.text
    assert client.get("/problems/nothing").status_code == 404


def test_a_page_of_a_host_that_is_not_ours_is_refused_and_does_not_fail_again(client):
    for path in ("/", "/figures", "/nothing"):
        answer = client.get(path, headers={"Host": "evil.example"})
        assert refusal(answer)[:2] == (400, "bad-request")


def test_a_page_that_is_not_there_is_told_to_whoever_came_with_a_token(app, caller):
    with app.app_context():  # what the token said of its bearer is still at hand
        who = caller()
        assert who("GET", "/api/v1/me").status_code == 200
        answer = who("GET", "/nothing")
        assert answer.status_code == 404
        assert b"/sign-out" not in answer.data
