"""What every response says to the browser, whatever became of the request."""

import pytest

from api.app import create_app
from api.felt.routes import CSP as FELT
from api.security import CSP, KEPT_BY_ITS_READER
from config.settings import Settings
from nyefamilier.bootstrap import assemble
from nyefamilier.wire.digests import content_digest
from tests.architecture.doors import doors

PATHS = [
    "/api/v1/me",
    "/api/v1/nothing",
    "/api/v1/openapi.json",
    "/api/docs",
    "/health/live",
    "/health/ready",
    "/nothing",
    "/problems",
    "/static/docs/start.js",
    "/static/nothing",
]

KEPT = {"felt.start", "felt.worker"}
"""The app's own files: under its own policy, and to be had without a network."""


@pytest.fixture
def secure(programme, database, vault, clock):
    """A client of a deployment behind TLS."""
    settings = Settings(
        environment="test", secure_cookies=True, trusted_hosts="nf.example,.x.example"
    )
    return create_app(assemble(settings, database, vault, clock)).test_client()


def has_the_headers(answer, policy=CSP):
    headers = answer.headers
    assert headers["Content-Security-Policy"] == policy
    assert "unsafe" not in CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "Server" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    assert "X-Request-Id" in headers
    return headers


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers(client, path):
    with client.get(path) as answer:
        has_the_headers(answer)


def test_every_door_answers_with_the_headers_and_is_not_kept(app, client):
    for door in doors(app):
        with client.open(door.path, method=door.method) as answer:
            kept = door.endpoint in KEPT
            headers = has_the_headers(answer, FELT if kept else CSP)
            if kept:
                assert headers["Cache-Control"] == KEPT_BY_ITS_READER
            elif door.endpoint != "static":
                assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "PATCH", "TRACE", "BREW"])
def test_other_methods_answer_with_the_headers(client, method):
    has_the_headers(client.open("/api/v1/me", method=method))


def test_an_oversized_request_is_answered_with_the_headers(client):
    environ = {"CONTENT_LENGTH": "99999999", "CONTENT_TYPE": "application/json"}
    has_the_headers(client.post("/api/v1/tokens", environ_overrides=environ))


def test_static_files_may_be_kept(client):
    with client.get("/static/docs/start.js") as answer:
        assert "no-store" not in answer.headers["Cache-Control"]


def test_only_a_deployment_behind_tls_demands_it(client, secure):
    assert "Strict-Transport-Security" not in client.get("/health/live").headers
    hsts = secure.get("/health/live", base_url="https://nf.example").headers
    assert "includeSubDomains" in hsts["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("nf.example", 200),
        ("nf.example:8443", 200),
        ("a.x.example", 200),
        ("localhost", 400),
        ("nf.example.evil.example", 400),
        ("", 400),
    ],
)
def test_only_our_own_names_are_answered(secure, host, status):
    assert secure.get("/health/live", headers={"Host": host}).status_code == status


def test_what_a_stranger_says_of_a_proxy_is_not_believed(client):
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert "evil.example" not in client.get("/api/docs", headers=headers).text


def test_nothing_is_asked_of_another_host(client):
    page = client.get("/api/docs").text
    assert "http://" not in page
    assert "https://" not in page
    assert " style=" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/nothing", "/api/v1/openapi.json"])
def test_an_answer_in_json_tells_by_its_digest_whether_it_arrived_whole(client, path):
    answer = client.get(path)
    assert answer.headers["Content-Digest"] == content_digest(answer.data)
